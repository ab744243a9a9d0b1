/* SPDX-License-Identifier: MIT */
#include "tests/iso9660/lib_image.h"
#include "tests/source.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* ---- the heap ----------------------------------------------------------- */

static void *heap_realloc(void *ctx, void *p, size_t old_bytes,
			  size_t new_bytes)
{
	struct heap *heap = ctx;
	void *q;

	if (new_bytes == 0) {
		if (p) {
			heap->blocks--;
			heap->bytes -= old_bytes;
		}
		free(p);
		return NULL;
	}
	heap->calls++;
	if (heap->fail_at && (heap->fail_on ? heap->calls >= heap->fail_at
					    : heap->calls == heap->fail_at))
		return NULL;
	/* A new place and rubbish in it: nobody may count on either. */
	q = malloc(new_bytes);
	ck_assert_ptr_nonnull(q);
	memset(q, 0xa5, new_bytes);
	if (p) {
		memcpy(q, p, old_bytes < new_bytes ? old_bytes : new_bytes);
		free(p);
	} else {
		heap->blocks++;
	}
	heap->bytes += new_bytes - old_bytes;
	if (heap->bytes > heap->most_bytes)
		heap->most_bytes = heap->bytes;
	return q;
}

struct lathe_hooks heap_hooks(struct heap *heap)
{
	struct lathe_hooks hooks = { .ctx = heap, .realloc = heap_realloc };

	return hooks;
}

/* ---- trees -------------------------------------------------------------- */

const struct lathe_iso9660_attributes new_year = {
	.date = { 126, 1, 2, 3, 4, 5, 0 }
};

struct lathe_iso9660_tree *make_tree(struct heap *heap, uint64_t seed)
{
	struct lathe_iso9660_tree_config config = { .size = sizeof(config),
						    .seed = seed };
	struct lathe_iso9660_tree *tree;

	if (heap)
		config.hooks = heap_hooks(heap);
	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	return tree;
}

/* The folder of a path, and its last name. */
static uint32_t parent_of(struct lathe_iso9660_tree *tree, const char *path,
			  const char **name)
{
	uint32_t at = LATHE_ISO9660_ROOT;
	const char *slash;

	while ((slash = strchr(path, '/')) != NULL) {
		ck_assert_int_eq(lathe_iso9660_add_directory(
					 tree, at, path,
					 (size_t)(slash - path), &new_year,
					 &at), 0);
		path = slash + 1;
	}
	*name = path;
	return at;
}

uint32_t add_dir(struct lathe_iso9660_tree *tree, const char *path)
{
	const char *name;
	uint32_t parent = parent_of(tree, path, &name), node;

	ck_assert_int_eq(lathe_iso9660_add_directory(tree, parent, name,
						     strlen(name), &new_year,
						     &node), 0);
	return node;
}

uint32_t add_bytes(struct lathe_iso9660_tree *tree, const char *path,
		   const void *data, size_t size)
{
	const char *name;
	uint32_t parent = parent_of(tree, path, &name), node;

	ck_assert_int_eq(lathe_iso9660_add_memory(tree, parent, name,
						  strlen(name), &new_year,
						  data, size, 0, &node), 0);
	return node;
}

uint32_t add_text(struct lathe_iso9660_tree *tree, const char *path,
		  const char *text)
{
	return add_bytes(tree, path, text, strlen(text));
}

/* ---- endless files ------------------------------------------------------ */

uint8_t content(uint64_t file, uint64_t offset)
{
	return (uint8_t)((offset ^ offset >> 11 ^ offset >> 23) * 31 +
			 file * 7);
}

/* Pieces of an odd length, as a source may give them. */
static int endless_read(void *ctx, void *handle, uint64_t offset,
			uint32_t bytes, uint8_t *out, uint32_t *got)
{
	uint32_t i;

	(void)ctx;
	*got = bytes < 1777 ? bytes : 1777;
	for (i = 0; i < *got; i++)
		out[i] = content((uintptr_t)handle, offset + i);
	return 0;
}

const struct lathe_iso9660_source endless = {
	.open = made_open,
	.read_at = endless_read,
	.close = made_close
};

uint32_t add_endless(struct lathe_iso9660_tree *tree, const char *path,
		     uint64_t file, uint64_t size)
{
	const char *name;
	uint32_t parent = parent_of(tree, path, &name), node;

	ck_assert_int_eq(lathe_iso9660_add_file(tree, parent, name,
						strlen(name), &new_year,
						&endless, file, size, 0,
						&node), 0);
	return node;
}

/* ---- images ------------------------------------------------------------- */

struct lathe_iso9660_plan_options plain_options(void)
{
	struct lathe_iso9660_plan_options options;

	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	return options;
}

struct lathe_iso9660_plan_options joliet_options(void)
{
	static const struct lathe_iso9660_use joliet = {
		&lathe_joliet_hierarchy, NULL
	};
	struct lathe_iso9660_plan_options options = plain_options();

	options.uses = &joliet;
	options.use_count = 1;
	return options;
}

struct lathe_iso9660_plan *
make_plan(struct lathe_iso9660_tree *tree,
	  const struct lathe_iso9660_plan_options *options)
{
	struct lathe_iso9660_plan *plan = NULL;
	int err = lathe_iso9660_plan_create(tree, options, &plan);

	ck_assert_msg(err == 0, "%s", lathe_iso9660_tree_failure(tree)->text);
	return plan;
}

uint8_t *read_image(const struct lathe_iso9660_plan *plan, uint32_t start,
		    uint32_t *blocks)
{
	struct lathe_iso9660_image image;
	struct lathe_iso9660_cursor *cursor;
	uint8_t *bytes;

	*blocks = lathe_iso9660_plan_blocks(plan);
	bytes = malloc((size_t)*blocks * 2048);
	ck_assert_ptr_nonnull(bytes);
	memset(bytes, 0x5a, (size_t)*blocks * 2048);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, start), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&image, NULL, NULL,
						     &cursor), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, start, *blocks,
						   bytes), 0);
	lathe_iso9660_cursor_destroy(cursor);
	return bytes;
}

uint8_t *make_image(struct lathe_iso9660_tree *tree,
		    const struct lathe_iso9660_plan_options *options,
		    uint32_t start, uint32_t *blocks)
{
	struct lathe_iso9660_plan *plan = make_plan(tree, options);
	uint8_t *bytes = read_image(plan, start, blocks);

	lathe_iso9660_plan_destroy(plan);
	return bytes;
}

/* ---- looking into images ------------------------------------------------ */

/* Offset of the record behind the one at 'at': a length of 0 means the next
 * block. Returns 'bytes' at the end. */
static uint32_t step(const uint8_t *dir, uint32_t bytes, uint32_t at)
{
	at += dir[at];
	while (at < bytes && dir[at] == 0)
		at = (at / 2048 + 1) * 2048;
	return at;
}

const uint8_t *find_record(const uint8_t *image, uint32_t lba,
			   uint32_t dir_bytes, const void *id, size_t id_len)
{
	const uint8_t *dir = image + (size_t)lba * 2048;
	uint32_t at;

	for (at = 0; at < dir_bytes; at = step(dir, dir_bytes, at))
		if (dir[at + 32] == id_len &&
		    memcmp(dir + at + 33, id, id_len) == 0)
			return dir + at;
	return NULL;
}

void list_ids(const uint8_t *image, uint32_t lba, uint32_t dir_bytes,
	      char *out, size_t room)
{
	const uint8_t *dir = image + (size_t)lba * 2048;
	uint32_t at, number = 0;
	size_t used = 0;

	out[0] = 0;
	for (at = 0; at < dir_bytes; at = step(dir, dir_bytes, at)) {
		uint8_t len = dir[at + 32];

		if (number++ < 2)
			continue;
		ck_assert_uint_lt(used + len + 3, room);
		if (used)
			out[used++] = ' ';
		memcpy(out + used, dir + at + 33, len);
		used += len;
		if (dir[at + 25] & 0x80)
			out[used++] = '+';
		out[used] = 0;
	}
}

void list_root(const uint8_t *image, char *out, size_t room)
{
	const uint8_t *root = image + 16 * 2048 + 156;

	list_ids(image, lathe_get_le32(root + 2), lathe_get_le32(root + 10),
		 out, room);
}

uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}
