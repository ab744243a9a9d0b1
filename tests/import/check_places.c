/* SPDX-License-Identifier: MIT */
/* Volumes that are not where they were made for, or not whole: what is found
 * of them, and that the next session holds all of it. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "lib_disc.h"
#include "tests/suite.h"

enum { ROOT = 20, JROOT = 24, SUB = 26, DATA = 40, END = 64 };

enum {
	EXTENT = LATHE_ISO9660_ODD_EXTENT,
	BOOT = LATHE_ISO9660_ODD_BOOT
};

static struct disc *disc;
static struct dir root, sub, joliet;
static struct import import;

/* Both hierarchies, a file and a directory with one in each. */
static void make(void)
{
	disc = disc_new(END);
	disc_primary(disc, 16, ROOT, 2048);
	disc_joliet(disc, 17, JROOT, 2048);
	disc_terminator(disc, 18);
	root = dir_begin(disc, ROOT, 1, ROOT, 1, false);
	dir_add(&root, "FILE.;1", DATA, 10, 0);
	dir_add(&root, "SUB", SUB, 2048, DIRECTORY);
	sub = dir_begin(disc, SUB, 1, ROOT, 1, false);
	dir_add(&sub, "OTHER.;1", DATA + 1, 20, 0);
	joliet = dir_begin(disc, JROOT, 1, JROOT, 1, true);
	dir_add(&joliet, "a file", DATA, 10, 0);
	dir_add(&joliet, "sub", SUB + 1, 2048, DIRECTORY);
	sub = dir_begin(disc, SUB + 1, 1, JROOT, 1, true);
	dir_add(&sub, "another", DATA + 1, 20, 0);
	memset(&import, 0, sizeof(import));
}

static void drop(void)
{
	disc_free(disc);
}

/* Put all that there is 'by' blocks further; empty blocks in front. */
static void shift(uint32_t by)
{
	disc_resize(disc, END + by);
	memmove(disc_block(disc, by), disc_block(disc, 0), END * 2048);
	memset(disc_block(disc, 0), 0, by * 2048);
}

/* Keep only what begins at 'from'. */
static void cut(uint32_t from)
{
	uint32_t left = disc->blocks - from;

	memmove(disc_block(disc, 0), disc_block(disc, from), left * 2048);
	disc_resize(disc, left);
}

static void import_at(uint32_t start)
{
	import_run(&import, disc, start, NULL, 0);
	if (import.err)
		ck_abort_msg("%s",
			     lathe_iso9660_tree_failure(import.tree)->text);
}

/* An image for block 0 that was recorded at another one. */
START_TEST(made_for_block_0)
{
	shift(150);
	import_at(150);
	ck_assert_str_eq(import_list(&import),
			 "/a file 10, /sub/, /sub/another 20");
	ck_assert_uint_eq(import_entry(&import, "/a file").lba, DATA + 150);
	ck_assert_uint_eq(import_entry(&import, "/a file").present, 3);
	ck_assert_uint_eq(import_entry(&import, "/sub/another").lba, DATA + 151);
	import_only_odd(&import, EXTENT, 1);
	import_end(&import);
}
END_TEST

/* Where its root should be stands a directory of an earlier session, which is
 * no root: 6.8.2.2, its parent is another one. */
START_TEST(made_for_block_0_behind_another_session)
{
	struct dir other;

	shift(150);
	other = dir_begin(disc, ROOT, 1, 18, 1, false);
	dir_add(&other, "NOT_IT.;1", DATA, 10, 0);
	import_at(150);
	ck_assert_str_eq(import_list(&import),
			 "/a file 10, /sub/, /sub/another 20");
	import_only_odd(&import, EXTENT, 1);
	import_end(&import);
}
END_TEST

/* Its root may lie behind all its files. */
START_TEST(made_for_block_0_with_its_root_far_away)
{
	enum { FAR = 9000 };

	disc_resize(disc, FAR + 150 + 1);
	memmove(disc_block(disc, 150), disc_block(disc, 0), END * 2048);
	memset(disc_block(disc, 0), 0, 150 * 2048);
	disc_primary(disc, 16 + 150, FAR, 2048);
	disc_terminator(disc, 17 + 150);
	root = dir_begin(disc, FAR + 150, 1, FAR, 1, false);
	memcpy(disc_block(disc, FAR + 150) + 2, "\x28\x23\0\0\0\0\x23\x28",
	       8);
	dir_add(&root, "FILE.;1", DATA, 10, 0);
	import_at(150);
	ck_assert_str_eq(import_list(&import), "/FILE 10");
	ck_assert_uint_eq(import_entry(&import, "/FILE").lba, DATA + 150);
	import_end(&import);
}
END_TEST

/* Moved, an address is behind all addresses. 9.1.3. */
START_TEST(address_that_wraps_when_it_is_moved)
{
	dir_add(&root, "WRAPS.;1", 0xFFFFFFF0, 10, 0);
	dir_add(&joliet, "x", 0xFFFFFFFF, 10, 0);
	shift(150);
	import_at(150);
	ck_assert_str_eq(import_list(&import),
			 "/a file 10, /sub/, /sub/another 20");
	import_only_odd(&import, EXTENT, 3);
	import_end(&import);
}
END_TEST

/* Where it was made for nothing is changed. */
START_TEST(where_it_was_made_for)
{
	import_at(0);
	ck_assert_uint_eq(import_entry(&import, "/a file").lba, DATA);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* A later session in a file of its own: what lies before it is not there. */
START_TEST(session_in_a_file_of_its_own)
{
	shift(300);
	disc_primary(disc, 316, ROOT + 300, 2048);
	disc_joliet(disc, 317, JROOT + 300, 2048);
	root = dir_begin(disc, ROOT + 300, 1, ROOT + 300, 1, false);
	joliet = dir_begin(disc, JROOT + 300, 1, JROOT + 300, 1, true);
	dir_add(&root, "NEW.;1", DATA + 300, 10, 0);
	dir_add(&root, "OLD.;1", 250, 10, 0);
	dir_add(&joliet, "new", DATA + 300, 10, 0);
	dir_add(&joliet, "old", 250, 10, 0);
	import_at(300);
	ck_assert_str_eq(import_list(&import), "/new 10, /old 10");
	import_only_odd(&import, -1, 0);
	import_end(&import);
	cut(300);
	import_at(0);
	ck_assert_str_eq(import_list(&import), "/new 10");
	ck_assert_uint_eq(import_entry(&import, "/new").lba, DATA);
	ck_assert_str_eq(import.found.volume_id, "Jol");
	/* The address, and one file in each hierarchy. */
	import_only_odd(&import, EXTENT, 3);
	import_end(&import);
}
END_TEST

/* One of ours, elsewhere, is nobody's own, but all there. */
START_TEST(own_session_in_a_file_of_its_own)
{
	import_at(0);
	disc_record(disc, import.tree, 128, NULL, 0, NULL);
	import_end(&import);
	cut(128);
	import_at(0);
	ck_assert(!import.found.own);
	/* Both files lie in the first session. */
	ck_assert_str_eq(import_list(&import), "/sub/");
	import_end(&import);
	ck_assert_int_eq(lathe_iso9660_probe(&disc->source, 0, &joliet_use, 1,
					     &import.found, NULL), 0);
	ck_assert(!import.found.own);
	/* Its mark counts for nothing, so no number in it does: of
	 * hierarchies, SPEC.md 1.6. */
	lathe_put_le32(disc_block(disc, 16) + 915, 0xFFFFFFFF);
	import_at(0);
	ck_assert_str_eq(import_list(&import), "/sub/");
	import_end(&import);
}
END_TEST

/* Continuation areas and relocated directories move with the rest. */
START_TEST(system_use_moves_too)
{
	uint8_t ce[28] = { 'C', 'E', 28, 1, 50, 0, 0, 0, 0, 0, 0, 50,
			   0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 9 };
	uint8_t *p;

	root = (struct dir){ disc, ROOT, 1, 0, false };
	memset(disc_block(disc, ROOT), 0, 2048);
	dir_use(&root, dir_add_raw(&root, "\0", 1, ROOT, 2048, DIRECTORY),
		"SP\7\1\xBE\xEF\0", 7);
	dir_add_raw(&root, "\1", 1, ROOT, 2048, DIRECTORY);
	p = dir_add(&root, "FILE.;1", DATA, 10, 0);
	dir_use(&root, p, ce, 28);
	memcpy(disc_block(disc, 50), "NM\11\1\0Name", 9);
	disc_terminator(disc, 17);
	shift(200);
	import_at(200);
	ck_assert_str_eq(import_list(&import), "/Name 10");
	ck_assert(import.found.system_use);
	import_end(&import);
}
END_TEST

/* No root is anywhere: nothing is moved, and what can be read is. That a block
 * could not be asked is no failure. */
START_TEST(root_that_is_nowhere)
{
	disc->broken = _i ? 50 : 0;
	disc_block(disc, ROOT)[2] = 99;
	disc_block(disc, ROOT)[9] = 99;
	disc_block(disc, JROOT)[2] = 99;
	disc_block(disc, JROOT)[9] = 99;
	import_at(0);
	ck_assert_str_eq(import_list(&import),
			 "/a file 10, /sub/, /sub/another 20");
	import_only_odd(&import, EXTENT, 2);
	ck_assert_int_eq(lathe_iso9660_tree_failure(import.tree)->err, 0);
	import_end(&import);
}
END_TEST

START_TEST(root_that_can_not_be_read)
{
	disc->broken = ROOT;
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_IO);
	import_end(&import);
}
END_TEST

/* ---- not all hierarchies ------------------------------------------------ */

/* Everything is in both hierarchies of the next session. */
static void next_session_is_whole(const char *list)
{
	struct disc *copy = disc;

	disc_record(copy, import.tree, 128, NULL, 0, NULL);
	import_end(&import);
	import_run(&import, disc, 128, NULL, 0);
	ck_assert_str_eq(import_list(&import), list);
	ck_assert(import.found.own);
	ck_assert_uint_eq(import.found.hierarchies, 3);
	ck_assert_uint_eq(import_entry(&import, "/sub/another").present, 3);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}

/* Off the disc; without a length; a block of zeros; no record. Where the
 * descriptor has none the descriptor is what is odd; one that is lost is. */
START_TEST(joliet_alone)
{
	switch (_i) {
	case 0:
		disc_primary(disc, 16, 1000, 2048);
		break;
	case 1:
		disc_primary(disc, 16, ROOT, 0);
		break;
	case 2:
		memset(disc_block(disc, ROOT), 0, 2048);
		break;
	case 3:
		disc_block(disc, 16)[156] = 0;
		break;
	}
	ck_assert_int_eq(lathe_iso9660_probe(&disc->source, 0, &joliet_use, 1,
					     &import.found, NULL), 0);
	import_at(0);
	ck_assert_uint_eq(import.found.hierarchies, 2);
	ck_assert_uint_eq(import_entry(&import, "/sub/another").present, 2);
	ck_assert_str_eq(import.found.volume_id, "Jol");
	import_only_odd(&import, EXTENT, 1);
	ck_assert_uint_eq(import.odd_lba, _i == 2 ? ROOT : 16);
	next_session_is_whole("/a file 10, /sub/, /sub/another 20");
}
END_TEST

/* 6.8.2.2: another one's block in its place. In each hierarchy. */
START_TEST(directory_that_is_another)
{
	uint32_t lba = SUB + (uint32_t)_i;

	disc_block(disc, lba)[2] = 99;
	disc_block(disc, lba)[9] = 99;
	import_at(0);
	import_only_odd(&import, EXTENT, 1);
	ck_assert_uint_eq(import.odd_lba, lba);
	import_end(&import);
}
END_TEST

/* Zeros where the only root should be: an empty volume. */
START_TEST(nothing_but_zeros)
{
	disc_terminator(disc, 17);
	memset(disc_block(disc, ROOT), 0, 2048);
	import_at(0);
	ck_assert_str_eq(import_list(&import), "");
	import_end(&import);
}
END_TEST

START_TEST(neither_hierarchy)
{
	disc_primary(disc, 16, 1000, 2048);
	disc_joliet(disc, 17, 1000, 2048);
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_CORRUPT);
	import_end(&import);
}
END_TEST

START_TEST(iso_9660_alone)
{
	dir_begin(disc, SUB, 1, ROOT, 1, false);
	sub = (struct dir){ disc, SUB, 1, 68, false };
	dir_add(&sub, "ANOTHER.;1", DATA + 1, 20, 0);
	disc_terminator(disc, 17);
	import_at(0);
	ck_assert_uint_eq(import_entry(&import, "/SUB/ANOTHER").present, 1);
	import_only_odd(&import, -1, 0);
	disc_record(disc, import.tree, 128, NULL, 0, NULL);
	import_end(&import);
	import_run(&import, disc, 128, NULL, 0);
	ck_assert_str_eq(import_list(&import),
			 "/FILE 10, /SUB/, /SUB/ANOTHER 20");
	ck_assert_uint_eq(import_entry(&import, "/SUB/ANOTHER").present, 3);
	ck_assert_uint_eq(import_entry(&import, "/FILE").present, 3);
	import_end(&import);
}
END_TEST

/* ISO 9660:1999: version 2, its own tree; here one that is not there. */
START_TEST(enhanced_descriptor_is_passed_by)
{
	disc_terminator(disc, 19);
	memcpy(disc_block(disc, 18), disc_block(disc, 17), 2048);
	disc_primary(disc, 17, _i ? ROOT : 1000, 2048);
	disc_block(disc, 17)[0] = 2;
	disc_block(disc, 17)[6] = 2;
	disc_block(disc, 17)[881] = 2;
	import_at(0);
	ck_assert_uint_eq(import.found.hierarchies, 3);
	ck_assert_str_eq(import_list(&import),
			 "/a file 10, /sub/, /sub/another 20");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* ECMA-119 8.2, El Torito. */
START_TEST(boot_record_is_told)
{
	memcpy(disc_block(disc, 18), disc_block(disc, 17), 2048);
	disc_terminator(disc, 19);
	memset(disc_block(disc, 17), 0, 2048);
	memcpy(disc_block(disc, 17), "\0CD001\1EL TORITO SPECIFICATION", 30);
	import_at(0);
	ck_assert_str_eq(import_list(&import),
			 "/a file 10, /sub/, /sub/another 20");
	import_only_odd(&import, BOOT, 1);
	import_end(&import);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("places");
	TCase *tc = tcase_create("addresses");

	tcase_add_checked_fixture(tc, make, drop);
	tcase_add_test(tc, made_for_block_0);
	tcase_add_test(tc, made_for_block_0_behind_another_session);
	tcase_add_test(tc, made_for_block_0_with_its_root_far_away);
	tcase_add_test(tc, address_that_wraps_when_it_is_moved);
	tcase_add_test(tc, where_it_was_made_for);
	tcase_add_test(tc, session_in_a_file_of_its_own);
	tcase_add_test(tc, own_session_in_a_file_of_its_own);
	tcase_add_test(tc, system_use_moves_too);
	tcase_add_loop_test(tc, root_that_is_nowhere, 0, 2);
	tcase_add_test(tc, root_that_can_not_be_read);
	suite_add_tcase(suite, tc);

	tc = tcase_create("hierarchies");
	tcase_add_checked_fixture(tc, make, drop);
	tcase_add_loop_test(tc, joliet_alone, 0, 4);
	tcase_add_loop_test(tc, directory_that_is_another, 0, 2);
	tcase_add_test(tc, nothing_but_zeros);
	tcase_add_test(tc, neither_hierarchy);
	tcase_add_test(tc, iso_9660_alone);
	tcase_add_loop_test(tc, enhanced_descriptor_is_passed_by, 0, 2);
	tcase_add_test(tc, boot_record_is_told);
	suite_add_tcase(suite, tc);

	return run_suite(suite);
}
