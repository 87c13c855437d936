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

// What was copied, scanned and faxed: web_activity of the scenario.
async function activity({ as, is, ok }, admin) {
	const rows = async (who) => (await who.page.locator('#activity tbody tr')
		.allInnerTexts()).map((t) => t.replace(/\s+/g, ' '));
	await admin.menu('Copies and scans');
	const all = await rows(admin);
	ok(all.some((t) => /fax sent .*nobody we know .*\b4\b/.test(t)),
		'a fax of nobody we know', all.join('\n'));
	await admin.choose('Function', 'copy');
	await admin.fill('User', 'anna');
	await admin.click('Search');
	const copies = await rows(admin);
	ok(copies.length === 1 && /copy anna .* 7 2\b/.test(copies[0].replace(
		/(User|Pages|In colour|Function) /g, '')), 'one copy of anna', copies.join('\n'));
	const table = await admin.saves('Save all of it as a table (CSV)');
	ok(/,copy,anna,[^,]+,7,2,/.test(table) && !table.includes('fax'),
		'and as a table', table);
	await admin.fill('From', '2001-01-01');
	await admin.fill('To', '2001-03-31');
	await admin.click('Search');
	await admin.sees('Nothing fits this search.');
	const anna = await as('anna');
	await anna.open('activity.cgi');
	const own = await rows(anna);
	is(own.length, 2, 'her own copy and scan');
	ok(own.some((t) => /scan/.test(t)) && !own.some((t) => /fax/.test(t)),
		'and nothing of others', own.join('\n'));
}

// Other tasks print and pay meanwhile: what is this task's own has its own name.
async function paid({ api, is, print, rig, unique, until }) {
	const name = `=2+${unique}`;
	const { body } = await api('GET', '/prices');
	if (!body.version)
		await api('POST', '/prices', { text: 'mono 0.05\ncolour 0.20\nsheet 0.01\n' });
	await api('POST', '/users', { name, department: `@${unique}` });
	await api('POST', '/quotas', { owner: 'user', name, amount: '9', period: 'never' });
	const { id } = await print(name, `money of ${unique}`);
	await api('POST', `/jobs/${id}/release`, { device: rig.RIG_DEVICE_ID });
	await until('it is paid', async () => (await api('GET', `/jobs/${id}`)).body
		.charge?.state === 'settled');
	is((await api('GET', `/jobs/${id}`)).body.charge.micro, 330000, 'it cost 0.33');
	return name;
}

async function money({ is, ok, unique }, admin, name) {
	await admin.open('admin/index.cgi');
	await admin.click(/^[0-9]+\.[0-9]{2}$/);		// paid today
	is(await admin.field('Split by').inputValue(), 'day', 'money of each day');
	await admin.choose('Split by', 'users');
	await admin.click('Show');
	await admin.sees(name);
	ok(await admin.page.locator('svg.plot').count() > 0, 'there is a plot');
	const users = await admin.saves('Save all of it as a table (CSV)');
	ok(users.includes(`\r\n'${name},1,0.33,0.00,EUR,1\r\n`),
		'a table, in which the name is no formula', users);
	await admin.choose('Split by', 'departments');
	await admin.click('Show');
	const row = admin.page.locator('#report tr').filter({ hasText: `@${unique}` });
	ok(/1\s+0\.33\s+0\.00/.test(await row.innerText()),
		'and by department', await row.innerText());
	await admin.choose('Split by', 'each month');
	await admin.fill('From', '2001-01-01');
	await admin.fill('To', '2001-03-31');
	await admin.click('Show');
	await admin.sees('Nothing was paid in this time.');
	is(await admin.field('Split by').inputValue(), 'month', 'of months');
	is(await admin.page.locator('svg.plot').count(), 0, 'without a plot');
}

async function quotas({ ok }, admin, name) {
	// The menu has a page of this name, too.
	await admin.follow(admin.page.locator('ul.tabs')
		.getByRole('link', { name: 'Quotas', exact: true }));
	await admin.sees('What is used of quotas now');
	ok(await admin.page.locator('svg.plot').count() > 0, 'quotas have a plot');
	const table = await admin.saves('Save all of it as a table (CSV)');
	ok(table.includes(`\r\n'${name},EUR,9.00,0.33,8.67,4,\r\n`), 'and a table', table);
	await admin.choose('Count for', 'shared accounts');
	await admin.choose('Of what', 'Black and white sides');
	await admin.click('Show');
	await admin.sees('No account has a limit of this.');
	await admin.open('admin/reports.cgi?show=quota');
	await admin.click(name);
	await admin.sees('Money left');
}

async function environment({ is, ok }, admin, name) {
	await admin.open('admin/reports.cgi');
	await admin.click('Environment');
	await admin.sees('Sheets saved');
	ok(await admin.page.locator('svg.plot').count() > 0, 'paper has a plot');
	await admin.choose('Split by', 'users');
	await admin.click('Show');
	const table = await admin.saves('Save all of it as a table (CSV)');
	ok(table.includes(`\r\n'${name},1,3,0.0,0.0,0,0.0,0.0\r\n`), 'and a table', table);
	await admin.fill('From', '2001-01-01');
	await admin.fill('To', '2001-03-31');
	await admin.click('Show');
	await admin.sees('Nothing came out in this time.');
	is(await admin.page.locator('[role=alert]').count(), 0, 'which is no error');
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
	await activity(t, admin);
	const name = await paid(t);
	await money(t, admin, name);
	await quotas(t, admin, name);
	await environment(t, admin, name);
	await audit(t, admin);
}
