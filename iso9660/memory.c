/* SPDX-License-Identifier: MIT */
/*
 * Memory in chunks: arrays and arenas that grow without moving what is in
 * them, all of it through the allocation hook.
 */
#include <stdlib.h>
#include <string.h>

#include "iso9660/memory_internal.h"

/* Where the compiler does not put them in place. */
extern inline void *lathep_iso9660_at(const struct lathep_iso9660_store *store,
				      uint32_t i);
extern inline void *
lathep_iso9660_at64(const struct lathep_iso9660_store *store, uint32_t i);
extern inline uint32_t
lathep_iso9660_u32(const struct lathep_iso9660_store *store, uint32_t i);
extern inline void *
lathep_iso9660_byte_at(const struct lathep_iso9660_store *arena, uint32_t at);

void *lathep_iso9660_realloc(const struct lathe_hooks *hooks, void *p,
			     size_t old_bytes, size_t new_bytes)
{
	if (hooks->realloc)
		return hooks->realloc(hooks->ctx, p, old_bytes, new_bytes);
	if (new_bytes == 0) {
		free(p);
		return NULL;
	}
	return realloc(p, new_bytes);
}

void *lathep_iso9660_take(const struct lathe_hooks *hooks, size_t bytes)
{
	return lathep_iso9660_realloc(hooks, NULL, 0, bytes);
}

void *lathep_iso9660_take_zeros(const struct lathe_hooks *hooks, size_t bytes)
{
	void *p = lathep_iso9660_take(hooks, bytes);

	return p ? memset(p, 0, bytes) : NULL;
}

void lathep_iso9660_give(const struct lathe_hooks *hooks, void *p,
			 size_t bytes)
{
	if (p)
		lathep_iso9660_realloc(hooks, p, bytes, 0);
}

void *lathep_iso9660_grow(const struct lathe_hooks *hooks, void *p,
			  uint32_t *room, uint32_t count, size_t each)
{
	uint64_t more = *room ? *room : 16;

	if (p && count <= *room)
		return p;
	while (more < count)
		more *= 2;
	if (more > UINT32_MAX || more > SIZE_MAX / each)
		return NULL;
	p = lathep_iso9660_realloc(hooks, p, *room * each,
				   (size_t)more * each);
	if (p)
		*room = (uint32_t)more;
	return p;
}

void lathep_iso9660_store_init(struct lathep_iso9660_store *store,
			       const struct lathe_hooks *hooks,
			       size_t element_bytes)
{
	memset(store, 0, sizeof(*store));
	store->hooks = hooks;
	while (((size_t)1 << store->shift) < element_bytes)
		store->shift++;
}

/* Chunks are allocated in runs: one, then as many as there are, as far as
 * that goes. */
static uint32_t run_behind(uint32_t chunks)
{
	const uint32_t most = LATHEP_ISO9660_RUN / LATHEP_ISO9660_CHUNK;

	return chunks == 0 ? 1 : chunks < most ? chunks : most;
}

void lathep_iso9660_store_free(struct lathep_iso9660_store *store)
{
	uint32_t i, run;

	for (i = 0; i < store->chunks; i += run) {
		run = run_behind(i);
		lathep_iso9660_give(store->hooks, store->chunk[i],
				    (size_t)run * LATHEP_ISO9660_CHUNK);
	}
	lathep_iso9660_give(store->hooks, store->chunk,
			    store->room * sizeof(*store->chunk));
	store->chunk = NULL;
	store->chunks = store->room = store->used = 0;
}

/* The list of chunks doubles; the chunks themselves stay where they are. */
static int add_run(struct lathep_iso9660_store *store)
{
	uint32_t run = run_behind(store->chunks), i;
	uint32_t room = store->room ? store->room * 2 + run : 8;
	uint8_t *p, **list;

	if (store->room - store->chunks < run) {
		list = lathep_iso9660_realloc(
			store->hooks, store->chunk,
			store->room * sizeof(*store->chunk),
			room * sizeof(*store->chunk));
		if (!list)
			return LATHE_ERR_MEMORY;
		store->chunk = list;
		store->room = room;
	}
	p = lathep_iso9660_take(store->hooks,
				(size_t)run * LATHEP_ISO9660_CHUNK);
	if (!p)
		return LATHE_ERR_MEMORY;
	for (i = 0; i < run; i++)
		store->chunk[store->chunks++] =
			p + (size_t)i * LATHEP_ISO9660_CHUNK;
	return 0;
}

int lathep_iso9660_store_reserve(struct lathep_iso9660_store *store,
				 uint32_t count)
{
	uint64_t want = (uint64_t)store->used + count;
	uint8_t per = (uint8_t)(LATHEP_ISO9660_CHUNK_SHIFT - store->shift);
	int err;

	if (want > UINT32_MAX)
		return LATHE_ERR_MEMORY;
	while (((uint64_t)store->chunks << per) < want) {
		err = add_run(store);
		if (err)
			return err;
	}
	return 0;
}

void *lathep_iso9660_store_add(struct lathep_iso9660_store *store)
{
	if (lathep_iso9660_store_reserve(store, 1))
		return NULL;
	return lathep_iso9660_at(store, store->used++);
}

int lathep_iso9660_push(struct lathep_iso9660_store *store, uint32_t value)
{
	uint32_t *p = lathep_iso9660_store_add(store);

	if (!p)
		return LATHE_ERR_MEMORY;
	*p = value;
	return 0;
}

uint32_t lathep_iso9660_arena_take(struct lathep_iso9660_store *arena,
				   uint32_t bytes, uint32_t align)
{
	uint64_t at = arena->used ? arena->used : align;

	at = (at + align - 1) & ~(uint64_t)(align - 1);
	if (at % LATHEP_ISO9660_CHUNK + bytes > LATHEP_ISO9660_CHUNK)
		at = (at / LATHEP_ISO9660_CHUNK + 1) * LATHEP_ISO9660_CHUNK;
	if (bytes > LATHEP_ISO9660_CHUNK || at + bytes > UINT32_MAX)
		return 0;
	if (lathep_iso9660_store_reserve(arena,
					 (uint32_t)(at + bytes) - arena->used))
		return 0;
	arena->used = (uint32_t)(at + bytes);
	return (uint32_t)at;
}

uint32_t lathep_iso9660_arena_copy(struct lathep_iso9660_store *arena,
				   const void *data, uint32_t bytes)
{
	uint32_t at = lathep_iso9660_arena_take(arena, bytes, 1);

	if (at)
		memcpy(lathep_iso9660_byte_at(arena, at), data, bytes);
	return at;
}
