/* SPDX-License-Identifier: MIT */
/* An image is a function of its LBA: whatever is read in whatever order, and
 * whoever made the tree in whatever way, the bytes are the same. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

#define FILES 400u

/* Item 'i' of a tree that has everything: clashes, deep folders, empty files,
 * files of whole blocks, large ones, names from every plane. */
static void add_item(struct lathe_iso9660_tree *tree, uint32_t i)
{
	static const char *const stems[] = { "file", "File", "\xc3\xa4",
					     "\xf0\x9f\x98\x80", "a very long "
					     "name that has to be cut to fit "
					     "into any hierarchy that there "
					     "is, and longer still" };
	static const uint64_t sizes[] = { 0, 1, 2047, 2048, 2049, 5000, 65536,
					  1048576, 1048577, 100 };
	char path[256];

	if (i % 40 == 7)
		snprintf(path, sizeof(path), "d%u/e/f/g/h/i/j/k/l/%u", i % 3,
			 i);
	else
		snprintf(path, sizeof(path), "d%u/%s %u.%s", i % 3,
			 stems[i % 5], i, i % 7 ? "txt" : "EXT");
	add_endless(tree, path, i, sizes[(i * 7 + i / 13) % 10]);
}

static struct lathe_iso9660_tree *everything(uint64_t seed, bool backwards)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, seed);
	uint32_t i;

	for (i = 0; i < FILES; i++)
		add_item(tree, backwards ? FILES - 1 - i : i);
	return tree;
}

struct world {
	struct lathe_iso9660_tree *tree;
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	struct lathe_iso9660_cursor *cursor;
	uint8_t *whole;
	uint32_t start, blocks;
};

static struct world make_world(uint32_t start)
{
	struct lathe_iso9660_plan_options options = joliet_options();
	struct world w = { .tree = everything(1, false), .start = start };

	options.pad_blocks = 20;
	w.plan = make_plan(w.tree, &options);
	w.whole = read_image(w.plan, start, &w.blocks);
	ck_assert_int_eq(lathe_iso9660_image_init(&w.image, w.plan, start),
			 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&w.image, NULL, NULL,
						     &w.cursor), 0);
	return w;
}

static void end_world(struct world *w)
{
	lathe_iso9660_cursor_destroy(w->cursor);
	lathe_iso9660_plan_destroy(w->plan);
	lathe_iso9660_tree_destroy(w->tree);
	free(w->whole);
}

static void expect_blocks(struct world *w, uint32_t block, uint32_t count)
{
	uint8_t out[33 * 2048 + 1];

	memset(out, 0x77, sizeof(out));
	ck_assert_int_eq(lathe_iso9660_cursor_read(w->cursor,
						   w->start + block, count,
						   out), 0);
	ck_assert_mem_eq(out, w->whole + (size_t)block * 2048,
			 (size_t)count * 2048);
	ck_assert_uint_eq(out[count * 2048], 0x77);
}

static const uint32_t starts[2] = { 0, 400000 };

START_TEST(each_block_backwards_and_alone)
{
	struct world w = make_world(starts[_i]);
	uint32_t block;

	for (block = w.blocks; block-- > 0;)
		expect_blocks(&w, block, 1);
	for (block = 0; block < w.blocks; block += 7) {
		/* A cursor that has read nothing else. */
		lathe_iso9660_cursor_destroy(w.cursor);
		ck_assert_int_eq(lathe_iso9660_cursor_create(
					 &w.image, NULL, NULL, &w.cursor), 0);
		expect_blocks(&w, block, 1);
	}
	end_world(&w);
}
END_TEST

START_TEST(random_runs)
{
	struct world w = make_world(starts[_i]);
	uint64_t state = 7;
	uint32_t i;

	for (i = 0; i < 20000; i++) {
		uint32_t count = 1 + (uint32_t)(next_random(&state) % 33);
		uint32_t block = (uint32_t)(next_random(&state) % w.blocks);

		if (count > w.blocks - block)
			count = w.blocks - block;
		expect_blocks(&w, block, count);
	}
	end_world(&w);
}
END_TEST

START_TEST(content_is_where_the_plan_says)
{
	struct world w = make_world(0);
	struct lathe_iso9660_entry entry;
	uint32_t i, node, first, end = lathe_iso9660_plan_metadata(w.plan);
	uint32_t odd = 0, large = 0;
	uint64_t bytes, at;

	for (i = 0; lathe_iso9660_plan_nth_extent(w.plan, i, &node, &first,
						  &bytes); i++) {
		const uint8_t *p = w.whole + (size_t)first * 2048;
		uint32_t again, number;
		uint64_t size;

		ck_assert_uint_ge(first, end);
		end = first + (uint32_t)((bytes + 2047) / 2048);
		ck_assert_int_eq(lathe_iso9660_plan_extent(w.plan, node,
							   &again, &size), 0);
		ck_assert_uint_eq(again, first);
		ck_assert_uint_eq(size, bytes);
		ck_assert_int_eq(lathe_iso9660_get(w.tree, node, &entry), 0);
		ck_assert_uint_eq(entry.size, bytes);
		/* The source's number stands in the name. */
		for (number = 0; number < FILES; number++)
			if (content(number, 0) == p[0] &&
			    content(number, bytes - 1) == p[bytes - 1])
				break;
		ck_assert_uint_lt(number, FILES);
		if (bytes >= 1048576) {
			large++;
			odd += first % 2;
		}
	}
	/* Files of 1 MiB and more begin at even blocks, by default. */
	ck_assert_uint_gt(large, 10);
	ck_assert_uint_eq(odd, 0);
	/* Behind the last extent there are zeros. */
	for (at = (uint64_t)end * 2048; at < (uint64_t)w.blocks * 2048; at++)
		ck_assert_uint_eq(w.whole[at], 0);
	end_world(&w);
}
END_TEST

/* Order of adding, hash seed, changes that were undone: no trace of them. */
START_TEST(same_tree_same_bytes)
{
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_tree *tree = everything(1, false);
	struct lathe_iso9660_tree *other = everything(0xfeedbeef, true);
	struct lathe_iso9660_savepoint save;
	uint32_t blocks, blocks_other, i;
	uint8_t *image, *image_other;

	lathe_iso9660_save(other, &save);
	for (i = FILES; i < FILES + 50; i++)
		add_item(other, i);
	lathe_iso9660_rollback(other, &save);
	image = make_image(tree, &options, 0, &blocks);
	image_other = make_image(other, &options, 0, &blocks_other);
	ck_assert_uint_eq(blocks, blocks_other);
	ck_assert_mem_eq(image, image_other, (size_t)blocks * 2048);
	free(image);
	free(image_other);
	lathe_iso9660_tree_destroy(tree);
	lathe_iso9660_tree_destroy(other);
}
END_TEST

START_TEST(segments_cover_the_image)
{
	struct world w = make_world(5000);
	struct lathe_iso9660_segment s, inner;
	uint32_t lba = w.start, sources = 0;
	uint64_t bytes = 0;

	while (lba < w.start + w.blocks) {
		ck_assert_int_eq(lathe_iso9660_cursor_segment(w.cursor, lba,
							      &s), 0);
		ck_assert_uint_eq(s.lba, lba);
		ck_assert_uint_gt(s.blocks, 0);
		if (s.kind == LATHE_ISO9660_SEGMENT_SOURCE) {
			sources++;
			bytes += s.bytes;
			ck_assert_uint_eq(s.offset, 0);
			ck_assert_uint_eq((s.bytes + 2047) / 2048, s.blocks);
			ck_assert_int_eq(lathe_iso9660_cursor_segment(
						 w.cursor,
						 lba + s.blocks - 1,
						 &inner), 0);
			ck_assert_uint_eq(inner.node, s.node);
			ck_assert_uint_eq(inner.offset,
					  (s.blocks - 1) * 2048ull);
			ck_assert_uint_eq(inner.bytes,
					  s.bytes - inner.offset);
		} else if (s.kind == LATHE_ISO9660_SEGMENT_ZERO) {
			const uint8_t *p = w.whole +
					   (size_t)(lba - w.start) * 2048;

			ck_assert_uint_eq(p[0], 0);
			ck_assert_int_eq(memcmp(p, p + 1,
						(size_t)s.blocks * 2048 - 1),
					 0);
		}
		lba += s.blocks;
	}
	ck_assert_uint_eq(lba, w.start + w.blocks);
	ck_assert_uint_gt(sources, 300);
	{
		struct lathe_iso9660_counts count;

		lathe_iso9660_count(w.tree, &count);
		ck_assert_uint_eq(bytes, count.new_bytes);
	}
	end_world(&w);
}
END_TEST

START_TEST(blocks_outside_are_refused)
{
	struct world w = make_world(400000);
	uint8_t out[2 * 2048];

	ck_assert_int_eq(lathe_iso9660_cursor_read(w.cursor, 399999, 1, out),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_cursor_read(
				 w.cursor, 400000 + w.blocks - 1, 2, out),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_cursor_read(
				 w.cursor, 400000 + w.blocks, 1, out),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_cursor_read(w.cursor, 400000,
						   UINT32_MAX, out),
			 LATHE_ERR_ARG);
	end_world(&w);
}
END_TEST

/* A volume ends below 2^32 blocks, wherever it begins. */
START_TEST(volumes_that_are_too_large)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	char name[32];
	uint32_t i;

	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%u", i);
		add_endless(tree, name, i, (uint64_t)1000 * 0xfffff800);
	}
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan),
			 LATHE_ERR_LIMIT);
	ck_assert_int_eq(lathe_iso9660_remove(
				 tree, LATHE_ISO9660_ROOT + 1), 0);
	plan = make_plan(tree, &options);
	ck_assert_uint_gt(lathe_iso9660_plan_blocks(plan), 4194302000u);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 1000), 0);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 200000000),
			 LATHE_ERR_LIMIT);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* 6.9.1: numbers of parents have 16 bits. 65,535 folders may hold folders. */
START_TEST(too_many_parents)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan *plan;
	uint32_t i, node = 0;
	char name[16];

	/* The root and 65,534 folders of it are the first 65,535; then one
	 * more, named so that it is the last. */
	for (i = 0; i < 65535; i++) {
		int len = snprintf(name, sizeof(name), "%06u", i);

		ck_assert_int_eq(lathe_iso9660_add_directory(
					 tree, 1, name, (size_t)len, NULL,
					 &node), 0);
	}
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, node - 1, "x", 1,
						     NULL, &i), 0);
	plan = make_plan(tree, &options);
	lathe_iso9660_plan_destroy(plan);
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, node, "x", 1,
						     NULL, &i), 0);
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan),
			 LATHE_ERR_LIMIT);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("blocks");
	TCase *tc = tcase_create("blocks");

	tcase_add_loop_test(tc, each_block_backwards_and_alone, 0, 2);
	tcase_add_loop_test(tc, random_runs, 0, 2);
	tcase_add_test(tc, content_is_where_the_plan_says);
	tcase_add_test(tc, same_tree_same_bytes);
	tcase_add_test(tc, segments_cover_the_image);
	tcase_add_test(tc, blocks_outside_are_refused);
	tcase_add_test(tc, volumes_that_are_too_large);
	tcase_add_test(tc, too_many_parents);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
