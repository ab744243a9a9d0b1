/* SPDX-License-Identifier: MIT */
/* Files that no disk holds: what sources of tests have in common. */
#ifndef TESTS_SOURCE_H
#define TESTS_SOURCE_H

#include <string.h>

#include "iso9660/lathe_iso9660.h"

/* The handle is the file's number. */
static inline int made_open(void *ctx, uint64_t file, const char *name,
			      size_t len, void **handle)
{
	(void)ctx;
	(void)name;
	(void)len;
	*handle = (void *)(uintptr_t)file;
	return 0;
}

static inline void made_close(void *ctx, void *handle)
{
	(void)ctx;
	(void)handle;
}

static inline int made_zeros(void *ctx, void *handle, uint64_t offset,
			       uint32_t bytes, uint8_t *out, uint32_t *got)
{
	(void)ctx;
	(void)handle;
	(void)offset;
	memset(out, 0, bytes);
	*got = bytes;
	return 0;
}

#endif
