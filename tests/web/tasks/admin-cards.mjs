// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// Guests, how card numbers are made, and a card two people want.

async function guests({ api, is }, admin, name) {
	const guest = async () => (await api('GET', '/guests?limit=200')).body.guests
		.find((g) => g.display === name);
	await admin.open('admin/guests.cgi');
	await admin.fill('Name of the guest', name);
	await admin.fill('Sides without colour, in all', 'many');
	await admin.click('Invite');
	await admin.sees('Enter a number, 0 to 999999.');
	is(await admin.field('Name of the guest').inputValue(), name,
		'what was typed is still there');
	is(await guest(), undefined, 'nobody is invited by that');
	await admin.fill('Sides without colour, in all', '25');
	await admin.click('Invite');
	const made = await guest();
	await admin.sees(`Guest ${made.name}`);
	await admin.sees(/[0-9A-Z]{5}-[0-9A-Z]{5}/);
	is(await admin.page.locator('#slip svg.qr').count(), 1,
		'the slip has the code as a picture');
	is(made.state, 'open', 'the guest is there');
	const first = await admin.page.locator('#slip .code').innerText();
	await admin.open('admin/guests.cgi');
	await admin.seesNot(first);
	await admin.clickIn(made.name, 'New code');
	await admin.sees(`Guest ${made.name}`);
	is((await admin.page.locator('#slip .code').innerText()) !== first, true,
		'a new code is another one');
	await admin.open('admin/guests.cgi');
	await admin.clickIn(made.name, 'End');
	await admin.sees("The guest's time is over.");
	is((await guest())?.state ?? 'ended', 'ended', 'the guest is none any more');
}

async function formats({ api, is }, admin, name) {
	const rule = async () => (await api('GET', '/card-formats')).body.rules
		.find((r) => r.name.toLowerCase() === name);
	await admin.open('admin/card-formats.cgi');
	await admin.fill('What the reader reads', '000451E5');
	await admin.click('Try');
	await admin.sees('00210482');
	await admin.sees('UID');
	is(await admin.page.locator('#tried tbody tr').count(), 9,
		'each of nine formats says what it makes');
	await admin.fill('Device group (empty: not for one)', name);
	await admin.field('Format').selectOption('decimal');
	await admin.fill('First digit that counts', '2');
	await admin.click('Save');
	await admin.sees('cannot be converted');
	is(await rule(), undefined, 'what it means is said first');
	is(await admin.field('Format').inputValue(), 'decimal',
		'what was chosen is still chosen');
	await admin.check('I know what this means for registered cards');
	await admin.click('Save');
	await admin.sees('Changed.');
	is((await rule()).format, 'decimal start=2', 'then it is done');
	await admin.clickIn(name, 'Forget the former format');
	await admin.sees('The former format is forgotten.');
	is((await rule()).former, null, 'the former one is forgotten');
	await admin.clickIn(name, 'Remove');
	await admin.sees('The setting is taken away.');
	is(await rule(), undefined, 'it is taken away');
}

export default async function cards(t) {
	const admin = await t.as('admin');
	await guests(t, admin, `Visitor ${t.unique}`);
	await formats(t, admin, `group ${t.unique}`.toLowerCase());
}
