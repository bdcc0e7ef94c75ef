/* The UNIX sockets in the run directory on which workers and admin call. */
#ifndef DROVER_SOCKETS_H
#define DROVER_SOCKETS_H

/*
 * Listens at directory/name, in the place of whatever lies there: the caller holds the run directory's lock, so that can
 * only be a dead master's. Returns 0 or -errno. The caller owns the descriptor and unlinks the file.
 */
int sockets_listen(const char *directory, const char *name, int type, int *ret_fd);

/*
 * Accepts a caller of our own user, checked by SO_PEERCRED. Returns 0; -EAGAIN if nobody waits; -EPERM for another
 * user's call, which is closed; or -errno.
 */
int sockets_accept(int listener, int *ret_fd);

#endif
