/* SPDX-License-Identifier: MIT */
/*
 * Memory for large trees. To hand out a page costs a system more than to fill
 * it; a tree of 300,000 files has 7,000 small ones, or 14 of 2 MiB.
 */
#if defined(__linux__)
#define _GNU_SOURCE		/* MADV_HUGEPAGE */
#endif

#include "iso9660/lathe_iso9660.h"

#include <stdlib.h>
#include <string.h>

#if defined(__linux__)
#include <stdint.h>
#include <sys/mman.h>

#define PAGE ((size_t)2 << 20)

/* What stores ask for again and again: whole pages, and more of them than any
 * other part of the library wants. */
static bool in_pages(size_t bytes)
{
	return bytes && bytes % PAGE == 0;
}

/* Aligned: what is in front and behind goes back. */
static void *take_pages(size_t bytes)
{
	uint8_t *p = mmap(NULL, bytes + PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t before;

	if (p == MAP_FAILED)
		return NULL;
	before = (size_t)(0 - (uintptr_t)p) % PAGE;
	if (before)
		munmap(p, before);
	munmap(p + before + bytes, PAGE - before);
	/* Where there are no large pages small ones do. */
	(void)madvise(p + before, bytes, MADV_HUGEPAGE);
	return p + before;
}

#else

static bool in_pages(size_t bytes)
{
	(void)bytes;
	return false;
}

static void *take_pages(size_t bytes)
{
	(void)bytes;
	return NULL;
}

static void munmap(void *p, size_t bytes)
{
	(void)p;
	(void)bytes;
}

#endif

static void give(void *p, size_t bytes)
{
	if (in_pages(bytes))
		munmap(p, bytes);
	else
		free(p);
}

void *lathe_iso9660_host_realloc(void *ctx, void *p, size_t old_bytes,
				 size_t new_bytes)
{
	void *to;

	(void)ctx;
	if (!in_pages(old_bytes) && !in_pages(new_bytes) && new_bytes)
		return realloc(p, new_bytes);
	to = in_pages(new_bytes) ? take_pages(new_bytes)
	     : new_bytes	 ? realloc(NULL, new_bytes)
				 : NULL;
	if (!to && new_bytes)
		return NULL;
	if (to && p)
		memcpy(to, p, old_bytes < new_bytes ? old_bytes : new_bytes);
	if (p)
		give(p, old_bytes);
	return to;
}
