/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What browsers send to pages: queries, forms, uploads; and what is none. */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cgi/priv.h"

#define FORM "application/x-www-form-urlencoded"

static void
env_set(const char *method, const char *query, const char *type,
    const char *length)
{
	setenv("REQUEST_METHOD", method, 1);
	setenv("SCRIPT_NAME", "/release/admin/users.cgi", 1);
	setenv("QUERY_STRING", query, 1);
	if (type != NULL)
		setenv("CONTENT_TYPE", type, 1);
	else
		unsetenv("CONTENT_TYPE");
	if (length != NULL)
		setenv("CONTENT_LENGTH", length, 1);
	else
		unsetenv("CONTENT_LENGTH");
}

/* Read a request whose body comes on standard input. */
static int
sent(struct cgi_request *r, const char *body, size_t n, struct rel_err *err)
{
	char name[] = "/tmp/test_form.XXXXXX";
	int fd = mkstemp(name), old = dup(STDIN_FILENO), rc;

	assert_true(fd >= 0 && old >= 0);
	unlink(name);
	assert_int_equal((ssize_t)n, write(fd, body, n));
	assert_int_equal(0, lseek(fd, 0, SEEK_SET));
	assert_int_equal(STDIN_FILENO, dup2(fd, STDIN_FILENO));
	err->text[0] = '\0';
	rc = request_read(r, err);
	dup2(old, STDIN_FILENO);
	close(old);
	close(fd);
	return rc;
}

static int
posted(struct cgi_request *r, const char *type, const char *body, size_t n,
    struct rel_err *err)
{
	char length[24];

	snprintf(length, sizeof length, "%zu", n);
	env_set("POST", "q=1", type, length);
	return sent(r, body, n, err);
}

static void
field_is(const struct cgi_request *r, size_t i, const char *name,
    const char *value)
{
	assert_true(i < r->nfields);
	assert_string_equal(name, r->field[i].name);
	assert_string_equal(value, r->field[i].value);
}

static void
query(void **state)
{
	struct cgi_request r;
	struct rel_err err;

	(void)state;
	env_set("GET", "id=j%2D1&q=a+b%20c&&bare&x=%zz&y=%C3%A4&z==", NULL,
	    NULL);
	assert_int_equal(0, sent(&r, "", 0, &err));
	assert_false(r.post);
	assert_string_equal("admin/users.cgi", r.script);
	assert_int_equal(6, r.nfields);
	assert_int_equal(6, r.nquery);
	field_is(&r, 0, "id", "j-1");
	field_is(&r, 1, "q", "a b c");
	field_is(&r, 2, "bare", "");
	field_is(&r, 3, "x", "%zz");
	field_is(&r, 4, "y", "\xc3\xa4");
	field_is(&r, 5, "z", "=");
	request_fini(&r);
}

static void
form(void **state)
{
	static const char body[] = "name=M%C3%BCller&note=1%0D%0A2&do=save";
	struct cgi_request r;
	struct rel_err err;

	(void)state;
	assert_int_equal(0, posted(&r, FORM "; charset=utf-8", body,
	    strlen(body), &err));
	assert_true(r.post);
	assert_int_equal(1, r.nquery);
	assert_int_equal(4, r.nfields);
	field_is(&r, 1, "name", "M\xc3\xbcller");
	field_is(&r, 2, "note", "1\r\n2");
	request_fini(&r);
}

static void
upload(void **state)
{
	static const char body[] = "--XX\r\nContent-Disposition: form-data; "
	    "name=\"csrf\"\r\n\r\nT\r\n--XX\r\nContent-Disposition: form-data; "
	    "name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n"
	    "\r\nname\r\nanna\r\n\r\n--XX--\r\n";
	struct cgi_request r;
	struct rel_err err;

	(void)state;
	assert_int_equal(0, posted(&r, "multipart/form-data; boundary=XX",
	    body, strlen(body), &err));
	assert_int_equal(3, r.nfields);
	field_is(&r, 1, "csrf", "T");
	assert_false(r.field[1].file);
	field_is(&r, 2, "file", "name\r\nanna\r\n");
	assert_true(r.field[2].file);
	request_fini(&r);
}

/* Refused, with words; and nothing leaks (the sanitizers look). */
static void
refused(int want, const char *type, const char *body, size_t n)
{
	struct cgi_request r;
	struct rel_err err;

	assert_int_equal(want, posted(&r, type, body, n, &err));
	assert_string_not_equal("", err.text);
	request_fini(&r);
}

static void
bad_bodies(void **state)
{
	static const char *const multipart[] = {
		"", "--XX", "--XX\r\n", "--XX\r\n\r\n--XX--",
		"--XX\r\nContent-Disposition: form-data\r\n\r\nv\r\n--XX--",
		"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n--XX--",
		"--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\nv\r\n--XX--",
		"--XXname"
	};

	(void)state;
	for (size_t i = 0; i < sizeof multipart / sizeof multipart[0]; i++)
		refused(-REL_E_FORMAT, "multipart/form-data; boundary=XX",
		    multipart[i], strlen(multipart[i]));
	refused(-REL_E_FORMAT, "multipart/form-data", "x", 1);
	refused(-REL_E_FORMAT, "multipart/form-data; boundary=\"\"", "x", 1);
	refused(-REL_E_FORMAT, "application/json", "{}", 2);
	refused(-REL_E_FORMAT, NULL, "a=1", 3);
	refused(-REL_E_FORMAT, FORM, "a=%00", 5);
	refused(-REL_E_FORMAT, FORM, "a=%ff", 5);
	refused(-REL_E_FORMAT, FORM, "%ff=1", 5);
}

static void
too_much(void **state)
{
	size_t n = 10u << 20;
	char *body = malloc(n);
	struct cgi_request r;
	struct rel_err err;

	(void)state;
	assert_non_null(body);
	memset(body, 'a', n);
	refused(-REL_E_LIMIT, FORM, body, n);
	for (size_t i = 0; i + 2 < 3000; i += 3)
		memcpy(body + i, "a=&", 3);
	refused(-REL_E_LIMIT, FORM, body, 2100);
	/* It says more than it sends; it says nonsense. */
	env_set("POST", "", FORM, "100");
	assert_int_equal(-REL_E_FORMAT, sent(&r, "a=1", 3, &err));
	request_fini(&r);
	env_set("POST", "", FORM, "-1");
	assert_int_equal(-REL_E_FORMAT, sent(&r, "a=1", 3, &err));
	request_fini(&r);
	env_set("PUT", "", FORM, "3");
	assert_int_equal(-REL_E_DENIED, sent(&r, "a=1", 3, &err));
	request_fini(&r);
	memset(body, 'q', 9000);
	body[9000] = '\0';
	env_set("GET", body, NULL, NULL);
	assert_int_equal(-REL_E_LIMIT, sent(&r, "", 0, &err));
	request_fini(&r);
	free(body);
}

/* A form says where it stood, as cupsd does not with a POST. */
static void
here(void **state)
{
	static const char body[] =
	    "do=x&id=2&here=id%3dj%2526-1%26said%3dy%26q%3d";
	struct cgi_request r;
	struct rel_err err;
	struct rel_buf b;

	(void)state;
	env_set("POST", "", FORM, "46");
	assert_int_equal(46, sizeof body - 1);
	assert_int_equal(0, sent(&r, body, sizeof body - 1, &err));
	assert_int_equal(3, r.nquery);
	assert_int_equal(6, r.nfields);
	field_is(&r, 0, "id", "j&-1");
	field_is(&r, 1, "said", "y");
	field_is(&r, 2, "q", "");
	field_is(&r, 3, "do", "x");
	rel_buf_init(&b);
	request_query(&r, &b);
	rel_put_u8(&b, 0);
	assert_string_equal("id=j%26-1&q=", (char *)b.data);
	rel_buf_fini(&b);
	request_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(query),
		cmocka_unit_test(form),
		cmocka_unit_test(upload),
		cmocka_unit_test(bad_bodies),
		cmocka_unit_test(too_much),
		cmocka_unit_test(here)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
