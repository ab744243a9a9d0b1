/* SPDX-License-Identifier: MIT */
/*
 * Look-up of a child by its name: one table for all folders, open addressing
 * with triangular steps, filled folder by folder when one is first asked.
 * Nothing ever walks through it, so its seed can not reach an image. Hashes are
 * kept: names are far apart in memory, and growing would ask for all of them.
 */
#include <string.h>

#include "iso9660/iso9660_internal.h"

#define DELETED UINT32_MAX
#define FEW 8u		/* children that are not worth an index */
#define MOST_PROBES 64u	/* more: somebody found names that collide */

struct slot {
	uint32_t id;		/* of a node, 0 free */
	uint32_t hash;
};

struct lathep_iso9660_lookup {
	const struct lathe_hooks *hooks;
	uint64_t seed;
	struct slot *slot;
	uint32_t size;		/* of the table, a power of two, or 0 */
	uint32_t used;		/* slots that are not free */
	uint32_t live;		/* of these not deleted */
	uint32_t epoch;		/* folders with this number are indexed */
};

struct lathep_iso9660_lookup *
lathep_iso9660_lookup_create(const struct lathe_hooks *hooks, uint64_t seed)
{
	struct lathep_iso9660_lookup *lookup =
		lathep_iso9660_take_zeros(hooks, sizeof(*lookup));

	if (!lookup)
		return NULL;
	lookup->hooks = hooks;
	lookup->seed = seed;
	lookup->epoch = 1;
	return lookup;
}

static void free_table(struct lathep_iso9660_lookup *lookup, struct slot *slot,
		       uint32_t size)
{
	lathep_iso9660_give(lookup->hooks, slot, size * sizeof(*slot));
}

void lathep_iso9660_lookup_drop(struct lathep_iso9660_lookup *lookup)
{
	free_table(lookup, lookup->slot, lookup->size);
	lookup->slot = NULL;
	lookup->size = lookup->used = lookup->live = 0;
	lookup->epoch++;
}

void lathep_iso9660_lookup_free(struct lathep_iso9660_lookup *lookup)
{
	if (!lookup)
		return;
	lathep_iso9660_lookup_drop(lookup);
	lathep_iso9660_give(lookup->hooks, lookup, sizeof(*lookup));
}

static uint32_t hash_of(const struct lathep_iso9660_lookup *lookup,
			uint32_t parent, const char *name, size_t len)
{
	return (uint32_t)lathep_iso9660_hash(lookup->seed, parent, name, len);
}

static uint32_t hash_of_node(const struct lathe_iso9660_tree *tree, uint32_t id)
{
	const struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);

	return hash_of(tree->lookup, node->parent,
		       lathep_iso9660_name(tree, node), node->name_len);
}

static bool is_child(const struct lathe_iso9660_tree *tree, uint32_t id,
		     uint32_t parent, const char *name, size_t len)
{
	const struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);

	return node->parent == parent && node->name_len == len &&
	       memcmp(lathep_iso9660_name(tree, node), name, len) == 0;
}

/* ---- filling ------------------------------------------------------------ */

/* False: too many probes, the table is as before. */
static bool place(struct slot *slot, uint32_t size, uint32_t id, uint32_t hash)
{
	uint32_t i = hash, step;

	for (step = 1; step <= MOST_PROBES; i += step++) {
		i &= size - 1;
		if (slot[i].id == 0) {
			slot[i] = (struct slot){ id, hash };
			return true;
		}
	}
	return false;
}

/* 'again': the hashes are those of another seed. */
static bool refill(const struct lathe_iso9660_tree *tree, struct slot *slot,
		   uint32_t size, bool again)
{
	const struct lathep_iso9660_lookup *old = tree->lookup;
	uint32_t i, id;

	memset(slot, 0, size * sizeof(*slot));
	for (i = 0; i < old->size; i++) {
		id = old->slot[i].id;
		if (id != 0 && id != DELETED &&
		    !place(slot, size, id,
			   again ? hash_of_node(tree, id) : old->slot[i].hash))
			return false;
	}
	return true;
}

/* A new table of 'size', of another seed where names collide too often. */
static bool rebuild(const struct lathe_iso9660_tree *tree, uint32_t size,
		    bool again)
{
	struct lathep_iso9660_lookup *lookup = tree->lookup;
	struct slot *slot;

	slot = lathep_iso9660_take(lookup->hooks, size * sizeof(*slot));
	if (!slot)
		return false;
	if (again)
		lookup->seed = lathep_iso9660_hash(lookup->seed, 0, "", 0);
	if (!refill(tree, slot, size, again)) {
		free_table(lookup, slot, size);
		return false;
	}
	free_table(lookup, lookup->slot, lookup->size);
	lookup->slot = slot;
	lookup->size = size;
	lookup->used = lookup->live;
	return true;
}

/* Keep a third of the table free. */
static bool make_room(const struct lathe_iso9660_tree *tree, uint32_t count)
{
	struct lathep_iso9660_lookup *lookup = tree->lookup;
	uint64_t size = lookup->size ? lookup->size : 256;

	if (((uint64_t)lookup->used + count) * 3 <= (uint64_t)lookup->size * 2)
		return true;
	while (((uint64_t)lookup->live + count) * 3 > size * 2)
		size *= 2;
	return size <= (uint64_t)1 << 31 &&
	       rebuild(tree, (uint32_t)size, false);
}

static bool insert(const struct lathe_iso9660_tree *tree, uint32_t id)
{
	struct lathep_iso9660_lookup *lookup = tree->lookup;

	if (!make_room(tree, 1))
		return false;
	if (!place(lookup->slot, lookup->size, id, hash_of_node(tree, id)) &&
	    (!rebuild(tree, lookup->size, true) ||
	     !place(lookup->slot, lookup->size, id, hash_of_node(tree, id))))
		return false;
	lookup->used++;
	lookup->live++;
	return true;
}

/* ---- asking ------------------------------------------------------------- */

static bool indexed(const struct lathe_iso9660_tree *tree,
		    const struct lathep_iso9660_node *folder)
{
	return folder->u.folder.indexed == tree->lookup->epoch;
}

static bool index_folder(const struct lathe_iso9660_tree *tree,
			 struct lathep_iso9660_node *folder)
{
	uint32_t id;

	if (!make_room(tree, folder->u.folder.count))
		return false;
	for (id = folder->u.folder.first; id;
	     id = lathep_iso9660_node(tree, id)->next) {
		if (!insert(tree, id)) {
			/* Half a folder in the table would hide the rest. */
			lathep_iso9660_lookup_drop(tree->lookup);
			return false;
		}
	}
	folder->u.folder.indexed = tree->lookup->epoch;
	return true;
}

static uint32_t find_in_list(const struct lathe_iso9660_tree *tree,
			     uint32_t parent, const char *name, size_t len)
{
	uint32_t id = lathep_iso9660_node(tree, parent)->u.folder.first;

	while (id && !is_child(tree, id, parent, name, len))
		id = lathep_iso9660_node(tree, id)->next;
	return id;
}

/* The slot of a child, or of nothing. */
static struct slot *find_slot(const struct lathe_iso9660_tree *tree,
			      uint32_t parent, const char *name, size_t len)
{
	struct lathep_iso9660_lookup *lookup = tree->lookup;
	uint32_t hash = hash_of(lookup, parent, name, len), i = hash, step;

	for (step = 1; step <= MOST_PROBES; i += step++) {
		struct slot *slot = lookup->slot + (i &= lookup->size - 1);

		if (slot->id == 0)
			return NULL;
		if (slot->hash == hash && slot->id != DELETED &&
		    is_child(tree, slot->id, parent, name, len))
			return slot;
	}
	return NULL;
}

uint32_t lathep_iso9660_lookup_find(const struct lathe_iso9660_tree *tree,
				    uint32_t parent, const char *name,
				    size_t len)
{
	struct lathep_iso9660_node *folder = lathep_iso9660_node(tree, parent);
	struct slot *slot;

	/* As when names come in their order: nobody need be asked, and the
	 * folder needs no index. */
	if (lathep_iso9660_comes_last(tree, folder, name, len))
		return 0;
	if (!indexed(tree, folder) &&
	    (folder->u.folder.count <= FEW || !index_folder(tree, folder)))
		return find_in_list(tree, parent, name, len);
	slot = lathep_iso9660_node(tree, parent)->u.folder.count
		       ? find_slot(tree, parent, name, len) : NULL;
	return slot ? slot->id : 0;
}

void lathep_iso9660_lookup_enter(const struct lathe_iso9660_tree *tree,
				 uint32_t id)
{
	uint32_t parent = lathep_iso9660_node(tree, id)->parent;

	if (indexed(tree, lathep_iso9660_node(tree, parent)) &&
	    !insert(tree, id))
		lathep_iso9660_lookup_drop(tree->lookup);
}

void lathep_iso9660_lookup_leave(const struct lathe_iso9660_tree *tree,
				 uint32_t id)
{
	const struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	struct lathep_iso9660_lookup *lookup = tree->lookup;
	uint32_t i, step;

	if (!indexed(tree, lathep_iso9660_node(tree, node->parent)))
		return;
	i = hash_of_node(tree, id);
	/* By its number: an imported folder may hold a name twice. */
	for (step = 1; step <= MOST_PROBES; i += step++) {
		i &= lookup->size - 1;
		if (lookup->slot[i].id == id) {
			lookup->slot[i].id = DELETED;
			lookup->live--;
			return;
		}
	}
}
