/*
 * The master's part of the statistics region: its own section to write, the workers' to look at. What the workers wrote is
 * untrusted: it is compared and clamped, never used as an index, a length, a descriptor or a pid.
 */
#ifndef DROVER_REGION_H
#define DROVER_REGION_H

#include <stddef.h>
#include <stdint.h>

#include "region_layout.h"

struct region {
        unsigned char *base;
        size_t size;
        int loops;
        size_t vhosts;
};

/* Attaches the memory that the file leads to after its header was checked; docs/formats/region.md. Returns 0; or -errno, or -EPROTO with a reason in ret_why. */
int region_open(const char *path, int loops, struct region *ret_region, const char **ret_why);

void region_close(struct region *region);

/* The master's own counters; only its one thread calls these. */
void region_add(struct region *region, enum counter counter, uint64_t amount);
uint64_t region_counted(const struct region *region, enum counter counter);
void region_beat(struct region *region, uint64_t monotonic_ns);

/* One event loop of one worker. Slot 1 to REGION_SLOTS, seat and loop from 0: the caller has checked them. */
uint64_t region_loop_counter(const struct region *region, int slot, int seat, int loop, enum counter counter);
uint64_t region_loop_heartbeat(const struct region *region, int slot, int seat, int loop);

/* CLOCK_MONOTONIC in nanoseconds, the clock of all heartbeats. */
uint64_t monotonic_ns(void);

#endif
