/* SPDX-License-Identifier: MIT */
/* What SUSP 1.12 says in hand-made volumes, whoever the entries are of:
 * where they stand, continuation areas, and those of others. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iso9660/system_use_internal.h"
#include "lib_volume.h"
#include "tests/suite.h"

enum { SUB = 26, AREA = 40 };

enum {
	HALVES = LATHE_ISO9660_ODD_HALVES,
	USE = LATHE_ISO9660_ODD_SYSTEM_USE
};

static const uint8_t *foreign(const char *path, bool self, uint32_t *bytes)
{
	return lathep_iso9660_foreign(
		import.tree, lathep_iso9660_node(import.tree,
						 import_entry(&import, path).node),
		self, bytes);
}

/* ---- SUSP --------------------------------------------------------------- */

START_TEST(without_sp_nothing_is_read)
{
	static const uint8_t wrong[2][7] = {
		{ 'S', 'P', 7, 1, 0xBE, 0xEE, 0 },
		{ 'S', 'P', 6, 1, 0xBE, 0xEF, 0 },
	};

	if (_i < 2)
		put(wrong[_i], 7);
	else if (_i == 2)
		put(SP, 6);
	begin_root();
	nm(0, "name");
	px(0120777, 0, 0, 36);
	flagged("SL", 0, "\0\1a", 3);
	bare();
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 0");
	ck_assert(!import.found.system_use);
	ck_assert(!import_entry(&import, "/A").posix_given);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* SUSP 5.3: the bytes to be skipped are those of CD-XA. */
START_TEST(entries_behind_xa)
{
	static const uint8_t xa[14] = { 0, 0, 0, 0, 0x0D, 0x55, 'X', 'A' };
	uint32_t bytes;

	put(xa, 14);
	put(SP, 6);
	put("\16", 1);
	px(040700, 0, 0, 36);
	begin_root();
	put(xa, 14);
	nm(0, "behind");
	file();
	put(xa, 14);
	attach(&root, dir_add(&root, "B.;1", DATA, 1, 0));
	/* Less than is to be skipped; behind it another record. */
	put(xa, 9);
	attach(&root, dir_add(&root, "C.;1", DATA, 2, 0));
	dir_add(&root, "D.;1", 0x4E4E4E4E, 0, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/B 1, /C 2, /D 0, /behind 10");
	foreign("/C", false, &bytes);
	ck_assert_uint_eq(bytes, 0);
	ck_assert_uint_eq(import_entry(&import, "/").posix.mode, 0700);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* 5.3: how many to skip is for all records but the root's own, which has SP
 * at one of two places whatever it says. */
START_TEST(bytes_to_skip_are_those_of_the_others)
{
	put(SP, 6);
	put("\4", 1);
	px(040700, 0, 0, 36);
	begin_root();
	put("junk", 4);
	nm(0, "behind");
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), "/behind 10");
	ck_assert_uint_eq(import_entry(&import, "/").posix.mode, 0700);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* What a directory is says its record in the one above; its own one may say
 * something else. */
START_TEST(attributes_of_a_directory)
{
	struct dir sub = { disc, SUB, 1, 0, false };

	px(040755, 1, 2, 36);
	attach(&root, dir_add(&root, "D", SUB, 2048, DIRECTORY));
	memset(disc_block(disc, SUB), 0, 2048);
	px(040700, 3, 4, 36);
	attach(&sub, dir_add_raw(&sub, "\0", 1, SUB, 2048, DIRECTORY));
	dir_add_raw(&sub, "\1", 1, ROOT, 4096, DIRECTORY);
	ck_assert_str_eq(import_good(&import, disc, 0), "/D/");
	ck_assert_uint_eq(import_entry(&import, "/D").posix.mode, 0755);
	ck_assert_uint_eq(import_entry(&import, "/D").posix.uid, 1);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* ECMA-119 9.1.12: the byte behind an identifier of even length is missing,
 * and what follows is another record. */
START_TEST(identifier_without_its_pad_byte)
{
	uint8_t *first = dir_add(&root, "AB", 0, 0, 0), *second;

	ck_assert_uint_eq(first[0], 36);
	first[0] = 35;
	root.at--;
	/* Its second byte and those behind would be an entry NM. */
	second = dir_add(&root, "C", 0, 0, 0);
	second[1] = 'N';
	memcpy(second + 2, "M\6\1\0\0\1\6M", 8);
	ck_assert_str_eq(import_good(&import, disc, 0), "/AB 0, /C 0");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(entries_go_on_elsewhere)
{
	ce(AREA, 2000, 48);
	nm(1, "one ");	/* still counts, behind CE */
	file();
	nm(1, "two ");
	ce(AREA + 9, 7, 12);
	area(AREA, 2000);
	nm(0, "three");
	put("\0\0", 2);
	area(AREA + 9, 7);
	ck_assert_str_eq(import_good(&import, disc, 0), "/one two three 10");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(one_area_for_many_records)
{
	int i;
	char id[8] = "A0.;1";

	px(0100711, 3, 3, 36);
	area(AREA, 0);
	for (i = 0; i < 10; i++) {
		ce(AREA, 0, 36);
		id[1] = (char)('0' + i);
		attach(&root, dir_add(&root, id, DATA, 1, 0));
	}
	import_good(&import, disc, 0);
	ck_assert_uint_eq(import_entry(&import, "/A9").posix.mode, 0711);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* Areas that can not be, and what is still read of them. */
START_TEST(areas_that_are_wrong)
{
	static const struct {
		uint32_t lba, offset, bytes;
		const char *want;
	} ways[] = {
		{ END, 0, 40, "/A 10" },
		{ 0xFFFFFFFF, 0, 40, "/A 10" },
		{ AREA, 2048, 40, "/A 10" },
		{ AREA, 0xFFFFFFFF, 40, "/A 10" },
		{ AREA, 2000, 0xFFFFFFFF, "/name 10" },
		{ AREA, 2000, 49, "/name 10" },
	};

	ce(ways[_i].lba, ways[_i].offset, ways[_i].bytes);
	file();
	nm(0, "name");
	area(AREA, 2000);
	ck_assert_str_eq(import_good(&import, disc, 0), ways[_i].want);
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

START_TEST(empty_area)
{
	ce(AREA, 0, 0);
	nm(0, "name");
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), "/name 10");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(areas_that_lead_to_themselves)
{
	/* To itself; to what holds it; around; to a part of it. */
	static const uint32_t to[][3] = { { AREA, 100, 28 }, { AREA, 0, 200 },
					  { AREA, 127, 1 } };

	ce(AREA, 100, 28);
	nm(0, "name");
	file();
	ce(to[_i][0], to[_i][1], to[_i][2]);
	area(AREA, 100);
	ck_assert_str_eq(import_good(&import, disc, 0), "/name 10");
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

/* What was cut off of an area is not part of it, but the rest is. */
START_TEST(area_that_was_cut_and_leads_to_itself)
{
	ce(AREA, 2000, 0xFFFFFFFF);
	file();
	ce(AREA, 2000, 48);
	nm(0, "name");
	area(AREA, 2000);
	ck_assert_str_eq(import_good(&import, disc, 0), "/name 10");
	import_only_odd(&import, USE, 2);
	import_end(&import);
}
END_TEST

/* 5.1: a CE has 28 bytes. */
START_TEST(area_whose_length_is_not_all_there)
{
	ce(AREA, 0, 9);
	use[2] = 27;
	used--;
	file();
	nm(0, "name");
	area(AREA, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 10");
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

START_TEST(areas_beside_each_other_are_well)
{
	ce(AREA, 100, 28);
	nm(1, "na");
	file();
	ce(AREA, _i ? 128 : 93, 7);
	area(AREA, 100);
	nm(0, "me");
	area(AREA, _i ? 128 : 93);
	ck_assert_str_eq(import_good(&import, disc, 0), "/name 10");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(chain_of_areas_has_an_end)
{
	int i;

	ce(AREA, 0, 35);
	nm(1, "n");
	file();
	for (i = 0; i < 40; i++) {
		nm(1, "n");
		ce(AREA, (uint32_t)(34 * (i + 1)), 34);
		area(AREA, (uint32_t)(34 * i));
	}
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_int_eq(import.err, 0);
	/* In the record and in 32 areas; the first overlapped the second. A
	 * name that is cut is told as well. */
	ck_assert_uint_ge(import.odd[USE], 2);
	ck_assert_uint_le(import.odd[USE], 3);
	import_end(&import);

	memset(disc_block(disc, AREA), 0, 2048);
	for (i = 0; i < 40; i++) {
		nm(1, "n");
		ce(AREA, (uint32_t)(40 * (i + 1)), 34);
		area(AREA, (uint32_t)(40 * i));
	}
	ck_assert_str_eq(import_good(&import, disc, 0), "/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn 10");
	import_only_odd(&import, USE, 2);
	import_end(&import);
}
END_TEST

/* However many records lead to areas: a disc is read about three times. */
START_TEST(areas_cost_no_more_than_the_disc)
{
	struct lathe_iso9660_limits limits = { 0 };
	char id[16];
	struct dir many;
	int i, k;

	disc_resize(disc, 4000);
	disc_primary(disc, 16, 1000, 256 * 2048);
	disc_terminator(disc, 17);
	many = (struct dir){ disc, 1000, 256, 0, false };
	put(SP, 7);
	attach(&many, dir_add_raw(&many, "\0", 1, 1000, 256 * 2048,
				  DIRECTORY));
	dir_add_raw(&many, "\1", 1, 1000, 256 * 2048, DIRECTORY);
	/* 6000 records, each with 30 areas far from each other. */
	for (i = 0; i < 6000; i++) {
		snprintf(id, sizeof(id), "%04d.;1", i);
		ce(2000, 0, 28);
		attach(&many, dir_add(&many, id, 0, 0, 0));
	}
	for (k = 0; k < 30; k++) {
		ce(2000 + (uint32_t)(k + 1) * 60, 0, 28);
		area(2000 + (uint32_t)k * 60, 0);
	}
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_int_eq(import.err, 0);
	ck_assert_uint_le(disc->blocks_read, 4000 * 4);
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

START_TEST(entries_that_are_wrong)
{
	static const struct {
		const char *bytes;
		uint32_t len, told;
		const char *want;
	} ways[] = {
		{ "NM\5\1\0ST\4\1NM\7\1\0zz", 16, 0, "/A 10" },
		{ "PD\4\1NM\7\1\0aa", 11, 0, "/aa 10" },
		{ "SP\7\1\xBE\xEF\7NM\7\1\0aa", 14, 0, "/aa 10" },
		{ "RR\5\1\x81NM\7\1\0aa", 12, 0, "/aa 10" },
		{ "\0\0\0\0NM\7\1\0aa", 11, 0, "/A 10" },
		{ "NM\3\1\0aa", 7, 1, "/A 10" },
		{ "NM\0\1\0aa", 7, 1, "/A 10" },
		{ "NM\10\1\0aa", 7, 1, "/A 10" },
		{ "NM\4\1NM\7\1\0aa", 11, 1, "/aa 10" },
		{ "PX\x20\1aaaaaaaaaaaaaaaaaaaaaaaaaaaaNM\7\1\0aa", 39, 1,
		  "/aa 10" },
		{ "CE\4\1NM\7\1\0aa", 11, 1, "/aa 10" },
		{ "CL\4\1NM\7\1\0aa", 11, 1, "/aa 10" },
		{ "NM\7\1\0aax\0\0", 10, 0, "/aa 10" },
		{ "ES\4\1NM\7\1\0aa", 11, 0, "/aa 10" },
		{ "ER\7\1\1\1\1NM\7\1\0aa", 14, 1, "/aa 10" },
		{ "ER\10\1\1\1\1\1NM\7\1\0aa", 15, 1, "/aa 10" },
		{ "ER\12\1\1\1\1\1abNM\7\1\0aa", 17, 1, "/aa 10" },
	};

	put(ways[_i].bytes, ways[_i].len);
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), ways[_i].want);
	import_only_odd(&import, ways[_i].told ? USE : -1, ways[_i].told);
	import_end(&import);
}
END_TEST

START_TEST(two_areas_named_in_one)
{
	ce(AREA, 0, 9);
	ce(AREA, 100, 9);
	file();
	nm(0, "name");
	area(AREA, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/name 10");
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

/* ECMA-119 7.3.3: the little-endian half is what counts. */
START_TEST(numbers_that_differ_in_their_halves)
{
	if (_i) {
		px(0100711, 1, 2, 36);
		use[8] ^= 1;
	} else {
		ce(AREA, 0, 36);
		use[8] ^= 1;
	}
	file();
	px(0100711, 1, 2, 36);
	area(AREA, 0);
	import_good(&import, disc, 0);
	ck_assert_uint_eq(import_entry(&import, "/A").posix.mode, 0711);
	import_only_odd(&import, HALVES, 1);
	import_end(&import);
}
END_TEST

START_TEST(area_that_can_not_be_read)
{
	disc_resize(disc, 1000);
	ce(900, 0, 36);
	file();
	disc->broken = 900;
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_IO);
	import_end(&import);
	/* What is read ahead may be broken. */
	disc->broken = 901;
	import_good(&import, disc, 0);
	import_end(&import);
}
END_TEST

/* ---- what others wrote -------------------------------------------------- */

START_TEST(unknown_entries_are_kept)
{
	static const char acl[] = "AL\x0B\1\0\1\2\3\4\5\6";
	uint32_t bytes, node;
	const uint8_t *kept;

	put(acl, 11);
	nm(0, "name");
	ce(AREA, 0, 15);
	file();
	put("ZF\4\1", 4);
	put(acl, 11);
	area(AREA, 0);
	import_good(&import, disc, 0);
	kept = foreign("/name", false, &bytes);
	ck_assert_uint_eq(bytes, 26);
	ck_assert_mem_eq(kept, "AL\x0B\1\0\1\2\3\4\5\6ZF\4\1"
			       "AL\x0B\1\0\1\2\3\4\5\6", 26);
	/* The same in public. */
	ck_assert_int_eq(lathe_iso9660_find(import.tree, "/name", &node), 0);
	ck_assert_ptr_eq(lathe_iso9660_foreign_use(import.tree, node, &bytes),
			 kept);
	ck_assert_uint_eq(bytes, 26);
	ck_assert_ptr_null(lathe_iso9660_foreign_use(import.tree, 0, &bytes));
	ck_assert_uint_eq(bytes, 0);
	foreign("/name", true, &bytes);
	ck_assert_uint_eq(bytes, 0);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* A directory has two records, each with its own. */
START_TEST(entries_of_a_directory_itself_are_kept_apart)
{
	struct dir sub = { disc, SUB, 1, 0, false };
	uint32_t bytes;

	put("XX\5\1p", 5);
	attach(&root, dir_add(&root, "D", SUB, 2048, DIRECTORY));
	put("XX\5\1s", 5);
	attach(&sub, dir_add_raw(&sub, "\0", 1, SUB, 2048, DIRECTORY));
	put("XX\5\1u", 5);
	attach(&sub, dir_add_raw(&sub, "\1", 1, ROOT, 4096, DIRECTORY));
	import_good(&import, disc, 0);
	ck_assert_mem_eq(foreign("/D", false, &bytes), "XX\5\1p", 5);
	ck_assert_uint_eq(bytes, 5);
	ck_assert_mem_eq(foreign("/D", true, &bytes), "XX\5\1s", 5);
	ck_assert_uint_eq(bytes, 5);
	import_end(&import);
}
END_TEST

/* SUSP 5.5: ours is written anew, in whatever edition it was. */
START_TEST(extensions_of_others_are_kept)
{
	static const char *const ours[] = { "RRIP_1991A", "IEEE_P1282",
					    "IEEE_1282" };
	uint8_t er[4] = { (uint8_t)strlen(ours[_i]), 0, 0, 1 };
	uint32_t bytes;

	put(SP, 7);
	head("ER", 8u + er[0]);
	put(er, 4);
	put(ours[_i], er[0]);
	put("ER\x12\1\x0A\0\0\1AAIP_0200x", 18);
	begin_root();
	import_good(&import, disc, 0);
	ck_assert_mem_eq(foreign("/", true, &bytes),
			 "ER\x12\1\x0A\0\0\1AAIP_0200x", 18);
	ck_assert_uint_eq(bytes, 18);
	import_end(&import);
}
END_TEST

/* SUSP 5.6: behind ES 1 the same two letters mean something else. */
START_TEST(entries_of_another_extension)
{
	uint32_t bytes;

	put("ES\5\1\1", 5);
	nm(0, "no");
	put("ES\5\1\0", 5);
	nm(0, "yes");
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), "/yes 10");
	ck_assert_mem_eq(foreign("/yes", false, &bytes),
			 "ES\5\1\1NM\7\1\0noES\5\1\0", 17);
	ck_assert_uint_eq(bytes, 17);
	import_end(&import);
}
END_TEST

/* Where the ER of another extension stands before ours, that one has number 0.
 * We record ours first, so what is kept counts on from there. */
START_TEST(extension_of_another_number)
{
	uint32_t bytes;

	put(SP, 7);
	put("ER\x12\1\x0A\0\0\1AAIP_0200x", 18);
	put("ER\x12\1\x0A\0\0\1RRIP_1991A", 18);
	begin_root();
	put("ES\5\1\0", 5);
	nm(0, "no");
	put("ES\5\1\1", 5);
	nm(0, "yes");
	put("ES\5\1\2", 5);
	nm(0, "neither");
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), "/yes 10");
	ck_assert_mem_eq(foreign("/yes", false, &bytes),
			 "ES\5\1\1NM\7\1\0noES\5\1\0"
			 "ES\5\1\2NM\x0C\1\0neither", 34);
	ck_assert_uint_eq(bytes, 34);
	import_end(&import);
}
END_TEST

/* 48 KiB of one record are kept. */
START_TEST(more_unknown_entries_than_are_kept)
{
	uint8_t big[250] = { 'X', 'Y', 250, 1 };
	uint32_t bytes, i, at = AREA;

	ce(at, 0, 8 * 250 + 28);
	file();
	for (i = 0; i < 192; i++) {
		put(big, 250);
		if (i % 8 < 7)
			continue;
		ce(at + 1, 0, i < 191 ? 8 * 250 + 28 : 4 * 250 + 152 + 10);
		area(at++, 0);
	}
	for (i = 0; i < 4; i++)
		put(big, 250);
	big[2] = 152;
	put(big, 152);
	area(at, 0);
	import_good(&import, disc, 0);
	foreign("/A", false, &bytes);
	ck_assert_uint_eq(bytes, 49152);
	import_end(&import);
	/* What is not kept is not renumbered, either. */
	put("ES\5\1\0", 5);
	put("ES\5\1\0", 5);
	area(at, 4 * 250 + 152);
	import_good(&import, disc, 0);
	foreign("/A", false, &bytes);
	ck_assert_uint_eq(bytes, 0);
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("system use");
	TCase *tc = tcase_create("system use");

	tcase_add_checked_fixture(tc, make_rock_ridge, drop_volume);
	tcase_add_loop_test(tc, without_sp_nothing_is_read, 0, 4);
	tcase_add_test(tc, entries_behind_xa);
	tcase_add_test(tc, bytes_to_skip_are_those_of_the_others);
	tcase_add_test(tc, attributes_of_a_directory);
	tcase_add_test(tc, identifier_without_its_pad_byte);
	tcase_add_test(tc, entries_go_on_elsewhere);
	tcase_add_test(tc, one_area_for_many_records);
	tcase_add_loop_test(tc, areas_that_are_wrong, 0, 6);
	tcase_add_test(tc, empty_area);
	tcase_add_loop_test(tc, areas_that_lead_to_themselves, 0, 3);
	tcase_add_test(tc, area_that_was_cut_and_leads_to_itself);
	tcase_add_test(tc, area_whose_length_is_not_all_there);
	tcase_add_loop_test(tc, areas_beside_each_other_are_well, 0, 2);
	tcase_add_test(tc, chain_of_areas_has_an_end);
	tcase_add_test(tc, areas_cost_no_more_than_the_disc);
	tcase_add_loop_test(tc, entries_that_are_wrong, 0, 17);
	tcase_add_test(tc, two_areas_named_in_one);
	tcase_add_loop_test(tc, numbers_that_differ_in_their_halves, 0, 2);
	tcase_add_test(tc, area_that_can_not_be_read);
	suite_add_tcase(suite, tc);

	tc = tcase_create("of others");
	tcase_add_checked_fixture(tc, make_rock_ridge, drop_volume);
	tcase_add_test(tc, unknown_entries_are_kept);
	tcase_add_test(tc, entries_of_a_directory_itself_are_kept_apart);
	tcase_add_loop_test(tc, extensions_of_others_are_kept, 0, 3);
	tcase_add_test(tc, entries_of_another_extension);
	tcase_add_test(tc, extension_of_another_number);
	tcase_add_test(tc, more_unknown_entries_than_are_kept);
	suite_add_tcase(suite, tc);

	return run_suite(suite);
}
