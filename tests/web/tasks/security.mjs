// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// The backup password: an administrator sets it, somebody else opens the pages
// of security with it, the administrator hears of that. Lock-outs are ended.
const SECRET = 'Spare-wheel 7';

async function set({ is, api }, admin) {
	await admin.open('admin/backup.cgi');
	await admin.sees('Nothing is opened in this way.');
	await admin.fill('New backup password', 'too-easy');
	await admin.fill('The same once more', 'too-easy');
	await admin.click('Set it');
	is(await admin.page.locator('[role=alert]').count(), 1, 'that is too simple');
	is((await api('GET', '/backup-password')).body.enabled, false, 'it is not set');
	await admin.fill('New backup password', SECRET);
	await admin.fill('The same once more', `${SECRET}8`);
	await admin.click('Set it');
	is(await admin.field('The same once more').getAttribute('aria-invalid'), 'true',
		'the two differ');
	await admin.fill('New backup password', SECRET);
	await admin.fill('The same once more', SECRET);
	await admin.click('Set it');
	await admin.sees('The backup password is set.');
	is((await admin.page.content()).includes(SECRET), false, 'and not shown');
}

async function use({ is, as }) {
	const bert = await as('bert');
	await bert.open('jobs.cgi');
	await bert.menu('Backup password');
	await bert.fill('Backup password', 'Not-this-1');
	await bert.click('Open the pages of security');
	is(await bert.page.locator('[role=alert]').count(), 1, 'a wrong one is refused');
	await bert.fill('Backup password', SECRET);
	await bert.click('Open the pages of security');
	await bert.sees('The pages of security are open to you now.');
	await bert.menu('Directories');
	is(await bert.page.locator('[data-status="403"]').count(), 0, 'directories open');
	await bert.menu('Lock-outs');
	await bert.open('admin/users.cgi');
	await bert.sees('your role does not open this page');
	await bert.open('backup.cgi');
	await bert.click('Close them');
	await bert.sees('The pages of security are closed again.');
	await bert.open('admin/directories.cgi');
	await bert.sees('your role does not open this page');
}

async function heard({ is, api }, admin) {
	await admin.open('admin/index.cgi');
	await admin.sees('The backup password was used');
	await admin.open('admin/backup.cgi');
	await admin.sees('nobody yet');
	await admin.click('I have looked at them');
	await admin.open('admin/index.cgi');
	await admin.seesNot('The backup password was used');
	await admin.open('admin/backup.cgi');
	await admin.click('Take it away');
	await admin.sees('There is no backup password any more.');
	is((await api('GET', '/backup-password')).body.enabled, false, 'it is gone');
}

async function lockouts({ is, api, as }, admin) {
	await api('POST', '/backup-password', { password: SECRET });
	const bert = await as('bert');
	for (let i = 0; i < 3; i++) {
		await bert.open('backup.cgi');
		await bert.fill('Backup password', `Not-this-${i}`);
		await bert.click('Open the pages of security');
	}
	const locked = async () => (await api('GET', '/lockouts')).body.lockouts
		.some((l) => l.kind === 'backup');
	is(await locked(), true, 'three wrong tries lock out');
	await admin.open('admin/lockouts.cgi');
	await admin.clickIn('bert', 'End it');
	await admin.sees('The lock-out has ended.');
	is(await locked(), false, 'and that is ended');
	await api('DELETE', '/backup-password');
}

// Every panel has it on its menu.
export const alone = true;

export default async function security(t) {
	const admin = await t.as('admin');
	await set(t, admin);
	await use(t);
	await heard(t, admin);
	await lockouts(t, admin);
}
