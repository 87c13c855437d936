/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* One-time codes: one a user, as keyed hashes. */
#include "releaserd/core/store_priv.h"

int
store_code_set(struct store *st, int64_t user_id, const uint8_t mac[32],
    int64_t expires_ms, const char *device)
{
	return store_do(st, "INSERT OR REPLACE INTO code(user_id,mac,"
	    "expires_ms,device) VALUES(?,?,?,?)", "ibit", user_id,
	    (const void *)mac, (size_t)32, expires_ms, device);
}

int
store_code_user(struct store *st, const uint8_t mac[32], int64_t now_ms,
    const char *device, struct user *out)
{
	int64_t id;
	int rc = store_number(st, "SELECT user_id FROM code WHERE mac=?1"
	    " AND expires_ms>?2 AND device IN ('',?3) UNION ALL SELECT user_id FROM guest WHERE"
	    " code_mac=?1 AND from_ms<=?2 AND until_ms>?2", &id, "bit",
	    (const void *)mac, (size_t)32, now_ms, device);

	if (rc < 0)
		return rc;
	return id != 0 ? store_user_by_id(st, id, out) : -REL_E_NOTFOUND;
}

int
store_code_take(struct store *st, const uint8_t mac[32], int64_t now_ms)
{
	int rc = store_exec(st, "DELETE FROM code WHERE mac=?"
	    " AND expires_ms>?", "bi", (const void *)mac, (size_t)32, now_ms);

	return store_changed(rc);
}

int
store_code_forget(struct store *st, int64_t now_ms)
{
	return store_exec(st, "DELETE FROM code WHERE expires_ms<=?", "i",
	    now_ms);
}
