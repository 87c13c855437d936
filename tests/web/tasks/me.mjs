// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// My cards, PIN, ID number, password, language, and a code for once.

async function cards({ api, me, way, is }, mine) {
	const number = `04D${me === 'anna' ? 1 : 2}${way.width === 'phone' ? 3 : 4}${
		way.js ? 5 : 6}00AA`.padEnd(10, '0');
	const before = (await api('GET', `/cards?user=${me}`)).body.cards.length;
	await mine.fill('Number of a new card', 'not hex!');
	await mine.check('written in hexadecimal');
	await mine.click('Add the card');
	is(await mine.page.locator('[role=alert]').count(), 1, 'that is no number');
	await mine.fill('Number of a new card', number);
	await mine.check('written in hexadecimal');
	await mine.click('Add the card');
	is((await api('GET', `/cards?user=${me}`)).body.cards.length, before + 1,
		'the card is there');
	await mine.clickIn(number.slice(-4), /Remove/);
	is((await api('GET', `/cards?user=${me}`)).body.cards.length, before,
		'and gone again');
}

async function pin({ api, me, is }, mine) {
	await mine.fill('New PIN, 4 to 8 digits', '12');
	await mine.click('Change the PIN');
	is(await mine.page.locator('[role=alert]').count(), 1, 'that is too short');
	await mine.fill('New PIN, 4 to 8 digits', '4827');
	await mine.click('Change the PIN');
	is((await api('GET', `/users/${me}`)).body.has_card_pin, true,
		'there is a PIN');
}

async function number({ api, me, is, ok }, mine) {
	const there = async () => (await api('GET', `/users/${me}`)).body.has_id_number;
	await mine.click('Give me a new number');
	ok(/^[0-9]{4,8}$/.test(await mine.page.locator('p.code').innerText()),
		'a new number is shown');
	is(await there(), true, 'there is a number');
	await mine.open('me.cgi');
	is(await mine.page.locator('p.code').count(), 0, 'it is shown only once');
	await mine.follow(mine.page.locator('button[value="number-remove"]'));
	await mine.sees('The ID number is removed.');
	is(await there(), false, 'and gone again');
}

async function password({ api, me, is }, mine) {
	await mine.fill('New password', 'one of them 1');
	await mine.fill('The same once more', 'another 2');
	await mine.click('Change the password');
	await mine.sees('The two passwords differ.');
	await mine.fill('New password', 'one of them 1');
	await mine.fill('The same once more', 'one of them 1');
	await mine.click('Change the password');
	await mine.sees('The password is changed.');
	is((await api('GET', `/users/${me}`)).body.has_password, true,
		'there is a password');
}

async function language({ api, me, is }, mine) {
	await mine.choose('Language', 'Deutsch');
	await mine.click('Change');
	is((await api('GET', `/users/${me}`)).body.locale, 'de', 'panels speak German');
	await api('PATCH', `/users/${me}`, { locale: 'en' });
}

export default async function me(t) {
	await t.api('PATCH', `/users/${t.me}`, { locale: 'en', password: '' });
	const mine = await t.as(t.me);
	await mine.open('me.cgi');
	await cards(t, mine);
	await pin(t, mine);
	await number(t, mine);
	await password(t, mine);
	await language(t, mine);
	await mine.open('me.cgi');
	await mine.click('Get a code');
	t.ok((t.way.js ? /^[45]:\d\d$/ : /^300 s$/).test(
		await mine.page.locator('[data-left]').innerText()),
	'it says how long the code is good yet');
	await mine.sees(/\b[0-9A-Z]{5}-[0-9A-Z]{5}\b/);
}
