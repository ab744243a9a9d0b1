/* SPDX-License-Identifier: MIT */
/*
 * Pairs of hierarchies for which the search of partners gives up, at one of
 * its bounds each: what is not found stays alone, nothing is lost, and what
 * is near is still found. ISO 9660 is read first here, Joliet joined to it.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iso9660/iso9660_internal.h"
#include "lib_disc.h"
#include "tests/suite.h"

enum { ISO = 20, WIDE = 60, FREE = 100, BOTH = 3 };

static struct disc *disc;
static struct dir iso, wide;
static struct import import;

static void make(void)
{
	disc = disc_new(1000);
	disc_primary(disc, 16, ISO, 40 * 2048);
	disc_joliet(disc, 17, WIDE, 40 * 2048);
	disc_terminator(disc, 18);
	iso = dir_begin(disc, ISO, 40, ISO, 40, false);
	wide = dir_begin(disc, WIDE, 40, WIDE, 40, true);
	memset(&import, 0, sizeof(import));
}

static void drop(void)
{
	import_end(&import);
	disc_free(disc);
}

static struct dir sub(struct dir *dir, const char *id, uint32_t lba,
		      uint32_t blocks)
{
	dir_add(dir, id, lba, blocks * 2048, DIRECTORY);
	return dir_begin(disc, lba, blocks, dir->lba, dir->blocks, dir->wide);
}

static void number(struct dir *dir, const char *format, uint32_t i,
		   uint32_t lba, uint32_t bytes)
{
	char name[32];

	snprintf(name, sizeof(name), format, (unsigned)i);
	dir_add(dir, name, lba, bytes, 0);
}

/* Files of ten bytes and their extents: "A.;1 500, B.;1 501". */
static void files(struct dir *dir, const char *list)
{
	unsigned lba;
	char name[32];
	int end;

	while (sscanf(list, "%31[^ ] %u%n", name, &lba, &end) == 2) {
		dir_add(dir, name, lba, 10, 0);
		list += end;
		list += strspn(list, ", ");
	}
	ck_assert_str_eq(list, "");
}

static void run(void)
{
	import_run(&import, disc, 0, NULL, 1);
	ck_assert_msg(import.err == 0, "%s",
		      lathe_iso9660_tree_failure(import.tree)->text);
}

static uint32_t present(const char *path)
{
	return import_entry(&import, path).present;
}

static bool there(const char *path)
{
	uint32_t node;

	return lathe_iso9660_find(import.tree, path, &node) == 0;
}

/* ---- votes -------------------------------------------------------------- */

/* The directories D00, D01 ... with one file of its own each, but for one
 * that has six. Joliet has all of them in one directory. */
static void many_parties(uint32_t count, uint32_t largest)
{
	uint32_t i, n, at = 500;
	char name[32];
	struct dir d, w = sub(&wide, "nobody's name", FREE, 2);

	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "D%02u", (unsigned)i);
		d = sub(&iso, name, FREE + 2 + i, 1);
		for (n = 0; n < (i == largest ? 6u : 1u); n++, at++) {
			number(&d, "F%u.;1", n, at, 500);
			number(&w, "file %03u", 10 * i + n, at, 500);
		}
	}
}

/* More of them than there are seats: who has most keeps one. */
START_TEST(votes_for_more_than_can_be_counted)
{
	many_parties(12, 5);
	run();
	ck_assert(!there("nobody's name"));
	ck_assert_uint_eq(present("D05"), BOTH);
	ck_assert_uint_eq(present("D05/F0"), BOTH);
	ck_assert_uint_eq(present("D05/F5"), BOTH);
	/* Files of the others: alone in either hierarchy. */
	ck_assert_uint_eq(present("D05/file 000"), 2);
	ck_assert_uint_eq(present("D05/file 110"), 2);
	ck_assert_uint_eq(present("D00/F0"), 1);
	ck_assert_uint_eq(present("D11"), 1);
}
END_TEST

/* As many for one as for the other: the one that was recorded first. */
START_TEST(votes_that_are_equal)
{
	struct dir a = sub(&iso, "ONE", FREE, 1);
	struct dir b = sub(&iso, "TWO", FREE + 1, 1);
	struct dir w = sub(&wide, "nobody's name", FREE + 2, 1);
	uint32_t i;

	dir_add(&a, "A.;1", 500, 10, 0);
	dir_add(&b, "B.;1", 501, 10, 0);
	for (i = 0; i < 2; i++)
		number(&w, "%u", i, 500 + (i + (uint32_t)_i) % 2, 10);
	run();
	ck_assert_uint_eq(present("ONE"), BOTH);
	ck_assert_uint_eq(present("TWO"), 1);
	ck_assert_uint_eq(present("ONE/A"), BOTH);
}
END_TEST

/* One extent in more directories than are looked at. */
START_TEST(an_extent_that_everybody_has)
{
	struct dir d, w = sub(&wide, "nobody's name", FREE, 1);
	char name[32];
	uint32_t i;

	dir_add(&w, "licence", 500, 10, 0);
	for (i = 0; i < 5; i++)
		number(&w, "own %u", i, 501 + i, 10);
	for (i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "D%02u", (unsigned)i);
		d = sub(&iso, name, FREE + 2 + i, 1);
		dir_add(&d, "LICENCE.;1", 500, 10, 0);
	}
	for (i = 0; i < 5; i++)
		number(&d, "OWN%u.;1", i, 501 + i, 10);
	run();
	ck_assert_uint_eq(present("D39"), BOTH);
	ck_assert_uint_eq(present("D39/LICENCE"), BOTH);
	ck_assert_uint_eq(present("D39/OWN4"), BOTH);
	ck_assert_uint_eq(present("D38/LICENCE"), 1);
}
END_TEST

/* Addresses that all want one place of the table of extents (a
 * multiplication, 512 places): those which found none have no vote. */
START_TEST(extents_that_crowd)
{
	enum { FILES = 100, LAST = 120000 };
	uint32_t lba = FREE + 40, i, n, found[FILES];
	struct dir a, b;

	disc_resize(disc, LAST);
	for (n = 0; n < FILES; lba++)
		if ((lba * UINT64_C(0x9E3779B97F4A7C15) >> 32 & 511) == 7)
			found[n++] = lba;
	ck_assert_uint_lt(lba, LAST);
	a = sub(&iso, "ONE", FREE, 8);
	b = sub(&wide, "something else", FREE + 8, 8);
	for (i = 0; i < FILES; i++) {
		number(&a, "F%03u.;1", i, found[i], 1000 + i);
		/* So that there are so many places. */
		number(&iso, "R%03u.;1", i, FREE + 16, 1);
		number(&iso, "S%03u.;1", i, FREE + 16, 1);
	}
	/* Of 32 that are asked, the first half has no place. */
	for (i = 0; i < FILES; i++) {
		n = i < 16 ? FILES - 1 - i : i - 16;
		number(&b, "file %03u", i, found[n], 1000 + n);
	}
	run();
	ck_assert(!there("something else"));
	for (i = 0; i < FILES; i++) {
		char path[32];

		snprintf(path, sizeof(path), "ONE/F%03u", (unsigned)i);
		ck_assert_uint_eq(present(path), BOTH);
	}
}
END_TEST

/* ---- candidates --------------------------------------------------------- */

/* The directory of the right name has more files than are looked at, and not
 * the one that is asked for: the name still counts. */
START_TEST(a_candidate_with_many_files)
{
	struct dir big = sub(&iso, "BIG", FREE, 10);
	struct dir w = sub(&wide, "BIG", FREE + 10, 1);
	uint32_t i;

	for (i = 0; i < 100; i++)
		number(&big, "F%03u.;1", i, 500 + i, 10);
	dir_add(&w, "a new one", 700, 10, 0);
	sub(&w, "below", FREE + 11, 1);
	run();
	ck_assert_uint_eq(present("BIG"), BOTH);
	ck_assert_uint_eq(present("BIG/a new one"), 2);
	ck_assert_uint_eq(present("BIG/F000"), 1);
	ck_assert_uint_eq(present("BIG/below"), 2);
}
END_TEST

/* Only directories, and none that the candidate or anybody near it has. */
START_TEST(neighbours_that_are_nobodys)
{
	char name[32];
	uint32_t i;
	struct dir d;

	for (i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "D%02u", (unsigned)i);
		d = sub(&iso, name, FREE + 2 * i, 1);
		sub(&d, "MINE", FREE + 2 * i + 1, 1);
	}
	d = sub(&wide, "D30", 400, 1);
	for (i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "other %02u", (unsigned)i);
		sub(&d, name, 401 + i, 1);
	}
	run();
	ck_assert_uint_eq(present("D30"), BOTH);
	ck_assert_uint_eq(present("D30/other 19"), 2);
	ck_assert_uint_eq(present("D30/MINE"), 1);
	ck_assert_uint_eq(present("D29"), 1);
}
END_TEST

/* The name fits one directory, but the directories in it are those of its
 * neighbour. */
START_TEST(a_neighbour_that_has_them)
{
	struct dir a = sub(&iso, "LONG_000", FREE, 1);
	struct dir b = sub(&iso, "LONG_DIR", FREE + 1, 1);
	struct dir c = sub(&wide, "LONG_DIR", FREE + 2, 1);
	struct dir d = sub(&wide, "LONG_DIR ECTORY", FREE + 3, 1);

	sub(&a, "MINE", FREE + 4, 1);
	sub(&b, "YOURS", FREE + 5, 1);
	sub(&c, "MINE", FREE + 6, 1);
	sub(&d, "YOURS", FREE + 7, 1);
	run();
	ck_assert_uint_eq(present("LONG_000/MINE"), BOTH);
	ck_assert_uint_eq(present("LONG_DIR/YOURS"), BOTH);
	import_only_odd(&import, -1, 0);
}
END_TEST

/* Half of a surrogate pair is a name, but not one that is shown. */
START_TEST(a_name_that_can_not_be_shown)
{
	dir_add_raw(&wide, "\xD8\x00", 2, 500, 10, 0);
	run();
	import_only_odd(&import, LATHE_ISO9660_ODD_SINGLE, 1);
	ck_assert_str_eq(import.text, "'?' is not in all hierarchies");
	ck_assert_uint_eq(present("\xED\xA0\x80"), 2);
}
END_TEST

/* A directory that is looked at before it is read: what is odd in it is told
 * when it is read, once. 9.1.2, 9.1.7. */
START_TEST(what_is_odd_is_told_once)
{
	struct dir a = sub(&iso, "ONE", FREE, 1);
	struct dir b = sub(&wide, "something else", FREE + 1, 1);
	uint8_t *p;

	dir_add(&a, "A.;1", 500, 10, 0);
	p = dir_add(&b, "1", 510, 4096, 0);
	p[1] = 1;
	p[26] = 1;
	dir_add(&b, "2", 500, 10, 0);
	dir_add(&b, "3", 1001, 10, 0);
	dir_add(&b, "4", 500, 10, 0)[9] ^= 1;
	dir_add(&b, "5", 500, 10, MORE);
	run();
	ck_assert_uint_eq(present("ONE"), BOTH);
	ck_assert_uint_eq(import.odd[LATHE_ISO9660_ODD_RECORD], 2);
	ck_assert_uint_eq(import.odd[LATHE_ISO9660_ODD_EXTENT], 1);
	ck_assert_uint_eq(import.odd[LATHE_ISO9660_ODD_HALVES], 1);
}
END_TEST

/* ---- files of one extent ------------------------------------------------ */

/* One is joined by its name when others were already looked for by extent. */
START_TEST(joined_by_name_after_a_search)
{
	files(&iso, "A.;1 500, B.;1 501, C.;1 501, D.;1 501");
	files(&wide, "xyz 500, B 501, C 501, uvw 501");
	run();
	ck_assert_str_eq(import_list(&import), "/A 10, /B 10, /C 10, /D 10");
	import_only_odd(&import, -1, 0);
}
END_TEST

/* One address with many lengths: not that of the record that is alone. */
START_TEST(an_address_that_many_have)
{
	uint32_t i;

	for (i = 0; i < 100; i++)
		number(&iso, "F%03u.;1", i, 500, 10 + i);
	dir_add(&wide, "another", 500, 2000, 0);
	/* None at all has this one, which is the last. */
	dir_add(&wide, "behind", 900, 10, 0);
	run();
	ck_assert_uint_eq(present("another"), 2);
	ck_assert_uint_eq(present("behind"), 2);
	import_only_odd(&import, LATHE_ISO9660_ODD_SINGLE, 102);
}
END_TEST

/* The same record twice: the second one is alone, and takes nothing away from
 * the first. */
START_TEST(a_record_that_is_there_twice)
{
	files(&iso, "A.;1 500, P.;1 501");
	dir_add(&iso, "Q.;1", 500, 20, 0);
	/* The first is looked for by its extent before others are joined. */
	files(&wide, "1st 501, A 500, A 500, more 500");
	run();
	ck_assert_str_eq(import_list(&import),
			 "/A 10, /A_2 10, /P 10, /Q 20, /more 10");
	ck_assert_uint_eq(present("A"), BOTH);
	ck_assert_uint_eq(present("A_2"), 2);
}
END_TEST

/* ---- identifiers -------------------------------------------------------- */

/* A folder that stays empty, though its records were in no order. */
START_TEST(disorder_in_an_empty_folder)
{
	struct dir a = sub(&wide, "sub", FREE, 1);

	sub(&iso, "SUB", FREE + 1, 1);
	/* Both are the root. */
	dir_add(&a, "z", WIDE, 40 * 2048, DIRECTORY);
	dir_add(&a, "a", WIDE, 40 * 2048, DIRECTORY);
	run();
	ck_assert_str_eq(import_list(&import), "/SUB/");
	import_only_odd(&import, LATHE_ISO9660_ODD_LOOP, 2);
}
END_TEST

/* Identifiers that crowd in the table which finds those that are there twice:
 * some get new ones in the next session, made from their names. */
START_TEST(identifiers_that_crowd)
{
	enum { FILES = 80 };
	uint32_t i, n, id, lost = 0;
	char name[16];

	disc_terminator(disc, 17);
	for (i = n = 0; n < FILES; i++) {
		snprintf(name, sizeof(name), "N%05u.;1", (unsigned)i);
		/* 256 places for 82 names. */
		if ((lathep_iso9660_hash(0, 0, name, strlen(name)) & 255) != 7)
			continue;
		dir_add(&iso, name, 500 + n, 10, 0);
		n++;
	}
	files(&iso, "TWICE.;1 700, TWICE.;1 701");
	run();
	import_only_odd(&import, LATHE_ISO9660_ODD_DUPLICATE, 1);
	for (id = LATHE_ISO9660_ROOT + 1; id < import.tree->nodes.used; id++)
		lost += lathep_iso9660_node(import.tree, id)->pinned == 0;
	/* Of 64 in a row none, and one of the two. */
	ck_assert_uint_eq(lost, FILES - 64 + 1);
	ck_assert_uint_eq(import.tree->nodes.used, 2 + FILES + 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("joins without an answer");
	TCase *tc = tcase_create("joins");

	tcase_set_timeout(tc, 20);
	tcase_add_checked_fixture(tc, make, drop);
	tcase_add_test(tc, votes_for_more_than_can_be_counted);
	tcase_add_loop_test(tc, votes_that_are_equal, 0, 2);
	tcase_add_test(tc, an_extent_that_everybody_has);
	tcase_add_test(tc, extents_that_crowd);
	tcase_add_test(tc, a_candidate_with_many_files);
	tcase_add_test(tc, neighbours_that_are_nobodys);
	tcase_add_test(tc, a_neighbour_that_has_them);
	tcase_add_test(tc, a_name_that_can_not_be_shown);
	tcase_add_test(tc, what_is_odd_is_told_once);
	tcase_add_test(tc, joined_by_name_after_a_search);
	tcase_add_test(tc, an_address_that_many_have);
	tcase_add_test(tc, a_record_that_is_there_twice);
	tcase_add_test(tc, disorder_in_an_empty_folder);
	tcase_add_test(tc, identifiers_that_crowd);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
