/*
 * Connections that no worker takes. They get a 503 that the master knows by heart, and are held for a moment: their
 * requests are unread, so a close would reset them, and the client might never see its answer (RFC 9112 §9.6).
 */
#ifndef DROVER_REFUSALS_H
#define DROVER_REFUSALS_H

#include <stdbool.h>
#include <stdint.h>

#include "region.h"

#define REFUSALS 64

/* How far a connection is, as its record says; also which answer it may get. */
enum lane_stage {
        STAGE_NEW = 0,                  /* nobody has read from it */
        STAGE_HEAD = 1,                 /* its first request, or a part of a head, is awaited */
        STAGE_IDLE = 2,                 /* kept alive between two requests */
        STAGE_RESPONSE = 3,             /* a response is on its way */
};

struct refusals {
        struct region *region;
        int first;
        int count;
        struct refusal {
                int fd;
                uint64_t until_ns;
        } lingering[REFUSALS];          /* a ring, oldest first */
};

/* Takes a connection over, says no where a request may be, counts it and ends it within a moment. */
void refusals_add(struct refusals *refusals, int fd, enum lane_stage stage, uint64_t now_ns);

/* Closes those whose moment is over. */
void refusals_tend(struct refusals *refusals, uint64_t now_ns);

void refusals_close(struct refusals *refusals);

#endif
