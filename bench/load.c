/*
 * The benchmark's load: one thread, a closed loop of connections, each of which sends its next requests when the last are
 * answered. It has to be cheaper than the servers it measures, or it measures itself: requests are rendered beforehand, a
 * response is looked at only as far as its head, and its content is thrown away in the kernel (MSG_TRUNC, tcp(7)).
 *
 *     load PORT CONNECTIONS SECONDS DEPTH REQUESTS [close]
 *
 * REQUESTS is a file of "PATH" or "PATH <tab> FIELD: VALUE" lines, taken in turn. DEPTH requests go in one write. With
 * "close" each request has a connection of its own. Prints "measured REQUESTS SECONDS FAILED BYTES"; bytes are of content.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_REQUESTS 100000
#define HEAD_BYTES (32 * 1024)
#define DISCARD_BYTES (8 << 20)
#define EVENTS 256

struct request {
        char *bytes;
        size_t length;
};

struct client {
        int fd;
        bool connecting;
        int unanswered;
        uint64_t body_left;
        size_t kept;                    /* bytes of the next heads that have come */
        char input[HEAD_BYTES];
};

static struct sockaddr_in server;
static struct request requests[MOST_REQUESTS];
static int request_count, next_request;
static int depth, epoll_fd;
static bool closes;
static uint64_t answered, failed, body_bytes;

static void fail(const char *what)
{
        fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
        exit(1);
}

static double now(void)
{
        struct timespec time;
        (void) clock_gettime(CLOCK_MONOTONIC, &time);
        return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

/* Each entry is as many requests as go in one write. */
static void read_requests(const char *path)
{
        char line[4096], one[8192];
        FILE *file = fopen(path, "r");
        if (!file)
                fail(path);
        while (request_count < MOST_REQUESTS && fgets(line, sizeof line, file)) {
                line[strcspn(line, "\n")] = '\0';
                char *field = strchr(line, '\t');
                if (field)
                        *field++ = '\0';
                int length = snprintf(one, sizeof one, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s%s\r\n", line,
                                      ntohs(server.sin_port), field ? field : "", field ? "\r\n" : "",
                                      closes ? "Connection: close\r\n" : "");
                struct request *request = &requests[request_count++];
                request->length = (size_t) length * (size_t) depth;
                request->bytes = malloc(request->length);
                if (!request->bytes)
                        fail("no memory");
                for (int i = 0; i < depth; i++)
                        memcpy(request->bytes + i * length, one, (size_t) length);
        }
        (void) fclose(file);
        if (request_count == 0)
                fail("no requests");
}

static void watch(struct client *client, int operation, uint32_t events)
{
        struct epoll_event event = {.events = events, .data.ptr = client};
        if (epoll_ctl(epoll_fd, operation, client->fd, &event) < 0)
                fail("epoll_ctl");
}

static void open_connection(struct client *client)
{
        int on = 1;
        client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (client->fd < 0)
                fail("socket");
        (void) setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (connect(client->fd, (struct sockaddr *) &server, sizeof server) < 0 && errno != EINPROGRESS)
                fail("connect");
        client->connecting = true;
        client->unanswered = 0;
        client->body_left = 0;
        client->kept = 0;
        watch(client, EPOLL_CTL_ADD, EPOLLOUT);
}

static void reopen(struct client *client)
{
        (void) close(client->fd);
        open_connection(client);
}

static void ask(struct client *client)
{
        const struct request *request = &requests[next_request];
        next_request = (next_request + 1) % request_count;
        client->unanswered = depth;
        if (send(client->fd, request->bytes, request->length, MSG_NOSIGNAL) != (ssize_t) request->length) {
                failed++;
                reopen(client);
        }
}

/* The content's length; or -1 for a head that is none of a good answer. */
static int64_t content_length(const char *head, const char *end)
{
        int status = memcmp(head, "HTTP/1.1 ", 9) == 0 ? atoi(head + 9) : 0;
        if (status < 200 || status > 399)
                return -1;
        if (status == 304)
                return 0;
        for (const char *line = head; line < end; line = memchr(line, '\n', (size_t) (end - line)) + 1)
                if ((*line | 0x20) == 'c' && strncasecmp(line, "content-length:", 15) == 0)
                        return atoll(line + 15);
        return -1;
}

/* Counts the answers that have come; false if they are none. */
static bool take_answers(struct client *client)
{
        char *at = client->input, *end = client->input + client->kept;
        for (;;) {
                if (client->body_left > 0) {
                        uint64_t here = (uint64_t) (end - at) < client->body_left ? (uint64_t) (end - at) : client->body_left;
                        at += here;
                        body_bytes += here;
                        client->body_left -= here;
                        if (client->body_left > 0)
                                break;
                        client->unanswered--;
                        answered++;
                }
                char *head_end = end - at >= 16 ? memmem(at, (size_t) (end - at), "\r\n\r\n", 4) : NULL;
                if (!head_end)
                        break;
                int64_t length = content_length(at, head_end + 2);
                if (length < 0)
                        return false;
                at = head_end + 4;
                client->body_left = (uint64_t) length;
                if (length == 0) {
                        client->unanswered--;
                        answered++;
                }
        }
        client->kept = (size_t) (end - at);
        if (client->kept == sizeof client->input)
                return false;
        memmove(client->input, at, client->kept);
        return true;
}

static void receive(struct client *client)
{
        ssize_t count;
        if (client->body_left > sizeof client->input) {
                size_t most = client->body_left - 1 < DISCARD_BYTES ? client->body_left - 1 : DISCARD_BYTES;
                count = recv(client->fd, NULL, most, MSG_TRUNC);
                if (count > 0) {
                        client->body_left -= (uint64_t) count;
                        body_bytes += (uint64_t) count;
                        return;
                }
        } else {
                count = recv(client->fd, client->input + client->kept, sizeof client->input - client->kept, 0);
        }
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
                return;
        bool good = count > 0;
        if (good) {
                client->kept += (size_t) count;
                good = take_answers(client);
        }
        if (!good) {
                failed++;
                reopen(client);
        } else if (client->unanswered == 0 && closes) {
                reopen(client);
        } else if (client->unanswered == 0) {
                ask(client);
        }
}

static void go_on(struct client *client)
{
        if (!client->connecting) {
                receive(client);
                return;
        }
        int error = 0;
        socklen_t size = sizeof error;
        (void) getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) {
                failed++;
                reopen(client);
                return;
        }
        client->connecting = false;
        watch(client, EPOLL_CTL_MOD, EPOLLIN);
        ask(client);
}

int main(int argc, char **argv)
{
        if (argc < 6) {
                fprintf(stderr, "usage: load PORT CONNECTIONS SECONDS DEPTH REQUESTS [close]\n");
                return 2;
        }
        server = (struct sockaddr_in) {
                .sin_family = AF_INET,
                .sin_port = htons((uint16_t) atoi(argv[1])),
                .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        };
        int connections = atoi(argv[2]);
        double seconds = atof(argv[3]);
        depth = atoi(argv[4]);
        closes = argc > 6 && strcmp(argv[6], "close") == 0;
        read_requests(argv[5]);

        epoll_fd = epoll_create1(EPOLL_CLOEXEC);
        struct client *clients = calloc((size_t) connections, sizeof *clients);
        if (epoll_fd < 0 || !clients || depth < 1)
                fail("cannot begin");
        for (int i = 0; i < connections; i++)
                open_connection(&clients[i]);

        struct epoll_event events[EVENTS];
        double start = now(), at = start;
        while (at - start < seconds && failed < 1000) {
                int count = epoll_wait(epoll_fd, events, EVENTS, 100);
                for (int i = 0; i < count; i++)
                        go_on(events[i].data.ptr);
                at = now();
        }
        printf("measured %llu %.6f %llu %llu\n", (unsigned long long) answered, at - start, (unsigned long long) failed,
               (unsigned long long) body_bytes);
        return 0;
}
