/* SPDX-License-Identifier: MIT */
/*
 * The directories of one hierarchy: laid out breadth first, which is the
 * order of its path tables (ECMA-119 6.9.1), and encoded block by block. The
 * continuation areas of a directory's system use stand in blocks of their own
 * right behind it: libarchive reads in ascending order and has to know the
 * name of a directory when it comes to it. Such a block is made by going once
 * more through the records that have an area in it.
 */
#include <string.h>

#include "iso9660/plan_internal.h"
#include "iso9660/system_use_internal.h"

/* 6.9.1: the number of a parent has 16 bits. */
#define MOST_PARENTS 65535u

#define RECORD_MAX 254u	/* 9.1.1: its length is one byte, and even */

/* ---- records ------------------------------------------------------------ */

/* What is needed at every record, when it is measured and when it is made. */
struct maker {
	const struct lathe_iso9660_plan *plan;
	uint32_t start, h;
	struct lathep_iso9660_areas areas;
};

/* Does the system use of a record say all there is to it? */
static bool no_extent(const struct lathe_iso9660_plan *plan, uint32_t h,
		      const struct lathep_iso9660_node *node)
{
	return h == 0 && plan->system_use &&
	       (node->flags & (LATHEP_ISO9660_SYMLINK |
			       LATHEP_ISO9660_SPECIAL |
			       LATHEP_ISO9660_MOVED));
}

/* Most files: nothing special, and one section has room for it. */
static bool is_plain(const struct lathep_iso9660_node *owner)
{
	return !owner->extra && owner->size <= LATHE_ISO9660_SECTION_BYTES;
}

static uint32_t sections_of(const struct lathe_iso9660_plan *plan, uint32_t h,
			    struct lathep_iso9660_node *node)
{
	if (node->kind == LATHE_ISO9660_DIRECTORY || no_extent(plan, h, node))
		return 1;
	node = lathep_iso9660_owner(plan->tree, node);
	return is_plain(node) ? 1
			      : lathep_iso9660_section_count(plan->tree, node);
}

/* A record with its system use. Returns its length; with 'out' NULL it is
 * only counted. */
static uint32_t make_record(struct maker *m,
			    const struct lathep_iso9660_record *record,
			    const struct lathep_iso9660_node *node,
			    enum lathep_iso9660_place place, uint8_t *out)
{
	uint32_t len = lathep_iso9660_emit_record(record, out);

	if (m->h == 0 && m->plan->system_use)
		len += m->plan->system_use->record(
			m->plan, m->start, node, place, RECORD_MAX - len,
			&m->areas, out ? out + len : NULL);
	if (len % 2 && out)
		out[len] = 0;
	len += len % 2;
	if (out)
		out[0] = (uint8_t)len;
	return len;
}

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
	char path[LATHEP_ISO9660_PATH_TEXT];

	if (parent >= MOST_PARENTS)
		return lathep_iso9660_fail(
			&plan->tree->failure, LATHE_ERR_LIMIT,
			"\"%s\" lies in directory %lu of %s; only the "
			"first %lu can hold directories",
			lathep_iso9660_path_text(plan->tree, id, path),
			(unsigned long)parent + 1, laid->hierarchy->name,
			(unsigned long)MOST_PARENTS);
	*(uint32_t *)lathep_iso9660_at(&laid->place, node->u.folder.dir) =
		laid->dirs.used;
	dir = lathep_iso9660_store_add(&laid->dirs);
	if (!dir)
		return LATHE_ERR_MEMORY;
	memset(dir, 0, sizeof(*dir));
	dir->named = id;
	dir->node = node->flags & LATHEP_ISO9660_STANDS_IN && id != plan->home
			    ? node->u.folder.indexed : id;
	dir->parent = parent;
	return 0;
}

/* Where the next record goes, while a directory is measured. */
struct measure {
	struct maker *maker;
	struct lathep_iso9660_laid *laid;
	uint32_t dir;
	uint32_t used;		/* bytes of the block that is being filled */
};

static int push_block(struct lathep_iso9660_laid *laid, uint32_t dir,
		      uint32_t child, uint32_t section, uint64_t area)
{
	struct lathep_iso9660_dir_block *block;

	if (area > UINT32_MAX)
		return LATHE_ERR_LIMIT;
	block = lathep_iso9660_store_add(&laid->dir_blocks);
	if (!block)
		return LATHE_ERR_MEMORY;
	block->dir = dir;
	block->child = child;
	block->section = section;
	block->area = (uint32_t)area;
	return 0;
}

/* 6.8.1.1: a record that does not fit begins the next block. */
static int measure_record(struct measure *m, uint32_t child, uint32_t section,
			  uint8_t id_len,
			  const struct lathep_iso9660_node *node,
			  enum lathep_iso9660_place place)
{
	struct lathep_iso9660_record record = { .id_len = id_len };
	uint64_t area = m->maker->areas.next;
	uint32_t len = make_record(m->maker, &record, node, place, NULL);

	if (m->used + len <= LATHE_BLOCK_BYTES) {
		m->used += len;
		return 0;
	}
	m->used = len;
	return push_block(m->laid, m->dir, child, section, area);
}

static int measure_child(struct measure *m, uint32_t child,
			 struct lathep_iso9660_node *node, uint8_t id_len)
{
	uint32_t sections = sections_of(m->maker->plan, m->maker->h, node), i;
	int err = 0;

	for (i = 0; i < sections && !err; i++)
		err = measure_record(m, child, i, id_len, node,
				     LATHEP_ISO9660_PLACE_CHILD);
	return err;
}

static int by_table(const void *ctx, uint32_t x, uint32_t y)
{
	const struct lathep_iso9660_naming *naming = ctx;
	const struct lathep_iso9660_idset_entry *a =
		lathep_iso9660_entry_of(naming, x);
	const struct lathep_iso9660_idset_entry *b =
		lathep_iso9660_entry_of(naming, y);

	return naming->laid->hierarchy->compare_directories(
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

/* Records 0 and 1 of a directory: "." and "..". */
static enum lathep_iso9660_place place_of_dot(uint32_t which)
{
	return which ? LATHEP_ISO9660_PLACE_PARENT : LATHEP_ISO9660_PLACE_SELF;
}

/* A directory that stays as it was. */
static int lay_as_read(struct lathep_iso9660_laid *laid, uint32_t at,
		       const struct lathep_iso9660_layout *layout,
		       uint32_t blocks)
{
	const uint32_t *start = (const uint32_t *)(layout + 1);
	struct lathep_iso9660_dir *dir = dir_at(laid, at);
	uint32_t i;
	int err = 0;

	dir->count = layout->count;
	dir->first_block = laid->dir_blocks.used;
	dir->blocks = blocks;
	for (i = 0; i < blocks && !err; i++)
		err = push_block(laid, at, start[i], 0, 0);
	return err;
}

static int lay_dir(struct maker *maker, struct lathe_iso9660_plan *plan,
		   struct lathep_iso9660_laid *laid, uint32_t at,
		   struct lathep_iso9660_naming *naming)
{
	struct measure m = { maker, laid, at, LATHE_BLOCK_BYTES };
	struct lathep_iso9660_dir *dir = dir_at(laid, at);
	struct lathep_iso9660_node *node =
		lathep_iso9660_node(plan->tree, dir->node);
	const struct lathep_iso9660_layout *layout;
	uint32_t dirs = 0, i;
	int err;

	layout = lathep_iso9660_layout_of(plan, maker->h, node, &i);
	if (layout)
		return lay_as_read(laid, at, layout, i);
	err = lathep_iso9660_name_folder(naming, dir->node);
	if (err)
		return err;
	maker->areas.next = 0;
	dir->first = laid->order.used;
	dir->count = naming->count;
	dir->first_block = laid->dir_blocks.used;
	for (i = 0; i < 2 && !err; i++)
		err = measure_record(&m, i, 0, 1, node, place_of_dot(i));
	for (i = 0; i < naming->count && !err; i++) {
		const struct lathep_iso9660_named *child =
			&naming->child[naming->sorted[i]];

		node = lathep_iso9660_node(plan->tree, child->node);
		err = lathep_iso9660_push(&laid->order, child->node);
		if (!err)
			err = measure_child(&m, i + 2, node, child->len);
		if (node->kind != LATHE_ISO9660_DIRECTORY)
			continue;
		dir->links += !(node->flags & LATHEP_ISO9660_STANDS_IN);
		if (!no_extent(plan, maker->h, node))
			naming->sorted[dirs++] = naming->sorted[i];
	}
	dir->blocks = laid->dir_blocks.used - dir->first_block;
	if (!err && dir->blocks > UINT32_MAX / LATHE_BLOCK_BYTES)
		err = LATHE_ERR_LIMIT;
	for (i = 0; i < lathep_iso9660_blocks(maker->areas.next) && !err; i++)
		err = push_block(laid, at, LATHEP_ISO9660_AREA_BLOCK, i, 0);
	return err ? err : push_dirs(plan, laid, at, naming, dirs);
}

int lathep_iso9660_lay_directories(struct lathe_iso9660_plan *plan, uint32_t h,
				   struct lathep_iso9660_naming *naming)
{
	struct lathep_iso9660_laid *laid = &plan->laid[h];
	struct maker maker = { .plan = plan, .h = h };
	uint32_t i;
	int err = 0;

	for (i = 0; i < plan->rows && !err; i++)
		err = lathep_iso9660_push(&laid->place,
					  LATHEP_ISO9660_NO_PLACE);
	naming->h = h;
	naming->laid = laid;
	if (!err)
		err = push_dir(plan, laid, LATHE_ISO9660_ROOT, 0);
	for (i = 0; i < laid->dirs.used && !err; i++)
		err = lay_dir(&maker, plan, laid, i, naming);
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
	struct maker maker;
	const struct lathep_iso9660_laid *laid;
	uint32_t dirs, empty;	/* LBAs: of the hierarchy's directories, of
				 * what has no extent */
	uint8_t *out;		/* NULL: only areas are made */
	uint32_t used;
	bool plain;		/* no record has system use */
};

/* Where the next record is made: in its place, where any would fit. */
static uint8_t *next_record(const struct writer *w,
			    uint8_t bytes[RECORD_MAX + 2])
{
	return w->out && w->used + RECORD_MAX + 2 <= LATHE_BLOCK_BYTES
		       ? w->out + w->used : bytes;
}

static void put(struct writer *w, const struct lathep_iso9660_record *record,
		const struct lathep_iso9660_node *node,
		enum lathep_iso9660_place place)
{
	uint8_t bytes[RECORD_MAX + 2], *to = next_record(w, bytes);
	uint32_t len = make_record(&w->maker, record, node, place,
				   w->out ? to : NULL);

	/* The latter can not happen: it was measured by the same function. */
	if (!w->out || w->used + len > LATHE_BLOCK_BYTES)
		return;
	if (to == bytes)
		memcpy(w->out + w->used, bytes, len);
	w->used += len;
}

static void directory_extent(const struct writer *w, uint32_t at,
			     struct lathep_iso9660_record *record)
{
	const struct lathep_iso9660_dir *dir = dir_at(w->laid, at);

	record->lba = w->dirs + dir->first_block;
	record->bytes = dir->blocks * LATHE_BLOCK_BYTES;
	record->flags |= 0x02;
}

/* 6.8.2.2: the directory itself and its parent, with identifiers of one
 * byte, 00h and 01h. */
static void write_dot(struct writer *w, uint32_t at, uint32_t which)
{
	static const uint8_t ids[2] = { 0, 1 };
	const struct lathe_iso9660_tree *tree = w->maker.plan->tree;
	const struct lathep_iso9660_dir *dir = dir_at(w->laid, at);
	struct lathep_iso9660_record record = { .id = ids + which,
						.id_len = 1 };

	if (which)
		at = dir->parent;
	record.date = lathep_iso9660_node(tree, dir_at(w->laid, at)->node)
			      ->date;
	directory_extent(w, at, &record);
	put(w, &record, lathep_iso9660_node(tree, dir->node),
	    place_of_dot(which));
}

static void file_extent(const struct writer *w,
			const struct lathep_iso9660_node *owner,
			uint32_t section, bool last,
			struct lathep_iso9660_record *record)
{
	struct lathep_iso9660_section s;

	if (is_plain(owner)) {
		record->lba = owner->u.file.lba;
		record->bytes = (uint32_t)owner->size;
	} else {
		lathep_iso9660_section_at(w->maker.plan->tree, owner, section,
					  &s);
		record->lba = s.lba;
		record->bytes = s.bytes;
		record->xar = s.xar;
		record->flags |= (uint8_t)(s.flags | (last ? 0 : 0x80));
	}
	/* Nobody reads it, but some check that it lies in the volume. */
	if (owner->size == 0)
		record->lba = w->empty;
	else if (!(owner->flags & LATHEP_ISO9660_IMPORTED))
		record->lba += w->maker.start;
}

/* SPEC.md 1.9: where the record of a symbolic link points to, so that it is
 * known in all hierarchies: to content or, where none of it is, into the system
 * area, where no file can be. */
static uint32_t link_lba(const struct writer *w,
			 const struct lathep_iso9660_node *node,
			 const struct lathep_iso9660_node *owner)
{
	struct lathep_iso9660_record content = { .lba = 0 };

	if (lathep_iso9660_bare(node))
		return w->maker.start;
	if (owner->size == 0)
		return w->maker.start + 1;
	file_extent(w, owner, 0, true, &content);
	return content.lba + content.xar;
}

/* Most children: files whose one record says all there is to say. Returns
 * whether it was one. */
static bool write_plain(struct writer *w,
			const struct lathep_iso9660_node *node)
{
	const uint16_t rare = LATHEP_ISO9660_LINK | LATHEP_ISO9660_HIDDEN |
			      LATHEP_ISO9660_ASSOCIATED |
			      LATHEP_ISO9660_SYMLINK | LATHEP_ISO9660_SPECIAL;
	struct lathep_iso9660_record record = { .date = node->date };
	uint8_t *to;

	if (!w->plain || w->used + RECORD_MAX + 2 > LATHE_BLOCK_BYTES ||
	    node->kind == LATHE_ISO9660_DIRECTORY || node->flags & rare ||
	    !is_plain(node))
		return false;
	to = w->out + w->used;
	record.id = to + 33;
	record.id_len = lathep_iso9660_identifier(w->maker.plan, w->maker.h,
						  node, to + 33);
	file_extent(w, node, 0, true, &record);
	w->used += lathep_iso9660_emit_record(&record, to);
	return true;
}

/* Records of a child from 'section' on, up to 'end'. */
static void write_child(struct writer *w, struct lathep_iso9660_node *node,
			uint32_t section, uint32_t end)
{
	const struct lathe_iso9660_plan *plan = w->maker.plan;
	const struct lathep_iso9660_node *owner =
		lathep_iso9660_owner(plan->tree, node);
	uint32_t sections = sections_of(plan, w->maker.h, node);
	uint8_t bytes[RECORD_MAX + 2], *id = next_record(w, bytes) + 33;
	uint8_t len = lathep_iso9660_identifier(plan, w->maker.h, node, id);

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
		if (no_extent(plan, w->maker.h, node))
			record.lba = w->empty;
		else if (node->kind == LATHE_ISO9660_DIRECTORY)
			directory_extent(w,
					 lathep_iso9660_u32(
						 &w->laid->place,
						 node->u.folder.dir),
					 &record);
		else
			file_extent(w, owner, section,
				    section + 1 == sections, &record);
		if (node->flags & LATHEP_ISO9660_SYMLINK && !record.bytes)
			record.lba = link_lba(w, node, owner);
		put(w, &record, node, LATHEP_ISO9660_PLACE_CHILD);
	}
}

static struct lathep_iso9660_node *
child_at(const struct writer *w, const struct lathep_iso9660_dir *dir,
	 const struct lathep_iso9660_layout *layout, uint32_t child)
{
	return lathep_iso9660_node(
		w->maker.plan->tree,
		layout ? layout->first + child - 2
		       : lathep_iso9660_u32(&w->laid->order,
					    dir->first + child - 2));
}

static const struct lathep_iso9660_dir_block *
block_at(const struct lathep_iso9660_laid *laid, uint32_t i)
{
	return lathep_iso9660_at(&laid->dir_blocks, i);
}

/* Records from (child, section) of block 'i' up to those of the next one. */
static void write_records(struct writer *w, uint32_t i)
{
	const struct lathep_iso9660_dir_block *block = block_at(w->laid, i);
	const struct lathep_iso9660_dir *dir = dir_at(w->laid, block->dir);
	uint32_t child = block->child, section = block->section;
	uint32_t end = dir->count + 2, end_section = 0;
	struct lathep_iso9660_node *node;
	const struct lathep_iso9660_layout *layout = lathep_iso9660_layout_of(
		w->maker.plan, w->maker.h,
		lathep_iso9660_node(w->maker.plan->tree, dir->node), NULL);

	w->maker.areas.next = block->area;
	w->maker.areas.lba = w->dirs + dir->first_block + dir->blocks;
	if (i + 1 < dir->first_block + dir->blocks) {
		end = block_at(w->laid, i + 1)->child;
		end_section = block_at(w->laid, i + 1)->section;
	}
	for (; child < end; child++, section = 0) {
		if (child < 2) {
			write_dot(w, block->dir, child);
			continue;
		}
		node = child_at(w, dir, layout, child);
		if (!write_plain(w, node))
			write_child(w, node, section, UINT32_MAX);
	}
	if (end_section > section)
		write_child(w, child_at(w, dir, layout, end), section,
			    end_section);
}

static void init_writer(struct writer *w,
			const struct lathe_iso9660_image *image, uint32_t h)
{
	const struct lathe_iso9660_plan *plan = image->plan;

	memset(w, 0, sizeof(*w));
	w->laid = &plan->laid[h];
	w->dirs = image->start + w->laid->first;
	w->empty = image->start + plan->empty_block;
	w->maker.plan = plan;
	w->maker.start = image->start;
	w->maker.h = h;
	w->plain = h || !plan->system_use;
}

/* The last block of a directory before whose records no more than 'bytes' of
 * areas are taken. */
static uint32_t block_before(const struct lathep_iso9660_laid *laid,
			     const struct lathep_iso9660_dir *dir,
			     uint64_t bytes)
{
	uint32_t low = dir->first_block, high = low + dir->blocks - 1;

	while (low < high) {
		uint32_t middle = high - (high - low) / 2;

		if (block_at(laid, middle)->area <= bytes)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

/* Block 'n' of a directory's areas. */
static void write_areas(struct writer *w, const struct lathep_iso9660_dir *dir,
			uint32_t n, uint8_t *out)
{
	uint64_t first = (uint64_t)n * LATHE_BLOCK_BYTES;
	uint32_t at = block_before(w->laid, dir, first);
	uint32_t end = dir->first_block + dir->blocks;

	w->maker.areas.block = n;
	w->maker.areas.out = out;
	for (; at < end && block_at(w->laid, at)->area <
				   first + LATHE_BLOCK_BYTES; at++)
		/* Most records need none. */
		if (at + 1 == end || block_at(w->laid, at)->area !=
					     block_at(w->laid, at + 1)->area)
			write_records(w, at);
}

static void encode(const struct lathe_iso9660_image *image,
		   const struct lathep_iso9660_region *region, uint32_t i,
		   uint8_t *out)
{
	const struct lathep_iso9660_dir_block *block;
	struct writer w;

	init_writer(&w, image, region->h);
	block = block_at(w.laid, i);
	if (block->child == LATHEP_ISO9660_AREA_BLOCK) {
		memset(out, 0, LATHE_BLOCK_BYTES);
		write_areas(&w, dir_at(w.laid, block->dir), block->section,
			    out);
		return;
	}
	w.out = out;
	write_records(&w, i);
	memset(out + w.used, 0, LATHE_BLOCK_BYTES - w.used);
}

const struct lathep_iso9660_provider lathep_iso9660_directories = {
	.measure = measure,
	.encode = encode
};
