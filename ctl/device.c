/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl device ... */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ctl/ctl.h"
#include "lib/text.h"

#define HOST_MAX 254
#define ID_MAX 80

static const struct ctl_column list_columns[] = {
	{ "ID", "id", COL_TEXT }, { "NAME", "name", COL_TEXT },
	{ "STATE", "state", COL_TEXT }, { "LOCATION", "location", COL_TEXT },
	{ "MODEL", "model", COL_TEXT }, { "LPR HOST", "lpr_host", COL_TEXT },
	{ "LAST SEEN", "last_seen_at", COL_TIME }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column show_columns[] = {
	{ "Id", "id", COL_TEXT }, { "Name", "name", COL_TEXT },
	{ "State", "state", COL_TEXT }, { "Serial", "serial", COL_TEXT },
	{ "Vendor", "vendor", COL_TEXT }, { "Model", "model", COL_TEXT },
	{ "Firmware", "firmware", COL_TEXT },
	{ "Location", "location", COL_TEXT },
	{ "LPR host", "lpr_host", COL_TEXT },
	{ "LPR port", "lpr_port", COL_INT },
	{ "LPR queue", "lpr_queue", COL_TEXT },
	{ "LPR order", "lpr_order", COL_TEXT },
	{ "Transport", "transport", COL_TEXT },
	{ "IPP URI", "ipp_uri", COL_TEXT },
	{ "IPP pin", "ipp_pin", COL_TEXT },
	{ "Driver", "driver", COL_TEXT },
	{ "Groups", "groups", COL_TEXT },
	{ "Protocol", "protocol", COL_TEXT },
	{ "Address", "address", COL_TEXT },
	{ "Sessions", "session_mode", COL_TEXT },
	{ "Is", "condition", COL_TEXT },
	{ "Panel locked", "panel_locked_at", COL_TIME },
	{ "Registered", "registered_at", COL_TIME },
	{ "Last seen", "last_seen_at", COL_TIME }, { NULL, NULL, COL_TEXT }
};

/* HOST[:PORT][/QUEUE], the host a name, IPv4 or [IPv6]. */
static int
put_lpr(struct ctl *c, json_t *body)
{
	const char *p = c->opt[OPT_LPR];
	size_t n = p[0] == '[' ? strcspn(p, "]") + 1 : strcspn(p, ":/");
	char host[HOST_MAX], port[8];
	int64_t number;

	if (n == 0 || n > strlen(p) || n >= sizeof host)
		return ctl_misuse(c, "--lpr takes HOST[:PORT][/QUEUE]");
	memcpy(host, p, n);
	host[n] = '\0';
	p += n;
	if (host[0] == '[') {
		host[n - 1] = '\0';
		memmove(host, host + 1, n - 1);
	}
	json_object_set_new(body, "lpr_host", json_string(host));
	if (*p == ':') {
		n = strcspn(++p, "/");
		snprintf(port, sizeof port, "%.*s", (int)(n < 7 ? n : 7), p);
		if (!rel_int(&number, port, 1, 65535))
			return ctl_misuse(c, "%s is no port number", port);
		json_object_set_new(body, "lpr_port", json_integer(number));
		p += n;
	}
	if (*p != '\0' && (*p != '/' || p[1] == '\0'))
		return ctl_misuse(c, "--lpr takes HOST[:PORT][/QUEUE]");
	if (*p == '/')
		json_object_set_new(body, "lpr_queue", json_string(p + 1));
	return 0;
}

static int
put_values(struct ctl *c, json_t *body)
{
	static const struct ctl_member texts[] = {
		{ OPT_NAME, "name" }, { OPT_SERIAL, "serial" },
		{ OPT_LOCATION, "location" }, { OPT_DRIVER, "driver" },
		{ OPT_GROUPS, "groups" }, { OPT_PROTOCOL, "protocol" },
		{ OPT_ADDRESS, "address" }, { OPT_TRANSPORT, "transport" },
		{ OPT_SESSION_MODE, "session_mode" },
		{ OPT_IPP_URI, "ipp_uri" }, { OPT_IPP_PIN, "ipp_pin" },
	};
	static const int64_t port[] = { 1, 65535 };
	bool first = false;
	int rc = ctl_put_texts(c, body, texts, sizeof texts /
	    sizeof texts[0]);

	if (rc < 0 || (rc = ctl_yes(c, OPT_DATA_FIRST, &first)) < 0)
		return rc;
	if (rc == 1)
		json_object_set_new(body, "lpr_order", json_string(first ?
		    "data-first" : "control-first"));
	rc = ctl_put_number(c, body, "snmp_port", OPT_SNMP_PORT, port);
	if (rc < 0)
		return rc;
	return c->opt[OPT_LPR] != NULL ? put_lpr(c, body) : 0;
}

/*
 * The id of the device that is meant: an id, or the name of exactly one.
 * Devices that were removed do not count.
 */
int
ctl_device_find(struct ctl *c, const char *what, char *id, size_t size)
{
	json_t *answer, *row;
	size_t i, found = 0;
	int rc = ctl_list(c, "/devices", "", "devices", &answer);

	if (rc < 0)
		return rc;
	json_array_foreach(json_object_get(answer, "devices"), i, row) {
		const char *row_id =
		    json_string_value(json_object_get(row, "id"));
		const char *name =
		    json_string_value(json_object_get(row, "name"));

		if (row_id == NULL || name == NULL ||
		    (strcmp(row_id, what) != 0 && strcasecmp(name, what) != 0))
			continue;
		snprintf(id, size, "%s", row_id);
		found++;
		if (strcmp(row_id, what) == 0) {
			found = 1;
			break;
		}
	}
	json_decref(answer);
	if (found == 0)
		return rel_err_set(&c->err, REL_E_NOTFOUND,
		    "there is no device \"%.100s\"", what);
	return found == 1 ? 0 : rel_err_set(&c->err, REL_E_FORMAT,
	    "several devices are named \"%.100s\": give the id", what);
}

/* The activation key, once, and what to do with it. */
static void
say_activation(struct ctl *c, const json_t *answer)
{
	const char *key =
	    json_string_value(json_object_get(answer, "activation_key"));
	char until[64];
	json_t *status = NULL;
	const char *url = NULL;

	ctl_text(until, sizeof until,
	    json_object_get(answer, "activation_expires_at"), COL_TIME);
	if (ctl_call(c, "GET", "/status", "", NULL, &status) == 0)
		url = json_string_value(json_object_get(status, "base_url"));
	ctl_say(c, "\n  Server address:  %s\n"
	    "  Activation key:  %s   (shown only now; good until %s)\n\n"
	    "Type both into the device's own settings under print release, or "
	    "into the\npage of its embedded application. The device then "
	    "registers by itself.\n", url != NULL ? url : "-",
	    key != NULL ? key : "-", until);
	json_decref(status);
}

static int
device_add(struct ctl *c)
{
	json_t *body = json_pack("{s:s}", "name", c->arg[0]);
	json_t *device;
	int rc;

	if (body == NULL)
		return ctl_misuse(c, "the name is no UTF-8 text");
	if (c->opt[OPT_LPR] == NULL && (c->opt[OPT_PROTOCOL] == NULL ||
	    strcmp(c->opt[OPT_PROTOCOL], "queue") != 0))
		rc = ctl_misuse(c, "--lpr HOST[:PORT][/QUEUE] says where the "
		    "device takes its jobs");
	else if ((rc = put_values(c, body)) == 0)
		rc = ctl_call(c, "POST", "/devices", "", body, &device);
	json_decref(body);
	if (rc < 0)
		return rc;
	if (c->opt[OPT_JSON] != NULL)
		ctl_print_json(device);
	ctl_say(c, "Device \"%s\" (%s) is entered.\n", c->arg[0],
	    json_string_value(json_object_get(device, "id")));
	if (c->opt[OPT_JSON] == NULL)
		say_activation(c, device);
	json_decref(device);
	return 0;
}

static int
device_key(struct ctl *c)
{
	char id[ID_MAX];
	json_t *key;
	int rc;

	if ((rc = ctl_device_find(c, c->arg[0], id, sizeof id)) < 0 ||
	    (rc = ctl_call(c, "POST", "/devices/*/key", id, NULL, &key)) < 0)
		return rc;
	if (c->opt[OPT_JSON] != NULL)
		ctl_print_json(key);
	else
		say_activation(c, key);
	json_decref(key);
	return 0;
}

static int
device_attention(struct ctl *c)
{
	json_int_t all = 0, silent = 0, trouble = 0;
	json_t *o;
	int rc = ctl_call(c, "GET", "/attention", NULL, NULL, &o);

	if (rc < 0)
		return rc;
	json_unpack(o, "{s:I,s:I,s:I}", "all", &all, "silent", &silent,
	    "trouble", &trouble);
	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(o);
	} else {
		ctl_table(json_object_get(o, "devices"), list_columns);
		printf("%lld devices, %lld of them silent, %lld in trouble.\n",
		    (long long)all, (long long)silent, (long long)trouble);
	}
	json_decref(o);
	return 0;
}

static int
device_list(struct ctl *c)
{
	json_t *devices;
	int rc = ctl_list(c, "/devices", "", "devices", &devices);

	if (rc == 0)
		ctl_print_list(c, devices, "devices", list_columns);
	return rc;
}

static int
device_show(struct ctl *c)
{
	char id[ID_MAX];
	json_t *device;
	int rc;

	if ((rc = ctl_device_find(c, c->arg[0], id, sizeof id)) == 0 &&
	    (rc = ctl_call(c, "GET", "/devices/*", id, NULL, &device)) == 0)
		ctl_print_one(c, device, show_columns);
	return rc;
}

/* Its panel: "lock", "unlock". */
static int
device_locked(struct ctl *c, const char *path, const char *words)
{
	char id[ID_MAX];
	json_t *device;
	int rc;

	if ((rc = ctl_device_find(c, c->arg[0], id, sizeof id)) < 0 ||
	    (rc = ctl_call(c, "POST", path, id, NULL, &device)) < 0)
		return rc;
	if (c->opt[OPT_JSON] != NULL)
		ctl_print_json(device);
	ctl_say(c, "The panel of %s is %s.\n", c->arg[0], words);
	json_decref(device);
	return 0;
}

static int
device_lock(struct ctl *c)
{
	return device_locked(c, "/devices/*/lock", "locked: what is released "
	    "there waits");
}

static int
device_unlock(struct ctl *c)
{
	return device_locked(c, "/devices/*/unlock", "unlocked: what waited "
	    "is printed");
}

static int
device_command(struct ctl *c)
{
	bool message = strcmp(c->arg[1], "message") == 0;
	char id[ID_MAX];
	int64_t ttl = 60;
	json_t *body;
	int rc;

	if (message != (c->nargs == 3))
		return ctl_misuse(c, "message takes a text, and nothing else "
		    "does");
	if ((rc = ctl_number(c, OPT_TTL, 1, 86400, &ttl)) < 0 ||
	    (rc = ctl_device_find(c, c->arg[0], id, sizeof id)) < 0)
		return rc;
	body = json_pack("{s:s,s:I}", "command", c->arg[1], "ttl_s",
	    (json_int_t)ttl);
	if (body != NULL && message && json_object_set_new(body, "text",
	    json_string(c->arg[2])) < 0) {
		json_decref(body);
		return ctl_misuse(c, "the text is no UTF-8");
	}
	rc = ctl_call(c, "POST", "/devices/*/command", id, body, NULL);
	if (rc == 0)
		ctl_say(c, "%s has done it.\n", c->arg[0]);
	return rc;
}

static int
device_set(struct ctl *c)
{
	json_t *body = json_object(), *device;
	char id[ID_MAX];
	int rc;

	if ((rc = put_values(c, body)) == 0 && json_object_size(body) == 0)
		rc = ctl_misuse(c, "nothing to change was given");
	if (rc == 0 && (rc = ctl_device_find(c, c->arg[0], id, sizeof id)) == 0)
		rc = ctl_call(c, "PATCH", "/devices/*", id, body, &device);
	json_decref(body);
	if (rc == 0)
		ctl_print_one(c, device, show_columns);
	return rc;
}

static int
device_delete(struct ctl *c)
{
	char id[ID_MAX];
	int rc = 0;

	for (int i = 0; i < c->nargs && rc == 0; i++)
		if ((rc = ctl_device_find(c, c->arg[i], id, sizeof id)) == 0 &&
		    (rc = ctl_call(c, "DELETE", "/devices/*", id, NULL,
		    NULL)) == 0)
			ctl_say(c, "Device %s deleted; its certificate is "
			    "worth nothing any more.\n", c->arg[i]);
	return rc;
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt status_opts[] = {
	OPT_DEVICE_GROUP, OPT_CONDITION, OPT_COUNT
};
static const enum ctl_opt restrictions_opts[] = { OPT_AT_DEVICE, OPT_COUNT };
static const enum ctl_opt supplies_opts[] = {
	OPT_BELOW, OPT_DEVICE_GROUP, OPT_KIND, OPT_CSV, OPT_COUNT
};
static const enum ctl_opt add_opts[] = {
	OPT_LPR, OPT_SERIAL, OPT_LOCATION, OPT_DATA_FIRST, OPT_DRIVER,
	OPT_PROTOCOL, OPT_ADDRESS, OPT_SNMP_PORT, OPT_TRANSPORT, OPT_IPP_URI,
	OPT_IPP_PIN, OPT_SESSION_MODE, OPT_GROUPS, OPT_COUNT
};
static const enum ctl_opt set_opts[] = {
	OPT_NAME, OPT_LPR, OPT_LOCATION, OPT_DATA_FIRST, OPT_DRIVER,
	OPT_PROTOCOL, OPT_ADDRESS, OPT_SNMP_PORT, OPT_TRANSPORT, OPT_IPP_URI,
	OPT_IPP_PIN, OPT_SESSION_MODE, OPT_GROUPS, OPT_COUNT
};

static const enum ctl_opt command_opts[] = { OPT_TTL, OPT_COUNT };

const struct ctl_verb ctl_device_verbs[] = {
	{ "device", "list", 0, 0, "", none, "List all devices.", device_list },
	{ "device", "attention", 0, 0, "", none,
	    "List devices that are silent or in trouble, at most 20.",
	    device_attention },
	{ "device", "show", 1, 1, "DEVICE", none, "Show one device.",
	    device_show },
	{ "device", "status", 0, 1, "[DEVICE]", status_opts,
	    "How devices are: what they said last and when.", device_status },
	{ "device", "supplies", 0, 1, "[DEVICE]", supplies_opts,
	    "What toner, ink and the like they have left, the least first.",
	    device_supplies },
	{ "device", "items", 1, 2, "DEVICE [GROUP]", none,
	    "All that is known of one, with source and time; or one group.",
	    device_items },
	{ "device", "events", 1, 1, "DEVICE", none,
	    "When it stopped or did not answer, and when it went on.",
	    device_events },
	{ "device", "restrictions", 1, 1, "DEVICE", restrictions_opts,
	    "What may be done at it while nobody is logged in.",
	    device_restrictions },
	{ "device", "groups", 0, 0, "", none,
	    "The groups devices are in, and how many of them.", device_groups },
	{ "device", "group", 1, 1, "GROUP", none,
	    "One of them, and what names it.", device_group },
	{ "device", "group-join", 2, ARGS_MAX, "GROUP DEVICE ...", none,
	    "Put devices into a group.", device_group_join },
	{ "device", "group-leave", 2, ARGS_MAX, "GROUP DEVICE ...", none,
	    "Take them out.", device_group_leave },
	{ "device", "group-rename", 2, 2, "GROUP NAME", none,
	    "Give a group another name; what is for it follows.",
	    device_group_rename },
	{ "device", "ask", 1, 1, "DEVICE", none,
	    "Have it asked now for all it tells of itself.", device_ask },
	{ "device", "add", 1, 1, "NAME", add_opts,
	    "Enter a device and get its activation key, which is shown once.",
	    device_add },
	{ "device", "set", 1, 1, "DEVICE", set_opts, "Change a device.",
	    device_set },
	{ "device", "key", 1, 1, "DEVICE", none,
	    "Make a new activation key, for a device that was reset.",
	    device_key },
	{ "device", "command", 2, 3, "DEVICE COMMAND [TEXT]", command_opts,
	    "Have it do: identify, refresh-panel, message TEXT, sync-time, "
	    "reboot-session.", device_command },
	{ "device", "lock", 1, 1, "DEVICE", none,
	    "Lock its panel: what is released there waits.", device_lock },
	{ "device", "unlock", 1, 1, "DEVICE", none,
	    "Unlock its panel: what waited is printed.", device_unlock },
	{ "device", "delete", 1, ARGS_MAX, "DEVICE ...", none,
	    "Delete devices and revoke their certificates.", device_delete },
	{ 0 }
};
