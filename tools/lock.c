/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE /* flock */

#include <errno.h>
#include <sys/file.h>

#include "tools/lock.h"

bool lock_take(int fd, bool alone)
{
	/* There are systems, and files, without locks. */
	return flock(fd, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 ||
	       (errno != EWOULDBLOCK && errno != EINTR);
}

int lock_complain(struct tool *tool, const char *name)
{
	return complain_why(tool, LATHE_ERR_BUSY, "wait until it has finished",
			    "%s: another program is writing it", name);
}
