// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// A station's panel in a kiosk browser whose only certificate is that of
// station.p12: a reader that types, jobs, paper. run.mjs station WHAT...
import { is, ok, Person, rig, until, widths } from './lib.mjs';

const panel = `${rig.RIG_SERVER_URL}/panel/`;

async function visitor(chrome, more = {}) {
	const how = { user: 'station', width: 'desktop', lang: 'en', js: true, ...more };
	const context = await chrome.newContext({
		viewport: widths[how.width], javaScriptEnabled: how.js,
		locale: how.lang === 'de' ? 'de-DE' : 'en-GB', timezoneId: 'Europe/Berlin',
	});
	return new Person(context, await context.newPage(), how);
}

async function title(page) { return page.locator('h1').innerText(); }

async function shows(person, words) {
	await until(`the panel shows ${words}`,
		async () => (await title(person.page).catch(() => '')) === words);
	return ok(true, `${person.name}: the panel shows ${words}`);
}

// What a keyboard wedge does: digits, Enter, wherever the focus is.
async function swipe(person, digits) {
	await person.page.keyboard.type(digits, { delay: 2 });
	await person.page.keyboard.press('Enter');
}

async function focused(person) {
	return person.page.evaluate(() => document.activeElement?.name);
}

// ---- WHAT

// No certificate, or one that is worth nothing any more: no panel.
async function stranger(chrome) {
	const person = await visitor(chrome);
	const answer = await person.page.goto(panel);
	is(answer.status(), 401, 'without a good certificate there is no panel');
	await person.sees('This device is not registered');
	await person.close();
}

async function logIn(person) {
	const answer = await person.page.goto(panel);
	is(answer.status(), 200, `${person.name}: the certificate was taken by itself`);
	is(await title(person.page), 'Log in', 'the panel asks who is there');
	is(await focused(person), 'card', 'and waits for a card');
	ok(Number.parseInt(answer.headers().refresh, 10) <= 3600,
		'it asks anew before its token is too old');
	return answer;
}

async function prints(chrome) {
	const person = await visitor(chrome);
	await logIn(person);
	await swipe(person, '00112233');
	await shows(person, 'This card is not known yet');
	await person.click('Back');
	await shows(person, 'Log in');
	is(await focused(person), 'card', 'after a strange card it waits for the next');

	await swipe(person, rig.STATION_CARD);
	await shows(person, 'Kate Kiosk');
	await person.sees('From the kiosk');
	await person.sees('Another of mine');
	await person.seesNot('Not mine');
	await person.page.getByRole('checkbox', { name: 'Another of mine' })
		.setChecked(false);
	await person.page.getByRole('checkbox', { name: 'From the kiosk' })
		.setChecked(true);
	await person.click('Print selected');
	await person.sees('Sent to the printer');
	await person.seesNot('From the kiosk');
	await person.sees('Another of mine');
	await person.close();
}

// Both pages as they look, on a small screen too. This one wants scripts.
async function looks(chrome) {
	for (const width of ['desktop', 'phone']) {
		for (const lang of ['en', 'de']) {
			const person = await visitor(chrome, { width, lang });
			await person.page.goto(panel);
			for (const card of ['', '00112233', rig.STATION_CARD]) {
				if (card) {
					await person.page.goto(panel);
					const was = await title(person.page);
					await swipe(person, card);
					await until('another page', async () =>
						await title(person.page).catch(() => was) !== was);
				}
				const found = await person.wrong();
				ok(found.length === 0, `${person.name}: nothing is wrong with "${
					await title(person.page)}"`, found.join('\n'));
				await person.shot(`station-${width}-${lang}-${card || 'login'}`);
			}
			await person.close();
		}
	}
}

// Nobody touches it: every page goes back to the log-in, ready for a card.
async function leaves(chrome) {
	const person = await visitor(chrome);
	await logIn(person);
	await swipe(person, rig.STATION_CARD);
	await shows(person, 'Kate Kiosk');
	await until('the log-in is back', async () =>
		(await title(person.page).catch(() => '')) === 'Log in', 20);
	is(await focused(person), 'card', 'her jobs went, the next card can come');
	await swipe(person, rig.STATION_CARD);
	await shows(person, 'Kate Kiosk');
	await person.page.getByRole('checkbox', { name: 'Another of mine' })
		.setChecked(true);
	await person.click('Options');
	await shows(person, 'Another of mine');
	await until('the log-in is back', async () =>
		(await title(person.page).catch(() => '')) === 'Log in', 20);
	is(await focused(person), 'card', 'so it is from her options');
	await swipe(person, rig.RIG_ANNA_CARD.toLowerCase());
	await shows(person, 'Anna Muster');
	await person.seesNot('Another of mine');
	const left = await person.context.cookies();
	ok(left.every((c) => c.expires === -1), 'no cookie outlives the browser');
	await person.close();
}

// The policy of doc/kiosk.md.
async function confined(chrome) {
	const person = await visitor(chrome);
	await logIn(person);
	for (const where of ['file:///etc/passwd', 'chrome://version/',
		'chrome://flags/', `view-source:${panel}`, 'https://example.com/',
		`${rig.RIG_SERVER_URL}/opdp/v1/panel/menu`, rig.RIG_PAGES_URL]) {
		const page = await person.context.newPage();
		const said = await page.goto(where)
			.then(() => 'it opened', (e) => e.message);
		ok(said.includes('ERR_BLOCKED_BY_ADMINISTRATOR'),
			`no ${where.replace(/\d{4,}/, 'PORT')}`, said);
		await page.close();
	}
	await person.page.goto(panel);
	is(await title(person.page), 'Log in', 'the panel is there');
	await person.close();
}

const kinds = { confined, leaves, looks, prints, stranger };

export default async function station(chrome, names) {
	for (const name of names)
		await kinds[name](chrome);
}
