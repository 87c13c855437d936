/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The first packets of a search.  The library has a session, with buffers of
 * its own, for every address; a thousand dead ones want none of that.  What
 * comes back is not believed either: it only says who is asked in earnest.
 */
#include <string.h>

#include "releaserd/driver/discover.h"

/* RFC 1157, RFC 1901: version, community, GetRequest of 1.3.6.1.2.1.1.2.0 */
static size_t
community_packet(uint8_t *out, const struct snmp_access *a, uint32_t id)
{
	static const uint8_t pdu[] = {
		0xa0, 0x1c, 0x02, 0x04, 0, 0, 0, 0, 0x02, 0x01, 0x00, 0x02,
		0x01, 0x00, 0x30, 0x0e, 0x30, 0x0c, 0x06, 0x08, 0x2b, 0x06,
		0x01, 0x02, 0x01, 0x01, 0x02, 0x00, 0x05, 0x00
	};
	size_t len = strlen(a->name), n = 0, body = 3 + 2 + len + sizeof pdu;

	if (body > 127)
		return 0;
	out[n++] = 0x30;
	out[n++] = (uint8_t)body;
	out[n++] = 0x02;
	out[n++] = 0x01;
	out[n++] = a->version == SNMP_V1 ? 0 : 1;
	out[n++] = 0x04;
	out[n++] = (uint8_t)len;
	memcpy(out + n, a->name, len);
	n += len;
	memcpy(out + n, pdu, sizeof pdu);
	for (unsigned i = 0; i < 4; i++)
		out[n + 4 + i] = (uint8_t)(id >> (24 - 8 * i));
	return n + sizeof pdu;
}

/* RFC 3414 section 4: an empty message, which is answered with a Report. */
static size_t
engine_packet(uint8_t *out, uint32_t id)
{
	static const uint8_t whole[] = {
		0x30, 0x3e, 0x02, 0x01, 0x03,
		0x30, 0x11, 0x02, 0x04, 0, 0, 0, 0, 0x02, 0x03, 0x00, 0xff,
		0xe3, 0x04, 0x01, 0x04, 0x02, 0x01, 0x03,
		0x04, 0x10, 0x30, 0x0e, 0x04, 0x00, 0x02, 0x01, 0x00, 0x02,
		0x01, 0x00, 0x04, 0x00, 0x04, 0x00, 0x04, 0x00,
		0x30, 0x14, 0x04, 0x00, 0x04, 0x00, 0xa0, 0x0e, 0x02, 0x04,
		0, 0, 0, 0, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x00
	};

	memcpy(out, whole, sizeof whole);
	for (unsigned i = 0; i < 4; i++)
		out[9 + i] = out[52 + i] = (uint8_t)(id >> (24 - 8 * i));
	return sizeof whole;
}

size_t
sweep_packet(uint8_t out[SWEEP_PACKET_MAX], const struct snmp_access *access,
    uint32_t id)
{
	id &= 0x3fffffff;		/* positive, and always four bytes ... */
	id |= 0x10000000;		/* ... long */
	return access->version == SNMP_V3 ? engine_packet(out, id) :
	    community_packet(out, access, id);
}

bool
sweep_is_answer(const uint8_t *p, size_t n, uint32_t id)
{
	uint8_t want[6] = { 0x02, 0x04 };

	id &= 0x3fffffff;
	id |= 0x10000000;
	for (unsigned i = 0; i < 4; i++)
		want[2 + i] = (uint8_t)(id >> (24 - 8 * i));
	if (n < sizeof want || p[0] != 0x30)
		return false;
	for (size_t i = 0; i + sizeof want <= n; i++)
		if (memcmp(p + i, want, sizeof want) == 0)
			return true;
	return false;
}
