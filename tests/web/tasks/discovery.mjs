// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// SNMP credentials and a search for devices; nobody answers there.

// There is one search at a time.
export const alone = true;

export default async function discovery({ api, as, is, until }) {
	const admin = await as('admin');
	const name = `hall-${Math.random().toString(36).slice(2, 8)}`;
	await admin.open('admin/snmp.cgi');
	await admin.fill('Name', name);
	await admin.choose('Version', '2c');
	await admin.page.fill('#for', '127.9.200.0/30');
	await admin.click('Add the credentials');
	await admin.sees('versions 1 and 2c need a community');
	await admin.fill('Community', 'open sesame');
	await admin.click('Add the credentials');
	await admin.sees('The credentials are there now: try them.');
	await admin.seesNot('open sesame');
	await admin.open('admin/discovery.cgi');
	await admin.fill('Addresses', '127.9.200.300');
	await admin.click('Look for devices');
	await admin.sees('this is no address');
	await admin.fill('Addresses', '127.9.200.0/30');
	await admin.click('Look for devices');
	await admin.sees('The search has begun.');
	await until('it is over', async () =>
		!(await api('GET', '/discovery')).body.running);
	await admin.open('admin/discovery.cgi');
	await admin.sees('4 of 4');
	await admin.open(`admin/snmp.cgi?name=${name}`);
	await admin.click('Remove');
	await admin.sees('The credentials are removed.');
	const { body } = await api('GET', '/snmp-credentials');
	is(body.credentials.some((c) => c.name === name), false, 'gone');
}
