// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// Jobs of everybody: search, look, explain, print and delete.

async function search({ is, me, unique }, admin, jobs) {
	await admin.open('admin/index.cgi');
	await admin.menu('Jobs of everybody');
	await admin.fill('User', me);
	await admin.fill('Words in the title', unique.toUpperCase());
	await admin.choose('State', 'held');
	await admin.click('Search');
	for (const { title } of jobs)
		await admin.sees(title);
	const rows = await admin.page.locator('#jobs tbody tr').count();
	is(rows, jobs.length, 'these and no others are found');
	const table = await admin.saves('Save all of it as a table (CSV)');
	is(table.trim().split('\n').length, jobs.length + 1,
		'and are saved as a table');
}

async function print_it({ is, job, until }, admin, { id, title }) {
	await admin.chooseOnly(id);
	await admin.click('Print');
	is(await admin.page.locator('[role=alert]').count(), 1, 'a device is missing');
	is((await job(id)).state, 'held', 'and nothing prints');
	await admin.chooseOnly(id);
	await admin.fill('Print at', 'Flur');
	await admin.click('Print');
	await until('it is printed', async () => (await job(id)).state === 'sent');
	await admin.open(`admin/jobs.cgi?q=${encodeURIComponent(title)}`);
	await admin.click(title);
	await admin.sees('What happened');
	await admin.sees('released by admin');
}

async function look_and_delete({ is, job, unique }, admin, { id, title }) {
	await admin.open(`admin/jobs.cgi?q=${unique}&job_state=held`);
	await admin.click(title);
	await admin.click('Look at the first page');
	is(await admin.page.evaluate(() => document.contentType), 'image/png',
		'the first page is a picture');
	await admin.open(`admin/jobs.cgi?q=${unique}&job_state=held`);
	await admin.chooseOnly(id);
	await admin.click('Delete');
	await admin.sees('Nothing fits this search.');
	is((await job(id)).state, 'deleted', 'deleted');
}

// The same list, but no titles and nothing to change.
async function helpdesk({ api, as, is, me }, { id, title }) {
	await api('PATCH', '/roles/helpdesk', { role: 'helpdesk' });
	const help = await as('helpdesk');
	await help.open(`admin/jobs.cgi?user=${me}`);
	await help.sees(id);
	await help.seesNot(title);
	is(await help.control('Print').count(), 0, 'nothing can be printed');
	await help.click(id);
	await help.sees('What happened');
	await help.seesNot(title);
}

export default async function jobs(t) {
	const one = await t.print(t.me, `Theirs ${t.unique}`);
	const two = await t.print(t.me, `Also <b> ${t.unique}`);
	const admin = await t.as('admin');
	await search(t, admin, [one, two]);
	await print_it(t, admin, one);
	await look_and_delete(t, admin, two);
	await helpdesk(t, one);
}
