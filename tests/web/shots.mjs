// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// The pictures of the README: doc/screenshots/NAME.png, made by make shots. Each
// is what somebody sees first, without scrolling.
import { print, rig } from './lib.mjs';

export default [{
	name: 'phone', user: 'bert', width: 'phone', height: 830,
	async go(bert) {
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
	name: 'job', user: 'bert', height: 860,
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
}];
