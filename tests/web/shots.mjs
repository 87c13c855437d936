// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// The pictures of the README: doc/screenshots/NAME.png, made by make shots. Each
// is what somebody sees first, without scrolling.
import { api, job, print, rig, until } from './lib.mjs';

// A few people have printed and paid, so that reports show something.
async function paid() {
	const who = [['anna', 3], ['carla', 1], ['bert', 2], ['dirk', 4], ['carla', 2]];
	for (const [user, copies] of who) {
		const { id } = await print(user, `Handout ${copies}`, rig.WEB_PDF, '-n',
			String(copies), '-o', 'sides=two-sided-long-edge');
		await api('POST', `/jobs/${id}/release`, { device: rig.RIG_DEVICE_ID });
		await until('it is printed', async () => (await job(id)).state === 'sent');
	}
}

export default [{
	name: 'phone', user: 'bert', width: 'phone', height: 830,
	async go(bert) {
		await print('bert', 'Minutes of the meeting.odt');
		await bert.open(`jobs.cgi?device=${rig.RIG_DEVICE_ID}`);
	},
}, {
	name: 'my-jobs', user: 'bert', height: 620,
	async go(bert) {
		await print('bert', 'Train ticket');
		await print('bert', 'Lecture notes 3.pdf', rig.WEB_LETTER, '-n', '2',
			'-o', 'sides=two-sided-long-edge');
		await bert.open('jobs.cgi');
		await bert.fill('Device', 'Flur');
		await bert.field('Device').blur();
	},
}, {
	name: 'job', user: 'bert', height: 980,
	async go(bert) {
		await bert.open('jobs.cgi');
		await bert.click('Lecture notes 3.pdf');
	},
}, {
	name: 'overview', user: 'admin', height: 890,
	async go(admin) {
		await admin.open('admin/index.cgi');
	},
}, {
	name: 'new-device', user: 'admin', height: 760,
	async go(admin) {
		await admin.open('admin/device.cgi');
		await admin.fill('Name', 'Library, ground floor');
		await admin.fill('Place', 'beside the stairs');
		await admin.fill('Host name or address', '192.0.2.25');
		await admin.click('Enter the device');
	},
}, {
	name: 'settings', user: 'admin', height: 825,
	async go(admin) {
		await admin.open('admin/settings.cgi');
		await admin.fill('JobExpiry', '2d');
		await admin.choose('UnknownPages', 'ask');
		await admin.click('Show what would change');
		await admin.fill('Filter', 'expiry');
		await admin.field('Filter').blur();
	},
}, {
	name: 'report', user: 'admin', height: 940,
	async go(admin) {
		await paid();
		await admin.open('admin/reports.cgi?show=money&by=user');
	},
}, {
	name: 'simulation', user: 'admin', height: 960,
	async go(admin) {
		await admin.open('admin/rules.cgi');
		await admin.fill('Rules', 'rule "Handouts in grey"\n' +
			'  when title "Handout*" force mono\n' +
			'rule "Not so many"\n  when copies > 3 refuse "At most 3 copies"\n');
		await admin.click('Try it on recorded jobs');
	},
}];
