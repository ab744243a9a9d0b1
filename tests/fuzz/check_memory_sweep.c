/* SPDX-License-Identifier: MIT */
/* Memory runs out while trees, plans and images are made and written. */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/fuzz/sweep.h"
#include "tests/suite.h"

/* ---- trees -------------------------------------------------------------- */

/* So long that each few of them take a chunk of memory. */
static void add_many(uint32_t parent, uint32_t count)
{
	char name[1000];
	uint32_t i, node;

	for (i = 0; i < count; i++) {
		memset(name, 'n', 900);
		snprintf(name + 900, sizeof(name) - 900, "%u", i);
		STEP(add(parent, name, 0, &node));
	}
}

static int read_nothing(void *ctx, void *handle, uint64_t offset,
			uint32_t bytes, uint8_t *out, uint32_t *got)
{
	(void)ctx, (void)handle, (void)offset, (void)bytes, (void)out;
	*got = 0;
	return 0;
}

static int visit(void *ctx, const struct lathe_iso9660_entry *entry)
{
	(void)ctx;
	swept.value = sweep_mix(swept.value, entry->node);
	return 0;
}

/* A walk that fails half way has visited some. */
static int walk(void)
{
	uint64_t old = swept.value;
	int err = lathe_iso9660_walk(swept.tree, LATHE_ISO9660_ROOT, visit,
				     NULL);

	if (err)
		swept.value = old;
	return err;
}

static void adding(void)
{
	static struct lathe_iso9660_source source = {
		.read_at = read_nothing
	};
	uint32_t dir, file, node;

	STEP(create());
	STEP(lathe_iso9660_add_directory(swept.tree, 1, "dir", 3, &attributes,
					 &dir));
	STEP(add(1, "file", 0, &file));
	add_many(dir, 300);
	STEP(lathe_iso9660_add_file(swept.tree, dir, "source", 6, NULL,
				    &source, 7, 9, 0, &node));
	STEP(lathe_iso9660_add_link(swept.tree, dir, "link", 4, NULL, file, 0,
				    &node));
	STEP(lathe_iso9660_add_symlink(swept.tree, dir, "symlink", 7,
				       &attributes, "../file", 7, file, 0,
				       &node));
	STEP(lathe_iso9660_add_symlink(swept.tree, 1, "dangling", 8, NULL, "x",
				       1, 0, 0, &node));
	STEP(lathe_iso9660_add_special(swept.tree, 1, "null", 4, &attributes,
				       0020000, 1, 3, 0, &node));
	STEP(add(dir, "source", LATHE_ISO9660_REPLACE, &node));
	STEP(walk());
	STEP(lathe_iso9660_check_sources(swept.tree, NULL, NULL));
	drop_tree();
}

static void changing(void)
{
	struct lathe_iso9660_savepoint save;
	uint32_t dir, other, node, i;
	char name[40];

	STEP(create());
	STEP(lathe_iso9660_add_directory(swept.tree, 1, "dir", 3, NULL, &dir));
	STEP(lathe_iso9660_add_directory(swept.tree, 1, "other", 5, NULL,
					 &other));
	for (i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "file %u", i * 7 % 300);
		STEP(add(dir, name, 0, &node));
	}
	STEP(lathe_iso9660_save(swept.tree, &save));
	for (i = 0; i < 300; i += 3) {
		snprintf(name, sizeof(name), "file %u", i);
		STEP(lathe_iso9660_find_child(swept.tree, dir, name,
					      strlen(name), &node));
		if (i % 2)
			STEP(lathe_iso9660_remove(swept.tree, node));
		else
			STEP(lathe_iso9660_rename(swept.tree, node, other, name,
						  strlen(name)));
	}
	for (i = 1; i < 300; i += 3) {
		snprintf(name, sizeof(name), "/dir/file %u", i);
		STEP(lathe_iso9660_find(swept.tree, name, &node));
		STEP(lathe_iso9660_set_attributes(swept.tree, node,
						  &attributes));
	}
	STEP(walk());
	lathe_iso9660_rollback(swept.tree, &save);
	STEP(walk());
	drop_tree();
}

/* ---- plans and images --------------------------------------------------- */

static struct lathe_iso9660_image image;

static const struct lathe_iso9660_rock_ridge_options relocate = {
	.relocate = true,
};

/* Clashing names, a long one, deep folders, one of each kind. */
static void fill(void)
{
	uint32_t parent = 1, node, file, i;
	char name[300];

	ck_assert_int_eq(create(), 0);
	ck_assert_int_eq(add(1, "file", 0, &file), 0);
	for (i = 0; i < 120; i++) {
		snprintf(name, sizeof(name), "same stem of names %u.text", i);
		ck_assert_int_eq(add(1, name, 0, &node), 0);
	}
	memset(name, 'l', 250);
	name[250] = '\0';
	ck_assert_int_eq(add(1, name, 0, &node), 0);
	ck_assert_int_eq(lathe_iso9660_add_symlink(swept.tree, 1, "link", 4,
						   NULL, name, 250, file, 0,
						   &node),
			 0);
	ck_assert_int_eq(lathe_iso9660_add_special(swept.tree, 1, "pipe", 4,
						   NULL, 0010000, 0, 0, 0,
						   &node),
			 0);
	for (i = 0; i < 12; i++)
		ck_assert_int_eq(lathe_iso9660_add_directory(
					 swept.tree, parent, "deeper", 6,
					 &attributes, &parent), 0);
}

/* The tree itself is made before memory gets short. */
static void with_tree(void)
{
	struct fuzz_heap heap = begin_peace();

	fill();
	end_peace(heap);
}

static void planning(void)
{
	with_tree();
	STEP(make_plan(NULL));
	STEP(lathe_iso9660_image_init(&image, swept.plan, 0));
	drop_plan();
	STEP(make_plan(&keep_all));
	STEP(lathe_iso9660_image_init(&image, swept.plan, 77));
	drop_plan();
	STEP(make_plan(&relocate));
	STEP(lathe_iso9660_image_init(&image, swept.plan, 0));
	drop_plan();
	drop_tree();
}

static uint64_t sum_of(uint64_t sum, const uint8_t *data, size_t bytes)
{
	return sweep_mix(sum, lathe_iso9660_crc32c(0, data, bytes));
}

static struct lathe_iso9660_cursor *cursor;

static int read_block(uint32_t lba)
{
	uint8_t block[LATHE_BLOCK_BYTES];
	int err = lathe_iso9660_cursor_read(cursor, lba, 1, block);

	if (!err)
		swept.value = sum_of(swept.value, block, sizeof(block));
	return err;
}

static int look_at(uint32_t lba)
{
	struct lathe_iso9660_segment segment;
	int err = lathe_iso9660_cursor_segment(cursor, lba, &segment);

	if (!err)
		swept.value = sweep_mix(swept.value, segment.lba);
	return err;
}

static void reading(void)
{
	struct lathe_hooks hooks = fuzz_hooks();
	uint32_t blocks, lba;

	with_tree();
	STEP(make_plan(&keep_all));
	STEP(lathe_iso9660_image_init(&image, swept.plan, 0));
	blocks = lathe_iso9660_plan_blocks(swept.plan);
	STEP(lathe_iso9660_cursor_create(&image, &hooks, NULL, &cursor));
	for (lba = 0; lba < blocks; lba++) {
		STEP(read_block(lba));
		STEP(look_at(lba));
	}
	lathe_iso9660_cursor_destroy(cursor);
	drop_plan();
	drop_tree();
}

static int feed_all(uint32_t threads)
{
	struct lathe_iso9660_feed_options options = {
		.threads = threads, .chunk_blocks = 4, .ring_chunks = 2,
	};
	struct lathe_hooks hooks = fuzz_hooks();
	struct lathe_iso9660_feed *feed;
	uint32_t lba, blocks;
	uint64_t sum = 0;
	const uint8_t *data;
	int err =
		lathe_iso9660_feed_create(&image, 0,
					  lathe_iso9660_plan_blocks(swept.plan),
					  &options, &hooks, NULL, &feed);

	if (err)
		return err;
	do {
		err = lathe_iso9660_feed_next(feed, &data, &lba, &blocks);
		if (!err && blocks)
			sum = sum_of(sum, data, blocks * (size_t)2048);
	} while (!err && blocks);
	lathe_iso9660_feed_destroy(feed);
	if (!err)
		swept.value = sweep_mix(swept.value, sum);
	return err;
}

static FILE *output;

static int write_all(bool at_once)
{
	struct lathe_hooks hooks = fuzz_hooks();
	int fd = fileno(output);

	if (ftruncate(fd, 0) != 0)
		return LATHE_ERR_IO;
	return at_once ? lathe_iso9660_plan_write(swept.plan, 0, fd, 0, NULL,
						  &hooks, NULL, NULL)
		       : lathe_iso9660_image_write(&image, fd, 0, NULL, &hooks,
						   NULL);
}

static void sum_output(void)
{
	uint8_t block[LATHE_BLOCK_BYTES];

	rewind(output);
	while (fread(block, sizeof(block), 1, output) == 1)
		swept.value = sum_of(swept.value, block, sizeof(block));
}

static void writing(void)
{
	with_tree();
	STEP(make_plan(&keep_all));
	STEP(lathe_iso9660_image_init(&image, swept.plan, 0));
	STEP(feed_all(0));
	STEP(feed_all(2));
	STEP(write_all(false));
	sum_output();
	STEP(write_all(true));
	sum_output();
	drop_plan();
	drop_tree();
}

/* ---- the tests ---------------------------------------------------------- */

START_TEST(trees)
{
	sweep(adding);
	sweep(changing);
}
END_TEST

START_TEST(plans_and_images)
{
	sweep(planning);
	sweep(reading);
}
END_TEST

START_TEST(feeds_and_files)
{
	output = tmpfile();
	ck_assert_ptr_nonnull(output);
	sweep(writing);
	fclose(output);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory that runs out: recording");
	TCase *tc = tcase_create("sweep");

	tcase_set_timeout(tc, 600);
	tcase_add_test(tc, trees);
	tcase_add_test(tc, plans_and_images);
	tcase_add_test(tc, feeds_and_files);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
