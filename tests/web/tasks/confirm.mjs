// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// The question of a rule: here "UnknownPages ask", for a document whose pages
// nobody can count.

export default async function confirm({ as, is, job, me, print, rig, unique, until }) {
	const { id, title } = await print(me, `Pages of ${unique}`, rig.WEB_ALIEN,
		'-d', rig.RIG_RAW_QUEUE, '-o', 'raw');
	const mine = await as(me);
	await mine.open('jobs.cgi');
	await mine.sees(title);
	await mine.seesNot('Print although its pages are not known');
	await mine.chooseOnly(id);
	await mine.fill('Device', 'Flur');
	await mine.click('Print');
	await mine.sees('Print although its pages are not known');
	is((await job(id)).state, 'held', 'nothing prints before the answer');
	await mine.sees('Print at Flur');
	await mine.chooseOnly(id);
	await mine.check('Print although its pages are not known');
	await mine.click('Print here');
	await until('yes: it prints', async () => (await job(id)).state === 'sent');
}
