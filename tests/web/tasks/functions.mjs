// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// Functions: said at a place and for a person, taken back, explained; a page
// that is not open is not in the menu, and does not open.
export const alone = true;

export default async function functions({ api, as, is, unique }) {
	const admin = await as('admin');
	const entries = async (q) => (await api('GET', `/access?${q}`)).body.access
		.map((e) => `${e.function} ${e.state}${e.template ? ` ${e.template}` : ''}`)
		.sort().join(', ');
	const choose = (key, value) => admin.page.locator(`[name="f.${key}"]`)
		.selectOption(value);
	const chosen = (key) => admin.page.locator(`[name="f.${key}"]`).inputValue();
	const template = `t ${unique}`;
	await api('POST', '/templates', { name: template, blocks: ['card'] });

	await admin.open('admin/access.cgi?device=Flur');
	await choose('copy', 'disabled');
	await choose('scan', `template ${template}`);
	await choose('@fax', 'open');
	await admin.click('Save');
	await admin.sees('Saved: it holds from now on.');
	is(await entries('device=Flur'), `@fax open, copy disabled, scan template ${template}`,
		'three choices are three entries');
	is(await chosen('copy'), 'disabled', 'which the page shows');
	is(await admin.page.locator('#table tr.changed').count(), 3, 'marked');
	is(await admin.page.locator('[name="f.admin-users"]').count(), 0,
		'no function of the server at a device');
	await choose('scan', '');
	await choose('@fax', '');
	await admin.click('Save');
	await admin.sees('Saved: it holds from now on.');
	is(await entries('device=Flur'), 'copy disabled', 'as elsewhere takes them away');

	await admin.open('admin/access.cgi');
	is(await chosen('copy'), '', 'nothing is said everywhere');
	await admin.page.locator('#who').selectOption('user');
	await admin.page.locator('#name').fill('anna');
	await admin.click('Show');
	await choose('copy', 'open');
	await admin.click('Save');
	await admin.sees('Saved: it holds from now on.');
	is(await entries('user=anna'), 'copy open', 'one person');
	await admin.page.locator('#name').fill('nobody-knows');
	await admin.click('Show');
	is(await admin.page.locator('[role=alert]').count(), 1, 'a person nobody knows');

	await admin.open('admin/access.cgi');
	await admin.page.locator('#user').fill('anna');
	await admin.page.locator('#at').selectOption('Flur');
	await admin.page.locator('#what').selectOption('copy');
	await admin.click('Explain');
	await admin.sees('another entry is nearer to the place');
	is(await admin.page.locator('#explained tr.added').count(), 1, 'one entry decides');

	await api('POST', '/access', { function: 'admin-cards', state: 'disabled' });
	await admin.open('admin/index.cgi');
	is(await admin.page.locator('nav a[href$="admin/cards.cgi"]').count(), 0,
		'a page that is not open is not in the menu');
	await admin.open('admin/cards.cgi');
	await admin.sees('this page is not open to you');
	for (const e of (await api('GET', '/access?limit=200')).body.access)
		await api('DELETE', `/access/${e.id}`);
	await api('DELETE', `/templates/${encodeURIComponent(template)}`);
	await admin.open('admin/cards.cgi');
	await admin.seesNot('this page is not open to you');
}
