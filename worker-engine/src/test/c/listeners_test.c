/* listeners.c: which addresses are understood, and what their sockets are like. */
#include "listeners.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "check.h"

#define DEADLINE_MS 10000

static bool has_ipv6(void)
{
        struct sockaddr_in6 loopback = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
        int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
        bool bound = fd >= 0 && bind(fd, (struct sockaddr *) &loopback, sizeof loopback) == 0;
        if (fd >= 0)
                (void) close(fd);
        return bound;
}

static struct listener open_listener(const char *address)
{
        struct listener listener = {.fd = -1};
        CHECK(listeners_open(address, &listener) == 0);
        CHECK(listener.fd >= 0);
        return listener;
}

static int port_of(const struct listener *listener)
{
        return atoi(strrchr(listener->name, ':') + 1);
}

static int option(int fd, int level, int name)
{
        int value = -1;
        socklen_t length = sizeof value;
        CHECK(getsockopt(fd, level, name, &value, &length) == 0);
        return value;
}

static void check_malformed(const char *address)
{
        struct listener listener = {.fd = -7};
        int failed = listeners_open(address, &listener);
        if (failed != -EINVAL)
                (void) fprintf(stderr, "\"%s\": %d\n", address, failed);
        CHECK(failed == -EINVAL);
        CHECK(listener.fd == -7);
}

static void port_0_of_ipv4_lets_the_kernel_choose_and_is_named_as_bound(void)
{
        struct listener listener = open_listener("127.0.0.1:0");

        CHECK(strncmp(listener.name, "127.0.0.1:", 10) == 0);
        CHECK(port_of(&listener) > 0);
        CHECK(option(listener.fd, SOL_SOCKET, SO_ACCEPTCONN) == 1);
        (void) close(listener.fd);
}

static void a_port_that_was_free_is_the_port_that_is_bound(void)
{
        char name[64];
        struct listener first = open_listener("127.0.0.1:0");
        (void) snprintf(name, sizeof name, "%s", first.name);
        (void) close(first.fd);

        struct listener again = open_listener(name);

        CHECK(strcmp(again.name, name) == 0);
        (void) close(again.fd);
}

static void an_ipv6_address_stands_in_brackets(void)
{
        if (!has_ipv6())
                return;

        struct listener listener = open_listener("[::1]:0");

        CHECK(strncmp(listener.name, "[::1]:", 6) == 0);
        CHECK(port_of(&listener) > 0);
        (void) close(listener.fd);
}

static void every_address_of_both_families_can_have_the_same_port(void)
{
        char name[64];
        if (!has_ipv6())
                return;
        struct listener v4 = open_listener("0.0.0.0:0");
        (void) snprintf(name, sizeof name, "[::]:%d", port_of(&v4));

        struct listener v6 = open_listener(name);

        CHECK(strcmp(v6.name, name) == 0);
        (void) close(v4.fd);
        (void) close(v6.fd);
}

static void malformed_addresses_are_refused(void)
{
        static const char *const malformed[] = {
                "", ":", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:80x", "127.0.0.1:-1",
                "127.0.0.1:65536", "127.0.0.1:99999999999999999999", "127.0.0.1: 80", "127.0.0.1:+80", "127.0.0.1:0x50",
                "127.0.0:80", "127.0.0.256:80", " 127.0.0.1:80", "localhost:80", "*:80", "[127.0.0.1]:80", "::1:80", "::1",
                "[::1]", "[::1]80", "[::1:80", "::1]:80", "[]:80", "[", "[:", "[]", "]:80", "[::1]:", "[::1]:65536",
                "[::1%lo]:80", "[::1]]:80", "[[::1]:80",
                "[1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd:eeee:ffff]:80",
        };
        for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++)
                check_malformed(malformed[i]);
}

static void a_port_in_use_is_refused_and_leaks_no_descriptor(void)
{
        struct listener second = {.fd = -7};
        struct listener first = open_listener("127.0.0.1:0");

        CHECK(listeners_open(first.name, &second) == -EADDRINUSE);

        CHECK(second.fd == -7);
        (void) close(first.fd);
        struct listener next = open_listener("127.0.0.1:0");
        CHECK(next.fd == first.fd);     /* the lowest number that is free: nothing was left open */
        (void) close(next.fd);
}

static void an_address_of_another_machine_is_refused(void)
{
        struct listener listener = {.fd = -7};
        CHECK(listeners_open("192.0.2.1:0", &listener) == -EADDRNOTAVAIL);
}

static void accepted_sockets_inherit_no_delay(void)
{
        struct listener listener = open_listener("127.0.0.1:0");
        struct sockaddr_in address = {
                .sin_family = AF_INET,
                .sin_port = htons((uint16_t) port_of(&listener)),
                .sin_addr = {htonl(INADDR_LOOPBACK)},
        };
        int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        CHECK(connect(client, (struct sockaddr *) &address, sizeof address) == 0 && send(client, "x", 1, 0) == 1);
        struct pollfd ready = {.fd = listener.fd, .events = POLLIN};
        CHECK(poll(&ready, 1, DEADLINE_MS) == 1);

        int accepted = accept4(listener.fd, NULL, NULL, SOCK_CLOEXEC);

        CHECK(accepted >= 0);
        CHECK(option(accepted, IPPROTO_TCP, TCP_NODELAY) == 1);
        (void) close(accepted);
        (void) close(client);
        (void) close(listener.fd);
}

static void listeners_do_not_block_and_are_not_inherited_by_programs(void)
{
        struct listener listener = open_listener("127.0.0.1:0");

        CHECK(fcntl(listener.fd, F_GETFL) & O_NONBLOCK);
        CHECK(fcntl(listener.fd, F_GETFD) & FD_CLOEXEC);
        (void) close(listener.fd);
}

int main(void)
{
        RUN(port_0_of_ipv4_lets_the_kernel_choose_and_is_named_as_bound);
        RUN(a_port_that_was_free_is_the_port_that_is_bound);
        RUN(an_ipv6_address_stands_in_brackets);
        RUN(every_address_of_both_families_can_have_the_same_port);
        RUN(malformed_addresses_are_refused);
        RUN(a_port_in_use_is_refused_and_leaks_no_descriptor);
        RUN(an_address_of_another_machine_is_refused);
        RUN(accepted_sockets_inherit_no_delay);
        RUN(listeners_do_not_block_and_are_not_inherited_by_programs);
        return check_result();
}
