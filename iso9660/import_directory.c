/* SPDX-License-Identifier: MIT */
/*
 * One directory, from its blocks to items: records are checked, sections are
 * gathered into files. ECMA-119 6.8.1, 9.1.
 *
 * What is odd is told and left out, so that the next session does not repeat
 * it; the rest of the directory is still read.
 */
#include <string.h>

#include "iso9660/reader_internal.h"

/* A directory being read. */
struct reading {
	struct lathep_iso9660_import *imp;
	const struct lathep_iso9660_waiting *dir;
	bool quiet;		/* a look ahead: nothing is told */
	bool mixed;		/* interleaved, with an attribute record */
	bool zeros;		/* in the block in front of this one */
	uint32_t records;
	int (*take)(void *ctx, struct lathep_iso9660_import *imp,
		    const struct lathep_iso9660_item *item);
	void *ctx;

	/* Sections that wait for their last one: the first record's bytes,
	 * since its block may be gone by then. */
	bool open;
	struct lathep_iso9660_item item;
	struct lathep_iso9660_record next; /* parsed while one is open */
	uint8_t held[256];
};

/* What is not taken. */
static int left_out(const struct reading *r, const char *text)
{
	return r->quiet ? 0
			: lathep_iso9660_odd(r->imp, LATHE_ISO9660_ODD_RECORD,
					     r->imp->at, "%s: left out", text);
}

/* ---- sections ----------------------------------------------------------- */

static int push_section(struct lathep_iso9660_import *imp, uint32_t at,
			struct lathep_iso9660_section section)
{
	void *p;

	if (at >= imp->tree->limits.sections)
		return lathep_iso9660_fail(
			lathep_iso9660_import_failure(imp), LATHE_ERR_LIMIT,
			"a file in the directory block %lu has more than %lu "
			"sections",
			(unsigned long)imp->at,
			(unsigned long)imp->tree->limits.sections);
	p = lathep_iso9660_grow(&imp->tree->hooks, imp->sections,
				&imp->section_room, at + 1, sizeof(section));
	if (!p)
		return lathep_iso9660_import_no_memory(imp->tree);
	imp->sections = p;
	imp->sections[at] = section;
	return 0;
}

/*
 * Interleaved data (6.4.3) lie in units with gaps between them. Hardly any
 * system reads that, so each unit is taken as a section of its own: the same
 * bytes, recorded next time in a form that all systems read.
 */
static int push_units(struct lathep_iso9660_import *imp, uint32_t *count,
		      const struct lathep_iso9660_record *record)
{
	uint32_t left = record->bytes, lba = record->lba;
	uint32_t unit = record->unit * LATHE_BLOCK_BYTES;
	struct lathep_iso9660_section section = { 0 };
	int err;

	while (left > 0) {
		section.lba = lba;
		section.bytes = left < unit ? left : unit;
		err = push_section(imp, *count, section);
		if (err)
			return err;
		++*count;
		left -= section.bytes;
		/* A lap over the end is noticed when extents are checked. */
		if (lba > UINT32_MAX - record->unit - record->gap)
			lba = UINT32_MAX;
		else
			lba += (uint32_t)record->unit + record->gap;
	}
	return 0;
}

static int push_record(struct reading *r,
		       const struct lathep_iso9660_record *record)
{
	struct lathep_iso9660_item *item = &r->item;
	struct lathep_iso9660_section section = {
		.lba = record->lba,
		.bytes = record->bytes,
		.xar = record->xar,
		.flags = record->flags & 0x18u,
	};
	int err;

	item->size += record->bytes;
	if (record->unit && record->bytes) {
		r->mixed |= record->xar > 0;
		err = push_units(r->imp, &item->section_count, record);
	} else {
		/* Of several, a list is kept in any case. */
		item->odd = record->xar || section.flags;
		err = push_section(r->imp, item->section_count++, section);
	}
	item->sections = r->imp->sections;
	return err;
}

/* All sections on the disc, and together not more than it holds. */
static bool sections_fit(const struct reading *r)
{
	const struct lathep_iso9660_item *item = &r->item;
	uint32_t end = r->imp->blocks->end, i;

	for (i = 0; i < item->section_count; i++)
		if (!lathep_iso9660_on_disc(item->sections[i].lba,
					    item->sections[i].xar,
					    item->sections[i].bytes, end))
			return false;
	return item->size <= (uint64_t)end * LATHE_BLOCK_BYTES;
}

static int tell_extent(struct lathep_iso9660_import *imp, const char *what,
		       uint64_t bytes, uint32_t lba)
{
	return lathep_iso9660_odd(
		imp, LATHE_ISO9660_ODD_EXTENT, imp->at,
		"a %s of %llu bytes at block %lu is not on the disc, which "
		"ends at block %lu: left out",
		what, (unsigned long long)bytes, (unsigned long)lba,
		(unsigned long)imp->blocks->end);
}

static int tell_file(const struct reading *r)
{
	return r->quiet ? 0 : tell_extent(r->imp, "file", r->item.size,
					  r->item.record.lba);
}

static int deliver_file(struct reading *r)
{
	struct lathep_iso9660_item *item = &r->item;

	r->open = false;
	if (!sections_fit(r))
		return tell_file(r);
	if (r->mixed)
		return left_out(r,
				"an interleaved file with an attribute record");
	return r->take(r->ctx, r->imp, item);
}

static int drop_open(struct reading *r)
{
	if (!r->open)
		return 0;
	r->open = false;
	return left_out(r, "a file without its last section");
}

static bool continues(const struct reading *r,
		      const struct lathep_iso9660_record *record)
{
	const struct lathep_iso9660_record *first = &r->item.record;

	return first->id_len == record->id_len &&
	       memcmp(first->id, record->id, first->id_len) == 0 &&
	       ((first->flags ^ record->flags) &
		LATHEP_ISO9660_FLAG_ASSOCIATED) == 0;
}

/* The first of several records says it for all. */
static int read_system_use(struct reading *r,
			   const struct lathep_iso9660_record *record)
{
	if (!lathep_iso9660_with_system_use(r->imp))
		return 0;
	return lathep_iso9660_system_use_read(r->imp, record, false);
}

/* Mostly the record was parsed where it belongs. */
static void begin_item(struct reading *r,
		       const struct lathep_iso9660_record *record)
{
	struct lathep_iso9660_item *item = &r->item;

	if (record != &item->record)
		item->record = *record;
	item->size = 0;
	item->sections = NULL;
	item->section_count = 0;
	item->odd = r->mixed = false;
}

/* Most files: one section, of which the record says all. */
static int take_plain(struct reading *r)
{
	struct lathep_iso9660_item *item = &r->item;

	/* An associated file (04h) has the identifier of another one. */
	r->imp->note.plain += !(item->record.flags & ~1u);
	r->imp->note.empty += item->record.bytes == 0;
	item->size = item->record.bytes;
	if (!lathep_iso9660_on_disc(item->record.lba, 0, item->record.bytes,
				    r->imp->blocks->end))
		return tell_file(r);
	item->section_count = 1;
	return r->take(r->ctx, r->imp, item);
}

static int take_file(struct reading *r,
		     const struct lathep_iso9660_record *record)
{
	int err;

	if (record->plain && !r->open)
		return take_plain(r);
	err = push_record(r, record);
	if (err)
		return err;
	if (!(record->flags & LATHEP_ISO9660_FLAG_MORE))
		return deliver_file(r);
	if (!r->open) {
		memcpy(r->held, record->id, record->record_len - 33u);
		r->item.record.id = r->held;
		r->open = true;
	}
	return 0;
}

static int take_entry(struct reading *r,
		      const struct lathep_iso9660_record *record)
{
	bool directory = record->flags & LATHEP_ISO9660_FLAG_DIRECTORY;
	int err = 0;

	if (r->open && (directory || !continues(r, record)))
		err = drop_open(r);
	if (err)
		return err;
	/* 6.8.1: one section, no interleaving. */
	if (directory && (record->flags & LATHEP_ISO9660_FLAG_MORE ||
			  record->unit || record->gap))
		return left_out(r, "a directory in several sections");
	if (!r->open) {
		begin_item(r, record);
		err = read_system_use(r, record);
	}
	if (err)
		return err;
	return directory ? r->take(r->ctx, r->imp, &r->item)
			 : take_file(r, record);
}

/* ---- records ------------------------------------------------------------ */

/* No other record tells the root's date (9.1.5), unless its system use does.
 * The first hierarchy that has one counts. */
static void date_root(struct lathep_iso9660_import *imp,
		      const struct lathep_iso9660_record *record)
{
	struct lathep_iso9660_node *root =
		lathep_iso9660_node(imp->tree, LATHE_ISO9660_ROOT);

	if (!lathep_iso9660_is_date(root->date))
		memcpy(root->date, record->date, sizeof(root->date));
}

static const char misplaced[] =
	"a directory's own record is misplaced";

/* The directory itself and its parent: 6.8.2.2, 9.1.11. */
static int take_dot(struct reading *r,
		    const struct lathep_iso9660_record *record)
{
	int err = 0;

	if (r->records != record->id[0] + 1u)
		return left_out(r, misplaced);
	if (r->records > 1)
		return 0;
	/* Seen where an image was burnt at another address than it was made
	 * for: then nothing is where it says. Or another directory's block was
	 * written here. */
	if (!r->quiet && record->lba + record->xar != r->dir->lba)
		err = lathep_iso9660_odd(r->imp, LATHE_ISO9660_ODD_EXTENT,
					 r->imp->at,
					 "a directory says it is at block %lu",
					 (unsigned long)record->lba);
	if (r->dir->depth == 1)
		date_root(r->imp, record);
	if (err || !lathep_iso9660_with_system_use(r->imp))
		return err;
	err = lathep_iso9660_system_use_read(r->imp, record,
					     r->dir->depth == 1);
	return err ? err : lathep_iso9660_system_use_apply(r->imp,
							   r->dir->node, true);
}

static int take_record(struct reading *r,
		       const struct lathep_iso9660_record *record)
{
	int err;

	r->records++;
	if (record->halves && !r->quiet) {
		err = lathep_iso9660_odd(r->imp, LATHE_ISO9660_ODD_HALVES,
					 r->imp->at,
					 "a number differs in its two byte "
					 "orders");
		if (err)
			return err;
	}
	if (record->id_len == 1 && record->id[0] <= 1)
		return take_dot(r, record);
	if (r->records == 1) {
		err = left_out(r, misplaced);
		if (err)
			return err;
	}
	return take_entry(r, record);
}

/* How it lies in its block; a plan makes the next one in the same way. */
static int note_place(struct reading *r, uint32_t at,
		      const struct lathep_iso9660_record *record)
{
	struct lathep_iso9660_note *note = &r->imp->note;
	uint32_t len = record->record_len;
	int err = 0;

	if (r->quiet)
		return 0;
	if (at == 0)
		err = lathep_iso9660_note_block(r->imp, r->records, len);
	if (len != 33u + record->id_len + (record->id_len % 2 == 0))
		note->regular = false;
	note->used = at + len;
	return err;
}

static int tell_rest(const struct reading *r, uint32_t at)
{
	if (r->quiet)
		return 0;
	return lathep_iso9660_odd(
		r->imp, LATHE_ISO9660_ODD_RECORD, r->imp->at,
		"a record at byte %lu of the block does not parse: the rest "
		"is left out",
		(unsigned long)at);
}

static int read_block(struct reading *r, const uint8_t *block, uint32_t bytes)
{
	struct lathep_iso9660_record *record;
	uint32_t at = 0;
	int err;

	/* 6.8.1.1: no record crosses a block; a zero ends the block. */
	while (at < bytes && block[at] != 0) {
		record = r->open ? &r->next : &r->item.record;
		if (lathep_iso9660_record_parse(block + at, bytes - at,
						r->imp->recorded_end, record))
			return tell_rest(r, at);
		record->lba = lathep_iso9660_shifted(record->lba,
						     r->imp->heads.shift);
		err = note_place(r, at, record);
		if (!err)
			err = take_record(r, record);
		if (err)
			return err;
		at += record->record_len;
	}
	return 0;
}

/*
 * 6.8.1.1: a block without records stands in front of no other, and 6.8.2.2:
 * no directory has nothing else. Zeros behind all records are room that some
 * writers leave.
 */
static int look_for_zeros(struct reading *r, uint8_t first, bool last)
{
	bool lost = first ? r->zeros : last && !r->records;

	r->zeros = !first;
	return lost ? left_out(r, "zeros in place of records") : 0;
}

int lathep_iso9660_directory_read(
	struct lathep_iso9660_import *imp,
	const struct lathep_iso9660_waiting *dir, bool look,
	int (*take)(void *ctx, struct lathep_iso9660_import *imp,
		    const struct lathep_iso9660_item *item),
	void *ctx)
{
	struct reading r = { .imp = imp, .dir = dir, .quiet = look,
			     .take = take, .ctx = ctx };
	uint32_t left = dir->bytes, lba = dir->lba, bytes;
	const uint8_t *block;
	int err = 0;

	if (!look)
		lathep_iso9660_note_begin(imp);
	while (!err && left > 0) {
		bytes = left < LATHE_BLOCK_BYTES ? left : LATHE_BLOCK_BYTES;
		err = lathep_iso9660_window_get(
			imp, lba, (left - 1) / LATHE_BLOCK_BYTES, &block);
		if (err)
			break;
		imp->at = lba++;
		err = look_for_zeros(&r, block[0], left == bytes);
		if (!err)
			err = read_block(&r, block, bytes);
		left -= bytes;
		if (look && lba == imp->window.first + imp->window.count)
			break;
	}
	if (look || err)
		return err < 0 ? err : 0;
	imp->note.records = r.records;
	return drop_open(&r);
}

int lathep_iso9660_too_deep(struct lathep_iso9660_import *imp)
{
	return lathep_iso9660_fail(
		lathep_iso9660_import_failure(imp), LATHE_ERR_LIMIT,
		"more than %lu directories inside each other",
		(unsigned long)imp->tree->limits.depth);
}

/* Is the directory at 'lba' this one, or one that it is in? */
static bool is_in(const struct lathe_iso9660_tree *tree, uint32_t folder,
		  uint32_t lba)
{
	const struct lathep_iso9660_node *node;

	for (;; folder = node->parent) {
		node = lathep_iso9660_node(tree, folder);
		if (node->size == lba || folder == LATHE_ISO9660_ROOT)
			return node->size == lba;
	}
}

int lathep_iso9660_directory_enter(struct lathep_iso9660_import *imp,
				   const struct lathep_iso9660_record *record,
				   uint32_t parent, uint32_t depth,
				   struct lathep_iso9660_waiting *out)
{
	bool met;
	int err;

	memset(out, 0, sizeof(*out));
	if (!lathep_iso9660_on_disc(record->lba, record->xar, record->bytes,
				    imp->blocks->end))
		return tell_extent(imp, "directory", record->bytes,
				   record->lba);
	if (depth > imp->tree->limits.depth)
		return lathep_iso9660_too_deep(imp);
	out->depth = depth;
	if (record->bytes == 0)
		return 0;
	err = lathep_iso9660_queue_meet(imp, record->lba + record->xar, &met);
	if (err)
		return err;
	/* Some writers give a directory two names. Those of ours have one, and
	 * all that do not overlap can not be more than the disc. */
	if ((met && (imp->own || is_in(imp->tree, parent,
				       record->lba + record->xar))) ||
	    record->bytes > imp->extent_bytes) {
		out->depth = 0;
		return lathep_iso9660_odd(
			imp, LATHE_ISO9660_ODD_LOOP, imp->at,
			"the directory at block %lu was met before: left out",
			(unsigned long)record->lba);
	}
	if (record->bytes > imp->directory_bytes)
		return lathep_iso9660_fail(
			lathep_iso9660_import_failure(imp), LATHE_ERR_LIMIT,
			"directories of more than %llu bytes in all",
			(unsigned long long)imp->tree->limits.directory_bytes);
	imp->extent_bytes -= record->bytes;
	imp->directory_bytes -= record->bytes;
	out->lba = record->lba + record->xar;
	out->bytes = record->bytes;
	return 0;
}
