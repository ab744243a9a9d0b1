/* SPDX-License-Identifier: MIT */
/* holder.h - who has a device node open. */
#ifndef LATHE_TOOLS_HOLDER_H
#define LATHE_TOOLS_HOLDER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * "name (process N)" of a process that has the node open, into 'text'. Linux;
 * only processes that the user may look into. False: none is known.
 */
bool find_holder(const char *node, char *text, size_t room);

#endif
