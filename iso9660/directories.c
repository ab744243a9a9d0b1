/* SPDX-License-Identifier: MIT */
/*
 * The directories of one hierarchy: laid out breadth first, which is the
 * order of its path tables (ECMA-119 6.9.1), and encoded block by block.
 */
#include <string.h>

#include "iso9660/plan_internal.h"

/* 6.9.1: the number of a parent has 16 bits. */
#define MOST_PARENTS 65535u

/* ---- layout ------------------------------------------------------------- */

static struct lathep_iso9660_dir *
dir_at(const struct lathep_iso9660_laid *laid, uint32_t i)
{
	return lathep_iso9660_at(&laid->dirs, i);
}

static int push_dir(struct lathe_iso9660_plan *plan,
		    struct lathep_iso9660_laid *laid, uint32_t id,
		    uint32_t parent)
{
	const struct lathep_iso9660_node *node =
		lathep_iso9660_node(plan->tree, id);
	struct lathep_iso9660_dir *dir;
	int err = lathep_iso9660_store_reserve(&laid->dirs, 1);

	if (err)
		return err;
	if (parent >= MOST_PARENTS)
		return lathep_iso9660_fail(
			&plan->tree->failure, LATHE_ERR_LIMIT,
			"more than %lu directories before the last one that "
			"holds a directory", (unsigned long)MOST_PARENTS);
	*(uint32_t *)lathep_iso9660_at(&laid->place, node->u.folder.dir) =
		laid->dirs.used;
	dir = dir_at(laid, laid->dirs.used++);
	memset(dir, 0, sizeof(*dir));
	dir->node = id;
	dir->parent = parent;
	return 0;
}

/* Where the next record goes, while a directory is measured. */
struct measure {
	struct lathep_iso9660_laid *laid;
	uint32_t dir;
	uint32_t used;		/* bytes of the block that is being filled */
};

/* 6.8.1.1: a record that does not fit begins the next block. */
static int measure_record(struct measure *m, uint32_t child, uint32_t section,
			  uint8_t id_len)
{
	struct lathep_iso9660_record record = { .id_len = id_len };
	uint32_t len = lathep_iso9660_emit_record(&record, NULL);
	struct lathep_iso9660_dir_block *block;
	int err;

	if (m->used + len <= LATHE_BLOCK_BYTES) {
		m->used += len;
		return 0;
	}
	err = lathep_iso9660_store_reserve(&m->laid->dir_blocks, 1);
	if (err)
		return err;
	block = lathep_iso9660_at(&m->laid->dir_blocks,
				  m->laid->dir_blocks.used++);
	block->dir = m->dir;
	block->child = child;
	block->section = section;
	block->spare = 0;
	m->used = len;
	return 0;
}

static int measure_child(struct lathe_iso9660_plan *plan, struct measure *m,
			 uint32_t child, uint32_t id, uint8_t id_len)
{
	struct lathep_iso9660_node *node = lathep_iso9660_node(plan->tree, id);
	uint32_t sections = 1, i;
	int err = 0;

	if (node->kind == LATHE_ISO9660_FILE)
		sections = lathep_iso9660_section_count(
			plan->tree, lathep_iso9660_owner(plan->tree, node));
	for (i = 0; i < sections && !err; i++)
		err = measure_record(m, child, i, id_len);
	return err;
}

static int by_table(const void *ctx, uint32_t x, uint32_t y)
{
	const struct lathep_iso9660_naming *naming = ctx;
	const struct lathep_iso9660_idset_entry *a =
		lathep_iso9660_entry_of(naming, x);
	const struct lathep_iso9660_idset_entry *b =
		lathep_iso9660_entry_of(naming, y);

	return naming->plan->laid[naming->h].hierarchy->compare_directories(
		lathep_iso9660_id_bytes(a), a->len, lathep_iso9660_id_bytes(b),
		b->len);
}

/* The directories of a folder, the first 'count' of naming->sorted, get their
 * places in the path table, 6.9.1. */
static int push_dirs(struct lathe_iso9660_plan *plan,
		     struct lathep_iso9660_laid *laid, uint32_t parent,
		     struct lathep_iso9660_naming *naming, uint32_t count)
{
	uint32_t i;
	int err = 0;

	if (count > 1 && laid->hierarchy->compare_directories &&
	    !naming->plain)
		lathep_iso9660_sort(naming->sorted, count,
				    naming->sorted + naming->room, by_table,
				    naming);
	for (i = 0; i < count && !err; i++)
		err = push_dir(plan, laid,
			       naming->child[naming->sorted[i]].node, parent);
	return err;
}

static int lay_dir(struct lathe_iso9660_plan *plan,
		   struct lathep_iso9660_laid *laid, uint32_t at,
		   struct lathep_iso9660_naming *naming)
{
	struct measure m = { laid, at, LATHE_BLOCK_BYTES };
	struct lathep_iso9660_dir *dir = dir_at(laid, at);
	uint32_t dirs = 0, i;
	int err = lathep_iso9660_name_folder(naming, dir->node);

	if (err)
		return err;
	dir->first = laid->order.used;
	dir->count = naming->count;
	dir->first_block = laid->dir_blocks.used;
	err = measure_record(&m, 0, 0, 1);
	if (!err)
		err = measure_record(&m, 1, 0, 1);
	for (i = 0; i < naming->count && !err; i++) {
		const struct lathep_iso9660_named *child =
			&naming->child[naming->sorted[i]];

		err = lathep_iso9660_push(&laid->order, child->node);
		if (!err)
			err = measure_child(plan, &m, i + 2, child->node,
					    child->len);
		if (!err && lathep_iso9660_node(plan->tree, child->node)
					    ->kind == LATHE_ISO9660_DIRECTORY)
			naming->sorted[dirs++] = naming->sorted[i];
	}
	dir->blocks = laid->dir_blocks.used - dir->first_block;
	if (!err && dir->blocks > UINT32_MAX / LATHE_BLOCK_BYTES)
		err = LATHE_ERR_LIMIT;
	return err ? err : push_dirs(plan, laid, at, naming, dirs);
}

int lathep_iso9660_lay_directories(struct lathe_iso9660_plan *plan, uint32_t h,
				   struct lathep_iso9660_naming *naming)
{
	struct lathep_iso9660_laid *laid = &plan->laid[h];
	uint32_t i;
	int err = lathep_iso9660_store_reserve(&laid->place, plan->rows);

	if (err)
		return err;
	for (i = 0; i < plan->rows; i++) {
		laid->place.used = i + 1;
		*(uint32_t *)lathep_iso9660_at(&laid->place, i) =
			LATHEP_ISO9660_NO_PLACE;
	}
	naming->h = h;
	err = push_dir(plan, laid, LATHE_ISO9660_ROOT, 0);
	for (i = 0; i < laid->dirs.used && !err; i++)
		err = lay_dir(plan, laid, i, naming);
	laid->blocks = laid->dir_blocks.used;
	return err;
}

static uint64_t measure(struct lathe_iso9660_plan *plan,
			const struct lathep_iso9660_region *region)
{
	return plan->laid[region->h].blocks;
}

/* ---- encoding ----------------------------------------------------------- */

/* What is needed at every record of a block. */
struct writer {
	const struct lathe_iso9660_image *image;
	const struct lathe_iso9660_plan *plan;
	const struct lathep_iso9660_laid *laid;
	uint32_t h, first_lba;	/* of the hierarchy's directories */
	uint8_t *out;
	uint32_t used;
};

static void directory_extent(const struct writer *w, uint32_t at,
			     struct lathep_iso9660_record *record)
{
	const struct lathep_iso9660_dir *dir = dir_at(w->laid, at);

	record->lba = w->first_lba + dir->first_block;
	record->bytes = dir->blocks * LATHE_BLOCK_BYTES;
	record->flags |= 0x02;
}

/* 6.8.2.2: the directory itself and its parent, with identifiers of one
 * byte, 00h and 01h. */
static void write_dot(struct writer *w, uint32_t at, uint32_t which)
{
	static const uint8_t ids[2] = { 0, 1 };
	struct lathep_iso9660_record record = { .id = ids + which,
						.id_len = 1 };

	if (which)
		at = dir_at(w->laid, at)->parent;
	record.date = lathep_iso9660_node(w->plan->tree,
					  dir_at(w->laid, at)->node)->date;
	directory_extent(w, at, &record);
	w->used += lathep_iso9660_emit_record(&record, w->out + w->used);
}

static void file_extent(const struct writer *w,
			const struct lathep_iso9660_node *owner,
			uint32_t section, bool last,
			struct lathep_iso9660_record *record)
{
	struct lathep_iso9660_section s;

	lathep_iso9660_section_at(w->plan->tree, owner, section, &s);
	record->lba = s.lba;
	record->bytes = s.bytes;
	record->xar = s.xar;
	record->unit = s.unit;
	record->gap = s.gap;
	record->flags |= (uint8_t)(s.flags | (last ? 0 : 0x80));
	/* Nobody reads it, but some check that it lies in the volume. */
	if (owner->size == 0 && s.xar == 0)
		record->lba = w->image->start + w->plan->empty_block;
	else if (!(owner->flags & LATHEP_ISO9660_IMPORTED))
		record->lba += w->image->start;
}

/* Records of a child from 'section' on, up to 'end'. */
static void write_child(struct writer *w, struct lathep_iso9660_node *node,
			uint32_t section, uint32_t end)
{
	const struct lathep_iso9660_node *owner =
		lathep_iso9660_owner(w->plan->tree, node);
	uint8_t id[LATHE_ISO9660_ID_MAX];
	uint8_t len = lathep_iso9660_identifier(w->plan, w->h, node, id);
	uint32_t sections = 1;

	if (node->kind == LATHE_ISO9660_FILE)
		sections = lathep_iso9660_section_count(w->plan->tree, owner);
	if (end > sections)
		end = sections;
	for (; section < end; section++) {
		struct lathep_iso9660_record record = {
			.id = id, .id_len = len, .date = node->date
		};

		if (node->flags & LATHEP_ISO9660_HIDDEN)
			record.flags |= 0x01;
		if (node->flags & LATHEP_ISO9660_ASSOCIATED)
			record.flags |= 0x04;
		if (node->kind == LATHE_ISO9660_DIRECTORY)
			directory_extent(w,
					 lathep_iso9660_u32(
						 &w->laid->place,
						 node->u.folder.dir),
					 &record);
		else
			file_extent(w, owner, section,
				    section + 1 == sections, &record);
		/* Can not happen: it was measured by the same function. */
		if (w->used + lathep_iso9660_emit_record(&record, NULL) >
		    LATHE_BLOCK_BYTES)
			return;
		w->used += lathep_iso9660_emit_record(&record,
						      w->out + w->used);
	}
}

/* Records from (child, section) of 'block' up to those of the next block. */
static void encode(const struct lathe_iso9660_image *image,
		   const struct lathep_iso9660_region *region, uint32_t i,
		   uint8_t *out)
{
	const struct lathe_iso9660_plan *plan = image->plan;
	const struct lathep_iso9660_laid *laid = &plan->laid[region->h];
	const struct lathep_iso9660_dir_block *block =
		lathep_iso9660_at(&laid->dir_blocks, i), *next;
	const struct lathep_iso9660_dir *dir = dir_at(laid, block->dir);
	struct writer w = { image, plan, laid, region->h,
			    image->start + region->first, out, 0 };
	uint32_t child = block->child, section = block->section;
	uint32_t end = dir->count + 2, end_section = 0;

	if (i + 1 < dir->first_block + dir->blocks) {
		next = lathep_iso9660_at(&laid->dir_blocks, i + 1);
		end = next->child;
		end_section = next->section;
	}
	for (; child < end; child++, section = 0) {
		if (child < 2)
			write_dot(&w, block->dir, child);
		else
			write_child(&w,
				    lathep_iso9660_node(
					    plan->tree,
					    lathep_iso9660_u32(
						    &laid->order,
						    dir->first + child - 2)),
				    section, UINT32_MAX);
	}
	if (end_section > section)
		write_child(&w,
			    lathep_iso9660_node(
				    plan->tree,
				    lathep_iso9660_u32(&laid->order,
						       dir->first + end - 2)),
			    section, end_section);
	memset(out + w.used, 0, LATHE_BLOCK_BYTES - w.used);
}

const struct lathep_iso9660_provider lathep_iso9660_directories = {
	.measure = measure,
	.encode = encode
};
