// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// Settings with preview and undo, ports with their switches, the certificate,
// an import taken back.
import { readFileSync, writeFileSync } from 'node:fs';

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

// One key of host/h@R.
const KEYTAB = Buffer.from('0502' + '00000023' + '0002' + '000152' +
	'0004686f7374' + '000168' + '00000001' + '00000000' + '02' + '0012' +
	'000461626364' + '00000103', 'hex').toString('base64');

async function directories({ api, is, unique }, admin) {
	const name = `d ${unique}`;
	const mine = async () => (await api('GET', '/directories')).body.directories
		.find((d) => d.name === name);
	const text = (more) => `Servers localhost:9\nTls none\n` +
		`BindName cn=release,dc=example,dc=com\nUserBase dc=example,dc=com\n` +
		`Domain ${unique}.example.com\nBareNames no\nConnectTime 1s\n${more}`;
	await admin.open('admin/directories.cgi');
	await admin.fill('Name', name);
	await admin.fill('Settings', text('UserFilter (uid=%u\n'));
	await admin.click('Add the directory');
	is(await admin.page.locator('[role=alert]').count(), 1, 'that is no filter');
	is(await mine(), undefined, 'and there is no directory');
	await admin.fill('Settings', text(''));
	await admin.fill('Password of the service account', 'not-to-be-seen');
	await admin.click('Add the directory');
	await admin.sees('The directory is there now: try it.');
	is((await mine()).has_service_password, true, 'its password is kept');
	is((await admin.page.content()).includes('not-to-be-seen'), false,
		'and not shown');
	await admin.fill('Name of a person to look up', 'anna');
	await admin.click('Try all servers');
	await admin.sees('It does not work');
	await admin.fill('Settings', text('DeadTime 1m\n'));
	await admin.click('Save');
	await admin.sees('Saved: it holds from now on.');
	is((await mine()).text.includes('DeadTime 1m'), true, 'changed');
	is((await mine()).has_service_password, true, 'with the password it had');
	await admin.fill('Keytab (base64)', 'bm8ga2V5dGFi');
	await admin.click('Save');
	await admin.sees('this is no keytab');
	is((await mine()).has_keytab, false, 'what is no keytab is not taken');
	await admin.fill('Keytab (base64)', KEYTAB);
	await admin.click('Save');
	await admin.sees('Saved: it holds from now on.');
	is((await mine()).has_keytab, true, 'a keytab is');
	is((await admin.page.content()).includes(KEYTAB.slice(20, 60)), false,
		'and not shown');
	await admin.fill(`Type "${name}" to be sure`, name);
	await admin.click('Remove the directory');
	is(await mine(), undefined, 'removed');
}

async function templates({ api, is, unique }, admin) {
	const name = `t ${unique}`;
	const mine = async () => (await api('GET', '/templates')).body.templates
		.find((t) => t.name === name);
	const step = (block, n) => admin.page.locator(`[name="at_${block}"]`).fill(n);
	const group = `g ${unique}`;
	await api('POST', '/groups', { name: group });
	const alerts = () => admin.page.locator('[role=alert]').count();
	await admin.open('admin/templates.cgi');
	await admin.fill('Name', name);
	await admin.click('Add the template');
	is(await alerts(), 1, 'a template needs a block');
	await step('internal', 'last');
	await admin.click('Add the template');
	is(await alerts(), 1, 'a step is a number');
	is(await mine(), undefined, 'and there is no template');
	await step('internal', '2');
	await step('card', '1');
	await admin.page.locator('#all').check();
	await admin.click('Add the template');
	await admin.sees('The template is there now.');
	is((await mine()).blocks.join(' then '), 'card then internal', 'in their order');
	is((await mine()).success, 'all', 'and both are needed');
	await admin.open(`admin/template.cgi?name=${encodeURIComponent(name)}`);
	await admin.fill('Groups that may pass', 'Nobody of that name');
	await admin.click('Save');
	is(await alerts(), 1, 'there is no such group');
	await admin.fill('Groups that may pass', `, ${group} ,`);
	await step('internal', '');
	await admin.click('Save');
	await admin.sees('Saved: it holds from now on.');
	is((await mine()).groups.join(), group, 'groups of their names');
	is((await mine()).blocks.join(), 'card', 'one step is taken away');
	await admin.click('Delete the template');
	await admin.sees('The template is deleted.');
	is(await mine(), undefined, 'gone');
	const secrets = async () => (await api('GET', '/device-secrets')).body.secrets
		.filter((s) => s.device === null).map((s) => s.kind).join();
	await admin.choose('Kind', 'PIN');
	await admin.fill('New secret', '12');
	await admin.click('Save the secret');
	is(await alerts(), 1, 'a PIN has four digits');
	await admin.choose('Kind', 'PIN');
	await admin.fill('New secret', '271828');
	await admin.click('Save the secret');
	await admin.sees('every other device');
	is(await secrets(), 'pin', 'a PIN for every device');
	is((await admin.page.content()).includes('271828'), false, 'not shown');
	await admin.choose('Kind', 'PIN');
	await admin.click('Save the secret');
	is(await secrets(), '', 'and taken away');
}

async function ports({ api, is, rig }, admin) {
	const value = async () => (await api('GET', '/settings')).body.settings
		.find((s) => s.name === 'HttpsPortFallback')?.value;
	await admin.open('admin/ports.cgi');
	await admin.sees('always on');
	await admin.sees(rig.RIG_HTTPS_PORT);
	await admin.fill('Port', 'no port');
	await admin.clickIn('panel-fallback', 'Switch on');
	is(await admin.page.locator('[role=alert]').count(), 1, 'that is no port');
	is(await value(), '0', 'and nothing is switched');
	await admin.fill('Port', '10443');
	await admin.clickIn('panel-fallback', 'Switch on');
	await admin.sees('The port is changed.');
	is(await value(), '10443', 'it is switched on');
	await admin.sees('not in use');
	await admin.clickIn('another program', 'Switch off');
	is(await value(), '0', 'and off');
}

// An authority that signs what stands in the file request.csr.
async function sign({ rig, run }, csr) {
	const dir = rig.WEB_HOME;
	writeFileSync(`${dir}/request.csr`, csr);
	writeFileSync(`${dir}/ext`, 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' +
		'extendedKeyUsage=serverAuth\n');
	await run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
		'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${dir}/ca.key`,
		'-out', `${dir}/ca.crt`, '-subj', '/CN=Town hall CA', '-days', '9');
	await run('openssl', 'x509', '-req', '-in', `${dir}/request.csr`, '-CA',
		`${dir}/ca.crt`, '-CAkey', `${dir}/ca.key`, '-days', '9',
		'-set_serial', String(Date.now()), '-extfile', `${dir}/ext`, '-out',
		`${dir}/new.crt`);
	return readFileSync(`${dir}/new.crt`, 'utf8') +
		readFileSync(`${dir}/ca.crt`, 'utf8');
}

async function certificate(t, admin) {
	const { api, is } = t;
	const from = async () =>
		(await api('GET', '/certificate')).body.certificate.self_signed;
	await admin.open('admin/certificate.cgi');
	await admin.sees('self-signed');
	await admin.fill('Name of this server', 'localhost');
	await admin.fill('Further names and addresses', '127.0.0.1');
	await admin.click('Make a request');
	await admin.sees('waits for its certificate: send it to your CA');
	const csr = await admin.page.locator('#csr').inputValue();
	is(csr.startsWith('-----BEGIN CERTIFICATE REQUEST-----'), true, 'a CSR');
	await admin.fill('Certificate and chain, PEM', 'no certificate');
	await admin.click('Install');
	is(await admin.page.locator('[role=alert]').count() > 0, true,
		'what is none is not installed');
	await admin.fill('Certificate and chain, PEM', await sign(t, csr));
	await admin.click('Install');
	await admin.sees('The certificate is in use.');
	await admin.sees('Town hall CA');
	is(await from(), false, 'it is the one of the authority');
	await admin.click('Use the certificate before again');
	await admin.sees('The certificate before is in use again.');
	is(await from(), true, 'and taken back');
}

async function import_back({ api, is, unique }, admin) {
	const there = async () => (await api('GET', `/users/i-${unique}`)).status;
	await admin.open('admin/import.cgi');
	await admin.fill('Or paste the table', `name,display\ni-${unique},Ida`);
	await admin.click('Show what would change');
	await admin.click('Change this now');
	is(await there(), 200, 'a table is imported');
	await admin.open('admin/import.cgi');
	await admin.click('Take the last import back');
	await admin.sees('The last import is taken back.');
	is(await there(), 404, 'and taken back');
}

async function nobody_else({ as }) {
	const anna = await as('anna');
	for (const where of ['settings', 'ports', 'certificate', 'audit', 'users', 'directories']) {
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
	await directories(t, admin);
	await templates(t, admin);
	await ports(t, admin);
	await import_back(t, admin);
	await nobody_else(t);
}
