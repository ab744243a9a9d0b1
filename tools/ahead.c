/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "tools/ahead.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* As much as the import asks for at a time. */
#define PIECE_BLOCKS 128u

struct ahead {
	const struct lathe_blocks *inner;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	bool wanted, stop;	/* the piece has to be read; no more of them */
	bool there;		/* it was read */
	uint32_t lba, count;	/* where it is */
	uint32_t next;		/* behind what was asked for last */
	uint8_t piece[PIECE_BLOCKS * LATHE_BLOCK_BYTES];
};

/* Nobody has asked for it yet: who does will hear of an error. */
static void *work(void *arg)
{
	struct ahead *ahead = arg;
	const struct lathe_blocks *inner = ahead->inner;
	int err;

	pthread_mutex_lock(&ahead->lock);
	for (;;) {
		while (!ahead->wanted && !ahead->stop)
			pthread_cond_wait(&ahead->changed, &ahead->lock);
		if (ahead->stop)
			break;
		pthread_mutex_unlock(&ahead->lock);
		err = inner->read(inner->ctx, ahead->lba, ahead->count,
				  ahead->piece);
		pthread_mutex_lock(&ahead->lock);
		ahead->wanted = false;
		ahead->there = err == 0;
		pthread_cond_broadcast(&ahead->changed);
	}
	pthread_mutex_unlock(&ahead->lock);
	return NULL;
}

/* Called with the lock held and nothing wanted. */
static int fetch(struct ahead *ahead, uint32_t lba, uint32_t count,
		 uint8_t *out)
{
	const struct lathe_blocks *inner = ahead->inner;

	if (!ahead->there || lba < ahead->lba ||
	    lba - ahead->lba >= ahead->count ||
	    count > ahead->count - (lba - ahead->lba))
		return inner->read(inner->ctx, lba, count, out);
	memcpy(out, ahead->piece + (size_t)(lba - ahead->lba) *
					   LATHE_BLOCK_BYTES,
	       (size_t)count * LATHE_BLOCK_BYTES);
	return 0;
}

/* Ahead of who goes on where he was, in pieces as large as his. */
static void want_next(struct ahead *ahead, uint32_t lba, uint32_t count)
{
	uint32_t end = ahead->inner->end;
	bool goes_on = lba == ahead->next;

	ahead->next = lba + count;
	if (!goes_on || count > PIECE_BLOCKS || ahead->next >= end)
		return;
	ahead->lba = ahead->next;
	ahead->count = end - ahead->next < count ? end - ahead->next : count;
	ahead->there = false;
	ahead->wanted = true;
	pthread_cond_broadcast(&ahead->changed);
}

static int read_ahead(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct ahead *ahead = ctx;
	int err;

	pthread_mutex_lock(&ahead->lock);
	while (ahead->wanted)
		pthread_cond_wait(&ahead->changed, &ahead->lock);
	err = fetch(ahead, lba, count, out);
	if (!err)
		want_next(ahead, lba, count);
	pthread_mutex_unlock(&ahead->lock);
	return err;
}

static bool start(struct ahead *ahead)
{
	if (pthread_mutex_init(&ahead->lock, NULL) != 0)
		return false;
	if (pthread_cond_init(&ahead->changed, NULL) == 0) {
		if (pthread_create(&ahead->thread, NULL, work, ahead) == 0)
			return true;
		pthread_cond_destroy(&ahead->changed);
	}
	pthread_mutex_destroy(&ahead->lock);
	return false;
}

struct ahead *ahead_create(const struct lathe_blocks *inner,
			   struct lathe_blocks *out)
{
	struct ahead *ahead = malloc(sizeof(*ahead));

	*out = *inner;
	if (!ahead)
		return NULL;
	ahead->inner = inner;
	ahead->wanted = ahead->stop = ahead->there = false;
	ahead->lba = ahead->count = ahead->next = 0;
	if (!start(ahead)) {
		free(ahead);
		return NULL;
	}
	out->ctx = ahead;
	out->read = read_ahead;
	return ahead;
}

void ahead_destroy(struct ahead *ahead)
{
	if (!ahead)
		return;
	pthread_mutex_lock(&ahead->lock);
	ahead->stop = true;
	pthread_cond_broadcast(&ahead->changed);
	pthread_mutex_unlock(&ahead->lock);
	pthread_join(ahead->thread, NULL);
	pthread_cond_destroy(&ahead->changed);
	pthread_mutex_destroy(&ahead->lock);
	free(ahead);
}
