// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// Money: prices and rules are written, tried and saved; a group, an account, a
// quota; a question is answered, a job is approved or not; what it all cost.

async function prices({ api, is }, admin) {
	const version = async () => (await api('GET', '/prices')).body.version;
	const before = await version();
	await admin.open('admin/prices.cgi');
	await admin.fill('Price list', 'mono 0.05\ncolouur 0.20\n');
	await admin.click('Check');
	await admin.sees(/line 2/);
	is(await admin.page.locator('pre.excerpt mark mark').innerText(), 'colouur',
		'the wrong word is marked');
	is(await admin.field('Price list').inputValue(), 'mono 0.05\ncolouur 0.20\n',
		'and what was typed is still there');
	is((await admin.wrong()).join('\n'), '', 'nothing else is wrong with it');
	await admin.fill('Price list', 'mono 0.05\ncolour 0.20\nsheet 0.01\n');
	await admin.click('Check');
	await admin.sees('Nothing is wrong with it.');
	is(await version(), before, 'checking changes nothing');
	await admin.click('Save');
	await admin.sees('Saved: these prices hold from now on.');
	is(await version(), before + 1, 'there is another version');
	if (before > 0) {
		await admin.click(`Version ${before}`);
		await admin.sees(`This is version ${before}`);
	}
}

async function rules({ api, is, unique }, admin, group) {
	const version = async () => (await api('GET', '/rules')).body.version;
	const before = await version();
	await admin.open('admin/rules.cgi');
	await admin.fill('Rules', `rule "Posters"\n when title "Poster ${unique}*"\n` +
		` approve by "${group}"\nrule "Long"\n when title "Long ${unique}*"\n` +
		' ask "All {pages} pages?" instead duplex\n');
	await admin.fill('Title', `Poster ${unique} 1`);
	await admin.click('Try it');
	await admin.sees(`waits for approval by ${group}`);
	is((await admin.wrong()).join('\n'), '', 'the page is whole');
	is(await version(), before, 'trying changes nothing');
	await admin.click('Save');
	await admin.sees('Saved: these rules hold from now on.');
}

async function group({ api, is, unique }, admin) {
	const name = `g-${unique}`;
	await admin.open('admin/groups.cgi');
	await admin.fill('Name', name);
	await admin.click('Make the group');
	await admin.sees('The group is there now');
	await admin.fill('Name', 'bert');
	await admin.click('Add');
	await admin.sees('Added to the group.');
	await admin.fill('Name', name);
	await admin.choose('Kind', 'group, with all its members');
	await admin.click('Add');
	is(await admin.page.locator('[role=alert]').count(), 1,
		'no group is in itself');
	is((await api('GET', `/groups/${name}`)).body.members, 1, 'one is in it');
	return name;
}

async function account({ api, is, unique }, admin) {
	const name = `a ${unique}`;
	const where = `/accounts/${encodeURIComponent(name)}?kind=shared`;
	const balance = async () => (await api('GET', where)).body.units[0].balance;
	await admin.open('admin/accounts.cgi?kind=shared');
	await admin.fill('Name', name);
	await admin.click('Open the account');
	await admin.fill('How much', 'a lot');
	await admin.click('Give');
	is(await admin.page.locator('[role=alert]').count(), 1, 'that is no amount');
	await admin.fill('How much', '12,50');
	await admin.fill('Reason', 'for <b>posters</b>');
	await admin.click('Give');
	await admin.sees('for <b>posters</b>');
	is(await balance(), '12.50', 'given');
	await admin.fill('How much', '2.5');
	await admin.click('Take back');
	await admin.sees('-2.50');
	is(await balance(), '10.00', 'and taken back');
	const group = (await api('GET', '/groups')).body.groups[0].name;
	await admin.fill('Only members of the group', 'nobody knows it');
	await admin.click('Change');
	is(await admin.page.locator('[role=alert]').count(), 1, 'there is no such group');
	await admin.fill('Only members of the group', group);
	await admin.click('Change');
	await admin.sees('Said who may charge it.');
	is((await api('GET', where)).body.members, group, 'one group may charge it');
	await admin.click('Close the account');
	await admin.sees('Closed: nothing more is charged to it.');
	is((await api('GET', where)).body.closed, true, 'and closed');
	await admin.open('admin/accounts.cgi');
	await admin.fill('Part of a name of a person, account or code', name.slice(1, -1));
	await admin.click('Search');
	await admin.sees('10.00');
}

async function quota({ api, is }, admin, name) {
	const mine = async () => (await api('GET', '/quotas')).body.quotas
		.find((q) => q.name === name);
	await admin.open('admin/quotas.cgi');
	await admin.choose('For', 'a group');
	await admin.fill('Name', name);
	await admin.fill('How much', '7.50');
	await admin.choose('Refilled', 'every week, on Monday');
	await admin.click('Save the quota');
	await admin.sees('The quota holds from now on.');
	is(`${(await mine()).amount} ${(await mine()).period}`, '7.50 week', 'it is set');
	await admin.clickIn(name, 'Change');
	await admin.fill('How much', '9');
	await admin.click('Save the quota');
	is((await mine()).amount, '9.00', 'and changed');
	await admin.clickIn(name, 'Remove');
	is(await mine(), undefined, 'and removed');
}

async function question({ job, is, me, print, unique, until }, mine) {
	const { id, title } = await print(me, `Long ${unique}`);
	await until('its pages are counted',
		async () => (await job(id)).waiting?.question);
	await mine.open('jobs.cgi');
	await mine.sees('All 3 pages?');
	await mine.sees('0.33');
	await mine.clickIn(`A question about ${title}`, 'Print on both sides');
	await mine.sees('Answered: it prints changed.');
	is((await job(id)).options.sides, 'two-sided-long-edge', 'the job is changed');
	await mine.click(title);
	await mine.sees('2 sides in black and white');
	await mine.fill('Device', 'Flur');
	await mine.click('Print');
	await until('it is printed', async () => (await job(id)).state === 'sent');
	await mine.menu('My balance');
	await mine.sees('for a job');
	return id;
}

async function refund({ job, is }, admin, id) {
	await admin.open(`job.cgi?id=${id}`);
	await admin.sees('0.32 EUR were paid');
	await admin.fill('Reason', 'streaks');
	await admin.click('Pay back');
	await admin.sees('The money is paid back.');
	is((await job(id)).charge.refunded_micro, 320000, 'all of it');
}

async function approval({ as, job, is, me, print, unique, until }, mine, name) {
	const [one, other] = [await print(me, `Poster ${unique} 1`),
		await print(me, `Poster ${unique} 2`)];
	await until('both wait', async () => (await job(one.id)).waiting?.approval &&
		(await job(other.id)).waiting?.approval);
	await mine.open('jobs.cgi');
	await mine.sees(`for approval by ${name}`);
	const bert = await as('bert');
	await bert.open('jobs.cgi');
	await bert.menu('Approvals');
	await bert.clickIn(one.title, 'Look at it');
	await bert.sees(`waits for approval by ${name}`);
	await bert.click('Approve');
	await bert.sees('Approved');
	is((await job(one.id)).waiting, null, 'one is approved');
	await bert.fill('Words for its owner', 'too large');
	await bert.clickIn(other.title, 'Refuse');
	await bert.sees('Refused: its owner is told.');
	await mine.open(`job.cgi?id=${other.id}`);
	await mine.sees('too large');
	is((await job(other.id)).state, 'refused', 'the other is not');
}

// Prices and rules are for everybody.
export const alone = true;
// It is long: each width, and each with and without scripts, once.
export const ways = [{ width: 'phone', lang: 'en', js: false },
	{ width: 'desktop', lang: 'en', js: true }];

export default async function money(t) {
	const admin = await t.as('admin');
	const mine = await t.as(t.me);
	const name = await group(t, admin);
	await prices(t, admin);
	await rules(t, admin, name);
	await account(t, admin);
	await quota(t, admin, name);
	const id = await question(t, mine);
	await refund(t, admin, id);
	await approval(t, mine, name);
	await t.api('POST', '/rules', { text: '' });
	await t.api('POST', '/prices', { text: '' });
}
