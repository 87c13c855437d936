/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A mail to the server of the settings: SMTP (RFC 5321). */
#include "releaserd/agent/agent_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <curl/curl.h>

#include "lib/cursor.h"
#include "lib/log.h"
#include "lib/mail.h"
#include "releaserd/settings.h"

#define CONNECT_MS 3000L
#define WAIT_MS 8000L
#define TEXT_MAX 16384u
#define PASSWORD_MAX 256u

struct order {
	char server[300], from[REL_MAIL_ADDRESS_MAX + 1];
	char to[REL_MAIL_ADDRESS_MAX + 1];
	uint8_t tls;			/* as the choices of MailTls */
	const uint8_t *text;
	size_t len, sent;
};

static bool
order_get(struct order *o, const struct rel_frame *fr)
{
	struct rel_cur c;

	rel_cur_init(&c, fr->body, fr->len);
	o->tls = rel_get_u8(&c);
	rel_get_str(&c, o->server, sizeof o->server);
	rel_get_str(&c, o->from, sizeof o->from);
	rel_get_str(&c, o->to, sizeof o->to);
	o->text = rel_get_bytes(&c, &o->len);
	o->sent = 0;
	return rel_cur_end(&c) == 0 && o->len <= TEXT_MAX &&
	    rel_mail_server_ok(o->server) && rel_mail_address_ok(o->from) &&
	    rel_mail_address_ok(o->to);
}

static size_t
on_read(char *p, size_t size, size_t n, void *ctx)
{
	struct order *o = ctx;
	size_t room = size * n, left = o->len - o->sent;

	if (left > room)
		left = room;
	memcpy(p, o->text + o->sent, left);
	o->sent += left;
	return left;
}

/* The first line of a file that is nobody else's to read. */
static bool
password_read(const char *path, char out[PASSWORD_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *why = NULL;
	struct stat st;
	ssize_t n = -1;

	if (fd < 0 || fstat(fd, &st) < 0)
		why = strerror(errno);
	else if (!S_ISREG(st.st_mode) || (st.st_mode & 07) != 0)
		why = "it is no file, or everybody may read it";
	else if ((n = read(fd, out, PASSWORD_MAX - 1)) < 0)
		why = strerror(errno);
	if (fd >= 0)
		close(fd);
	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\r\n")] = '\0';
	if (why == NULL && out[0] == '\0')
		why = "its first line is empty";
	if (why != NULL)
		rel_log(REL_WARN, "MailPasswordFile cannot be used",
		    "file=\"%s\" why=\"%s\"", path, why);
	return why == NULL;
}

static bool
setup_login(CURL *c, const struct settings *set)
{
	char password[PASSWORD_MAX];
	bool ok = password_read(set->mail_password_file, password) &&
	    curl_easy_setopt(c, CURLOPT_USERNAME, set->mail_user) ==
	    CURLE_OK && curl_easy_setopt(c, CURLOPT_PASSWORD, password) ==
	    CURLE_OK;

	rel_wipe(password, sizeof password);
	return ok;
}

/* Who vouches for the server, and who we are there. */
static bool
setup_trust(CURL *c, const struct settings *set)
{
	return (set->mail_ca[0] == '\0' || (curl_easy_setopt(c,
	    CURLOPT_CAINFO, set->mail_ca) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_CAPATH, NULL) == CURLE_OK)) &&
	    (set->mail_user[0] == '\0' || setup_login(c, set));
}

static bool
setup(CURL *c, struct order *o, struct curl_slist *to)
{
	enum { NONE, STARTTLS, TLS };
	char url[320], from[REL_MAIL_ADDRESS_MAX + 3];

	snprintf(url, sizeof url, "%s://%s", o->tls == TLS ? "smtps" : "smtp",
	    o->server);
	snprintf(from, sizeof from, "<%s>", o->from);
	return curl_easy_setopt(c, CURLOPT_URL, url) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_USE_SSL, (long)(o->tls == STARTTLS ?
	    CURLUSESSL_ALL : CURLUSESSL_NONE)) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_MAIL_FROM, from) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS) ==
	    CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, WAIT_MS) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_READFUNCTION, on_read) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_READDATA, o) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L) == CURLE_OK;
}

static enum ipc_mail
send_it(CURL *c)
{
	CURLcode rc = curl_easy_perform(c);
	long status = 0;

	if (rc == CURLE_OK)
		return MAIL_SENT;
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	rel_log(REL_WARN, "a mail could not be handed over",
	    "why=\"%s\" status=%ld", curl_easy_strerror(rc), status);
	/* What is wrong with us or the way there is not the mail's fault. */
	if (rc == CURLE_LOGIN_DENIED || rc == CURLE_USE_SSL_FAILED ||
	    rc == CURLE_REMOTE_ACCESS_DENIED || status == 530)
		return MAIL_LATER;
	return status >= 500 && status <= 599 ? MAIL_NEVER : MAIL_LATER;
}

enum ipc_mail
mail_send(const struct settings *set, const struct rel_frame *fr)
{
	enum ipc_mail said = MAIL_LATER;
	struct curl_slist *to;
	struct order o;
	char rcpt[REL_MAIL_ADDRESS_MAX + 3];
	CURL *c;

	if (!order_get(&o, fr))
		return MAIL_NEVER;
	snprintf(rcpt, sizeof rcpt, "<%s>", o.to);
	c = curl_easy_init();
	to = curl_slist_append(NULL, rcpt);
	if (c != NULL && to != NULL && setup(c, &o, to) &&
	    setup_trust(c, set))
		said = send_it(c);
	curl_slist_free_all(to);
	curl_easy_cleanup(c);
	return said;
}
