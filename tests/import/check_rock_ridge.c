/* SPDX-License-Identifier: MIT */
/* What RRIP 1.12 says in hand-made volumes, and what only looks as if it said
 * something: names and attributes. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "lib_volume.h"
#include "tests/suite.h"

enum { SUB = 26, AREA = 40 };

enum {
	NAME = LATHE_ISO9660_ODD_NAME,
	SINGLE = LATHE_ISO9660_ODD_SINGLE,
	USE = LATHE_ISO9660_ODD_SYSTEM_USE
};

/* ---- names and attributes ----------------------------------------------- */

START_TEST(name_mode_owner_and_dates)
{
	/* 4.1.6, 0Eh: modification, access, change of attributes. */
	static const uint8_t dates[21] = {
		100, 1, 2, 3, 4, 5, 0xF0, 101, 2, 3, 4, 5, 6, 8,
		102, 3, 4, 5, 6, 7, 0
	};
	struct lathe_iso9660_entry e;

	nm(0, "A name of its own");
	px(0104755, 1000, 100000, _i ? 44 : 36);
	flagged("TF", 0x0E, dates, 21);
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), "/A name of its own 10");
	e = import_entry(&import, "/A name of its own");
	ck_assert_int_eq(e.kind, LATHE_ISO9660_FILE);
	ck_assert(e.posix_given);
	ck_assert_uint_eq(e.posix.mode, 04755);
	ck_assert_uint_eq(e.posix.uid, 1000);
	ck_assert_uint_eq(e.posix.gid, 100000);
	ck_assert_mem_eq(e.date, dates, 7);
	ck_assert_mem_eq(e.accessed, dates + 7, 7);
	ck_assert_mem_eq(e.changed, dates + 14, 7);
	ck_assert(import.found.system_use);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(dates_of_the_long_form)
{
	/* 82h: modification, 17 bytes; ECMA-119 8.4.26.1. */
	static const char *const dates[] = {
		"2020020304050600\x04", "1855010101010100", "2x20020304050600",
		"202002030405 600", "2156010101010100", ":020020304050600",
		"2020020304050:00", "20:0020304050600", "20200/0304050600",
		"1899123123595900", "1900010101010100", "1999091909495999",
		"2155123123595900"
	};
	static const uint8_t want[13][7] = {
		{ 120, 2, 3, 4, 5, 6, 4 },
		/* What 9.1.5 can not say: the date of the record. */
		{ 120, 2, 3, 4, 5, 6, 0 },
		{ 120, 2, 3, 4, 5, 6, 0 },
		{ 120, 2, 3, 4, 5, 6, 0 },
		{ 120, 2, 3, 4, 5, 6, 0 },
		{ 120, 2, 3, 4, 5, 6, 0 },
		{ 120, 2, 3, 4, 5, 6, 0 },
		{ 120, 2, 3, 4, 5, 6, 0 },
		{ 120, 2, 3, 4, 5, 6, 0 },
		{ 120, 2, 3, 4, 5, 6, 0 },
		{ 0, 1, 1, 1, 1, 1, 0 },
		{ 99, 9, 19, 9, 49, 59, 0 },
		{ 255, 12, 31, 23, 59, 59, 0 },
	};

	flagged("TF", 0x82, dates[_i], 17);
	file();
	import_good(&import, disc, 0);
	ck_assert_mem_eq(import_entry(&import, "/A").date, want[_i], 7);
	ck_assert_mem_eq(import_entry(&import, "/A").accessed, "\0\0\0\0\0\0\0", 7);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(change_of_attributes_alone)
{
	flagged("TF", 0x08, "\x64\1\1\1\1\1\0", 7);
	file();
	import_good(&import, disc, 0);
	ck_assert_mem_eq(import_entry(&import, "/A").changed, "\x64\1\1\1\1\1\0", 7);
	ck_assert_mem_eq(import_entry(&import, "/A").accessed, "\0\0\0\0\0\0\0", 7);
	import_end(&import);
}
END_TEST

/* Bit 0 is the creation: passed by, but counted. */
START_TEST(dates_fewer_than_announced)
{
	flagged("TF", 0x07, "\x64\1\1\1\1\1\0\x65\2\2\2\2\2\0\x66\3", 16);
	file();
	import_good(&import, disc, 0);
	ck_assert_mem_eq(import_entry(&import, "/A").date, "\x65\2\2\2\2\2\0", 7);
	ck_assert_mem_eq(import_entry(&import, "/A").accessed, "\0\0\0\0\0\0\0", 7);
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

START_TEST(root_has_attributes_of_its_own)
{
	put(SP, 7);
	px(040755, 5, 6, 36);
	begin_root();
	import_good(&import, disc, 0);
	ck_assert_uint_eq(import_entry(&import, "/").posix.mode, 0755);
	ck_assert_uint_eq(import_entry(&import, "/").posix.gid, 6);
	import_end(&import);
}
END_TEST

START_TEST(name_in_several_parts)
{
	nm(1, "first ");
	nm(1, "second ");
	nm(0, "third");
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), "/first second third 10");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(second_name_is_told)
{
	nm(0, "first");
	nm(0, "second");
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), "/first 10");
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

/* 4.1.4: CONTINUE, but no NM follows. */
START_TEST(name_without_its_end)
{
	nm(1, "first");
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), "/first 10");
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

/* CURRENT and PARENT say what "." and ".." are; a name beside them counts. */
START_TEST(flags_of_names)
{
	nm(2, "");
	file();
	nm(2, "named");
	attach(&root, dir_add(&root, "B.;1", DATA, 10, 0));
	nm(4, "");
	attach(&root, dir_add(&root, "C.;1", DATA, 10, 0));
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 10, /C 10, /named 10");
	import_end(&import);
}
END_TEST

START_TEST(name_that_leads_elsewhere)
{
	static const char *const names[] = { "..", ".", "../x", "a/b" };
	static const char *const want[] = {
		"/_. 10", "/_ 10", "/.._x 10", "/a_b 10"
	};

	nm(0, names[_i]);
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), want[_i]);
	import_only_odd(&import, NAME, 1);
	import_end(&import);
}
END_TEST

/* A file whose name stands in 'parts' entries of 'len' times 'c'. */
static void file_of_long_name(int c, uint32_t len, int parts)
{
	char text[240] = "";
	int i;

	memset(text, c, len);
	ce(AREA, 0, (uint32_t)parts * (5 + len));
	file();
	for (i = 1; i <= parts; i++)
		nm(i < parts, text);
	area(AREA, 0);
}

START_TEST(name_that_is_too_long)
{
	file_of_long_name('n', 239, 6);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 10");
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

/* The longest that there can be, LATHE_ISO9660_NAME_MAX: there is no room in
 * front of it, nor behind it. */
static void long_name(uint32_t len, const char *end, char *whole)
{
	uint32_t last = (uint32_t)strlen(end), left = len - last, part;
	char text[200];

	memset(whole, 'n', left);
	memcpy(whole + left, end, last + 1);
	for (; left > 0; left -= part) {
		part = left < 199 ? left : 199;
		memset(text, 'n', part);
		text[part] = '\0';
		nm(1, text);
	}
	nm(0, end);
}

START_TEST(associated_file_of_a_long_name)
{
	char name[LATHE_ISO9660_NAME_MAX + 2], list[1100];

	ce(AREA, 0, 2000);
	attach(&root, dir_add(&root, "A.;1", DATA, 10, ASSOCIATED));
	long_name(LATHE_ISO9660_NAME_MAX - 1, "x", name);
	area(AREA, 0);
	snprintf(list, sizeof(list), "/%s 10", name);
	ck_assert_str_eq(import_good(&import, disc, 0), list);
	import_end(&import);
}
END_TEST

/* The number takes the place of the end, which is no half of a character. */
START_TEST(long_name_that_is_there_twice)
{
	char name[LATHE_ISO9660_NAME_MAX + 2], list[2200];

	ce(AREA, 0, 2000);
	attach(&root, dir_add(&root, "A.;1", DATA, 10, 0));
	ce(AREA, 0, 2000);
	attach(&root, dir_add(&root, "B.;1", DATA + 1, 20, 0));
	long_name(LATHE_ISO9660_NAME_MAX, "\xC3\xA9x", name);
	area(AREA, 0);
	snprintf(list, sizeof(list), "/%.*s_2 20, /%s 10",
		 (int)LATHE_ISO9660_NAME_MAX - 3, name, name);
	ck_assert_str_eq(import_good(&import, disc, 0), list);
	import_only_odd(&import, LATHE_ISO9660_ODD_DUPLICATE, 1);
	import_end(&import);
}
END_TEST

START_TEST(names_that_are_no_utf8)
{
	nm(0, "caf\xE9");
	file();
	nm(0, "caf\xE8");
	attach(&root, dir_add(&root, "B.;1", DATA + 1, 10, 0));
	nm(0, "\xC3\xA9\xFF");
	attach(&root, dir_add(&root, "C.;1", DATA + 2, 10, 0));
	/* Halves of a surrogate pair, which is no UTF-8 in any form. */
	nm(0, "\xED\xA0\x80\xED\xB0\x80");
	attach(&root, dir_add(&root, "D.;1", DATA + 3, 10, 0));
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/caf\xC3\xA8 10, /caf\xC3\xA9 10, "
			 "/\xC3\xA9\xC3\xBF 10, "
			 "/\xC3\xAD\xC2\xA0\xC2\x80\xC3\xAD\xC2\xB0\xC2\x80 "
			 "10");
	import_only_odd(&import, NAME, 4);
	import_end(&import);
}
END_TEST

/* Each byte may become two. */
START_TEST(name_that_is_no_utf8_and_too_long)
{
	file_of_long_name(0xFF, 230, 4);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 10");
	import_only_odd(&import, NAME, 1);
	import_end(&import);
}
END_TEST

START_TEST(better_names_of_joliet_are_taken)
{
	nm(0, "caf\xE9.txt");
	attach(&root, dir_add(&root, "CAF_.TXT;1", DATA, 10, 0));
	px(0100444, 0, 0, 36);
	attach(&root, dir_add(&root, "LONG_NAM.TXT;1", DATA + 1, 10, 0));
	px(040555, 0, 0, 36);
	attach(&root, dir_add(&root, "SUB", SUB, 2048, DIRECTORY));
	dir_begin(disc, SUB, 1, ROOT, 2, false);
	with_joliet();
	dir_begin(disc, SUB + 1, 1, JROOT, 2, true);
	dir_add_raw(&joliet, "\0c\0a\0f\0\xE9\0.\0t\0x\0t", 16, DATA, 10, 0);
	dir_add(&joliet, "long name.txt", DATA + 1, 10, 0);
	dir_add(&joliet, "Sub", SUB + 1, 2048, DIRECTORY);
	ck_assert_str_eq(import_good(&import, disc, 0), "/Sub/, /caf\xC3\xA9.txt 10, "
				     "/long name.txt 10");
	ck_assert_uint_eq(import_entry(&import, "/long name.txt").present, 3);
	ck_assert_uint_eq(import.odd[SINGLE], 0);
	import_end(&import);
}
END_TEST

/* Two files of one name and one identifier: one has to get other ones, and
 * keeps what Joliet calls it. */
START_TEST(doubles_keep_their_names_in_joliet)
{
	nm(0, "name");
	attach(&root, dir_add(&root, "SAME.;1", DATA, 10, 0));
	nm(0, "name");
	attach(&root, dir_add(&root, "SAME.;1", DATA + 1, 20, 0));
	with_joliet();
	dir_add(&joliet, "one of them", DATA, 10, 0);
	dir_add(&joliet, "the other", DATA + 1, 20, 0);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/name 10, /name_2 20");
	ck_assert_uint_eq(import_entry(&import, "/name_2").present, 3);
	import_only_odd(&import, LATHE_ISO9660_ODD_DUPLICATE, 1);
	disc_record(disc, import.tree, 512, NULL, 0, NULL);
	import_end(&import);
	/* Recorded without system use: the names are those of Joliet. */
	import_run(&import, disc, 512, NULL, 0);
	ck_assert_str_eq(import_list(&import),
			 "/one of them 10, /the other 20");
	import_end(&import);
}
END_TEST

START_TEST(names_are_joliets_if_that_is_asked_for)
{
	nm(0, "name of Rock Ridge");
	file();
	with_joliet();
	dir_add(&joliet, "name of Joliet", DATA, 10, 0);
	import_run(&import, disc, 0, NULL, 2);
	ck_assert_str_eq(import_list(&import), "/name of Joliet 10");
	ck_assert_uint_eq(import_entry(&import, "/name of Joliet").present, 3);
	import_end(&import);
	ck_assert_str_eq(import_good(&import, disc, 0), "/name of Rock Ridge 10");
	import_end(&import);
}
END_TEST

/* 9.1.6: an associated file has the name of the other. */
START_TEST(associated_files_have_their_prefix)
{
	nm(0, "both");
	attach(&root, dir_add(&root, "A.;1", DATA, 10, ASSOCIATED));
	nm(0, "both");
	attach(&root, dir_add(&root, "A.;1", DATA + 1, 20, 0));
	ck_assert_str_eq(import_good(&import, disc, 0), "/._both 10, /both 20");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* The first record of a file says it for all its sections. */
START_TEST(sections_have_the_name_of_the_first)
{
	nm(0, "sections");
	attach(&root, dir_add(&root, "A.;1", DATA, 2048, MORE));
	nm(0, "another");
	attach(&root, dir_add(&root, "A.;1", DATA + 5, 10, 0));
	ck_assert_str_eq(import_good(&import, disc, 0), "/sections 2058");
	import_end(&import);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rock ridge");
	TCase *tc = tcase_create("names");

	tcase_add_checked_fixture(tc, make_rock_ridge, drop_volume);
	tcase_add_loop_test(tc, name_mode_owner_and_dates, 0, 2);
	tcase_add_loop_test(tc, dates_of_the_long_form, 0, 13);
	tcase_add_test(tc, change_of_attributes_alone);
	tcase_add_test(tc, dates_fewer_than_announced);
	tcase_add_test(tc, root_has_attributes_of_its_own);
	tcase_add_test(tc, name_in_several_parts);
	tcase_add_test(tc, second_name_is_told);
	tcase_add_test(tc, name_without_its_end);
	tcase_add_test(tc, flags_of_names);
	tcase_add_loop_test(tc, name_that_leads_elsewhere, 0, 4);
	tcase_add_test(tc, name_that_is_too_long);
	tcase_add_test(tc, associated_file_of_a_long_name);
	tcase_add_test(tc, long_name_that_is_there_twice);
	tcase_add_test(tc, names_that_are_no_utf8);
	tcase_add_test(tc, name_that_is_no_utf8_and_too_long);
	tcase_add_test(tc, better_names_of_joliet_are_taken);
	tcase_add_test(tc, doubles_keep_their_names_in_joliet);
	tcase_add_test(tc, names_are_joliets_if_that_is_asked_for);
	tcase_add_test(tc, associated_files_have_their_prefix);
	tcase_add_test(tc, sections_have_the_name_of_the_first);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
