/* SPDX-License-Identifier: MIT */
/* Records that no extent speaks for, or that several nodes would fit: who is
 * whose partner, and under which identifier it is recorded again. Hand-made
 * pairs of hierarchies. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "iso9660/reader_internal.h"
#include "lib_volume.h"
#include "tests/suite.h"

enum { SINGLE = LATHE_ISO9660_ODD_SINGLE, DATE = 18, BOTH = 3 };

static void make(void)
{
	make_plain();
	with_joliet();
}

/* 9.1.5: another second than all others have. */
static void at_second(uint8_t *record, uint8_t second)
{
	record[DATE + 5] = second;
}

static void empty(struct dir *dir, const char *id)
{
	dir_add(dir, id, 0, 0, 0);
}

/* The identifier that stays a node's in hierarchy h; NULL: none does. */
static void id_is(const char *path, uint32_t h, const char *want)
{
	uint8_t id[LATHE_ISO9660_ID_MAX];
	uint32_t node = import_entry(&import, path).node, i, wide = h ? 2 : 1;
	int len = lathep_iso9660_pinned_id(
		import.tree, lathep_iso9660_node(import.tree, node), h, id);

	if (!want) {
		ck_assert_int_eq(len, 0);
		return;
	}
	ck_assert_msg(len == (int)(strlen(want) * wide), "%s: %d", path, len);
	for (i = 0; i < strlen(want); i++) {
		ck_assert_uint_eq(id[i * wide + wide - 1], (uint8_t)want[i]);
		ck_assert(wide == 1 || id[i * wide] == 0);
	}
}

static void both(const char *path)
{
	ck_assert_msg(import_entry(&import, path).present == BOTH, "%s", path);
}

/* ---- names and dates ---------------------------------------------------- */

/* In the order of one hierarchy they are those of the other, in its. */
START_TEST(empty_files_of_one_date_are_joined_in_order)
{
	empty(&root, "__0.;1");
	empty(&root, "__1.;1");
	empty(&root, "__2.;1");
	empty(&joliet, "qq");
	empty(&joliet, "xx");
	empty(&joliet, "zz");
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/qq 0, /xx 0, /zz 0");
	id_is("/qq", 0, "__0.;1");
	id_is("/xx", 0, "__1.;1");
	id_is("/zz", 0, "__2.;1");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* One is as good as the other, and the first has it: the second has to look
 * for another one. */
START_TEST(what_was_given_away_is_looked_for_again)
{
	empty(&root, "READ_M00.;1");
	empty(&root, "READ_ME.;1");
	empty(&joliet, "read me");
	empty(&joliet, "read+me");
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/read me 0, /read+me 0");
	id_is("/read me", 0, "READ_ME.;1");
	id_is("/read+me", 0, "READ_M00.;1");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* What is best for the first is the very one of the second: then the first
 * takes what is next best, though it is less alike. */
START_TEST(what_is_next_best_is_taken_then)
{
	at_second(dir_add(&root, "LONGLONG1X.;1", 0, 0, 0), 1);
	at_second(dir_add(&root, "LONGLONG1.;1", 0, 0, 0), 2);
	at_second(dir_add(&joliet, "aaa", 0, 0, 0), 3);
	at_second(dir_add(&joliet, "longlong", 0, 0, 0), 4);
	at_second(dir_add(&joliet, "longlong1", 0, 0, 0), 5);
	import_good(&import, disc, 0);
	id_is("/longlong1", 0, "LONGLONG1.;1");
	id_is("/longlong", 0, "LONGLONG1X.;1");
	import_only_odd(&import, SINGLE, 1);
	import_end(&import);
}
END_TEST

/* Of many files the one of that name is found, not one that is near. */
START_TEST(one_of_many_by_its_name)
{
	char id[16], want[16];
	int i;

	for (i = 0; i < 50; i++) {
		snprintf(id, sizeof(id), "N%02d.;1", i);
		empty(&root, id);
		snprintf(id, sizeof(id), "n%02d", 49 - i);
		empty(&joliet, id);
	}
	import_good(&import, disc, 0);
	for (i = 0; i < 50; i++) {
		snprintf(id, sizeof(id), "/n%02d", i);
		snprintf(want, sizeof(want), "N%02d.;1", i);
		id_is(id, 0, want);
	}
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* Names that say nothing, and more of one date than there are nodes. */
START_TEST(dates_find_their_own)
{
	static const char *const ids[] = { "__0.;1", "__1.;1", "__2.;1",
					   "__3.;1", "__4.;1" };
	static const char *const named[] = { "qq", "rr", "ss", "tt" };
	static const uint8_t of_id[] = { 4, 3, 2, 1, 4 };
	static const uint8_t of_name[] = { 1, 4, 3, 2 };
	int i;

	for (i = 0; i < 5; i++)
		at_second(dir_add(&root, ids[i], 0, 0, 0), of_id[i]);
	for (i = 0; i < 4; i++)
		at_second(dir_add(&joliet, named[i], 0, 0, 0), of_name[i]);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/__4 0, /qq 0, /rr 0, /ss 0, /tt 0");
	id_is("/qq", 0, "__3.;1");
	id_is("/rr", 0, "__0.;1");
	id_is("/ss", 0, "__1.;1");
	id_is("/tt", 0, "__2.;1");
	import_only_odd(&import, SINGLE, 1);
	import_end(&import);
}
END_TEST

/* A name that was only cut does not take the place of one that is the same,
 * where neither is what comes next. */
START_TEST(names_that_agree_come_first)
{
	empty(&root, "LONG.;1");
	empty(&root, "LONG_NAM.;1");
	at_second(dir_add(&joliet, "aaa", 0, 0, 0), 1);
	empty(&joliet, "long-nam");
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/LONG 0, /aaa 0, /long-nam 0");
	id_is("/long-nam", 0, "LONG_NAM.;1");
	import_only_odd(&import, SINGLE, 2);
	import_end(&import);
}
END_TEST

/* A short beginning in common is something with the date alone. */
START_TEST(short_beginnings_need_the_date)
{
	at_second(dir_add(&root, "ABC.;1", 0, 0, 0), 1);
	at_second(dir_add(&joliet, "abcdefgh", 0, 0, 0), _i ? 2 : 1);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 _i ? "/ABC 0, /abcdefgh 0" : "/abcdefgh 0");
	import_only_odd(&import, _i ? SINGLE : -1, _i ? 2 : 0);
	import_end(&import);
}
END_TEST

/* Of one name, or of one date: a file is no directory. */
START_TEST(files_are_not_joined_to_directories)
{
	struct dir *dir = _i % 2 ? &root : &joliet;
	struct dir *file = _i % 2 ? &joliet : &root;
	const char *name = _i < 2 ? "SAME" : "OTHER";

	dir_add(dir, "SAME", 30, 2048, DIRECTORY);
	dir_begin(disc, 30, 1, dir->lba, 2, dir->wide);
	empty(file, name);
	import_good(&import, disc, 0);
	ck_assert_uint_eq(import.odd[SINGLE], 2);
	ck_assert_uint_eq(import.odd[LATHE_ISO9660_ODD_DUPLICATE], _i < 2);
	import_end(&import);
}
END_TEST

/* ---- extents ------------------------------------------------------------ */

/* A file that was joined by the way, as the one that came next, is not there
 * for another name of its extent. */
START_TEST(what_came_next_is_taken)
{
	dir_add(&root, "AAA.;1", DATA, 10, 0);
	dir_add(&root, "BBB.;1", DATA + 1, 20, 0);
	dir_add(&root, "CCC.;1", DATA + 2, 30, 0);
	dir_add(&joliet, "a", DATA, 10, 0);
	dir_add(&joliet, "bbb", DATA + 1, 20, 0);
	dir_add(&joliet, "other", DATA + 1, 20, 0);
	import_run(&import, disc, 0, NULL, 1);
	ck_assert_str_eq(import_list(&import),
			 "/AAA 10, /BBB 20, /CCC 30, /other 20");
	both("/BBB");
	id_is("/BBB", 1, "bbb");
	ck_assert_uint_eq(import_entry(&import, "/other").present, 2);
	import_only_odd(&import, SINGLE, 2);
	import_end(&import);
}
END_TEST

/* ... though it is neither the first of its extent nor the last, and no other
 * name is so much alike. */
START_TEST(one_of_several_is_taken)
{
	dir_add(&root, "AAA.;1", DATA, 10, 0);
	dir_add(&root, "PPP.;1", DATA + 1, 20, 0);
	dir_add(&root, "BBBBBB.;1", DATA, 10, 0);
	dir_add(&root, "CCC.;1", DATA, 10, 0);
	dir_add(&joliet, "other", DATA + 1, 20, 0);
	dir_add(&joliet, "bbbbbb", DATA, 10, 0);
	dir_add(&joliet, "bbbbbbb", DATA, 10, 0);
	import_run(&import, disc, 0, NULL, 1);
	ck_assert_str_eq(import_list(&import),
			 "/AAA 10, /BBBBBB 10, /CCC 10, /PPP 20");
	id_is("/BBBBBB", 1, "bbbbbb");
	id_is("/AAA", 1, "bbbbbbb");
	id_is("/PPP", 1, "other");
	import_only_odd(&import, SINGLE, 1);
	import_end(&import);
}
END_TEST

/* Copies whose names say nothing are told apart by their dates. */
START_TEST(copies_of_different_dates)
{
	at_second(dir_add(&root, "AAA.;1", DATA, 10, 0), 1);
	at_second(dir_add(&root, "BBB.;1", DATA, 10, 0), 2);
	at_second(dir_add(&root, "CCC.;1", DATA, 10, 0), 3);
	at_second(dir_add(&joliet, "x", DATA, 10, 0), 3);
	at_second(dir_add(&joliet, "y", DATA, 10, 0), 1);
	at_second(dir_add(&joliet, "z", DATA, 10, 0), 2);
	import_run(&import, disc, 0, NULL, 1);
	ck_assert_str_eq(import_list(&import), "/AAA 10, /BBB 10, /CCC 10");
	id_is("/AAA", 1, "y");
	id_is("/BBB", 1, "z");
	id_is("/CCC", 1, "x");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* Names of ISO 9660, and a second one in Joliet that fits nobody: it is a
 * file of its own, and what was joined keeps its identifier. */
START_TEST(what_does_not_fit_changes_nothing)
{
	dir_add(&root, "AAA.;1", DATA, 10, 0);
	dir_add(&joliet, "one", DATA, 10, 0);
	dir_add(&joliet, "two", DATA, 10, 0);
	import_run(&import, disc, 0, NULL, 1);
	ck_assert_str_eq(import_list(&import), "/AAA 10, /two 10");
	id_is("/AAA", 1, "one");
	id_is("/two", 1, "two");
	import_end(&import);
}
END_TEST

/* One that fits, but came too late: it takes back what is its own. */
START_TEST(what_fits_gets_its_own_identifier)
{
	dir_add(&root, "ZZZ.;1", DATA, 10, 0);
	dir_add(&joliet, "AAA", DATA, 10, 0);
	dir_add(&joliet, "ZZZ", DATA, 10, 0);
	import_run(&import, disc, 0, NULL, 1);
	ck_assert_str_eq(import_list(&import), "/AAA 10, /ZZZ 10");
	id_is("/ZZZ", 1, "ZZZ");
	both("/ZZZ");
	id_is("/AAA", 1, "AAA");
	import_end(&import);
}
END_TEST

/* Copies in one extent, which the hierarchies record in another order: the
 * stop that 9.3 does not compare is less than all else, in Joliet the hyphen
 * is less than it. What only begins alike is asked for a better one. */
START_TEST(copies_keep_their_own_identifiers)
{
	uint32_t bytes = _i ? 10 : 0;

	dir_add(&root, "LONGNAME.TXT;1", DATA, bytes, 0);
	dir_add(&root, "LONGNAME_2.TXT;1", DATA, bytes, 0);
	dir_add(&joliet, "longname-2.txt", DATA, bytes, 0);
	dir_add(&joliet, "longname.txt", DATA, bytes, 0);
	import_good(&import, disc, 0);
	id_is("/longname.txt", 0, "LONGNAME.TXT;1");
	id_is("/longname-2.txt", 0, "LONGNAME_2.TXT;1");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* 6.5.1: pieces that lie behind each other hold the same bytes, but are not
 * the same sections. */
START_TEST(one_section_is_not_two)
{
	dir_add(&root, "AAA.;1", DATA, 4196, 0);
	dir_add(&joliet, "x", DATA, 4096, MORE);
	dir_add(&joliet, "x", DATA + 2, 100, 0);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/AAA 4196, /x 4196");
	import_only_odd(&import, SINGLE, 2);
	import_end(&import);
}
END_TEST

/* 9.1.2: of every section the bytes count, which an attribute record may be
 * in front of, in one hierarchy or the other. */
START_TEST(sections_begin_behind_their_attribute_records)
{
	struct dir *with = _i % 2 ? &root : &joliet;
	struct dir *without = _i % 2 ? &joliet : &root;

	dir_add(with, "AAA", DATA, 2048, MORE);
	dir_add(with, "AAA", DATA + 9, 100, 0)[1] = 1;
	dir_add(without, "AAA", DATA, 2048, MORE);
	dir_add(without, "AAA", DATA + 10, 100, 0);
	import_run(&import, disc, 0, NULL, (uint32_t)_i / 2);
	ck_assert_str_eq(import_list(&import), "/AAA 2148");
	both("/AAA");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* 9.1.6: an associated file has the identifier of its owner, and both keep
 * it, in whatever order a folder is. */
START_TEST(associated_files_keep_their_identifier)
{
	dir_add(&root, "BBB.;1", DATA + 1, 20, 0);
	dir_add(&root, "AAA.;1", DATA + 2, 5, ASSOCIATED);
	dir_add(&root, "AAA.;1", DATA, 10, 0);
	dir_add(&joliet, "aaa", DATA, 10, 0);
	dir_add(&joliet, "bbb", DATA + 1, 20, 0);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/._AAA 5, /aaa 10, /bbb 20");
	id_is("/._AAA", 0, "AAA.;1");
	id_is("/aaa", 0, "AAA.;1");
	import_end(&import);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("joining by name");
	TCase *tc = tcase_create("names");

	tcase_add_checked_fixture(tc, make, drop_volume);
	tcase_add_test(tc, empty_files_of_one_date_are_joined_in_order);
	tcase_add_test(tc, what_was_given_away_is_looked_for_again);
	tcase_add_test(tc, what_is_next_best_is_taken_then);
	tcase_add_test(tc, one_of_many_by_its_name);
	tcase_add_test(tc, dates_find_their_own);
	tcase_add_test(tc, names_that_agree_come_first);
	tcase_add_loop_test(tc, short_beginnings_need_the_date, 0, 2);
	tcase_add_loop_test(tc, files_are_not_joined_to_directories, 0, 4);
	tcase_add_test(tc, what_came_next_is_taken);
	tcase_add_test(tc, one_of_several_is_taken);
	tcase_add_test(tc, copies_of_different_dates);
	tcase_add_test(tc, what_does_not_fit_changes_nothing);
	tcase_add_test(tc, what_fits_gets_its_own_identifier);
	tcase_add_loop_test(tc, copies_keep_their_own_identifiers, 0, 2);
	tcase_add_test(tc, one_section_is_not_two);
	tcase_add_loop_test(tc, sections_begin_behind_their_attribute_records,
			    0, 4);
	tcase_add_test(tc, associated_files_keep_their_identifier);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
