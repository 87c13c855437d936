/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/device_api.h"
#include "tests/opsim/heartbeat.h"

#include <string.h>

int
opsim_open(struct opsim *o, const char *dir, const char *trace,
    const char *locale, struct rel_err *err)
{
	struct panel_env env;
	int rc;

	*o = (struct opsim){ .base = event_base_new() };
	if (o->base == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no event loop");
	if ((rc = state_open(&o->st, dir, 0, err)) < 0 ||
	    (rc = state_load(&o->st, err)) < 0 ||
	    (rc = https_of_device(&o->net, o->base, &o->st, trace, locale,
	    err)) < 0)
		return rc;
	device_boot(&o->dev);
	env = (struct panel_env){ .base = o->base, .net = o->net,
	    .faults = &o->faults, .dev = &o->dev, .st = &o->st,
	    .locale = locale };
	o->panel = panel_new(&env);
	return o->panel != NULL ? 0 :
	    rel_err_set(err, REL_E_NOMEM, "no memory");
}

void
opsim_close(struct opsim *o)
{
	lpd_free(&o->lpd);
	tray_free(&o->tray);
	https_free(&o->net);
	walkup_free(&o->walkup);
	usage_free(&o->usage);
	panel_free(&o->panel);
	device_api_forget(o);
	state_fini(&o->st);
	if (o->base != NULL)
		event_base_free(o->base);
	o->base = NULL;
}

bool
opsim_do(struct opsim *o, const char *what)
{
	bool was_off = o->dev.off;

	if (!device_do(&o->dev, what))
		return false;
	if (strcmp(what, "reboot") == 0) {
		panel_blank(o->panel);
		if (o->heart != NULL)
			heartbeat_now(o->heart);
	}
	if (was_off != o->dev.off) {
		if (!o->dev.off)
			device_boot(&o->dev);
		panel_blank(o->panel);
		if (o->lpd != NULL)
			lpd_power(o->lpd, !o->dev.off);
		if (o->usage != NULL && !o->dev.off) {
			usage_boot(o->usage);
			usage_push_now(o->usage);
		}
	}
	if (o->tray != NULL)
		tray_device_changed(o->tray);
	return true;
}

int
opsim_fault(struct opsim *o, const char *text, struct rel_err *err)
{
	int rc = faults_add(&o->faults, text, err);

	if (rc == 0 && o->lpd != NULL)
		lpd_faults_changed(o->lpd);
	return rc;
}
