/* SPDX-License-Identifier: MIT */
/*
 * The partner of a directory: the folder whose name fits, if its files are
 * there; else the one that most of its files are in.
 */
#include <string.h>

#include "iso9660/reader_internal.h"

#define MOST_ASKED 16u	 /* files of a directory, for a candidate */
#define MOST_STEPS 64u	 /* nodes looked at for one file */
#define MOST_VOTES 32u	 /* files of a directory, for all folders */
#define MOST_CHAIN 32u	 /* nodes of one extent */
#define MOST_NEIGHBOURS 16u
#define MOST_PROBES 64u
#define SEATS 8u

static bool unpaired(const struct lathep_iso9660_join *join, uint32_t id)
{
	return !(lathep_iso9660_node(join->imp->tree, id)->present &
		 1u << join->imp->h);
}

/* ---- a candidate -------------------------------------------------------- */

struct asking {
	struct lathep_iso9660_join *join;
	uint32_t first;		/* child of the candidate */
	uint32_t from;		/* where the next one is expected */
	uint32_t files, files_found, directories, directories_found;
};

static uint32_t step(const struct asking *a, uint32_t id)
{
	id = lathep_iso9660_node(a->join->imp->tree, id)->prev;
	return id ? id : a->first;
}

static bool same_item(const struct asking *a, uint32_t id,
		      const struct lathep_iso9660_item *item,
		      const char *name, size_t len)
{
	const struct lathe_iso9660_tree *tree = a->join->imp->tree;
	const struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	bool directory = item->record.flags & LATHEP_ISO9660_FLAG_DIRECTORY;

	if ((node->kind == LATHE_ISO9660_DIRECTORY) != directory)
		return false;
	if (!directory)
		return lathep_iso9660_same_extent(a->join, id, item);
	return lathep_iso9660_alike(lathep_iso9660_name(tree, node),
				    node->name_len, name, len) >=
	       LATHEP_ISO9660_ALIKE_CUT;
}

/* Is this in the candidate too? Files are asked for by extent, directories
 * by name; empty files say nothing. */
static int ask(void *ctx, struct lathep_iso9660_import *imp,
	       const struct lathep_iso9660_item *item)
{
	struct asking *a = ctx;
	bool directory = item->record.flags & LATHEP_ISO9660_FLAG_DIRECTORY;
	uint32_t id = a->from, steps;
	char name[LATHE_ISO9660_NAME_MAX];
	bool keep;
	int len = 0;

	if (a->files == MOST_ASKED || a->files_found > 0)
		return 1;
	if ((!directory && item->size == 0) ||
	    (directory && (a->files || a->directories == MOST_ASKED)))
		return 0;
	++*(directory ? &a->directories : &a->files);
	if (directory)
		len = lathep_iso9660_import_name(imp, &item->record, name,
						 &keep);
	for (steps = 0; id && steps < MOST_STEPS; steps++) {
		if (same_item(a, id, item, name, (size_t)len)) {
			++*(directory ? &a->directories_found
				      : &a->files_found);
			a->from = step(a, id);
			return 0;
		}
		id = step(a, id);
		if (id == a->from)
			return 0;
	}
	return 0;
}

/* Is something of the directory in the folder? A file is proof, and where
 * there are files only they are; directories of the same name are usual. In
 * an empty one nothing speaks against it. */
static int ask_candidate(struct lathep_iso9660_join *join,
			 const struct lathep_iso9660_waiting *dir,
			 uint32_t candidate, bool *files, bool *confirmed)
{
	struct asking a = { .join = join };
	int err;

	if (candidate)
		a.first = lathep_iso9660_node(join->imp->tree, candidate)
				  ->u.folder.dir;
	a.from = a.first;
	err = lathep_iso9660_directory_read(join->imp, dir, true, ask, &a);
	*files = a.files > 0;
	if (a.files)
		*confirmed = a.files_found > 0;
	else
		*confirmed = candidate && (a.directories == 0 ||
					   a.directories_found > 0);
	return err;
}

/*
 * A directory that holds only directories, and not those of its candidate:
 * names that were made from alike ones stand near each other, so ask around.
 * It was looked at a moment ago, so that no more can go wrong than did then.
 */
static int ask_neighbours(struct lathep_iso9660_join *join,
			  const struct lathep_iso9660_waiting *dir,
			  uint32_t candidate, uint32_t *folder)
{
	const struct lathe_iso9660_tree *tree = join->imp->tree;
	uint32_t id = candidate, steps;
	bool files, confirmed;
	int err = 0;

	for (steps = 0; steps < MOST_NEIGHBOURS &&
			lathep_iso9660_node(tree, id)->next; steps++)
		id = lathep_iso9660_node(tree, id)->next;
	for (steps = 0; id && steps < 2 * MOST_NEIGHBOURS; steps++) {
		const struct lathep_iso9660_node *node =
			lathep_iso9660_node(tree, id);

		if (node->kind == LATHE_ISO9660_DIRECTORY &&
		    unpaired(join, id)) {
			err = ask_candidate(join, dir, id, &files, &confirmed);
			if (confirmed) {
				*folder = id;
				return err;
			}
		}
		id = node->prev;
	}
	return err;
}

/* ---- all files by extent ------------------------------------------------ */

static uint32_t slot_of(const struct lathep_iso9660_join *join, uint32_t lba)
{
	uint64_t mixed = lba * UINT64_C(0x9E3779B97F4A7C15);

	return (uint32_t)(mixed >> 32) & join->extent_mask;
}

/* The slot of an address, or a free one; NULL where somebody chose addresses
 * that crowd together: then these files have no vote. */
static uint32_t *find_slot(const struct lathep_iso9660_join *join, uint32_t lba)
{
	uint32_t at = slot_of(join, lba), probes;

	for (probes = 0; probes < MOST_PROBES; probes++) {
		uint32_t *slot = &join->extent[at];

		if (*slot == 0 ||
		    lathep_iso9660_node(join->imp->tree, *slot)->u.file.lba ==
			    lba)
			return slot;
		at = (at + 1) & join->extent_mask;
	}
	return NULL;
}

static int build_extents(struct lathep_iso9660_join *join)
{
	struct lathe_iso9660_tree *tree = join->imp->tree;
	uint32_t count = tree->nodes.used, id, *slot;
	uint64_t room = 256;
	struct lathep_iso9660_node *node;

	/* At most three quarters full. */
	while (room * 3 < (uint64_t)count * 4)
		room *= 2;
	join->extent = lathep_iso9660_take_zeros(
		&tree->hooks, (size_t)room * sizeof(*join->extent));
	if (!join->extent)
		return lathep_iso9660_import_no_memory(tree);
	join->extent_mask = (uint32_t)(room - 1);
	for (id = LATHE_ISO9660_ROOT + 1; id < count; id++) {
		node = lathep_iso9660_node(tree, id);
		if (node->kind != LATHE_ISO9660_FILE || node->size == 0)
			continue;
		slot = find_slot(join, node->u.file.lba);
		if (!slot)
			continue;
		node->u.file.cookie = *slot;
		*slot = id;
	}
	return 0;
}

/* ---- votes -------------------------------------------------------------- */

struct election {
	struct lathep_iso9660_join *join;
	uint32_t parent;	/* folders in it may be voted for */
	uint32_t votes;
	struct {
		uint32_t folder, votes;
	} seat[SEATS];
};

/* Where all seats are taken, everybody loses a vote: who has most of them in
 * the end had many. */
static void count_vote(struct election *e, uint32_t folder)
{
	uint32_t i, empty = SEATS;

	for (i = 0; i < SEATS; i++) {
		if (e->seat[i].votes == 0) {
			empty = i;
		} else if (e->seat[i].folder == folder) {
			e->seat[i].votes++;
			return;
		}
	}
	if (empty < SEATS) {
		e->seat[empty].folder = folder;
		e->seat[empty].votes = 1;
		return;
	}
	for (i = 0; i < SEATS; i++)
		e->seat[i].votes--;
}

static int vote(void *ctx, struct lathep_iso9660_import *imp,
		const struct lathep_iso9660_item *item)
{
	struct election *e = ctx;
	const struct lathep_iso9660_node *node;
	uint32_t *slot, id, steps;

	if (item->record.flags & LATHEP_ISO9660_FLAG_DIRECTORY ||
	    item->size == 0)
		return 0;
	if (e->votes++ == MOST_VOTES)
		return 1;
	slot = find_slot(e->join, item->record.lba + item->record.xar);
	id = slot ? *slot : 0;
	for (steps = 0; id && steps < MOST_CHAIN; steps++) {
		node = lathep_iso9660_node(imp->tree, id);
		if (lathep_iso9660_node(imp->tree, node->parent)->parent ==
			    e->parent &&
		    node->parent != LATHE_ISO9660_ROOT &&
		    unpaired(e->join, node->parent) &&
		    lathep_iso9660_same_extent(e->join, id, item))
			count_vote(e, node->parent);
		id = (uint32_t)node->u.file.cookie;
	}
	return 0;
}

static int elect(struct lathep_iso9660_join *join,
		 const struct lathep_iso9660_waiting *dir, uint32_t parent,
		 uint32_t *folder)
{
	struct election e = { .join = join, .parent = parent };
	uint32_t i, most = 0;
	int err = join->extent ? 0 : build_extents(join);

	if (!err)
		err = lathep_iso9660_directory_read(join->imp, dir, true, vote,
						    &e);
	*folder = 0;
	for (i = 0; i < SEATS; i++) {
		if (e.seat[i].votes > most ||
		    (e.seat[i].votes == most && most &&
		     e.seat[i].folder < *folder)) {
			most = e.seat[i].votes;
			*folder = e.seat[i].folder;
		}
	}
	return err;
}

int lathep_iso9660_pair_folder(struct lathep_iso9660_join *join,
			       const struct lathep_iso9660_waiting *dir,
			       const struct lathep_iso9660_row *row,
			       uint32_t *folder)
{
	uint32_t candidate = row->candidate;
	bool files, confirmed;
	int err;

	*folder = candidate && unpaired(join, candidate) ? candidate : 0;
	err = ask_candidate(join, dir, *folder, &files, &confirmed);
	if (err || confirmed)
		return err;
	if (!files)
		return candidate ? ask_neighbours(join, dir, candidate, folder)
				 : 0;
	candidate = *folder;
	err = elect(join, dir, row->parent, folder);
	if (!err && !*folder)
		*folder = candidate;
	return err;
}
