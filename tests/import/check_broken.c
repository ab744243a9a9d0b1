/* SPDX-License-Identifier: MIT */
/* Importing hand-made volumes that contradict themselves: extents outside the
 * disc, broken records, loops, directories without bounds. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "lib_volume.h"
#include "tests/suite.h"

enum {
	HALVES = LATHE_ISO9660_ODD_HALVES,
	RECORD = LATHE_ISO9660_ODD_RECORD,
	EXTENT = LATHE_ISO9660_ODD_EXTENT,
	LOOP = LATHE_ISO9660_ODD_LOOP
};

/* ---- what lies outside -------------------------------------------------- */

START_TEST(extents_outside_the_disc_are_left_out)
{
	dir_add(&root, "A.;1", END, 1, 0);
	dir_add(&root, "B.;1", END - 1, 2049, 0);
	dir_add(&root, "C.;1", 0xFFFFFFFF, 0xFFFFFFFF, 0);
	dir_add(&root, "D.;1", END - 1, 10, 0)[1] = 1;
	dir_add(&root, "E", END, 2048, DIRECTORY);
	dir_add(&root, "F", END - 1, 4096, DIRECTORY);
	dir_add(&root, "G.;1", END - 1, 2048, 0);
	dir_add(&root, "H.;1", DATA, 2048, MORE);
	dir_add(&root, "H.;1", END, 1, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/G 2048");
	import_only_odd(&import, EXTENT, 7);
	import_end(&import);
}
END_TEST

START_TEST(interleaving_that_laps_over_is_left_out)
{
	uint8_t *p = dir_add(&root, "A.;1", 0xFFFFFFF0, 200 * 2048, 0);

	p[26] = p[27] = 255;
	ck_assert_str_eq(import_good(&import, disc, 0), "");
	import_only_odd(&import, EXTENT, 1);
	import_end(&import);
}
END_TEST

/* On a disc as large as can be, its second unit would be block 0. */
START_TEST(interleaving_goes_on_at_no_other_end)
{
	uint8_t *p = dir_add(&root, "A.;1", 0xFFFFFF00, 2 * 2048, 0);

	p[26] = 1;
	p[27] = 255;
	disc->source.end = 0xFFFFFFFF;
	ck_assert_str_eq(import_good(&import, disc, 0), "");
	import_only_odd(&import, EXTENT, 1);
	import_end(&import);
}
END_TEST

/* Units are sections: as many as the limit says, in all of a file. */
START_TEST(units_are_limited_as_sections_are)
{
	struct lathe_iso9660_limits limits = { .sections = 4 };

	dir_add(&root, "A.;1", DATA, 10 * 2048, MORE);
	dir_add(&root, "A.;1", DATA + 20, (_i ? 7 : 6) * 2048, 0)[26] = 2;
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_int_eq(import.err, _i ? LATHE_ERR_LIMIT : 0);
	import_end(&import);
}
END_TEST

START_TEST(halves_that_differ_are_told)
{
	uint8_t *p = dir_add(&root, "A.;1", DATA, 10, 0);

	memset(p + 2, 0xFF, 4);		/* little endian can not be */
	dir_add(&root, "B.;1", DATA, 10, 0)[17] ^= 1; /* big endian size */
	dir_add(&root, "C.;1", DATA, 10, 0)[9] ^= 1; /* and address */
	p = dir_add(&root, "D.;1", DATA, 10, 0);
	memset(p + 2, 0xFF, 4);
	memset(p + 10, 0xFF, 4);	/* neither can be */
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/A 10, /B 10, /C 10, /D 10");
	ck_assert_uint_eq(import_entry(&import, "/A").lba, DATA);
	ck_assert_uint_eq(import_entry(&import, "/C").lba, DATA);
	ck_assert_uint_eq(import_entry(&import, "/D").lba, DATA);
	import_only_odd(&import, HALVES, 4);
	import_end(&import);
}
END_TEST

/* 7.3.3 records a number twice; some writers left one half zero. Bits of _i:
 * which half, of the extent or of its length, and of whose. */
START_TEST(a_half_that_is_zero_was_forgotten)
{
	uint8_t *p = dir_add(&root, "A.;1", DATA, 10, 0);
	uint8_t *d = dir_add(&root, "D", 30, 2048, DIRECTORY);
	struct dir dir = dir_begin(disc, 30, 1, ROOT, 2, false);

	dir_add(&dir, "B.;1", DATA + 1, 20, 0);
	p = _i / 4 == 0 ? p : _i / 4 == 1 ? d : _i / 4 == 2 ?
	    disc_block(disc, 16) + 156 : disc_block(disc, ROOT);
	memset(p + (_i & 2 ? 10 : 2) + (_i & 1 ? 4 : 0), 0, 4);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/A 10, /D/, /D/B 20");
	ck_assert_uint_eq(import_entry(&import, "/A").lba, DATA);
	import_only_odd(&import, HALVES, 1);
	import_end(&import);
}
END_TEST

/* Nothing is read at block 0 for it; a file may well have no bytes. */
START_TEST(a_half_that_is_zero_may_be_all_there_is)
{
	uint8_t *p = dir_add(&root, "A.;1", DATA, 10, 0);
	uint8_t *q = dir_add(&root, "B.;1", DATA, 10, 0);

	memset(p + 2, 0xFF, 8);
	memset(p + (_i & 1 ? 2 : 6), 0, 4);
	memset(q + 10, 0xFF, 8);
	memset(q + (_i & 1 ? 10 : 14), 0, 4);
	ck_assert_str_eq(import_good(&import, disc, 0), "/B 0");
	ck_assert_uint_eq(import.odd[HALVES], 2);
	ck_assert_uint_eq(import.odd[EXTENT], 1);
	import_end(&import);
}
END_TEST

/* ---- broken records ----------------------------------------------------- */

START_TEST(record_that_does_not_parse_ends_its_block)
{
	uint8_t *p;

	dir_add(&root, "A.;1", DATA, 1, 0);
	p = dir_add(&root, "B.;1", DATA, 1, 0);
	dir_add(&root, "C.;1", DATA, 1, 0);
	root.at = 2048;
	dir_add(&root, "D.;1", DATA, 1, 0);
	p[32] = 200;			/* identifier beyond the record */
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 1, /D 1");
	import_only_odd(&import, RECORD, 1);
	import_end(&import);
	p[32] = 6;			/* by one byte */
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 1, /D 1");
	import_end(&import);
	p[32] = 0;			/* no identifier */
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 1, /D 1");
	import_only_odd(&import, RECORD, 1);
	import_end(&import);
	p[0] = 33;			/* no room for one */
	p[32] = 1;
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 1, /D 1");
	import_end(&import);
	p[0] = 32;
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 1, /D 1");
	import_end(&import);
	p[0] = 1;
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 1, /D 1");
	import_end(&import);
}
END_TEST

START_TEST(record_over_the_end_of_its_block_is_not_read)
{
	char name[8];
	uint8_t *p;
	int i;

	/* 68 bytes of its own, then records of 40 each up to 2028. */
	for (i = 0; i < 49; i++) {
		snprintf(name, sizeof(name), "F%02u.;1", (unsigned)i % 100);
		dir_add(&root, name, DATA, 1, 0)[0] = 40;
		root.at = 68 + 40 * ((uint32_t)i + 1);
	}
	/* 20 bytes are left; a record of 40 can not be there. */
	p = disc_block(disc, ROOT);
	memcpy(p + 2028, p + 68, 20);
	root.at = 2048;
	dir_add(&root, "LAST.;1", DATA, 1, 0);
	import_good(&import, disc, 0);
	ck_assert_uint_eq(import_entry(&import, "/LAST").size, 1);
	ck_assert_uint_eq(import_entry(&import, "/F48").size, 1);
	import_only_odd(&import, RECORD, 1);
	import_end(&import);
}
END_TEST

/* ".." and "." stand at the front of a directory, and nowhere else. */
START_TEST(own_records_elsewhere_are_told_and_ignored)
{
	dir_add(&root, "A.;1", DATA, 1, 0);
	dir_add_raw(&root, "\1", 1, ROOT, 4096, DIRECTORY);
	dir_add_raw(&root, "\0", 1, ROOT, 4096, DIRECTORY);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 1");
	import_only_odd(&import, RECORD, 2);
	import_end(&import);
}
END_TEST

START_TEST(directory_without_own_records_is_read)
{
	root.at = 0;
	dir_add(&root, "A.;1", DATA, 1, 0);
	dir_add(&root, "B.;1", DATA, 1, 0);
	memset(disc_block(disc, ROOT) + root.at, 0, 100);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 1, /B 1");
	ck_assert_uint_ge(import.odd[RECORD], 1);
	import_end(&import);
}
END_TEST

/* 6.8.1, 9.1.7, 9.1.8: a directory is one section, without gaps. */
START_TEST(directory_in_several_sections_is_left_out)
{
	uint8_t *p = dir_add(&root, "A", DATA, 2048,
			     _i == 0 ? DIRECTORY | MORE : DIRECTORY);
	struct dir sub = dir_begin(disc, DATA, 1, ROOT, 2, false);

	if (_i > 0)
		p[25 + _i] = 1;
	dir_add(&sub, "X.;1", DATA + 2, 10, 0);
	dir_add(&root, "B.;1", DATA + 1, 20, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/B 20");
	import_only_odd(&import, RECORD, 1);
	import_end(&import);
}
END_TEST

/* 9.1.5: a date that no record of the root's own tells is nobody else's. */
START_TEST(date_of_a_directory_is_not_the_roots)
{
	struct lathe_iso9660_entry e;

	dir_begin(disc, DATA, 1, ROOT, 2, false);
	dir_add(&root, "A", DATA, 2048, DIRECTORY);
	memset(disc_block(disc, ROOT) + 18, 0, 7);
	memcpy(disc_block(disc, DATA) + 18, "\x78\1\2\3\4\5\0", 7);
	import_good(&import, disc, 0);
	e = import_entry(&import, "/");
	ck_assert_mem_eq(e.date, "\0\0\0\0\0\0\0", 7);
	import_end(&import);
}
END_TEST

/* 6.8.2.2, 6.8.1.1: zeros that took the place of records are a loss, behind
 * all of them they are room. Bits of _i: which of three blocks hold any. That
 * the directory's own record is not the first is told as well. */
START_TEST(zeros_in_place_of_records_are_told)
{
	static const uint32_t told[8] = { 1, 0, 2, 0, 2, 1, 2, 0 };
	static const char *const list[8] = {
		"/D/", "/D/, /D/A 1", "/D/, /D/B 1", "/D/, /D/A 1, /D/B 1",
		"/D/, /D/C 1", "/D/, /D/A 1, /D/C 1", "/D/, /D/B 1, /D/C 1",
		"/D/, /D/A 1, /D/B 1, /D/C 1",
	};
	struct dir dir = dir_begin(disc, 30, 3, ROOT, 2, false);
	uint32_t i;

	dir_add(&root, "D", 30, 3 * 2048, DIRECTORY);
	dir_add(&dir, "A.;1", DATA, 1, 0);
	dir.at = 2048;
	dir_add(&dir, "B.;1", DATA, 1, 0);
	dir.at = 4096;
	dir_add(&dir, "C.;1", DATA, 1, 0);
	for (i = 0; i < 3; i++)
		if (!(_i >> i & 1))
			memset(disc_block(disc, 30 + i), 0, 2048);
	ck_assert_str_eq(import_good(&import, disc, 0), list[_i]);
	import_only_odd(&import, RECORD, told[_i]);
	import_end(&import);
}
END_TEST

/* An image made for one address and burnt at another. */
START_TEST(root_that_is_elsewhere_than_it_says_is_told)
{
	disc_block(disc, ROOT)[2] ^= 8;
	disc_block(disc, ROOT)[9] ^= 8;
	ck_assert_str_eq(import_good(&import, disc, 0), "");
	import_only_odd(&import, EXTENT, 1);
	import_end(&import);
}
END_TEST

/* ---- loops and bounds --------------------------------------------------- */

START_TEST(directory_that_contains_itself_is_left_out)
{
	struct dir sub = dir_begin(disc, 22, 1, ROOT, 2, false);

	dir_add(&root, "SELF", ROOT, 4096, DIRECTORY);
	dir_add(&root, "SUB", 22, 2048, DIRECTORY);
	dir_add(&sub, "UP", ROOT, 4096, DIRECTORY);
	dir_add(&sub, "SELF", 22, 2048, DIRECTORY);
	ck_assert_str_eq(import_good(&import, disc, 0), "/SUB/");
	import_only_odd(&import, LOOP, 3);
	import_end(&import);
}
END_TEST

/* genisoimage -f, or -graft-points with a directory given twice: one extent
 * under two names, which all systems show. */
START_TEST(directory_of_two_names_is_read_twice)
{
	struct dir sub = dir_begin(disc, 22, 1, ROOT, 2, false);
	struct dir low = dir_begin(disc, 23, 1, 22, 1, false);

	dir_add(&root, "A", 22, 2048, DIRECTORY);
	dir_add(&root, "B", 22, 2048, DIRECTORY);
	dir_add(&root, "C", 23, 2048, DIRECTORY);
	dir_add(&sub, "F.;1", DATA, 5, 0);
	dir_add(&sub, "LOW", 23, 2048, DIRECTORY);
	dir_add(&low, "G.;1", DATA + 1, 6, 0);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/A/, /A/F 5, /A/LOW/, /A/LOW/G 6, /B/, /B/F 5, "
			 "/B/LOW/, /B/LOW/G 6, /C/, /C/G 6");
	import_only_odd(&import, LOOP, 0);
	import_end(&import);
}
END_TEST

/* Each directory holds the next one twice: 2^31 of them. */
START_TEST(directories_of_two_names_are_bounded)
{
	struct disc *big = disc_new(400);
	struct dir dir;
	uint32_t i;

	disc_primary(big, 16, 20, 2048);
	disc_terminator(big, 17);
	for (i = 20; i < 52; i++) {
		dir = dir_begin(big, i, 1, i - (i > 20), 1, false);
		if (i == 51)
			break;
		dir_add(&dir, "A", i + 1, 2048, DIRECTORY);
		dir_add(&dir, "B", i + 1, 2048, DIRECTORY);
	}
	import_run(&import, big, 0, NULL, 0);
	ck_assert_int_eq(import.err, 0);
	ck_assert_uint_ge(import.odd[LOOP], 1);
	ck_assert_uint_le(big->blocks_read, 3 * 400);
	import_end(&import);
	disc_free(big);
}
END_TEST

/* Overlapping directories can not be read more often than the disc is long. */
START_TEST(overlapping_directories_are_bounded)
{
	struct disc *big = disc_new(4000);
	char name[16];
	struct dir dir;
	uint32_t i;

	disc_primary(big, 16, 20, 100 * 2048);
	disc_terminator(big, 17);
	dir = dir_begin(big, 20, 100, 20, 100, false);
	for (i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "D%u", i);
		dir_add(&dir, name, 200 + i, (3800 - i) * 2048, DIRECTORY);
	}
	import_run(&import, big, 0, NULL, 0);
	ck_assert_int_eq(import.err, 0);
	ck_assert_uint_ge(import.odd[LOOP], 2990);
	ck_assert_uint_le(big->blocks_read, 3 * 4000);
	import_end(&import);
	disc_free(big);
}
END_TEST

START_TEST(limits_hold)
{
	struct lathe_iso9660_limits limits;
	struct dir dir = root, sub;
	uint32_t i;

	for (i = 0; i < 5; i++) {
		sub = dir_begin(disc, 30 + i, 1, 20, 1, false);
		dir_add(&dir, "DIR", 30 + i, 2048, DIRECTORY);
		dir = sub;
	}
	limits = (struct lathe_iso9660_limits){ .depth = 3 };
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_LIMIT);
	import_end(&import);
	limits = (struct lathe_iso9660_limits){ .nodes = 4 };
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_LIMIT);
	import_end(&import);
	limits = (struct lathe_iso9660_limits){ .directory_bytes = 8192 };
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_LIMIT);
	import_end(&import);
	limits = (struct lathe_iso9660_limits){ .name_bytes = 10 };
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_LIMIT);
	import_end(&import);
	limits = (struct lathe_iso9660_limits){ .nodes = 6, .depth = 6,
		.directory_bytes = 4096 + 5 * 2048, .name_bytes = 1000 };
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_int_eq(import.err, 0);
	import_end(&import);
}
END_TEST

/* A directory of 4 GiB - 1 on a disc that is smaller: refused, not read. */
START_TEST(giant_directory_costs_nothing)
{
	disc_primary(disc, 16, ROOT, 4096);
	dir_add(&root, "BOMB", 30, 0xFFFFFFFF, DIRECTORY);
	import_good(&import, disc, 0);
	import_only_odd(&import, EXTENT, 1);
	ck_assert_uint_le(disc->blocks_read, 200);
	import_end(&import);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("import of what is broken");
	TCase *tc = tcase_create("hand-made");

	tcase_add_checked_fixture(tc, make_plain, drop_volume);
	tcase_add_test(tc, extents_outside_the_disc_are_left_out);
	tcase_add_test(tc, interleaving_that_laps_over_is_left_out);
	tcase_add_test(tc, interleaving_goes_on_at_no_other_end);
	tcase_add_loop_test(tc, units_are_limited_as_sections_are, 0, 2);
	tcase_add_test(tc, halves_that_differ_are_told);
	tcase_add_loop_test(tc, a_half_that_is_zero_was_forgotten, 0, 16);
	tcase_add_loop_test(tc, a_half_that_is_zero_may_be_all_there_is, 0, 2);
	tcase_add_test(tc, record_that_does_not_parse_ends_its_block);
	tcase_add_test(tc, record_over_the_end_of_its_block_is_not_read);
	tcase_add_test(tc, own_records_elsewhere_are_told_and_ignored);
	tcase_add_test(tc, directory_without_own_records_is_read);
	tcase_add_loop_test(tc, directory_in_several_sections_is_left_out, 0,
			    3);
	tcase_add_test(tc, date_of_a_directory_is_not_the_roots);
	tcase_add_loop_test(tc, zeros_in_place_of_records_are_told, 0, 8);
	tcase_add_test(tc, root_that_is_elsewhere_than_it_says_is_told);
	tcase_add_test(tc, directory_that_contains_itself_is_left_out);
	tcase_add_test(tc, directory_of_two_names_is_read_twice);
	tcase_add_test(tc, directories_of_two_names_are_bounded);
	tcase_add_test(tc, overlapping_directories_are_bounded);
	tcase_add_test(tc, limits_hold);
	tcase_add_test(tc, giant_directory_costs_nothing);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
