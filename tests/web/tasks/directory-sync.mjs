// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// A directory's accounts are brought up to date by clicking, and its address
// book is looked into. It needs a directory server: 110-directory-pages has one.

async function sync({ api, is, until }, admin) {
	const runs = async () => (await api('GET', '/directories/school/sync')).body;
	const over = (before) => until('it is over', async () => {
		const now = await runs();
		return now.state === 'idle' && now.runs[0] &&
			now.runs[0].began_at !== before;
	});
	const last = (await runs()).runs[0]?.began_at;
	await admin.open('admin/directory.cgi?name=school');
	await admin.click('Bring up to date …');
	await admin.click('Show what would change');
	await admin.sees('The trial has begun.');
	await over(last);
	const trial = (await runs()).runs[0];
	is(trial.dry_run, true, 'a trial');
	await admin.open('admin/directory-sync.cgi?name=school');
	await admin.sees('only a trial');
	await admin.click('Bring up to date now');
	await admin.sees('It has begun.');
	await over(trial.began_at);
	is((await runs()).runs[0].state, 'done', 'done');
	await admin.open('admin/directory-sync.cgi?name=school&kind=clash');
	await admin.sees('an internal account has this name');
	const csv = await admin.page.request.get(
		new URL('directory-sync.cgi?name=school&csv=1', admin.page.url()).href);
	is((await csv.text()).includes('anna'), true, 'all of it as a table');
	await admin.open('admin/user.cgi?name=otto');
	await admin.sees('school');
}

async function book({ until, way }, anna) {
	await anna.open('me.cgi');
	await anna.click('Address book');
	await anna.fill('Name or mail address', 'Müll');
	if (way.js)	// as one types, without a button
		await until('found as one types', async () =>
			(await anna.text()).includes('anna@example.com'));
	else
		await anna.click('Search');
	await anna.sees('Anna Müller');
	await anna.fill('Name or mail address', '*)(uid=*');
	await anna.click('Search');
	await anna.sees('Nothing fits this search.');
	await anna.fill('Name or mail address', 'x');
	await anna.click('Search');
	await anna.seesNot('Nothing fits this search.');
}

async function nobody_else({ as }) {
	const bert = await as('bert');
	await bert.open('admin/directory-sync.cgi?name=school');
	await bert.sees('your role does not open this page');
}

// It makes many accounts.
export const alone = true;

export default async function directory_sync(t) {
	if (!t.rig.RIG_LDAP_PORT) {
		t.note('skipped: there is no directory server here');
		return;
	}
	await sync(t, await t.as('admin'));
	await book(t, await t.as('anna'));
	await nobody_else(t);
}
