/* SPDX-License-Identifier: MIT */
/* Host files that come by again: by another name, through a link, in another
 * call, for another tree. Which of them are the same, and which are no
 * longer. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/iso9660/lib_update.h"
#include "tests/suite.h"

static struct lathe_iso9660_entry entry_of(const char *path)
{
	struct lathe_iso9660_entry entry;
	uint32_t node = 0;

	ck_assert_msg(lathe_iso9660_find(tree, path, &node) == 0, "%s", path);
	ck_assert_int_eq(lathe_iso9660_get(tree, node, &entry), 0);
	return entry;
}

static void remove_node(const char *path)
{
	ck_assert_int_eq(lathe_iso9660_remove(tree, entry_of(path).node), 0);
}

/* ---- further names ------------------------------------------------------ */

/* More files than are known at first, in more folders than stay open, while
 * one is read whose names lead to all of them. */
START_TEST(many_files_of_two_names)
{
	struct lathe_iso9660_counts count;
	char path[64], other[64];
	uint32_t i;

	mkdir("in/a", 0755);
	for (i = 0; i < 150; i++) {
		snprintf(path, sizeof(path), "in/d%03u", i);
		mkdir(path, 0755);
		snprintf(path, sizeof(path), "in/d%03u/f", i);
		put(path, "12");
		snprintf(other, sizeof(other), "in/a/l%03u", i);
		ck_assert_int_eq(link(path, other), 0);
	}
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_str_eq(told, "");
	lathe_iso9660_count(tree, &count);
	ck_assert_uint_eq(count.files, 300);
	ck_assert_uint_eq(count.new_files, 150);
	ck_assert_uint_eq(count.new_bytes, 300);
}
END_TEST

/* New names of recorded files, in front of the recorded ones and behind them:
 * nothing is recorded again, whatever becomes of symbolic links. */
START_TEST(new_names_in_front_of_recorded_ones)
{
	static const enum lathe_iso9660_host_links links[] = {
		LATHE_ISO9660_LINKS_CONTENT, LATHE_ISO9660_LINKS_RECORD,
		LATHE_ISO9660_LINKS_FOLLOW, LATHE_ISO9660_LINKS_SKIP
	};
	struct lathe_iso9660_counts count;

	record_three();
	config.symlinks = links[_i];
	new_host();
	ck_assert_int_eq(link("in/sub/c", "in/0"), 0);
	ck_assert_int_eq(link("in/sub/c", "in/1"), 0);
	ck_assert_int_eq(link("in/a", "in/sub/z"), 0);
	put("in/n", "new");
	ck_assert_int_eq(link("in/n", "in/m"), 0);
	ck_assert_int_eq(add(NULL, "in", UPDATE), 0);
	ck_assert_str_eq(told, "");
	ck_assert_uint_eq(entry_of("0").lba, entry_of("sub/c").lba);
	ck_assert_uint_eq(entry_of("1").lba, entry_of("sub/c").lba);
	ck_assert_uint_eq(entry_of("sub/z").lba, entry_of("a").lba);
	lathe_iso9660_count(tree, &count);
	ck_assert_uint_eq(count.files, 8);
	ck_assert_uint_eq(count.new_files, 1);
	ck_assert_uint_eq(count.new_bytes, 3);
}
END_TEST

/* A file that changed is another one, whatever name it had. */
START_TEST(names_of_a_file_that_changed)
{
	put("in/a", "1");
	ck_assert_int_eq(link("in/a", "b"), 0);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	put("b", "22");
	ck_assert_int_eq(add("b", "b", 0), 0);
	ck_assert_str_eq(dump(), "/a+1 /b+2 ");
}
END_TEST

/* The same, where the disc has it as it was. */
START_TEST(names_of_a_file_that_changed_behind_an_update)
{
	record_three();
	ck_assert_int_eq(link("in/a", "b"), 0);
	ck_assert_int_eq(add(NULL, "in", UPDATE), 0);
	put("b", "2");
	ck_assert_int_eq(add("b", "b", UPDATE), 0);
	ck_assert_str_eq(dump(), "/a=1 /b+1 /sub/ /sub/b=2 /sub/c=3 ");
}
END_TEST

/* What the caller took out of the tree is not there any more. */
START_TEST(names_of_a_file_that_went)
{
	record_three();
	ck_assert_int_eq(link("in/a", "b"), 0);
	mkdir("links", 0755);
	ck_assert_int_eq(symlink("../in/a", "links/l"), 0);
	ck_assert_int_eq(add(NULL, "in", UPDATE), 0);
	remove_node("a");
	if (_i)
		ck_assert_int_eq(add("b", "b", UPDATE), 0);
	else
		ck_assert_int_eq(add(NULL, "links", UPDATE), 0);
	ck_assert_str_eq(dump(), _i ? "/b+1 /sub/ /sub/b=2 /sub/c=3 "
				    : "/l>../in/a+1 /sub/ /sub/b=2 /sub/c=3 ");
}
END_TEST

/* A source that comes twice, and then one more name: all is one file. */
START_TEST(names_of_a_file_that_took_its_own_place)
{
	struct lathe_iso9660_counts count;

	put("in/a", "1");
	ck_assert_int_eq(link("in/a", "in/b"), 0);
	ck_assert_int_eq(link("in/a", "c"), 0);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_int_eq(add(NULL, "in", LATHE_ISO9660_REPLACE), 0);
	ck_assert_int_eq(add("c", "c", 0), 0);
	lathe_iso9660_count(tree, &count);
	ck_assert_uint_eq(count.files, 3);
	ck_assert_uint_eq(count.new_files, 1);
}
END_TEST

/* What is known of one tree's disc does not hold for the next one, where
 * numbers mean other files. */
START_TEST(names_of_files_of_another_disc)
{
	struct lathe_iso9660_host *first;

	record_three();
	ck_assert_int_eq(link("in/sub/c", "z"), 0);
	age("z", 1000000000);
	ck_assert_int_eq(add(NULL, "in", UPDATE), 0);
	if (_i)
		ck_assert_int_eq(finish(), 0);
	first = host;
	host = NULL;
	/* Behind "0" all others have other numbers. */
	add_text(tree, "0", "zero");
	record();
	lathe_iso9660_host_destroy(host);
	host = first;
	ck_assert_int_eq(add("z", "z", UPDATE), 0);
	ck_assert_str_eq(dump(), "/0=4 /a=1 /sub/ /sub/b=2 /sub/c=3 /z+3 ");
}
END_TEST

/* ---- calls -------------------------------------------------------------- */

/* What came by in a call that failed is compared in the next one. */
START_TEST(a_call_that_failed_saw_nothing)
{
	record_three();
	put("in/a", "changed");
	mkdir("other", 0755);
	mkdir("other/z", 0755);
	put("z", "");
	ck_assert_int_eq(add("z", "z", UPDATE), 0);
	ck_assert_int_eq(rename("other/z", "in/z"), 0);
	ck_assert_int_eq(add(NULL, "in", UPDATE), LATHE_ERR_EXISTS);
	rmdir("in/z");
	ck_assert_int_eq(add(NULL, "in", UPDATE), 0);
	ck_assert_str_eq(dump(), "/a+7 /sub/ /sub/b=2 /sub/c=3 /z+0 ");
}
END_TEST

/* A directory that a named file was put into is not swept away with what is
 * not named. */
START_TEST(files_that_are_named_in_a_mirror)
{
	record_three();
	mkdir("empty", 0755);
	put("new", "4444");
	ck_assert_int_eq(lathe_iso9660_host_add(host, tree,
						entry_of("sub").node, "new",
						"new", UPDATE | MIRROR), 0);
	ck_assert_int_eq(add(NULL, "empty", UPDATE | MIRROR), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_str_eq(dump(), "/sub/ /sub/new+4 ");
}
END_TEST

START_TEST(what_can_not_be_added_to)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_plan *plan;

	put("in/a", "1");
	ck_assert_int_eq(add("a", "in/a", 0), 0);
	ck_assert_int_eq(lathe_iso9660_host_add(host, tree, entry_of("a").node,
						NULL, "in", 0), LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_host_add(host, tree, entry_of("a").node,
						"x", "in/a", 0),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_host_add(host, tree, 9999, "x", "in/a",
						0), LATHE_ERR_ARG);
	plan = make_plan(tree, &options);
	ck_assert_int_eq(add("x", "in", 0), LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_iso9660_host_failure(host)->err,
			 LATHE_ERR_STATE);
	lathe_iso9660_plan_destroy(plan);
	ck_assert_str_eq(dump(), "/a+1 ");
	ck_assert_int_eq(add("x", "in", 0), 0);
	ck_assert_int_eq(lathe_iso9660_host_failure(host)->err, 0);
	ck_assert_str_eq(dump(), "/a+1 /x/ /x/a+1 ");
}
END_TEST

/* The root's date is that of a folder which fills the root itself. */
START_TEST(folders_that_fill_others)
{
	uint32_t sub;

	put("in/a", "1");
	age_all("in");
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, LATHE_ISO9660_ROOT,
						     "sub", 3, NULL, &sub), 0);
	ck_assert_int_eq(lathe_iso9660_host_add(host, tree, sub, NULL, "in",
						0), 0);
	ck_assert_uint_eq(entry_of("").date[1], 0);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	/* 2001-09-09, as age() says */
	ck_assert_mem_eq(entry_of("").date, "\x65\x09\x09\x01\x2e\x28", 6);
}
END_TEST

/* A file that is named and may not be read is told of, and left out. */
START_TEST(a_named_file_that_may_not_be_read)
{
	if (geteuid() != 0)
		return;
	put("secret", "x");
	chmod("secret", 0600);
	chmod(".", 0755);
	if (seteuid(65534) != 0)
		return;
	ck_assert_int_eq(add("x", "secret", 0), 0);
	ck_assert_int_eq(seteuid(0), 0);
	ck_assert_str_eq(told, "unreadable:secret ");
	ck_assert_str_eq(dump(), "");
}
END_TEST

/* A file that is no disc's is not kept, even if it is of the same size and
 * time: its bytes are somebody else's. */
START_TEST(files_out_of_another_source)
{
	/* as age() says */
	struct lathe_iso9660_attributes attr = {
		.date = { 101, 9, 9, 1, 46, 40, 0 }
	};
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t blocks;
	uint8_t *image;

	add_text(tree, "a", "old");
	ck_assert_int_eq(lathe_iso9660_set_attributes(
				 tree, entry_of("a").node, &attr), 0);
	put("in/a", "new");
	age_all("in");
	update(0);
	expect(0, 1, 0, 0);
	image = make_image(tree, &options, 0, &blocks);
	ck_assert_mem_eq(image + (size_t)(blocks - 1) * 2048, "new", 3);
	free(image);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("host files that are known");
	TCase *tc = tcase_create("host files");

	tcase_add_checked_fixture(tc, update_setup, update_teardown);
	tcase_add_test(tc, many_files_of_two_names);
	tcase_add_loop_test(tc, new_names_in_front_of_recorded_ones, 0, 4);
	tcase_add_test(tc, names_of_a_file_that_changed);
	tcase_add_test(tc, names_of_a_file_that_changed_behind_an_update);
	tcase_add_loop_test(tc, names_of_a_file_that_went, 0, 2);
	tcase_add_test(tc, names_of_a_file_that_took_its_own_place);
	tcase_add_loop_test(tc, names_of_files_of_another_disc, 0, 2);
	tcase_add_test(tc, a_call_that_failed_saw_nothing);
	tcase_add_test(tc, files_that_are_named_in_a_mirror);
	tcase_add_test(tc, what_can_not_be_added_to);
	tcase_add_test(tc, folders_that_fill_others);
	tcase_add_test(tc, a_named_file_that_may_not_be_read);
	tcase_add_test(tc, files_out_of_another_source);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
