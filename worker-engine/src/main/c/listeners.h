/* Listening sockets: where connections come from. Workers hold copies of them in custody for the next master. */
#ifndef DROVER_LISTENERS_H
#define DROVER_LISTENERS_H

#include <netinet/in.h>

#define MAX_LISTENERS 16

/* An address of either family, as accept4 and getsockname fill it in. */
union sockaddr_any {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
};

struct listener {
        int fd;                         /* -1: none */
        /* As bound, "127.0.0.1:8080" or "[::1]:8080". */
        char name[INET6_ADDRSTRLEN + 9];
};

/*
 * Listens at "address:port" or "[address]:port"; port 0 lets the kernel choose. Accepted sockets inherit TCP_NODELAY.
 * Returns 0, -EINVAL for a malformed address, or -errno of the call that failed. The caller owns ret_listener->fd.
 */
int listeners_open(const char *address, struct listener *ret_listener);

/*
 * Takes over a socket that already listens, if it does so at this address; port 0 is any port. Returns 0, and the
 * descriptor is ret_listener's; or -EINVAL, and it stays the caller's.
 */
int listeners_adopt(int fd, const char *address, struct listener *ret_listener);

/* Nobody can connect to it from here on, whoever else holds a copy of it. */
void listeners_shut(struct listener *listener);

#endif
