/* SPDX-License-Identifier: MIT */
/* Hierarchies beside ISO 9660 and Joliet: a caller's own table recognises the
 * descriptors of version 2 (ECMA-119, 8.5.2) here, with names as Joliet has
 * them. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/import/lib_volume.h"
#include "tests/suite.h"

enum { TROOT = 30, FIRST = 1, SECOND = 2, THIRD = 4 };

static struct lathe_iso9660_hierarchy table;
static struct lathe_iso9660_use uses[2];
static struct dir third;

static bool recognise(const uint8_t descriptor[2048])
{
	return descriptor[0] == 2 && descriptor[6] == 2;
}

static void describe(const void *options,
		     const struct lathe_iso9660_volume *volume,
		     uint8_t descriptor[2048])
{
	lathe_joliet_hierarchy.describe(options, volume, descriptor);
	descriptor[6] = 2;
}

static bool recognise_joliet(const uint8_t descriptor[2048])
{
	return descriptor[6] == 1 &&
	       lathe_joliet_hierarchy.recognise(descriptor);
}

/* A decoder of somebody who has not heard of UTF-8. */
static int decode_latin(const uint8_t *id, uint8_t id_len, bool directory,
			char *name)
{
	(void)directory;
	memcpy(name, id, id_len);
	return id_len;
}

/* All three; the roots have two blocks each. */
static void make(bool rock_ridge)
{
	static struct lathe_iso9660_hierarchy wide;

	if (rock_ridge)
		make_rock_ridge();
	else
		make_plain();
	with_joliet();
	disc_joliet(disc, 18, TROOT, 4096);
	disc_block(disc, 18)[6] = 2;
	disc_terminator(disc, 19);
	third = dir_begin(disc, TROOT, 2, TROOT, 2, true);
	wide = lathe_joliet_hierarchy;
	wide.recognise = recognise_joliet;
	table = lathe_joliet_hierarchy;
	table.name = "third";
	table.recognise = recognise;
	table.describe = describe;
	uses[0].hierarchy = &wide;
	uses[1].hierarchy = &table;
	import.uses = uses;
	import.use_count = 2;
}

START_TEST(each_is_joined)
{
	make(false);
	dir_add(&root, "ONE.;1", DATA, 10, 0);
	dir_add(&root, "TWO.;1", DATA + 1, 20, 0);
	dir_add(&joliet, "one", DATA, 10, 0);
	dir_add(&joliet, "deux", DATA + 1, 20, 0);
	dir_add(&third, "one", DATA, 10, 0);
	dir_add(&third, "zwei", DATA + 1, 20, 0);
	dir_add(&third, "drei", DATA + 2, 30, 0);
	import_run(&import, disc, 0, NULL, (uint32_t)_i);
	ck_assert_str_eq(import_list(&import),
			 _i == 1 ? "/ONE 10, /TWO 20, /drei 30" :
			 _i == 2 ? "/deux 20, /drei 30, /one 10" :
				   "/drei 30, /one 10, /zwei 20");
	ck_assert_uint_eq(import.found.hierarchies, FIRST | SECOND | THIRD);
	ck_assert_uint_eq(import_entry(&import, "/drei").present, THIRD);
	ck_assert_uint_eq(import_entry(&import, _i == 1 ? "/TWO" :
						_i == 2 ? "/deux" : "/zwei")
				  .present, FIRST | SECOND | THIRD);
	import_only_odd(&import, LATHE_ISO9660_ODD_SINGLE, 1);
	import_end(&import);
	drop_volume();
}
END_TEST

/* RRIP 4.1.3: a link has no content; Joliet has some for it, and a third one
 * may have other content for the same name: then that is another file. */
START_TEST(a_link_has_one_content)
{
	make(true);
	px(0120777, 0, 0, 36);
	flagged("SL", 0, "\0\1x", 3);
	attach(&root, dir_add(&root, "LINK.;1", 0, 0, 0));
	dir_add(&joliet, "LINK", DATA, 10, 0);
	dir_add(&third, "LINK", DATA + (uint32_t)_i, 10, 0);
	import_run(&import, disc, 0, NULL, 0);
	if (_i == 0) {
		ck_assert_str_eq(import_list(&import), "/LINK 10");
		ck_assert_uint_eq(import_entry(&import, "/LINK").present,
				  FIRST | SECOND | THIRD);
	} else {
		ck_assert_str_eq(import_list(&import), "/LINK 10, /LINK_2 10");
		ck_assert_uint_eq(import_entry(&import, "/LINK").present,
				  FIRST | SECOND);
	}
	ck_assert_int_eq(import_entry(&import, "/LINK").kind,
			 LATHE_ISO9660_SYMLINK);
	import_end(&import);
	drop_volume();
}
END_TEST

/* RRIP 4.1.4: where no NM gives a name the first other hierarchy does, and
 * the next one has nothing to add. */
START_TEST(a_name_is_given_once)
{
	make(true);
	px(0100644, 0, 0, 36);
	file();
	dir_add(&joliet, "a name", DATA, 10, 0);
	dir_add(&third, "another", DATA, 10, 0);
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_str_eq(import_list(&import), "/a name 10");
	ck_assert_uint_eq(import_entry(&import, "/a name").present,
			  FIRST | SECOND | THIRD);
	import_only_odd(&import, -1, 0);
	import_end(&import);
	drop_volume();
}
END_TEST

/* A volume of ours: the table of directories is for ISO 9660 and one other,
 * two others are joined by what is in them. */
START_TEST(three_of_our_own)
{
	struct lathe_iso9660_plan_options options = {
		.size = sizeof(options), .uses = uses, .use_count = 2
	};
	struct lathe_iso9660_tree_config config = { .size = sizeof(config) };
	struct lathe_iso9660_tree *tree;
	struct lathe_iso9660_plan *plan;
	uint32_t dir, node;

	make(false);
	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_add_directory(
				 tree, LATHE_ISO9660_ROOT, "a directory", 11,
				 NULL, &dir), 0);
	ck_assert_int_eq(lathe_iso9660_add_memory(tree, dir, "a file", 6, NULL,
						  "0123456789", 10, 0, &node),
			 0);
	ck_assert_int_eq(lathe_iso9660_add_directory(
				 tree, LATHE_ISO9660_ROOT, "empty", 5, NULL,
				 &dir), 0);
	/* In ISO 9660 the last directory, else the first. */
	ck_assert_int_eq(lathe_iso9660_add_directory(
				 tree, LATHE_ISO9660_ROOT, "Z", 1, NULL, &dir),
			 0);
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, dir, "in it", 5,
						     NULL, &dir), 0);
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan), 0);
	disc_resize(disc, END + lathe_iso9660_plan_blocks(plan));
	disc_put(disc, plan, END);
	lathe_iso9660_tree_destroy(tree);
	import_run(&import, disc, END, NULL, (uint32_t)_i);
	ck_assert(import.found.own);
	ck_assert_str_eq(import_list(&import),
			 _i == 1 ? "/A_DIRECTORY/, /A_DIRECTORY/A_FILE 10, "
				   "/EMPTY/, /Z/, /Z/IN_IT/"
				 : "/Z/, /Z/in it/, /a directory/, "
				   "/a directory/a file 10, /empty/");
	ck_assert_uint_eq(
		import_entry(&import, _i == 1 ? "/A_DIRECTORY/A_FILE"
					      : "/a directory/a file").present,
		FIRST | SECOND | THIRD);
	ck_assert_uint_eq(import_entry(&import, "/Z").present,
			  FIRST | SECOND | THIRD);
	import_only_odd(&import, -1, 0);
	import_end(&import);
	drop_volume();
}
END_TEST

/* What a table calls a name is looked at like everything else. */
START_TEST(a_decoder_that_is_wrong)
{
	make(false);
	table.decode = decode_latin;
	table.decode_plain = NULL;
	dir_add_raw(&third, "caf\xE9", 4, DATA, 10, 0);
	import_run(&import, disc, 0, NULL, 3);
	ck_assert_str_eq(import_list(&import), "/caf_ 10");
	ck_assert_uint_eq(import.odd[LATHE_ISO9660_ODD_NAME], 1);
	import_end(&import);
	drop_volume();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("three hierarchies");
	TCase *tc = tcase_create("three");

	tcase_add_loop_test(tc, each_is_joined, 1, 4);
	tcase_add_loop_test(tc, a_link_has_one_content, 0, 2);
	tcase_add_test(tc, a_name_is_given_once);
	tcase_add_loop_test(tc, three_of_our_own, 0, 4);
	tcase_add_test(tc, a_decoder_that_is_wrong);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
