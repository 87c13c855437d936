// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// Somebody else prints my jobs, as long as I let them.

async function name({ is, me }, mine) {
	await mine.open('jobs.cgi');
	await mine.menu('My delegates');
	await mine.fill('User name', me);
	await mine.click('Let print for me');
	is(await mine.page.locator('[role=alert]').count(), 1,
		'nobody is a delegate of oneself');
	is(await mine.field('User name').getAttribute('aria-invalid'), 'true',
		'the field is named');
	await mine.fill('User name', 'bert');
	await mine.click('Let print for me');
	await mine.sees('Who prints for me');
}

async function print_it({ is, job, me, until }, bert, { id, title }) {
	await bert.open('delegates.cgi');
	await bert.click(`Jobs of ${me}`);
	await bert.sees(title);
	await bert.seesNot('Keep longer');
	await bert.chooseOnly(id);
	await bert.fill('Device', 'Flur');
	await bert.click('Print');
	await until('bert prints it', async () => (await job(id)).state === 'sent');
	await bert.sees(`Jobs of ${me}`);
}

export default async function delegates(t) {
	const { as, is, me, print, unique } = t;
	const other = await print(me, `Still mine ${unique}`);
	const mine = await as(me);
	await name(t, mine);
	const bert = await as('bert');
	await print_it(t, bert, await print(me, `Fetch it ${unique}`));
	await bert.sees(other.title);
	await mine.open('delegates.cgi');
	await mine.clickIn('bert', 'Remove');
	await mine.sees('You have no delegate.');
	await bert.open(`jobs.cgi?of=${me}`);
	is(await bert.page.locator('[data-status="403"]').count(), 1,
		'now bert is told to go');
	await bert.seesNot(other.title);
	await t.api('DELETE', `/jobs/${other.id}`);
}
