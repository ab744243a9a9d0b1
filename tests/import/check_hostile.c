/* SPDX-License-Identifier: MIT */
/* Discs made to be difficult: addresses that crowd together in a table, more
 * candidates than can be counted, hierarchies that contradict each other by
 * little. What can not be decided stays apart; nothing is lost. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iso9660/system_use_internal.h"
#include "lib_disc.h"
#include "tests/suite.h"

enum { ISO = 20, WIDE = 60, FREE = 100 };

static struct disc *disc;
static struct import import;

static void drop(void)
{
	import_end(&import);
	disc_free(disc);
}

/* Both hierarchies; each root has eight blocks. */
static void make(uint32_t blocks, struct dir *iso, struct dir *wide)
{
	disc = disc_new(blocks);
	disc_primary(disc, 16, ISO, 8 * 2048);
	disc_joliet(disc, 17, WIDE, 8 * 2048);
	disc_terminator(disc, 18);
	*iso = dir_begin(disc, ISO, 8, ISO, 8, false);
	*wide = dir_begin(disc, WIDE, 8, WIDE, 8, true);
	memset(&import, 0, sizeof(import));
}

static void run(void)
{
	import_run(&import, disc, 0, NULL, 0);
	if (import.err)
		ck_abort_msg("%s",
			     lathe_iso9660_tree_failure(import.tree)->text);
}

static bool there(const char *path)
{
	uint32_t node;

	return lathe_iso9660_find(import.tree, path, &node) == 0;
}

/* ---- tables ------------------------------------------------------------- */

/* Extents are found through a table that is hashed by multiplication. Here
 * are a hundred files whose addresses all want one place of it, in
 * directories that nothing but their extents could pair. */
START_TEST(addresses_that_crowd)
{
	enum { FILES = 100, BLOCKS = 120000 };
	uint32_t lba = FREE + 20, i, found[FILES];
	struct lathe_iso9660_counts count;
	struct dir iso, wide, a, b;
	char name[32];

	make(BLOCKS, &iso, &wide);
	for (i = 0; i < FILES; lba++)
		if ((lba * UINT64_C(0x9E3779B97F4A7C15) >> 32 & 511) == 7)
			found[i++] = lba;
	ck_assert_uint_lt(lba, BLOCKS);
	dir_add(&iso, "ONE", FREE, 8 * 2048, DIRECTORY);
	dir_add(&wide, "something else", FREE + 8, 8 * 2048, DIRECTORY);
	a = dir_begin(disc, FREE, 8, ISO, 8, false);
	b = dir_begin(disc, FREE + 8, 8, WIDE, 8, true);
	for (i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "F%03u.;1", (unsigned)i);
		dir_add(&a, name, found[i], 1000 + i, 0);
		snprintf(name, sizeof(name), "file %u", (unsigned)i);
		dir_add(&b, name, found[i], 1000 + i, 0);
		/* So that the table has 512 places. */
		snprintf(name, sizeof(name), "R%03u.;1", (unsigned)i);
		dir_add(&iso, name, FREE + 16, 1, 0);
	}
	run();
	lathe_iso9660_count(import.tree, &count);
	ck_assert(there("something else/file 0"));
	ck_assert(there("something else/file 99"));
	/* Paired or not, each file of either is there. */
	ck_assert_uint_ge(count.files, 2 * FILES);
	ck_assert_uint_le(count.files, 3 * FILES);
	ck_assert(!import.found.own);
	drop();
}
END_TEST

/* A directory whose files lie in more directories than there are seats to
 * count votes in. */
START_TEST(votes_for_many)
{
	enum { DIRS = 12, OTHERS = 40 };
	struct dir iso, wide, d, w;
	uint32_t i, at = FREE + 100, kept = 0;
	char name[32];

	make(400, &iso, &wide);
	/* More than are asked one by one. */
	for (i = 0; i < OTHERS; i++) {
		snprintf(name, sizeof(name), "C%02u", (unsigned)i);
		dir_add(&iso, name, FREE + 40 + i, 2048, DIRECTORY);
		d = dir_begin(disc, FREE + 40 + i, 1, ISO, 8, false);
		dir_add(&d, "X.;1", FREE + 90, 7, 0);
	}
	dir_add(&wide, "nobody's name", FREE, 2 * 2048, DIRECTORY);
	w = dir_begin(disc, FREE, 2, WIDE, 8, true);
	for (i = 0; i < DIRS; i++) {
		uint32_t lba = FREE + 2 + 2 * i, n;

		snprintf(name, sizeof(name), "D%02u", (unsigned)i);
		dir_add(&iso, name, lba, 2048, DIRECTORY);
		d = dir_begin(disc, lba, 1, ISO, 8, false);
		for (n = 0; n < (i == 5 ? 6u : 1u); n++, at++) {
			snprintf(name, sizeof(name), "F%u.;1", (unsigned)n);
			dir_add(&d, name, at, 500, 0);
			snprintf(name, sizeof(name), "file %02u %u",
				 (unsigned)i, (unsigned)n);
			dir_add(&w, name, at, 500, 0);
		}
	}
	run();
	ck_assert(there("nobody's name/file 05 0"));
	ck_assert(there("nobody's name/file 05 5"));
	ck_assert(there("nobody's name/file 11 0"));
	ck_assert(there("C39/X"));
	/* It is joined with one of those that it shares files with, and the
	 * others stay as they are. */
	for (i = 0; i < DIRS; i++) {
		snprintf(name, sizeof(name), "D%02u/F0", (unsigned)i);
		kept += there(name);
	}
	ck_assert_uint_eq(kept, DIRS - 1);
	drop();
}
END_TEST

/* ---- contradictions ----------------------------------------------------- */

/* One file in both hierarchies, in pieces: the pieces have to be the same. */
START_TEST(sections_that_differ)
{
	struct dir iso, wide;

	make(200, &iso, &wide);
	/* Same. */
	dir_add(&iso, "A.;1", 110, 2048, MORE);
	dir_add(&iso, "A.;1", 112, 100, 0);
	dir_add(&wide, "a same", 110, 2048, MORE);
	dir_add(&wide, "a same", 112, 100, 0);
	/* In one piece there, in two here. */
	dir_add(&iso, "B.;1", 120, 2048, MORE);
	dir_add(&iso, "B.;1", 122, 100, 0);
	dir_add(&wide, "b whole", 120, 2148, 0);
	/* Another second piece. */
	dir_add(&iso, "C.;1", 130, 2048, MORE);
	dir_add(&iso, "C.;1", 132, 100, 0);
	dir_add(&wide, "c elsewhere", 130, 2048, MORE);
	dir_add(&wide, "c elsewhere", 134, 100, 0);
	/* The same addresses, other lengths. */
	dir_add(&iso, "D.;1", 140, 2048, MORE);
	dir_add(&iso, "D.;1", 144, 4096, MORE);
	dir_add(&iso, "D.;1", 148, 10, 0);
	dir_add(&wide, "d lengths", 140, 2048, MORE);
	dir_add(&wide, "d lengths", 144, 2048, MORE);
	dir_add(&wide, "d lengths", 148, 2058, 0);
	run();
	ck_assert_str_eq(import_list(&import),
			 "/B 2148, /C 2148, /D 6154, /a same 2148, "
			 "/b whole 2148, /c elsewhere 2148, /d lengths 6154");
	drop();
}
END_TEST

/* 9.3: "." and ";" end a name, so that they sort below all else; below them
 * are only bytes that no name may hold. */
START_TEST(order_of_control_characters)
{
	struct dir iso, wide;

	make(200, &iso, &wide);
	dir_add_raw(&iso, "A\1;1", 4, 110, 10, 0);
	dir_add_raw(&iso, "A.;1", 4, 111, 10, 0);
	dir_add_raw(&iso, "A\1B;1", 5, 112, 10, 0);
	dir_add(&wide, "one", 110, 10, 0);
	dir_add(&wide, "two", 111, 10, 0);
	dir_add(&wide, "three", 112, 10, 0);
	run();
	ck_assert_str_eq(import_list(&import), "/one 10, /three 10, /two 10");
	drop();
}
END_TEST

/* ---- names -------------------------------------------------------------- */

START_TEST(doubles_of_long_extensions)
{
	char name[128], list[600];
	struct dir iso, wide;

	make(200, &iso, &wide);
	disc_terminator(disc, 17);
	memset(name, 'X', sizeof(name));
	name[1] = '.';
	memcpy(name + 90, ";1", 3);
	dir_add(&iso, name, 110, 1, 0);
	dir_add(&iso, name, 111, 2, 0);
	dir_add(&iso, ".A;1", 112, 3, 0);
	name[90] = 0;
	snprintf(list, sizeof(list), "/.A 3, /%s 1, /%s_2 2", name, name);
	run();
	ck_assert_str_eq(import_list(&import), list);
	ck_assert_uint_eq(import.odd[LATHE_ISO9660_ODD_DUPLICATE], 1);
	drop();
}
END_TEST

/* ---- the call ----------------------------------------------------------- */

static struct lathe_iso9660_tree *new_tree(void)
{
	struct lathe_iso9660_tree_config config = { .size = sizeof(config) };
	struct lathe_iso9660_tree *tree;

	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	return tree;
}

START_TEST(options_are_checked)
{
	struct lathe_iso9660_import_options options = {
		.size = sizeof(options), .uses = &joliet_use, .use_count = 1,
		.names_from = 99
	};
	struct lathe_iso9660_plan_options plan_options = {
		.size = sizeof(plan_options)
	};
	/* Entries that nobody reads. */
	struct lathe_iso9660_system_use unread = lathe_iso9660_rock_ridge;
	struct lathe_iso9660_tree *tree = new_tree();
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_found found;
	struct lathe_blocks nothing;
	struct dir iso, wide;
	uint32_t node;

	unread.read = NULL;
	options.system_use = &unread;
	make(200, &iso, &wide);
	dir_add(&iso, "FAR.;1", 9999, 10, 0);
	dir_add(&iso, "A.;1", 110, 10, 0);
	dir_add(&iso, "A.;1", 111, 10, 0);
	dir_add(&wide, "joliet", 110, 10, 0);
	options.size--;
	ck_assert_int_eq(lathe_iso9660_import(tree, &disc->source, 0, &options,
					      &found), LATHE_ERR_ARG);
	options.size++;
	options.use_count = LATHE_ISO9660_HIERARCHIES;
	ck_assert_int_eq(lathe_iso9660_import(tree, &disc->source, 0, &options,
					      &found), LATHE_ERR_ARG);
	options.use_count = 1;
	options.uses = NULL;
	ck_assert_int_eq(lathe_iso9660_import(tree, &disc->source, 0, &options,
					      &found), LATHE_ERR_ARG);
	options.uses = &joliet_use;
	nothing = disc->source;
	nothing.end = 0;
	ck_assert_int_eq(lathe_iso9660_import(tree, &nothing, 0, &options,
					      &found), LATHE_ERR_NO_VOLUME);
	/* Nobody listens to what is odd; a hierarchy that is not there gives
	 * no names. */
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &plan_options, &plan),
			 0);
	ck_assert_int_eq(lathe_iso9660_import(tree, &disc->source, 0, &options,
					      &found), LATHE_ERR_STATE);
	lathe_iso9660_plan_destroy(plan);
	ck_assert_int_eq(lathe_iso9660_import(tree, &disc->source, 0, &options,
					      NULL), 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, "joliet", &node), 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, "FAR", &node),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_iso9660_import(tree, &disc->source, 0, &options,
					      &found), LATHE_ERR_STATE);
	lathe_iso9660_tree_destroy(tree);
	disc_free(disc);
}
END_TEST

/* 8.4.18, 9.1.2: the root's attribute record leads out of 32 bits. */
START_TEST(root_behind_everything)
{
	struct dir iso, wide;
	uint8_t *root;

	make(200, &iso, &wide);
	disc_terminator(disc, 17);
	root = disc_block(disc, 16) + 156;
	root[1] = 255;
	memset(root + 2, 0xFF, 8);
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_CORRUPT);
	drop();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hostile discs");
	TCase *tc = tcase_create("hostile");

	tcase_add_test(tc, addresses_that_crowd);
	tcase_add_test(tc, votes_for_many);
	tcase_add_test(tc, sections_that_differ);
	tcase_add_test(tc, order_of_control_characters);
	tcase_add_test(tc, doubles_of_long_extensions);
	tcase_add_test(tc, options_are_checked);
	tcase_add_test(tc, root_behind_everything);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
