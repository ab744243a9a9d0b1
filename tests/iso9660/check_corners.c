/* SPDX-License-Identifier: MIT */
/* What calls do that are wrong, unlucky or unusual: each says so, and what it
 * was called on can go on being used. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iso9660/iso9660_internal.h"
#include "tests/iso9660/lib_image.h"
#include "tests/source.h"
#include "tests/suite.h"

static struct lathe_iso9660_tree *tree;
static struct lathe_iso9660_plan *plan;
static struct lathe_iso9660_cursor *cursor;
static struct lathe_iso9660_image image;

static void setup(void)
{
	tree = make_tree(NULL, 1);
	plan = NULL;
	cursor = NULL;
}

static void teardown(void)
{
	lathe_iso9660_cursor_destroy(cursor);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
}

static void open_image(const struct lathe_iso9660_plan_options *options,
		       uint32_t start)
{
	plan = make_plan(tree, options);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, start), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&image, NULL, NULL,
						     &cursor), 0);
}

static const char *text(void)
{
	return lathe_iso9660_tree_failure(tree)->text;
}

/* ---- arguments ---------------------------------------------------------- */

START_TEST(trees_need_a_config)
{
	struct lathe_iso9660_tree_config config = { .size = 1 };
	struct lathe_iso9660_tree *none = NULL;

	ck_assert_int_eq(lathe_iso9660_tree_create(NULL, &none),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &none),
			 LATHE_ERR_ARG);
	config.size = sizeof(config);
	ck_assert_int_eq(lathe_iso9660_tree_create(&config, NULL),
			 LATHE_ERR_ARG);
	ck_assert_ptr_null(none);
	lathe_iso9660_tree_destroy(NULL);
}
END_TEST

START_TEST(plans_need_valid_options)
{
	static const struct lathe_iso9660_use nothing = { NULL, NULL };
	/* It would be a second tree of the same kind: no reader, not even
	 * ours, would know which to take. */
	static const struct lathe_iso9660_use again[2] = {
		{ &lathe_joliet_hierarchy, NULL },
		{ &lathe_iso9660_primary, NULL }
	};
	static const struct lathe_iso9660_use many[] = {
		{ &lathe_joliet_hierarchy, NULL },
		{ &lathe_joliet_hierarchy, NULL },
		{ &lathe_joliet_hierarchy, NULL },
		{ &lathe_joliet_hierarchy, NULL }
	};
	struct lathe_iso9660_plan_options options = plain_options();

	ck_assert_int_eq(lathe_iso9660_plan_create(NULL, &options, &plan),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, NULL, &plan),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, NULL),
			 LATHE_ERR_ARG);
	options.uses = &nothing;
	options.use_count = 1;
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan),
			 LATHE_ERR_ARG);
	/* The first one is ISO 9660 itself. */
	options.uses = many;
	options.use_count = LATHE_ISO9660_HIERARCHIES;
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan),
			 LATHE_ERR_ARG);
	options.uses = again;
	options.use_count = 2;
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan),
			 LATHE_ERR_ARG);
	options = plain_options();
	options.size--;
	ck_assert_int_eq(lathe_iso9660_remove(tree, LATHE_ISO9660_ROOT),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_tree_failure(tree)->err, LATHE_ERR_ARG);
	ck_assert_ptr_nonnull(strstr(text(), "plan"));
	ck_assert_ptr_null(plan);
	lathe_iso9660_plan_destroy(NULL);
}
END_TEST

static int visit(void *ctx, const struct lathe_iso9660_entry *entry)
{
	(void)ctx;
	return (int)entry->node;
}

START_TEST(nodes_that_are_not_there)
{
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t file = add_text(tree, "file", "x"), gone, i, node = 77, lba;
	struct lathe_iso9660_entry entry;
	char path[8] = "untouch";
	uint64_t bytes;

	gone = add_text(tree, "gone", "x");
	ck_assert_int_eq(lathe_iso9660_remove(tree, gone), 0);
	for (i = 0; i < 3; i++) {
		uint32_t id = i == 0 ? 0 : i == 1 ? gone : 4711;

		ck_assert_int_eq(lathe_iso9660_get(tree, id, &entry),
				 LATHE_ERR_NOT_FOUND);
		ck_assert_int_eq(lathe_iso9660_section(tree, id, 0, &lba,
						       &bytes),
				 LATHE_ERR_NOT_FOUND);
		ck_assert_int_eq(lathe_iso9660_find_child(tree, id, "file", 4,
							  &node),
				 LATHE_ERR_NOT_FOUND);
		ck_assert_int_eq(lathe_iso9660_walk(tree, id, visit, NULL),
				 LATHE_ERR_NOT_FOUND);
		ck_assert_int_eq(lathe_iso9660_set_attributes(tree, id,
							      &new_year),
				 LATHE_ERR_NOT_FOUND);
		ck_assert_int_ne(lathe_iso9660_rename(tree, id, 1, "x", 1), 0);
		ck_assert_int_ne(lathe_iso9660_remove(tree, id), 0);
		ck_assert_int_ne(lathe_iso9660_add_memory(tree, id, "x", 1,
							  NULL, "", 0, 0,
							  &node), 0);
		/* One that is gone still has the path that it had. */
		ck_assert_uint_eq(lathe_iso9660_path(tree, id, path,
						     sizeof(path)),
				  id == gone ? 5 : 0);
		ck_assert_str_eq(path, id == gone ? "/gone" : "");
	}
	ck_assert_uint_eq(lathe_iso9660_path(tree, 0, NULL, 0), 0);
	/* A file is no directory; a new file has no sections on a disc. */
	ck_assert_int_eq(lathe_iso9660_find_child(tree, file, "x", 1, &node),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_iso9660_section(tree, file, 0, &lba, &bytes),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_iso9660_section(tree, 1, 0, &lba, &bytes),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_uint_eq(node, 77);

	ck_assert_int_eq(lathe_iso9660_add_symlink(tree, 1, "link", 4, NULL,
						   "file", 4, 0, 0, &node), 0);
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_plan_extent(plan, gone, &lba, &bytes),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_iso9660_plan_extent(plan, node, &lba, &bytes),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_iso9660_plan_extent(plan, 1, &lba, &bytes),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_iso9660_plan_extent(plan, file, &lba, &bytes),
			 0);
	/* Frozen. */
	ck_assert_int_eq(lathe_iso9660_set_attributes(tree, file, &new_year),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_iso9660_rename(tree, file, 1, "x", 1),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_iso9660_remove(tree, file), LATHE_ERR_STATE);
}
END_TEST

/* An empty file points to where the data begin. */
START_TEST(extent_of_an_empty_file)
{
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t empty = add_text(tree, "empty", ""), full, lba, first;
	uint64_t bytes;

	full = add_text(tree, "full", "x");
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_plan_extent(plan, empty, &lba, &bytes),
			 0);
	ck_assert_uint_eq(bytes, 0);
	ck_assert_int_eq(lathe_iso9660_plan_extent(plan, full, &first, &bytes),
			 0);
	ck_assert_uint_eq(lba, first);
	ck_assert_uint_eq(lba, lathe_iso9660_plan_metadata(plan));
}
END_TEST

START_TEST(blocks_outside_the_image)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_segment segment;
	struct lathe_iso9660_feed *feed = NULL;
	uint8_t block[2048];
	uint32_t end;

	add_text(tree, "file", "x");
	open_image(&options, 1000);
	end = 1000 + lathe_iso9660_plan_blocks(plan);
	ck_assert_int_eq(lathe_iso9660_cursor_segment(cursor, 999, &segment),
			 LATHE_ERR_ARG);
	ck_assert_str_eq(lathe_iso9660_cursor_failure(cursor)->text,
			 "a block outside the image");
	ck_assert_int_eq(lathe_iso9660_cursor_segment(cursor, end, &segment),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_cursor_segment(cursor, end - 1,
						      &segment), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, 999, 1, block),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, end - 1, 2, block),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, UINT32_MAX, 2,
						   block), LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_feed_create(&image, 999, 1, NULL, NULL,
						   NULL, &feed),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_feed_create(&image, end + 1, 0, NULL,
						   NULL, NULL, &feed),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_feed_create(&image, end - 1, 2, NULL,
						   NULL, NULL, &feed),
			 LATHE_ERR_ARG);
	ck_assert_ptr_null(feed);
	lathe_iso9660_feed_destroy(NULL);
}
END_TEST

/* ---- gaps --------------------------------------------------------------- */

/* A large file begins at an even block; nothing is there to fill the block
 * before it. */
/*
 * SPEC 1.5: 1 MiB and more begin at even blocks, counted from the volume's
 * first; what fits into one block fills what is left free in front of them,
 * the first gap first. Block 20 is the root.
 */
START_TEST(files_of_1_mib_begin_at_even_blocks)
{
	static const struct {
		const char *name;
		uint32_t bytes, first;
	} files[] = {
		{ "a", 0xfffff, 21 },		/* 512 blocks */
		{ "b", 0x100000, 534 },
		{ "c", 0x100000, 1046 },
		{ "d", 4097, 1558 },
		{ "e", 0x100000, 1562 },
		{ "f", 2049, 2074 },		/* two blocks fill no gap */
		{ "g", 1, 533 },
		{ "h", 2048, 1561 },
		{ "i", 1, 2076 }
	};
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t i, node, first;
	uint64_t bytes;
	uint8_t block[2048];

	for (i = 0; i < 9; i++)
		add_endless(tree, files[i].name, i, files[i].bytes);
	open_image(&options, 101);
	ck_assert_uint_eq(lathe_iso9660_plan_blocks(plan), 2077);
	for (i = 0; i < 9; i++) {
		ck_assert_int_eq(lathe_iso9660_find(tree, files[i].name,
						    &node), 0);
		ck_assert_int_eq(lathe_iso9660_plan_extent(plan, node, &first,
							   &bytes), 0);
		ck_assert_uint_eq(first, files[i].first);
		ck_assert_uint_eq(bytes, files[i].bytes);
		ck_assert_int_eq(lathe_iso9660_cursor_read(
					 cursor, 101 + first, 1, block), 0);
		ck_assert_uint_eq(block[0], content(i, 0));
	}
}
END_TEST

START_TEST(gaps_before_large_files)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_segment segment;
	uint8_t block[2048];
	uint32_t first, i, node;
	uint64_t bytes;

	options.align_from_bytes = 4096;
	options.pad_blocks = 2;
	/* Files of three blocks: between any two there is a gap. */
	add_endless(tree, "a", 1, 6000);
	node = add_endless(tree, "b", 1, 6000);
	open_image(&options, 100);
	ck_assert_int_eq(lathe_iso9660_plan_extent(plan, node, &first, &bytes),
			 0);
	ck_assert_uint_eq(first % 2, 0);
	ck_assert_int_eq(lathe_iso9660_cursor_segment(cursor, 100 + first - 1,
						      &segment), 0);
	ck_assert_int_eq(segment.kind, LATHE_ISO9660_SEGMENT_ZERO);
	ck_assert_uint_eq(segment.blocks, 1);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, 100 + first - 1, 1,
						   block), 0);
	for (i = 0; i < 2048; i++)
		ck_assert_uint_eq(block[i], 0);
	ck_assert_int_eq(lathe_iso9660_cursor_segment(cursor, 100 + first + 1,
						      &segment), 0);
	ck_assert_int_eq(segment.kind, LATHE_ISO9660_SEGMENT_SOURCE);
	ck_assert_uint_eq(segment.node, node);
	ck_assert_uint_eq(segment.offset, 2048);
	ck_assert_uint_eq(segment.bytes, 6000 - 2048);
	ck_assert_uint_eq(segment.blocks, 2);
	/* The whole, with everything that lies between. */
	lathe_iso9660_cursor_destroy(cursor);
	cursor = NULL;
	free(read_image(plan, 100, &i));
}
END_TEST

/* ---- sources ------------------------------------------------------------ */

static int fail_open(void *ctx, uint64_t file, const char *name,
		     size_t name_len, void **handle)
{
	(void)ctx, (void)file, (void)name, (void)name_len, (void)handle;
	return LATHE_ERR_IO;
}

static int changed(void *ctx, uint64_t file, const char *name, size_t name_len)
{
	(void)ctx, (void)name, (void)name_len;
	return file ? LATHE_ERR_CHANGED : 0;
}

/* More than it was asked for. */
static int too_much(void *ctx, void *handle, uint64_t offset, uint32_t bytes,
		    uint8_t *out, uint32_t *got)
{
	(void)ctx, (void)handle, (void)offset;
	memset(out, 0, bytes);
	*got = bytes + 1;
	return 0;
}

static void add_from(const struct lathe_iso9660_source *source,
		     const char *name, uint64_t file, uint32_t *node)
{
	ck_assert_int_eq(lathe_iso9660_add_file(tree, 1, name, strlen(name),
						NULL, source, file, 10, 0,
						node), 0);
}

/* Who describes nothing is named by the path on the volume. */
START_TEST(sources_without_descriptions)
{
	static const struct lathe_iso9660_source bad = {
		.open = fail_open, .read_at = too_much,
		.close = made_close, .check = changed
	};
	static const struct lathe_iso9660_source wrong = {
		.open = made_open, .read_at = too_much,
		.close = made_close
	};
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_segment segment;
	uint8_t block[2048];
	uint32_t node, link, lba;
	uint64_t bytes;

	add_from(&bad, "0", 0, &node);
	add_from(&wrong, "w", 0, &node);
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, NULL, NULL), 0);
	add_from(&bad, "1", 1, &node);
	ck_assert_int_eq(lathe_iso9660_add_link(tree, 1, "link", 4, NULL, node,
						0, &link), 0);
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, NULL, NULL),
			 LATHE_ERR_CHANGED);
	ck_assert_msg(strncmp(text(), "/1: ", 4) == 0, "%s", text());
	/* A further name stands in for one that is gone. */
	ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, NULL, NULL),
			 LATHE_ERR_CHANGED);
	ck_assert_msg(strncmp(text(), "/link: ", 7) == 0, "%s", text());

	open_image(&options, 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, "0", &node), 0);
	lathe_iso9660_plan_extent(plan, node, &lba, &bytes);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, lba, 1, block),
			 LATHE_ERR_IO);
	ck_assert_msg(strncmp(lathe_iso9660_cursor_failure(cursor)->text,
			      "/0", 2) == 0, "%s",
		      lathe_iso9660_cursor_failure(cursor)->text);
	ck_assert_int_eq(lathe_iso9660_find(tree, "w", &node), 0);
	lathe_iso9660_plan_extent(plan, node, &lba, &bytes);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, lba, 1, block),
			 LATHE_ERR_CHANGED);
	ck_assert_int_eq(lathe_iso9660_cursor_segment(cursor, lba, &segment),
			 0);
}
END_TEST

/* ---- feeds and files ---------------------------------------------------- */

START_TEST(feeds_with_odd_options)
{
	static const struct lathe_iso9660_feed_options odd[] = {
		{ .threads = 100000, .ring_chunks = 3, .chunk_blocks = 1 },
		{ .threads = 1, .chunk_blocks = 1000000, .ring_chunks = 1 },
		{ 0 }
	};
	struct lathe_iso9660_plan_options options = joliet_options();
	uint32_t i, blocks, lba, count, next, full, ring;
	struct lathe_iso9660_feed *feed;
	const uint8_t *data;
	uint8_t *want;

	add_endless(tree, "a", 1, 100000);
	add_endless(tree, "b", 2, 3000000);
	open_image(&options, 7);
	want = read_image(plan, 7, &blocks);
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(lathe_iso9660_feed_create(
					 &image, 7, blocks,
					 i < 3 ? &odd[i] : NULL, NULL, NULL,
					 &feed), 0);
		for (next = 7;; next += count) {
			lathe_iso9660_feed_level(feed, &full, &ring);
			ck_assert_uint_le(full, ring);
			ck_assert_int_eq(lathe_iso9660_feed_next(
						 feed, &data, &lba, &count),
					 0);
			if (count == 0)
				break;
			ck_assert_uint_eq(lba, next);
			ck_assert_mem_eq(data, want + (size_t)(lba - 7) * 2048,
					 (size_t)count * 2048);
		}
		ck_assert_uint_eq(next, 7 + blocks);
		lathe_iso9660_feed_destroy(feed);
	}
	free(want);
}
END_TEST

/* Asks for no more than some MiB, however many are wished for. */
static void *no_giants(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
	(void)ctx;
	(void)old_bytes;
	if (new_bytes == 0) {
		free(p);
		return NULL;
	}
	return new_bytes > 64u << 20 ? NULL : realloc(p, new_bytes);
}

START_TEST(image_files_with_odd_options)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_feed_options feed = { .threads = 100000 };
	struct lathe_hooks hooks = { .realloc = no_giants };
	FILE *file = tmpfile();
	uint32_t blocks;
	uint8_t *want, *got;

	ck_assert_ptr_nonnull(file);
	add_endless(tree, "a", 1, 3000000);
	open_image(&options, 0);
	want = read_image(plan, 0, &blocks);
	got = malloc((size_t)blocks * 2048);
	ck_assert_int_eq(lathe_iso9660_image_write(&image, fileno(file), 0,
						   &feed, &hooks, NULL), 0);
	ck_assert_uint_eq(fread(got, 2048, blocks, file), blocks);
	ck_assert_mem_eq(got, want, (size_t)blocks * 2048);
	fclose(file);
	free(got);
	free(want);
}
END_TEST

static uint32_t calls;
static uint64_t last_done;

static bool cancel_third(void *ctx)
{
	(void)ctx;
	return ++calls == 3;
}

static void note_progress(void *ctx, const struct lathe_progress *progress)
{
	(void)ctx;
	ck_assert_uint_gt(progress->done, last_done);
	ck_assert_uint_le(progress->done, progress->total);
	last_done = progress->done;
}

START_TEST(image_files_that_can_not_be)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_feed_options feed = { .chunk_blocks = 8,
						   .hold_descriptor = true };
	struct lathe_hooks hooks = { .cancelled = cancel_third,
				     .progress = note_progress };
	char path[4096];
	const char *dir = getenv("TMPDIR");
	uint8_t block[2048], zeros[2048] = { 0 };
	int fd;

	add_endless(tree, "a", 1, 1000000);
	open_image(&options, 0);
	ck_assert_int_eq(lathe_iso9660_image_write(&image, -1, 0, NULL, NULL,
						   NULL), LATHE_ERR_IO);
	snprintf(path, sizeof(path), "%s/lathe.XXXXXX", dir ? dir : "/tmp");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);

	calls = 0;
	last_done = 0;
	ck_assert_int_eq(lathe_iso9660_image_write(&image, fd, 0, &feed,
						   &hooks, NULL),
			 LATHE_ERR_CANCELLED);
	ck_assert_uint_eq(last_done, 16);
	/* Until its descriptor is there it is no volume. */
	last_done = 0;
	hooks.cancelled = NULL;
	ck_assert_int_eq(lathe_iso9660_image_write(&image, fd, 0, &feed,
						   &hooks, NULL), 0);
	ck_assert_uint_eq(last_done, lathe_iso9660_plan_blocks(plan));
	ck_assert_int_eq(pread(fd, block, 2048, 16 * 2048), 2048);
	ck_assert_mem_eq(block, zeros, 2048);
	ck_assert_int_eq(pread(fd, block, 2048, 17 * 2048), 2048);
	ck_assert_mem_eq(block, "\xff" "CD001\1", 7);

	/* What only grows at its end takes no offset. */
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_APPEND), 0);
	ck_assert_int_eq(lathe_iso9660_image_write(&image, fd, 2048, NULL,
						   NULL, NULL),
			 LATHE_ERR_ARG);
	close(fd);
	unlink(path);
	fd = open("/dev/full", O_WRONLY);
	if (fd < 0)
		return;
	ck_assert_int_eq(lathe_iso9660_image_write(&image, fd, 0, NULL, NULL,
						   NULL), LATHE_ERR_IO);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("corners");
	TCase *tc = tcase_create("corners");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, trees_need_a_config);
	tcase_add_test(tc, plans_need_valid_options);
	tcase_add_test(tc, nodes_that_are_not_there);
	tcase_add_test(tc, extent_of_an_empty_file);
	tcase_add_test(tc, blocks_outside_the_image);
	tcase_add_test(tc, files_of_1_mib_begin_at_even_blocks);
	tcase_add_test(tc, gaps_before_large_files);
	tcase_add_test(tc, sources_without_descriptions);
	tcase_add_test(tc, feeds_with_odd_options);
	tcase_add_test(tc, image_files_with_odd_options);
	tcase_add_test(tc, image_files_that_can_not_be);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
