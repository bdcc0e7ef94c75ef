#include "refusals.h"

#include <sys/socket.h>

#include "fd.h"

#define LINGER_NS 1000000000u

static const char answer[] = "HTTP/1.1 503 Service Unavailable\r\n"
                             "Retry-After: 1\r\n"
                             "Content-Length: 0\r\n"
                             "Connection: close\r\n"
                             "\r\n";

static void close_oldest(struct refusals *refusals)
{
        fd_close(&refusals->lingering[refusals->first].fd);
        refusals->first = (refusals->first + 1) % REFUSALS;
        refusals->count--;
}

void refusals_add(struct refusals *refusals, int fd, enum lane_stage stage, uint64_t now)
{
        region_add(refusals->region, COUNTER_CONNECTIONS_REJECTED_NO_WORKER, 1);
        /* An idle connection has asked nothing; in the middle of a response an answer would be taken for its content. */
        if (stage == STAGE_NEW || stage == STAGE_HEAD)
                (void) send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        (void) shutdown(fd, SHUT_WR);
        if (refusals->count == REFUSALS)
                close_oldest(refusals);
        refusals->lingering[(refusals->first + refusals->count++) % REFUSALS] =
                (struct refusal) {.fd = fd, .until_ns = now + LINGER_NS};
}

void refusals_tend(struct refusals *refusals, uint64_t now)
{
        while (refusals->count > 0 && now >= refusals->lingering[refusals->first].until_ns)
                close_oldest(refusals);
}

void refusals_close(struct refusals *refusals)
{
        while (refusals->count > 0)
                close_oldest(refusals);
}
