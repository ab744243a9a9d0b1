/* SPDX-License-Identifier: MIT */
#include "lib_disc.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- discs -------------------------------------------------------------- */

static int read_disc(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct disc *disc = ctx;
	uint32_t i;

	ck_assert_uint_ge(count, 1);
	ck_assert_uint_le((uint64_t)lba + count, disc->blocks);
	disc->reads++;
	disc->blocks_read += count;
	if (disc->broken >= lba && disc->broken < lba + count && disc->broken)
		return LATHE_ERR_IO;
	if (disc->fail_at && (disc->reads == disc->fail_at ||
			      (disc->fail_on && disc->reads > disc->fail_at)))
		return disc->fail_with ? disc->fail_with : LATHE_ERR_IO;
	for (i = 0; disc->times && i < count; i++)
		disc->times[lba + i]++;
	memcpy(out, disc->data + (size_t)lba * 2048, (size_t)count * 2048);
	return 0;
}

struct disc *disc_new(uint32_t blocks)
{
	struct disc *disc = calloc(1, sizeof(*disc));

	ck_assert_ptr_nonnull(disc);
	disc->data = calloc(blocks, 2048);
	ck_assert_ptr_nonnull(disc->data);
	disc->blocks = blocks;
	disc->source.ctx = disc;
	disc->source.read = read_disc;
	disc->source.end = blocks;
	return disc;
}

void disc_free(struct disc *disc)
{
	free(disc->data);
	free(disc->times);
	free(disc);
}

uint8_t *disc_block(struct disc *disc, uint32_t lba)
{
	ck_assert_uint_lt(lba, disc->blocks);
	return disc->data + (size_t)lba * 2048;
}

/* 7.2.3 and 7.3.3, spelt out. */
static void both16(uint8_t *p, uint32_t v)
{
	p[0] = p[3] = (uint8_t)v;
	p[1] = p[2] = (uint8_t)(v >> 8);
}

static void both32(uint8_t *p, uint32_t v)
{
	p[0] = p[7] = (uint8_t)v;
	p[1] = p[6] = (uint8_t)(v >> 8);
	p[2] = p[5] = (uint8_t)(v >> 16);
	p[3] = p[4] = (uint8_t)(v >> 24);
}

static uint8_t *put_record(uint8_t *p, const void *id, uint8_t len,
			   uint32_t lba, uint32_t bytes, uint8_t flags)
{
	/* 9.1.5: 2020-02-03 04:05:06 GMT. */
	static const uint8_t date[7] = { 120, 2, 3, 4, 5, 6, 0 };

	p[0] = (uint8_t)(33 + len + (len % 2 == 0));
	p[1] = 0;
	both32(p + 2, lba);
	both32(p + 10, bytes);
	memcpy(p + 18, date, 7);
	p[25] = flags;
	p[26] = p[27] = 0;
	both16(p + 28, 1);
	p[32] = len;
	memcpy(p + 33, id, len);
	return p;
}

static uint8_t *put_descriptor(struct disc *disc, uint32_t lba, uint8_t type,
			       uint32_t root_lba, uint32_t root_bytes)
{
	uint8_t *d = disc_block(disc, lba);

	memset(d, 0, 2048);
	d[0] = type;
	memcpy(d + 1, "CD001", 5);
	d[6] = 1;
	both32(d + 80, disc->blocks);
	both16(d + 120, 1);
	both16(d + 124, 1);
	both16(d + 128, 2048);
	put_record(d + 156, "", 1, root_lba, root_bytes, DIRECTORY);
	d[881] = 1;
	return d;
}

void disc_primary(struct disc *disc, uint32_t lba, uint32_t root_lba,
		  uint32_t root_bytes)
{
	uint8_t *d = put_descriptor(disc, lba, 1, root_lba, root_bytes);

	memset(d + 8, ' ', 64);
	memcpy(d + 40, "VOLUME", 6);
	memset(d + 190, ' ', 623);
	memcpy(d + 574, "SOME PROGRAM", 12);
}

void disc_joliet(struct disc *disc, uint32_t lba, uint32_t root_lba,
		 uint32_t root_bytes)
{
	uint8_t *d = put_descriptor(disc, lba, 2, root_lba, root_bytes);
	unsigned i;

	for (i = 40; i < 72; i += 2)
		d[i + 1] = ' ';
	memcpy(d + 40, "\0J\0o\0l", 6);
	memcpy(d + 88, "%/E", 3);
}

void disc_terminator(struct disc *disc, uint32_t lba)
{
	uint8_t *d = disc_block(disc, lba);

	memset(d, 0, 2048);
	d[0] = 255;
	memcpy(d + 1, "CD001", 5);
	d[6] = 1;
}

void disc_mark(struct disc *disc, uint32_t metadata, uint32_t directories,
	       uint32_t map)
{
	uint8_t *p = disc_block(disc, 16) + 883;

	memset(p, 0, 512);
	memcpy(p, "LATHE", 5);
	lathe_put_le32(p + 8, 1);
	lathe_put_le32(p + 16, disc->blocks);
	lathe_put_le32(p + 20, metadata);
	lathe_put_le32(p + 32, map ? 2 : 1);
	lathe_put_le32(p + 36, lathe_get_le32(disc_block(disc, 16) + 158));
	lathe_put_le32(p + 40, lathe_get_le32(disc_block(disc, 16) + 166));
	if (map) {
		lathe_put_le32(p + 44,
			       lathe_get_le32(disc_block(disc, 17) + 158));
		lathe_put_le32(p + 48,
			       lathe_get_le32(disc_block(disc, 17) + 166));
		lathe_put_le32(p + 76, map);
	}
	lathe_put_le32(p + 72, directories);
	/* The field itself counts as zeros. */
	lathe_put_le32(p + 68,
		       lathe_iso9660_crc32c(0, disc_block(disc, 16),
					    (size_t)(metadata - 16) * 2048));
}

struct dir dir_begin(struct disc *disc, uint32_t lba, uint32_t blocks,
		     uint32_t parent_lba, uint32_t parent_blocks, bool wide)
{
	struct dir dir = { disc, lba, blocks, 0, false };

	memset(disc_block(disc, lba), 0, (size_t)blocks * 2048);
	ck_assert_uint_le((uint64_t)lba + blocks, disc->blocks);
	dir_add_raw(&dir, "\0", 1, lba, blocks * 2048, DIRECTORY);
	dir_add_raw(&dir, "\1", 1, parent_lba, parent_blocks * 2048,
		    DIRECTORY);
	dir.wide = wide;
	return dir;
}

uint8_t *dir_add_raw(struct dir *dir, const void *id, uint8_t len,
		     uint32_t lba, uint32_t bytes, uint8_t flags)
{
	uint32_t need = 33u + len + (len % 2 == 0);
	uint8_t *p;

	/* 6.8.1.1: no record crosses a block. */
	if (dir->at % 2048 + need > 2048)
		dir->at += 2048 - dir->at % 2048;
	ck_assert_uint_le(dir->at + need, dir->blocks * 2048);
	p = disc_block(dir->disc, dir->lba) + dir->at;
	dir->at += need;
	return put_record(p, id, len, lba, bytes, flags);
}

uint8_t *dir_add(struct dir *dir, const char *id, uint32_t lba, uint32_t bytes,
		 uint8_t flags)
{
	uint8_t wide[222];
	size_t len = strlen(id), i;

	if (!dir->wide)
		return dir_add_raw(dir, id, (uint8_t)len, lba, bytes, flags);
	for (i = 0; i < len; i++) {
		wide[2 * i] = 0;
		wide[2 * i + 1] = (uint8_t)id[i];
	}
	return dir_add_raw(dir, wide, (uint8_t)(2 * len), lba, bytes, flags);
}

void dir_use(struct dir *dir, uint8_t *record, const void *bytes, uint32_t len)
{
	uint8_t *end = disc_block(dir->disc, dir->lba) + dir->at;

	ck_assert_ptr_eq(record + record[0], end);
	ck_assert_uint_le(record[0] + len, 254);
	ck_assert_uint_le(dir->at % 2048 + len, 2048);
	memcpy(end, bytes, len);
	record[0] = (uint8_t)(record[0] + len);
	dir->at += len;
}

void disc_resize(struct disc *disc, uint32_t blocks)
{
	uint8_t *data = calloc(blocks, 2048);
	uint32_t least = blocks < disc->blocks ? blocks : disc->blocks;

	ck_assert_ptr_nonnull(data);
	memcpy(data, disc->data, (size_t)least * 2048);
	free(disc->data);
	disc->data = data;
	disc->blocks = disc->source.end = blocks;
	free(disc->times);
	disc->times = NULL;
}

void disc_put(struct disc *disc, struct lathe_iso9660_plan *plan,
	      uint32_t start)
{
	struct lathe_iso9660_cursor *cursor;
	struct lathe_iso9660_image image;

	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, start), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&image, NULL, NULL,
						     &cursor), 0);
	ck_assert_int_eq(
		lathe_iso9660_cursor_read(cursor, start,
					  lathe_iso9660_plan_blocks(plan),
					  disc_block(disc, start)), 0);
	lathe_iso9660_cursor_destroy(cursor);
	lathe_iso9660_plan_destroy(plan);
}

void disc_record(struct disc *disc, struct lathe_iso9660_tree *tree,
		 uint32_t start, const struct lathe_iso9660_session *previous,
		 uint32_t pad, uint32_t *metadata)
{
	struct lathe_iso9660_plan_options options = {
		.size = sizeof(options), .uses = &joliet_use, .use_count = 1,
		.volume = { .volume_id = "OWN" }, .pad_blocks = 2,
	};
	struct lathe_iso9660_plan *plan;

	if (previous)
		options.previous = *previous;
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan), 0);
	if (metadata)
		*metadata = lathe_iso9660_plan_metadata(plan);
	disc_resize(disc, start + lathe_iso9660_plan_blocks(plan) + pad);
	disc_put(disc, plan, start);
}

void disc_record_rock_ridge(struct disc *disc, struct lathe_iso9660_tree *tree,
			    uint32_t start)
{
	struct lathe_iso9660_plan_options options = {
		.size = sizeof(options), .uses = &joliet_use, .use_count = 1,
		.system_use = &lathe_iso9660_rock_ridge
	};
	struct lathe_iso9660_plan *plan;

	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan), 0);
	disc_resize(disc, start + lathe_iso9660_plan_blocks(plan));
	disc_put(disc, plan, start);
}

/* ---- imports ------------------------------------------------------------ */

const struct lathe_iso9660_use joliet_use = { &lathe_joliet_hierarchy, NULL };

static void *counting(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
	struct import *import = ctx;

	if (new_bytes && ++import->allocations >= import->fail_at &&
	    import->fail_at &&
	    (import->fail_on || import->allocations == import->fail_at))
		return NULL;
	import->live += new_bytes - old_bytes;
	if (import->live > import->peak)
		import->peak = import->live;
	if (new_bytes)
		return realloc(p, new_bytes);
	free(p);
	return NULL;
}

static bool cancelled(void *ctx)
{
	struct import *import = ctx;

	return ++import->asked >= import->cancel_at && import->cancel_at;
}

static void note_progress(void *ctx, const struct lathe_progress *progress)
{
	struct import *import = ctx;

	ck_assert_int_eq(progress->phase, LATHE_PHASE_IMPORTING);
	ck_assert_uint_ge(progress->done, import->progress);
	import->progress = progress->done;
}

struct lathe_hooks import_hooks(struct import *import)
{
	struct lathe_hooks hooks = {
		.ctx = import, .realloc = counting, .cancelled = cancelled,
		.progress = note_progress
	};

	return hooks;
}

/* What whoever is told of odd things may do, lathe_iso9660.h. */
static void look_around(const struct lathe_iso9660_tree *tree)
{
	struct lathe_iso9660_counts counts;
	struct lathe_iso9660_entry entry;
	uint32_t node, lba;
	uint64_t bytes;
	char path[64];

	lathe_iso9660_count(tree, &counts);
	ck_assert_uint_ge(counts.directories, 1);
	for (node = LATHE_ISO9660_ROOT; node < 64; node++) {
		if (lathe_iso9660_get(tree, node, &entry))
			continue;
		ck_assert_uint_eq(entry.node, node);
		ck_assert(node == LATHE_ISO9660_ROOT || entry.name_len);
		ck_assert_uint_ge(lathe_iso9660_path(tree, node, path,
						     sizeof(path)), 1);
		if (entry.sections)
			ck_assert_int_eq(lathe_iso9660_section(
						 tree, node, 0, &lba, &bytes),
					 0);
	}
}

static void note_odd(void *ctx, enum lathe_iso9660_oddity what, uint32_t lba,
		     const char *text)
{
	struct import *import = ctx;

	ck_assert_uint_lt((unsigned)what, 16);
	import->odd[what]++;
	import->odd_lba = lba;
	if (import->odd[what] < 50)
		look_around(import->tree);
	snprintf(import->text, sizeof(import->text), "%s", text);
}

void import_again(struct import *import, struct disc *disc, uint32_t start,
		  uint32_t names_from)
{
	struct lathe_iso9660_import_options options = {
		.size = sizeof(options), .uses = &joliet_use, .use_count = 1,
		.system_use = &lathe_iso9660_rock_ridge,
		.names_from = names_from, .odd = note_odd, .odd_ctx = import,
		.damaged = import->damaged,
	};

	if (import->uses) {
		options.uses = import->uses;
		options.use_count = import->use_count;
	}
	import->progress = 0;
	import->err = lathe_iso9660_import(import->tree, &disc->source, start,
					   &options, &import->found);
	ck_assert_int_eq(lathe_iso9660_tree_failure(import->tree)->err,
			 import->err);
	if (import->err)
		ck_assert_int_ne(
			lathe_iso9660_tree_failure(import->tree)->text[0], 0);
}

void import_run(struct import *import, struct disc *disc, uint32_t start,
		const struct lathe_iso9660_limits *limits, uint32_t names_from)
{
	struct lathe_iso9660_tree_config config = { .size = sizeof(config) };
	struct import given = *import;

	memset(import, 0, sizeof(*import));
	import->fail_at = given.fail_at;
	import->fail_on = given.fail_on;
	import->cancel_at = given.cancel_at;
	import->uses = given.uses;
	import->use_count = given.use_count;
	import->damaged = given.damaged;
	config.hooks = import_hooks(import);
	if (limits)
		config.limits = *limits;
	import->err = lathe_iso9660_tree_create(&config, &import->tree);
	if (!import->err)
		import_again(import, disc, start, names_from);
}

void import_end(struct import *import)
{
	lathe_iso9660_tree_destroy(import->tree);
	import->tree = NULL;
	ck_assert_uint_eq(import->live, 0);
}

static char list[1 << 19];
static size_t listed;

static int list_one(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct lathe_iso9660_tree *tree = ctx;
	size_t used = listed;

	if (entry->node == LATHE_ISO9660_ROOT)
		return 0;
	if (used)
		used += (size_t)snprintf(list + used, sizeof(list) - used,
					 ", ");
	used += lathe_iso9660_path(tree, entry->node, list + used,
				   sizeof(list) - used);
	ck_assert_uint_lt(used, sizeof(list) - 64);
	if (entry->kind == LATHE_ISO9660_DIRECTORY)
		used += (size_t)snprintf(list + used, 2, "/");
	else
		used += (size_t)snprintf(list + used, sizeof(list) - used,
					 " %" PRIu64, entry->size);
	listed = used;
	return 0;
}

const char *import_list(struct import *import)
{
	list[0] = '\0';
	listed = 0;
	ck_assert_int_eq(import->err, 0);
	ck_assert_int_eq(lathe_iso9660_walk(import->tree, LATHE_ISO9660_ROOT,
					    list_one, import->tree), 0);
	return list;
}

const char *import_good(struct import *import, struct disc *disc,
			uint32_t start)
{
	import_run(import, disc, start, NULL, 0);
	if (import->err)
		ck_abort_msg("%s",
			     lathe_iso9660_tree_failure(import->tree)->text);
	return import_list(import);
}

struct lathe_iso9660_entry import_entry(const struct import *import,
					const char *path)
{
	struct lathe_iso9660_entry e;
	uint32_t node;

	ck_assert_msg(lathe_iso9660_find(import->tree, path, &node) == 0,
		      "%s is not there", path);
	ck_assert_int_eq(lathe_iso9660_get(import->tree, node, &e), 0);
	return e;
}

void import_only_odd(const struct import *import, int kind, uint32_t count)
{
	int i;

	for (i = 0; i < 16; i++)
		ck_assert_msg(import->odd[i] == (i == kind ? count : 0),
			      "oddity %d: %u times (%s)", i, import->odd[i],
			      import->text);
}
