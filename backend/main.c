/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The CUPS backend "release": a job is held and the backend is done. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/args.h"
#include "backend/count.h"
#include "backend/guard.h"
#include "lib/compat.h"
#include "lib/text.h"

#define DEFAULT_SOCKET REL_RUNDIR "/intake.sock"

/* What lpinfo -v and the web interface list. */
static const char discovery[] =
    "direct release:/ \"Generic Print Release Queue\" "
    "\"Print Release (hold until released at a device)\" "
    "\"MFG:Generic;MDL:Print Release Queue;CMD:PDF;\" \"\"\n";

static const char *
env_or(const char *name, const char *other)
{
	const char *v = getenv(name);

	return v != NULL && v[0] != '\0' ? v : other;
}

static void
fill_begin(struct rel_in_begin *m, char *const argv[])
{
	int64_t id;

	/* A class may give a job to another member: its name is the queue. */
	rel_text_clean(m->queue, sizeof m->queue,
	    env_or("CLASS", env_or("PRINTER", "unknown")));
	m->cups_job = rel_int(&id, argv[1], 0, INT32_MAX) ? (uint32_t)id : 0;
	rel_text_clean(m->user, sizeof m->user, argv[2]);
	rel_text_clean(m->title, sizeof m->title, argv[3]);
	args_option(argv[5], "job-uuid", m->uuid, sizeof m->uuid);
	args_option(argv[5], "job-originating-host-name", m->host,
	    sizeof m->host);
	args_format(m->format, sizeof m->format, getenv("FINAL_CONTENT_TYPE"),
	    getenv("CONTENT_TYPE"));
	args_copy_options(m->options, sizeof m->options, argv[5]);
	rel_text_clean(m->server, sizeof m->server,
	    env_or("CUPS_SERVER", "localhost"));
}

/* What only matters when filters ran, or when the job has several files. */
static void
fill_rest(struct hold_doc *doc, char *const argv[], const char *file)
{
	struct args_ppd ppd = { .single_file = true };
	char attempt[40];
	struct count_job count = {
		.state_dir = getenv("CUPS_STATEDIR"),
		.request_root = getenv("CUPS_REQUESTROOT"),
		.cups_job = doc->begin.cups_job,
		.uuid = doc->begin.uuid,
		.attempt = attempt,
		.file_document = file != NULL ? args_document(file) : 0,
	};

	if (file == NULL)
		args_read_ppd(&ppd, env_or("PPD", "/dev/null"));
	args_option(argv[5], "time-at-processing", attempt, sizeof attempt);
	count.single_file = ppd.single_file;
	doc->begin.document = count_document(&count);
	doc->facts_first = file == NULL &&
	    args_has_facts(&ppd, getenv("CONTENT_TYPE"));
	doc->copies = (struct args_copies){
		.argv = argv[4],
		.options = doc->begin.options,
		.job_sheet = strcmp(env_or("CUPS_FILETYPE", ""),
		    "job-sheet") == 0,
		.from_file = file != NULL,
		.final_type = getenv("FINAL_CONTENT_TYPE") != NULL,
		.ppd_manual = ppd.manual_copies,
		.ppd_pxl = ppd.pxl,
	};
}

/* The document's descriptor. 0, or an exit status, cupsd having been told. */
static int
open_input(struct hold_doc *doc, const char *file)
{
	struct stat st;

	doc->in_fd = STDIN_FILENO;
	if (file == NULL)
		return 0;
	doc->in_fd = open(file, O_RDONLY | O_CLOEXEC);
	if (doc->in_fd < 0 || fstat(doc->in_fd, &st) < 0) {
		hold_say("WARNING", "The document cannot be opened.");
		return HOLD_KEEP;
	}
	doc->seekable = S_ISREG(st.st_mode);
	if (doc->seekable && st.st_size == 0) {
		hold_say("WARNING", "The document is empty.");
		return HOLD_CANCEL;
	}
	return 0;
}

int
main(int argc, char *argv[])
{
	static struct hold_doc doc;
	const char *file = argc == 7 ? argv[6] : NULL;
	int rc;

	if (argc == 1) {
		fputs(discovery, stdout);
		return 0;
	}
	if (argc != 6 && argc != 7) {
		fprintf(stderr, "ERROR: usage: release job-id user title "
		    "copies options [file]\n");
		return HOLD_KEEP;
	}
	/* Before anything else: argv is what every process list shows. */
	args_take_secret(argv[5], doc.begin.pin, sizeof doc.begin.pin,
	    doc.begin.pin_scheme, sizeof doc.begin.pin_scheme);
	rel_compat_no_dump();
	fill_begin(&doc.begin, argv);
	if ((rc = open_input(&doc, file)) == 0) {
		fill_rest(&doc, argv, file);
		rc = guard_run(&doc, env_or("CUPS_RELEASE_SOCKET",
		    DEFAULT_SOCKET));
	}
	rel_wipe(&doc.begin, sizeof doc.begin);
	return rc;
}
