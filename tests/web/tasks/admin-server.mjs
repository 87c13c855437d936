// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// Settings with preview and undo, ports with their switches, the certificate.

async function settings({ api, is }, admin) {
	const value = async () => (await api('GET', '/settings')).body.settings
		.find((s) => s.name === 'MaxJobsPerUser')?.value;
	const before = await value();
	await admin.open('admin/settings.cgi');
	await admin.fill('MaxJobsPerUser', 'many');
	await admin.click('Show what would change');
	is(await admin.page.locator('[role=alert]').count() > 0, true,
		'that is no number');
	is(await value(), before, 'and nothing is changed');
	await admin.open('admin/settings.cgi');
	await admin.fill('MaxJobsPerUser', '321');
	await admin.click('Show what would change');
	await admin.sees('321');
	is(await value(), before, 'looking changes nothing');
	await admin.click('Change it');
	is(String(await value()), '321', 'now it is changed');
	await admin.open('admin/settings.cgi');
	await admin.click('Take it back');
	is(await value(), before, 'and taken back');
}

async function certificate({ is }, admin) {
	await admin.open('admin/certificate.cgi');
	await admin.sees('self-signed');
	await admin.fill('Name of this server', 'print.example.com');
	await admin.click('Make a request');
	await admin.sees('waits for its certificate: send it to your CA');
	is((await admin.page.locator('#csr').inputValue())
		.startsWith('-----BEGIN CERTIFICATE REQUEST-----'), true, 'a CSR');
	await admin.fill('Certificate and chain, PEM', 'no certificate');
	await admin.click('Install');
	is(await admin.page.locator('[role=alert]').count() > 0, true,
		'what is none is not installed');
}

async function nobody_else({ as }) {
	const anna = await as('anna');
	for (const where of ['settings', 'ports', 'certificate', 'audit', 'users']) {
		await anna.open(`admin/${where}.cgi`);
		await anna.sees('your role does not open this page');
	}
	await anna.seesNot('Settings');
}

// It changes the whole server.
export const alone = true;

export default async function server(t) {
	const admin = await t.as('admin');
	await settings(t, admin);
	await certificate(t, admin);
	await admin.open('admin/ports.cgi');
	await admin.sees('always on');
	await nobody_else(t);
}
