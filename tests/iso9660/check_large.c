/* SPDX-License-Identifier: MIT */
/*
 * Large volumes: what is done grows with what is there, and with nothing
 * else. Work is counted where it can be; besides, each test has an amount of
 * the processor's time that no machine needs unless something has become
 * quadratic.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

#define MANY 100000u

static struct lathe_iso9660_tree *tree;
static struct heap heap;
static clock_t began;

static void setup(void)
{
	memset(&heap, 0, sizeof(heap));
	tree = make_tree(&heap, 1);
	began = clock();
}

/* About thirty times what the slowest of these tests takes. */
static void teardown(void)
{
	double seconds = (double)(clock() - began) / CLOCKS_PER_SEC;

	lathe_iso9660_tree_destroy(tree);
	ck_assert_uint_eq(heap.blocks, 0);
	ck_assert_msg(seconds < 30, "%.1f s of processor time", seconds);
}

static uint32_t add_empty(uint32_t parent, const char *name)
{
	uint32_t node;

	ck_assert_int_eq(lathe_iso9660_add_memory(tree, parent, name,
						  strlen(name), NULL, "", 0, 0,
						  &node), 0);
	return node;
}

/* ---- reading back ------------------------------------------------------- */

struct disc {
	const struct lathe_iso9660_image *image;
	struct lathe_iso9660_cursor *cursor;
	uint64_t blocks_read;
};

static int read_disc(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct disc *disc = ctx;

	disc->blocks_read += count;
	return lathe_iso9660_cursor_read(disc->cursor, lba, count, out);
}

/* Import the image of 'plan', through the cursor that makes it: the same
 * numbers of files and directories are there again. Metadata are read once for
 * their checksum and once for the tree. */
static void comes_back(const struct lathe_iso9660_plan *plan)
{
	static const struct lathe_iso9660_use joliet = {
		&lathe_joliet_hierarchy, NULL
	};
	struct lathe_iso9660_import_options options = {
		.size = sizeof(options), .uses = &joliet, .use_count = 1
	};
	struct lathe_iso9660_counts before, after;
	struct lathe_iso9660_tree *back = make_tree(NULL, 2);
	struct lathe_iso9660_image image;
	struct lathe_iso9660_found found;
	struct disc disc = { &image, NULL, 0 };
	struct lathe_blocks blocks = { &disc, read_disc,
				       lathe_iso9660_plan_blocks(plan) };

	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&image, NULL, NULL,
						     &disc.cursor), 0);
	ck_assert_int_eq(lathe_iso9660_import(back, &blocks, 0, &options,
					      &found), 0);
	ck_assert(found.own);
	lathe_iso9660_count(tree, &before);
	lathe_iso9660_count(back, &after);
	ck_assert_uint_eq(after.files, before.files);
	ck_assert_uint_eq(after.directories, before.directories);
	ck_assert_uint_le(disc.blocks_read,
			  2 * (uint64_t)lathe_iso9660_plan_metadata(plan));
	lathe_iso9660_cursor_destroy(disc.cursor);
	lathe_iso9660_tree_destroy(back);
}

/* ---- shapes ------------------------------------------------------------- */

struct collected {
	char (*id)[16];
	uint32_t count;
};

static void collect(void *ctx, const struct lathe_iso9660_renamed *what)
{
	struct collected *all = ctx;

	if (what->hierarchy != 0)
		return;
	ck_assert_uint_lt(all->count, MANY);
	ck_assert_uint_lt(what->id_len, 16);
	memset(all->id[all->count], 0, 16);
	memcpy(all->id[all->count++], what->id, what->id_len);
}

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, 16);
}

/* 8.3: all are "SAME_STE.TXT" as they are; each gets a number of its own. */
START_TEST(names_on_one_stem)
{
	static const struct lathe_iso9660_primary_options level_1 = {
		.level = LATHE_ISO9660_LEVEL_1
	};
	struct collected all = { calloc(MANY, sizeof(*all.id)), 0 };
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_plan *plan;
	char name[40];
	uint32_t i;

	ck_assert_ptr_nonnull(all.id);
	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "same stem, number %06u.txt",
			 (unsigned)i);
		add_empty(LATHE_ISO9660_ROOT, name);
	}
	options.primary = &level_1;
	options.renamed = collect;
	options.renamed_ctx = &all;
	plan = make_plan(tree, &options);
	ck_assert_uint_eq(all.count, MANY);
	qsort(all.id, MANY, sizeof(*all.id), by_bytes);
	for (i = 1; i < MANY; i++)
		ck_assert_int_ne(by_bytes(all.id[i - 1], all.id[i]), 0);
	comes_back(plan);
	lathe_iso9660_plan_destroy(plan);
	free(all.id);
}
END_TEST

/* Added in an order that has nothing to do with that of the names. */
START_TEST(entries_of_one_directory)
{
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_plan *plan;
	uint32_t i, node, folder = add_dir(tree, "folder");
	char name[40];

	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "Entry %u of it",
			 (unsigned)((uint64_t)i * 54321 % MANY));
		add_empty(folder, name);
	}
	/* Nothing is allocated per file. */
	ck_assert_uint_lt(heap.calls, MANY / 20);
	for (i = 0; i < MANY; i++) {
		int len = snprintf(name, sizeof(name), "Entry %u of it",
				   (unsigned)i);

		ck_assert_int_eq(lathe_iso9660_find_child(
					 tree, folder, name, (size_t)len,
					 &node), 0);
	}
	plan = make_plan(tree, &options);
	comes_back(plan);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

/* 60,000 directories, 250 in each that has any. */
START_TEST(path_table_of_60000)
{
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_plan *plan;
	uint32_t upper, lower, parent, node;
	char name[16];

	for (upper = 0; upper < 239; upper++) {
		snprintf(name, sizeof(name), "upper %u", (unsigned)upper);
		parent = add_dir(tree, name);
		for (lower = 0; lower < 250; lower++) {
			int len = snprintf(name, sizeof(name), "lower %u",
					   (unsigned)lower);

			ck_assert_int_eq(lathe_iso9660_add_directory(
						 tree, parent, name,
						 (size_t)len, NULL, &node), 0);
		}
	}
	plan = make_plan(tree, &options);
	comes_back(plan);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

/* 9.4.4: each directory that can hold one does. */
START_TEST(parents_65535)
{
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_plan *plan;
	uint32_t i, node, last = LATHE_ISO9660_ROOT;
	char name[16];

	/* Numbers 2 to 65,535 lie in the root; each holds one, too. */
	for (i = 2; i <= 65535; i++) {
		snprintf(name, sizeof(name), "%05u", (unsigned)i);
		ck_assert_int_eq(lathe_iso9660_add_directory(
					 tree, LATHE_ISO9660_ROOT, name, 5,
					 NULL, &last), 0);
		ck_assert_int_eq(lathe_iso9660_add_directory(
					 tree, last, "in", 2, NULL, &node), 0);
	}
	plan = make_plan(tree, &options);
	comes_back(plan);
	lathe_iso9660_plan_destroy(plan);

	/* One more of each is refused, and soon: no hierarchy but the first
	 * is laid out. */
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, LATHE_ISO9660_ROOT,
						     "65536", 5, NULL, &last),
			 0);
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, last, "in", 2, NULL,
						     &node), 0);
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan),
			 LATHE_ERR_LIMIT);
	ck_assert_str_eq(lathe_iso9660_tree_failure(tree)->text,
			 "\"/65536/in\" lies in directory 65536 of ISO 9660; "
			 "only the first 65535 can hold directories");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("large volumes");
	TCase *tc = tcase_create("large volumes");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, names_on_one_stem);
	tcase_add_test(tc, entries_of_one_directory);
	tcase_add_test(tc, path_table_of_60000);
	tcase_add_test(tc, parents_65535);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
