/* SPDX-License-Identifier: MIT */
/*
 * Memory for large trees. To hand out a page costs a system more than it
 * costs an import to fill it: while one piece of a tree is filled, a thread
 * asks for the pages of it that come next.
 *
 * They are of the ordinary size. Large ones are cheaper where memory lay idle
 * at hand, but ten times dearer in a guest whose host took it back meanwhile.
 */
#if defined(__linux__) && !defined(_DEFAULT_SOURCE)
#define _DEFAULT_SOURCE		/* madvise */
#endif

#include "iso9660/lathe_iso9660.h"

#include <stdlib.h>

#include "iso9660/memory_internal.h"

#if defined(__linux__)

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "iso9660/crew_posix.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23	/* Linux 5.14; others refuse it */
#endif

struct lathe_iso9660_host_memory {
	uint8_t *next, *busy;	/* pieces: whose turn it is, which is at hand */
	struct lathep_iso9660_crew crew;	/* of one */
};

/* The whole pages of a piece. What comes of it does not matter: what is not
 * there yet is handed out when it is written. */
static void hand_out(uint8_t *piece)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t before = (size_t)(0 - (uintptr_t)piece) % page;
	size_t bytes = (LATHEP_ISO9660_RUN - before) / page * page;

	(void)madvise(piece + before, bytes, MADV_POPULATE_WRITE);
}

static void *work(void *arg)
{
	struct lathe_iso9660_host_memory *memory = arg;

	pthread_mutex_lock(&memory->crew.lock);
	for (;;) {
		while (!memory->next && !memory->crew.stop)
			pthread_cond_wait(&memory->crew.changed,
					  &memory->crew.lock);
		if (memory->crew.stop)
			break;
		memory->busy = memory->next;
		memory->next = NULL;
		pthread_mutex_unlock(&memory->crew.lock);
		hand_out(memory->busy);
		pthread_mutex_lock(&memory->crew.lock);
		memory->busy = NULL;
		pthread_cond_broadcast(&memory->crew.changed);
	}
	pthread_mutex_unlock(&memory->crew.lock);
	return NULL;
}

static void piece_taken(struct lathe_iso9660_host_memory *memory, void *piece)
{
	pthread_mutex_lock(&memory->crew.lock);
	lathep_iso9660_crew_start(&memory->crew, 1, work, memory);
	memory->next = piece;
	pthread_cond_broadcast(&memory->crew.changed);
	pthread_mutex_unlock(&memory->crew.lock);
}

/* The thread has to let go of it. */
static void piece_goes(struct lathe_iso9660_host_memory *memory, void *piece)
{
	pthread_mutex_lock(&memory->crew.lock);
	if (memory->next == piece)
		memory->next = NULL;
	while (memory->busy == piece)
		pthread_cond_wait(&memory->crew.changed, &memory->crew.lock);
	pthread_mutex_unlock(&memory->crew.lock);
}

int lathe_iso9660_host_memory_create(struct lathe_iso9660_host_memory **out)
{
	struct lathe_iso9660_host_memory *memory = calloc(1, sizeof(*memory));

	if (!memory || !lathep_iso9660_crew_init(&memory->crew)) {
		free(memory);
		return LATHE_ERR_MEMORY;
	}
	*out = memory;
	return 0;
}

void lathe_iso9660_host_memory_destroy(struct lathe_iso9660_host_memory *memory)
{
	if (memory)
		lathep_iso9660_crew_end(&memory->crew);
	free(memory);
}

#else

struct lathe_iso9660_host_memory {
	char none;
};

static void piece_taken(struct lathe_iso9660_host_memory *memory, void *piece)
{
	(void)memory;
	(void)piece;
}

static void piece_goes(struct lathe_iso9660_host_memory *memory, void *piece)
{
	(void)memory;
	(void)piece;
}

int lathe_iso9660_host_memory_create(struct lathe_iso9660_host_memory **out)
{
	*out = realloc(NULL, sizeof(**out));
	return *out ? 0 : LATHE_ERR_MEMORY;
}

void lathe_iso9660_host_memory_destroy(struct lathe_iso9660_host_memory *memory)
{
	free(memory);
}

#endif

/* A piece is what stores ask for again and again. */
void *lathe_iso9660_host_realloc(void *memory, void *p, size_t old_bytes,
				 size_t new_bytes)
{
	void *to;

	if (p && old_bytes == LATHEP_ISO9660_RUN)
		piece_goes(memory, p);
	if (new_bytes == 0) {
		free(p);
		return NULL;
	}
	to = realloc(p, new_bytes);
	if (to && new_bytes == LATHEP_ISO9660_RUN)
		piece_taken(memory, to);
	return to;
}
