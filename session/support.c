/* SPDX-License-Identifier: MIT */
/*
 * support.c - memory, log and progress through the hooks.
 */
#include "session/session_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct lathe_hooks *lathep_session_hooks(const struct lathe_hooks *hooks)
{
	static const struct lathe_hooks none;

	return hooks ? hooks : &none;
}

uint8_t *lathep_session_set(uint8_t *blocks)
{
	return blocks + (size_t)LATHEP_SESSION_SYSTEM_AREA * LATHE_BLOCK_BYTES;
}

void *lathep_session_alloc(const struct lathe_hooks *hooks, size_t bytes)
{
	void *p;

	p = hooks->realloc ? hooks->realloc(hooks->ctx, NULL, 0, bytes) :
			     realloc(NULL, bytes);
	if (p)
		memset(p, 0, bytes);
	return p;
}

void lathep_session_free(const struct lathe_hooks *hooks, void *p,
			 size_t bytes)
{
	if (!p)
		return;
	if (hooks->realloc)
		hooks->realloc(hooks->ctx, p, bytes, 0);
	else
		free(p);
}

void lathep_session_log(const struct lathe_hooks *hooks,
			enum lathe_log_level level, const char *id,
			const char *format, ...)
{
	char text[LATHE_FAILURE_TEXT];
	va_list args;

	if (!hooks->log)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	hooks->log(hooks->ctx, level, id, text);
}

void lathep_session_progress(const struct lathe_hooks *hooks,
			     enum lathe_phase phase, uint64_t done,
			     uint64_t total)
{
	struct lathe_progress progress = { .phase = phase, .done = done,
					   .total = total };

	if (hooks->progress)
		hooks->progress(hooks->ctx, &progress);
}
