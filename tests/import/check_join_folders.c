/* SPDX-License-Identifier: MIT */
/* Which directory of Joliet is which one of ISO 9660, where names alone do not
 * say it; by the names of ISO 9660, which is read first. */
#include <check.h>
#include <string.h>

#include "lib_volume.h"
#include "tests/suite.h"

enum { SINGLE = LATHE_ISO9660_ODD_SINGLE };

static void make(void)
{
	make_plain();
	with_joliet();
}

static struct dir sub(struct dir *dir, const char *id, uint32_t lba)
{
	dir_add(dir, id, lba, 2048, DIRECTORY);
	return dir_begin(disc, lba, 1, dir->lba, dir->blocks, dir->wide);
}

static const char *list(void)
{
	import_run(&import, disc, 0, NULL, 1);
	return import_list(&import);
}

static void in_both(const char *path)
{
	ck_assert_msg(import_entry(&import, path).present == 3, "%s", path);
}

/* An empty file is in many a folder, and speaks for none. */
START_TEST(empty_files_do_not_vouch)
{
	struct dir a = sub(&root, "AAA", 30), b = sub(&root, "BBB", 31);
	struct dir ja = sub(&joliet, "aaa", 32), jb = sub(&joliet, "bbb", 33);

	dir_add(&a, "EMPTY.;1", 0, 0, 0);
	dir_add(&a, "F.;1", DATA, 10, 0);
	dir_add(&b, "EMPTY.;1", 0, 0, 0);
	dir_add(&b, "G.;1", DATA + 1, 20, 0);
	dir_add(&ja, "empty", 0, 0, 0);
	dir_add(&ja, "g", DATA + 1, 20, 0);
	dir_add(&jb, "empty", 0, 0, 0);
	dir_add(&jb, "f", DATA, 10, 0);
	ck_assert_str_eq(list(), "/AAA/, /AAA/EMPTY 0, /AAA/F 10, /BBB/, "
				 "/BBB/EMPTY 0, /BBB/G 20");
	in_both("/AAA/F");
	in_both("/BBB/G");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* A file that is in a folder elsewhere does not move the directory there. */
START_TEST(folders_stay_where_they_are)
{
	struct dir x = sub(&root, "X", 30), in = sub(&x, "SUB", 31);
	struct dir other = sub(&joliet, "other", 32);

	dir_add(&in, "F.;1", DATA, 10, 0);
	dir_add(&other, "f", DATA, 10, 0);
	ck_assert_str_eq(list(), "/X/, /X/SUB/, /X/SUB/F 10, /other/, "
				 "/other/f 10");
	import_only_odd(&import, SINGLE, 5);
	import_end(&import);
}
END_TEST

/* One address is not one file, if the lengths differ. */
START_TEST(addresses_alone_do_not_vouch)
{
	struct dir a = sub(&root, "AAA", 30), z = sub(&joliet, "zzz", 31);

	dir_add(&a, "F.;1", DATA, 10, 0);
	dir_add(&z, "f", DATA, 20, 0);
	ck_assert_str_eq(list(), "/AAA/, /AAA/F 10, /zzz/, /zzz/f 20");
	import_only_odd(&import, SINGLE, 4);
	import_end(&import);
}
END_TEST

/* 9.1.2: the bytes begin behind the attribute record. */
START_TEST(files_behind_attribute_records_vouch)
{
	struct dir a = sub(&root, "AAA", 30), z = sub(&joliet, "zzz", 31);

	dir_add(&a, "F.;1", DATA + 1, 10, 0);
	dir_add(&z, "f", DATA, 10, 0)[1] = 1;
	ck_assert_str_eq(list(), "/AAA/, /AAA/F 10");
	in_both("/AAA/F");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* The files of the first are in the folder that the second has the name of: it
 * is no longer there for that. */
START_TEST(folder_that_was_taken)
{
	struct dir b, ja;

	sub(&root, "AAA", 30);
	b = sub(&root, "BBB", 31);
	ja = sub(&joliet, "aaa", 32);
	sub(&joliet, "bbb", 33);
	dir_add(&b, "F.;1", DATA, 10, 0);
	dir_add(&ja, "f", DATA, 10, 0);
	ck_assert_str_eq(list(), "/AAA/, /BBB/, /BBB/F 10");
	in_both("/AAA");
	in_both("/BBB");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* Where names are exact a directory is given away once: what Joliet has twice
 * is not put into one. */
START_TEST(a_directory_that_is_there_twice)
{
	struct dir a, ja, jb;

	drop_volume();
	make_rock_ridge();
	with_joliet();
	nm(0, "a");
	attach(&root, dir_add(&root, "A", 30, 2048, DIRECTORY));
	a = dir_begin(disc, 30, 1, root.lba, root.blocks, false);
	dir_add(&a, "F.;1", DATA, 10, 0);
	ja = sub(&joliet, "a", 32);
	jb = sub(&joliet, "a", 33);
	dir_add(&ja, "F", DATA, 10, 0);
	dir_add(&jb, "G", DATA + 1, 20, 0);
	import_good(&import, disc, 0);
	in_both("/a");
	in_both("/a/F");
	ck_assert_ptr_null(strstr(import_list(&import), "/a/G"));
	ck_assert_ptr_nonnull(strstr(import_list(&import), "/G 20"));
	import_end(&import);
}
END_TEST

/* Directories in directories: a neighbour that has them is asked, but not if
 * it was taken. */
START_TEST(neighbour_that_was_taken)
{
	struct dir a = sub(&root, "LONG_DI0", 30);
	struct dir b = sub(&root, "LONG_DIR", 31);
	struct dir ja = sub(&joliet, "long dir", 32);
	struct dir jb = sub(&joliet, "long_di", 33);

	sub(&a, "OTHER", 34);
	sub(&b, "SUB", 35);
	sub(&ja, "sub", 36);
	sub(&jb, "sub", 37);
	ck_assert_str_eq(list(), "/LONG_DI0/, /LONG_DI0/OTHER/, "
				 "/LONG_DI0/sub/, /LONG_DIR/, /LONG_DIR/SUB/");
	in_both("/LONG_DI0");
	in_both("/LONG_DIR/SUB");
	import_only_odd(&import, SINGLE, 2);
	import_end(&import);
}
END_TEST

/* One directory of two names in either hierarchy, or in both. */
START_TEST(folders_of_one_extent)
{
	bool one = _i & 1, other = _i & 2;
	struct dir a = sub(&root, "AAA", 30), b = sub(&root, "BBB", 31);
	struct dir ja = sub(&joliet, "aaa", 32), jb = sub(&joliet, "bbb", 33);
	struct dir low = sub(&a, "LOW", 34), jlow = sub(&ja, "low", 35);

	dir_add(&low, "F.;1", DATA, 10, 0);
	dir_add(&jlow, "f", DATA, 10, 0);
	if (one) {
		dir_add(&b, "LOW", 34, 2048, DIRECTORY);
	} else {
		low = sub(&b, "LOW", 36);
		dir_add(&low, "F.;1", DATA, 10, 0);
	}
	if (other) {
		dir_add(&jb, "low", 35, 2048, DIRECTORY);
	} else {
		jlow = sub(&jb, "low", 37);
		dir_add(&jlow, "f", DATA, 10, 0);
	}
	ck_assert_str_eq(list(), "/AAA/, /AAA/LOW/, /AAA/LOW/F 10, /BBB/, "
				 "/BBB/LOW/, /BBB/LOW/F 10");
	in_both("/AAA/LOW/F");
	in_both("/BBB/LOW/F");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("joining folders");
	TCase *tc = tcase_create("folders");

	tcase_add_checked_fixture(tc, make, drop_volume);
	tcase_add_test(tc, empty_files_do_not_vouch);
	tcase_add_test(tc, folders_stay_where_they_are);
	tcase_add_test(tc, addresses_alone_do_not_vouch);
	tcase_add_test(tc, files_behind_attribute_records_vouch);
	tcase_add_test(tc, folder_that_was_taken);
	tcase_add_test(tc, a_directory_that_is_there_twice);
	tcase_add_test(tc, neighbour_that_was_taken);
	tcase_add_loop_test(tc, folders_of_one_extent, 0, 4);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
