/* SPDX-License-Identifier: MIT */
/*
 * Reading ahead: while one piece of a file is looked at, a thread fetches the
 * next. An import of many directories goes through a file piece by piece and
 * would wait for each of them.
 */
#ifndef LATHE_TOOL_AHEAD_H
#define LATHE_TOOL_AHEAD_H

#include "lathe.h"

struct ahead;

/*
 * *out reads what 'inner' does, and tells its errors. 'inner' has to outlive
 * it, and is called by other threads, but never by two at a time. NULL: there
 * is no memory or no thread for it, and *out is 'inner' itself.
 */
struct ahead *ahead_create(const struct lathe_blocks *inner,
			   struct lathe_blocks *out);

/* NULL is allowed. */
void ahead_destroy(struct ahead *ahead);

#endif
