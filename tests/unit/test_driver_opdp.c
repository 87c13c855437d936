/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The driver `opdp` against the API of a simulated device, which lies, too. */
#include "tests/unit/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "releaserd/driver/drivers.h"
#include "releaserd/driver/opdp_priv.h"
#include "tests/opsim/api.h"
#include "tests/opsim/keys.h"
#include "tests/opsim/mib.h"

#define TOKEN "0123456789abcdef"
#define ID "11111111-2222-4333-8444-555555555555"
#define OTHER "99999999-2222-4333-8444-555555555555"

/* The device lives in a process of its own, and in memory both see. */
static struct opsim *sim;
static pid_t device;
static char dir[64];
static struct driver_ask ask;
static struct driver_said said;
static struct rel_err err;

static void
write_state(char pin[KEYS_PIN])
{
	struct rel_buf key, cert;
	struct state st;

	rel_buf_init(&key);
	rel_buf_init(&cert);
	assert_int_equal(state_open(&st, dir, 1, &err), 0);
	assert_int_equal(keys_self("device", &key, &cert, pin, &err), 0);
	assert_int_equal(state_write(&st, "api.key", key.data, key.len, 0600,
	    &err), 0);
	assert_int_equal(state_write(&st, "api.crt", cert.data, cert.len,
	    0600, &err), 0);
	st.doc = json_pack("{s:s, s:s, s:s, s:i, s:s, s:s, s:{s:i, s:s},"
	    " s:{s:i, s:b}, s:[s]}", "server", "https://127.0.0.1:1",
	    "server_pin", "sha256/x", "server_token", TOKEN, "level", 2,
	    "vendor", "Example, Inc", "serial", "X1Y2", "config", "rev", 5,
	    "session_mode", "push", "restrictions", "rev", 7, "panel_lock", 1,
	    "native", "copy");
	assert_int_equal(state_save(&st, &err), 0);
	state_fini(&st);
	rel_buf_fini(&key);
	rel_buf_fini(&cert);
}

static void
be_device(int ready, int64_t skew)
{
	const char *src = getenv("srcdir");
	struct api *api = NULL;
	struct mib *mib = NULL;
	unsigned ports[2];
	char profile[400];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	if (opsim_open(sim, dir, NULL, "en", &err) < 0 ||
	    api_new(&api, sim, "127.0.0.1:0", &err) < 0)
		_exit(1);
	snprintf(profile, sizeof profile, "%s/tests/opsim/profiles/"
	    "color-inkjet-a3.txt", src != NULL ? src : ".");
	if (mib_new(&mib, sim, "127.0.0.1:0", profile, &err) < 0)
		_exit(1);
	sim->dev.skew_ms = skew;
	ports[0] = api_port(api);
	ports[1] = mib_port(mib);
	if (write(ready, ports, sizeof ports) != sizeof ports)
		_exit(1);
	event_base_dispatch(sim->base);
	_exit(0);
}

static void
pin_to_hex(const char *pin)
{
	unsigned char md[48];

	EVP_DecodeBlock(md, (const unsigned char *)pin + 7, 44);
	rel_hex(ask.at.pin, md, 32);
}

static void
fault(const char *text)
{
	assert_int_equal(faults_add(&sim->faults, text, &err), 0);
}

static int
begin(void **state)
{
	char pin[KEYS_PIN];
	unsigned ports[2] = { 0, 0 };
	int fds[2], memory;

	(void)state;
	snprintf(dir, sizeof dir, "/tmp/rel-opdp-XXXXXX");
	assert_non_null(mkdtemp(dir));
	memory = memfd_create("device", 0);
	assert_true(memory >= 0);
	assert_int_equal(ftruncate(memory, sizeof *sim), 0);
	sim = mmap(NULL, sizeof *sim, PROT_READ | PROT_WRITE, MAP_SHARED,
	    memory, 0);
	assert_ptr_not_equal(sim, MAP_FAILED);
	close(memory);
	write_state(pin);
	assert_int_equal(pipe(fds), 0);
	device = fork();
	if (device == 0)
		be_device(fds[1], 5200);
	assert_true(read(fds[0], ports, sizeof ports) == sizeof ports);
	close(fds[0]);
	close(fds[1]);
	memset(&ask, 0, sizeof ask);
	snprintf(ask.at.url, sizeof ask.at.url,
	    "https://127.0.0.1:%u/opdp/v1/", ports[0]);
	ask.at.snmp_port = (uint16_t)ports[1];
	snprintf(ask.at.token, sizeof ask.at.token, TOKEN);
	pin_to_hex(pin);
	ask.deadline_ms = 4000;
	ask.text = "";
	driver_said_init(&said);
	return driver_http_begin(NULL);
}

static int
end(void **state)
{
	static const char *const files[] = { "api.key", "api.crt",
	    "device.json" };
	char path[120];

	(void)state;
	driver_said_fini(&said);
	driver_http_end();
	kill(device, SIGKILL);
	waitpid(device, NULL, 0);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, files[i]);
		unlink(path);
	}
	rmdir(dir);
	munmap(sim, sizeof *sim);
	return 0;
}

static int
call(int (*fn)(const struct driver_ask *, struct driver_said *,
    struct rel_err *))
{
	driver_said_fini(&said);
	driver_said_init(&said);
	err.text[0] = '\0';
	return fn(&ask, &said, &err);
}

static void
with_text(const char *text)
{
	ask.text = text;
	ask.text_len = strlen(text);
}

static void
item_is(const char *name, const char *want)
{
	const char *is = items_get(&said.items, name);

	if (is == NULL || strcmp(is, want) != 0)
		fail_msg("%s is %s, not %s", name, is != NULL ? is :
		    "missing", want);
}

UNIT(what_it_is_and_how_it_is)
{
	assert_int_equal(call(driver_opdp.info), 0);
	item_is("vendor", "Example, Inc");
	item_is("serial", "X1Y2");
	item_is("opdp-version", "1.0");
	item_is("color", "1");
	item_is("formats",
	    "application/pdf,application/vnd.hp-pcl,image/pwg-raster");
	item_is("functions", "print,copy");
	item_is("input.1.name", "Cassette 1");
	item_is("input.1.size", "iso_a4_210x297mm");
	item_is("input.1.level", "220");
	item_is("finisher.1.patterns", "top-left,dual-left");
	item_is("reader", "09d8:0410");
	assert_int_equal(call(driver_opdp.status), 0);
	item_is("state", "idle");
	item_is("clock-skew", "5000");
	item_is("restrictions-rev", "7");
	item_is("config-rev", "5");
	item_is("panel-lock", "1");
	item_is("counter.impressions", "0");
	assert_null(items_get(&said.items, "session"));
	assert_true(said.changed);	/* nothing was kept yet */
	snprintf(ask.kept, sizeof ask.kept, "%s", said.kept);
	assert_int_equal(call(driver_opdp.status), 0);
	assert_false(said.changed);
	sim->dev.jam = true;
	assert_int_equal(call(driver_opdp.status), 0);
	item_is("state", "stopped");
	item_is("reasons", "media-jam-error");
	item_is("alert.1.severity", "critical");
}

UNIT(a_session_is_opened_changed_and_closed)
{
	snprintf(ask.id, sizeof ask.id, ID);
	with_text("{\"session_id\":\"" ID "\",\"functions\":{\"copy\":"
	    "{\"allow\":true}}}");
	assert_int_equal(call(driver_opdp.session_open), 0);
	assert_int_equal(call(driver_opdp.session_open), 0);
	with_text("{\"functions\":{\"copy\":{\"allow\":false}}}");
	assert_int_equal(call(driver_opdp.session_update), 0);
	/* another one: only by taking its place */
	snprintf(ask.id, sizeof ask.id, OTHER);
	assert_int_equal(call(driver_opdp.session_update), -REL_E_NOTFOUND);
	with_text("{\"session_id\":\"" OTHER "\",\"functions\":{}}");
	assert_int_equal(call(driver_opdp.session_open), -REL_E_EXISTS);
	assert_non_null(strstr(err.text, "session-active"));
	ask.number = 1;
	assert_int_equal(call(driver_opdp.session_open), 0);
	ask.number = 0;
	assert_int_equal(call(driver_opdp.status), 0);
	item_is("session", OTHER);
	/* closed, twice, and one it does not know */
	with_text("");
	assert_int_equal(call(driver_opdp.session_close), 0);
	assert_int_equal(call(driver_opdp.session_close), 0);
	assert_int_equal(call(driver_opdp.status), 0);
	assert_null(items_get(&said.items, "session"));
	snprintf(ask.id, sizeof ask.id, "../command");
	assert_int_equal(call(driver_opdp.session_close), -REL_E_FORMAT);
}

UNIT(ours_takes_the_place_of_what_it_has)
{
	/* another revision than we thought, and none that we know */
	ask.number = 3;
	with_text("{\"rev\":8,\"panel_lock\":false}");
	assert_int_equal(call(driver_opdp.restrictions_put), 0);
	with_text("");
	assert_int_equal(call(driver_opdp.restrictions_get), 0);
	assert_int_equal(said.number, 8);
	rel_put_u8(&said.text, 0);
	assert_non_null(strstr((char *)said.text.data, "\"panel_lock\":false"));
	ask.number = -1;
	with_text("{\"rev\":9,\"session_mode\":\"inline\"}");
	assert_int_equal(call(driver_opdp.config_put), 0);
	assert_int_equal(call(driver_opdp.status), 0);
	item_is("config-rev", "9");
	with_text("{\"no\":\"revision\"}");
	assert_int_equal(call(driver_opdp.config_put), -REL_E_FORMAT);
}

UNIT(a_command_is_done_once)
{
	snprintf(ask.id, sizeof ask.id, "key-1");
	with_text("{\"command\":\"identify\"}");
	assert_int_equal(call(driver_opdp.command), 0);
	assert_int_equal(call(driver_opdp.command), 0);
	assert_int_equal(sim->dev.identified, 1);
	snprintf(ask.id, sizeof ask.id, "key-2");
	fault("api-drop-reply");
	ask.deadline_ms = 6000;
	assert_int_equal(call(driver_opdp.command), 0);
	assert_int_equal(sim->dev.identified, 2);
	snprintf(ask.id, sizeof ask.id, "key-3");
	with_text("{\"command\":\"dance\"}");
	assert_int_equal(call(driver_opdp.command), -REL_E_FORMAT);
}

UNIT(what_is_no_answer_is_none)
{
	for (int n = 1; n <= 6; n++) {
		char text[20];

		if (n == 5)
			continue;
		snprintf(text, sizeof text, "api-lie=%d", n);
		fault(text);
		assert_int_equal(call(driver_opdp.status), n == 4 ?
		    -REL_E_LIMIT : -REL_E_FORMAT);
		assert_true(err.text[0] != '\0');
	}
	/* JSON of other types: what has the right one is believed */
	fault("api-lie=5");
	assert_int_equal(call(driver_opdp.status), 0);
	item_is("state", "unknown");
	fault("api-lie=5");
	assert_int_equal(call(driver_opdp.info), 0);
}

UNIT(refusals_and_silence)
{
	fault("api-refuse=403");
	assert_int_equal(call(driver_opdp.status), -REL_E_DENIED);
	fault("api-refuse=503");
	assert_int_equal(call(driver_opdp.status), -REL_E_PEER);
	fault("api-refuse=501");
	assert_int_equal(call(driver_opdp.status), -REL_E_NOTFOUND);
	fault("api-hang");
	ask.deadline_ms = 400;
	assert_int_equal(call(driver_opdp.status), -REL_E_TIMEOUT);
	ask.deadline_ms = 4000;
	fault("api-delay=300");
	assert_int_equal(call(driver_opdp.status), 0);
}

UNIT(only_the_device_that_was_registered_and_only_us)
{
	char was = ask.at.pin[0];

	ask.at.pin[0] = was == '0' ? '1' : '0';
	assert_int_equal(call(driver_opdp.status), -REL_E_DENIED);
	ask.at.pin[0] = '\0';
	assert_int_equal(call(driver_opdp.status), -REL_E_FORMAT);
	ask.at.pin[0] = was;
	ask.at.token[0] ^= 1;
	assert_int_equal(call(driver_opdp.status), -REL_E_DENIED);
	ask.at.token[0] ^= 1;
	assert_int_equal(call(driver_opdp.status), 0);
	memcpy(ask.at.url, "http:/", 6);
	assert_int_equal(call(driver_opdp.status), -REL_E_FORMAT);
}

/* The same device by SNMP: its state and count, and every fault of it. */
static void
by_snmp(const char *armed)
{
	ask.at.nsnmp = 1;
	ask.at.snmp[0].version = SNMP_V2C;
	snprintf(ask.at.snmp[0].name, sizeof ask.at.snmp[0].name, "public");
	snprintf(ask.at.address, sizeof ask.at.address, "127.0.0.1");
	ask.kept[0] = '\0';
	fault("none");
	fault(armed);
	assert_int_equal(call(driver_snmp_lpr.info), 0);
}

UNIT(it_is_asked_by_snmp_too)
{
	by_snmp("none");
	item_is("model", "Example Inkjet A3");
	item_is("serial", "X1Y2");
	item_is("marking", "inkjet");
	item_is("input.2.size", "iso_a3_297x420mm");
	item_is("finisher.1.kind", "staple");
	sim->dev.printed = 7;
	assert_int_equal(call(driver_snmp_lpr.status), 0);
	item_is("state", "idle");
	item_is("counter.impressions", "7");
	item_is("supply.1.percent", "64");
	sim->dev.jam = true;
	assert_int_equal(call(driver_snmp_lpr.status), 0);
	item_is("state", "stopped");
	item_is("reasons", "media-jam-error");
	by_snmp("snmp-one-octet");
	assert_int_equal(call(driver_snmp_lpr.status), 0);
	item_is("reasons", "media-jam-error");
}

UNIT(its_snmp_lies_as_printers_do)
{
	sim->dev.printed = 7;
	by_snmp("snmp-hex-serial");
	item_is("serial", "X1Y2");
	by_snmp("snmp-level=-3");
	item_is("input.1.level", "-3");
	by_snmp("snmp-level=-2");
	item_is("input.1.level", "-2");
	assert_int_equal(call(driver_snmp_lpr.status), 0);
	item_is("supply.1.percent", "-2");
	by_snmp("snmp-wrap");
	assert_int_equal(call(driver_snmp_lpr.status), 0);
	item_is("counter.impressions", "5");
	by_snmp("none");
	/* version 1 only: of two ways in the second one */
	ask.deadline_ms = 9000;
	fault("snmp-v1");
	ask.at.nsnmp = 2;
	ask.at.snmp[1] = ask.at.snmp[0];
	ask.at.snmp[1].version = SNMP_V1;
	assert_int_equal(call(driver_snmp_lpr.info), 0);
	item_is("model", "Example Inkjet A3");
	sim->dev.off = true;
	ask.deadline_ms = 300;
	assert_int_equal(call(driver_snmp_lpr.status), -REL_E_TIMEOUT);
}

UNIT(its_alerts_and_trays_by_snmp)
{
	by_snmp("none");
	sim->dev.jam = sim->dev.door = true;
	assert_int_equal(call(driver_snmp_lpr.info), 0);
	item_is("alert.1.reason", "media-jam-error");
	item_is("alert.1.text", "Paper jam");
	item_is("alert.2.reason", "door-open-error");
	item_is("alert.2.group", "cover");
	sim->dev.jam = false;
	assert_int_equal(call(driver_snmp_lpr.status), 0);
	item_is("alert.1.reason", "door-open-error");
	sim->dev.door = false;
	assert_true(device_load(&sim->dev, "iso_a5_148x210mm"));
	assert_false(device_load(&sim->dev, "iso_a5"));
	assert_int_equal(call(driver_snmp_lpr.info), 0);
	item_is("input.1.size", "iso_a5_148x210mm");
}

#define DEVICED(name) cmocka_unit_test_setup_teardown(name, begin, end)

UNIT(dates_that_nobody_lives_to_see)
{
	assert_int_equal(784111777000, opdp_date_ms(
	    "Sun, 06 Nov 1994 08:49:37 GMT"));
	assert_int_equal(0, opdp_date_ms("Sun, 06 Nov 2147483647 08:49:37 "
	    "GMT"));
	assert_int_equal(0, opdp_date_ms("Sun, 06 Nov 294247 08:49:37 GMT"));
	assert_int_equal(0, opdp_date_ms("yesterday"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DEVICED(what_it_is_and_how_it_is),
		DEVICED(a_session_is_opened_changed_and_closed),
		DEVICED(ours_takes_the_place_of_what_it_has),
		DEVICED(a_command_is_done_once),
		DEVICED(what_is_no_answer_is_none),
		DEVICED(refusals_and_silence),
		DEVICED(only_the_device_that_was_registered_and_only_us),
		DEVICED(it_is_asked_by_snmp_too),
		DEVICED(its_snmp_lies_as_printers_do),
		DEVICED(its_alerts_and_trays_by_snmp),
		UNIT_RUN(dates_that_nobody_lives_to_see)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
