// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// My jobs: print them at a device, change, look at, keep and delete them; what
// became of them.

async function print_it({ job, is, until }, mine, { id, title }) {
	await mine.open('jobs.cgi');
	await mine.sees(title);
	await mine.chooseOnly(id);
	await mine.click('Print');
	await mine.sees(/device/i);
	is((await job(id)).state, 'held', 'without a device nothing prints');
	await mine.fill('Device', 'Flur');
	await mine.chooseOnly(id);
	await mine.click('Print');
	await until('it is printed', async () => (await job(id)).state === 'sent');
	const { page } = mine;
	is(page.url().includes('do='), false, 'a reload would repeat nothing');
	await page.reload();
	is((await job(id)).state, 'sent', 'and does not');
}

async function change_it({ job, is }, mine, { id, title }) {
	await mine.open('jobs.cgi');
	await mine.click(title);
	await mine.sees('What happened');
	is(await mine.page.locator('img.preview').count(), 1,
		'there is its first page');
	is(String(await mine.broken()), '', 'and it is a picture');
	await mine.fill('Copies', '3');
	await mine.choose('Sides', 'two-sided');
	await mine.choose('Colour', 'black and white');
	await mine.click('Change');
	const now = await job(id);
	is(`${now.options.copies} ${now.options.sides} ${now.options.color}`,
		'3 two-sided-long-edge mono', 'its options are as they were chosen');
	await mine.fill('Only pages', '7-2');
	await mine.click('Change');
	is(await mine.page.locator('[role=alert]').count(), 1, 'pages it has not');
	is(await mine.field('Only pages').inputValue(), '7-2',
		'and what was typed is still there');
	is((await job(id)).options.pages, now.options.pages, 'nothing is changed');
	return now;
}

async function keep_and_delete({ job, is, api }, mine, { id, expires_at: before }) {
	await mine.open(`job.cgi?id=${id}`);
	await mine.click('Keep longer');
	const after = (await job(id)).expires_at;
	is(after >= before, true, `kept longer: ${before} ${after}`);
	await mine.click('Delete');
	is((await job(id)).state, 'deleted', 'deleted');
	const { body } = await api('GET', `/jobs/${id}`);
	is(body.state, 'deleted', 'and it stays so');
	await mine.open(`job.cgi?id=${id}`);
	await mine.seesNot('Keep longer');
}

async function history({ is, ok }, mine, printed, deleted) {
	await mine.open('jobs.cgi');
	await mine.menu('My history');
	await mine.sees(printed);
	await mine.sees(deleted);
	ok(await mine.page.locator('svg.plot').count() > 0, 'what came out is plotted');
	await mine.fill('Words in the title', printed.toLowerCase());
	await mine.click('Search');
	await mine.sees(printed);
	await mine.seesNot(deleted);
	const table = await mine.saves('Save all of it as a table (CSV)');
	is(`${table.includes(printed)} ${table.includes(deleted)}`, 'true false',
		'and is saved as a table');
	await mine.fill('Words in the title', 'no such words');
	await mine.click('Search');
	await mine.sees('Nothing fits this search.');
}

export default async function jobs(t) {
	const mine = await t.as(t.me);
	const one = await t.print(t.me, `Print ${t.unique}`);
	await print_it(t, mine, one);
	const other = await t.print(t.me, `Change <i>${t.unique}`);
	await change_it(t, mine, other);
	await keep_and_delete(t, mine, other);
	await history(t, mine, one.title, other.title);
}
