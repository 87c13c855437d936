/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What may be asked of releaserd, by whom, and in which shape. */
#include "releaserd/request.h"

#define END { F_COUNT, FT_STR, 0, 0, 0 }
#define MUST FIELD_REQUIRED
#define QUERY FIELD_QUERY
#define SECRET FIELD_SECRET
#define PATH_ID { F_ID, FT_STR, 1, 64, FIELD_PATH | MUST }
#define PATH_NAME { F_ID, FT_STR, 1, 83, FIELD_PATH | MUST }
#define PAGE \
	{ F_AFTER, FT_STR, 0, 200, QUERY }, { F_LIMIT, FT_INT, 1, 200, QUERY }

#define SPAN \
	{ F_FROM, FT_STR, 10, 40, QUERY }, { F_TO, FT_STR, 10, 40, QUERY }

static const struct route_field no_fields[] = { END };
static const struct route_field id_fields[] = { PATH_ID, END };
static const struct route_field name_fields[] = { PATH_NAME, END };
static const struct route_field page_fields[] = {
	{ F_Q, FT_STR, 1, 100, QUERY }, PAGE, END
};

static const struct route_field after_fields[] = { PAGE, END };

static const struct route_field register_fields[] = {
	{ F_ACTIVATION_KEY, FT_STR, 20, 23, MUST | SECRET },
	{ F_SERIAL, FT_STR, 1, 64, MUST },
	{ F_VENDOR, FT_STR, 0, 64, 0 },
	{ F_MODEL, FT_STR, 0, 128, 0 },
	{ F_FIRMWARE, FT_STR, 0, 64, 0 },
	{ F_LEVEL, FT_INT, 1, 9, 0 },
	{ F_FEATURES, FT_JSON, 0, 4096, 0 },
	{ F_AUTH, FT_STR, 4, 5, 0 },
	{ F_CSR, FT_STR, 0, 4096, FIELD_LINES },
	{ F_API_URL, FT_STR, 0, 256, 0 },
	{ F_API_PIN, FT_STR, 0, 80, 0 },
	END
};

static const struct route_field renew_fields[] = {
	{ F_CSR, FT_STR, 1, 4096, MUST | FIELD_LINES },
	END
};

static const struct route_field heartbeat_fields[] = {
	{ F_STATUS, FT_JSON, 0, 8192, 0 },
	{ F_USAGE_LAST_SEQ, FT_INT, 0, INT64_MAX, 0 },
	{ F_CONFIG_REV, FT_INT, 0, INT64_MAX, 0 },
	{ F_RESTRICTIONS_REV, FT_INT, 0, INT64_MAX, 0 },
	{ F_LIFE, FT_JSON, 0, 1024, 0 },
	{ F_USAGE_EPOCH, FT_STR, 1, 63, 0 },
	{ F_BOOT_ID, FT_STR, 0, 63, 0 },
	{ F_TIME, FT_STR, 0, 40, 0 },
	{ F_SESSION_ID, FT_STR, 0, 64, 0 },
	{ F_API_URL, FT_STR, 0, 256, 0 },
	{ F_API_PIN, FT_STR, 0, 80, 0 },
	{ F_STATION, FT_JSON, 0, 4096, 0 },
	END
};

static const struct route_field commands_fields[] = {
	{ F_WAIT_S, FT_INT, 0, 60, FIELD_QUERY },
	END
};

static const struct route_field command_result_fields[] = {
	{ F_ID, FT_STR, 36, 36, MUST | FIELD_PATH },
	{ F_STATUS, FT_INT, 200, 599, MUST },
	{ F_ETAG, FT_STR, 0, 39, 0 },
	{ F_BODY, FT_JSON, 0, 200000, 0 },
	END
};

static const struct route_field inbound_fields[] = {
	{ F_ID, FT_STR, 1, 63, MUST | FIELD_PATH },
	{ F_BODY, FT_JSON, 0, 200000, 0 },
	END
};

static const struct route_field usage_push_fields[] = {
	{ F_EPOCH, FT_STR, 1, 63, MUST },
	{ F_OLDEST_SEQ, FT_INT, 1, INT64_MAX, 0 },
	{ F_RECORDS, FT_RECORDS, 1, 100, MUST },
	END
};

static const struct route_field authorize_fields[] = {
	{ F_REQUEST_ID, FT_STR, 1, 64, MUST },
	{ F_SESSION_ID, FT_STR, 1, 64, MUST },
	{ F_DEVICE_JOB_ID, FT_STR, 0, 39, 0 },
	{ F_FUNCTION, FT_STR, 1, 32, MUST },
	{ F_COLOR, FT_STR, 0, 15, 0 },
	{ F_MEDIA, FT_STR, 0, 47, 0 },
	{ F_SIDES, FT_STR, 0, 31, 0 },
	{ F_WANT, FT_INT, 1, 10000, MUST },
	{ F_USED, FT_INT, 0, 1000000, 0 },
	{ F_ACCOUNT_ID, FT_STR, 0, 83, 0 },
	END
};

/* doc/opdp.md, "Direct queues". */
static const struct route_field direct_submit_fields[] = {
	{ F_REQUEST_ID, FT_STR, 1, 64, 0 },
	{ F_QUEUE, FT_STR, 1, 127, MUST },
	{ F_UUID, FT_STR, 1, 63, MUST },
	{ F_CUPS_JOB, FT_INT, 0, 2147483647, 0 },
	{ F_OF_USER, FT_STR, 1, 255, MUST },
	{ F_HOST, FT_STR, 0, 255, 0 },
	{ F_TITLE, FT_STR, 0, 1023, 0 },
	{ F_BYTES, FT_INT, 0, INT64_MAX, 0 },
	{ F_COPIES, FT_INT, 1, 999, 0 },
	{ F_PAGES_SIDES, FT_INT, 0, 1000000, 0 },
	{ F_PAGES_SHEETS, FT_INT, 0, 1000000, 0 },
	{ F_PAGES_COLOR, FT_INT, 0, 1000000, 0 },
	{ F_PAGES_WIDTH, FT_INT, 0, 10000000, 0 },
	{ F_PAGES_HEIGHT, FT_INT, 0, 10000000, 0 },
	{ F_PAGES_LANGUAGE, FT_STR, 0, 23, 0 },
	END
};

static const struct route_field direct_list_fields[] = {
	{ F_AFTER, FT_STR, 1, 24, QUERY },
	END
};

static const struct route_field direct_start_fields[] = {
	PATH_ID, { F_REQUEST_ID, FT_STR, 1, 64, MUST }, END
};

static const struct route_field direct_end_fields[] = {
	PATH_ID, { F_REQUEST_ID, FT_STR, 1, 64, MUST },
	{ F_RESULT, FT_STR, 1, 15, MUST },
	END
};

static const struct route_field menu_fields[] = {
	{ F_STATE, FT_STR, 0, 32, 0 },
	{ F_SESSION_ID, FT_STR, 0, 64, 0 },
	{ F_MENU, FT_STR, 0, 64, 0 },
	{ F_REV, FT_STR, 0, 64, 0 },
	{ F_LOCALE, FT_STR, 0, 15, 0 },
	{ F_CURSOR, FT_STR, 0, 64, 0 },
	{ F_STATUS, FT_JSON, 0, 8192, 0 },
	END
};

/* Bounds of opdp.md B3: user 1..83 bytes, password <= 128, card <= 116. */
static const struct route_field action_fields[] = {
	{ F_REQUEST_ID, FT_STR, 1, 64, 0 },
	{ F_SESSION_ID, FT_STR, 0, 64, 0 },
	{ F_OP, FT_STR, 1, 32, MUST },
	{ F_MENU, FT_STR, 0, 64, 0 },
	{ F_REV, FT_STR, 0, 64, 0 },
	{ F_LOCALE, FT_STR, 0, 15, 0 },
	{ F_METHOD, FT_STR, 1, 32, 0 },
	{ F_VALUE, FT_STR, 0, 232, SECRET },
	{ F_ENCODING, FT_STR, 0, 16, 0 },
	{ F_READER, FT_STR, 0, 32, 0 },
	{ F_USER, FT_STR, 0, 83, 0 },
	{ F_DOMAIN, FT_STR, 0, 128, 0 },
	{ F_PASSWORD, FT_STR, 0, 128, SECRET },
	{ F_PIN, FT_STR, 0, 32, SECRET },
	{ F_CARD_VALUE, FT_STR, 0, 232, SECRET },
	{ F_CARD_ENCODING, FT_STR, 0, 16, 0 },
	{ F_JOBS, FT_JOBS, 0, 200, 0 },
	{ F_JOB, FT_STR, 1, 24, 0 },
	{ F_OPTIONS, FT_OPTIONS, 0, 0, 0 },
	{ F_CONFIRM, FT_BOOL, 0, 1, 0 },
	{ F_ACCOUNT_ID, FT_STR, 0, 83, 0 },
	{ F_STEP, FT_STR, 0, 36, 0 }, { F_TEMPLATE, FT_STR, 0, 83, 0 },
	{ F_ANSWER, FT_STR, 1, 16, 0 }, { F_CHOICE, FT_STR, 0, 128, 0 },
	{ F_CURSOR, FT_STR, 0, 64, 0 },
	{ F_FILTER, FT_STR, 0, 128, 0 },
	{ F_REASON, FT_STR, 0, 32, 0 },
	END
};

#define USER_VALUES \
	{ F_DISPLAY, FT_STR, 0, 128, 0 }, \
	{ F_MAIL, FT_STR, 0, 254, 0 }, \
	{ F_DEPARTMENT, FT_STR, 0, 64, 0 }, \
	{ F_LOCALE, FT_STR, 0, 15, 0 }, \
	{ F_NEW_PASSWORD, FT_STR, 0, 128, SECRET }, \
	{ F_ID_NUMBER, FT_STR, 0, 8, SECRET }, \
	{ F_CARD_PIN, FT_STR, 0, 8, SECRET }, \
	{ F_DISABLED, FT_BOOL, 0, 1, 0 }

static const struct route_field login_fields[] = {
	{ F_NAME, FT_STR, 1, 83, MUST },
	{ F_NEW_PASSWORD, FT_STR, 1, 128, MUST | SECRET },
	{ F_FOR, FT_STR, 0, 64, 0 },
	{ F_AT_DOMAIN, FT_STR, 0, 128, 0 },
	END
};

static const struct route_field user_add_fields[] = {
	{ F_NAME, FT_STR, 1, 83, MUST }, USER_VALUES, END
};

static const struct route_field user_set_fields[] = {
	PATH_NAME, USER_VALUES, END
};

static const struct route_field me_fields[] = {
	{ F_CSRF, FT_STR, 0, 64, QUERY }, END
};

static const struct route_field delegate_fields[] = {
	{ F_NAME, FT_STR, 1, 83, MUST }, { F_VALID_UNTIL, FT_STR, 1, 32, 0 },
	END
};

static const struct route_field role_fields[] = {
	PATH_NAME, { F_ROLE, FT_STR, 1, 16, MUST }, END
};

static const struct route_field card_list_fields[] = {
	{ F_OF_USER, FT_STR, 1, 83, QUERY }, { F_Q, FT_STR, 1, 100, QUERY },
	PAGE, END
};

static const struct route_field card_add_fields[] = {
	{ F_OF_USER, FT_STR, 1, 83, MUST },
	{ F_CARD, FT_STR, 1, 232, MUST | SECRET },
	{ F_CARD_ENC, FT_STR, 0, 16, 0 },
	{ F_VALID_UNTIL, FT_STR, 1, 32, 0 },
	{ F_VALID_FROM, FT_STR, 1, 32, 0 },
	END
};

static const struct route_field card_move_fields[] = {
	PATH_ID, { F_OF_USER, FT_STR, 1, 83, MUST }, END
};

/* Of the server, a device group or a device. */
static const struct route_field card_format_fields[] = {
	{ F_FORMAT, FT_STR, 0, 63, 0 },
	{ F_USB, FT_STR, 0, 9, 0 },
	{ F_DEVICE, FT_STR, 1, 64, 0 },
	{ F_DEVICE_GROUP, FT_STR, 1, 100, 0 },
	{ F_CONFIRM, FT_BOOL, 0, 1, 0 },
	{ F_FORGET, FT_BOOL, 0, 1, 0 },
	END
};

static const struct route_field card_test_fields[] = {
	{ F_CARD, FT_STR, 1, 232, MUST | SECRET },
	{ F_CARD_ENC, FT_STR, 0, 16, 0 },
	{ F_DEVICE, FT_STR, 1, 64, 0 },
	{ F_DEVICE_GROUP, FT_STR, 1, 100, 0 },
	{ F_FORMAT, FT_STR, 0, 63, 0 },
	END
};

static const struct route_field user_export_fields[] = {
	{ F_AFTER, FT_STR, 0, 83, QUERY }, END
};

static const struct route_field user_import_fields[] = {
	{ F_CSV, FT_STR, 1, 4194304, MUST | SECRET },
	{ F_DRY_RUN, FT_BOOL, 0, 1, 0 },
	{ F_DELETE_MISSING, FT_BOOL, 0, 1, 0 },
	END
};

static const struct route_field user_data_fields[] = {
	PATH_NAME, { F_AFTER, FT_STR, 0, 64, QUERY }, END
};

static const struct route_field me_set_fields[] = {
	{ F_LOCALE, FT_STR, 0, 15, 0 },
	{ F_NEW_PASSWORD, FT_STR, 0, 128, SECRET },
	{ F_CURRENT_PASSWORD, FT_STR, 0, 128, SECRET },
	{ F_ID_NUMBER, FT_STR, 0, 8, SECRET },
	{ F_CARD_PIN, FT_STR, 0, 8, SECRET },
	END
};

static const struct route_field me_code_fields[] = {
	{ F_DEVICE, FT_STR, 1, 64, 0 }, END
};

static const struct route_field guest_add_fields[] = {
	{ F_DISPLAY, FT_STR, 0, 128, 0 },
	{ F_MAIL, FT_STR, 0, 254, 0 },
	{ F_LOCALE, FT_STR, 0, 15, 0 },
	{ F_DAYS, FT_INT, 1, 366, 0 },
	{ F_VALID_FROM, FT_STR, 1, 32, 0 },
	{ F_VALID_UNTIL, FT_STR, 1, 32, 0 },
	{ F_AMOUNT, FT_STR, 1, 24, 0 },
	{ F_MONO, FT_INT, 0, 999999, 0 },
	{ F_COLOUR, FT_INT, 0, 999999, 0 },
	END
};

static const struct route_field guest_set_fields[] = {
	PATH_NAME,
	{ F_DAYS, FT_INT, 1, 366, 0 },
	{ F_VALID_UNTIL, FT_STR, 1, 32, 0 },
	{ F_NEW_CODE, FT_BOOL, 0, 1, 0 },
	END
};

static const struct route_field me_card_fields[] = {
	{ F_CARD, FT_STR, 1, 232, MUST | SECRET },
	{ F_CARD_ENC, FT_STR, 0, 16, 0 },
	END
};

#define DEVICE_VALUES \
	{ F_LOCATION, FT_STR, 0, 128, 0 }, \
	{ F_LPR_HOST, FT_STR, 1, 253, 0 }, \
	{ F_LPR_PORT, FT_INT, 1, 65535, 0 }, \
	{ F_LPR_QUEUE, FT_STR, 1, 255, 0 }, \
	{ F_DRIVER, FT_STR, 0, 250, 0 }, \
	{ F_PROTOCOL, FT_STR, 0, 23, 0 }, \
	{ F_ADDRESS, FT_STR, 0, 253, 0 }, \
	{ F_SNMP_PORT, FT_INT, 1, 65535, 0 }, \
	{ F_TRANSPORT, FT_STR, 1, 8, 0 }, \
	{ F_IPP_URI, FT_STR, 0, 299, 0 }, \
	{ F_IPP_PIN, FT_STR, 0, 64, 0 }, \
	{ F_GROUPS, FT_STR, 0, 500, 0 }, \
	{ F_LPR_ORDER, FT_STR, 0, 16, 0 }, \
	{ F_SESSION_MODE, FT_STR, 0, 16, 0 }

static const struct route_field device_list_fields[] = {
	{ F_Q, FT_STR, 1, 100, QUERY },
	{ F_DEVICE_GROUP, FT_STR, 1, 63, QUERY },
	{ F_CONDITION, FT_STR, 1, 15, QUERY },
	{ F_STATION, FT_STR, 1, 3, QUERY },
	PAGE, END
};

/* Of functions and lists, a name of a group has at most 63 bytes. */
#define PATH_DEVICE_GROUP { F_ID, FT_STR, 1, 127, FIELD_PATH | MUST }

static const struct route_field device_group_fields[] = {
	PATH_DEVICE_GROUP, END
};

static const struct route_field device_group_set_fields[] = {
	PATH_DEVICE_GROUP, { F_OP, FT_STR, 1, 32, MUST },
	{ F_DEVICES, FT_STR, 1, 16384, MUST }, END
};

static const struct route_field device_group_rename_fields[] = {
	PATH_DEVICE_GROUP, { F_NAME, FT_STR, 1, 63, MUST }, END
};

static const struct route_field supplies_fields[] = {
	{ F_BELOW, FT_INT, 1, 100, QUERY },
	{ F_Q, FT_STR, 1, 100, QUERY },
	{ F_DEVICE_GROUP, FT_STR, 1, 63, QUERY },
	{ F_KIND, FT_STR, 1, 40, QUERY },
	PAGE, END
};

static const struct route_field device_items_fields[] = {
	PATH_ID, { F_GROUP, FT_STR, 1, 15, QUERY }, END
};

static const struct route_field device_restrictions_fields[] = {
	PATH_ID, { F_AT, FT_STR, 1, 15, QUERY }, END
};

static const struct route_field device_events_fields[] = {
	PATH_ID, { F_LIMIT, FT_INT, 1, 200, QUERY }, END
};

static const struct route_field device_add_fields[] = {
	{ F_NAME, FT_STR, 1, 64, MUST },
	{ F_DEVICE_SERIAL, FT_STR, 0, 64, 0 },
	DEVICE_VALUES, END
};

static const struct route_field device_set_fields[] = {
	PATH_ID, { F_NAME, FT_STR, 1, 64, 0 }, DEVICE_VALUES, END
};

static const struct route_field device_command_fields[] = {
	PATH_ID,
	{ F_COMMAND, FT_STR, 1, 16, MUST },
	{ F_TEXT, FT_STR, 0, 240, 0 },
	{ F_TTL_S, FT_INT, 1, 86400, 0 },
	END
};

static const struct route_field job_list_fields[] = {
	{ F_OF_USER, FT_STR, 1, 83, QUERY },
	{ F_JOB_STATE, FT_STR, 1, 80, QUERY },
	{ F_Q, FT_STR, 1, 100, QUERY },
	SPAN,
	{ F_DEVICE, FT_STR, 1, 64, QUERY },
	{ F_QUEUE, FT_STR, 1, 127, QUERY },
	{ F_ORDER, FT_STR, 1, 8, QUERY },
	PAGE, END
};

static const struct route_field usage_fields[] = {
	{ F_BY, FT_STR, 1, 8, QUERY },
	{ F_GROUP_BY, FT_STR, 1, 8, QUERY },
	SPAN,
	{ F_OF_USER, FT_STR, 1, 83, QUERY },
	{ F_DEVICE, FT_STR, 1, 64, QUERY },
	{ F_LIMIT, FT_INT, 1, 2000, QUERY },
	END
};

static const struct route_field activity_fields[] = {
	{ F_OF_USER, FT_STR, 1, 83, QUERY },
	{ F_DEVICE, FT_STR, 1, 64, QUERY },
	{ F_FUNCTION, FT_STR, 1, 32, QUERY },
	SPAN, PAGE, END
};

static const struct route_field recorded_fields[] = {
	SPAN, { F_AFTER, FT_STR, 0, 64, QUERY },
	{ F_LIMIT, FT_INT, 1, 5000, QUERY }, END
};

static const struct route_field cost_fields[] = {
	{ F_BY, FT_STR, 1, 10, QUERY }, SPAN,
	{ F_LIMIT, FT_INT, 1, 2000, QUERY }, END
};

static const struct route_field audit_fields[] = {
	{ F_WHO, FT_STR, 1, 100, QUERY },
	{ F_WHAT, FT_STR, 1, 40, QUERY },
	SPAN, PAGE, END
};

static const struct route_field job_options_fields[] = {
	PATH_ID,
	{ F_OPTIONS, FT_OPTIONS, 0, 0, 0 },
	END
};

static const struct route_field job_preview_fields[] = {
	PATH_ID,
	{ F_SIZE, FT_INT, 64, 2000, QUERY },
	END
};

static const struct route_field job_release_fields[] = {
	PATH_ID,
	{ F_DEVICE, FT_STR, 1, 64, MUST },
	{ F_COPIES, FT_INT, 1, 999, 0 },
	{ F_CONFIRM, FT_BOOL, 0, 1, 0 },
	END
};

/* ---- money */
#define KIND_QUERY { F_KIND, FT_STR, 1, 16, QUERY }
static const struct route_field list_fields[] = { PAGE, END };

static const struct route_field account_list_fields[] = {
	KIND_QUERY, { F_Q, FT_STR, 1, 100, QUERY }, PAGE, END
};

static const struct route_field account_add_fields[] = {
	{ F_NAME, FT_STR, 1, 83, MUST }, { F_KIND, FT_STR, 1, 16, MUST }, END
};

static const struct route_field account_fields[] = {
	PATH_NAME, KIND_QUERY, END
};

static const struct route_field account_set_fields[] = {
	PATH_NAME, { F_KIND, FT_STR, 1, 16, MUST },
	{ F_CLOSED, FT_BOOL, 0, 1, 0 }, { F_MEMBERS, FT_STR, 0, 83, 0 }, END
};

static const struct route_field account_grant_fields[] = {
	PATH_NAME, { F_KIND, FT_STR, 1, 16, 0 }, { F_UNIT, FT_STR, 1, 16, 0 },
	{ F_AMOUNT, FT_STR, 1, 32, MUST }, { F_TEXT, FT_STR, 0, 200, 0 }, END
};

static const struct route_field account_statement_fields[] = {
	PATH_NAME, KIND_QUERY, { F_UNIT, FT_STR, 1, 16, QUERY }, PAGE, END
};

static const struct route_field job_refund_fields[] = {
	PATH_ID, { F_AMOUNT, FT_STR, 1, 32, 0 },
	{ F_TEXT, FT_STR, 0, 200, 0 }, END
};

static const struct route_field quota_set_fields[] = {
	{ F_OWNER, FT_STR, 1, 16, MUST }, { F_NAME, FT_STR, 0, 83, 0 },
	{ F_UNIT, FT_STR, 1, 16, 0 }, { F_AMOUNT, FT_STR, 1, 32, MUST },
	{ F_PERIOD, FT_STR, 1, 16, 0 }, { F_AT, FT_STR, 5, 5, 0 },
	{ F_CARRY, FT_BOOL, 0, 1, 0 }, { F_LAST, FT_STR, 1, 16, 0 }, END
};

static const struct route_field quota_del_fields[] = {
	PATH_NAME, { F_OWNER, FT_STR, 1, 16, QUERY | MUST },
	{ F_UNIT, FT_STR, 1, 16, QUERY }, END
};

static const struct route_field group_add_fields[] = {
	{ F_NAME, FT_STR, 1, 83, MUST }, END
};

static const struct route_field group_fields[] = { PATH_NAME, PAGE, END };

static const struct route_field group_set_fields[] = {
	PATH_NAME, { F_OP, FT_STR, 1, 32, MUST },
	{ F_NAME, FT_STR, 1, 83, MUST }, { F_KIND, FT_STR, 1, 16, 0 }, END
};

static const struct route_field ledger_check_fields[] = {
	{ F_AFTER, FT_STR, 0, 200, QUERY }, END
};

static const struct route_field book_fields[] = {
	{ F_VERSION, FT_INT, 1, INT64_MAX, QUERY }, END
};

static const struct route_field book_set_fields[] = {
	{ F_TEXT, FT_STR, 0, 1 << 20, MUST | FIELD_LINES },
	{ F_DRY_RUN, FT_BOOL, 0, 1, 0 },
	END
};

static const struct route_field access_list_fields[] = {
	{ F_FUNCTION, FT_STR, 1, 39, QUERY }, { F_DEVICE, FT_STR, 1, 64, QUERY },
	{ F_DEVICE_GROUP, FT_STR, 1, 63, QUERY },
	{ F_OF_USER, FT_STR, 1, 83, QUERY }, { F_GROUP, FT_STR, 1, 83, QUERY },
	{ F_WHO, FT_STR, 1, 16, QUERY }, PAGE, END
};

static const struct route_field access_set_fields[] = {
	{ F_FUNCTION, FT_STR, 1, 39, MUST }, { F_DEVICE, FT_STR, 1, 64, 0 },
	{ F_DEVICE_GROUP, FT_STR, 1, 63, 0 }, { F_OF_USER, FT_STR, 1, 83, 0 },
	{ F_GROUP, FT_STR, 1, 83, 0 }, { F_WHO, FT_STR, 1, 16, 0 },
	{ F_STATE, FT_STR, 1, 16, MUST }, { F_TEMPLATE, FT_STR, 1, 83, 0 }, END
};

static const struct route_field access_explain_fields[] = {
	{ F_FUNCTION, FT_STR, 1, 39, QUERY | MUST },
	{ F_DEVICE, FT_STR, 1, 64, QUERY },
	{ F_OF_USER, FT_STR, 1, 83, QUERY }, END
};

static const struct route_field backup_fields[] = {
	{ F_NEW_PASSWORD, FT_STR, 1, 512, MUST | SECRET }, END
};

static const struct route_field lockout_end_fields[] = {
	{ F_KIND, FT_STR, 1, 16, MUST }, { F_NAME, FT_STR, 1, 100, MUST }, END
};

#define DIRECTORY_VALUES \
	{ F_CA, FT_STR, 0, 262144, FIELD_LINES }, \
	{ F_CRL, FT_STR, 0, 262144, FIELD_LINES }, \
	{ F_SERVICE_PASSWORD, FT_STR, 0, 256, SECRET }, \
	{ F_KEYTAB, FT_STR, 0, 24576, SECRET | FIELD_LINES }, \
	{ F_POSITION, FT_INT, 1, 1000, 0 }, \
	{ F_DRY_RUN, FT_BOOL, 0, 1, 0 }

static const struct route_field directory_add_fields[] = {
	{ F_NAME, FT_STR, 1, 83, MUST },
	{ F_TEXT, FT_STR, 0, 16384, MUST | FIELD_LINES }, DIRECTORY_VALUES,
	END
};

static const struct route_field directory_set_fields[] = {
	PATH_NAME, { F_TEXT, FT_STR, 0, 16384, FIELD_LINES },
	DIRECTORY_VALUES, END
};

static const struct route_field directory_test_fields[] = {
	PATH_NAME, { F_NAME, FT_STR, 1, 83, 0 }, END
};

#define SNMP_VALUES \
	{ F_POSITION, FT_INT, 1, 1000, 0 }, \
	{ F_KIND, FT_STR, 1, 16, 0 }, \
	{ F_VERSION, FT_STR, 1, 4, 0 }, \
	{ F_OF_USER, FT_STR, 0, 64, 0 }, \
	{ F_AUTH, FT_STR, 1, 8, 0 }, \
	{ F_PRIV, FT_STR, 1, 8, 0 }, \
	{ F_CONTEXT, FT_STR, 0, 64, 0 }, \
	{ F_ADDRESSES, FT_STR, 0, 2047, FIELD_LINES }, \
	{ F_COMMUNITY, FT_STR, 0, 64, SECRET }, \
	{ F_AUTH_PASSWORD, FT_STR, 0, 128, SECRET }, \
	{ F_PRIV_PASSWORD, FT_STR, 0, 128, SECRET }

static const struct route_field snmp_add_fields[] = {
	{ F_NAME, FT_STR, 1, 83, MUST }, SNMP_VALUES, END
};

static const struct route_field snmp_set_fields[] = {
	PATH_NAME, SNMP_VALUES, END
};

static const struct route_field snmp_test_fields[] = {
	{ F_ADDRESS, FT_STR, 1, 253, MUST }, END
};

static const struct route_field discovery_fields[] = {
	{ F_ADDRESSES, FT_STR, 0, 4095, FIELD_LINES }, END
};

static const struct route_field found_fields[] = {
	{ F_WHAT, FT_STR, 1, 16, QUERY }, PAGE, END
};

static const struct route_field found_add_fields[] = {
	{ F_ADDRESSES, FT_STR, 1, 16384, MUST | FIELD_LINES },
	{ F_NAME, FT_STR, 1, 200, 0 }, { F_LOCATION, FT_STR, 0, 128, 0 },
	{ F_GROUPS, FT_STR, 0, 511, 0 }, { F_DRIVER, FT_STR, 0, 255, 0 }, END
};

#define TEMPLATE_VALUES \
	{ F_SUCCESS, FT_STR, 1, 8, 0 }, \
	{ F_GROUPS, FT_JSON, 0, 2048, 0 }

static const struct route_field template_add_fields[] = {
	{ F_NAME, FT_STR, 1, 83, MUST },
	{ F_BLOCKS, FT_JSON, 0, 2048, MUST }, TEMPLATE_VALUES, END
};

static const struct route_field template_set_fields[] = {
	PATH_NAME, { F_BLOCKS, FT_JSON, 0, 2048, 0 }, TEMPLATE_VALUES, END
};

static const struct route_field secret_set_fields[] = {
	{ F_DEVICE, FT_STR, 0, 128, 0 }, { F_KIND, FT_STR, 1, 16, MUST },
	{ F_CARD, FT_STR, 0, 128, MUST | SECRET }, END
};

static const struct route_field addresses_fields[] = {
	{ F_Q, FT_STR, 1, 100, QUERY | MUST }, END
};

static const struct route_field sync_get_fields[] = {
	PATH_NAME, { F_KIND, FT_STR, 1, 16, QUERY }, PAGE, END
};

static const struct route_field sync_start_fields[] = {
	PATH_NAME, { F_DRY_RUN, FT_BOOL, 0, 1, 0 },
	{ F_FORCE, FT_BOOL, 0, 1, 0 }, END
};

static const struct route_field rules_try_fields[] = {
	{ F_TEXT, FT_STR, 0, 1 << 20, FIELD_LINES },
	{ F_VALUES, FT_JSON, 0, 16384, 0 },
	{ F_JOB, FT_STR, 1, 64, 0 },
	END
};

static const struct route_field waiting_fields[] = {
	{ F_KIND, FT_STR, 1, 16, QUERY }, PAGE, END
};

static const struct route_field job_answer_fields[] = {
	PATH_ID,
	{ F_ANSWER, FT_STR, 1, 16, MUST },
	{ F_TEXT, FT_STR, 0, 200, 0 },
	END
};

static const struct route_field settings_set_fields[] = {
	{ F_CHANGES, FT_JSON, 0, 32768, MUST },
	{ F_DRY_RUN, FT_BOOL, 0, 1, 0 },
	END
};

static const struct route_field certificate_csr_fields[] = {
	{ F_COMMON_NAME, FT_STR, 1, 64, MUST },
	{ F_NAMES, FT_JSON, 0, 4096, 0 },
	{ F_ORGANIZATION, FT_STR, 0, 64, 0 },
	{ F_COUNTRY, FT_STR, 0, 2, 0 },
	{ F_KEY_TYPE, FT_STR, 0, 8, 0 },
	END
};

static const struct route_field certificate_install_fields[] = {
	{ F_PEM, FT_STR, 1, 32768, MUST | FIELD_LINES },
	END
};

const struct route routes[ROUTE_COUNT] = {
#define ROUTE(id, method, path, callers, fields) \
	[id] = { #id, method, path, callers, fields },
#include "releaserd/routes.def"
#undef ROUTE
};

const char *const field_paths[F_COUNT] = {
#define FIELD(id, path) [id] = path,
#include "releaserd/fields.def"
#undef FIELD
};

size_t
route_body_large(enum req_route route)
{
	return route == API_USER_IMPORT || route == API_PRICES_SET ||
	    route == API_RULES_SET || route == API_RULES_TRY ?
	    ROUTE_BODY_LARGE : 0;
}
