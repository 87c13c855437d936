/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A request that net has checked goes to the function of its route. */
#include <stdio.h>
#include <string.h>

#include "releaserd/core/activity.h"
#include "releaserd/core/direct.h"
#include "releaserd/core/record.h"

#define ID_BYTES 84u		/* more than any that stands in a path */

static const route_fn functions[ROUTE_COUNT] = {
	[OPDP_REGISTER] = device_register,
	[OPDP_RENEW] = device_renew,
	[OPDP_HEARTBEAT] = device_heartbeat,
	[OPDP_CONFIG] = device_config,
	[OPDP_RESTRICTIONS] = device_restrictions,
	[OPDP_UNREGISTER] = device_unregister,
	[OPDP_COMMANDS] = device_commands,
	[OPDP_COMMAND_RESULT] = device_command_result,
	[OPDP_INBOUND] = device_inbound,
	[OPDP_USAGE] = usage_push,
	[OPDP_AUTHORIZE] = authorize,
	[DIRECT_SUBMIT] = direct_submit, [DIRECT_LIST] = direct_list,
	[DIRECT_START] = direct_start, [DIRECT_END] = direct_end,
	[DIRECT_DELETE] = direct_delete,
	[PANEL_MENU] = panel_menu,
	[PANEL_ACTION] = panel_action,
	[API_LOGIN] = api_login, [API_LOGOUT] = api_me_session_end,
	[API_ME_SESSIONS] = api_me_sessions,
	[API_ME_SESSIONS_END] = api_me_session_end,
	[API_ME_SESSION_END] = api_me_session_end,
	[API_USER_SESSIONS] = api_user_sessions,
	[API_USER_SESSIONS_END] = api_user_sessions_end,
	[API_STATUS] = api_status,
	[API_ME_GET] = api_me_get,
	[API_DELEGATES] = api_delegates,
	[API_DELEGATE_SET] = api_delegate_set,
	[API_DELEGATE_DEL] = api_delegate_del,
	[API_ROLE_LIST] = api_role_list,
	[API_ROLE_SET] = api_role_set,
	[API_USER_LIST] = api_user_list,
	[API_USER_ADD] = api_user_add,
	[API_USER_GET] = api_user_get,
	[API_USER_SET] = api_user_set,
	[API_USER_DEL] = api_user_del,
	[API_GUEST_LIST] = api_guest_list,
	[API_GUEST_ADD] = api_guest_add,
	[API_GUEST_SET] = api_guest_set,
	[API_GUEST_END] = api_guest_end,
	[API_CARD_LIST] = api_card_list,
	[API_CARD_CLASHES] = api_card_clashes,
	[API_CARD_CLASH_DEL] = api_card_clash_del,
	[API_CARD_MOVE] = api_card_move,
	[API_CARD_FORMATS] = api_card_formats,
	[API_CARD_FORMAT_SET] = api_card_format_set,
	[API_CARD_FORMAT_TEST] = api_card_format_test,
	[API_CARD_ADD] = api_card_add,
	[API_CARD_DEL] = api_card_del,
	[API_USER_EXPORT] = api_user_export,
	[API_USER_IMPORT] = api_user_import,
	[API_USER_UNDO] = api_user_undo,
	[API_USER_DATA] = api_user_data,
	[API_USER_ERASE] = api_user_erase,
	[API_USER_UNLOCK] = api_user_unlock,
	[API_LOCKOUT_END] = api_lockout_end,
	[API_BACKUP_GET] = api_backup_get, [API_BACKUP_SET] = api_backup_set,
	[API_BACKUP_DEL] = api_backup_del,
	[API_BACKUP_SEEN] = api_backup_seen,
	[API_BACKUP_OPEN] = api_backup_open,
	[API_BACKUP_CLOSE] = api_backup_close,
	[API_LOCKOUT_LIST] = api_lockout_list,
	[API_ME_SET] = api_me_set,
	[API_ME_CARDS] = api_me_cards,
	[API_ME_CARD_ADD] = api_me_card_add,
	[API_ME_CARD_DEL] = api_me_card_del,
	[API_ME_CODE] = api_me_code,
	[API_DEVICE_LIST] = api_device_list,
	[API_DEVICE_ATTENTION] = api_device_attention,
	[API_DEVICE_ADD] = api_device_add,
	[API_DEVICE_GET] = api_device_get,
	[API_DEVICE_ITEMS] = api_device_items,
	[API_DEVICE_EVENTS] = api_device_events,
	[API_DEVICE_GROUPS] = api_device_groups,
	[API_DEVICE_GROUP_GET] = api_device_group_get,
	[API_DEVICE_GROUP_SET] = api_device_group_set,
	[API_DEVICE_GROUP_RENAME] = api_device_group_rename,
	[API_SUPPLIES] = api_supplies,
	[API_DEVICE_RESTRICTIONS] = api_device_restrictions,
	[API_DEVICE_ASK] = api_device_ask,
	[API_DEVICE_SET] = api_device_set,
	[API_DEVICE_DEL] = api_device_del,
	[API_DEVICE_POSTURE] = api_device_posture,
	[API_DEVICE_POSTURE_RUN] = api_device_posture_run,
	[API_POSTURE] = api_posture,
	[API_POSTURE_RUN] = api_posture_run,
	[API_POSTURE_DEVICES] = api_posture_devices,
	[API_DEVICE_COMMAND] = api_device_command,
	[API_DEVICE_LOCK] = api_device_lock,
	[API_DEVICE_UNLOCK] = api_device_unlock,
	[API_DEVICE_KEY] = api_device_key,
	[API_JOB_LIST] = api_job_list,
	[API_JOB_GET] = api_job_get,
	[API_JOB_DEL] = api_job_del,
	[API_JOB_RELEASE] = api_job_release,
	[API_JOB_OPTIONS] = api_job_options,
	[API_JOB_PREVIEW] = api_job_preview,
	[API_JOB_KEEP] = api_job_keep,
	[API_JOB_EXPLAIN] = api_job_explain,
	[API_SETTINGS] = api_settings,
	[API_SETTINGS_SET] = api_settings_set,
	[API_SETTINGS_UNDO] = api_settings_undo,
	[API_PORTS] = api_ports,
	[API_CERT_GET] = api_cert_get,
	[API_CERT_CSR] = api_cert_csr,
	[API_CERT_INSTALL] = api_cert_install,
	[API_CERT_UNDO] = api_cert_undo,
	[API_CERT_SELF] = api_cert_self,
	[API_ACTIVITY_LIST] = api_activity_list,
	[API_ACTIVITY_GET] = api_activity_get,
	[API_USAGE] = api_usage, [API_RECORDED] = api_recorded,
	[API_COST] = api_cost,
	[API_AUDIT_LIST] = api_audit_list,
	[API_ACCOUNT_LIST] = api_account_list,
	[API_ACCOUNT_ADD] = api_account_add,
	[API_ACCOUNT_GET] = api_account_get,
	[API_ACCOUNT_SET] = api_account_set,
	[API_ACCOUNT_GRANT] = api_account_grant,
	[API_ACCOUNT_STATEMENT] = api_account_statement,
	[API_JOB_REFUND] = api_job_refund,
	[API_QUOTA_LIST] = api_quota_list,
	[API_QUOTA_SET] = api_quota_set,
	[API_QUOTA_DEL] = api_quota_del,
	[API_FUNCTIONS] = api_functions,
	[API_ACCESS_LIST] = api_access_list,
	[API_ACCESS_SET] = api_access_set,
	[API_ACCESS_EXPLAIN] = api_access_explain,
	[API_ACCESS_DEL] = api_access_del,
	[API_GROUP_LIST] = api_group_list,
	[API_GROUP_ADD] = api_group_add,
	[API_GROUP_GET] = api_group_get,
	[API_GROUP_SET] = api_group_set,
	[API_GROUP_DEL] = api_group_del,
	[API_DIRECTORY_LIST] = api_directory_list,
	[API_DIRECTORY_ADD] = api_directory_add,
	[API_DIRECTORY_SET] = api_directory_set,
	[API_DIRECTORY_DEL] = api_directory_del,
	[API_DIRECTORY_TEST] = api_directory_test,
	[API_SNMP_LIST] = api_snmp_list,
	[API_SNMP_ADD] = api_snmp_add,
	[API_SNMP_SET] = api_snmp_set,
	[API_SNMP_DEL] = api_snmp_del,
	[API_SNMP_TEST] = api_snmp_test,
	[API_DISCOVERY_GET] = api_discovery_get,
	[API_DISCOVERY_START] = api_discovery_start,
	[API_DISCOVERY_CANCEL] = api_discovery_cancel,
	[API_FOUND_LIST] = api_found_list,
	[API_FOUND_ADD] = api_found_add,
	[API_TEMPLATE_LIST] = api_template_list,
	[API_TEMPLATE_ADD] = api_template_add,
	[API_TEMPLATE_GET] = api_template_get,
	[API_TEMPLATE_SET] = api_template_set,
	[API_TEMPLATE_DEL] = api_template_del,
	[API_SECRET_LIST] = api_secret_list,
	[API_SECRET_SET] = api_secret_set,
	[API_ADDRESSES] = api_addresses,
	[API_SYNC_GET] = api_sync_get,
	[API_SYNC_START] = api_sync_start,
	[API_SYNC_CANCEL] = api_sync_cancel,
	[API_LEDGER_CHECK] = api_ledger_check,
	[API_PRICES] = api_book_get, [API_PRICES_SET] = api_book_set,
	[API_RULES] = api_book_get, [API_RULES_SET] = api_book_set,
	[API_RULES_TRY] = api_rules_try,
	[API_WAITING] = api_waiting,
	[API_JOB_ANSWER] = api_job_answer, [API_JOB_APPROVAL] = api_job_answer,
};

/* Who asks, and under which key an answer would be kept. */
static void
asker_of(const struct core *c, const struct peer *net,
    const struct rel_frame *fr, const struct request *rq, struct asker *a)
{
	const char *id = req_str(rq, F_ID);
	size_t n = id != NULL ? strnlen(id, ID_BYTES) : 0;
	uint8_t bound[34 + ID_BYTES];

	memset(a, 0, sizeof *a);
	a->peer = net->serial;
	a->frame_id = fr->id;
	if (rq->idem_key[0] == '\0')
		return;
	memcpy(a->idem_key, rq->idem_key, sizeof a->idem_key);
	if (rq->caller == CALLER_LOCAL)
		snprintf(a->idem_peer, sizeof a->idem_peer, "uid:%u", rq->uid);
	else if (rq->caller == CALLER_ANYONE)
		snprintf(a->idem_peer, sizeof a->idem_peer, "addr:%.50s",
		    rq->addr);
	else
		memcpy(a->idem_peer, rq->caller_id, sizeof rq->caller_id);
	/* The same id on another path is another request. */
	memcpy(bound, rq->body_hash, 32);
	bound[32] = (uint8_t)rq->route;
	bound[33] = rq->html;
	if (n > 0)
		memcpy(bound + 34, id, n);
	keys_mac(a->body_mac, c->answer_key, bound, 34 + n);
}

static bool
field_fits(const struct route_field *f, const struct request *rq)
{
	const char *str = rq->f[f->id].str;
	int64_t num = rq->f[f->id].num;

	if (!rq->f[f->id].set)
		return !(f->flags & FIELD_REQUIRED);
	switch (f->type) {
	case FT_STR:
	case FT_JSON:
		return str != NULL && strlen(str) <= (size_t)f->max;
	case FT_INT:
	case FT_BOOL:
		return str == NULL && num >= f->min && num <= f->max;
	case FT_RECORDS:
		return rq->nrecords > 0;
	default:
		return true;		/* request_get() has looked at it */
	}
}

/*
 * net has checked all this.  One that was taken over has not: what the
 * functions rely on is checked once more.
 */
static bool
request_fits(const struct request *rq)
{
	const struct route *r = &routes[rq->route];

	if (functions[rq->route] == NULL ||
	    (r->callers & 1u << rq->caller) == 0)
		return false;
	for (const struct route_field *f = r->fields; f->id != F_COUNT; f++)
		if (!field_fits(f, rq))
			return false;
	return true;
}

void
dispatch(struct core *c, struct peer *net, struct rel_frame *fr)
{
	struct request rq;
	struct asker a;

	if (request_get(&rq, fr->body, fr->len) == 0 && request_fits(&rq)) {
		asker_of(c, net, fr, &rq, &a);
		functions[rq.route](c, &rq, &a);
	} else {
		rel_log(REL_ERROR, "malformed request: channel closed",
		    "from=net index=%u", net->index);
		ipc_chan_fail(net->chan);
	}
	request_fini(&rq);
}
