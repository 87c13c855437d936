// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// The address of the QR code on a device: one log-in, one tap; and a device
// that is looked for.

async function tap({ job, print, until, me, rig, unique, is }, mine) {
	const { id } = await print(me, `Phone ${unique}`);
	await mine.open(`jobs.cgi?device=${rig.RIG_DEVICE_ID}`);
	await mine.sees('Print at Flur');
	await mine.click('Print here');
	await until('one tap prints it', async () => (await job(id)).state === 'sent');
	is((await job(id)).device, (await job(id)).device && 'Flur', 'at that device');
}

async function find({ job, print, until, me, unique }, mine) {
	const { id } = await print(me, `Found ${unique}`);
	await mine.open('jobs.cgi');
	await mine.click('Find a device');
	await mine.fill('Part of a name or place', 'nowhere at all');
	await mine.click('Search');
	await mine.seesNot('Flur');
	await mine.fill('Part of a name or place', 'flu');
	await mine.click('Search');
	await mine.clickIn('Flur', /Print here/);
	await mine.click('Print here');
	await until('it prints there', async () => (await job(id)).state === 'sent');
}

async function no_device({ is }, mine) {
	await mine.open('jobs.cgi?device=d-none');
	await mine.sees('There is no device d-none');
	is(await mine.control('Print here').count(), 0, 'nothing to tap');
}

export default async function phone(t) {
	const mine = await t.as(t.me);
	await tap(t, mine);
	await find(t, mine);
	await no_device(t, mine);
}
