/* SPDX-License-Identifier: MIT */
/*
 * memory_internal.h - memory through the allocation hook: pieces, arrays that
 * grow without moving, arenas (memory.c).
 */
#ifndef LATHE_ISO9660_MEMORY_INTERNAL_H
#define LATHE_ISO9660_MEMORY_INTERNAL_H

#include "lathe.h"

/* hooks->realloc, or libc's where there is none. */
void *lathep_iso9660_realloc(const struct lathe_hooks *hooks, void *p,
			     size_t old_bytes, size_t new_bytes);

/* New memory, as it is or zeroed; NULL if there is none. Giving it back: p may
 * be NULL, and the hooks may lie in it. */
void *lathep_iso9660_take(const struct lathe_hooks *hooks, size_t bytes);
void *lathep_iso9660_take_zeros(const struct lathe_hooks *hooks, size_t bytes);
void lathep_iso9660_give(const struct lathe_hooks *hooks, void *p,
			 size_t bytes);

/*
 * An array that has room for '*room' elements of 'each' bytes, at least 'count'
 * of them from now on: its room doubles. Returns it; NULL: no memory, all is
 * as before.
 */
void *lathep_iso9660_grow(const struct lathe_hooks *hooks, void *p,
			  uint32_t *room, uint32_t count, size_t each);

#define LATHEP_ISO9660_CHUNK_SHIFT 16u
#define LATHEP_ISO9660_CHUNK (1u << LATHEP_ISO9660_CHUNK_SHIFT)

/* Bytes of those that a large one asks for at once. */
#define LATHEP_ISO9660_RUN (8 * LATHEP_ISO9660_CHUNK)

/*
 * An array that grows in chunks of 64 KiB, so that what is in it never moves
 * and is never copied. Elements have 1 << shift bytes.
 */
struct lathep_iso9660_store {
	const struct lathe_hooks *hooks;
	uint8_t **chunk;
	uint32_t chunks, room;	/* allocated; entries of 'chunk' */
	uint32_t used;		/* elements */
	uint8_t shift;
};

void lathep_iso9660_store_init(struct lathep_iso9660_store *store,
			       const struct lathe_hooks *hooks,
			       size_t element_bytes);
void lathep_iso9660_store_free(struct lathep_iso9660_store *store);

/* Make room for 'count' elements behind the used ones. */
int lathep_iso9660_store_reserve(struct lathep_iso9660_store *store,
				 uint32_t count);

inline void *
lathep_iso9660_at(const struct lathep_iso9660_store *store, uint32_t i)
{
	uint8_t per = (uint8_t)(LATHEP_ISO9660_CHUNK_SHIFT - store->shift);

	return store->chunk[i >> per] +
	       ((size_t)(i & ((1u << per) - 1)) << store->shift);
}

/* The same where the size is known beforehand, which is quicker: nodes,
 * numbers, bytes. */
inline void *
lathep_iso9660_at64(const struct lathep_iso9660_store *store, uint32_t i)
{
	return store->chunk[i >> 10] + ((size_t)(i & 1023) << 6);
}

inline uint32_t
lathep_iso9660_u32(const struct lathep_iso9660_store *store, uint32_t i)
{
	return ((const uint32_t *)(const void *)store->chunk[i >> 14])
		[i & 16383];
}

inline void *
lathep_iso9660_byte_at(const struct lathep_iso9660_store *arena, uint32_t at)
{
	return arena->chunk[at >> 16] + (at & 65535);
}

/* Append an element, to be filled in; NULL: no memory. */
void *lathep_iso9660_store_add(struct lathep_iso9660_store *store);

/* Append a number to a store of uint32_t. */
int lathep_iso9660_push(struct lathep_iso9660_store *store, uint32_t value);

/*
 * An arena is a store of bytes: 'bytes' (at most 64 KiB) that do not cross a
 * chunk, at a multiple of 'align', a power of two. Returns their place, 0 if
 * there is no memory; place 0 is never given out.
 */
uint32_t lathep_iso9660_arena_take(struct lathep_iso9660_store *arena,
				   uint32_t bytes, uint32_t align);
uint32_t lathep_iso9660_arena_copy(struct lathep_iso9660_store *arena,
				   const void *data, uint32_t bytes);

#endif
