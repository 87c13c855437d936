// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// A person at a browser, and what the tests say of it (TAP). Needs the words
// of a rig (DIR/env) in the environment.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import http from 'node:http';
import path from 'node:path';

const modules = createRequire(path.join(
	process.env.RIG_WEB_MODULES || `${process.env.RIG_BUILD}/web`, '/'));
const { chromium } = modules('playwright-core');
const axeSource = readFileSync(modules.resolve('axe-core/axe.min.js'), 'utf8');

export const rig = process.env;
export const shots = rig.WEB_SHOTS || `${rig.RIG_DIR}/shots`;
// A busy machine is slow, not wrong: what is right comes at once anyway.
const patience = Number(rig.WEB_PATIENCE || 30000);

// ---- TAP
let count = 0;
let bad = 0;

export function note(words) {
	console.log(String(words).replace(/^/gm, '# '));
}

export function ok(good, words, why = '') {
	count++;
	if (!good)
		bad++;
	console.log(`${good ? 'ok' : 'not ok'} ${count} - ${words}`);
	if (!good && why)
		note(why);
	return good;
}

export function is(seen, wanted, words) {
	return ok(seen === wanted, words, `wanted: ${wanted}\nseen:   ${seen}`);
}

export function end() {
	console.log(`1..${count}`);
	return bad === 0 && count > 0 ? 0 : 1;
}

// ---- what the server does without a browser
// The local API, as root: {status, body}.
export function api(method, where, body) {
	return new Promise((done, fail) => {
		const rq = http.request({
			socketPath: rig.RIG_API_SOCK, method, path: `/api/v1${where}`,
			headers: { 'Content-Type': 'application/json' },
		}, (answer) => {
			let text = '';
			answer.setEncoding('utf8');
			answer.on('data', (part) => { text += part; });
			answer.on('end', () => done({
				status: answer.statusCode,
				body: text ? JSON.parse(text) : null,
			}));
		});
		rq.on('error', fail);
		rq.end(body ? JSON.stringify(body) : undefined);
	});
}

export function run(program, ...args) {
	return new Promise((done, fail) => {
		execFile(program, args, (error, out, err) => (error ?
			fail(new Error(`${program}: ${err || error.message}`)) :
			done(out)));
	});
}

export async function until(what, test, seconds = patience / 1000) {
	const last = Date.now() + seconds * 1000;
	for (;;) {
		const value = await test();
		if (value)
			return value;
		if (Date.now() > last)
			throw new Error(`not within ${seconds} s: ${what}`);
		await new Promise((go) => { setTimeout(go, 50); });
	}
}

// Print FILE as somebody; the job as the API shows it once it is held.
export async function print(user, title, file = rig.WEB_PDF, ...options) {
	await run('lp', '-d', rig.RIG_QUEUE, '-U', user, '-t', title, ...options, file);
	return until(`"${title}" is held`, async () => {
		const { body } = await api('GET',
			`/jobs?job_state=held&limit=200&user=${encodeURIComponent(user)}`);
		return body.jobs.find((job) => job.title === title);
	});
}

export async function job(id) {
	return (await api('GET', `/jobs/${id}`)).body;
}

// ---- the browser
export async function browser() {
	return chromium.launch({
		executablePath: rig.CHROMIUM || '/usr/bin/chromium',
		// Chromium's own sandbox refuses root; nothing but our pages is opened.
		chromiumSandbox: process.getuid() !== 0,
		args: ['--disable-dev-shm-usage', '--disable-gpu', '--hide-scrollbars=0'],
		env: { ...process.env, HOME: rig.WEB_HOME || shots, LC_ALL: 'C.UTF-8' },
	});
}

export const widths = {
	phone: { width: 390, height: 844 },
	desktop: { width: 1280, height: 800 },
};

// What axe-core finds, one line each.
async function axe(page) {
	const found = await page.evaluate(`${axeSource}; axe.run(document, {
		resultTypes: ['violations'],
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
			'best-practice'],
	})`);
	return found.violations.map((v) => `axe ${v.id}: ${v.help}: ${
		v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(' | ')}`);
}

const has = (text, words) => (words instanceof RegExp ? words.test(text) :
	text.includes(words));

export class Person {
	constructor(context, page, how) {
		this.context = context;
		this.page = page;
		this.how = how;
		this.problems = [];
		page.setDefaultTimeout(patience);
		page.on('console', (m) => {
			// Of a picture by itself the browser looks for an icon.
			if (['error', 'warning'].includes(m.type()) &&
			    !m.location().url.endsWith('/favicon.ico'))
				this.problems.push(`console: ${m.text()}`);
		});
		page.on('pageerror', (e) => this.problems.push(`script: ${e.message}`));
		page.on('requestfailed', (r) => {
			// A download that takes the place of a page ends that request.
			if (r.failure()?.errorText !== 'net::ERR_ABORTED')
				this.problems.push(`failed: ${r.url()} ${r.failure()?.errorText}`);
		});
		page.on('response', (r) => {
			if (r.status() >= 400 && r.request().resourceType() !== 'document')
				this.problems.push(`${r.status()}: ${r.url()}`);
		});
	}

	url(where) { return new URL(where, rig.RIG_PAGES_URL).href; }

	// Open a page ("job.cgi?id=..."); the HTTP status is in this.status.
	async open(where) {
		const answer = await this.page.goto(this.url(where));
		this.status = answer.status();
		this.headers = answer.headers();
		return this;
	}

	// A button or link by its words, as a person finds it.
	control(words) {
		const exact = typeof words === 'string';
		const { page } = this;
		return page.getByRole('button', { name: words, exact })
			.or(page.getByRole('link', { name: words, exact })).first();
	}

	// In the row (or form, list item) that has these words.
	inRow(words, control) {
		return this.page.locator('tr, li, article, fieldset')
			.filter({ hasText: words }).last()
			.locator('button, a, input[type=submit]')
			.filter({ hasText: control }).first();
	}

	async click(words) { await this.follow(this.control(words)); }
	async clickIn(row, words) { await this.follow(this.inRow(row, words)); }

	// What leads to a page, and that page is waited for. A question that a
	// script asks is answered with yes, as it was meant.
	async follow(locator) {
		const yes = (d) => d.accept().catch(() => {});
		this.page.on('dialog', yes);
		try {
			await Promise.all([this.page.waitForEvent('load'),
				locator.click()]);
		} finally {
			this.page.off('dialog', yes);
		}
	}

	// What leads to a file: its text.
	async saves(words) {
		const [file] = await Promise.all([
			this.page.waitForEvent('download'), this.control(words).click()]);
		return readFileSync(await file.path(), 'utf8');
	}

	// Another page, by the menu; on a phone it is behind a button.
	async menu(words) {
		if (this.how.width === 'phone')
			await this.control('Menu').click();
		await this.follow(this.page.locator('nav.release')
			.getByRole('link', { name: words, exact: true }));
	}

	field(label) {
		return this.page.getByLabel(label, { exact: typeof label === 'string' })
			.first();
	}

	async fill(label, value) { await this.field(label).fill(value); }
	async choose(label, words) {
		await this.field(label).selectOption({ label: words });
	}

	// Only this job is chosen, whatever else is held.
	async chooseOnly(id) {
		for (const box of await this.page.locator('#jobs input[name=job]').all()) {
			if (await box.getAttribute('value') === id)
				await box.check();
			else if (await box.isEnabled())
				await box.uncheck();
		}
	}

	async check(label) { await this.field(label).check(); }
	async upload(label, file) { await this.field(label).setInputFiles(file); }

	async text() { return this.page.locator('body').innerText(); }

	// A script may be about to show it: it is looked for some times.
	async sees(words) {
		let text;
		const there = await until('', async () => {
			text = await this.text();
			return has(text, words);
		}, 5).catch(() => false);
		return ok(there, `${this.name}: sees ${words}`,
			`${this.page.url()}\n${text?.slice(0, 1500)}`);
	}

	async seesNot(words) {
		const text = await this.text();
		return ok(!has(text, words), `${this.name}: does not see ${words}`,
			`${this.page.url()}\n${text.slice(0, 1500)}`);
	}

	get name() {
		const { user, width, lang, js, dark } = this.how;
		return [user, width, lang, js ? 'script' : 'no script',
			dark ? 'dark' : ''].filter(Boolean).join(' ');
	}

	async fits() {
		const [has, wide] = await this.page.evaluate(() => {
			const root = document.documentElement;
			const limit = root.clientWidth;
			const out = [...document.querySelectorAll('body *')].filter((e) =>
				e.getBoundingClientRect().right > limit + 1).slice(0, 3);
			return [root.scrollWidth, out.map((e) => e.outerHTML.slice(0, 100))];
		});
		const most = widths[this.how.width].width;
		return has <= most ? [] :
			[`wider than the window: ${has} > ${most}: ${wide.join(' | ')}`];
	}

	// Pictures that are none.
	async broken() {
		return this.page.evaluate(() => [...document.images]
			.filter((i) => !i.complete || i.naturalWidth === 0)
			.map((i) => `no picture: ${i.getAttribute('src')}`));
	}

	// Everything that is wrong with the page as it is now.
	async wrong({ withAxe = this.how.js } = {}) {
		const found = [...this.problems, ...await this.fits(),
			...await this.broken()];
		if (withAxe)
			found.push(...await axe(this.page));
		this.problems = [];
		return found;
	}

	async shot(name, options = {}) {
		mkdirSync(shots, { recursive: true });
		await this.page.screenshot({
			path: `${shots}/${name}.png`, fullPage: true, ...options,
		});
	}

	async close() { await this.context.close(); }
}

// Somebody logged in: as(browser, {user, width, lang, js, dark}).
export async function as(chrome, given = {}) {
	const how = { user: 'anna', width: 'desktop', lang: 'en', js: true,
		dark: false, ...given };
	const context = await chrome.newContext({
		viewport: widths[how.width],
		isMobile: how.width === 'phone',
		hasTouch: how.width === 'phone',
		deviceScaleFactor: 1,
		javaScriptEnabled: how.js,
		locale: how.lang === 'de' ? 'de-DE' : 'en-GB',
		timezoneId: 'Europe/Berlin',
		colorScheme: how.dark ? 'dark' : 'light',
		reducedMotion: 'reduce',
		httpCredentials: {
			username: how.user,
			password: how.password ??
				rig[`RIG_${how.user.toUpperCase()}_WEB_PASSWORD`],
		},
	});
	return new Person(context, await context.newPage(), how);
}
