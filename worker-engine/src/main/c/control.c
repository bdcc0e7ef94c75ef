#include "control.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "fd.h"

void control_init(struct control *control, control_command *command, void *master)
{
        control->command = command;
        control->master = master;
        for (int i = 0; i < CONTROL_CLIENTS; i++)
                control->clients[i].fd = -1;
}

int control_add(struct control *control, int fd)
{
        for (int i = 0; i < CONTROL_CLIENTS; i++) {
                struct control_client *client = &control->clients[i];
                if (client->fd < 0) {
                        client->fd = fd;
                        client->length = 0;
                        return i;
                }
        }
        fd_close(&fd);
        return -ENOSPC;
}

/* A caller asks one thing at a time and reads the answer; if there is no room for an answer it does not. */
static bool answer(struct control *control, struct control_client *client, const char *line)
{
        char text[CONTROL_LINE + 1];
        control->command(control->master, line, text, sizeof text - 1);
        size_t length = strlen(text);
        text[length++] = '\n';
        return send(client->fd, text, length, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t) length;
}

static bool answer_lines(struct control *control, struct control_client *client)
{
        char *from = client->line;
        char *end = client->line + client->length;
        for (char *newline; (newline = memchr(from, '\n', (size_t) (end - from))); from = newline + 1) {
                *newline = '\0';
                if (!answer(control, client, from))
                        return false;
        }
        client->length = (size_t) (end - from);
        memmove(client->line, from, client->length);
        if (client->length == CONTROL_LINE) {
                (void) answer(control, client, "");
                return false;
        }
        return true;
}

void control_receive(struct control *control, int index)
{
        struct control_client *client = &control->clients[index];
        if (client->fd < 0)
                return;
        ssize_t length = recv(client->fd, client->line + client->length, CONTROL_LINE - client->length, MSG_DONTWAIT);
        if (length < 0 && (errno == EAGAIN || errno == EINTR))
                return;
        if (length > 0)
                client->length += (size_t) length;
        if (length <= 0 || !answer_lines(control, client))
                fd_close(&client->fd);
}

void control_close(struct control *control)
{
        for (int i = 0; i < CONTROL_CLIENTS; i++)
                fd_close(&control->clients[i].fd);
}
