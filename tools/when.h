/* SPDX-License-Identifier: MIT */
/*
 * Dates: as text, of volume descriptors, those that are asked for.
 */
#ifndef LATHE_TOOL_WHEN_H
#define LATHE_TOOL_WHEN_H

#include "tools/tool.h"

/* "2026-11-21T09:30:00Z" */
struct when_text {
	char text[32];
};
struct when_text when_text(int64_t seconds);

/* A descriptor's date and time, 8.4.26.1. */
void when_described(int64_t seconds, uint8_t out[17]);

/*
 * SOURCE_DATE_EPOCH. *given false if it is not set. Returns 0, or the exit
 * status after complaining about what is no number of seconds.
 */
int when_asked(struct tool *tool, bool *given, int64_t *seconds);

#endif
