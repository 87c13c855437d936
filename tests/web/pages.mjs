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

// The one that waits for this, of all that are held.
const waits = (what) => async () => {
	const { body } = await api('GET', '/jobs?job_state=held&user=anna&limit=200');
	return `id=${body.jobs.find((j) => j.waiting?.[what]).id}`;
};
const printed = async () => {
	const { body } = await api('GET', '/jobs?job_state=sent&user=bert');
	return `id=${body.jobs[0].id}`;
};

export default {
	'jobs.cgi': [{}, { as: 'jobs-at-device', query: `device=${rig.RIG_DEVICE_ID}` },
		{ as: 'jobs-of-anna', user: 'bert', query: 'of=anna' }],
	'job.cgi': [{ query: heldJob },
		{ as: 'job-of-anna', user: 'admin', query: heldJob },
		{ as: 'job-asks', query: waits('question') },
		{ as: 'job-to-approve', user: 'bert', query: waits('approval') },
		{ as: 'job-paid', user: 'admin', query: printed }],
	'balance.cgi': { user: 'bert' },
	'approvals.cgi': { user: 'bert' },
	'guests.cgi': { user: 'admin' },
	'admin/accounts.cgi': { query: 'kind=shared' },
	'admin/account.cgi': { query: 'kind=shared&name=chess%20club' },
	'admin/quotas.cgi': { query: 'owner=group&name=staff&unit=colour' },
	'admin/group.cgi': { query: 'name=staff' },
	'admin/directory.cgi': { query: 'name=school' },
	'admin/directory-sync.cgi': { query: 'name=school' },
	'address-book.cgi': { query: 'q=anna' },
	'admin/template.cgi': { query: 'name=strict' },
	'admin/reports.cgi': [{}, { as: 'reports-of-money', query: 'show=money' },
		{ as: 'reports-of-money-users', query: 'show=money&by=user' },
		{ as: 'reports-of-quotas', query: 'show=quota' },
		{ as: 'reports-of-paper', query: 'show=environment&by=week' }],
	'preview.cgi': { query: heldJob, file: 'image/png' },
	'admin/user.cgi': { query: 'name=anna' },
	'admin/user-data.cgi': { query: 'name=anna', file: 'application/json' },
	'admin/export.cgi': { file: 'text/csv' },
	'admin/device.cgi': { query: `id=${rig.RIG_DEVICE_ID}` },
};
