/* SPDX-License-Identifier: MIT */
/*
 * A further hierarchy is read onto the nodes of the first, folder by folder.
 *
 * Extents say which records mean one file, but not alone: empty files have
 * none, folders have one in each hierarchy, and copies may share one. So: a
 * folder's partner is found by its name and by where its files are; in a
 * pair of folders, a record's partner is the node that comes next, or the
 * one of the same extent, or the one of a name that fits, or the next one of
 * the same date. What stays alone becomes a node of its own, so that no
 * hierarchy loses anything.
 */
#include <string.h>

#include "iso9660/reader_internal.h"

static int out_of_memory(struct lathep_iso9660_join *join)
{
	return lathep_iso9660_import_no_memory(join->imp->tree);
}

/* ---- order of identifiers ----------------------------------------------- */

/* Separators below all else: nearly the order of 9.3, and quick. What counts
 * is that nothing stands twice in a row that rises all the way. */
static uint8_t rank(uint8_t c)
{
	return c == ';' ? 0 : c == '.' ? 1 : c;
}

static bool rises(const uint8_t *a, uint8_t a_len, const uint8_t *b,
		  uint8_t b_len)
{
	uint8_t least = a_len < b_len ? a_len : b_len, i = 0;

	while (i < least && a[i] == b[i])
		i++;
	if (i == least)
		return a_len < b_len;
	if (rank(a[i]) != rank(b[i]))
		return rank(a[i]) < rank(b[i]);
	return a[i] < b[i];
}

static void watch_order(struct lathep_iso9660_join *join,
			const struct lathep_iso9660_record *record)
{
	/* An associated file has the identifier of its owner. */
	if (record->flags & LATHEP_ISO9660_FLAG_ASSOCIATED)
		return;
	if (join->last_len && !rises(join->last_id, join->last_len, record->id,
				     record->id_len))
		join->disorder = true;
	/* Not memcpy(): for at most 255 bytes compilers put a loop in its place
	 * that takes long to begin. */
	memmove(join->last_id, record->id, record->id_len);
	join->last_len = record->id_len;
}

/* ---- a folder ----------------------------------------------------------- */

static int push_row(struct lathep_iso9660_join *join,
		    const struct lathep_iso9660_item *item,
		    uint32_t candidate, uint32_t *place)
{
	const struct lathep_iso9660_record *record = &item->record;
	uint32_t sections = item->sections ? item->section_count *
					(uint32_t)sizeof(*item->sections) : 0;
	struct lathep_iso9660_row *row;
	bool directory = record->flags & LATHEP_ISO9660_FLAG_DIRECTORY;
	uint8_t *behind;
	uint32_t at = lathep_iso9660_arena_take(
		directory ? &join->rows : &join->files,
		(uint32_t)sizeof(*row) + sections + record->id_len,
		LATHEP_ISO9660_ROW_ALIGN);

	if (!at)
		return out_of_memory(join);
	at /= LATHEP_ISO9660_ROW_ALIGN;
	if (!directory) {
		at |= LATHEP_ISO9660_ROW_OF_FILE;
		/* It is joined later, others come before it. */
		join->imp->note.regular = false;
	}
	row = lathep_iso9660_row_at(join, at);
	memset(row, 0, sizeof(*row));
	row->item = *item;
	behind = (uint8_t *)(row + 1);
	if (sections) {
		row->item.sections = (const void *)behind;
		memcpy(behind, item->sections, sections);
	}
	memcpy(behind + sections, record->id, record->id_len);
	row->item.record.id = behind + sections;
	row->parent = join->folder;
	row->candidate = candidate;
	row->depth = join->depth;
	if (!candidate) {
		row->next = join->first_row;
		join->first_row = at;
	}
	*place = at;
	return 0;
}

/* What has no partner becomes a node. If one has another name of the extent
 * only because that came by first, it gets what fits, and the other one is
 * alone. */
static int make_single(struct lathep_iso9660_join *join,
		       const struct lathep_iso9660_item *item)
{
	struct lathep_iso9660_import *imp = join->imp;
	struct lathep_iso9660_item single = *item;
	struct lathep_iso9660_node *node;
	uint8_t len;
	uint32_t id = lathep_iso9660_find_wrong(join, item, &len), made;

	if (id) {
		node = lathep_iso9660_node(imp->tree, id);
		single.record.id = lathep_iso9660_kept_id(
			imp->tree, node, (uint8_t)imp->h, &len);
		single.record.id_len = len;
		lathep_iso9660_unpin(imp->tree, node, imp->h);
		node->pinned |= (uint8_t)(1u << imp->h);
	}
	return lathep_iso9660_import_node(imp, &single, join->folder, &made);
}

/* The node of the very name that a record has, where names are the same in
 * both hierarchies; 0: none is free. */
static uint32_t find_exact(struct lathep_iso9660_join *join,
			   const struct lathep_iso9660_record *record)
{
	char name[LATHE_ISO9660_NAME_MAX];
	uint32_t id;
	bool keep;
	int len;

	if (!join->exact)
		return 0;
	len = lathep_iso9660_import_name(join->imp, record, name, &keep);
	id = lathep_iso9660_lookup_find(join->imp->tree, join->folder, name,
					(size_t)len);
	return id && lathep_iso9660_is_free(join, id) ? id : 0;
}

/* A directory: read later, paired when it is. */
static int take_directory(struct lathep_iso9660_join *join,
			  const struct lathep_iso9660_item *item)
{
	const struct lathep_iso9660_record *record = &item->record;
	struct lathep_iso9660_waiting waiting;
	uint32_t next = join->next_directory, candidate = 0;
	const struct lathep_iso9660_node *node;
	int err = lathep_iso9660_directory_enter(join->imp, record,
						 join->folder, join->depth + 1,
						 &waiting);

	if (err || waiting.depth == 0)
		return err;
	if (next && lathep_iso9660_derived(join, next, record))
		candidate = next;
	else
		candidate = find_exact(join, record);
	node = lathep_iso9660_node(join->imp->tree, candidate);
	if (candidate && node->kind != LATHE_ISO9660_DIRECTORY)
		candidate = 0;
	if (candidate) {
		lathep_iso9660_claim(join, candidate);
		join->next_directory = lathep_iso9660_first_free(
			join, node->prev, LATHE_ISO9660_DIRECTORY);
	}
	err = push_row(join, item, candidate, &waiting.node);
	if (err)
		return err;
	lathep_iso9660_row_at(join, waiting.node)->sure =
		candidate && join->exact;
	return lathep_iso9660_queue_push(join->imp, waiting);
}

static int join_next(struct lathep_iso9660_join *join, uint32_t node,
		     const struct lathep_iso9660_item *item, bool derived)
{
	struct lathe_iso9660_tree *tree = join->imp->tree;

	join->next_file = lathep_iso9660_first_free(
		join, lathep_iso9660_node(tree, node)->prev,
		LATHE_ISO9660_FILE);
	return lathep_iso9660_join_pair(join, node, item, derived);
}

/* Do the names agree so far that it need not be asked who else shares the
 * extent? */
static bool names_agree(struct lathep_iso9660_join *join, uint32_t id,
			const struct lathep_iso9660_item *item, bool *derived)
{
	const struct lathep_iso9660_record *record = &item->record;
	const struct lathep_iso9660_node *node =
		lathep_iso9660_node(join->imp->tree, id);
	char name[LATHE_ISO9660_NAME_MAX];
	bool keep;
	int len;

	*derived = lathep_iso9660_derived(join, id, record);
	if (*derived || (item->size > 0 && join->distinct))
		return true;
	len = lathep_iso9660_import_name(join->imp, record, name, &keep);
	/* One that was cut may be another's as well. */
	return lathep_iso9660_alike(
		       lathep_iso9660_name(join->imp->tree, node),
		       node->name_len, name, (size_t)len) ==
	       LATHEP_ISO9660_ALIKE_ALL;
}

static bool is_link(const struct lathep_iso9660_join *join, uint32_t id)
{
	return lathep_iso9660_node(join->imp->tree, id)->flags &
	       LATHEP_ISO9660_SYMLINK;
}

/* The node that comes next, or else the one of the same name, if nothing
 * speaks against it; 0: neither. */
static uint32_t find_by_name(struct lathep_iso9660_join *join,
			     const struct lathep_iso9660_item *item,
			     bool *derived)
{
	const struct lathep_iso9660_record *record = &item->record;
	uint32_t next = join->next_file, id;

	if (!join->exact)
		return next && lathep_iso9660_same_extent(join, next, item) &&
				       names_agree(join, next, item, derived)
			       ? next : 0;
	/* That a link's name fits says little where it was changed: it may not
	 * be in this hierarchy at all, and a file's name have become the
	 * same. */
	*derived = next && !is_link(join, next) &&
		   lathep_iso9660_same_extent(join, next, item) &&
		   lathep_iso9660_derived(join, next, record);
	if (*derived)
		return next;
	id = find_exact(join, record);
	if (id && lathep_iso9660_node(join->imp->tree, id)->kind ==
			  LATHE_ISO9660_FILE &&
	    lathep_iso9660_fits(join, id, item)) {
		*derived = lathep_iso9660_derived(join, id, record);
		return id;
	}
	/* A node that has no name of its own is nobody else's. */
	return next &&
			       lathep_iso9660_node(join->imp->tree, next)
					       ->flags &
				       LATHEP_ISO9660_WEAK_NAME &&
			       lathep_iso9660_same_extent(join, next, item) &&
			       names_agree(join, next, item, derived)
		       ? next : 0;
}

static int take_file(struct lathep_iso9660_join *join,
		     const struct lathep_iso9660_item *item)
{
	uint32_t node;
	bool derived;
	int err;

	node = find_by_name(join, item, &derived);
	if (node)
		return join_next(join, node, item, derived);
	/* Empty; or of a name that is not quite a node's: those that are
	 * come first, since names may share an extent. */
	if (item->size == 0 || join->exact)
		return push_row(join, item, 0, &node);
	err = lathep_iso9660_join_reserve(join);
	if (err)
		return err;
	node = lathep_iso9660_find_by_extent(join, item);
	if (!node)
		return make_single(join, item);
	derived = lathep_iso9660_derived(join, node, &item->record);
	return join_next(join, node, item, derived);
}

static int take(void *ctx, struct lathep_iso9660_import *imp,
		const struct lathep_iso9660_item *item)
{
	struct lathep_iso9660_join *join = ctx;

	(void)imp;
	watch_order(join, &item->record);
	if (item->record.flags & LATHEP_ISO9660_FLAG_DIRECTORY)
		return take_directory(join, item);
	return take_file(join, item);
}

static int join_folder(struct lathep_iso9660_join *join,
		       const struct lathep_iso9660_waiting *dir)
{
	const struct lathep_iso9660_node *folder =
		lathep_iso9660_node(join->imp->tree, join->folder);
	uint32_t first = folder->u.folder.dir;
	int err;

	join->next_file = lathep_iso9660_first_free(
		join, folder->u.folder.dir, LATHE_ISO9660_FILE);
	join->next_directory = lathep_iso9660_first_free(
		join, folder->u.folder.dir, LATHE_ISO9660_DIRECTORY);
	join->first_row = 0;
	join->files.used = 0;
	join->indexed = join->distinct = join->disorder = false;
	join->last_len = 0;
	join->imp->note.next = first;
	err = lathep_iso9660_directory_read(join->imp, dir, false, take, join);
	if (!err && join->first_row)
		err = lathep_iso9660_join_rows(join);
	if (!err && !join->disorder &&
	    join->imp->note.next - first == join->imp->note.plain)
		err = lathep_iso9660_note_keep(join->imp, dir, join->folder,
					       first);
	if (!err && join->disorder &&
	    lathep_iso9660_push(&join->disordered, join->folder))
		err = out_of_memory(join);
	return err;
}

/* ---- all folders -------------------------------------------------------- */

/* The node for a directory: its partner, or a new one. */
static int settle_folder(struct lathep_iso9660_join *join,
			 const struct lathep_iso9660_waiting *dir,
			 uint32_t number)
{
	const struct lathep_iso9660_row *row =
		lathep_iso9660_row_at(join, dir->node);
	int err = 0;

	join->folder = row->parent;
	if (join->imp->partner)
		err = lathep_iso9660_map_find(join->imp, number, row->parent,
					      &join->folder);
	else if (row->sure)
		join->folder = row->candidate;
	else
		err = lathep_iso9660_pair_folder(join, dir, row,
						 &join->folder);
	if (err)
		return err;
	if (join->folder)
		return lathep_iso9660_join_pair(
			join, join->folder, &row->item,
			lathep_iso9660_derived(join, join->folder,
					       &row->item.record));
	return lathep_iso9660_import_node(join->imp, &row->item, row->parent,
					  &join->folder);
}

static int join_all(struct lathep_iso9660_join *join)
{
	struct lathep_iso9660_waiting dir;
	uint32_t number = 0;
	int err = lathep_iso9660_import_enter_root(join->imp, 0);

	while (!err &&
	       lathep_iso9660_queue_pop(&join->imp->queue, &dir)) {
		join->folder = LATHE_ISO9660_ROOT;
		if (dir.node)
			err = settle_folder(join, &dir, number);
		number++;
		join->depth = dir.depth;
		if (err)
			break;
		lathep_iso9660_node(join->imp->tree, join->folder)->size =
			dir.lba;
		err = join_folder(join, &dir);
	}
	return err;
}

/* An identifier that is there twice is kept for one node only. */
static int settle_disordered(struct lathep_iso9660_join *join)
{
	uint32_t i;
	int err = 0;

	for (i = 0; !err && i < join->disordered.used; i++)
		err = lathep_iso9660_unpin_doubles(
			join->imp->tree,
			lathep_iso9660_u32(&join->disordered, i), join->imp->h);
	return err;
}

static void close_join(struct lathep_iso9660_join *join)
{
	const struct lathe_hooks *hooks = &join->imp->tree->hooks;

	lathep_iso9660_store_free(&join->rows);
	lathep_iso9660_store_free(&join->files);
	lathep_iso9660_store_free(&join->disordered);
	lathep_iso9660_give(hooks, join->index,
			    (size_t)join->room * 2 * sizeof(*join->index));
	lathep_iso9660_give(hooks, join->extent,
			    ((size_t)join->extent_mask + 1) *
				    sizeof(*join->extent));
}

int lathep_iso9660_import_join(struct lathep_iso9660_import *imp)
{
	struct lathep_iso9660_join join;
	int err;

	memset(&join, 0, sizeof(join));
	join.imp = imp;
	join.exact = imp->susp && imp->susp->active;
	lathep_iso9660_store_init(&join.rows, &imp->tree->hooks, 1);
	lathep_iso9660_store_init(&join.files, &imp->tree->hooks, 1);
	lathep_iso9660_store_init(&join.disordered, &imp->tree->hooks,
				  sizeof(uint32_t));
	err = join_all(&join);
	if (!err)
		err = settle_disordered(&join);
	close_join(&join);
	lathep_iso9660_lookup_drop(imp->tree->lookup);
	return err;
}
