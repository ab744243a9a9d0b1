/* SPDX-License-Identifier: MIT */
/* Partners within a pair of folders: by extent, and one by one. */
#include <string.h>

#include "iso9660/reader_internal.h"

#define MOST_STEPS 64u /* to the next free node; to the best of a run */

bool lathep_iso9660_is_free(const struct lathep_iso9660_join *join, uint32_t id)
{
	const struct lathep_iso9660_node *node =
		lathep_iso9660_node(join->imp->tree, id);

	return !((node->present | node->flags / LATHEP_ISO9660_CLAIMED) &
		 1u << join->imp->h);
}

void lathep_iso9660_claim(struct lathep_iso9660_join *join, uint32_t id)
{
	lathep_iso9660_node(join->imp->tree, id)->flags |=
		(uint16_t)(LATHEP_ISO9660_CLAIMED << join->imp->h);
}

/* The first free node of that kind from 'id' on, in the order they were made
 * in: the one that most often comes next. 0: none is near. */
uint32_t lathep_iso9660_first_free(const struct lathep_iso9660_join *join,
				   uint32_t id, uint8_t kind)
{
	const struct lathep_iso9660_node *node;
	uint32_t steps;

	for (steps = 0; id && steps < MOST_STEPS; steps++) {
		node = lathep_iso9660_node(join->imp->tree, id);
		if (node->kind == kind && lathep_iso9660_is_free(join, id))
			return id;
		id = node->prev;
	}
	return 0;
}

bool lathep_iso9660_same_extent(const struct lathep_iso9660_join *join,
				uint32_t id,
				const struct lathep_iso9660_item *item)
{
	const struct lathe_iso9660_tree *tree = join->imp->tree;
	const struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	struct lathep_iso9660_section section;
	uint32_t i;

	if (node->size != item->size)
		return false;
	/* A file of ours has one date in all hierarchies. */
	if (join->imp->own &&
	    !lathep_iso9660_same_date(node->date, item->record.date))
		return false;
	if (item->size == 0)
		return true;
	/* What counts is where the bytes are: an attribute record may be
	 * before them in one hierarchy alone. */
	if (node->u.file.lba != item->record.lba + item->record.xar ||
	    lathep_iso9660_section_count(tree, node) != item->section_count)
		return false;
	for (i = 1; i < item->section_count; i++) {
		lathep_iso9660_section_at(tree, node, i, &section);
		if (section.lba + section.xar !=
			    item->sections[i].lba + item->sections[i].xar ||
		    section.bytes != item->sections[i].bytes)
			return false;
	}
	return true;
}

bool lathep_iso9660_derived(const struct lathep_iso9660_join *join, uint32_t id,
			    const struct lathep_iso9660_record *record)
{
	const struct lathe_iso9660_tree *tree = join->imp->tree;

	return lathep_iso9660_is_derived(tree, join->imp->table,
					 lathep_iso9660_node(tree, id),
					 record->id, record->id_len);
}

bool lathep_iso9660_fits(const struct lathep_iso9660_join *join, uint32_t id,
			 const struct lathep_iso9660_item *item)
{
	const struct lathep_iso9660_node *node =
		lathep_iso9660_node(join->imp->tree, id);

	if (!lathep_iso9660_lacks_content(node))
		return lathep_iso9660_same_extent(join, id, item);
	/* SPEC.md 1.9: ours say where their content is. */
	return !join->imp->ours ||
	       (lathep_iso9660_same_date(node->date, item->record.date) &&
		node->u.file.lba == item->record.lba + item->record.xar);
}

/* The name of this hierarchy is better than what the node has. */
static int take_name(struct lathep_iso9660_join *join, uint32_t id,
		     const struct lathep_iso9660_record *record, bool *derived)
{
	struct lathep_iso9660_import *imp = join->imp;
	struct lathep_iso9660_node *node = lathep_iso9660_node(imp->tree, id);
	char name[LATHE_ISO9660_NAME_MAX];
	bool keep;
	int err, len;

	if (!(node->flags & LATHEP_ISO9660_WEAK_NAME) &&
	    (imp->rename_from == 0 || imp->rename_from != imp->h))
		return 0;
	len = lathep_iso9660_import_name(imp, record, name, &keep);
	node->flags &= (uint16_t)~LATHEP_ISO9660_WEAK_NAME;
	/* An associated file's name tells that it is one. */
	if (!keep || (node->flags & LATHEP_ISO9660_ASSOCIATED &&
		      !(record->flags & LATHEP_ISO9660_FLAG_ASSOCIATED)))
		return 0;
	err = lathep_iso9660_import_rename(imp, id, name, (size_t)len);
	*derived = !err && lathep_iso9660_derived(join, id, record);
	return err;
}

static int take_content(struct lathep_iso9660_join *join, uint32_t id,
			const struct lathep_iso9660_item *item)
{
	struct lathep_iso9660_node *node =
		lathep_iso9660_node(join->imp->tree, id);

	node->size = item->size;
	node->u.file.lba = item->record.lba + item->record.xar;
	if (!item->odd && item->section_count < 2)
		return 0;
	return lathep_iso9660_set_sections(join->imp->tree, id,
					   item->sections,
					   item->section_count);
}

int lathep_iso9660_join_pair(struct lathep_iso9660_join *join, uint32_t id,
			     const struct lathep_iso9660_item *item,
			     bool derived)
{
	struct lathep_iso9660_import *imp = join->imp;
	const struct lathep_iso9660_record *record = &item->record;
	struct lathep_iso9660_node *node = lathep_iso9660_node(imp->tree, id);
	char name[LATHE_ISO9660_NAME_MAX];
	bool keep;
	int err = take_name(join, id, record, &derived);

	if (!err && node->flags & LATHEP_ISO9660_SYMLINK && item->size)
		err = take_content(join, id, item);
	if (err)
		return err;
	node->present |= (uint8_t)(1u << imp->h);
	if (id != imp->note.next++)
		imp->note.regular = false;
	if (derived) {
		node->pinned |= (uint8_t)(1u << imp->h);
		return 0;
	}
	lathep_iso9660_import_name(imp, record, name, &keep);
	if (!keep)
		return lathep_iso9660_odd(imp, LATHE_ISO9660_ODD_NAME, imp->at,
					  "an identifier that is no name");
	node->pinned |= (uint8_t)(1u << imp->h);
	if (!lathep_iso9660_keep_id(imp->tree, id, (uint8_t)imp->h, record->id,
				    record->id_len))
		return lathep_iso9660_import_no_memory(imp->tree);
	return 0;
}

/* ---- the index of a folder's files -------------------------------------- */

int lathep_iso9660_join_reserve(struct lathep_iso9660_join *join)
{
	const struct lathep_iso9660_node *folder =
		lathep_iso9660_node(join->imp->tree, join->folder);
	void *p = lathep_iso9660_grow(&join->imp->tree->hooks, join->index,
				      &join->room, folder->u.folder.count,
				      2 * sizeof(*join->index));

	if (!p)
		return lathep_iso9660_import_no_memory(join->imp->tree);
	join->index = p;
	join->scratch = join->index + join->room;
	return 0;
}

static int by_extent(const void *ctx, uint32_t x, uint32_t y)
{
	const struct lathe_iso9660_tree *tree = ctx;
	uint32_t a = lathep_iso9660_node(tree, x)->u.file.lba;
	uint32_t b = lathep_iso9660_node(tree, y)->u.file.lba;

	return (a > b) - (a < b);
}

/*
 * All files of the folder that have bytes, by address. In a run of one
 * address those that found a partner are kept at the front, and how many
 * they are is noted in the first's u.file.source: so a run is never walked
 * over and over, whoever made the disc.
 */
static void build_index(struct lathep_iso9660_join *join)
{
	struct lathe_iso9660_tree *tree = join->imp->tree;
	struct lathep_iso9660_node *folder =
		lathep_iso9660_node(tree, join->folder), *node;
	uint32_t id;

	join->index_count = 0;
	for (id = folder->u.folder.dir; id; id = node->prev) {
		node = lathep_iso9660_node(tree, id);
		if (node->kind != LATHE_ISO9660_FILE || node->size == 0 ||
		    !lathep_iso9660_is_free(join, id))
			continue;
		node->u.file.source = 0;
		join->index[join->index_count++] = id;
	}
	lathep_iso9660_sort(join->index, join->index_count, join->scratch,
			    by_extent, tree);
	join->indexed = true;
	join->distinct = true;
	for (id = 1; join->distinct && id < join->index_count; id++)
		join->distinct = by_extent(tree, join->index[id - 1],
					   join->index[id]) < 0;
}

/* The first place whose address is not below 'lba'. */
static uint32_t find_run(const struct lathep_iso9660_join *join, uint64_t lba)
{
	uint32_t low = 0, high = join->index_count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (lathep_iso9660_node(join->imp->tree, join->index[middle])
			    ->u.file.lba < lba)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void swap(uint32_t *a, uint32_t *b)
{
	uint32_t t = *a;

	*a = *b;
	*b = t;
}

static uint32_t score(struct lathep_iso9660_join *join, uint32_t id,
		      const struct lathep_iso9660_item *item,
		      const char *name, size_t len)
{
	const struct lathep_iso9660_node *node =
		lathep_iso9660_node(join->imp->tree, id);

	if (!lathep_iso9660_is_free(join, id) ||
	    !lathep_iso9660_same_extent(join, id, item))
		return 0;
	if (lathep_iso9660_derived(join, id, &item->record))
		return UINT32_MAX;
	return 1 + 2 * lathep_iso9660_alike(
			       lathep_iso9660_name(join->imp->tree, node),
			       node->name_len, name, len) +
	       (memcmp(node->date, item->record.date, 7) == 0);
}

/* The best of the free ones in a run [at, end), whose first one is free. */
static uint32_t best_of_run(struct lathep_iso9660_join *join, uint32_t at,
			    uint32_t end,
			    const struct lathep_iso9660_item *item)
{
	char name[LATHE_ISO9660_NAME_MAX];
	uint32_t i, best = end, most = 0, now;
	bool keep;
	int len;

	if (end - at == 1)
		return lathep_iso9660_same_extent(join, join->index[at], item)
			       ? at : end;
	len = lathep_iso9660_import_name(join->imp, &item->record, name, &keep);
	for (i = at; i < end && i - at < MOST_STEPS; i++) {
		now = score(join, join->index[i], item, name, (size_t)len);
		if (now > most) {
			most = now;
			best = i;
		}
	}
	return best;
}

uint32_t lathep_iso9660_find_by_extent(struct lathep_iso9660_join *join,
				       const struct lathep_iso9660_item *item)
{
	uint64_t lba = (uint64_t)item->record.lba + item->record.xar;
	uint32_t first, end, taken, best, found = 0;

	if (!join->indexed)
		build_index(join);
	first = find_run(join, lba);
	if (first == join->index_count ||
	    lathep_iso9660_node(join->imp->tree, join->index[first])
			    ->u.file.lba != lba)
		return 0;
	end = join->distinct ? first + 1 : find_run(join, lba + 1);
	taken = lathep_iso9660_node(join->imp->tree, join->index[first])
			->u.file.source;
	/* Those that were joined without asking here. */
	while (first + taken < end &&
	       !lathep_iso9660_is_free(join, join->index[first + taken]))
		taken++;
	best = best_of_run(join, first + taken, end, item);
	if (best < end) {
		found = join->index[best];
		swap(&join->index[first + taken++], &join->index[best]);
	}
	lathep_iso9660_node(join->imp->tree, join->index[first])
		->u.file.source = taken;
	return found;
}

uint32_t lathep_iso9660_find_wrong(const struct lathep_iso9660_join *join,
				   const struct lathep_iso9660_item *item,
				   uint8_t *len)
{
	uint64_t lba = (uint64_t)item->record.lba + item->record.xar;
	uint32_t at = find_run(join, lba), steps, id;
	const struct lathep_iso9660_node *node;

	for (steps = 0; at < join->index_count && steps < MOST_STEPS;
	     at++, steps++) {
		id = join->index[at];
		node = lathep_iso9660_node(join->imp->tree, id);
		if (node->u.file.lba != lba)
			return 0;
		if (lathep_iso9660_same_extent(join, id, item) &&
		    lathep_iso9660_derived(join, id, &item->record) &&
		    lathep_iso9660_kept_id(join->imp->tree, node,
					   (uint8_t)join->imp->h, len))
			return id;
	}
	return 0;
}

/* ---- identifiers that are there twice ----------------------------------- */

/* Is there a node in the table with the same identifier? If not, enter this
 * one. Somebody who found identifiers that crowd together loses them. */
static bool is_double(const struct lathe_iso9660_tree *tree, uint32_t h,
		      uint32_t *slot, uint32_t mask, uint32_t node)
{
	uint8_t mine[LATHE_ISO9660_ID_MAX], other[LATHE_ISO9660_ID_MAX];
	uint32_t at, probes;
	int len = lathep_iso9660_pinned_id(
		tree, lathep_iso9660_node(tree, node), h, mine);

	if (len <= 0)
		return false;
	at = (uint32_t)lathep_iso9660_hash(0, h, mine, (size_t)len);
	for (probes = 0; probes < MOST_STEPS; probes++, at++) {
		at &= mask;
		if (slot[at] == 0) {
			slot[at] = node;
			return false;
		}
		if (lathep_iso9660_pinned_id(
			    tree, lathep_iso9660_node(tree, slot[at]), h,
			    other) == len &&
		    memcmp(mine, other, (size_t)len) == 0)
			return true;
	}
	return true;
}

/* The node will get an identifier made from its name. */
void lathep_iso9660_unpin(const struct lathe_iso9660_tree *tree,
			  struct lathep_iso9660_node *node, uint32_t h)
{
	struct lathep_iso9660_id *id;
	uint32_t *from = &node->ids;

	node->pinned &= (uint8_t)~(1u << h);
	while (*from) {
		id = lathep_iso9660_at(&tree->arena, *from);
		if (id->h == h)
			*from = id->next;
		else
			from = &id->next;
	}
}

int lathep_iso9660_unpin_doubles(struct lathe_iso9660_tree *tree,
				 uint32_t folder, uint32_t h)
{
	uint32_t count = lathep_iso9660_node(tree, folder)->u.folder.count;
	struct lathep_iso9660_node *node;
	uint32_t room = 16, *slot, id;

	while (room / 2 < count)
		room *= 2;
	slot = lathep_iso9660_take_zeros(&tree->hooks, room * sizeof(*slot));
	if (!slot)
		return lathep_iso9660_import_no_memory(tree);
	/* From the end, where those are that came, or were named, first. */
	id = lathep_iso9660_node(tree, folder)->u.folder.first;
	while (id && lathep_iso9660_node(tree, id)->next)
		id = lathep_iso9660_node(tree, id)->next;
	for (; id; id = node->prev) {
		node = lathep_iso9660_node(tree, id);
		if (!(node->flags & LATHEP_ISO9660_ASSOCIATED) &&
		    is_double(tree, h, slot, room - 1, id))
			lathep_iso9660_unpin(tree, node, h);
	}
	lathep_iso9660_give(&tree->hooks, slot, room * sizeof(*slot));
	return 0;
}
