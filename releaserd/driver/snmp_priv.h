/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DRIVER_SNMP_PRIV_H
#define DRIVER_SNMP_PRIV_H

#include "releaserd/driver/driver.h"
#include "releaserd/driver/snmp.h"

/*
 * How the driver `snmp-lpr` reads a device: values are fetched by their object
 * identifiers into a tree (snmp_link.c, snmp_gather.c); what they mean is
 * read from the tree alone (snmp_info.c ...), so that a recording of a device
 * will do.  All that comes from outside is bounded here.
 */

/* ---- object identifiers and the tree of values (snmp_tree.c) */

#define SNMP_ARCS 64u			/* longer ones are not kept */
#define SNMP_VARS 4096u			/* values of one device */
#define SNMP_BYTES 524288u		/* of their octets */
#define SNMP_OCTETS 4096u		/* of one value; the rest is cut */
#define SNMP_ROWS 128u			/* rows of one table */
#define SNMP_ANY UINT32_MAX		/* no index */

struct snmp_oid {
	uint32_t arc[SNMP_ARCS];
	unsigned n;
};

enum snmp_kind { SNMP_NUMBER, SNMP_OCTET_STRING, SNMP_OBJECT_ID };

struct snmp_var {
	uint8_t kind;			/* enum snmp_kind */
	uint8_t n;			/* arcs of its name */
	uint16_t len;			/* octets; an OBJECT_ID as dotted text */
	int64_t number;
	const uint32_t *oid;
	const char *octets;		/* a NUL behind them */
};

struct snmp_tree {
	struct snmp_var *v;
	size_t n, room, bytes;
	bool sorted;
};

/* "1.3.6.1.2.1.1.1.0", ".1.3...", "iso.3..."; false: it is none. */
bool snmp_oid_read(struct snmp_oid *out, const char *text);
/* out needs 12 bytes an arc; what does not fit is cut at an arc. */
void snmp_oid_text(char *out, size_t size, const uint32_t *arc, size_t n);
/* Is it in the part of the tree below root (or root itself)? */
bool snmp_oid_below(const uint32_t *arc, size_t n, const struct snmp_oid *root);
int snmp_oid_order(const uint32_t *a, size_t an, const uint32_t *b, size_t bn);

void snmp_tree_init(struct snmp_tree *t);
void snmp_tree_fini(struct snmp_tree *t);
/* False: it is full. The first of two values of a name stays. */
bool snmp_tree_number_add(struct snmp_tree *t, const uint32_t *arc, size_t n,
    int64_t number);
bool snmp_tree_octets_add(struct snmp_tree *t, const uint32_t *arc, size_t n,
    enum snmp_kind kind, const void *p, size_t len);

/* base.a.b; an index that is SNMP_ANY is left out.  NULL: there is none. */
const struct snmp_var *snmp_tree_get(struct snmp_tree *t, const char *base,
    uint32_t a, uint32_t b);
int64_t snmp_tree_number(struct snmp_tree *t, const char *base, uint32_t a,
    uint32_t b, int64_t otherwise);
/* The n-th value below base, 0..; NULL behind the last one. */
const struct snmp_var *snmp_tree_below(struct snmp_tree *t, const char *base,
    size_t n);
/* The last indexes of the rows entry.column.h.row, ascending. */
size_t snmp_tree_rows(struct snmp_tree *t, const char *entry, uint32_t h,
    uint32_t rows[SNMP_ROWS]);
/* The octets as text: to the first NUL or end of a line, without blanks at
 * the ends; "" when there are none.  out may be cut; any bytes. */
void snmp_tree_text(struct snmp_tree *t, const char *base, uint32_t a,
    uint32_t b, char *out, size_t size);

/* ---- asking (snmp_link.c, snmp_usm.c) */

#define SNMP_TRY_MS 2000u
#define SNMP_TRIES 3u
#define SNMP_GETS 10u			/* values in one question */
#define SNMP_REPEAT 10u			/* max-repetitions */
#define SNMP_QUESTIONS 600u		/* to one device in one go */

struct snmp_link;

/*
 * tries  how often to ask before it counts as away, 1..SNMP_TRIES; each in
 *        its share of the time, SNMP_TRY_MS at most
 *
 * -REL_E_FORMAT: no address, or an access this build cannot do.
 */
int snmp_link_open(struct snmp_link **out, const struct snmp_peer *peer,
    const struct snmp_access *a, unsigned tries, struct rel_err *err);
void snmp_link_close(struct snmp_link **link);

/*
 * The values of oids into the tree, as many as there are.  0 also when there
 * is none: noSuchName, noSuchObject and noSuchInstance only drop that one.
 * -REL_E_TIMEOUT, -REL_E_DENIED, -REL_E_FORMAT.
 */
int snmp_link_get(struct snmp_link *link, const char *const *oids, size_t n,
    struct snmp_tree *t, struct rel_err *err);
/* All values below each of the roots: to SNMP_ROWS of each, in their order. */
int snmp_link_walk(struct snmp_link *link, const char *const *roots, size_t n,
    struct snmp_tree *t, struct rel_err *err);
/* The one value behind oid, whatever it is. */
int snmp_link_next(struct snmp_link *link, const char *oid,
    struct snmp_tree *t, struct rel_err *err);

/* ---- what the driver remembers (snmp_lpr.c) */

struct snmp_kept {
	uint32_t access, h;		/* 0..; SNMP_ANY unknown */
	uint32_t hr;			/* as in struct snmp_device */
	uint32_t marker;		/* its first row */
	uint32_t quirk;			/* row of the quirks */
	bool ink;
	uint32_t missing;		/* of what status asks, a bit each */
	int64_t config, critical, all;	/* counters, -1 unknown */
	int64_t supplies_s;		/* when they were read, seconds UTC */
	char alerts[120];		/* reasons of the alerts, with commas */
};

void snmp_kept_read(struct snmp_kept *k, const char *text);
void snmp_kept_write(char out[DRIVER_KEPT_MAX], const struct snmp_kept *k);

/* ---- what is fetched (snmp_gather.c) */

struct snmp_quirk;

/* sysObjectID, sysDescr, who the printer is. */
int snmp_gather_who(struct snmp_link *link, struct snmp_tree *t,
    struct rel_err *err);
/* All tables. */
int snmp_gather_all(struct snmp_link *link, struct snmp_tree *t,
    struct rel_err *err);
/*
 * State and counters of the printer k->h in one question.  Those in k->missing
 * are left out; afterwards it has those that there are not.
 */
int snmp_gather_status(struct snmp_link *link, struct snmp_tree *t,
    struct snmp_kept *k, struct rel_err *err);
/* What the vendor's row of the quirks reads. */
int snmp_gather_quirk(struct snmp_link *link, struct snmp_tree *t,
    const struct snmp_quirk *q, struct rel_err *err);
int snmp_gather_alerts(struct snmp_link *link, struct snmp_tree *t,
    struct rel_err *err);
int snmp_gather_supplies(struct snmp_link *link, struct snmp_tree *t,
    struct rel_err *err);

/* ---- what it means (snmp_info.c, snmp_parts.c, snmp_state.c) */

/* hrDeviceIndex of the printer: 1 when nothing says another. */
uint32_t snmp_printer_index(struct snmp_tree *t);
/* Does anything of it say that it prints? */
bool snmp_is_printer(struct snmp_tree *t);

/* What all that reads a tree wants to know. */
struct snmp_device {
	struct snmp_tree *t;
	uint32_t hr;			/* hrDeviceIndex */
	uint32_t h;			/* that of its rows in the Printer MIB:
					 * the same, but for those that err */
	const struct snmp_quirk *quirk;	/* never NULL */
	uint32_t charset;		/* MIBenum, 0 unknown */
	bool ink;			/* its marker takes ink */
	struct items *l;
};

void snmp_device_init(struct snmp_device *d, struct snmp_tree *t,
    struct items *l);
/* The queue of its LPD, by its channels, its URI or its vendor; "" unknown. */
void snmp_device_queue(struct snmp_device *d, char *out, size_t size);
/* "00:11:22:33:44:55" of the interface that carries address, else the first
 * that is up; "" none. */
void snmp_device_mac(struct snmp_device *d, const char *address, char out[24]);
/* The item that a read of the quirk is; "" in out: there is none. */
void snmp_device_quirk(struct snmp_device *d, const char *item, char *out,
    size_t size);
void snmp_items_identity(struct snmp_device *d);
void snmp_items_network(struct snmp_device *d, const char *address);
void snmp_items_ability(struct snmp_device *d);
void snmp_items_channels(struct snmp_device *d);
void snmp_items_inputs(struct snmp_device *d);
/* The marker that counts: the one with the most sides, else sheets; 1. */
uint32_t snmp_device_marker(struct snmp_device *d);
/* What supplies tell of how it marks; NULL: nothing. */
const char *snmp_marking_by_supplies(struct snmp_tree *t);
/* Of the trays only what is in them. */
void snmp_items_levels(struct snmp_device *d);
void snmp_items_outputs(struct snmp_device *d);
void snmp_items_finishers(struct snmp_device *d);
void snmp_items_supplies(struct snmp_device *d);
/* reasons: those of the alerts, with commas; the state that came of it. */
void snmp_items_state(struct snmp_device *d, const char *reasons,
    char state[16]);
/* The alerts, and their reasons. */
void snmp_items_alerts(struct snmp_device *d, char *reasons, size_t size);
void snmp_items_counters(struct snmp_device *d);

/* A text of the tree as an item, read by the device's character set. */
void snmp_item_text(struct snmp_device *d, const char *name, unsigned n,
    const struct snmp_var *v);
/* The first line of a text of the Printer MIB, as snmp_item_text() reads it;
 * "" when there is none. */
void snmp_device_text(struct snmp_device *d, const char *column, uint32_t row,
    char *out, size_t size);
/* The N of a row's items: its index when all fit in 1..99, else its place. */
unsigned snmp_item_n(const uint32_t *rows, size_t n, size_t i);
/* A word to a list with commas, when it is not in it; word may be NULL. */
void snmp_list_add(char *list, size_t size, const char *word);

/* ---- paper (snmp_media.c) */

/* What all trays take together, as lists. */
struct snmp_papers {
	char sizes[800], types[800];
	char range[160];		/* the least and the greatest size */
};

void snmp_papers_init(struct snmp_papers *all, struct snmp_device *d);
/* Size, type and colour of a tray's paper, and what it takes. */
void snmp_items_media(struct snmp_device *d, struct snmp_papers *all,
    uint32_t row, unsigned n);
void snmp_items_papers(struct snmp_device *d, const struct snmp_papers *all);
/* The PWG 5101.1 name of what a vendor calls a size; false: it is none. */
bool snmp_media_of_name(char *out, size_t size, const char *name);
/* "Any", "Unknown", "": text that stands for none. */
bool snmp_media_says_nothing(const char *text);

/* ---- numbers with tags (snmp_tagged.c) */

enum snmp_tagged { SNMP_TAGGED_ALL = 0, SNMP_TAGGED_MONO = 1,
	SNMP_TAGGED_COLOR = 2 };

/* -1: the device says none. */
int64_t snmp_tagged_counter(struct snmp_device *d, enum snmp_tagged which);
/* What is left of a supply; -2: not said. */
int64_t snmp_tagged_percent(struct snmp_device *d, const char *kind,
    const char *color);
/* The kind of the i-th supply there may be, "": not here, NULL: no more. */
const char *snmp_tagged_supply(struct snmp_device *d, size_t i,
    const char **color);

/* ---- the IEEE 1284 device ID (snmp_id.c) */

/* The value of a key ("MFG", or another word for it); false: there is none. */
bool snmp_id_key(const char *id, const char *key, char *out, size_t size);
/* The first device ID that the tree has; "" when there is none. */
const char *snmp_id_of(struct snmp_tree *t);
/* "Epson": by the beginning of a text; NULL: no vendor that is known. */
const char *snmp_vendor_of(const char *text);
/* "Lexmark X1 890J8VT LS.P240": serial number and firmware behind the model. */
void snmp_model_cut(char *model);
/* Hex of printable text, as some write serial numbers, becomes the text. */
void snmp_id_unhex(char *serial);
/* Model and firmware in a sysDescr, "" when it says none. */
void snmp_descr_split(const char *descr, char model[128], char firmware[64]);

/* ---- vendors (snmp_quirks.c) */

/* Flags of a quirk. */
#define SNMP_Q_NOT_PRINTER (1u << 0)
#define SNMP_Q_PRINTER (1u << 1)	/* this arc is of printers only */
#define SNMP_Q_SERIAL_HEX (1u << 2)	/* SN of the device ID is hex of text */
#define SNMP_Q_HEX_TAIL (1u << 3)	/* second lines of texts are hex */
#define SNMP_Q_HOST (1u << 4)		/* a computer: it may have queues that it
					 * calls printers in hrDeviceTable */
#define SNMP_Q_MODEL_ID (1u << 5)	/* sysObjectID ends in a name, its length
					 * and its letters */
#define SNMP_Q_TAGGED (1u << 8)		/* numbers with tags: snmp_tagged.c */
#define SNMP_Q_MODEL_CUT (1u << 7)	/* more than the model behind it */
#define SNMP_Q_MONO_REST (1u << 6)	/* black is what is not in colour */

#define SNMP_Q_READS 12u

/* An object of a vendor's own tree that is an item. */
struct snmp_quirk_read {
	const char *oid;
	const char *item;		/* NULL: only in cross-checks; counters
					 * of one item add up */
};

struct snmp_quirk {
	const char *arc;		/* below 1.3.6.1.4.1: "1248.1", "" any */
	const char *model;		/* a part of the model, "" any */
	const char *vendor;		/* its name as people write it */
	uint32_t flags;
	const char *queue;		/* LPD queue where no channel says one;
					 * NULL: unknown */
	struct snmp_quirk_read reads[SNMP_Q_READS];
};

/* The first row that fits; the last one fits all. */
const struct snmp_quirk *snmp_quirk_of(const char *object_id,
    const char *model);
/* All rows, for tests. */
const struct snmp_quirk *snmp_quirks(size_t *n);
/* The quirk of a tree. */
const struct snmp_quirk *snmp_quirk_tree(struct snmp_tree *t);

/* ---- words for numbers (snmp_words.c) */

/* Of prtInputType, prtOutputType ...; NULL: nothing better than "other". */
const char *snmp_word_input(int64_t v);
const char *snmp_word_output(int64_t v);
const char *snmp_word_finisher(int64_t v);
const char *snmp_word_supply(int64_t v);
const char *snmp_word_unit(int64_t v);
const char *snmp_word_marking(int64_t v);
const char *snmp_word_channel(int64_t v);
const char *snmp_word_language(int64_t v);	/* MIME type, or NULL */
const char *snmp_word_command(const char *cmd);	/* of CMD:; MIME, or NULL */
const char *snmp_word_group(int64_t v);		/* prtAlertGroup */
const char *snmp_word_punch(int64_t v);
const char *snmp_word_stitch(int64_t v);
const char *snmp_word_fold(int64_t v);
/* PrtSubUnitStatusTC in words; out: 64. */
void snmp_word_status(char *out, size_t size, int64_t v);
/*
 * IPP's keyword of a bit of hrPrinterDetectedErrorState, with hrDeviceStatus
 * (0 unknown): "media-jam-error"; false: there is no such bit.
 */
bool snmp_reason_bit(char *out, size_t size, unsigned bit, int64_t device,
    bool ink);
/* ... of prtAlertCode with its severity: "media-jam-error"; out: 64. */
void snmp_reason_alert(char *out, size_t size, int64_t code, int64_t severity,
    int64_t group);

#endif
