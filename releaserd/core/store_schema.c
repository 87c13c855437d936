/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The tables, as numbered steps: a database says how many it has had
 * (PRAGMA user_version) and gets the rest, each in a transaction of its own.
 * A step that was released is never changed.
 */
#include "lib/log.h"
#include "releaserd/core/store_priv.h"

static const char step_1[] =
"CREATE TABLE user ("
" id INTEGER PRIMARY KEY, node INTEGER NOT NULL, key TEXT NOT NULL UNIQUE,"
" name TEXT NOT NULL, display TEXT NOT NULL, mail TEXT NOT NULL,"
" department TEXT NOT NULL, locale TEXT NOT NULL, password TEXT NOT NULL,"
" card_pin TEXT NOT NULL, idnum_mac BLOB UNIQUE,"
" disabled INTEGER NOT NULL DEFAULT 0,"
" wrong_pins INTEGER NOT NULL DEFAULT 0, created_ms INTEGER NOT NULL);"
"CREATE TABLE card ("
" id INTEGER PRIMARY KEY,"
" user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,"
" mac BLOB NOT NULL UNIQUE, tail TEXT NOT NULL,"
" created_ms INTEGER NOT NULL);"
"CREATE INDEX card_user ON card(user_id, id);"
"CREATE TABLE lockout ("
" subject TEXT PRIMARY KEY, fails INTEGER NOT NULL,"
" first_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL) WITHOUT ROWID;"
"CREATE TABLE device ("
" id TEXT PRIMARY KEY, node INTEGER NOT NULL, name TEXT NOT NULL,"
" serial TEXT NOT NULL, vendor TEXT NOT NULL, model TEXT NOT NULL,"
" firmware TEXT NOT NULL, location TEXT NOT NULL, features TEXT NOT NULL,"
" status TEXT NOT NULL, state INTEGER NOT NULL, cert_fp TEXT NOT NULL,"
" prev_fp TEXT NOT NULL, token TEXT, server_token TEXT NOT NULL,"
" lpr_host TEXT NOT NULL, lpr_port INTEGER NOT NULL,"
" lpr_queue TEXT NOT NULL, data_first INTEGER NOT NULL,"
" want_serial TEXT NOT NULL, key_hash BLOB UNIQUE,"
" key_expires_ms INTEGER NOT NULL, key_wrong INTEGER NOT NULL,"
" created_ms INTEGER NOT NULL, registered_ms INTEGER NOT NULL,"
" seen_ms INTEGER NOT NULL, last_number INTEGER NOT NULL) WITHOUT ROWID;"
"CREATE UNIQUE INDEX device_name ON device(name) WHERE state < 2;"
"CREATE INDEX device_serial ON device(serial) WHERE state = 1;"
"CREATE UNIQUE INDEX device_token ON device(token) WHERE token IS NOT NULL;"
"CREATE TABLE job ("
" id INTEGER PRIMARY KEY, node INTEGER NOT NULL, queue TEXT NOT NULL,"
" uuid TEXT NOT NULL, document INTEGER NOT NULL, cups_job INTEGER NOT NULL,"
" user_key TEXT NOT NULL, user TEXT NOT NULL, host TEXT NOT NULL,"
" title TEXT NOT NULL, format TEXT NOT NULL, options TEXT NOT NULL,"
" bytes INTEGER NOT NULL, copies INTEGER NOT NULL,"
" pin_scheme TEXT NOT NULL, pin_mac BLOB, sealed_key BLOB,"
" has_doc INTEGER NOT NULL, state INTEGER NOT NULL, reason TEXT NOT NULL,"
" created_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL,"
" device_id TEXT NOT NULL DEFAULT '', release_ref TEXT NOT NULL DEFAULT '',"
" released_by TEXT NOT NULL DEFAULT '',"
" released_ms INTEGER NOT NULL DEFAULT 0,"
" ended_ms INTEGER NOT NULL DEFAULT 0,"
" sent_bytes INTEGER NOT NULL DEFAULT 0,"
" journal INTEGER NOT NULL DEFAULT 0);"
"CREATE UNIQUE INDEX job_once ON job(queue, uuid, document)"
" WHERE uuid <> '';"
"CREATE INDEX job_user ON job(user_key, state, id);"
"CREATE INDEX job_state ON job(state, id);"
"CREATE INDEX job_due ON job(expires_ms) WHERE state IN (1, 4);"
"CREATE INDEX job_ended ON job(ended_ms) WHERE ended_ms > 0;"
"CREATE TABLE event ("
" job_id INTEGER NOT NULL REFERENCES job(id) ON DELETE CASCADE,"
" seq INTEGER NOT NULL, at_ms INTEGER NOT NULL, kind TEXT NOT NULL,"
" text TEXT NOT NULL, PRIMARY KEY (job_id, seq)) WITHOUT ROWID;"
/* How many documents there are and how large, without counting them. */
"CREATE TABLE tally (one INTEGER PRIMARY KEY CHECK (one = 1),"
" held INTEGER NOT NULL, bytes INTEGER NOT NULL);"
"INSERT INTO tally VALUES (1, 0, 0);"
"CREATE TRIGGER tally_add AFTER INSERT ON job WHEN new.has_doc BEGIN"
" UPDATE tally SET held = held + 1, bytes = bytes + new.bytes; END;"
"CREATE TRIGGER tally_drop AFTER UPDATE OF has_doc ON job"
" WHEN old.has_doc AND NOT new.has_doc BEGIN"
" UPDATE tally SET held = held - 1, bytes = bytes - old.bytes; END;"
"CREATE TRIGGER tally_del AFTER DELETE ON job WHEN old.has_doc BEGIN"
" UPDATE tally SET held = held - 1, bytes = bytes - old.bytes; END;"
"CREATE TABLE answer ("
" peer TEXT NOT NULL, key TEXT NOT NULL, body_mac BLOB NOT NULL,"
" at_ms INTEGER NOT NULL, status INTEGER NOT NULL, problem TEXT NOT NULL,"
" body BLOB NOT NULL, PRIMARY KEY (peer, key)) WITHOUT ROWID;"
"CREATE INDEX answer_at ON answer(at_ms);"
"CREATE TABLE audit ("
" id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, who TEXT NOT NULL,"
" what TEXT NOT NULL, detail TEXT NOT NULL);"
"PRAGMA user_version = 1;";

/* Pages: what is known of the document, and what is to be made of it. */
static const char step_2[] =
"ALTER TABLE job ADD COLUMN changes TEXT NOT NULL DEFAULT '';"
"ALTER TABLE job ADD COLUMN facts BLOB;"
"ALTER TABLE job ADD COLUMN language TEXT NOT NULL DEFAULT '';"
"ALTER TABLE job ADD COLUMN media TEXT NOT NULL DEFAULT '';"
"ALTER TABLE job ADD COLUMN pages INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE job ADD COLUMN sides INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE job ADD COLUMN sheets INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE job ADD COLUMN colour INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE job ADD COLUMN pages_sure INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE job ADD COLUMN colour_sure INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE job ADD COLUMN duplex INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE job ADD COLUMN look INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE job ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE job ADD COLUMN out_sides INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE job ADD COLUMN out_sheets INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE job ADD COLUMN out_colour INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE job ADD COLUMN out_copies INTEGER NOT NULL DEFAULT 0;"
"CREATE INDEX job_look ON job(id) WHERE look = 1;"
"ALTER TABLE device ADD COLUMN driver TEXT NOT NULL DEFAULT '';"
/* Documents that were held before anybody counted them. */
"UPDATE job SET look = 1 WHERE has_doc AND state = 1;"
"PRAGMA user_version = 2;";

/* What the pages of the CUPS web interface brought. */
static const char step_3[] =
/* Who has a role though not in AdminGroup (enum caller_role). */
"CREATE TABLE role ("
" user_key TEXT PRIMARY KEY, name TEXT NOT NULL, role INTEGER NOT NULL,"
" given_by TEXT NOT NULL, given_ms INTEGER NOT NULL) WITHOUT ROWID;"
/* Cards that are lent: good until then; 0 for ever. */
"ALTER TABLE card ADD COLUMN valid_until_ms INTEGER NOT NULL DEFAULT 0;"
/* Who may fetch the jobs of whom. */
"CREATE TABLE delegate ("
" owner_key TEXT NOT NULL, owner_name TEXT NOT NULL, key TEXT NOT NULL,"
" name TEXT NOT NULL, until_ms INTEGER NOT NULL, created_ms INTEGER NOT NULL,"
" PRIMARY KEY (owner_key, key)) WITHOUT ROWID;"
"CREATE INDEX delegate_of ON delegate(key, owner_key);"
/* One-time codes: one a person, each good once; only a keyed hash. */
"CREATE TABLE code ("
" user_id INTEGER PRIMARY KEY REFERENCES user(id) ON DELETE CASCADE,"
" mac BLOB NOT NULL UNIQUE, expires_ms INTEGER NOT NULL);"
/* What the last import of users replaced: the row as it was (a blob of
 * store_import.c), and a digest of the row as the import left it. */
"CREATE TABLE import_undo ("
" seq INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, key TEXT NOT NULL,"
" what INTEGER NOT NULL, before BLOB, after BLOB);"
/* What came out, by the hour: stays when the records of jobs go. */
"CREATE TABLE usage ("
" hour_ms INTEGER NOT NULL, user_key TEXT NOT NULL, device_id TEXT NOT NULL,"
" queue TEXT NOT NULL, jobs INTEGER NOT NULL, sheets INTEGER NOT NULL,"
" sides INTEGER NOT NULL, colour INTEGER NOT NULL,"
" uncounted INTEGER NOT NULL,"
" PRIMARY KEY (hour_ms, user_key, device_id, queue)) WITHOUT ROWID;"
"CREATE INDEX usage_user ON usage(user_key, hour_ms);"
"CREATE INDEX usage_device ON usage(device_id, hour_ms);"
"CREATE TABLE usage_hour ("
" hour_ms INTEGER PRIMARY KEY, jobs INTEGER NOT NULL,"
" sheets INTEGER NOT NULL, sides INTEGER NOT NULL, colour INTEGER NOT NULL,"
" uncounted INTEGER NOT NULL);"
"INSERT INTO usage SELECT ended_ms/3600000*3600000, user_key, device_id,"
" queue, count(*), sum(out_sheets*out_copies), sum(out_sides*out_copies),"
" sum(out_colour*out_copies), sum(out_sides=0) FROM job"
" WHERE state = 3 AND ended_ms > 0 GROUP BY 1, 2, 3, 4;"
"INSERT INTO usage_hour SELECT hour_ms, sum(jobs), sum(sheets), sum(sides),"
" sum(colour), sum(uncounted) FROM usage GROUP BY 1;"
/* Searching jobs: what is looked at lies close together. */
"CREATE INDEX job_seek ON job(id, state, user_key, device_id, queue, user,"
" host, title);"
"CREATE INDEX job_mine ON job(user_key, id);"
"CREATE INDEX audit_at ON audit(at_ms);"
"CREATE INDEX audit_who ON audit(who, at_ms);"
"CREATE INDEX audit_what ON audit(what, at_ms);"
"CREATE INDEX audit_both ON audit(who, what, at_ms);"
"PRAGMA user_version = 3;";

/* Money: what a job costs, who pays, who may spend how much (doc/money.md). */
static const char step_4[] =
"CREATE TABLE account ("
" id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, key TEXT NOT NULL,"
" unit INTEGER NOT NULL, name TEXT NOT NULL, balance INTEGER NOT NULL,"
" last INTEGER NOT NULL, refilled_ms INTEGER NOT NULL,"
" created_ms INTEGER NOT NULL, closed INTEGER NOT NULL,"
" members TEXT NOT NULL DEFAULT '', UNIQUE(kind, key, unit));"
/* Reserved (5) and bank (6), of money, colour and mono: RESERVED_ID(). */
"INSERT INTO account(id,kind,key,unit,name,balance,last,refilled_ms,"
"created_ms,closed) VALUES (1,5,'',1,'',0,0,0,0,0),(2,5,'',2,'',0,0,0,0,0),"
" (3,5,'',3,'',0,0,0,0,0),(4,6,'',1,'',0,0,0,0,0),(5,6,'',2,'',0,0,0,0,0),"
" (6,6,'',3,'',0,0,0,0,0);"
/* What is seldom there is NULL: that takes no room. */
"CREATE TABLE transfer ("
" id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
" job_id INTEGER, source INTEGER NOT NULL, unconfirmed INTEGER NOT NULL,"
" price_version INTEGER NOT NULL, by TEXT, text TEXT);"
"CREATE INDEX transfer_job ON transfer(job_id) WHERE job_id IS NOT NULL;"
"CREATE INDEX transfer_by ON transfer(by) WHERE by IS NOT NULL;"
/* prev: the transfer before it of the same account; the newest stands in
 * account.last.  So a statement needs no index that is as large as this. */
"CREATE TABLE entry ("
" transfer INTEGER NOT NULL, account INTEGER NOT NULL,"
" amount INTEGER NOT NULL, prev INTEGER NOT NULL,"
" PRIMARY KEY (transfer, account)) WITHOUT ROWID;"
"CREATE TABLE reservation ("
" job_id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL,"
" due_ms INTEGER NOT NULL, price_version INTEGER NOT NULL,"
" money_account INTEGER NOT NULL, money INTEGER NOT NULL,"
" colour_account INTEGER NOT NULL, colour INTEGER NOT NULL,"
" mono_account INTEGER NOT NULL, mono INTEGER NOT NULL);"
"CREATE INDEX reservation_due ON reservation(due_ms);"
"CREATE TABLE usage_epoch ("
" id INTEGER PRIMARY KEY, device_id TEXT NOT NULL, epoch TEXT NOT NULL,"
" acked INTEGER NOT NULL DEFAULT 0, UNIQUE (device_id, epoch));"
/* What devices say came out (OPDP level 3): of which release of a job (ref, the
 * number its digits are), which record it is and which it corrects (both as
 * hashes). */
"CREATE TABLE usage_record ("
" epoch INTEGER NOT NULL, seq INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
" job_id INTEGER, sheets INTEGER NOT NULL, mono INTEGER NOT NULL,"
" colour INTEGER NOT NULL, ref INTEGER NOT NULL DEFAULT 0,"
" completed INTEGER NOT NULL DEFAULT 0, source INTEGER NOT NULL DEFAULT 1,"
" rid INTEGER, corrects INTEGER, media TEXT,"
" PRIMARY KEY (epoch, seq)) WITHOUT ROWID;"
"CREATE INDEX job_ref ON job(release_ref) WHERE release_ref <> '';"
"CREATE INDEX usage_record_job ON usage_record(job_id)"
" WHERE job_id IS NOT NULL;"
"CREATE TABLE quota ("
" owner INTEGER NOT NULL, key TEXT NOT NULL, unit INTEGER NOT NULL,"
" amount INTEGER NOT NULL, period INTEGER NOT NULL, at_min INTEGER NOT NULL,"
" carry INTEGER NOT NULL, exceed INTEGER NOT NULL, set_ms INTEGER NOT NULL,"
" by TEXT NOT NULL, PRIMARY KEY (owner, key, unit)) WITHOUT ROWID;"
"CREATE TABLE person_group ("
" key TEXT PRIMARY KEY, name TEXT NOT NULL, created_ms INTEGER NOT NULL)"
" WITHOUT ROWID;"
"CREATE TABLE group_member ("
" group_key TEXT NOT NULL, member_key TEXT NOT NULL,"
" is_group INTEGER NOT NULL, name TEXT NOT NULL,"
" PRIMARY KEY (group_key, member_key, is_group)) WITHOUT ROWID;"
"CREATE INDEX group_member_of ON group_member(member_key, is_group,"
" group_key);"
/* Each version stays: jobs say by which one they were priced. */
"CREATE TABLE price_list ("
" version INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, by TEXT NOT NULL,"
" text TEXT NOT NULL);"
"CREATE TABLE rule_set ("
" version INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, by TEXT NOT NULL,"
" text TEXT NOT NULL);"
/* What waits on a job: questions of rules and their answers, approvals. */
"CREATE TABLE wait ("
" id INTEGER PRIMARY KEY, job_id INTEGER NOT NULL REFERENCES job(id) ON DELETE CASCADE,"
" rule TEXT NOT NULL, line INTEGER NOT NULL, kind INTEGER NOT NULL,"
" state INTEGER NOT NULL, text TEXT NOT NULL, change TEXT NOT NULL,"
" late INTEGER NOT NULL, group_key TEXT NOT NULL, asked_ms INTEGER NOT NULL,"
" due_ms INTEGER NOT NULL, by TEXT NOT NULL, said TEXT NOT NULL,"
" UNIQUE (job_id, kind, rule));"
"CREATE INDEX wait_due ON wait(due_ms) WHERE state = 0;"
"CREATE INDEX wait_group ON wait(kind, group_key, job_id) WHERE state = 0;"
/* What the device can do (OPDP level), and the groups it belongs to. */
"ALTER TABLE device ADD COLUMN level INTEGER NOT NULL DEFAULT 1;"
"ALTER TABLE device ADD COLUMN groups TEXT NOT NULL DEFAULT '';"
/* The program a document was made with, and what says so (rel_app_from). */
"ALTER TABLE job ADD COLUMN application TEXT NOT NULL DEFAULT '';"
"ALTER TABLE job ADD COLUMN producer TEXT NOT NULL DEFAULT '';"
"ALTER TABLE job ADD COLUMN application_from INTEGER NOT NULL DEFAULT 0;"
/* What comes out, and what came out, by size of paper (lib/papers.h). */
"ALTER TABLE job ADD COLUMN papers TEXT NOT NULL DEFAULT '';"
"ALTER TABLE job ADD COLUMN out_papers TEXT NOT NULL DEFAULT '';"
"ALTER TABLE usage_record ADD COLUMN papers TEXT;"
/* Mails that are to be written: their jobs wait for an answer. */
"CREATE TABLE mail ("
" job_id INTEGER PRIMARY KEY REFERENCES job(id) ON DELETE CASCADE,"
" next_ms INTEGER NOT NULL, tries INTEGER NOT NULL);"
"CREATE INDEX mail_next ON mail(next_ms);"
/* Who is logged in over HTTPS: the SHA-256 of each token. */
"CREATE TABLE login ("
" id INTEGER PRIMARY KEY,"
" user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,"
" hash BLOB NOT NULL UNIQUE, label TEXT NOT NULL, address TEXT NOT NULL,"
" created_ms INTEGER NOT NULL, used_ms INTEGER NOT NULL);"
"CREATE INDEX login_user ON login(user_id, used_ms);"
"CREATE TRIGGER login_end AFTER UPDATE OF password, disabled ON user"
" WHEN new.password <> old.password OR new.disabled BEGIN"
" DELETE FROM login WHERE user_id = new.id; END;"
/* Of users the last import deleted: beside import_undo. */
"CREATE TABLE undo_role AS SELECT * FROM role WHERE 0;"
"CREATE TABLE undo_delegate AS SELECT * FROM delegate WHERE 0;"
"CREATE TABLE undo_member AS SELECT * FROM group_member WHERE 0;"
"CREATE TABLE undo_quota AS SELECT * FROM quota WHERE 0;"
"PRAGMA user_version = 4;";

/* Directories (doc/identity.md), and who and what came from one (its id). */
static const char step_5[] =
"CREATE TABLE directory ("
" id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
" pos INTEGER NOT NULL, text TEXT NOT NULL, ca TEXT NOT NULL,"
" crl TEXT NOT NULL, secret BLOB, keytab BLOB, changed_ms INTEGER NOT NULL,"
" by TEXT NOT NULL);"
"ALTER TABLE user ADD COLUMN directory INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE person_group ADD COLUMN directory INTEGER NOT NULL DEFAULT 0;"
/* How card numbers are made: "server", "group:NAME", "device:UUID"; what a
 * number was made by before; cards that are good from a day on. */
"CREATE TABLE card_rule (of TEXT PRIMARY KEY, format TEXT NOT NULL,"
" was TEXT NOT NULL, usb TEXT NOT NULL, changed_ms INTEGER NOT NULL,"
" by TEXT NOT NULL) WITHOUT ROWID;"
"ALTER TABLE card ADD COLUMN valid_from_ms INTEGER NOT NULL DEFAULT 0;"
/* Cards somebody tried to register that are somebody else's. */
"CREATE TABLE card_clash ("
" card_id INTEGER NOT NULL REFERENCES card(id) ON DELETE CASCADE,"
" user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,"
" from_id TEXT NOT NULL, at_ms INTEGER NOT NULL,"
" PRIMARY KEY(card_id, user_id)) WITHOUT ROWID;"
"CREATE INDEX card_clash_user ON card_clash(user_id);"
/* Guests: accounts with an end. */
"CREATE TABLE guest ("
" user_id INTEGER PRIMARY KEY REFERENCES user(id) ON DELETE CASCADE,"
" host TEXT NOT NULL, from_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL,"
" code_mac BLOB NOT NULL UNIQUE, state INTEGER NOT NULL);"
/* A code may be good at one device only. */
"ALTER TABLE code ADD COLUMN device TEXT NOT NULL DEFAULT '';"
/* Who may do what where (doc/identity.md, "Functions"): store_access.h. */
"CREATE TABLE access ("
" id INTEGER PRIMARY KEY, function TEXT NOT NULL, place INTEGER NOT NULL,"
" at TEXT NOT NULL, who INTEGER NOT NULL, person TEXT NOT NULL,"
" say INTEGER NOT NULL, template INTEGER NOT NULL,"
" changed_ms INTEGER NOT NULL, by TEXT NOT NULL,"
" UNIQUE(function, place, at, who, person));"
"CREATE INDEX access_person ON access(person, who) WHERE person <> '';"
"CREATE INDEX access_at ON access(at) WHERE at <> '';"
"CREATE TABLE undo_access AS SELECT * FROM access WHERE 0;"
/* Synced directories.  Of a user: the home folder, a keyed hash of all the
 * directory said (NULL when anything was changed since), when it was seen
 * there last, and since when it is missing there or closed (negative: it was
 * disabled here before).  Cards that came from one. */
"ALTER TABLE user ADD COLUMN home TEXT NOT NULL DEFAULT '';"
"ALTER TABLE user ADD COLUMN dir_mac BLOB;"
"ALTER TABLE user ADD COLUMN dir_seen_ms INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE user ADD COLUMN dir_gone_ms INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE card ADD COLUMN directory INTEGER NOT NULL DEFAULT 0;"
"CREATE INDEX user_directory ON user(directory) WHERE directory <> 0;"
"CREATE TRIGGER user_dir_mac AFTER UPDATE OF display, mail, department,"
" card_pin, idnum_mac, disabled, directory, home ON user"
" WHEN new.dir_mac IS NOT NULL AND new.dir_mac IS old.dir_mac BEGIN"
" UPDATE user SET dir_mac = NULL WHERE id = new.id; END;"
"CREATE TABLE sync_run ("
" id INTEGER PRIMARY KEY, directory INTEGER NOT NULL,"
" began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,"
" state INTEGER NOT NULL, dry INTEGER NOT NULL, forced INTEGER NOT NULL,"
" by TEXT NOT NULL, words TEXT NOT NULL, counts TEXT NOT NULL);"
"CREATE INDEX sync_run_of ON sync_run(directory, id);"
/* What differed: some hundred lines a row, by kind. */
"CREATE TABLE sync_page ("
" run INTEGER NOT NULL REFERENCES sync_run(id) ON DELETE CASCADE,"
" kind INTEGER NOT NULL, page INTEGER NOT NULL, text TEXT NOT NULL,"
" PRIMARY KEY (run, kind, page));"
/* Security templates; "each": every block is needed. */
"CREATE TABLE template ("
" id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
" each INTEGER NOT NULL, blocks TEXT NOT NULL, groups TEXT NOT NULL,"
" changed_ms INTEGER NOT NULL, by TEXT NOT NULL);"
"CREATE TABLE device_secret ("
" device TEXT NOT NULL, kind INTEGER NOT NULL, verifier TEXT NOT NULL,"
" changed_ms INTEGER NOT NULL, by TEXT NOT NULL,"
" PRIMARY KEY (device, kind)) WITHOUT ROWID;"
/* Passwords a directory called right, for when it is away (offline.c). */
"CREATE TABLE verifier ("
" user_id INTEGER PRIMARY KEY REFERENCES user(id) ON DELETE CASCADE,"
" directory INTEGER NOT NULL, name TEXT NOT NULL, verifier TEXT NOT NULL,"
" right_ms INTEGER NOT NULL);"
"CREATE INDEX verifier_name ON verifier(directory, name);"
"CREATE TRIGGER verifier_user AFTER UPDATE OF disabled, directory ON user"
" WHEN new.disabled OR new.directory <> old.directory BEGIN"
" DELETE FROM verifier WHERE user_id = new.id; END;"
"CREATE TRIGGER verifier_directory AFTER DELETE ON directory BEGIN"
" DELETE FROM verifier WHERE directory = old.id; END;"
/* The backup password (one row or none), and each of its uses. */
"CREATE TABLE backup (id INTEGER PRIMARY KEY CHECK (id = 1),"
" verifier TEXT NOT NULL, set_ms INTEGER NOT NULL, by TEXT NOT NULL);"
"CREATE TABLE backup_use (id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL,"
" who TEXT NOT NULL, door TEXT NOT NULL, seen_ms INTEGER NOT NULL DEFAULT 0,"
" seen_by TEXT NOT NULL DEFAULT '');"
"CREATE INDEX backup_unseen ON backup_use(at_ms) WHERE seen_ms = 0;"
/* Mails to administrators about them, and about syncs (sync_run). */
"CREATE TABLE notice_mail ("
" use_id INTEGER NOT NULL,"
" address TEXT NOT NULL, next_ms INTEGER NOT NULL, tries INTEGER NOT NULL,"
" PRIMARY KEY (use_id, address)) WITHOUT ROWID;"
"CREATE INDEX notice_mail_next ON notice_mail(next_ms);"
"CREATE TRIGGER notice_mail_use AFTER DELETE ON backup_use BEGIN"
" DELETE FROM notice_mail WHERE use_id = old.id; END;"
"CREATE TRIGGER notice_mail_sync AFTER DELETE ON sync_run BEGIN"
" DELETE FROM notice_mail WHERE use_id = old.id; END;"
"PRAGMA user_version = 5;";

/* The fleet (doc/fleet.md): how a device is reached, what it said last. */
static const char step_6[] =
"ALTER TABLE device ADD COLUMN address TEXT NOT NULL DEFAULT '';"
"ALTER TABLE device ADD COLUMN protocol TEXT NOT NULL DEFAULT '';"
"ALTER TABLE device ADD COLUMN api_url TEXT NOT NULL DEFAULT '';"
"ALTER TABLE device ADD COLUMN api_pin TEXT NOT NULL DEFAULT '';"
"ALTER TABLE device ADD COLUMN snmp INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE device ADD COLUMN snmp_port INTEGER NOT NULL DEFAULT 161;"
"ALTER TABLE device ADD COLUMN transport TEXT NOT NULL DEFAULT 'lpr';"
"ALTER TABLE device ADD COLUMN ipp_uri TEXT NOT NULL DEFAULT '';"
"ALTER TABLE device ADD COLUMN ipp_pin TEXT NOT NULL DEFAULT '';"
/* A document that went by IPP, until the device says what came of it. */
"CREATE TABLE device_job ("
" job INTEGER PRIMARY KEY, device_id TEXT NOT NULL, ref TEXT NOT NULL,"
" number INTEGER NOT NULL, since_ms INTEGER NOT NULL,"
" said TEXT NOT NULL) WITHOUT ROWID;"
/* OPDP: the server opens sessions there; when its certificate grows old. */
"ALTER TABLE device ADD COLUMN session_push INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE device ADD COLUMN renew_ms INTEGER NOT NULL DEFAULT 0;"
/* One row an item of items.def: since when it has this value, and who said
 * so ("snmp", "ipp", "opdp"). */
"CREATE TABLE device_item ("
" device_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,"
" source TEXT NOT NULL, at_ms INTEGER NOT NULL,"
" PRIMARY KEY (device_id, name)) WITHOUT ROWID;"
/* When a device went down or came back, stopped or went on: a few each. */
"CREATE TABLE device_event ("
" id INTEGER PRIMARY KEY, device_id TEXT NOT NULL, at_ms INTEGER NOT NULL,"
" kind TEXT NOT NULL, text TEXT NOT NULL);"
"CREATE INDEX device_event_of ON device_event(device_id, id);"
/* What was found at a device when it was looked at (posture.h): sums. */
"CREATE TABLE posture ("
" device_id TEXT PRIMARY KEY, tried_ms INTEGER NOT NULL,"
" looked_ms INTEGER NOT NULL, score INTEGER NOT NULL, bad INTEGER NOT NULL,"
" unknown INTEGER NOT NULL, words TEXT NOT NULL) WITHOUT ROWID;"
/* Panels that are locked (store_lock.c): since when, and what was released to
 * such a device and waits until it is unlocked. */
"ALTER TABLE device ADD COLUMN locked_ms INTEGER NOT NULL DEFAULT 0;"
"CREATE TABLE lock_wait ("
" job_id INTEGER PRIMARY KEY, device_id TEXT NOT NULL, by TEXT NOT NULL,"
" copies INTEGER NOT NULL, how INTEGER NOT NULL, at_ms INTEGER NOT NULL);"
"CREATE TABLE device_poll ("
" device_id TEXT PRIMARY KEY, info_ms INTEGER NOT NULL, kept TEXT NOT NULL)"
" WITHOUT ROWID;"
/* Copies, scans and faxes at devices (store_activity.h); to usage_record,
 * reservation and transfer job_id is the negative of one. */
"CREATE TABLE activity ("
" id INTEGER PRIMARY KEY, device_id TEXT NOT NULL,"
" session_id TEXT NOT NULL, device_job TEXT NOT NULL,"
" user_key TEXT NOT NULL, function TEXT NOT NULL, state INTEGER NOT NULL,"
" color INTEGER NOT NULL, kind INTEGER NOT NULL, key TEXT NOT NULL,"
" at_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL,"
" ended_ms INTEGER NOT NULL, granted INTEGER NOT NULL,"
" sides INTEGER NOT NULL, colour INTEGER NOT NULL, sheets INTEGER NOT NULL,"
" media TEXT NOT NULL, result TEXT NOT NULL, cause TEXT NOT NULL);"
"CREATE INDEX activity_open ON activity(session_id, device_job)"
" WHERE state = 1;"
"CREATE INDEX activity_user ON activity(user_key, id);"
"CREATE INDEX activity_device ON activity(device_id, id);"
"CREATE INDEX usage_record_rid ON usage_record(rid)"
" WHERE job_id < 0 AND rid IS NOT NULL;"
"CREATE INDEX usage_record_corrects ON usage_record(corrects)"
" WHERE job_id < 0 AND corrects IS NOT NULL;"
/* The device's counter of sides before and after a record. */
"ALTER TABLE usage_record ADD COLUMN life_from INTEGER;"
"ALTER TABLE usage_record ADD COLUMN life_to INTEGER;"
/* A log whose device was registered anew (store_record_adopt). */
"CREATE INDEX usage_epoch_name ON usage_epoch(epoch);"
/* Who was logged in: records of a session come when it is long over. */
"CREATE TABLE device_session ("
" id TEXT PRIMARY KEY, device_id TEXT NOT NULL, user_key TEXT NOT NULL,"
" account TEXT NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID;"
"CREATE INDEX device_session_at ON device_session(at_ms);"
/* SNMP credentials, in the order they are tried; secret is sealed. */
"CREATE TABLE snmp_access ("
" id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
" pos INTEGER NOT NULL, kind INTEGER NOT NULL, version INTEGER NOT NULL,"
" auth INTEGER NOT NULL, priv INTEGER NOT NULL, user TEXT NOT NULL,"
" context TEXT NOT NULL, ranges TEXT NOT NULL, secret BLOB NOT NULL,"
" changed_ms INTEGER NOT NULL, by TEXT NOT NULL);"
/* Searches for devices, and what answered. */
"CREATE TABLE discovery_run ("
" id INTEGER PRIMARY KEY, began_ms INTEGER NOT NULL,"
" ended_ms INTEGER NOT NULL, state INTEGER NOT NULL, by TEXT NOT NULL,"
" ranges TEXT NOT NULL, total INTEGER NOT NULL, done INTEGER NOT NULL,"
" printers INTEGER NOT NULL, others INTEGER NOT NULL,"
" denied INTEGER NOT NULL, known INTEGER NOT NULL, moved INTEGER NOT NULL);"
"CREATE TABLE found ("
" address TEXT PRIMARY KEY, place TEXT NOT NULL UNIQUE,"
" state INTEGER NOT NULL, host TEXT NOT NULL,"
" vendor TEXT NOT NULL, model TEXT NOT NULL, serial TEXT NOT NULL,"
" mac TEXT NOT NULL, name TEXT NOT NULL, location TEXT NOT NULL,"
" queue TEXT NOT NULL, description TEXT NOT NULL, object_id TEXT NOT NULL,"
" source INTEGER NOT NULL DEFAULT 0, ipp_uri TEXT NOT NULL DEFAULT '',"
" formats TEXT NOT NULL DEFAULT '', uuid TEXT NOT NULL DEFAULT '',"
" access INTEGER NOT NULL, first_ms INTEGER NOT NULL,"
" last_ms INTEGER NOT NULL) WITHOUT ROWID;"
/* Jobs whose documents stay at a client (direct.h): they take no room here. */
"CREATE TABLE direct_job ("
" job_id INTEGER PRIMARY KEY REFERENCES job(id) ON DELETE CASCADE,"
" client_id TEXT NOT NULL, phase INTEGER NOT NULL, at_ms INTEGER NOT NULL);"
"CREATE INDEX direct_client ON direct_job(client_id, job_id);"
"CREATE INDEX direct_phase ON direct_job(phase, at_ms) WHERE phase > 0;"
"DROP TRIGGER tally_add; DROP TRIGGER tally_drop; DROP TRIGGER tally_del;"
"CREATE TRIGGER tally_add AFTER INSERT ON job WHEN new.has_doc BEGIN"
" UPDATE tally SET held = held + 1, bytes = bytes + iif(new.format ="
" 'application/vnd.cups-release.direct', 0, new.bytes); END;"
"CREATE TRIGGER tally_drop AFTER UPDATE OF has_doc ON job"
" WHEN old.has_doc AND NOT new.has_doc BEGIN"
" UPDATE tally SET held = held - 1, bytes = bytes - iif(old.format ="
" 'application/vnd.cups-release.direct', 0, old.bytes); END;"
"CREATE TRIGGER tally_del AFTER DELETE ON job WHEN old.has_doc BEGIN"
" UPDATE tally SET held = held - 1, bytes = bytes - iif(old.format ="
" 'application/vnd.cups-release.direct', 0, old.bytes); END;"
"PRAGMA user_version = 6;";

/* The supplies of all devices, in the order in which they run out: each has
 * its percent (store_supply_list). */
static const char step_7[] =
"CREATE INDEX device_item_left ON device_item("
" CASE WHEN value+0<0 THEN 1000 ELSE value+0 END, device_id, name)"
" WHERE name GLOB 'supply.*.percent';"
/* Names among the addresses that have none. */
"ALTER TABLE discovery_run ADD COLUMN unknown TEXT NOT NULL DEFAULT '';"
"PRAGMA user_version = 7;";

static const char *const steps[] = { step_1, step_2, step_3, step_4, step_5,
	step_6, step_7 };
_Static_assert(sizeof steps / sizeof steps[0] == STORE_SCHEMA,
    "STORE_SCHEMA is the number of steps");

int
store_schema(const struct store *st)
{
	sqlite3_stmt *q;
	int version = -1;

	if (sqlite3_prepare_v2(st->db, "PRAGMA user_version", -1, &q,
	    NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_step(q) == SQLITE_ROW)
		version = sqlite3_column_int(q, 0);
	sqlite3_finalize(q);
	return version;
}

int
store_migrate(struct store *st, struct rel_err *err)
{
	return store_migrate_to(st, STORE_SCHEMA, err);
}

int
store_migrate_to(struct store *st, int target, struct rel_err *err)
{
	int version = store_schema(st);

	if (version < 0)
		return rel_err_set(err, REL_E_IO, "the database is unreadable: "
		    "%s", sqlite3_errmsg(st->db));
	if (version > STORE_SCHEMA)
		return rel_err_set(err, REL_E_DENIED,
		    "the database was written by a newer releaserd (schema %d, "
		    "this one knows %d): install that version again", version,
		    STORE_SCHEMA);
	for (; version < target; version++) {
		int rc = store_begin(st, err);

		if (rc < 0)
			return rc;
		if (sqlite3_exec(st->db, steps[version], NULL, NULL,
		    NULL) != SQLITE_OK) {
			rel_err_set(err, REL_E_IO, "schema step %d: %s",
			    version + 1, sqlite3_errmsg(st->db));
			store_rollback(st);
			return -REL_E_IO;
		}
		if ((rc = store_commit(st, err)) < 0)
			return rc;
		rel_log(REL_NOTICE, "database brought up to date", "schema=%d",
		    version + 1);
	}
	return 0;
}
