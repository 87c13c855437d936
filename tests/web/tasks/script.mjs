// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// cgi/static/release.js by itself: on a page of this test at the address of
// the real ones, under the same Content-Security-Policy, with a camera and a
// reader of QR codes that are played.
import { until } from '../lib.mjs';

export const ways = [{ width: 'desktop', lang: 'en', js: true }];

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; " +
	"img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'";
const frame = (body) => `<!DOCTYPE html><html lang="en"><head>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta charset="utf-8"><title>t</title>
<link rel="stylesheet" href="static/release.css">
<script src="static/release.js" defer></script></head>
<body><div class="cups-body">${body}</div></body></html>`;
const row = (id, words) => `<tr><td><input type="checkbox" name="job"
value="${id}" checked aria-label="${words}"></td><td>${words}</td></tr>`;
const list = `<p><input type="search" data-filter="#t" aria-label="Rows"></p>
<form method="post" action="script-test.html"><input name="method" value="x">
<input type="checkbox" data-all="#t" aria-label="All">
<table class="list" id="t"><thead><tr><th>a</th><th>b</th></tr></thead><tbody>
${row(1, 'Quarterly Report')}${row(2, 'Letter')}${row(3, 'report two')}
</tbody></table>
<button name="do" value="go">Go</button>
<button name="do" value="del" data-confirm="Really?">Delete</button></form>
<p data-script hidden>Only with scripts</p>`;

// A page of ours: body() is asked each time; what is posted is kept, and
// answered as soon as posts.answered() is true.
async function play(person, body) {
	const posts = [];
	posts.answered = () => true;
	await person.page.route('**/release/script-test.html*', async (route) => {
		if (route.request().method() === 'POST') {
			posts.push(route.request().postData());
			await until('the answer', () => posts.answered());
		}
		await route.fulfill({ contentType: 'text/html; charset=utf-8',
			body: frame(body()) });
	});
	return posts;
}

const checked = (page) => page.evaluate(() =>
	[...document.querySelectorAll('#t input:checked')].map((b) => b.value)
		.join());
const shown = (page) => page.evaluate(() =>
	[...document.querySelectorAll('#t tbody tr')].filter((r) =>
		r.getClientRects().length > 0).length);

async function forms({ as, is, ok }) {
	const person = await as('anna');
	const posts = await play(person, () => list);
	const { page } = person;
	let asked = '';
	let answer = false;
	page.on('dialog', (d) => {
		asked = d.message();
		return answer ? d.accept() : d.dismiss();
	});
	await person.open('script-test.html');
	await person.sees('Only with scripts');

	await person.control('Delete').click();
	await until('it asks', () => asked);
	is(asked, 'Really?', 'a button that deletes asks first');
	await page.waitForTimeout(200);
	is(posts.length, 0, 'no: nothing is sent');
	answer = true;
	await Promise.all([page.waitForEvent('load'),
		person.control('Delete').click()]);
	is(posts.length, 1, 'yes: it is sent');
	ok(posts[0].endsWith('do=del'), 'with the name of its button', posts[0]);

	let slept = false;
	posts.answered = () => slept;
	const says = page.waitForEvent('console', (m) => m.text().startsWith('all '));
	await Promise.all([page.waitForEvent('load'), page.evaluate(() => {
		const go = document.querySelector('button[value=go]');
		go.click();
		go.click();
		setTimeout(() => go.click(), 50);
		setTimeout(() => console.log(`all ${[...document.querySelectorAll(
			'form button')].every((b) => b.disabled)}`), 150);
	}), says.finally(() => { slept = true; })]);
	is((await says).text(), 'all true', 'buttons sleep while a form is sent');
	is(posts.length, 2, 'three clicks send one form');
	await page.goBack();
	await until('they are awake when the page is shown again', () =>
		page.getByRole('button', { name: 'Go' }).isEnabled());
}

async function filters({ as, is }) {
	const person = await as('anna');
	const posts = await play(person, () => list);
	const { page } = person;
	await person.open('script-test.html');
	await person.fill('Rows', 'REP two');
	is(await shown(page), 1, 'rows are filtered by all words');
	is(await checked(page), '3', 'what is not seen is not chosen');
	await page.keyboard.press('Enter');
	await page.keyboard.press('Escape');
	is(await shown(page), 3, 'Escape shows all rows again');
	is(await checked(page), '1,2,3', 'and what was chosen is');
	is(posts.length, 0, 'Enter sends no form');
	await person.fill('Rows', 'letter');
	await person.check('All');
	await page.getByLabel('All').uncheck();
	await person.fill('Rows', '');
	is(await checked(page), '1,3', 'all or none of the rows that are shown');
}

async function refreshes({ as, is, ok }) {
	const person = await as('anna');
	let n = 0;
	const began = Date.now();
	await play(person, () => `<div id="live" data-refresh-seconds="2">
		<p>round ${++n}</p><input aria-label="Inside"></div>
		<input aria-label="Outside"><p id="dead">first ${n}</p>`);
	const { page } = person;
	const text = (id) => page.locator(id).innerText();
	await person.open('script-test.html');
	await person.field('Outside').focus();
	await until('a part is fetched anew', async () =>
		await text('#live') !== 'round 1');
	is(await text('#dead'), 'first 1', 'and nothing else');
	is(await page.evaluate(() => document.activeElement.ariaLabel), 'Outside',
		'the focus stays where it is');
	await person.field('Inside').focus();
	const before = await text('#live');
	await page.waitForTimeout(2500);
	is(await text('#live'), before, 'not while somebody is in it');
	await person.field('Outside').focus();
	await until('then it goes on', async () => await text('#live') !== before);
	await person.fill('Inside', 'typed');
	await person.field('Outside').focus();
	await page.waitForTimeout(2500);
	is(await person.field('Inside').inputValue(), 'typed',
		'what was typed is not lost');
	const most = (Date.now() - began) / 2000 + 1;
	ok(n > 1 && n <= most,
		`the server was not asked more often than it must: ${n}, ${most}`);
}

// A camera that shows black, and a reader that reads what window.code says.
function played() {
	window.stopped = 0;
	window.code = '';
	window.BarcodeDetector = class {
		static async getSupportedFormats() { return ['qr_code']; }

		async detect() {
			return window.code ? [{ rawValue: window.code }] : [];
		}
	};
	const canvas = document.createElement('canvas');
	canvas.getContext('2d');
	Object.defineProperty(navigator, 'mediaDevices', { value: {
		async getUserMedia() {
			if (window.denied)
				throw new DOMException('no', 'NotAllowedError');
			const stream = canvas.captureStream(5);
			const [track] = stream.getTracks();
			const { stop } = track;
			track.stop = function () { window.stopped++; stop.call(track); };
			return stream;
		},
	} });
}

async function scans({ as, is, ok, rig }) {
	const button = '<button type="button" data-scan hidden data-cancel="Stop"' +
		' data-wrong="No code of ours." data-denied="No camera.">Scan</button>';
	const blind = await as('anna');
	await play(blind, () => button);
	await blind.page.addInitScript(() => { delete window.BarcodeDetector; });
	await blind.open('script-test.html');
	ok(await blind.page.locator('button').isHidden(),
		'without a reader of codes there is no button');

	const person = await as('anna');
	const { page } = person;
	await play(person, () => button);
	await page.addInitScript(played);
	await person.open('script-test.html');
	// The dialog goes with its event "close", which comes after the click.
	const opens = async () => {
		await person.control('Scan').click();
		await page.locator('dialog').waitFor();
	};
	const closed = (why) => until(why, async () =>
		await page.locator('dialog').count() === 0);
	await opens();
	const origin = new URL(rig.RIG_PAGES_URL).origin;
	const other = origin.replace('//', '//anna:x@');
	for (const code of ['https://example.org/release/x', 'javascript:alert(1)',
		`${origin}/admin/`, `${origin}/release/../admin/`,
		`${origin}.example.org/release/x`, `${other}/release/x`,
		'/release/script-test.html', 'data:text/html,x', '12345']) {
		await page.evaluate((c) => {
			document.querySelector('dialog p').textContent = '';
			window.code = c;
		}, code);
		await page.getByText('No code of ours.').waitFor();
	}
	ok(page.url().endsWith('script-test.html'), 'no other place is gone to',
		page.url());
	await page.keyboard.press('Escape');
	await closed('Escape ends it');
	is(await page.evaluate(() => window.stopped), 1, 'the camera is off');
	is(await page.evaluate(() => document.activeElement.textContent), 'Scan',
		'the button has the focus again');
	await page.evaluate(() => { window.code = ''; });
	await opens();
	await person.control('Stop').click();
	await closed('so does its button');
	is(await page.evaluate(() => window.stopped), 2, 'the camera is off again');

	await opens();
	await page.evaluate((c) => { window.code = c; },
		`${origin}/release/script-test.html?device=7`);
	await page.waitForURL('**/script-test.html?device=7');
	ok(true, 'a code of ours leads to its device');
	await page.evaluate(() => { window.denied = true; });
	await person.control('Scan').click();
	await person.sees('No camera.');
}

export default async function (t) {
	await forms(t);
	await filters(t);
	await refreshes(t);
	await scans(t);
}
