/* SPDX-License-Identifier: MIT */
/* Links and devices of RRIP 1.12 in hand-made volumes. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "lib_volume.h"
#include "tests/suite.h"

enum {
	SUB = 26,
	AREA = 40,
	USE = LATHE_ISO9660_ODD_SYSTEM_USE,
	RECORD = LATHE_ISO9660_ODD_RECORD
};

static void only_link(const char *want)
{
	struct lathe_iso9660_entry e;

	import_good(&import, disc, 0);
	e = import_entry(&import, "/A");
	ck_assert_int_eq(e.kind, LATHE_ISO9660_SYMLINK);
	ck_assert_uint_eq(e.symlink_len, strlen(want));
	ck_assert_mem_eq(e.symlink, want, e.symlink_len);
	ck_assert_uint_eq(e.size, 0);
	ck_assert_uint_eq(e.present, 1);
}

/* 4.1.3.1: flags, length, bytes of each component. */
START_TEST(links)
{
	static const struct {
		const char *parts;
		uint32_t len;
		const char *want;
	} ways[] = {
		{ "\0\1a", 3, "a" },
		{ "\0\1a\0\2bc", 7, "a/bc" },
		{ "\x08\0\0\3usr\0\3lib", 12, "/usr/lib" },
		{ "\x04\0\x04\0\2\0\0\1x", 9, "../.././x" },
		{ "\1\2ab\0\2cd\0\1e", 11, "abcd/e" },
		{ "\x08\0", 2, "/" },
		/* As a//b is recorded by others. */
		{ "\0\1a\x08\0\0\1b", 8, "a//b" },
		{ "\2\0", 2, "." },
	};

	px(0120777, 0, 0, 36);
	flagged("SL", 0, ways[_i].parts, ways[_i].len);
	bare();
	only_link(ways[_i].want);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(link_in_several_entries)
{
	px(0120777, 0, 0, 36);
	flagged("SL", 1, "\0\1a\1\2bb", 7);
	flagged("SL", 0, "\0\1b\0\1c", 6);
	bare();
	only_link("a/bbb/c");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(second_link_is_told)
{
	px(0120777, 0, 0, 36);
	flagged("SL", 0, "\0\1a", 3);
	flagged("SL", 0, "\0\1b", 3);
	bare();
	only_link("a");
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

/* What is wrong with its text, and that the link is lost. */
static void lost_link(uint32_t wrong)
{
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 0");
	ck_assert_int_eq(import_entry(&import, "/A").kind, LATHE_ISO9660_FILE);
	ck_assert_uint_eq(import.odd[USE], wrong);
	import.odd[USE] = 0;
	import_only_odd(&import, RECORD, 1);
	import_end(&import);
}

START_TEST(link_that_is_none)
{
	static const struct {
		const char *parts;
		uint32_t len, wrong;
	} ways[] = {
		{ "", 0, 0 },		/* no component */
		{ "\0\2a", 3, 1 },	/* longer than the entry */
		{ "\0\1a\0", 4, 1 },	/* half a component */
		{ "\0\3a\0b", 5, 0 },	/* a byte 00h in it */
	};

	px(0120777, 0, 0, 36);
	flagged("SL", 0, ways[_i].parts, ways[_i].len);
	bare();
	lost_link(ways[_i].wrong);
}
END_TEST

/* 4.1.3: CONTINUE, but no SL follows: none at all, or in an area of zeros. */
START_TEST(link_without_its_end)
{
	px(0120777, 0, 0, 36);
	flagged("SL", 1, "\0\1a", 3);
	if (_i)
		ce(AREA, 0, 8);
	bare();
	lost_link(0);
}
END_TEST

START_TEST(link_that_is_too_long)
{
	char part[250];
	int i;

	memset(part, 'x', sizeof(part));
	part[0] = 0;
	part[1] = (char)(248);
	px(0120777, 0, 0, 36);
	ce(AREA, 0, 7 * 255 + 32);
	bare();
	for (i = 0; i < 8; i++)
		flagged("SL", 1, part, 250);
	used -= 8 * 255 - 7 * 255;
	ce(AREA + 1, 0, 8 * 255);
	area(AREA, 0);
	/* Seven in the first area and eight in the second still fit, three
	 * more in a third do not: 18 times 248 and what is between them are
	 * more than 4095. */
	memcpy(disc_block(disc, AREA) + 7 * 255 + 28, "ST\4\1", 4);
	for (i = 0; i < 8; i++)
		flagged("SL", i < 7, part, 250);
	area(AREA + 1, 0);
	import_good(&import, disc, 0);
	ck_assert_uint_eq(import_entry(&import, "/A").symlink_len, 15 * 249 - 1);
	import_end(&import);

	disc_block(disc, AREA + 1)[7 * 255] = 'C';
	ce(AREA + 2, 0, 3 * 255);
	memcpy(disc_block(disc, AREA + 1) + 7 * 255, use, used);
	used = 0;
	memcpy(disc_block(disc, AREA + 1) + 7 * 255 + 28, "ST\4\1", 4);
	for (i = 0; i < 3; i++)
		flagged("SL", i < 2, part, 250);
	area(AREA + 2, 0);
	lost_link(0);
}
END_TEST

START_TEST(link_of_a_plain_file_is_ignored)
{
	px(0100644, 0, 0, 36);
	flagged("SL", 0, "\0\1a", 3);
	file();
	import_good(&import, disc, 0);
	ck_assert_int_eq(import_entry(&import, "/A").kind, LATHE_ISO9660_FILE);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(devices_pipes_and_sockets)
{
	static const uint32_t type[] = { 0020000, 0060000, 0010000, 0140000 };
	struct lathe_iso9660_entry e;

	px(type[_i] | 0640, 0, 0, 36);
	if (_i < 2)
		numbers("PN", 8, 17);
	bare();
	import_good(&import, disc, 0);
	e = import_entry(&import, "/A");
	ck_assert_int_eq(e.kind, LATHE_ISO9660_SPECIAL);
	ck_assert_uint_eq(e.type, type[_i]);
	ck_assert_uint_eq(e.dev_high, _i < 2 ? 8 : 0);
	ck_assert_uint_eq(e.dev_low, _i < 2 ? 17 : 0);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* Both numbers in the low half, 8 bits each and then the rest. */
START_TEST(devices_of_other_writers)
{
	static const uint32_t low[] = { 0x0441, 0x41, 0x11112C70 };
	static const uint32_t want[][2] = { { 4, 0x41 }, { 0, 0x41 },
					    { 300, 70000 } };
	struct lathe_iso9660_entry e;

	px(020600, 0, 0, 36);
	numbers("PN", 0, low[_i]);
	bare();
	import_good(&import, disc, 0);
	e = import_entry(&import, "/A");
	ck_assert_uint_eq(e.dev_high, want[_i][0]);
	ck_assert_uint_eq(e.dev_low, want[_i][1]);
	import_end(&import);
}
END_TEST

START_TEST(device_without_number_and_with_content)
{
	px(_i ? 060600 : 020600, 0, 0, 36);
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 0");
	ck_assert_int_eq(import_entry(&import, "/A").kind, LATHE_ISO9660_SPECIAL);
	import_only_odd(&import, USE, 2);
	import_end(&import);
}
END_TEST

START_TEST(type_that_contradicts_the_record)
{
	px(_i ? 0100644 : 0120777, 0, 0, 36);
	attach(&root, dir_add(&root, "D", SUB, 2048, DIRECTORY));
	dir_begin(disc, SUB, 1, ROOT, 2, false);
	px(_i ? 040755 : 0110000, 0, 0, 36);
	file();
	/* No type at all is taken as what the record says. */
	px(0444, 0, 0, 36);
	attach(&root, dir_add(&root, "B.;1", DATA, 10, 0));
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 10, /B 10, /D/");
	import_only_odd(&import, USE, 2);
	import_end(&import);
}
END_TEST

/* ---- files of several names (4.1.1) -------------------------------------- */

/* PX of a file with two names. */
static void px_of_two(uint32_t mode)
{
	px(mode, 0, 0, 36);
	use[used - 36 + 12] = use[used - 36 + 19] = 2;
}

static void two(const char *id, uint32_t lba, uint32_t bytes)
{
	px_of_two(0100644);
	attach(&root, dir_add(&root, id, lba, bytes, 0));
}

/* One extent, and each says that it has two names: then they are these. */
START_TEST(names_of_one_extent_are_one_file)
{
	two("A.;1", DATA, 10);
	two("B.;1", DATA, 10);
	two("C.;1", DATA + 1, 20);
	two("D.;1", DATA + 1, 20);
	two("E.;1", DATA + 2, 30);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/A 10, /B 10, /C 20, /D 20, /E 30");
	ck_assert(import_entry(&import, "/D").link);
	ck_assert_uint_eq(import_entry(&import, "/D").lba, DATA + 1);
	ck_assert(!import_entry(&import, "/E").link);
	ck_assert(import_entry(&import, "/B").link);
	ck_assert_uint_eq(import_entry(&import, "/A").lba, DATA);
	ck_assert_uint_eq(import_entry(&import, "/B").lba, DATA);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* One address is not one extent, if the lengths differ. */
START_TEST(lengths_of_their_own)
{
	two("A.;1", DATA, 10);
	two("B.;1", DATA, 20);
	two("C.;1", DATA, 0);
	two("D.;1", DATA, 0);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/A 10, /B 20, /C 0, /D 0");
	ck_assert(!import_entry(&import, "/A").link);
	ck_assert(!import_entry(&import, "/B").link);
	ck_assert(!import_entry(&import, "/C").link);
	ck_assert(!import_entry(&import, "/D").link);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* Nor is it where another one lies between them, in whatever order. */
START_TEST(one_length_among_others)
{
	two("A.;1", DATA, 10);
	two("B.;1", DATA, 20);
	two("C.;1", DATA, 10);
	two("D.;1", DATA, 20);
	two("E.;1", DATA + 1, 20);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/A 10, /B 20, /C 10, /D 20, /E 20");
	ck_assert(!import_entry(&import, "/A").link);
	ck_assert(!import_entry(&import, "/B").link);
	ck_assert(import_entry(&import, "/C").link);
	ck_assert(import_entry(&import, "/D").link);
	ck_assert(!import_entry(&import, "/E").link);
	ck_assert_uint_eq(import_entry(&import, "/E").lba, DATA + 1);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* Nor is one beginning, where the second sections are elsewhere. */
START_TEST(sections_of_their_own)
{
	static const char *const ids[] = { "A.;1", "B.;1" };
	struct lathe_iso9660_entry e;
	uint32_t i, lba;
	uint64_t bytes;

	for (i = 0; i < 2; i++) {
		px_of_two(0100644);
		attach(&root, dir_add(&root, ids[i], DATA, 2048, MORE));
		px_of_two(0100644);
		attach(&root, dir_add(&root, ids[i], DATA + 5 + i, 7, 0));
	}
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 2055, /B 2055");
	for (i = 0; i < 2; i++) {
		e = import_entry(&import, i ? "/B" : "/A");
		ck_assert(!e.link);
		ck_assert_int_eq(lathe_iso9660_section(import.tree, e.node, 1,
						       &lba, &bytes), 0);
		ck_assert_uint_eq(lba, DATA + 5 + i);
	}
	import_end(&import);
}
END_TEST

/* One file of several sections, as those above 4 GiB are, if all of them are
 * equal; one section is not two, though they take the same blocks. */
START_TEST(names_of_several_sections)
{
	static const char *const ids[] = { "A.;1", "B.;1", "C.;1" };
	uint32_t i;

	for (i = 0; i < 3; i++) {
		px_of_two(0100644);
		attach(&root, dir_add(&root, ids[i], DATA, 2048, MORE));
		px_of_two(0100644);
		attach(&root, dir_add(&root, ids[i], DATA + 1, 7, 0));
	}
	two("D.;1", DATA, 2055);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/A 2055, /B 2055, /C 2055, /D 2055");
	ck_assert(!import_entry(&import, "/A").link);
	ck_assert(import_entry(&import, "/B").link);
	ck_assert(import_entry(&import, "/C").link);
	ck_assert_uint_eq(import_entry(&import, "/C").sections, 2);
	ck_assert(!import_entry(&import, "/D").link);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* A symbolic link that Joliet has the content of is no name of the file that
 * it leads to. */
START_TEST(links_are_no_names_of_a_file)
{
	two("A.;1", DATA, 10);
	px_of_two(0120777);
	flagged("SL", 0, "\0\1A", 3);
	attach(&root, dir_add(&root, "B.;1", 0, 0, 0));
	two("C.;1", DATA, 10);
	with_joliet();
	dir_add(&joliet, "A", DATA, 10, 0);
	dir_add(&joliet, "B", DATA, 10, 0);
	dir_add(&joliet, "C", DATA, 10, 0);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/A 10, /B 10, /C 10");
	ck_assert_int_eq(import_entry(&import, "/B").kind,
			 LATHE_ISO9660_SYMLINK);
	ck_assert_uint_eq(import_entry(&import, "/B").symlink_len, 1);
	ck_assert(!import_entry(&import, "/B").link);
	ck_assert(import_entry(&import, "/C").link);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* A file of Joliet alone is no link's content because it begins alike: what
 * a name becomes there is the same but for forbidden characters, Joliet 1.0,
 * "Allowed Joliet Character Set". */
START_TEST(a_file_that_begins_alike_is_no_link)
{
	static const struct {
		const char *link, *only;
	} cases[] = {
		{ "aga:", "aga:n" }, { "again:", "again and again" },
		{ "again", "agai" }
	};
	const char *link = cases[_i].link, *only = cases[_i].only;
	struct lathe_iso9660_entry e;
	char path[32];

	two("A.;1", DATA, 10);
	px_of_two(0120777);
	nm(0, link);
	flagged("SL", 0, "\0\1A", 3);
	attach(&root, dir_add(&root, "LINK.;1", 0, 0, 0));
	with_joliet();
	dir_add(&joliet, "A", DATA, 10, 0);
	dir_add(&joliet, only, DATA, 10, 0);
	import_good(&import, disc, 0);
	snprintf(path, sizeof(path), "/%s", link);
	e = import_entry(&import, path);
	ck_assert_int_eq(e.kind, LATHE_ISO9660_SYMLINK);
	ck_assert_uint_eq(e.present, 1);
	snprintf(path, sizeof(path), "/%s", only);
	e = import_entry(&import, path);
	ck_assert_int_eq(e.kind, LATHE_ISO9660_FILE);
	ck_assert_uint_eq(e.present, 2);
	import_end(&import);
}
END_TEST

/* 9.1.6: an associated file, which Joliet does not call one and whose Rock
 * Ridge has no name, has the same name in the next session. */
START_TEST(associated_files_keep_their_names)
{
	uint8_t flags = _i ? 4 : 0; /* in Joliet */

	px_of_two(0100644);
	attach(&root, dir_add(&root, "X.;1", DATA, 10, 4));
	with_joliet();
	dir_add(&joliet, "a name", DATA, 10, flags);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 _i ? "/._a name 10" : "/._X 10");
	disc_record_rock_ridge(disc, import.tree, END);
	import_end(&import);
	ck_assert_str_eq(import_good(&import, disc, END),
			 _i ? "/._a name 10" : "/._X 10");
	import_end(&import);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rock ridge links");
	TCase *tc = tcase_create("links and devices");

	tcase_add_checked_fixture(tc, make_rock_ridge, drop_volume);
	tcase_add_loop_test(tc, links, 0, 8);
	tcase_add_test(tc, link_in_several_entries);
	tcase_add_test(tc, second_link_is_told);
	tcase_add_loop_test(tc, link_that_is_none, 0, 4);
	tcase_add_loop_test(tc, link_without_its_end, 0, 2);
	tcase_add_test(tc, link_that_is_too_long);
	tcase_add_test(tc, link_of_a_plain_file_is_ignored);
	tcase_add_loop_test(tc, devices_pipes_and_sockets, 0, 4);
	tcase_add_loop_test(tc, devices_of_other_writers, 0, 3);
	tcase_add_loop_test(tc, device_without_number_and_with_content, 0, 2);
	tcase_add_loop_test(tc, type_that_contradicts_the_record, 0, 2);
	suite_add_tcase(suite, tc);

	tc = tcase_create("several names");
	tcase_add_checked_fixture(tc, make_rock_ridge, drop_volume);
	tcase_add_test(tc, names_of_one_extent_are_one_file);
	tcase_add_test(tc, lengths_of_their_own);
	tcase_add_test(tc, one_length_among_others);
	tcase_add_test(tc, sections_of_their_own);
	tcase_add_test(tc, names_of_several_sections);
	tcase_add_test(tc, links_are_no_names_of_a_file);
	tcase_add_loop_test(tc, a_file_that_begins_alike_is_no_link, 0, 3);
	tcase_add_loop_test(tc, associated_files_keep_their_names, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
