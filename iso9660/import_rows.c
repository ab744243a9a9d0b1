/* SPDX-License-Identifier: MIT */
/*
 * Partners by name, for records that no extent speaks for: empty files, and
 * directories as long as their files are not known. Names are compared with
 * what identifiers say; the candidates of a folder are sorted once, so that
 * those which are alike are near each other.
 */
#include <string.h>

#include "iso9660/reader_internal.h"

#define NEIGHBOURS 32u /* looked at on either side */
#define SURE (UINT32_MAX - 3)

/* Nodes that may be a row's, but for those of its extent. */
enum candidates {
	OF_NAMES,	/* directories, empty files, links; where names are
			 * exact all files */
	OF_DATES	/* empty files; links of ours without content so far */
};

static bool is_directory(const struct lathep_iso9660_row *row)
{
	return row->item.record.flags & LATHEP_ISO9660_FLAG_DIRECTORY;
}

static int by_name(const void *ctx, uint32_t x, uint32_t y)
{
	const struct lathe_iso9660_tree *tree = ctx;
	const struct lathep_iso9660_node *a = lathep_iso9660_node(tree, x);
	const struct lathep_iso9660_node *b = lathep_iso9660_node(tree, y);

	return lathep_iso9660_plain_order(lathep_iso9660_name(tree, a),
					  a->name_len,
					  lathep_iso9660_name(tree, b),
					  b->name_len);
}

static int by_date(const void *ctx, uint32_t x, uint32_t y)
{
	const struct lathe_iso9660_tree *tree = ctx;

	return memcmp(lathep_iso9660_node(tree, x)->date,
		      lathep_iso9660_node(tree, y)->date, 7);
}

/* Has a row content, as one has only where names are exact? */
static bool has_content(const struct lathep_iso9660_row *row)
{
	return !is_directory(row) && row->item.size > 0;
}

static bool may_be(const struct lathep_iso9660_join *join,
		   const struct lathep_iso9660_node *node,
		   enum candidates which)
{
	uint16_t unnamed = LATHEP_ISO9660_SPECIAL;

	if (node->kind == LATHE_ISO9660_DIRECTORY)
		return which == OF_NAMES;
	if (which == OF_NAMES && join->exact)
		return true;
	if (node->size > 0)
		return false;
	/* The name of others' links says what they are, or nothing does. */
	if (!join->imp->ours)
		unnamed |= LATHEP_ISO9660_SYMLINK;
	return which == OF_NAMES || !(node->flags & unnamed);
}

/* Those that have no partner yet, sorted. */
static int gather(struct lathep_iso9660_join *join, enum candidates which,
		  int (*compare)(const void *ctx, uint32_t x, uint32_t y))
{
	struct lathe_iso9660_tree *tree = join->imp->tree;
	struct lathep_iso9660_node *folder =
		lathep_iso9660_node(tree, join->folder), *node;
	uint32_t id;
	int err = lathep_iso9660_join_reserve(join);

	if (err)
		return err;
	join->indexed = false;
	join->index_count = 0;
	for (id = folder->u.folder.dir; id; id = node->prev) {
		node = lathep_iso9660_node(tree, id);
		if (!lathep_iso9660_is_free(join, id) ||
		    !may_be(join, node, which))
			continue;
		if (node->kind == LATHE_ISO9660_FILE)
			node->u.file.source = 0;
		join->index[join->index_count++] = id;
	}
	lathep_iso9660_sort(join->index, join->index_count, join->scratch,
			    compare, tree);
	return 0;
}

/* ---- by name ------------------------------------------------------------ */

static uint32_t score(struct lathep_iso9660_join *join, uint32_t id,
		      const struct lathep_iso9660_row *row, const char *name,
		      size_t len)
{
	const struct lathe_iso9660_tree *tree = join->imp->tree;
	const struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	bool same_date = memcmp(node->date, row->item.record.date, 7) == 0;
	bool derived, link;
	uint32_t alike;

	if (!lathep_iso9660_is_free(join, id) ||
	    (node->kind == LATHE_ISO9660_DIRECTORY) != is_directory(row))
		return 0;
	if (!is_directory(row) && !lathep_iso9660_fits(join, id, &row->item))
		return 0;
	/* Of others' links any content fits, but no other name. */
	link = lathep_iso9660_lacks_content(node) &&
	       (join->imp->ours || has_content(row));
	derived = lathep_iso9660_derived(join, id, &row->item.record);
	if (link && !derived && !join->imp->ours)
		return 0;
	/* A link of that name may not be in this hierarchy, a file is. */
	if (derived)
		return SURE + same_date +
		       (node->flags & LATHEP_ISO9660_SYMLINK ? 0 : 2);
	alike = lathep_iso9660_alike(lathep_iso9660_name(tree, node),
				     node->name_len, name, len);
	/* A short beginning in common says something only with the date. */
	if (!link && alike < LATHEP_ISO9660_ALIKE_CUT + 8 &&
	    (!same_date || (alike & ~LATHEP_ISO9660_ALIKE_CUT) < 3))
		return 0;
	return 2 * alike + same_date;
}

static uint32_t find_place(const struct lathep_iso9660_join *join,
			   const char *name, size_t len)
{
	const struct lathe_iso9660_tree *tree = join->imp->tree;
	uint32_t low = 0, high = join->index_count, middle;
	const struct lathep_iso9660_node *node;

	while (low < high) {
		middle = low + (high - low) / 2;
		node = lathep_iso9660_node(tree, join->index[middle]);
		if (lathep_iso9660_plain_order(lathep_iso9660_name(tree, node),
					       node->name_len, name, len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The best free one near by goes to row->likely; score 1: none is there. */
static void find_alike(struct lathep_iso9660_join *join,
		       struct lathep_iso9660_row *row)
{
	char name[LATHE_ISO9660_NAME_MAX];
	uint32_t place, i, end, now;
	bool keep;
	int len = lathep_iso9660_import_name(join->imp, &row->item.record, name,
					     &keep);

	row->score = 1;
	row->likely = 0;
	place = find_place(join, name, (size_t)len);
	end = join->index_count - place < NEIGHBOURS ? join->index_count
						     : place + NEIGHBOURS;
	for (i = place < NEIGHBOURS ? 0 : place - NEIGHBOURS; i < end; i++) {
		now = score(join, join->index[i], row, name, (size_t)len);
		if (now > row->score) {
			row->score = now;
			row->likely = join->index[i];
		}
	}
}

/* Give each row whose partner is at least that good the best one. */
static int match_names(struct lathep_iso9660_join *join, uint32_t least)
{
	struct lathep_iso9660_row *row;
	uint32_t at;
	int err;

	for (at = join->first_row; at; at = row->next) {
		row = lathep_iso9660_row_at(join, at);
		/* Scores only fall, as others are given away. */
		if (row->candidate || (row->score && row->score < least))
			continue;
		if (!row->likely || !lathep_iso9660_is_free(join, row->likely))
			find_alike(join, row);
		if (row->score < least)
			continue;
		row->candidate = row->likely;
		if (is_directory(row)) {
			lathep_iso9660_claim(join, row->candidate);
			continue;
		}
		err = lathep_iso9660_join_pair(
			join, row->candidate, &row->item,
			row->score >= SURE);
		if (err)
			return err;
	}
	return 0;
}

/* ---- by date ------------------------------------------------------------ */

static bool has_date(const struct lathep_iso9660_join *join, uint32_t at,
		     const uint8_t date[7])
{
	return at < join->index_count &&
	       memcmp(lathep_iso9660_node(join->imp->tree, join->index[at])
			      ->date, date, 7) == 0;
}

/* The first place whose date is not before that one. */
static uint32_t find_date(const struct lathep_iso9660_join *join,
			  const uint8_t date[7])
{
	uint32_t low = 0, high = join->index_count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (memcmp(lathep_iso9660_node(join->imp->tree,
					       join->index[middle])->date,
			   date, 7) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The next free one of a record's date that it may be. Those that were given
 * away are kept in front; how many they are is noted with the first, so that
 * none is looked at twice. */
static uint32_t next_of_date(struct lathep_iso9660_join *join,
			     const struct lathep_iso9660_row *row)
{
	const struct lathe_iso9660_tree *tree = join->imp->tree;
	const uint8_t *date = row->item.record.date;
	uint32_t first = find_date(join, date), free, at, id;

	if (!has_date(join, first, date))
		return 0;
	free = first + lathep_iso9660_node(tree, join->index[first])
			       ->u.file.source;
	for (at = free; at - free < NEIGHBOURS && has_date(join, at, date);
	     at++) {
		id = join->index[at];
		if (!lathep_iso9660_fits(join, id, &row->item))
			continue;
		join->index[at] = join->index[free];
		join->index[free] = id;
		lathep_iso9660_node(tree, join->index[first])->u.file.source =
			free + 1 - first;
		return id;
	}
	return 0;
}

/* What is left of the empty files and of links' content: those of one date in
 * order, the others alone. */
static int match_dates(struct lathep_iso9660_join *join)
{
	struct lathep_iso9660_row *row;
	uint32_t at, node;
	int err = gather(join, OF_DATES, by_date);

	for (at = join->first_row; !err && at; at = row->next) {
		row = lathep_iso9660_row_at(join, at);
		if (row->candidate || is_directory(row))
			continue;
		node = next_of_date(join, row);
		if (node)
			err = lathep_iso9660_join_pair(join, node, &row->item,
						       false);
		else
			err = lathep_iso9660_import_node(join->imp, &row->item,
							 join->folder, &node);
	}
	return err;
}

/* Files whose names say nothing: by extent, as elsewhere. gather() has
 * reserved what that needs. After an error nothing is done. */
static int match_extents(struct lathep_iso9660_join *join, int err)
{
	struct lathep_iso9660_row *row;
	uint32_t at;

	join->indexed = false;
	for (at = join->first_row; at && !err; at = row->next) {
		row = lathep_iso9660_row_at(join, at);
		if (row->candidate || !has_content(row))
			continue;
		row->candidate =
			lathep_iso9660_find_by_extent(join, &row->item);
		if (row->candidate)
			err = lathep_iso9660_join_pair(
				join, row->candidate, &row->item,
				lathep_iso9660_derived(join, row->candidate,
						       &row->item.record));
	}
	return err;
}

/* Rows were put in front of each other; bring them into their order. */
static void turn_rows(struct lathep_iso9660_join *join)
{
	struct lathep_iso9660_row *row;
	uint32_t at = join->first_row, next, turned = 0;

	for (; at; at = next) {
		row = lathep_iso9660_row_at(join, at);
		next = row->next;
		row->next = turned;
		turned = at;
	}
	join->first_row = turned;
}

/* Of ours, what no name is sure of is first asked for its extent: links, whose
 * content may be a file's, come behind files. */
static int match_own(struct lathep_iso9660_join *join)
{
	int err = match_extents(join, match_names(join, SURE));

	return err ? err : gather(join, OF_NAMES, by_name);
}

/* First those that are sure, so that no weak one takes their place; then those
 * that were only cut, since of several names that are alike the first mostly
 * kept the beginning to itself. */
static int match_alike(struct lathep_iso9660_join *join)
{
	static const uint32_t least[] = { 2 * LATHEP_ISO9660_ALIKE_ALL,
					  2 * (LATHEP_ISO9660_ALIKE_CUT + 4),
					  2 };
	uint32_t i;
	int err = 0;

	for (i = 0; i < 3 && join->index_count && !err; i++)
		err = match_names(join, least[i]);
	return err;
}

int lathep_iso9660_join_rows(struct lathep_iso9660_join *join)
{
	int err;

	turn_rows(join);
	err = gather(join, OF_NAMES, by_name);
	if (!err && join->exact && join->imp->own)
		err = match_own(join);
	if (!err)
		err = match_alike(join);
	if (join->exact)
		err = match_extents(join, err);
	return err ? err : match_dates(join);
}
