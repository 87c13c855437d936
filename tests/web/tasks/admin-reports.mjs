// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// Reports with plots and tables, and the audit log.

async function reports({ is, ok }, admin) {
	await admin.open('admin/index.cgi');
	await admin.menu('Reports');
	await admin.choose('Count for', 'users');
	await admin.click('Show');
	await admin.sees('Sums');
	ok(await admin.page.locator('svg.plot').count() > 0, 'there is a plot');
	const table = await admin.saves('Save all of it as a table (CSV)');
	ok(/^anna,/m.test(table), 'and a table', table);
	await admin.fill('Only this user', 'nobody-at-all');
	await admin.click('Show');
	await admin.sees('Nothing came out in this time.');
	await admin.fill('Only this user', '');
	await admin.fill('Only this device', 'nowhere at all');
	await admin.click('Show');
	is(await admin.page.locator('[role=alert]').count(), 1, 'no such device');
	is(await admin.field('Only this device').getAttribute('aria-invalid'), 'true',
		'the field is named');
}

async function audit({ api, is, ok, unique }, admin) {
	const name = `a-${unique}`;
	await api('PATCH', `/roles/${name}`, { role: 'helpdesk' });
	await api('PATCH', `/roles/${name}`, { role: 'user' });
	await api('POST', '/users', { name });
	await admin.open('admin/index.cgi');
	await admin.menu('Audit log');
	await admin.fill('Who', 'root');
	await admin.choose('What', 'gave a role');
	await admin.click('Search');
	await admin.sees(name);
	is(await admin.page.locator('#audit td').filter({ hasText: 'entered a user' })
		.count(), 0, 'nothing else is found');
	const table = await admin.saves('Save all of it as a table (CSV)');
	ok(table.includes(name), 'and saved as a table');
	await admin.fill('Who', 'nobody-at-all');
	await admin.click('Search');
	await admin.sees('Nothing fits this search.');
	await api('DELETE', `/users/${name}`);
}

export default async function figures(t) {
	const admin = await t.as('admin');
	await reports(t, admin);
	await audit(t, admin);
}
