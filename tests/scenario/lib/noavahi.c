/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Loaded before ippeveprinter, which does not start without a running Avahi:
 * nothing of the tests is announced to anybody.  Only pointers come and go.
 */
static int nothing;

#define HANDLE(name) void *name(void); void *name(void) { return &nothing; }
#define DONE(name) int name(void); int name(void) { return 0; }

HANDLE(avahi_threaded_poll_new)
HANDLE(avahi_threaded_poll_get)
HANDLE(avahi_client_new)
HANDLE(avahi_entry_group_new)
DONE(avahi_threaded_poll_start)
DONE(avahi_threaded_poll_lock)
DONE(avahi_threaded_poll_unlock)
DONE(avahi_client_errno)
DONE(avahi_entry_group_add_service_strlst)
DONE(avahi_entry_group_add_service_subtype)
DONE(avahi_entry_group_commit)
DONE(avahi_entry_group_free)
DONE(avahi_entry_group_reset)
DONE(avahi_entry_group_is_empty)
DONE(avahi_entry_group_add_record)
DONE(avahi_entry_group_update_service_txt_strlst)
DONE(avahi_client_free)
DONE(avahi_client_get_state)
DONE(avahi_threaded_poll_stop)
DONE(avahi_threaded_poll_quit)
DONE(avahi_threaded_poll_free)

const char *avahi_client_get_host_name_fqdn(void);
const char *
avahi_client_get_host_name_fqdn(void)
{
	return "localhost";
}
