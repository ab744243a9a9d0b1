/* SPDX-License-Identifier: MIT */
/*
 * How far long work has come: a line on a terminal, or JSON lines.
 */
#ifndef LATHE_TOOL_PROGRESS_H
#define LATHE_TOOL_PROGRESS_H

#include <stdio.h>

#include "lathe.h"

/* In the order of the option's words. */
enum progress_style {
	PROGRESS_AUTO,	/* a line if stderr is a terminal */
	PROGRESS_NONE,
	PROGRESS_JSON
};

struct progress {
	enum progress_style style;
	FILE *out;		/* of the JSON lines */
	int out_errno;		/* why they could not be written; 0 */
	const char *label;	/* what "writing" is called, or NULL */
	bool begun, shown;	/* a phase has begun; a line stands there */
	enum lathe_phase phase;
	uint64_t first_done;	/* of this phase */
	uint64_t phase_ms, last_ms;
};

/* 'json_out' is where JSON lines go. */
void progress_init(struct progress *progress, enum progress_style style,
		   FILE *json_out);

/* lathe_hooks.progress; ctx is a struct progress. */
void progress_hook(void *ctx, const struct lathe_progress *now);

/* Take the line off the terminal, since other text follows. */
void progress_break(struct progress *progress);

/* "writing" for LATHE_PHASE_WRITING. */
const char *progress_phase_name(enum lathe_phase phase);

#endif
