#include "listeners.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "fd.h"

/* The request is usually there a moment after the handshake: wait for it, and the worker reads it at once. */
#define DEFER_ACCEPT_SECONDS 1

static int parse_port(const char *text, in_port_t *ret_port)
{
        char *end;
        errno = 0;
        long port = strtol(text, &end, 10);
        if (errno || *text < '0' || *text > '9' || *end || port > 65535)
                return -EINVAL;
        *ret_port = htons((uint16_t) port);
        return 0;
}

static int parse(const char *text, union sockaddr_any *ret_address, socklen_t *ret_length)
{
        char host[INET6_ADDRSTRLEN];
        const char *colon = strrchr(text, ':');
        bool bracketed = text[0] == '[' && colon && colon > text && colon[-1] == ']';
        const char *from = bracketed ? text + 1 : text;
        size_t length = colon ? (size_t) (colon - from) - (bracketed ? 1 : 0) : 0;
        if (!colon || length == 0 || length >= sizeof host)
                return -EINVAL;
        memcpy(host, from, length);
        host[length] = '\0';

        union sockaddr_any address = {0};
        in_port_t port;
        if (parse_port(colon + 1, &port) < 0)
                return -EINVAL;
        if (bracketed && inet_pton(AF_INET6, host, &address.v6.sin6_addr) == 1) {
                address.v6.sin6_family = AF_INET6;
                address.v6.sin6_port = port;
                *ret_length = sizeof address.v6;
        } else if (!bracketed && inet_pton(AF_INET, host, &address.v4.sin_addr) == 1) {
                address.v4.sin_family = AF_INET;
                address.v4.sin_port = port;
                *ret_length = sizeof address.v4;
        } else {
                return -EINVAL;
        }
        *ret_address = address;
        return 0;
}

static int name(int fd, char *ret_name, size_t size)
{
        union sockaddr_any bound;
        socklen_t length = sizeof bound;
        char host[INET6_ADDRSTRLEN];
        if (getsockname(fd, &bound.any, &length) < 0)
                return -errno;
        if (bound.any.sa_family == AF_INET6)
                (void) snprintf(ret_name, size, "[%s]:%u", inet_ntop(AF_INET6, &bound.v6.sin6_addr, host, sizeof host),
                                ntohs(bound.v6.sin6_port));
        else
                (void) snprintf(ret_name, size, "%s:%u", inet_ntop(AF_INET, &bound.v4.sin_addr, host, sizeof host),
                                ntohs(bound.v4.sin_port));
        return 0;
}

int listeners_open(const char *text, struct listener *ret_listener)
{
        static const int on = 1;
        static const int defer = DEFER_ACCEPT_SECONDS;
        union sockaddr_any address;
        socklen_t length;
        int failed = parse(text, &address, &length);
        if (failed < 0)
                return failed;

        cleanup_close int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
                return -errno;
        /* [::]:8080 beside 0.0.0.0:8080 are two listeners, as written, not one in the way of the other. */
        if (address.any.sa_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0)
                return -errno;
        if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ||
            setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer, sizeof defer) < 0 ||
            bind(fd, &address.any, length) < 0 || listen(fd, SOMAXCONN) < 0)
                return -errno;
        failed = name(fd, ret_listener->name, sizeof ret_listener->name);
        if (failed < 0)
                return failed;
        ret_listener->fd = fd_take(&fd);
        return 0;
}

static in_port_t port_of(const union sockaddr_any *address)
{
        return address->any.sa_family == AF_INET6 ? address->v6.sin6_port : address->v4.sin_port;
}

static bool is_at(const union sockaddr_any *bound, const union sockaddr_any *wanted)
{
        if (bound->any.sa_family != wanted->any.sa_family || (port_of(wanted) && port_of(bound) != port_of(wanted)))
                return false;
        return bound->any.sa_family == AF_INET6
                       ? memcmp(&bound->v6.sin6_addr, &wanted->v6.sin6_addr, sizeof wanted->v6.sin6_addr) == 0
                       : bound->v4.sin_addr.s_addr == wanted->v4.sin_addr.s_addr;
}

int listeners_adopt(int fd, const char *text, struct listener *ret_listener)
{
        union sockaddr_any wanted, bound = {0};
        socklen_t wanted_length, bound_length = sizeof bound, size = sizeof(int);
        int listens = 0;
        if (parse(text, &wanted, &wanted_length) < 0 ||
            getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) < 0 || !listens ||
            getsockname(fd, &bound.any, &bound_length) < 0 || !is_at(&bound, &wanted) ||
            name(fd, ret_listener->name, sizeof ret_listener->name) < 0)
                return -EINVAL;
        ret_listener->fd = fd;
        return 0;
}

void listeners_shut(struct listener *listener)
{
        (void) shutdown(listener->fd, SHUT_RDWR);
        fd_close(&listener->fd);
}
