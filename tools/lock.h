/* SPDX-License-Identifier: MIT */
/*
 * An image that grows is locked (flock) until it is whole: nobody else writes
 * it, or something in its place.
 */
#ifndef LATHE_TOOL_LOCK_H
#define LATHE_TOOL_LOCK_H

#include "tools/tool.h"

/* Lock it as long as it is open, for us alone or for all who only read it.
 * false: somebody else has it. */
bool lock_take(int fd, bool alone);

/* Somebody else has it. Returns the exit status. */
int lock_complain(struct tool *tool, const char *name);

#endif
