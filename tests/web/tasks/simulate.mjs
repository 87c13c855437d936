// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// Rules that refuse colour to students are tried on the jobs that were, and then
// saved; the same of prices; who may not is told why.

// Two jobs of somebody who has no others.
async function printed({ api, is, job, print, unique, until }) {
	const pupil = `pupil-${unique}`;
	const group = `<b>Students</b> ${unique}`;
	await api('POST', '/users', { name: pupil });
	const made = await api('POST', '/groups', { name: group });
	is(made.status, 201, 'a group with such a name');
	await api('PATCH', `/groups/${encodeURIComponent(group)}`, { op: 'add', name: pupil });
	for (const n of [1, 2]) {
		const { id } = await print(pupil, `Report ${n} ${unique}`);
		await until('its pages are counted',
			async () => (await job(id)).pages?.colour_sides === 1);
		await api('POST', `/jobs/${id}/release`, { device: 'Flur' });
		await until('it is printed', async () => (await job(id)).state === 'sent');
	}
	return group;
}

// The cells of a row by their column's name.
async function row(person, table, name) {
	return person.page.locator(`#${table} tbody tr, #${table} tfoot tr`)
		.filter({ has: person.page.locator('th').getByText(name, { exact: true }) })
		.locator('td').evaluateAll((cells) => cells.map((c) => c.textContent.trim())
			.join(' '));
}

async function rules({ api, is, unique }, admin, group) {
	const before = (await api('GET', '/rules')).body.version;
	const text = `rule "No colour ${unique}"\n when group "${group}" and ` +
		'colour-pages > 0\n refuse "Print it in black and white"\n' +
		`rule "Both sides"\n when title "*${unique}" force duplex\n`;
	await admin.open('admin/rules.cgi');
	await admin.sees(/In these days \d+ jobs were printed/);
	await admin.fill('Rules', text.replace('colour-pages', 'colour-pagez'));
	await admin.click('Try it on recorded jobs');
	await admin.sees(/line 2/);
	is(await admin.page.locator('pre.excerpt mark mark').innerText(), 'colour-pagez',
		'the wrong word is marked');
	is(await admin.page.locator('#simulated').count(), 0, 'and nothing is tried');
	await admin.fill('Rules', text);
	await admin.click('Check');
	await admin.sees('Nothing is wrong with it.');
	await admin.click('Try it on recorded jobs');
	await admin.sees('What it would have done');
	is(await row(admin, 'simulated-rules', `No colour ${unique}`), '1 2 0 0 0',
		'the rule refuses both jobs');
	is(await row(admin, 'simulated-rules', 'Both sides'), '',
		'and leaves nothing to the other one');
	is(await row(admin, 'simulated-groups', group), '2 2 6 0 2 0 0.66 0.00',
		'jobs, refused, pages, in colour and cost, before and after');
	is((await admin.wrong()).join('\n'), '', 'the page is whole');
	await admin.shot(`simulate-${admin.how.width}-${admin.how.lang}`);
	const csv = await admin.saves(/^Save all of it/);
	is(csv.split('\r\n').find((l) => l.includes(group)),
		`group,${group},2,2,0,0,0,0,0,0,2,0,6,0,2,0,6,0,0.66,0.00`, 'the same as CSV');
	is((await api('GET', '/rules')).body.version, before, 'trying changes nothing');
	is(await admin.field('Rules').inputValue(), text, 'the text is still there');
	await admin.click('Save');
	await admin.sees('Saved: these rules hold from now on.');
	is((await api('GET', '/rules')).body.version, before + 1, 'now it holds');
	return before + 1;
}

async function prices({ api, is }, admin, group) {
	await api('POST', '/rules', { text: '' });
	await admin.open('admin/prices.cgi');
	await admin.fill('Price list', 'mono 1\ncolour 2\n');
	await admin.click('Try it on recorded jobs');
	await admin.sees('What it would have done');
	is(await row(admin, 'simulated-groups', group), '2 0 6 6 2 2 0.66 8.00',
		'what it would cost');
	is((await admin.wrong()).join('\n'), '', 'the page is whole');
}

async function earlier({ is, unique }, admin, group, version) {
	await admin.open(`admin/rules.cgi?version=${version}`);
	await admin.sees(`This is version ${version}`);
	await admin.click('Try it on recorded jobs');
	is(await row(admin, 'simulated-rules', `No colour ${unique}`), '1 2 0 0 0',
		'an earlier version is tried the same way');
	is(await row(admin, 'simulated-groups', group), '2 2 6 0 2 0 0.66 0.00',
		'and says the same');
}

async function others(t) {
	await t.api('PATCH', '/roles/helpdesk', { role: 'helpdesk' });
	const help = await t.as('helpdesk');
	await help.open('admin/rules.cgi');
	await help.sees('This is for operators and administrators');
	t.is(await help.page.locator('button[value=simulate]').count(), 0,
		'the help desk has no such button');
}

// Prices and rules are for everybody.
export const alone = true;
export const ways = [{ width: 'phone', lang: 'en', js: false },
	{ width: 'desktop', lang: 'en', js: true }];

export default async function simulate(t) {
	const admin = await t.as('admin');
	await t.api('POST', '/rules', { text: '' });
	await t.api('POST', '/prices', { text: 'mono 0.05\ncolour 0.20\nsheet 0.01\n' });
	const group = await printed(t);
	const version = await rules(t, admin, group);
	await prices(t, admin, group);
	await earlier(t, admin, group, version);
	await others(t);
}
