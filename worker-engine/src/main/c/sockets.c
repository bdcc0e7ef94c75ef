#include "sockets.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "fd.h"

int sockets_listen(const char *directory, const char *name, int type, int *ret_fd)
{
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", directory, name);
        if (length < 0 || (size_t) length >= sizeof address.sun_path)
                return -ENAMETOOLONG;
        cleanup_close int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0 || (unlink(address.sun_path) < 0 && errno != ENOENT))
                return -errno;

        mode_t before = umask(0177);    /* so that there is no moment in which others may connect */
        int bound = bind(fd, (const struct sockaddr *) &address, sizeof address);
        int bind_errno = errno;
        (void) umask(before);
        if (bound < 0)
                return -bind_errno;
        if (listen(fd, SOMAXCONN) < 0)
                return -errno;
        *ret_fd = fd_take(&fd);
        return 0;
}

int sockets_accept(int listener, int *ret_fd)
{
        struct ucred caller;
        socklen_t length = sizeof caller;
        cleanup_close int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
                return -errno;
        if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &caller, &length) < 0)
                return -errno;
        if (caller.uid != geteuid())
                return -EPERM;
        *ret_fd = fd_take(&fd);
        return 0;
}
