// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// Titles and names that try to run a script in whoever looks at them.

const small = (n) => `<img src=x onerror=hit(${n})>" onmouseover=hit(${n}) '`;
const bait = (n) => `${small(n)}<script>hit(${n})</script></title></textarea>`;

export const ways = [{ width: 'desktop', lang: 'en', js: true }];

const looked_at = ['jobs.cgi', 'devices.cgi', 'history.cgi', 'me.cgi',
	'admin/index.cgi', 'admin/jobs.cgi', 'admin/users.cgi', 'admin/cards.cgi',
	'admin/devices.cgi', 'admin/labels.cgi', 'admin/reports.cgi',
	'admin/audit.cgi', 'admin/roles.cgi'];

async function put_bait({ api, print, is }) {
	const user = await api('POST', '/users', { name: 'bait1',
		display: small(1), mail: 'a@example.com', department: small(2) });
	is(user.status, 201, `a user with such a name ${JSON.stringify(user.body)}`);
	const device = await api('POST', '/devices', { name: 'Bait <script>hit(3)',
		location: bait(3), lpr_host: '192.0.2.1' });
	is(device.status, 201, 'a device with such a place');
	const bert = await api('PATCH', '/users/bert', { display: small(4) });
	is(bert.status, 200, 'and one who looks at the pages');
	const { id } = await print('bert', bait(5));
	return [`job.cgi?id=${id}`, `admin/device.cgi?id=${device.body.id}`,
		'admin/user.cgi?name=bait1', `jobs.cgi?device=${device.body.id}`];
}

export default async function xss(t) {
	const more = await put_bait(t);
	for (const user of ['bert', 'admin']) {
		const person = await t.as(user);
		const hits = [];
		await person.context.exposeFunction('hit', (n) => hits.push(n));
		for (const where of [...looked_at, ...more]) {
			await person.open(where);
			const made = await person.page.locator('img[src=x], main script, ' +
				'.cups-body script, [onmouseover], [onerror]').count();
			t.is(`${hits} ${made}`, ' 0', `${user}, ${where.split('?')[0]}: nothing runs`);
		}
	}
	await t.api('DELETE', '/users/bait1');
}
