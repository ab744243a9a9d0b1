/* SPDX-License-Identifier: MIT */
/* Volumes that bear our mark, with a checksum that holds, but are not as we
 * record them: contradictions are errors, and what is only unusual is read.
 * SPEC.md 1.6, 1.7. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/import/lib_volume.h"
#include "tests/suite.h"

static void run(int err)
{
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_msg(import.err == err, "%d: %s", import.err,
		      lathe_iso9660_tree_failure(import.tree)->text);
	ck_assert(err || import.found.own);
}

static bool says(const char *text)
{
	return strstr(lathe_iso9660_tree_failure(import.tree)->text, text);
}

/* ---- the table of directories ------------------------------------------- */

enum { MAP = 30, METADATA = 31 };

/* Directories of the primary hierarchy; Joliet has /x and /x/y. Numbers are
 * in the order of addresses, the root's is 1. */
static void make_directories(uint32_t count)
{
	struct dir x;
	char name[16];
	uint32_t i;

	with_joliet();
	dir_add(&joliet, "x", 28, 2048, DIRECTORY);
	x = dir_begin(disc, 28, 1, JROOT, 2, true);
	dir_add(&x, "y", 29, 2048, DIRECTORY);
	dir_begin(disc, 29, 1, 28, 1, true);
	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "D%02u", (unsigned)i);
		dir_add(&root, name, 40 + i, 2048, DIRECTORY);
		dir_begin(disc, 40 + i, 1, ROOT, 2, false);
	}
}

static void partners(uint32_t first, uint32_t second)
{
	lathe_put_le32(disc_block(disc, MAP), 1);
	lathe_put_le32(disc_block(disc, MAP) + 4, first);
	lathe_put_le32(disc_block(disc, MAP) + 8, second);
	disc_mark(disc, METADATA, 3, MAP);
}

/* The first two of the primary are, in Joliet: */
START_TEST(partners_of_directories)
{
	static const struct {
		uint32_t first, second;
		const char *list;
	} cases[] = {
		{ 0, 0, "/D00/, /D01/, /x/, /x/y/" },
		{ 0, 2, "/D00/, /x/, /x/y/" },
		{ 2, 0, "/D01/, /x/, /x/y/" },
		/* one in another folder */
		{ 3, 0, NULL },
		{ 0, 3, NULL },
		/* one that was taken */
		{ 2, 2, NULL },
		/* none that there is, none that there can be */
		{ 4, 0, NULL },
		{ METADATA + 1, 0, NULL },
		{ 0xFFFFFFFF, 0, NULL },
	};

	make_directories(2);
	partners(cases[_i].first, cases[_i].second);
	if (cases[_i].list) {
		run(0);
		ck_assert_str_eq(import_list(&import), cases[_i].list);
	} else {
		run(LATHE_ERR_CORRUPT);
		ck_assert(says("table of directories"));
	}
	import_end(&import);
}
END_TEST

/* The same by the names of ISO 9660, for which the table is read the other way
 * round. */
START_TEST(partners_the_other_way_round)
{
	static const struct {
		uint32_t first, second;
		const char *list;
	} cases[] = {
		{ 0, 0, "/D00/, /D01/, /x/, /x/y/" },
		{ 2, 3, NULL },		/* D01 is not in D00 */
		{ 2, 0, "/D00/, /D00/y/, /D01/" },
		{ 0, 2, "/D00/, /D01/, /D01/y/" },
		{ 4, 0, "/D00/, /D01/, /x/, /x/y/" },
		{ METADATA + 1, 0, NULL },
		{ 0xFFFFFFFF, 0, NULL },
	};

	make_directories(2);
	partners(cases[_i].first, cases[_i].second);
	import_run(&import, disc, 0, NULL, 1);
	if (cases[_i].list)
		ck_assert_str_eq(import_list(&import), cases[_i].list);
	else
		ck_assert_int_eq(import.err, LATHE_ERR_CORRUPT);
	import_end(&import);
}
END_TEST

/* Cut off within the root directory of Joliet, it is nobody's own. */
START_TEST(a_root_that_is_not_all_there)
{
	make_directories(2);
	partners(0, 0);
	ck_assert_int_eq(lathe_iso9660_probe(&disc->source, 0, &joliet_use, 1,
					     &import.found, NULL), 0);
	ck_assert(import.found.own);
	disc_resize(disc, JROOT + 1);
	ck_assert_int_eq(lathe_iso9660_probe(&disc->source, 0, &joliet_use, 1,
					     &import.found, NULL), 0);
	ck_assert(!import.found.own);
	ck_assert_uint_eq(import.found.hierarchies, 1);
}
END_TEST

/* Each is one block at least, so that there are not more than blocks of
 * metadata; those behind them do not count. */
START_TEST(more_directories_than_metadata)
{
	make_directories(METADATA - (_i ? 0 : 1));
	partners(0, 0);
	run(_i ? LATHE_ERR_CORRUPT : 0);
	import_end(&import);
}
END_TEST

/* A disc that is said to be larger than it is. */
static int (*read_there)(void *ctx, uint32_t lba, uint32_t count,
			 uint8_t *out);

static int read_or_fail(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	return lba + count > END ? LATHE_ERR_IO
				 : read_there(ctx, lba, count, out);
}

/* Memory for the table is bounded by what the tree may take and by what is
 * there, whatever a mark on a large disc claims. */
START_TEST(claims_of_metadata_take_no_memory)
{
	struct lathe_iso9660_limits limits = { .nodes = _i ? 0 : 10 };

	make_directories(12);
	partners(0, 0);
	lathe_put_le32(disc_block(disc, 16) + 955, 13);
	if (_i) {
		lathe_put_le32(disc_block(disc, 16) + 899, 1u << 24);
		lathe_put_le32(disc_block(disc, 16) + 903, 1u << 24);
		disc->source.end = 1u << 25;
		read_there = disc->source.read;
		disc->source.read = read_or_fail;
	}
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_int_lt(import.err, 0);
	if (!_i)
		ck_assert_int_eq(import.err, LATHE_ERR_LIMIT);
	ck_assert_uint_lt(import.peak, 1u << 20);
	import_end(&import);
}
END_TEST

/* ---- the mark ----------------------------------------------------------- */

/* SPEC.md 1.6: numbers that contradict each other are damage, even before the
 * checksum says so. */
START_TEST(marks_that_contradict_themselves)
{
	static const struct {
		uint32_t offset, number;
	} cases[] = {
		{ 8, 3 },		/* of the edition, one bit */
		{ 12, ROOT + 1 },	/* begins behind its root */
		{ 16, METADATA - 1 },	/* less than its metadata */
		{ 28, 1 },		/* one before block 0 */
		{ 32, 0 }, { 32, 5 },	/* hierarchies */
		{ 36, METADATA - 1 },	/* of two blocks, the second behind */
		{ 36, ROOT + 1 },	/* another root than the descriptor's */
		{ 40, 2048 },
		{ 44, JROOT + 1 }, { 48, 2048 },
		{ 40, 0 }, { 40, 2049 }, { 40, 0xFFFFF800 },
		{ 44, METADATA - 1 },
		{ 72, 0 }, { 72, METADATA + 1 },
		{ 76, METADATA },
		{ 12, 0xFFFFFFFF }
	};

	make_directories(2);
	partners(0, 0);
	lathe_put_le32(disc_block(disc, 16) + 883 + cases[_i].offset,
		       cases[_i].number);
	run(LATHE_ERR_CORRUPT);
	ck_assert(says("the mark in the descriptor at block 16"));
	import_end(&import);
}
END_TEST

/* Of another edition, or of another program: the volume is not ours. */
START_TEST(marks_of_others)
{
	make_directories(2);
	partners(0, 0);
	if (_i == 0)
		disc_block(disc, 16)[883 + 8] = 0x3E;
	else
		memset(disc_block(disc, 16) + 883, 'x', 8);
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_int_eq(import.err, 0);
	ck_assert(!import.found.own);
	import_end(&import);
}
END_TEST

/* ---- the checksum ------------------------------------------------------- */

/* Directories here and there in a sea of blocks that nothing leads to: more
 * pieces than are kept track of while the tree is read. */
START_TEST(metadata_with_gaps)
{
	struct dir sub;
	char name[16];
	uint32_t i;

	disc_resize(disc, 8200);
	disc_primary(disc, 16, ROOT, 4096);
	for (i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "D%02u", (unsigned)i);
		dir_add(&root, name, 300 + 190 * i, 2048, DIRECTORY);
		sub = dir_begin(disc, 300 + 190 * i, 1, ROOT, 2, false);
		dir_add(&sub, "F.;1", 8100, 10, 0);
	}
	disc_block(disc, 5000)[7] = 7;
	disc_mark(disc, 8000, 1, 0);
	run(0);
	ck_assert_uint_eq(import_entry(&import, "/D39/F").lba, 8100);
	ck_assert_uint_le(disc->blocks_read, 8200 + 400);
	import_end(&import);
	/* Whatever is in them counts, */
	disc_block(disc, 5000)[7] = 6;
	run(LATHE_ERR_CORRUPT);
	ck_assert(says("checksum"));
	import_end(&import);
	/* and has to be readable. */
	disc->broken = 5000;
	run(LATHE_ERR_IO);
	ck_assert(says("5000"));
	import_end(&import);
}
END_TEST

/* ---- folders as they were read ------------------------------------------ */

/* Nine files in /X, whose directory has as many blocks as told; in ISO 9660
 * there may be one more, whichever is read first. A session that is recorded
 * over it has them all. */
START_TEST(folder_that_is_not_as_we_record_it)
{
	uint32_t blocks = _i == 1 ? 2 : 1, i;
	struct dir a, x;
	char name[16];

	with_joliet();
	dir_add(&root, "X", 26, 2048, DIRECTORY);
	a = dir_begin(disc, 26, 1, ROOT, 2, false);
	dir_add(&joliet, "X", 27, blocks * 2048, DIRECTORY);
	x = dir_begin(disc, 27, blocks, JROOT, 2, true);
	for (i = 0; i < 9; i++) {
		snprintf(name, sizeof(name), "F%u", (unsigned)i);
		dir_add(&x, name, DATA + i, 10, 0);
		snprintf(name, sizeof(name), "F%u.;1", (unsigned)i);
		dir_add(&a, name, DATA + i, 10, 0);
	}
	if (_i >= 2)
		dir_add(&a, "G.;1", DATA + 9, 10, 0);
	lathe_put_le32(disc_block(disc, MAP), 1);
	lathe_put_le32(disc_block(disc, MAP) + 4, 2);
	disc_mark(disc, METADATA, 2, MAP);
	import_run(&import, disc, 0, NULL, _i == 3);
	ck_assert_int_eq(import.err, 0);
	import_only_odd(&import, LATHE_ISO9660_ODD_SINGLE, _i >= 2);
	disc_record(disc, import.tree, 256, NULL, 0, NULL);
	import_end(&import);
	import_run(&import, disc, 256, NULL, 0);
	ck_assert_str_eq(import_list(&import),
			 _i >= 2 ? "/X/, /X/F0 10, /X/F1 10, /X/F2 10, "
				   "/X/F3 10, /X/F4 10, /X/F5 10, /X/F6 10, "
				   "/X/F7 10, /X/F8 10, /X/G 10"
				 : "/X/, /X/F0 10, /X/F1 10, /X/F2 10, "
				   "/X/F3 10, /X/F4 10, /X/F5 10, /X/F6 10, "
				   "/X/F7 10, /X/F8 10");
	import_end(&import);
}
END_TEST

/* A folder of more blocks than are noted: 12 records in each. */
START_TEST(folder_of_many_blocks)
{
	enum { BLOCKS = 8200, FILES = BLOCKS * 12, FIRST = 64 };
	struct lathe_iso9660_counts count;
	char name[80];
	uint32_t i;

	disc_resize(disc, FIRST + BLOCKS + 10);
	disc_primary(disc, 16, ROOT, 4096);
	disc_joliet(disc, 17, FIRST, BLOCKS * 2048);
	disc_terminator(disc, 18);
	joliet = dir_begin(disc, FIRST, BLOCKS, FIRST, BLOCKS, true);
	for (i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "%060u.txt", (unsigned)i);
		dir_add(&joliet, name, 0, 0, 0);
	}
	lathe_put_le32(disc_block(disc, MAP), 1);
	disc_mark(disc, FIRST + BLOCKS, 1, MAP);
	run(0);
	lathe_iso9660_count(import.tree, &count);
	ck_assert_uint_eq(count.files, FILES);
	import_end(&import);
}
END_TEST

/* ---- what is odd is wrong ----------------------------------------------- */

/* But for what a foreign session may have left: a name that is there twice,
 * one that is in one hierarchy only. */
START_TEST(oddities_of_a_volume_of_ours)
{
	static const struct {
		int odd, err;
	} cases[] = {
		{ LATHE_ISO9660_ODD_DUPLICATE, 0 },
		{ LATHE_ISO9660_ODD_SINGLE, 0 },
		{ LATHE_ISO9660_ODD_RECORD, LATHE_ERR_CORRUPT },
		{ LATHE_ISO9660_ODD_NAME, LATHE_ERR_CORRUPT },
		{ LATHE_ISO9660_ODD_HALVES, LATHE_ERR_CORRUPT },
		{ LATHE_ISO9660_ODD_EXTENT, LATHE_ERR_CORRUPT },
		{ LATHE_ISO9660_ODD_LOOP, LATHE_ERR_CORRUPT },
	};

	with_joliet();
	dir_add(&root, "A.;1", DATA, 10, 0);
	dir_add(&joliet, "A", DATA, 10, 0);
	switch (cases[_i].odd) {
	case LATHE_ISO9660_ODD_DUPLICATE:
		dir_add(&root, "A.;1", DATA + 1, 20, 0);
		dir_add(&joliet, "A", DATA + 1, 20, 0);
		break;
	case LATHE_ISO9660_ODD_SINGLE:
		dir_add(&root, "B.;1", DATA + 1, 20, 0);
		break;
	case LATHE_ISO9660_ODD_RECORD:
		dir_add(&root, "B.;1", DATA + 1, 2048, MORE);
		break;
	case LATHE_ISO9660_ODD_NAME:
		dir_add(&joliet, "a/b", DATA + 1, 20, 0);
		break;
	case LATHE_ISO9660_ODD_HALVES:
		dir_add(&root, "B.;1", DATA + 1, 20, 0)[9] ^= 1;
		break;
	case LATHE_ISO9660_ODD_EXTENT:
		dir_add(&root, "B.;1", END, 20, 0);
		break;
	default:
		dir_add(&root, "B", ROOT, 4096, DIRECTORY);
		break;
	}
	lathe_put_le32(disc_block(disc, MAP), 1);
	disc_mark(disc, METADATA, 1, MAP);
	run(cases[_i].err);
	if (!cases[_i].err)
		ck_assert_uint_eq(import.odd[cases[_i].odd], 1);
	import_end(&import);
}
END_TEST

/* Continuation areas (SUSP 5.1) that lead over the end of their block. */
START_TEST(area_over_the_end_of_its_block)
{
	put(SP, 7);
	begin_root();
	ce(60, 2000, 49);
	attach(&root, dir_add(&root, "A.;1", DATA, 10, 0));
	disc_mark(disc, 27, 1, 0);
	run(LATHE_ERR_CORRUPT);
	ck_assert(says("area"));
	import_end(&import);
}
END_TEST

/* Together they may cost as much as reading the disc twice. */
START_TEST(areas_that_cost_more_than_the_disc)
{
	enum { RECORDS = 500, BLOCKS = 20, AREAS = 8 };
	char name[16];
	uint32_t i;

	disc_resize(disc, 500);
	disc_primary(disc, 16, 40, BLOCKS * 2048);
	root = (struct dir){ disc, 40, BLOCKS, 0, false };
	put(SP, 7);
	attach(&root, dir_add_raw(&root, "\0", 1, 40, BLOCKS * 2048,
				  DIRECTORY));
	dir_add_raw(&root, "\1", 1, 40, BLOCKS * 2048, DIRECTORY);
	for (i = 0; i < RECORDS; i++) {
		snprintf(name, sizeof(name), "%04u.;1", (unsigned)i);
		if (root.at % 2048 + 72 > 2048)
			root.at += 2048 - root.at % 2048;
		/* The first one leads to where all that is read stays. */
		ce(i ? 101 : 100, 0, 2048);
		attach(&root, dir_add(&root, name, 0, 0, 0));
	}
	/* Each the whole of its block, and in each one more. */
	for (i = 0; i < AREAS; i++) {
		if (i + 1 < AREAS)
			ce(101 + i, 0, 2048);
		area(100 + i, 0);
	}
	disc_mark(disc, 60, 1, 0);
	run(LATHE_ERR_CORRUPT);
	ck_assert(says("larger than the disc"));
	import_end(&import);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("strange volumes of ours");
	TCase *tc = tcase_create("strange"), *marks = tcase_create("marks");

	tcase_add_checked_fixture(tc, make_plain, drop_volume);
	tcase_add_loop_test(tc, partners_of_directories, 0, 9);
	tcase_add_loop_test(tc, partners_the_other_way_round, 0, 7);
	tcase_add_test(tc, a_root_that_is_not_all_there);
	tcase_add_loop_test(tc, more_directories_than_metadata, 0, 2);
	tcase_add_loop_test(tc, claims_of_metadata_take_no_memory, 0, 2);
	tcase_add_test(tc, metadata_with_gaps);
	tcase_add_loop_test(tc, folder_that_is_not_as_we_record_it, 0, 4);
	tcase_add_test(tc, folder_of_many_blocks);
	tcase_add_loop_test(tc, oddities_of_a_volume_of_ours, 0, 7);
	tcase_add_test(tc, area_over_the_end_of_its_block);
	tcase_add_test(tc, areas_that_cost_more_than_the_disc);
	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(marks, make_plain, drop_volume);
	tcase_add_loop_test(marks, marks_that_contradict_themselves, 0, 19);
	tcase_add_loop_test(marks, marks_of_others, 0, 2);
	suite_add_tcase(suite, marks);
	return run_suite(suite);
}
