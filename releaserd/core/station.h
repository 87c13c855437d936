/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CORE_STATION_H
#define CORE_STATION_H

#include "releaserd/core/core.h"

/*
 * Stations: small computers beside printers (doc/kiosk.md).  One is the panel
 * of its printer and so a device like any other; what it tells of itself are
 * items ("station.version", "station.reader.1.kind").
 */
#define STATION_FEATURE "station"	/* of its registration */
#define STATION_READERS_MAX 8u

/* Is it one? A direct queue that was enrolled in the same way is none. */
bool device_is_station(const struct device *d);

/* Its registration, or a heartbeat with a member "station", came from rq. */
void station_heard(struct core *c, const char *id, const struct request *rq);

/* A certificate of ours went to this device. */
void device_certified(struct core *c, const char *id, int64_t end_ms);

/* Into DEVICE: station, certificate_ends_at; of a station what it told. */
void device_station_json(struct core *c, const struct device *d, json_t *o);

#endif
