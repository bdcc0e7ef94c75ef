/* The control socket: one line in, one line out; docs/formats/control.md. */
#ifndef DROVER_CONTROL_H
#define DROVER_CONTROL_H

#include <stddef.h>

#define CONTROL_LINE 1024
#define CONTROL_CLIENTS 16

/* Answers one command, given without its newline; the answer has none either. */
typedef void control_command(void *master, const char *line, char *ret_answer, size_t size);

struct control_client {
        int fd;                 /* -1: free */
        size_t length;
        char line[CONTROL_LINE + 1];
};

struct control {
        struct control_client clients[CONTROL_CLIENTS];
        control_command *command;
        void *master;
};

void control_init(struct control *control, control_command *command, void *master);

/* Takes a caller over. Returns its index, or -ENOSPC, and then the descriptor is closed. */
int control_add(struct control *control, int fd);

/* Reads a caller's lines and answers them; a caller that hangs up or misbehaves is closed. */
void control_receive(struct control *control, int index);

void control_close(struct control *control);

#endif
