/* SPDX-License-Identifier: MIT */
/*
 * store_memory.c - a disc in memory.
 *
 * Blocks lie in chunks of 32, chunks in directories of 256, directories in a
 * root; each chunk and directory counts its users, so a snapshot copies only
 * the root, and whoever writes to a shared one gets its own copy first. A
 * store and its snapshots share a pool of free chunks: sweeps restore a
 * snapshot thousands of times, and pages fresh from the system would cost
 * more than all else.
 */
#include <string.h>

#include "mmc/emulator/emu_store.h"

#define CHUNK_BLOCKS 32u
#define DIRECTORY_CHUNKS 256u
#define POOL_CHUNKS 32u

struct chunk {
	uint32_t users;
	uint32_t present;	/* bit n: block n is here; else it is zeros */
	struct chunk *next;	/* in the pool */
	uint8_t data[CHUNK_BLOCKS * LATHE_BLOCK_BYTES];
};

struct directory {
	uint32_t users;
	struct chunk *chunk[DIRECTORY_CHUNKS];
};

struct pool {
	uint32_t users;
	uint32_t free_chunks;
	struct chunk *free;
};

struct memory {
	struct lathe_emulator_store head;
	struct pool *pool;
	uint32_t directories;
	struct directory *root[];
};

static const struct emu_store_ops memory_ops;

static size_t memory_bytes(uint32_t directories)
{
	return sizeof(struct memory) + directories * sizeof(struct directory *);
}

static struct memory *memory(struct lathe_emulator_store *store)
{
	return (struct memory *)(void *)store;
}

/* ---- chunks and directories --------------------------------------------- */

static struct chunk *new_chunk(struct memory *m)
{
	struct chunk *c = m->pool->free;

	if (c) {
		m->pool->free = c->next;
		m->pool->free_chunks--;
	} else {
		c = lathep_emu_realloc(&m->head.hooks, NULL, 0, sizeof(*c));
		if (!c)
			return NULL;
	}
	c->users = 1;
	c->present = 0;
	return c;
}

static void drop_chunk(struct memory *m, struct chunk *c)
{
	if (!c || --c->users)
		return;
	if (m->pool->free_chunks < POOL_CHUNKS) {
		c->next = m->pool->free;
		m->pool->free = c;
		m->pool->free_chunks++;
	} else {
		lathep_emu_realloc(&m->head.hooks, c, sizeof(*c), 0);
	}
}

static void drop_directory(struct memory *m, struct directory *d)
{
	uint32_t i;

	if (!d || --d->users)
		return;
	for (i = 0; i < DIRECTORY_CHUNKS; i++)
		drop_chunk(m, d->chunk[i]);
	lathep_emu_realloc(&m->head.hooks, d, sizeof(*d), 0);
}

/* Directory 'i' for writing: not shared, and there. */
static struct directory *own_directory(struct memory *m, uint32_t i)
{
	struct directory *old = m->root[i], *d;
	uint32_t k;

	if (old && old->users == 1)
		return old;
	d = lathep_emu_realloc(&m->head.hooks, NULL, 0, sizeof(*d));
	if (!d)
		return NULL;
	if (old) {
		memcpy(d, old, sizeof(*d));
		for (k = 0; k < DIRECTORY_CHUNKS; k++)
			if (d->chunk[k])
				d->chunk[k]->users++;
		old->users--;
	} else {
		memset(d, 0, sizeof(*d));
	}
	d->users = 1;
	m->root[i] = d;
	return d;
}

/* The chunk of 'lba' for writing. */
static struct chunk *own_chunk(struct memory *m, uint32_t lba)
{
	uint32_t n = lba / CHUNK_BLOCKS;
	struct directory *d = own_directory(m, n / DIRECTORY_CHUNKS);
	struct chunk **slot, *c;

	if (!d)
		return NULL;
	slot = &d->chunk[n % DIRECTORY_CHUNKS];
	if (*slot && (*slot)->users == 1)
		return *slot;
	c = new_chunk(m);
	if (!c)
		return NULL;
	if (*slot) {
		memcpy(c->data, (*slot)->data, sizeof(c->data));
		c->present = (*slot)->present;
		(*slot)->users--;
	}
	*slot = c;
	return c;
}

static const struct chunk *find_chunk(const struct memory *m, uint32_t lba)
{
	uint32_t n = lba / CHUNK_BLOCKS;
	const struct directory *d;

	if (n / DIRECTORY_CHUNKS >= m->directories)
		return NULL;
	d = m->root[n / DIRECTORY_CHUNKS];
	return d ? d->chunk[n % DIRECTORY_CHUNKS] : NULL;
}

/* ---- the operations ----------------------------------------------------- */

/* Blocks of one chunk from 'lba' on, at most 'count'. */
static uint32_t run_in_chunk(uint32_t lba, uint32_t count)
{
	uint32_t left = CHUNK_BLOCKS - lba % CHUNK_BLOCKS;

	return count < left ? count : left;
}

static uint32_t run_mask(uint32_t first, uint32_t n)
{
	uint32_t mask = n >= 32 ? UINT32_MAX : ((uint32_t)1 << n) - 1;

	return mask << first;
}

static int memory_read(struct lathe_emulator_store *store, uint32_t lba,
		       uint32_t count, uint8_t *out)
{
	while (count) {
		const struct chunk *c = find_chunk(memory(store), lba);
		uint32_t i, first = lba % CHUNK_BLOCKS;
		uint32_t n = run_in_chunk(lba, count);
		uint32_t mask = run_mask(first, n);
		size_t bytes = (size_t)n * LATHE_BLOCK_BYTES;

		if (!c || !(c->present & mask)) {
			memset(out, 0, bytes);
		} else {
			memcpy(out, c->data + first * LATHE_BLOCK_BYTES, bytes);
			for (i = 0; i < n && (c->present & mask) != mask; i++)
				if (!(c->present >> (first + i) & 1))
					memset(out + i * LATHE_BLOCK_BYTES, 0,
					       LATHE_BLOCK_BYTES);
		}
		out += bytes;
		lba += n;
		count -= n;
	}
	return 0;
}

static int memory_write(struct lathe_emulator_store *store, uint32_t lba,
			uint32_t count, const uint8_t *data)
{
	struct memory *m = memory(store);

	while (count) {
		uint32_t first = lba % CHUNK_BLOCKS;
		uint32_t n = run_in_chunk(lba, count);
		size_t bytes = (size_t)n * LATHE_BLOCK_BYTES;
		struct chunk *c;

		if (lba / CHUNK_BLOCKS / DIRECTORY_CHUNKS >= m->directories)
			return LATHE_ERR_LIMIT;
		c = own_chunk(m, lba);
		if (!c)
			return LATHE_ERR_MEMORY;
		memcpy(c->data + first * LATHE_BLOCK_BYTES, data, bytes);
		c->present |= run_mask(first, n);
		data += bytes;
		lba += n;
		count -= n;
	}
	return 0;
}

static int memory_zero(struct lathe_emulator_store *store, uint32_t lba,
		       uint32_t count)
{
	struct memory *m = memory(store);

	while (count) {
		uint32_t n = run_in_chunk(lba, count);
		uint32_t mask = run_mask(lba % CHUNK_BLOCKS, n);
		const struct chunk *old = find_chunk(m, lba);
		struct chunk *c;

		if (old && old->present & mask) {
			c = own_chunk(m, lba);
			if (!c)
				return LATHE_ERR_MEMORY;
			c->present &= ~mask;
		}
		lba += n;
		count -= n;
	}
	return 0;
}

static int memory_discard(struct lathe_emulator_store *store)
{
	struct memory *m = memory(store);
	uint32_t i;

	for (i = 0; i < m->directories; i++) {
		drop_directory(m, m->root[i]);
		m->root[i] = NULL;
	}
	return 0;
}

static int memory_save(struct lathe_emulator_store *store)
{
	(void)store;	/* memory is all there is */
	return 0;
}

static void memory_close(struct lathe_emulator_store *store)
{
	struct memory *m = memory(store);
	struct lathe_hooks hooks = m->head.hooks;
	struct chunk *c;

	memory_discard(store);
	if (!--m->pool->users) {
		while ((c = m->pool->free) != NULL) {
			m->pool->free = c->next;
			lathep_emu_realloc(&hooks, c, sizeof(*c), 0);
		}
		lathep_emu_realloc(&hooks, m->pool, sizeof(*m->pool), 0);
	}
	lathep_emu_realloc(&hooks, m, memory_bytes(m->directories), 0);
}

static int memory_snapshot(struct lathe_emulator_store *store,
			   struct lathe_emulator_store **out)
{
	struct memory *m = memory(store), *copy;
	size_t bytes = memory_bytes(m->directories);
	uint32_t i;

	copy = lathep_emu_realloc(&m->head.hooks, NULL, 0, bytes);
	if (!copy)
		return LATHE_ERR_MEMORY;
	memcpy(copy, m, bytes);
	copy->head.text = NULL;
	copy->pool->users++;
	for (i = 0; i < copy->directories; i++)
		if (copy->root[i])
			copy->root[i]->users++;
	*out = &copy->head;
	return 0;
}

static const struct emu_store_ops memory_ops = {
	.read = memory_read,
	.write = memory_write,
	.zero = memory_zero,
	.discard = memory_discard,
	.save = memory_save,
	.mark = memory_save,
	.snapshot = memory_snapshot,
	.close = memory_close
};

int lathe_emulator_store_memory(const struct lathe_hooks *hooks,
				enum lathe_emulator_media media,
				struct lathe_emulator_store **out)
{
	static const struct lathe_hooks none;
	uint32_t per_directory = CHUNK_BLOCKS * DIRECTORY_CHUNKS;
	uint32_t directories;
	struct memory *m;

	if ((unsigned)media >= LATHE_EMULATOR_MEDIA_COUNT)
		return LATHE_ERR_ARG;
	if (!hooks)
		hooks = &none;
	/* Padding and run-out may lie a little beyond the limit. */
	directories = lathep_emu_media(media)->limit / per_directory + 2;
	m = lathep_emu_realloc(hooks, NULL, 0, memory_bytes(directories));
	if (!m)
		return LATHE_ERR_MEMORY;
	memset(m, 0, memory_bytes(directories));
	m->pool = lathep_emu_realloc(hooks, NULL, 0, sizeof(*m->pool));
	if (!m->pool) {
		lathep_emu_realloc(hooks, m, memory_bytes(directories), 0);
		return LATHE_ERR_MEMORY;
	}
	memset(m->pool, 0, sizeof(*m->pool));
	m->pool->users = 1;
	m->directories = directories;
	m->head.ops = &memory_ops;
	m->head.hooks = *hooks;
	lathep_emu_disc_blank(&m->head.disc, media);
	*out = &m->head;
	return 0;
}
