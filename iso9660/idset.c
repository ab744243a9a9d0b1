/* SPDX-License-Identifier: MIT */
/* The identifiers of one folder, to find those that are taken. */
#include <string.h>

#include "iso9660/plan_internal.h"

int lathep_iso9660_idset_init(struct lathep_iso9660_idset *set,
			      struct lathep_iso9660_store *arena,
			      uint64_t seed, uint32_t expected)
{
	uint64_t size = 16;
	size_t bytes;

	while (size < (uint64_t)expected * 2)
		size *= 2;
	memset(set, 0, sizeof(*set));
	if (size > (uint64_t)1 << 31 || size > SIZE_MAX / sizeof(*set->slot))
		return LATHE_ERR_MEMORY;
	bytes = (size_t)size * sizeof(*set->slot);
	set->hooks = arena->hooks;
	set->arena = arena;
	set->seed = seed;
	set->slot = lathep_iso9660_take_zeros(set->hooks, bytes);
	if (!set->slot)
		return LATHE_ERR_MEMORY;
	set->size = (uint32_t)size;
	return 0;
}

void lathep_iso9660_idset_free(struct lathep_iso9660_idset *set)
{
	lathep_iso9660_give(set->hooks, set->slot,
			    set->size * sizeof(*set->slot));
	set->slot = NULL;
}

static const uint8_t *
bytes_of(const struct lathep_iso9660_idset_entry *entry)
{
	return (const uint8_t *)(entry + 1);
}

/* The slot of that key, or the free one where it would be. */
static uint32_t *seek(const struct lathep_iso9660_idset *set,
		      const uint8_t *key, uint8_t len)
{
	uint32_t i = (uint32_t)lathep_iso9660_hash(set->seed, 0, key, len);
	uint32_t step;

	/* At least a half is free: this ends. */
	for (step = 1;; i += step++) {
		const struct lathep_iso9660_idset_entry *entry;

		i &= set->size - 1;
		if (set->slot[i] == 0)
			return set->slot + i;
		entry = lathep_iso9660_byte_at(set->arena, set->slot[i]);
		if (entry->key == len &&
		    memcmp(bytes_of(entry), key, len) == 0)
			return set->slot + i;
	}
}

struct lathep_iso9660_idset_entry *
lathep_iso9660_idset_find(const struct lathep_iso9660_idset *set,
			  const uint8_t *key, uint8_t len)
{
	uint32_t at = *seek(set, key, len);

	return at ? lathep_iso9660_byte_at(set->arena, at) : NULL;
}

static int grow(struct lathep_iso9660_idset *set)
{
	struct lathep_iso9660_idset bigger;
	uint32_t i;
	int err = lathep_iso9660_idset_init(&bigger, set->arena, set->seed,
					    set->size);

	if (err)
		return err;
	for (i = 0; i < set->size; i++) {
		const struct lathep_iso9660_idset_entry *entry;

		if (set->slot[i] == 0)
			continue;
		entry = lathep_iso9660_byte_at(set->arena, set->slot[i]);
		*seek(&bigger, bytes_of(entry), entry->key) = set->slot[i];
	}
	bigger.used = set->used;
	lathep_iso9660_idset_free(set);
	*set = bigger;
	return 0;
}

int lathep_iso9660_idset_add(struct lathep_iso9660_idset *set, uint32_t at)
{
	const struct lathep_iso9660_idset_entry *entry;
	int err = 0;

	if ((uint64_t)set->used * 2 >= set->size)
		err = grow(set);
	if (err)
		return err;
	entry = lathep_iso9660_byte_at(set->arena, at);
	*seek(set, bytes_of(entry), entry->key) = at;
	set->used++;
	return 0;
}

uint32_t lathep_iso9660_idset_entry(struct lathep_iso9660_store *arena,
				    const uint8_t *id, uint8_t len,
				    uint8_t key)
{
	struct lathep_iso9660_idset_entry *entry;
	uint32_t at = lathep_iso9660_arena_take(
		arena, (uint32_t)sizeof(*entry) + len, 4);

	if (!at)
		return 0;
	entry = lathep_iso9660_byte_at(arena, at);
	entry->value = 0;
	entry->len = len;
	entry->key = key;
	memcpy(entry + 1, id, len);
	return at;
}
