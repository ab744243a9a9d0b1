/* SPDX-License-Identifier: MIT */
/* Host files against what a volume holds: what is recorded anew, what stays,
 * what goes, and what a failure leaves. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/iso9660/lib_update.h"
#include "tests/suite.h"

/* ---- what differs ------------------------------------------------------- */

START_TEST(unchanged_tree_stays_as_it_is)
{
	record_three();
	update(0);
	ck_assert(!lathe_iso9660_changed(tree));
	expect(0, 0, 0, 0);
	/* the root, sub and three files */
	ck_assert_uint_eq(totals.kept, 5);
	update(MIRROR);
	ck_assert(!lathe_iso9660_changed(tree));
	/* Directories and links have dates of their own. */
	age("in/sub", 1000000005);
	update(MIRROR);
	ck_assert(!lathe_iso9660_changed(tree));
}
END_TEST

START_TEST(size_and_time_are_differences)
{
	struct lathe_iso9660_entry entry;
	uint32_t node;

	record_three();
	age("in/a", 1000000001);
	put("in/sub/b", "4444");
	age("in/sub/b", 1000000000);
	age("in/sub", 1000000007);
	put("in/new", "");
	update(0);
	expect(1, 2, 0, 0);
	ck_assert_str_eq(dump(), "/a+1 /new+0 /sub/ /sub/b+4 /sub/c=3 ");
	/* Something changed, so the date of the directory goes along:
	 * 2001-09-09 01:46:47 GMT */
	lathe_iso9660_find(tree, "sub", &node);
	lathe_iso9660_get(tree, node, &entry);
	ck_assert_mem_eq(entry.date, "\x65\x09\x09\x01\x2e\x2f\x00", 7);
}
END_TEST

/* 9.1.5: the zone is in quarters of an hour. */
START_TEST(dates_with_a_zone_are_compared_as_moments)
{
	/* 2001-09-09 01:46:40 GMT in New York and in Kathmandu */
	static const uint8_t dates[3][7] = {
		{ 101, 9, 8, 21, 46, 40, (uint8_t)-16 },
		{ 101, 9, 9, 7, 31, 40, 23 },
		{ 101, 9, 9, 7, 46, 40, 23 },
	};
	struct lathe_iso9660_attributes attr = { .hidden = false };
	uint32_t node;

	record_three();
	memcpy(attr.date, dates[_i], 7);
	lathe_iso9660_find(tree, "a", &node);
	ck_assert_int_eq(lathe_iso9660_set_attributes(tree, node, &attr), 0);
	update(0);
	ck_assert_uint_eq(totals.replaced, _i == 2);
}
END_TEST

/* LATHE_ISO9660_MIRROR alone compares nothing: what is there is replaced. */
START_TEST(a_mirror_that_replaces_all)
{
	record_three();
	unlink("in/sub/b");
	put("in/new", "x");
	ck_assert_int_eq(add(NULL, "in", MIRROR | LATHE_ISO9660_REPLACE), 0);
	ck_assert_int_eq(finish(), 0);
	expect(1, 2, 1, 0);
	ck_assert_str_eq(dump(), "/a+1 /new+1 /sub/ /sub/c+3 ");
}
END_TEST

/* A directory of which only the date is another one, and that somebody removes
 * before the end of the calls. */
START_TEST(what_is_removed_meanwhile_has_no_date)
{
	uint32_t node;

	record_three();
	age("in/sub", 1000000007);
	put("in/new", "");
	ck_assert_int_eq(add(NULL, "in", UPDATE), 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, "sub", &node), 0);
	ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_str_eq(dump(), "/a=1 /new+0 ");
}
END_TEST

START_TEST(kinds_change_places)
{
	record_three();
	unlink("in/a");
	mkdir("in/a", 0755);
	put("in/a/inner", "x");
	unlink("in/sub/b");
	unlink("in/sub/c");
	rmdir("in/sub");
	put("in/sub", "now a file");
	update(0);
	ck_assert_str_eq(dump(), "/a/ /a/inner+1 /sub+10 ");
	expect(1, 2, 0, 0);
	record();
	unlink("in/sub");
	ck_assert_int_eq(symlink("a", "in/sub"), 0);
	update(0);
	ck_assert_str_eq(dump(), "/a/ /a/inner=1 /sub>a+0 ");
	record();
	unlink("in/sub");
	put("in/sub", "a file");
	update(0);
	ck_assert_str_eq(dump(), "/a/ /a/inner=1 /sub+6 ");
}
END_TEST

/* What is yet to be recorded is updated once more: links to a file elsewhere,
 * which nothing but they hold. */
START_TEST(links_are_updated_before_they_are_recorded)
{
	int i;

	put("elsewhere", "12345");
	ck_assert_int_eq(symlink("../elsewhere", "in/l1"), 0);
	ck_assert_int_eq(symlink("../elsewhere", "in/l2"), 0);
	for (i = 0; i < 3; i++)
		update(i == 2 ? MIRROR : 0);
	ck_assert_str_eq(dump(), "/l1>../elsewhere+5 /l2>../elsewhere+5 ");
	record();
	ck_assert_str_eq(dump(), "/l1>../elsewhere=5 /l2>../elsewhere=5 ");
}
END_TEST

/* Names that differ in case alone are two. */
START_TEST(case_is_a_difference)
{
	put("in/name", "1");
	put("in/NAME", "22");
	age_all("in");
	update(0);
	record();
	update(MIRROR);
	ck_assert(!lathe_iso9660_changed(tree));
	put("in/NAME", "333");
	update(MIRROR);
	ck_assert_str_eq(dump(), "/NAME+3 /name=1 ");
}
END_TEST

START_TEST(attributes_alone_cost_no_content)
{
	struct lathe_iso9660_entry entry;
	uint32_t node;

	record_three();
	chmod("in/a", 0600);
	update(0);
	ck_assert(!lathe_iso9660_changed(tree));
	config.compare_modes = true;
	new_host();
	update(0);
	expect(0, 0, 0, 1);
	ck_assert_str_eq(dump(), "/a=1 /sub/ /sub/b=2 /sub/c=3 ");
	lathe_iso9660_find(tree, "a", &node);
	lathe_iso9660_get(tree, node, &entry);
	ck_assert_uint_eq(entry.posix.mode, 0600);
	record();
	update(0);
	ck_assert(!lathe_iso9660_changed(tree));
}
END_TEST

/* ---- what goes ---------------------------------------------------------- */

START_TEST(what_is_below_a_directory_that_goes_is_counted)
{
	record_three();
	unlink("in/sub/b");
	unlink("in/sub/c");
	rmdir("in/sub");
	update(MIRROR);
	ck_assert_str_eq(dump(), "/a=1 ");
	expect(0, 0, 3, 0);
}
END_TEST

START_TEST(mirror_removes_below_its_target_alone)
{
	record_three();
	ck_assert_int_eq(add("t", "in", UPDATE), 0);
	ck_assert_int_eq(finish(), 0);
	record();
	unlink("in/sub/b");
	ck_assert_int_eq(add("t", "in", UPDATE | MIRROR), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_str_eq(dump(), "/a=1 /sub/ /sub/b=2 /sub/c=3 "
				 "/t/ /t/a=1 /t/sub/ /t/sub/c=3 ");
	expect(0, 0, 1, 0);
	/* A file has nothing below it. */
	ck_assert_int_eq(add("a", "in/a", UPDATE | MIRROR), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_uint_eq(totals.removed, 0);
	unlink("in/sub/c");
	rmdir("in/sub");
	update(MIRROR);
	ck_assert_str_eq(dump(), "/a=1 ");
}
END_TEST

/* Deep below what another call mirrors, an update of its own: that came by. */
START_TEST(mirror_leaves_what_another_call_added)
{
	static const char *const want[] = {
		"/n+1 /sub/ /sub/f+1 ", "/n+1 /sub/ /sub/c=3 "
	};
	uint32_t sub;

	mkdir("other", 0755);
	put("other/n", "n");
	put("f", "f");
	record_three();
	ck_assert_int_eq(lathe_iso9660_find(tree, "sub", &sub), 0);
	ck_assert_int_eq(lathe_iso9660_host_add(
				 host, tree, sub, _i ? "c" : "f",
				 _i ? "in/sub/c" : "f", UPDATE), 0);
	ck_assert_int_eq(add(NULL, "other", UPDATE | MIRROR), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_str_eq(dump(), want[_i]);
}
END_TEST

/* A call that failed came by nothing. */
START_TEST(mirror_forgets_a_call_that_failed)
{
	uint32_t sub;

	mkdir("other", 0755);
	put("other/b", "b");
	record_three();
	ck_assert_int_eq(lathe_iso9660_find(tree, "sub", &sub), 0);
	ck_assert_int_eq(lathe_iso9660_host_add(host, tree, sub, "b", "in/sub",
						UPDATE), 0);
	ck_assert_int_eq(lathe_iso9660_host_add(host, tree, sub, NULL, "other",
						UPDATE | MIRROR),
			 LATHE_ERR_EXISTS);
	ck_assert_int_eq(lathe_iso9660_find(tree, "sub/b", &sub), 0);
	ck_assert_int_eq(lathe_iso9660_remove(tree, sub), 0);
	ck_assert_int_eq(add(NULL, "other", UPDATE | MIRROR), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_str_eq(dump(), "/b+1 ");
}
END_TEST

/* Of sources that are merged the one added first wins. */
START_TEST(sources_are_merged)
{
	int i;

	mkdir("in2", 0755);
	mkdir("in2/sub", 0755);
	put("in2/a", "other a");
	put("in2/sub/d", "55555");
	age_all("in2");
	record_three();
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(add(NULL, "in2", UPDATE | MIRROR), 0);
		ck_assert_int_eq(add(NULL, "in", UPDATE | MIRROR), 0);
		ck_assert_int_eq(finish(), 0);
		if (i == 1)
			break;
		ck_assert_str_eq(dump(), "/a+7 /sub/ /sub/b=2 /sub/c=3 "
					 "/sub/d+5 ");
		record();
	}
	ck_assert(!lathe_iso9660_changed(tree));
	/* A target inside of another one. */
	ck_assert_int_eq(add("x", "in2", UPDATE | MIRROR), 0);
	ck_assert_int_eq(add(NULL, "in", UPDATE | MIRROR), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_str_eq(dump(), "/a+1 /sub/ /sub/b=2 /sub/c=3 "
				 "/x/ /x/a+7 /x/sub/ /x/sub/d+5 ");
	/* A directory here, a file there. */
	put("in2/dir", "x");
	mkdir("in/dir", 0755);
	ck_assert_int_eq(add(NULL, "in2", UPDATE), 0);
	ck_assert_int_eq(add(NULL, "in", UPDATE), LATHE_ERR_EXISTS);
}
END_TEST

static bool is_excluded(void *ctx, const char *path, bool directory)
{
	size_t used = strlen(told);

	(void)ctx;
	snprintf(told + used, sizeof(told) - used, "%s%s ", path,
		 directory ? "/" : "");
	return strstr(path, "keep") != NULL;
}

START_TEST(excluded_paths_are_neither_added_nor_removed)
{
	record_three();
	mkdir("in/sub/keep", 0755);
	put("in/sub/keep/k", "kept");
	put("in/keep2", "kept");
	age_all("in");
	update(0);
	record();
	config.excluded = is_excluded;
	new_host();
	put("in/sub/keep/k", "changed");
	put("in/keep3", "new");
	unlink("in/keep2");
	update(MIRROR);
	ck_assert(!lathe_iso9660_changed(tree));
	ck_assert_str_eq(dump(), "/a=1 /keep2=4 /sub/ /sub/b=2 /sub/c=3 "
				 "/sub/keep/ /sub/keep/k=4 ");
	ck_assert_str_eq(told, "/a /keep3 /sub/ /sub/b /sub/c /sub/keep/ "
			       "/sub/keep/ /keep2 ");
	/* What is above it stays as well. */
	unlink("in/sub/keep/k");
	rmdir("in/sub/keep");
	unlink("in/sub/b");
	unlink("in/sub/c");
	rmdir("in/sub");
	update(MIRROR);
	ck_assert_str_eq(dump(), "/a=1 /keep2=4 /sub/ /sub/keep/ "
				 "/sub/keep/k=4 ");
	/* The path itself is not asked about. */
	mkdir("keep", 0755);
	ck_assert_int_eq(add("keep4", "keep", UPDATE), 0);
}
END_TEST

/* A directory on the way to what another source gave is not replaced by a
 * file; one that is as empty as that is. */
START_TEST(files_in_the_place_of_a_target)
{
	static const struct lathe_iso9660_attributes none = { 0 };
	static const uint32_t flags[] = { UPDATE, UPDATE | MIRROR };
	static const char *const names[] = { NULL, "new", NULL };
	static const char *const dumps[] = { "/t/ /t/y+1 ",
					     "/t/ /t/new/ /t/new/y+1 ",
					     "/t+1 " };
	uint32_t t;
	int i;

	mkdir("dir", 0755);
	if (_i < 2)
		put("dir/y", "y");
	put("file", "x");
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(lathe_iso9660_add_directory(
					 tree, LATHE_ISO9660_ROOT, "t", 1,
					 &none, &t),
				 0);
		ck_assert_int_eq(lathe_iso9660_host_add(host, tree, t,
							names[_i], "dir",
							flags[i]),
				 0);
		ck_assert_int_eq(add("t", "file", flags[i]),
				 _i < 2 ? LATHE_ERR_EXISTS : 0);
		ck_assert_int_eq(finish(), 0);
		ck_assert_str_eq(dump(), dumps[_i]);
		lathe_iso9660_tree_destroy(tree);
		tree = make_tree(NULL, 1);
	}
}
END_TEST

static bool count_asked(void *ctx, const char *path, bool directory)
{
	(void)directory;
	*(int *)ctx += strcmp(path, "/other") != 0;
	return false;
}

/* ... with what it held that no source gave: a target that is gone has nothing
 * that goes, nor that may be excluded. */
START_TEST(a_target_that_made_way)
{
	static const struct lathe_iso9660_attributes none = { 0 };
	uint32_t t, node;
	int asked = 0;

	config.excluded = count_asked;
	config.excluded_ctx = &asked;
	if (_i)
		new_host();
	mkdir("dir", 0755);
	put("file", "x");
	ck_assert_int_eq(lathe_iso9660_add_directory(
				 tree, LATHE_ISO9660_ROOT, "other", 5, &none,
				 &node),
			 0);
	ck_assert_int_eq(lathe_iso9660_add_directory(
				 tree, LATHE_ISO9660_ROOT, "t", 1, &none, &t),
			 0);
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, t, "sub", 3, &none,
						     &node),
			 0);
	ck_assert_int_eq(lathe_iso9660_host_add(host, tree, t, NULL, "dir",
						UPDATE | MIRROR),
			 0);
	ck_assert_int_eq(add("t", "file", UPDATE | MIRROR), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_str_eq(dump(), "/other/ /t+1 ");
	ck_assert_int_eq(asked, 0);
}
END_TEST

/* Asked about the first one, another goes away; it was a file or a directory. */
static bool leave_out_gone(void *ctx, const char *path, bool directory)
{
	unlink("in/gone");
	return strcmp(path, "/gone") == 0 &&
	       (*(const int *)ctx & (directory ? 2 : 1)) != 0;
}

/* Nobody knows of what can not be looked at what it is. */
START_TEST(what_is_excluded_need_not_be_looked_at)
{
	config.excluded = leave_out_gone;
	config.excluded_ctx = &_i;
	new_host();
	put("in/first", "");
	put("in/gone", "");
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_str_eq(told, _i == 3 ? "" : "unreadable:in/gone ");
	ck_assert_str_eq(dump(), "/first+0 ");
}
END_TEST

static bool is_keep(void *ctx, const char *path, bool directory)
{
	(void)ctx;
	return directory && strcmp(path, "/keep") == 0;
}

/* A directory that is named is mirrored, also within one that is excluded. */
START_TEST(what_is_excluded_stays_beside_a_target)
{
	uint32_t keep, t;

	record_three();
	mkdir("in/keep", 0755);
	put("in/keep/k", "kept");
	mkdir("in/keep/t", 0755);
	put("in/keep/t/x", "22");
	put("in/keep/t/gone", "333");
	age_all("in");
	update(0);
	record();
	config.excluded = is_keep;
	new_host();
	unlink("in/keep/t/gone");
	ck_assert_int_eq(lathe_iso9660_find(tree, "keep", &keep), 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, "keep/t", &t), 0);
	if (_i % 2 == 0)
		ck_assert_int_eq(add(NULL, "in", UPDATE | MIRROR), 0);
	ck_assert_int_eq(lathe_iso9660_host_add(host, tree, _i < 2 ? keep : t,
						_i < 2 ? "t" : NULL,
						"in/keep/t", UPDATE | MIRROR),
			 0);
	if (_i % 2 == 1)
		ck_assert_int_eq(add(NULL, "in", UPDATE | MIRROR), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_str_eq(dump(), "/a=1 /keep/ /keep/k=4 /keep/t/ /keep/t/x=2 "
				 "/sub/ /sub/b=2 /sub/c=3 ");
}
END_TEST

/* Links and special files that are not asked for are not gone either. */
START_TEST(what_is_skipped_is_not_removed)
{
	put("outside", "12345");
	ck_assert_int_eq(symlink("../outside", "in/l"), 0);
	ck_assert_int_eq(mkfifo("in/p", 0644), 0);
	age_all("in");
	config.symlinks = _i ? LATHE_ISO9660_LINKS_FOLLOW
			     : LATHE_ISO9660_LINKS_RECORD;
	config.specials = true;
	new_host();
	update(0);
	record();
	config.symlinks = LATHE_ISO9660_LINKS_SKIP;
	config.specials = false;
	new_host();
	update(MIRROR);
	ck_assert(!lathe_iso9660_changed(tree));
	unlink("in/l");
	unlink("in/p");
	update(MIRROR);
	ck_assert_str_eq(dump(), "");
	expect(0, 0, 2, 0);
}
END_TEST

START_TEST(what_can_not_be_read_is_not_removed)
{
	if (geteuid() == 0 && seteuid(65534) != 0)
		return;
	ck_assert_int_eq(seteuid(0), 0);
	record_three();
	chmod("in/a", 0);
	age("in/a", 1000000003);
	chmod("in/sub", 0);
	chmod(".", 0755);
	ck_assert_int_eq(seteuid(65534), 0);
	ck_assert_int_eq(add(NULL, "in", UPDATE | MIRROR), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_int_eq(seteuid(0), 0);
	ck_assert_str_eq(told, "unreadable:in/a unreadable:in/sub ");
	ck_assert_str_eq(dump(), "/a=1 /sub/ /sub/b=2 /sub/c=3 ");
	chmod("in/sub", 0755);
}
END_TEST

/* ---- failures ----------------------------------------------------------- */

static void grow_in(void)
{
	int i;
	char path[64];

	put("outside", "12345");
	for (i = 0; i < 12; i++) {
		snprintf(path, sizeof(path), "in/sub/f%d", i);
		put(path, "new");
		snprintf(path, sizeof(path), "in/sub/l%d", i);
		ck_assert_int_eq(symlink(i % 2 ? "c" : "../../outside", path),
				 0);
	}
	ck_assert_int_eq(link("in/a", "in/a2"), 0);
	unlink("in/sub/b");
}

/* Each time that memory is wanted it is refused once: the tree and the host
 * are as if nothing had been tried. */
START_TEST(memory_that_runs_out)
{
	uint64_t n;
	int err = LATHE_ERR_MEMORY;

	record_three();
	config.excluded = is_excluded;
	grow_in();
	for (n = 1; err && n < 10000; n++) {
		heap.fail_at = 0;
		new_host();
		told[0] = 0;
		heap.fail_at = heap.calls + n;
		err = add(NULL, "in", UPDATE | MIRROR);
		if (!err)
			err = finish();
		heap.fail_at = 0;
		if (!err)
			break;
		ck_assert_int_eq(err, LATHE_ERR_MEMORY);
		lathe_iso9660_host_finish(host, NULL, NULL);
	}
	ck_assert_int_eq(err, 0);
	ck_assert_uint_gt(n, 5);
	ck_assert_uint_eq(totals.removed, 1);
}
END_TEST

START_TEST(a_call_that_fails_leaves_no_trace)
{
	record_three();
	grow_in();
	ck_assert_int_eq(add("a", "in/sub", UPDATE | MIRROR), 0);
	ck_assert_int_eq(add(NULL, "nowhere", UPDATE | MIRROR),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(add(NULL, "in", UPDATE | MIRROR), LATHE_ERR_EXISTS);
	ck_assert_int_eq(finish(), 0);
	/* "a" was a file and is the directory; all else stayed. */
	ck_assert_ptr_nonnull(strstr(dump(), "/a/c+3 "));
	ck_assert_ptr_nonnull(strstr(text, "/sub/ /sub/b=2 /sub/c=3 "));
	ck_assert_int_eq(lathe_iso9660_host_finish(NULL, tree, NULL),
			 LATHE_ERR_ARG);
	/* Nothing is left to be finished. */
	ck_assert_int_eq(finish(), 0);
	ck_assert_uint_eq(totals.added + totals.removed, 0);
}
END_TEST

/* The one that is made instead describes the root. */
START_TEST(a_call_that_fails_does_not_stand_for_the_next)
{
	struct lathe_iso9660_entry entry;

	put("in/a", "1");
	mkdir("in/sub", 0755);
	chmod("in", 0710);
	ck_assert_int_eq(add("a", "in/sub", UPDATE), 0);
	ck_assert_int_eq(add(NULL, "in", UPDATE), LATHE_ERR_EXISTS);
	unlink("in/a");
	ck_assert_int_eq(add(NULL, "in", UPDATE), 0);
	ck_assert_int_eq(finish(), 0);
	lathe_iso9660_get(tree, LATHE_ISO9660_ROOT, &entry);
	ck_assert_uint_eq(entry.posix.mode, 0710);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("updates from host files");
	TCase *tc = tcase_create("host files");

	tcase_add_checked_fixture(tc, update_setup, update_teardown);
	tcase_add_test(tc, unchanged_tree_stays_as_it_is);
	tcase_add_test(tc, size_and_time_are_differences);
	tcase_add_loop_test(tc, dates_with_a_zone_are_compared_as_moments, 0,
			    3);
	tcase_add_test(tc, a_mirror_that_replaces_all);
	tcase_add_test(tc, what_is_removed_meanwhile_has_no_date);
	tcase_add_test(tc, kinds_change_places);
	tcase_add_test(tc, links_are_updated_before_they_are_recorded);
	tcase_add_test(tc, case_is_a_difference);
	tcase_add_test(tc, attributes_alone_cost_no_content);
	tcase_add_test(tc, what_is_below_a_directory_that_goes_is_counted);
	tcase_add_test(tc, mirror_removes_below_its_target_alone);
	tcase_add_loop_test(tc, mirror_leaves_what_another_call_added, 0, 2);
	tcase_add_test(tc, mirror_forgets_a_call_that_failed);
	tcase_add_test(tc, sources_are_merged);
	tcase_add_test(tc, excluded_paths_are_neither_added_nor_removed);
	tcase_add_loop_test(tc, files_in_the_place_of_a_target, 0, 3);
	tcase_add_loop_test(tc, a_target_that_made_way, 0, 2);
	tcase_add_loop_test(tc, what_is_excluded_need_not_be_looked_at, 0, 4);
	tcase_add_loop_test(tc, what_is_excluded_stays_beside_a_target, 0, 4);
	tcase_add_loop_test(tc, what_is_skipped_is_not_removed, 0, 2);
	tcase_add_test(tc, what_can_not_be_read_is_not_removed);
	tcase_add_test(tc, memory_that_runs_out);
	tcase_add_test(tc, a_call_that_fails_leaves_no_trace);
	tcase_add_test(tc, a_call_that_fails_does_not_stand_for_the_next);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
