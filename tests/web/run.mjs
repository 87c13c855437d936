// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// run.mjs pages [NAME...]   open every page of cgi/pages.def, in every way
// run.mjs tasks [NAME...]   what people do, by clicking (tasks/NAME.mjs)
// run.mjs station WHAT...   the panel of a computer beside a printer
// run.mjs shots [NAME...]   the pictures of the README (shots.mjs)
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { api, as, browser, end, is, job, note, ok, print, rig, run, shots,
	until } from './lib.mjs';
import table from './pages.mjs';
import station from './station.mjs';
import pictures from './shots.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const at_once = Number(rig.WEB_AT_ONCE || 2);
// make soak: each task in all four ways, not in two of them, each page in all
// nine, not in five.
const every_way = Boolean(rig.WEB_EVERY_WAY);

// Both widths, with and without scripts, in both languages; once dark. Without
// scripts a page is the same to axe and to the eye.
const ways = [];
for (const width of ['phone', 'desktop']) {
	for (const lang of ['en', 'de']) {
		for (const js of [true, false])
			ways.push({ width, lang, js });
	}
}
ways.push({ width: 'desktop', lang: 'en', js: true, dark: true });

function listed(names) {
	const def = readFileSync(path.join(here, '../../cgi/pages.def'), 'utf8');
	const all = [...def.matchAll(/^PAGE\([^,]*, *"([^"]+)"\)/gm)]
		.map((m) => m[1]);
	return all.filter((p) => !names.length ||
		names.some((n) => p.includes(n)));
}

async function target(where, how) {
	const query = typeof how.query === 'function' ? await how.query() :
		how.query;
	return {
		where: query ? `${where}?${query}` : where,
		user: how.user || (where.startsWith('admin/') ? 'admin' : 'anna'),
		file: how.file, name: how.as || where.replace(/[/.]/g, '-').replace(/-cgi$/, ''),
	};
}

// A file and no page: only that it comes, and as what.
async function fetched(person, to) {
	const answer = await person.context.request.get(person.url(to.where));
	return [answer.status() === 200 ? '' : `HTTP ${answer.status()}`,
		answer.headers()['content-type']?.startsWith(to.file) ? '' :
			`type ${answer.headers()['content-type']}`].filter(Boolean);
}

async function looked(person, to) {
	const { lang, width, js, dark } = person.how;
	await person.open(to.where);
	const found = person.status === 200 ? [] : [`HTTP ${person.status}`];
	found.push(...await person.wrong());
	const [has, heads, policy, error] = await person.page.evaluate(() => [
		document.documentElement.lang, document.querySelectorAll('h1').length,
		document.querySelector('meta[http-equiv=Content-Security-Policy]')
			?.content,
		document.querySelector('[data-status]')?.textContent]);
	if (has !== lang)
		found.push(`its language is "${has}", not ${lang}`);
	if (error)
		found.push(`it is an error: ${error}`);
	if (heads !== 1)
		found.push(`it has ${heads} headings h1`);
	if (!/^default-src 'none'/.test(policy))
		found.push('no Content-Security-Policy');
	if (js)
		await person.shot([to.name, width, lang, dark ? 'dark' : '']
			.filter(Boolean).join('-'));
	return found;
}

async function one_way(chrome, way, targets) {
	const people = {};
	for (const to of targets) {
		people[to.user] ??= await as(chrome, { ...way, user: to.user });
		const person = people[to.user];
		let found;
		try {
			found = await (to.file ? fetched : looked)(person, to);
		} catch (e) {
			found = [e.message];
		}
		ok(found.length === 0, `${to.where.split('?')[0]}, ${person.name}`,
			found.join('\n'));
	}
	for (const person of Object.values(people))
		await person.close();
}

// Some of the work at once, in order.
async function in_turn(list, work) {
	const rest = [...list];
	await Promise.all(Array.from({ length: at_once }, async (_, place) => {
		while (rest.length)
			await work(rest.shift(), place);
	}));
}

// Any two of width, language and scripts meet in four ways; and the dark one.
const few_ways = ways.filter((w) => w.dark ||
	(w.width === 'phone') + (w.lang === 'en') + w.js & 1);

async function pages(chrome, names) {
	const targets = [];
	const all = listed(names);
	for (const where of all) {
		for (const how of [table[where] || {}].flat())
			targets.push(await target(where, how));
	}
	ok(targets.length > 0, `there are ${targets.length} pages`);
	const gone = names.length ? [] : Object.keys(table)
		.filter((where) => !all.includes(where));
	is(gone.join(), '', 'pages.mjs knows of no page that is gone');
	await in_turn(every_way ? ways : few_ways, (way) => one_way(chrome, way, targets));
}

// A task gets {as, me, way, unique, ...}: as(user) opens a browser for somebody;
// me is a person whose jobs and cards no other task changes meanwhile.
async function one_task(chrome, [name, task, way, number], place) {
	const people = [];
	const helper = {
		api, is, job, me: ['anna', 'otto'][place % 2], note, ok, print, rig, run,
		until, way,
		unique: `${name}-${number}`,
		as: async (user, more = {}) => {
			people.push(await as(chrome, { ...way, ...more, user }));
			return people.at(-1);
		},
	};
	const label = `${name}, ${way.width}${way.js ? '' : ' without scripts'}`;
	try {
		await task(helper);
		const wrong = people.flatMap((p) => p.problems);
		ok(wrong.length === 0, `${label}: done, and no complaint of the browser`,
			wrong.join('\n'));
	} catch (e) {
		const last = people.at(-1);
		ok(false, `${label}: done`, `${e.message}\n${last?.page.url()}\n${
			last ? (await last.text().catch(() => '')).slice(0, 1500) : ''}`);
		await last?.shot(`failed-${helper.unique}`).catch(() => {});
	}
	for (const person of people)
		await person.close();
}

// Both widths, with and without scripts, in two ways; the next task in the
// other two.
function ways_of(place) {
	const list = ways.filter((w) => w.lang === 'en' && !w.dark);
	return every_way ? list : list.filter((w) =>
		(w.width === 'phone') === w.js === (place % 2 === 0));
}

// A task that exports "alone" changes the whole server: it waits for the others.
async function tasks(chrome, names) {
	const files = readdirSync(path.join(here, 'tasks'))
		.filter((f) => f.endsWith('.mjs')).sort()
		.filter((f) => !names.length || names.some((n) => f.includes(n)));
	const work = { many: [], alone: [] };
	for (const [place, file] of files.entries()) {
		const { default: task, ways: only, alone } =
			await import(path.join(here, 'tasks', file));
		let n = 0;
		for (const way of only || ways_of(place))
			work[alone ? 'alone' : 'many'].push(
				[file.replace('.mjs', ''), task, way, ++n]);
	}
	ok(files.length > 0, `there are ${files.length} tasks`);
	await in_turn(work.many, (item, place) => one_task(chrome, item, place));
	for (const item of work.alone)
		await one_task(chrome, item, 0);
}

// Small, as everybody who clones has them for ever.
async function readme(chrome, names) {
	const most = 150000;
	for (const { name, user, width, height, go } of pictures) {
		if (names.length && !names.includes(name))
			continue;
		const person = await as(chrome, { user, width: width || 'desktop' });
		await person.page.setViewportSize({
			width: person.page.viewportSize().width, height });
		await go(person);
		const wrong = await person.wrong({ withAxe: false });
		is(wrong.join('\n'), '', `picture ${name}: nothing is wrong with it`);
		await person.shot(`readme-${name}`, { fullPage: false });
		const { size } = statSync(`${shots}/readme-${name}.png`);
		ok(size > 5000 && size <= most, `and it is small: ${size} bytes`);
		await person.close();
	}
}

const [what, ...names] = process.argv.slice(2);
const kinds = { pages, station, tasks, shots: readme };
if (!kinds[what]) {
	console.error('usage: run.mjs pages|station|tasks|shots [NAME...]');
	process.exit(2);
}
// What nobody waited for and went wrong is a failure, not the end of all.
process.on('unhandledRejection', (e) => ok(false, 'all went well', e.stack));
const chrome = await browser();
try {
	await kinds[what](chrome, names);
} finally {
	await chrome.close();
}
process.exit(end());
