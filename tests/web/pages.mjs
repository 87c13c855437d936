// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// How the test of all pages opens each page of cgi/pages.def. One that is not
// named here is opened as it is, by anna, or by admin below admin/.
//   query  words behind the "?", or a function that finds them
//   user   who opens it
//   file   the content type of what it answers with instead of a page
//   as     another name for it, where one page is opened in several ways
import { api, rig } from './lib.mjs';

async function heldJob() {
	const { body } = await api('GET', '/jobs?job_state=held&user=anna&limit=200');
	return `id=${body.jobs[0].id}`;
}

export default {
	'jobs.cgi': [{}, { as: 'jobs-at-device', query: `device=${rig.RIG_DEVICE_ID}` },
		{ as: 'jobs-of-anna', user: 'bert', query: 'of=anna' }],
	'job.cgi': [{ query: heldJob },
		{ as: 'job-of-anna', user: 'admin', query: heldJob }],
	'preview.cgi': { query: heldJob, file: 'image/png' },
	'admin/user.cgi': { query: 'name=anna' },
	'admin/user-data.cgi': { query: 'name=anna', file: 'application/json' },
	'admin/export.cgi': { file: 'text/csv' },
	'admin/device.cgi': { query: `id=${rig.RIG_DEVICE_ID}` },
};
