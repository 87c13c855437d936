/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Settings that are good words and yet would not do on this machine. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/card_format.h"
#include "lib/mail.h"
#include "lib/ranges.h"
#include "releaserd/directory.h"
#include "releaserd/super/super.h"

static int
check_path(const char *path, struct rel_err *err)
{
	return path[0] == '/' ? 0 : rel_err_set(err, REL_E_FORMAT,
	    "\"%.100s\" must begin with /", path);
}

static int
check_path_or_none(const char *path, struct rel_err *err)
{
	return path[0] == '\0' ? 0 : check_path(path, err);
}

static int
check_user(const char *user, struct rel_err *err)
{
	uid_t uid;
	gid_t gid;

	return jail_ids(user, &uid, &gid, err);
}

/* What QR codes begin with: nothing that a page or a PDF would have to mind. */
static int
check_server(const char *server, struct rel_err *err)
{
	return server[0] == '\0' || rel_mail_server_ok(server) ? 0 :
	    rel_err_set(err, REL_E_FORMAT, "\"%.100s\" is no server such as "
	    "mail.example.com:25", server);
}

static int
check_mail(const char *address, struct rel_err *err)
{
	return address[0] == '\0' || rel_mail_address_ok(address) ? 0 :
	    rel_err_set(err, REL_E_FORMAT, "\"%.100s\" is no mail address",
	    address);
}

static int
check_url(const char *url, struct rel_err *err)
{
	const char *host = strncmp(url, "https://", 8) == 0 ? url + 8 :
	    strncmp(url, "http://", 7) == 0 ? url + 7 : "";

	for (const char *p = url; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || strchr("\"'<>\\?#", *p) != NULL)
			host = "";
	return url[0] == '\0' || (host[0] != '\0' && host[0] != '/') ? 0 :
	    rel_err_set(err, REL_E_FORMAT, "\"%.100s\" is no address such "
	    "as https://print.example.com:631", url);
}

/* Who logs in needs a password, and a way on which nobody reads it. */
static int
check_mailing(const struct settings *set, const char **directive,
    struct rel_err *err)
{
	*directive = "MailUser";
	if ((set->mail_user[0] == '\0') != (set->mail_password_file[0] ==
	    '\0'))
		return rel_err_set(err, REL_E_FORMAT, "MailUser and "
		    "MailPasswordFile belong together");
	if (set->mail_user[0] != '\0' && set->mail_tls == 0)
		return rel_err_set(err, REL_E_FORMAT, "with MailTls none the "
		    "password would go over in clear text: starttls or tls");
	return 0;
}

/* Sockets lie there, and their names are bounded. */
static int
check_run(const char *path, struct rel_err *err)
{
	size_t room = sizeof ((struct sockaddr_un *)0)->sun_path -
	    sizeof "/intake.sock";

	return strlen(path) <= room ? check_path(path, err) :
	    rel_err_set(err, REL_E_FORMAT, "\"%.100s\" is too long for the "
	    "sockets in it: at most %zu bytes", path, room);
}

static int
check_mails(const char *value, struct rel_err *err)
{
	char one[REL_MAIL_ADDRESS_MAX + 1];
	int rc = 0;

	while (rc == 0 && *(value += strspn(value, " \t")) != '\0') {
		size_t n = strcspn(value, " \t");

		snprintf(one, sizeof one, "%.*s", (int)n, value);
		rc = check_mail(one, err);
		value += n;
	}
	return rc;
}

/* An address, or a subnet: "192.0.2.7", "2001:db8::/32". */
static bool
is_net(char *one)
{
	char *slash = strchr(one, '/'), *end = slash;
	struct in6_addr in6;
	struct in_addr in4;
	unsigned long bits = 0;

	if (slash != NULL) {
		*slash++ = '\0';
		bits = strtoul(slash, &end, 10);
		if (strspn(slash, "0123456789") == 0 || *end != '\0')
			return false;
	}
	return inet_pton(AF_INET, one, &in4) == 1 ? bits <= 32 :
	    inet_pton(AF_INET6, one, &in6) == 1 && bits <= 128;
}

static int
check_nets(const char *value, struct rel_err *err)
{
	char one[64];

	while (*(value += strspn(value, " ,")) != '\0') {
		size_t n = strcspn(value, " ,");

		snprintf(one, sizeof one, "%.*s", (int)n, value);
		if (n >= sizeof one || !is_net(one))
			return rel_err_set(err, REL_E_FORMAT, "\"%.*s\" is no "
			    "address or subnet such as 192.0.2.0/24", (int)n,
			    value);
		value += n;
	}
	return 0;
}

static int
ranges_check(const char *value, bool names, struct rel_err *err)
{
	struct rel_ranges *r = malloc(sizeof *r);
	int rc = r == NULL ? rel_err_set(err, REL_E_NOMEM, "no memory") :
	    rel_ranges_read(r, value, names, err);

	if (rc == 0)
		rel_ranges_fini(r);
	free(r);
	return rc;
}

static int
check_ranges(const char *value, struct rel_err *err)
{
	return ranges_check(value, true, err);
}

static int
check_addresses(const char *value, struct rel_err *err)
{
	return ranges_check(value, false, err);
}

static int
check_address_port(const char *value, struct rel_err *err)
{
	const char *colon = strrchr(value, ':');
	char host[INET_ADDRSTRLEN] = "";
	struct in_addr in4;

	if (colon != NULL && (size_t)(colon - value) < sizeof host)
		memcpy(host, value, (size_t)(colon - value));
	return inet_pton(AF_INET, host, &in4) == 1 && strspn(colon + 1,
	    "0123456789") == strlen(colon + 1) && strlen(colon + 1) <= 5 &&
	    strtoul(colon + 1, NULL, 10) - 1 < 65535 ? 0 : rel_err_set(err,
	    REL_E_FORMAT, "write an address and a port, such as "
	    "224.0.0.251:5353");
}

static int
check_when(const char *value, struct rel_err *err)
{
	int weekday, minute;

	return value[0] == '\0' || directory_sync_at(value, &weekday,
	    &minute) ? 0 : rel_err_set(err, REL_E_FORMAT, "write HH:MM, or a "
	    "day of the week and HH:MM, such as sunday 03:30");
}

/* With folders that others own or write to releaserd does not start. */
static int
check_folders(const struct settings *set, const char **directive,
    struct rel_err *err)
{
	const struct {
		const char *name, *path;
		bool cores;
	} all[] = {
		{ "RunDir", set->run_dir, false },
		{ "StateDir", set->state_dir, true },
		{ "SpoolDir", set->spool_dir, true }
	};
	uid_t uid = geteuid();
	gid_t gid;
	int rc;

	*directive = "CoreUser";
	if (set->jail != 0 &&
	    (rc = jail_ids(set->core_user, &uid, &gid, err)) < 0)
		return rc;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		*directive = all[i].name;
		if ((rc = files_folder_fits(all[i].path, all[i].cores ? uid :
		    geteuid(), err)) < 0)
			return rc;
	}
	return 0;
}

int
super_check(const struct settings *set, const char **directive,
    struct rel_err *err)
{
	const struct {
		const char *name, *value;
		int (*check)(const char *value, struct rel_err *err);
	} all[] = {
		{ "RunDir", set->run_dir, check_run },
		{ "StateDir", set->state_dir, check_path },
		{ "SpoolDir", set->spool_dir, check_path },
		{ "KeyFile", set->key_file, check_path },
		{ "NtlmHelper", set->ntlm_helper, check_path },
		{ "PamFolder", set->pam_folder, check_path },
		{ "CupsSocket", set->cups_socket, check_path },
		{ "Listen", set->listen, listen_check },
		{ "CardRanges", set->card_ranges, rel_card_ranges_check },
		{ "PrintFrom", set->print_from, check_nets },
		{ "DiscoveryAddresses", set->discovery_ranges, check_ranges },
		{ "DiscoveryAt", set->discovery_at, check_when },
		{ "DiscoveryBroadcast", set->discovery_broadcast,
		    check_addresses },
		{ "DiscoveryDnsSdAt", set->discovery_dns_sd_at,
		    check_address_port },
		{ "PagesUrl", set->pages_url, check_url },
		{ "MailServer", set->mail_server, check_server },
		{ "MailFrom", set->mail_from, check_mail },
		{ "MailAdministrators", set->mail_admins, check_mails },
		{ "MailCA", set->mail_ca, check_path_or_none },
		{ "MailPasswordFile", set->mail_password_file,
		    check_path_or_none },
		{ "CoreUser", set->core_user, check_user },
		{ "NetUser", set->net_user, check_user }
	};

	int rc;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (all[i].check == check_user && set->jail == 0)
			continue;
		if ((rc = all[i].check(all[i].value, err)) < 0) {
			*directive = all[i].name;
			return rc;
		}
	}
	if ((rc = check_mailing(set, directive, err)) < 0)
		return rc;
	return check_folders(set, directive, err);
}
