// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// Users, cards, roles and the table of users, as an administrator does it.

async function new_user({ as, api, is, unique }) {
	const admin = await as('admin');
	const name = `u-${unique}`;
	await admin.open('admin/users.cgi');
	await admin.click('New user');
	await admin.fill('Name to log in with', name);
	await admin.fill('Full name', 'Käthe <i>O\'Neil</i>');
	await admin.fill('Mail address', 'kaethe@example.com');
	await admin.choose('Language at devices', 'Deutsch');
	await admin.fill('Password', 'one of them 1');
	await admin.fill('The same password again', 'another 2');
	await admin.click('Enter the user');
	await admin.sees('The two passwords differ');
	is(await admin.field('Full name').inputValue(), 'Käthe <i>O\'Neil</i>',
		'what was typed is still there');
	is(await admin.field('Password').inputValue(), '', 'but no password');
	await admin.fill('Password', 'one of them 1');
	await admin.fill('The same password again', 'one of them 1');
	await admin.fill('ID number, 4 to 8 digits', '12x4');
	await admin.click('Enter the user');
	await admin.sees('4 to 8 digits');
	is(await admin.field('ID number, 4 to 8 digits').getAttribute('aria-invalid'),
		'true', 'the field that is wrong is named');
	await admin.fill('Password', 'one of them 1');
	await admin.fill('The same password again', 'one of them 1');
	await admin.click('Enter the user');
	await admin.sees('The user is entered.');
	const { body } = await api('GET', `/users/${name}`);
	is(`${body.display} ${body.locale} ${body.has_password} ${body.has_id_number}`,
		'Käthe <i>O\'Neil</i> de true false', 'the user is as it was typed');
	return [admin, name];
}

async function change({ api, is }, admin, name) {
	await admin.fill('Department', 'Sales');
	await admin.check('take the password away');
	await admin.check('disabled: cannot log in');
	await admin.click('Save');
	await admin.sees('The changes are saved.');
	const { body } = await api('GET', `/users/${name}`);
	is(`${body.department} ${body.has_password} ${body.disabled} ${body.mail}`,
		'Sales false true kaethe@example.com', 'changed, and the rest stayed');
	await admin.open(`admin/users.cgi?q=${name.toUpperCase()}`);
	await admin.sees('disabled');
	await admin.clickIn(name, name);
}

async function cards({ api, is, way }, admin, name) {
	const tail = `${way.width === 'phone' ? 'A' : 'B'}${way.js ? '1' : '2'}`;
	await admin.fill('Number of a new card', 'no hex');
	await admin.click('Add the card');
	await admin.sees(/card/i);
	is((await api('GET', `/cards?user=${name}`)).body.cards.length, 0,
		'a wrong number makes no card');
	await admin.fill('Number of a new card', `0102030405C9${tail}`);
	await admin.click('Add the card');
	await admin.sees('The card is entered.');
	await admin.open('admin/cards.cgi');
	await admin.fill('The last characters of the card, or the user', `c9${tail}`);
	await admin.click('Search');
	await admin.sees(name);
	await admin.seesNot('D4E5');
	await admin.clickIn(name, 'Remove');
	await admin.sees('The card is removed.');
	is((await api('GET', `/cards?user=${name}`)).body.cards.length, 0,
		'the card is gone');
}

async function roles({ api, is }, admin, name) {
	const role = async () => (await api('GET', '/roles')).body.roles
		.find((r) => r.name === name)?.role;
	await admin.open('admin/roles.cgi');
	await admin.fill('Name to log in with', name);
	await admin.choose('Role', 'operator');
	await admin.click('Give the role');
	await admin.sees('The role is given.');
	is(await role(), 'operator', 'the role is given');
	await admin.clickIn(name, 'Take away');
	await admin.sees('The role is taken away.');
	is(await role(), undefined, 'the role is taken away');
}

// Taking back is tried in admin-server: the last import is one for all at once.
async function table({ api, is }, admin, name) {
	const there = async () => (await api('GET', `/users/${name}-t`)).status;
	await admin.open('admin/import.cgi');
	await admin.fill('Or paste the table', `name,mail\n${name}-t,not a mail\n,x@example.com`);
	await admin.click('Show what would change');
	await admin.sees('The table has mistakes');
	is(await there(), 404, 'a table with mistakes changes nothing');
	await admin.open('admin/import.cgi');
	await admin.page.getByLabel('CSV file').setInputFiles({ name: 'a.csv',
		mimeType: 'text/csv', buffer: Buffer.from(
			`\ufeffname;display\r\n${name}-t;"Zoë; Ärger"\r\n`) });
	await admin.click('Show what would change');
	await admin.sees('Nothing is changed yet.');
	await admin.sees('Zoë; Ärger');
	is(await there(), 404, 'a preview changes nothing');
	await admin.click('Change this now');
	await admin.sees('The table is imported.');
	is((await api('GET', `/users/${name}-t`)).body.display, 'Zoë; Ärger',
		'the table is imported');
	await admin.sees('Take this import back');
	const all = await admin.saves('Download users.csv');
	is(all.includes(`${name}-t,"Zoë; Ärger"`) || all.includes(`${name}-t,Zoë; Ärger`),
		true, 'and is in the table of all');
}

async function remove({ api, is }, admin, name) {
	await admin.open(`admin/user.cgi?name=${name}`);
	await admin.fill(`Type "${name}" to be sure`, 'somebody else');
	await admin.click('Remove the user');
	await admin.sees('type the name');
	is((await api('GET', `/users/${name}`)).status, 200, 'still there');
	await admin.fill(`Type "${name}" to erase`, name);
	await admin.click('Erase all personal data');
	await admin.sees('All personal data are erased.');
	is((await api('GET', `/users/${name}`)).status, 404, 'erased');
}

export default async function people(t) {
	const [admin, name] = await new_user(t);
	await change(t, admin, name);
	await cards(t, admin, name);
	await roles(t, admin, name);
	await table(t, admin, name);
	await remove(t, admin, name);
}
