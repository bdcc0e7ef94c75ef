/* A descriptor has one owner, and the owner is a variable. */
#ifndef DROVER_FD_H
#define DROVER_FD_H

#include <unistd.h>

/* Closes on the way out of the scope; on Linux a close that fails has closed all the same. */
static inline void fd_close(int *fd)
{
        if (*fd >= 0)
                (void) close(*fd);
        *fd = -1;
}

#define cleanup_close __attribute__((cleanup(fd_close)))

/* Hands a descriptor over: the variable no longer owns it. */
static inline int fd_take(int *fd)
{
        int taken = *fd;
        *fd = -1;
        return taken;
}

#endif
