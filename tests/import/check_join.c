/* SPDX-License-Identifier: MIT */
/* Which record of Joliet means which one of ISO 9660: hand-made pairs. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib_disc.h"
#include "tests/suite.h"

enum { ROOT = 20, JROOT = 30, DATA = 200, END = 4000 };

static struct disc *disc;
static struct dir iso, wide;
static struct import import;

static void make(void)
{
	disc = disc_new(END);
	disc_primary(disc, 16, ROOT, 4 * 2048);
	disc_joliet(disc, 17, JROOT, 4 * 2048);
	disc_terminator(disc, 18);
	iso = dir_begin(disc, ROOT, 4, ROOT, 4, false);
	wide = dir_begin(disc, JROOT, 4, JROOT, 4, true);
	memset(&import, 0, sizeof(import));
}

static void drop(void)
{
	disc_free(disc);
}

static uint32_t present(const char *path)
{
	struct lathe_iso9660_entry e;
	uint32_t node;

	ck_assert_int_eq(lathe_iso9660_find(import.tree, path, &node), 0);
	ck_assert_int_eq(lathe_iso9660_get(import.tree, node, &e), 0);
	return e.present;
}

static void singles(uint32_t count)
{
	ck_assert_msg(import.odd[LATHE_ISO9660_ODD_SINGLE] == count, "%u: %s",
		      import.odd[LATHE_ISO9660_ODD_SINGLE], import.text);
}

START_TEST(names_come_from_joliet)
{
	dir_add(&iso, "LONGNAM0.TXT;1", DATA, 10, 0);
	dir_add(&iso, "LONGNAM1.TXT;1", DATA + 1, 20, 0);
	dir_add(&wide, "long name, second.txt", DATA + 1, 20, 0);
	dir_add(&wide, "long name.txt;1", DATA, 10, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/long name, second.txt 20, "
				     "/long name.txt 10");
	singles(0);
	import_end(&import);
	import_run(&import, disc, 0, NULL, 1);
	ck_assert_str_eq(import_list(&import),
			 "/LONGNAM0.TXT 10, /LONGNAM1.TXT 20");
	singles(0);
	import_end(&import);
	/* A hierarchy that is not there: as if nothing were asked for. */
	import_run(&import, disc, 0, NULL, 4);
	ck_assert_str_eq(import_list(&import), "/long name, second.txt 20, "
					       "/long name.txt 10");
	import_end(&import);
}
END_TEST

/* Joliet's order is another one than that of the primary's names. */
START_TEST(order_does_not_matter)
{
	char name[24], id[24];
	int i;

	for (i = 0; i < 100; i++) {
		snprintf(id, sizeof(id), "F%02d.;1", i);
		dir_add(&iso, id, DATA + (uint32_t)i, 5, 0);
		snprintf(name, sizeof(name), "%02d-x", (i * 37) % 100);
		dir_add(&wide, name, DATA + (uint32_t)(i * 37) % 100, 5, 0);
	}
	import_good(&import, disc, 0);
	singles(0);
	import_end(&import);
}
END_TEST

/* Only one of two names of an extent is in Joliet: the one that fits, in
 * whatever order they stand. */
START_TEST(the_name_that_fits_has_its_partner)
{
	dir_add(&iso, "LINK.;1", DATA, 10, 0);
	dir_add(&iso, "Z.;1", DATA, 10, 0);
	dir_add(&wide, _i ? "z" : "link", DATA, 10, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), _i ? "/LINK 10, /z 10"
					: "/Z 10, /link 10");
	singles(1);
	import_end(&import);
}
END_TEST

/* Copies of one content share an extent: then names decide. */
START_TEST(shared_extents_are_told_apart_by_name)
{
	dir_add(&iso, "ALPHA.TXT;1", DATA, 10, 0);
	dir_add(&iso, "BETA.TXT;1", DATA, 10, 0);
	dir_add(&iso, "GAMMA.TXT;1", DATA, 10, 0);
	dir_add(&wide, "gamma.txt", DATA, 10, 0);
	dir_add(&wide, "alpha.txt", DATA, 10, 0);
	dir_add(&wide, "beta.txt", DATA, 10, 0);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/alpha.txt 10, /beta.txt 10, /gamma.txt 10");
	singles(0);
	import_end(&import);
	import_run(&import, disc, 0, NULL, 1);
	singles(0);
	import_end(&import);
}
END_TEST

/* One extent, two lengths: two files. */
START_TEST(length_is_part_of_the_extent)
{
	dir_add(&iso, "AAA.;1", DATA, 10, 0);
	dir_add(&iso, "BBB.;1", DATA, 2000, 0);
	dir_add(&wide, "x", DATA, 2000, 0);
	dir_add(&wide, "y", DATA, 10, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/x 2000, /y 10");
	singles(0);
	import_end(&import);
}
END_TEST

/* 9.1.2: the data begin behind the attribute record, which may be in one of
 * the hierarchies alone. */
START_TEST(attribute_record_is_not_part_of_the_content)
{
	dir_add(&iso, "AAA.;1", DATA, 10, 0)[1] = _i == 0;
	dir_add(&wide, "x", DATA + (_i == 0 ? 1u : -1u), 10, 0)[1] = _i == 1;
	ck_assert_str_eq(import_good(&import, disc, 0), "/x 10");
	singles(0);
	import_end(&import);
}
END_TEST

/* 6.5.1: one file in both only if each of its sections is the same. */
START_TEST(all_sections_are_part_of_the_extent)
{
	dir_add(&iso, "AAA.;1", DATA, 4096, MORE);
	dir_add(&iso, "AAA.;1", DATA + 10, 2048, MORE)[1] = _i == 1;
	dir_add(&iso, "AAA.;1", DATA + 20, 2048, 0);
	dir_add(&wide, "x", DATA, _i == 3 ? 2048 : 4096, MORE);
	if (_i == 4) {
		dir_add(&wide, "x", DATA + 20, 4096, 0);
	} else {
		dir_add(&wide, "x", DATA + 10u + (_i == 1 || _i == 2),
			_i == 3 ? 4096 : 2048, MORE);
		dir_add(&wide, "x", DATA + 20, 2048, 0);
	}
	ck_assert_str_eq(import_good(&import, disc, 0),
			 _i < 2 ? "/x 8192" : "/AAA 8192, /x 8192");
	singles(_i < 2 ? 0 : 2);
	import_end(&import);
}
END_TEST

/* Empty files have addresses that mean nothing: equal, or none at all. */
START_TEST(empty_files_are_joined_by_name)
{
	dir_add(&iso, "EMPTY1.TXT;1", DATA, 0, 0);
	dir_add(&iso, "EMPTY2.TXT;1", DATA, 0, 0);
	dir_add(&iso, "FULL.TXT;1", DATA, 10, 0);
	dir_add(&wide, "full.txt", DATA, 10, 0);
	dir_add(&wide, "empty2.txt", 0, 0, 0);
	dir_add(&wide, "empty1.txt", 0xFFFFFFF0, 0, 0);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/empty1.txt 0, /empty2.txt 0, /full.txt 10");
	singles(0);
	import_end(&import);
}
END_TEST

/* Names that say nothing: those of one date in their order. */
START_TEST(empty_files_are_joined_by_date)
{
	static const char *const ids[] = { "__0.;1", "__1.;1", "__2.;1" };
	static const char *const named[] = { "\x61?", "zz", "qq" };
	int i;

	for (i = 0; i < 3; i++) {
		dir_add(&iso, ids[i], 0, 0, 0)[18 + 5] = (uint8_t)(10 + i);
		dir_add(&wide, named[i], 0, 0, 0)[18 + 5] = (uint8_t)(12 - i);
	}
	import_good(&import, disc, 0);
	singles(0);
	import_end(&import);
}
END_TEST

START_TEST(what_is_in_one_hierarchy_stays_alone)
{
	dir_add(&iso, "BOTH.;1", DATA, 10, 0);
	dir_add(&iso, "ISOONLY.;1", DATA + 1, 10, 0);
	dir_add(&iso, "ISODIR", 40, 2048, DIRECTORY);
	iso = dir_begin(disc, 40, 1, ROOT, 4, false);
	dir_add(&iso, "BELOW.;1", DATA + 3, 10, 0);
	dir_add(&wide, "both", DATA, 10, 0);
	dir_add(&wide, "joliet only", DATA + 2, 10, 0);
	dir_add(&wide, "other dir", 41, 2048, DIRECTORY);
	wide = dir_begin(disc, 41, 1, JROOT, 4, true);
	dir_add(&wide, "in it", DATA + 4, 10, 0);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/ISODIR/, /ISODIR/BELOW 10, /ISOONLY 10, /both 10, "
			 "/joliet only 10, /other dir/, /other dir/in it 10");
	singles(6);
	ck_assert_uint_eq(present("/both"), 3);
	ck_assert_uint_eq(present("/ISODIR/BELOW"), 1);
	ck_assert_uint_eq(present("/other dir/in it"), 2);
	import_end(&import);
}
END_TEST

/* ---- folders ------------------------------------------------------------ */

/* Two folders whose names say nothing: their files do. */
START_TEST(folders_are_paired_by_their_files)
{
	struct dir a, b;

	dir_add(&iso, "DIR00000", 40, 2048, DIRECTORY);
	dir_add(&iso, "DIR00001", 41, 2048, DIRECTORY);
	a = dir_begin(disc, 40, 1, ROOT, 4, false);
	b = dir_begin(disc, 41, 1, ROOT, 4, false);
	dir_add(&a, "ONE.;1", DATA, 10, 0);
	dir_add(&a, "TWO.;1", DATA + 1, 10, 0);
	dir_add(&b, "ONE.;1", DATA + 2, 10, 0);
	dir_add(&b, "TWO.;1", DATA + 3, 10, 0);
	dir_add(&wide, "a quite other name", 42, 2048, DIRECTORY);
	dir_add(&wide, "zzz", 43, 2048, DIRECTORY);
	a = dir_begin(disc, 42, 1, JROOT, 4, true);
	b = dir_begin(disc, 43, 1, JROOT, 4, true);
	dir_add(&a, "one", DATA + 2, 10, 0);
	dir_add(&a, "two", DATA + 3, 10, 0);
	dir_add(&b, "one", DATA, 10, 0);
	dir_add(&b, "two", DATA + 1, 10, 0);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/a quite other name/, /a quite other name/one 10, "
			 "/a quite other name/two 10, /zzz/, /zzz/one 10, "
			 "/zzz/two 10");
	singles(0);
	import_end(&import);
}
END_TEST

/* The name fits one folder, but the files are in the other. */
START_TEST(files_weigh_more_than_names)
{
	struct dir a, b;

	dir_add(&iso, "LONG_DIR", 40, 2048, DIRECTORY);
	dir_add(&iso, "LONG_000", 41, 2048, DIRECTORY);
	a = dir_begin(disc, 40, 1, ROOT, 4, false);
	b = dir_begin(disc, 41, 1, ROOT, 4, false);
	dir_add(&a, "F.;1", DATA, 10, 0);
	dir_add(&b, "F.;1", DATA + 1, 10, 0);
	dir_add(&wide, "long_dir", 42, 2048, DIRECTORY);
	dir_add(&wide, "long_dir ectory", 43, 2048, DIRECTORY);
	a = dir_begin(disc, 42, 1, JROOT, 4, true);
	b = dir_begin(disc, 43, 1, JROOT, 4, true);
	dir_add(&a, "f", DATA + 1, 10, 0);
	dir_add(&b, "f", DATA, 10, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/long_dir/, /long_dir/f 10, "
				     "/long_dir ectory/, /long_dir ectory/f 10");
	singles(0);
	import_end(&import);
}
END_TEST

/* A licence in each folder, its bytes on the disc once: no vote for anybody
 * else than the folder of that name. */
START_TEST(shared_files_do_not_mislead)
{
	char id[16], name[16];
	struct dir dir;
	uint32_t i;

	for (i = 0; i < 40; i++) {
		snprintf(id, sizeof(id), "PART%02u", i);
		dir_add(&iso, id, 40 + i, 2048, DIRECTORY);
		dir = dir_begin(disc, 40 + i, 1, ROOT, 4, false);
		dir_add(&dir, "LICENCE.;1", DATA, 10, 0);
		dir_add(&dir, "OWN.;1", DATA + 1 + i, 10, 0);
		snprintf(name, sizeof(name), "part%02u", 39 - i);
		dir_add(&wide, name, 100 + i, 2048, DIRECTORY);
		dir = dir_begin(disc, 100 + i, 1, JROOT, 4, true);
		dir_add(&dir, "licence", DATA, 10, 0);
		dir_add(&dir, "own", DATA + 1 + (39 - i), 10, 0);
	}
	import_good(&import, disc, 0);
	singles(0);
	import_end(&import);
}
END_TEST

START_TEST(folders_without_files_are_paired_by_name)
{
	dir_add(&iso, "EMPTY", 40, 2048, DIRECTORY);
	dir_add(&iso, "EMPTY000", 41, 2048, DIRECTORY);
	dir_add(&iso, "______", 42, 2048, DIRECTORY);
	dir_begin(disc, 40, 1, ROOT, 4, false);
	dir_begin(disc, 41, 1, ROOT, 4, false);
	iso = dir_begin(disc, 42, 1, ROOT, 4, false);
	dir_add(&iso, "SUB", 43, 2048, DIRECTORY);
	dir_begin(disc, 43, 1, 42, 1, false);
	dir_add_raw(&wide, "\x65\xe5\x67\x2c", 4, 52, 2048, DIRECTORY);
	dir_add(&wide, "empty folder", 50, 2048, DIRECTORY);
	dir_add(&wide, "empty", 51, 2048, DIRECTORY);
	dir_begin(disc, 50, 1, JROOT, 4, true);
	dir_begin(disc, 51, 1, JROOT, 4, true);
	wide = dir_begin(disc, 52, 1, JROOT, 4, true);
	dir_add(&wide, "sub", 53, 2048, DIRECTORY);
	dir_begin(disc, 53, 1, 52, 1, true);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/empty/, /empty folder/, /\xe6\x97\xa5\xe6\x9c\xac/, "
			 "/\xe6\x97\xa5\xe6\x9c\xac/sub/");
	singles(0);
	import_end(&import);
}
END_TEST

/* A hostile pair of hierarchies: their directories share extents. */
START_TEST(joliet_over_the_directories_of_the_primary)
{
	struct dir sub;

	dir_add(&iso, "D", 40, 2048, DIRECTORY);
	sub = dir_begin(disc, 40, 1, ROOT, 4, false);
	dir_add(&sub, "F.;1", DATA, 10, 0);
	disc_joliet(disc, 17, ROOT, 4 * 2048);
	import_good(&import, disc, 0);
	import_end(&import);
}
END_TEST

/* ---- cost --------------------------------------------------------------- */

/*
 * Worst cases for whoever searches: all on one extent, all empty and of one
 * date, all of one name. Time is bounded by the work of the allocator and of
 * the reads, which are counted; a quadratic search would not end in time.
 */
START_TEST(equal_things_in_numbers)
{
	enum { COUNT = 40000, BLOCKS = COUNT * 46 / 2048 + COUNT / 40 };
	struct disc *big = disc_new(200 + 2 * BLOCKS);
	struct dir a, b;
	char name[16];
	uint32_t i;

	disc_primary(big, 16, 100, BLOCKS * 2048);
	disc_joliet(big, 17, 100 + BLOCKS, BLOCKS * 2048);
	disc_terminator(big, 18);
	a = dir_begin(big, 100, BLOCKS, 100, BLOCKS, false);
	b = dir_begin(big, 100 + BLOCKS, BLOCKS, 100 + BLOCKS, BLOCKS, true);
	for (i = 0; i < COUNT; i++) {
		snprintf(name, sizeof(name), "F%u", i);
		dir_add(&a, _i == 2 ? "SAME" : name, 30, _i == 0 ? 9 : 0, 0);
		snprintf(name, sizeof(name), "%u", COUNT - i);
		dir_add(&b, _i == 2 ? "same" : name, 30, _i == 0 ? 9 : 0, 0);
	}
	import_run(&import, big, 0, NULL, 0);
	ck_assert_int_eq(import.err, 0);
	ck_assert_uint_le(big->blocks_read, 2 * BLOCKS + 600);
	ck_assert_uint_le(import.peak, (size_t)COUNT * 400 + (3u << 20));
	import_end(&import);
	disc_free(big);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("joining hierarchies");
	TCase *tc = tcase_create("joining");

	tcase_set_timeout(tc, 20);
	tcase_add_checked_fixture(tc, make, drop);
	tcase_add_test(tc, names_come_from_joliet);
	tcase_add_test(tc, order_does_not_matter);
	tcase_add_loop_test(tc, the_name_that_fits_has_its_partner, 0, 2);
	tcase_add_test(tc, shared_extents_are_told_apart_by_name);
	tcase_add_test(tc, length_is_part_of_the_extent);
	tcase_add_loop_test(tc, attribute_record_is_not_part_of_the_content, 0,
			    2);
	tcase_add_loop_test(tc, all_sections_are_part_of_the_extent, 0, 5);
	tcase_add_test(tc, empty_files_are_joined_by_name);
	tcase_add_test(tc, empty_files_are_joined_by_date);
	tcase_add_test(tc, what_is_in_one_hierarchy_stays_alone);
	tcase_add_test(tc, folders_are_paired_by_their_files);
	tcase_add_test(tc, files_weigh_more_than_names);
	tcase_add_test(tc, shared_files_do_not_mislead);
	tcase_add_test(tc, folders_without_files_are_paired_by_name);
	tcase_add_test(tc, joliet_over_the_directories_of_the_primary);
	tcase_add_loop_test(tc, equal_things_in_numbers, 0, 3);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
