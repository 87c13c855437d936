// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// Devices, their groups, security, panels and labels, as an administrator does it.
import { readFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';

const KEY = /[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}/;

async function new_device({ as, api, is, ok, unique }) {
	const admin = await as('admin');
	const name = `Room <b> ${unique}`;
	await admin.open('admin/devices.cgi');
	await admin.click('New device');
	await admin.fill('Name', name);
	await admin.fill('Place', '2nd floor');
	await admin.fill('Host name or address', '127.9.203.9');
	await admin.click('Enter the device');
	await admin.sees('Enter this at the device, now');
	const key = (await admin.text()).match(KEY)?.[0];
	ok(key, 'the activation key is shown');
	await admin.sees('https://localhost');
	is(await admin.page.locator('#activation svg.qr').count(), 1,
		'and as a QR code');
	is(await admin.page.locator('#label svg.qr').count(), 1, 'with its label');
	const device = (await api('GET', `/devices?q=${unique}`)).body.devices
		.find((d) => d.name === name);
	is(device?.state, 'waiting', 'the device is entered');
	return [admin, device, key];
}

async function change({ api, is, ok }, admin, { id, name }, key) {
	await admin.open('admin/devices.cgi');
	await admin.clickIn(name, name);
	await admin.seesNot(key);
	await admin.fill('Place', '3rd floor');
	await admin.field('Asked how it is by').selectOption('snmp-lpr');
	await admin.fill('Host name or address', '');
	// The browser itself would stop an empty field here.
	await admin.page.locator('#change').evaluate((f) => { f.noValidate = true; })
		.catch(() => {});
	await admin.fill('Host name or address', '127.9.203.10');
	await admin.page.getByText('More about printing').click();
	await admin.choose('Sent by', 'IPPS (encrypted)');
	await admin.fill('IPP address', 'ipp://127.9.203.10/');
	await admin.click('Save');
	await admin.sees('do not go together');
	await admin.fill('IPP address', 'ipps://127.9.203.10/');
	await admin.click('Save');
	await admin.sees('The changes are saved.');
	const { body } = await api('GET', `/devices/${id}`);
	is(`${body.location} ${body.lpr_host} ${body.lpr_port} ${body.protocol}`,
		'3rd floor 127.9.203.10 515 snmp-lpr', 'changed, and the rest stayed');
	is(`${body.transport} ${body.ipp_uri}`, 'ipps ipps://127.9.203.10/',
		'its documents go by IPPS');
	await admin.click('Ask it now');
	await admin.sees('It is asked now');
	await admin.open('admin/devices.cgi');
	await admin.field('State').selectOption('stopped');
	await admin.click('Search');
	await admin.seesNot(name);
	await admin.open(`admin/device.cgi?id=${id}`);
	await admin.click('Make a new key');
	const next = (await admin.text()).match(KEY)?.[0];
	ok(next && next !== key, 'there is another activation key');
	return next;
}

// What a device says by OPDP, and what it is answered.
function opdp(path, body, token) {
	return new Promise((done, failed) => {
		const rq = https.request(`${process.env.RIG_SERVER_URL}/opdp/v1${path}`, {
			method: 'POST', rejectUnauthorized: false, headers: {
				'Content-Type': 'application/json',
				...(token ? { Authorization: `Bearer ${token}` } : {}) } },
		(answer) => {
			let text = '';
			answer.on('data', (s) => { text += s; });
			answer.on('end', () => done(JSON.parse(text)));
		});
		rq.on('error', failed);
		rq.end(JSON.stringify(body));
	});
}

async function station({ api, is, unique }, admin, { id, name }, key) {
	const { token } = await opdp('/device/register', { activation_key: key,
		auth: 'token', device: { serial: `s-${unique}`, vendor: 'cups-release',
			model: 'Kiosk station', firmware: '9.8', level: 1,
			features: ['card-reader', 'station'] } });
	await opdp('/device/heartbeat', { station: { version: '9.9',
		host: `pi-${unique}`, readers: [
			{ kind: 'card', name: 'rfid', usb: '09d8:0410', present: true },
			{ kind: 'keypad', name: 'keys', present: false }] } }, token);
	const { body } = await api('GET', `/devices?station=yes&q=pi-${unique}`);
	is(body.devices.map((d) => d.id).join(), id, 'the station is found by its host');
	await admin.open(`admin/stations.cgi?q=${unique}`);
	for (const words of ['version 9.9', 'Card reader 09d8:0410',
		'the keypad is not there', 'releasectl station enroll'])
		await admin.sees(words);
	await admin.clickIn(name, name);
	await admin.sees(`pi-${unique}, `);
}

async function groups({ api, is, unique }, admin, { id, name }) {
	const mine = async () => (await api('GET', `/devices/${id}`)).body.groups;
	await admin.open('admin/device-groups.cgi');
	await admin.fill('Name of the group', `Floor <i> ${unique}`);
	await admin.click('Choose its devices');
	await admin.click('Put into the group');
	await admin.sees('Choose at least one device.');
	await admin.check(name);
	await admin.click('Put into the group');
	await admin.sees('The devices are in the group.');
	is(await mine(), `Floor <i> ${unique}`, 'it is in the new group');
	await admin.clickIn(name, `Floor <i> ${unique}`);
	await admin.sees(name);
	await admin.open('admin/device-groups.cgi');
	await admin.click(`Floor <i> ${unique}`);
	await admin.fill('Name of the group', `Upstairs, ${unique}`);
	await admin.click('Rename');
	await admin.sees('without a comma');
	await admin.fill('Name of the group', `Upstairs ${unique}`);
	await admin.click('Rename');
	await admin.sees('The group has another name.');
	is(await mine(), `Upstairs ${unique}`, 'it is in that');
	await admin.check(name);
	await admin.click('Take out of the group');
	await admin.sees('No device is in it.');
	is(await mine(), '', 'it is in none');
}

// A port that anybody can print to is open there. It takes a while: more is
// done meanwhile.
async function look({ api }, admin, { id }) {
	const address = `127.9.204.${1 + Math.floor(Math.random() * 250)}`;
	const raw = net.createServer((s) => s.destroy()).listen(9100, address);
	await api('PATCH', `/devices/${id}`, { lpr_host: address, protocol: '' });
	await admin.open(`admin/device.cgi?id=${id}`);
	await admin.click('Security of this device');
	await admin.sees('it has not been looked at');
	await admin.click('Look now');
	await admin.sees('It will be looked at in a moment.');
	return raw;
}

async function looked({ api, ok, until }, admin, { id, name }, raw) {
	await until('it is looked at', async () => (await api('GET',
		`/devices/${id}/posture`)).body.looked_at);
	raw.close();
	await admin.open(`admin/posture.cgi?id=${id}`);
	const row = (await admin.page.locator('#bad tr').filter({ hasText:
		'Anybody can print to it past this server' }).innerText()).replace(/\s+/g, ' ');
	ok(/medium .*9100 .*Close the raw ports/.test(row),
		'the finding, its evidence and what to do', row);
	await admin.click('Back to all devices');
	await admin.sees('Anybody can print to it past this server');
	const table = await admin.saves('Save all of it as a table (CSV)');
	ok(new RegExp(`${name},\\d+,[^,]+,.*raw-print`).test(table), 'and as a table', table);
}

async function lock({ api, is, rig }, admin, { id }) {
	const locked = async () => (await api('GET', `/devices/${id}`)).body
		.panel_locked_at !== null;
	await admin.open(`admin/device.cgi?id=${id}`);
	await admin.click('Lock the panel');
	await admin.sees('The panel is locked since');
	is(await locked(), true, 'its panel is locked');
	await admin.click('Unlock the panel');
	is(await locked(), false, 'and open again');
	await admin.open(`admin/device.cgi?id=${rig.RIG_DEVICE_ID}`);
	const how = await admin.page.locator('#restrictions').innerText();
	is(/Copy\s+(not )?allowed/i.test(how), true, `what anybody may do there: ${how}`);
}

// What the device says by SNMP: ink, 38 and 64 percent of it.
async function supplies({ as, api, rig, until }, admin, { id, name }) {
	const ports = readFileSync(`${rig.RIG_DIR}/opsim/ports`, 'utf8');
	await api('PATCH', `/devices/${id}`, { address: '127.0.0.1',
		protocol: 'snmp-lpr', snmp_port: Number(ports.match(/SNMP_PORT=(\d+)/)[1]) });
	await api('POST', `/devices/${id}/ask`);
	await until('its supplies are known', async () => (await api('GET',
		`/devices/${id}`)).body.supplies.length > 1);
	const help = await as('helpdesk');
	await help.open('admin/supplies.cgi');
	await help.fill('Part of device, place or supply', name);
	await help.fill('Less left than (percent)', '50');
	await help.field('Kind').selectOption('ink');
	await help.click('Search');
	await help.sees('38 %');
	await help.seesNot('64 %');
	await help.click('Show all');
	await help.sees('64 %');
	await help.clickIn(name, name);
	await help.sees('What is left of them');
}

async function labels({ as, is }, admin, { name }) {
	await admin.open('admin/labels.cgi');
	await admin.click('Sheet of the chosen');
	await admin.sees('Choose at least one device.');
	const form = await admin.page.locator('#labels').evaluate((f) =>
		Object.fromEntries(['csrf', 'once'].map((n) => [n, f.elements[n].value])))
		.catch(() => null);
	if (form !== null) {
		const answer = await admin.context.request.post(
			admin.url('admin/labels.cgi'), { form: { ...form, do: 'all' } });
		is(answer.headers()['content-type'], 'application/pdf',
			'the sheet of all is a PDF');
	}
	const help = await as('helpdesk');
	await help.open('admin/devices.cgi');
	await help.sees(name);
	await help.seesNot('New device');
	await help.clickIn(name, name);
	await help.seesNot('Remove the device');
	await help.open('admin/labels.cgi');
	await help.sees('your role does not open this page');
}

async function remove({ api, is }, admin, { id, name }) {
	await admin.open(`admin/device.cgi?id=${id}`);
	await admin.fill(`Type "${name}" to be sure`, 'x');
	await admin.click('Remove the device');
	await admin.sees('type the name');
	await admin.fill(`Type "${name}" to be sure`, name);
	await admin.click('Remove the device');
	await admin.sees('The device is removed.');
	is((await api('GET', `/devices/${id}`)).status, 404, 'the device is gone');
}

export default async function devices(t) {
	await t.api('PATCH', '/roles/helpdesk', { role: 'helpdesk' });
	const [admin, device, key] = await new_device(t);
	await station(t, admin, device, await change(t, admin, device, key));
	const raw = await look(t, admin, device);
	await groups(t, admin, device);
	await lock(t, admin, device);
	await labels(t, admin, device);
	await looked(t, admin, device, raw);
	await supplies(t, admin, device);
	await remove(t, admin, device);
}
