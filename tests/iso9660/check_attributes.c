/* SPDX-License-Identifier: MIT */
/* What a tree keeps of files for Rock Ridge: owners, dates, links. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

START_TEST(attributes_come_back_and_are_undone)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_attributes attr = {
		.posix_given = true, .posix = { 0123, 4, 5 },
		.accessed = { 1, 2, 3, 4, 5, 6, 7 },
		.changed = { 7, 6, 5, 4, 3, 2, 1 }
	};
	uint32_t file = add_text(tree, "file", "x"), node;
	struct lathe_iso9660_savepoint save;
	struct lathe_iso9660_entry before, entry;

	ck_assert_int_eq(lathe_iso9660_set_attributes(tree, file, &attr), 0);
	ck_assert_int_eq(lathe_iso9660_get(tree, file, &before), 0);
	ck_assert(before.posix_given);
	ck_assert_uint_eq(before.posix.mode, 0123);
	ck_assert_uint_eq(before.posix.gid, 5);
	ck_assert_mem_eq(before.accessed, attr.accessed, 7);
	ck_assert_mem_eq(before.changed, attr.changed, 7);

	lathe_iso9660_save(tree, &save);
	ck_assert_int_eq(lathe_iso9660_set_attributes(tree, file, &new_year),
			 0);
	ck_assert_int_eq(lathe_iso9660_get(tree, file, &entry), 0);
	ck_assert(!entry.posix_given);
	ck_assert_uint_eq(entry.accessed[0], 0);
	ck_assert_int_eq(lathe_iso9660_add_symlink(
				 tree, LATHE_ISO9660_ROOT, "file", 4, NULL,
				 "x/y", 3, 0, LATHE_ISO9660_REPLACE, &node),
			 0);
	ck_assert_int_eq(lathe_iso9660_get(tree, node, &entry), 0);
	ck_assert_int_eq(entry.kind, LATHE_ISO9660_SYMLINK);
	ck_assert_uint_eq(entry.symlink_len, 3);
	ck_assert_mem_eq(entry.symlink, "x/y", 3);
	lathe_iso9660_rollback(tree, &save);
	ck_assert_int_eq(lathe_iso9660_get(tree, file, &entry), 0);
	ck_assert_mem_eq(&entry, &before, sizeof(entry));
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* Rows are 16 bits: what is beyond is kept all the same. */
START_TEST(more_owners_than_rows)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_attributes attr = { .posix_given = true };
	struct lathe_iso9660_entry entry;
	uint32_t node[3], i, k;
	char name[16];

	for (i = 0; i < 70000; i++) {
		attr.posix.uid = i;
		sprintf(name, "%u", i);
		k = i == 5 ? 0 : i == 69999 ? 1 : 2;
		ck_assert_int_eq(lathe_iso9660_add_directory(
					 tree, LATHE_ISO9660_ROOT, name,
					 strlen(name), &attr, &node[k]), 0);
	}
	ck_assert_int_eq(lathe_iso9660_get(tree, node[0], &entry), 0);
	ck_assert_uint_eq(entry.posix.uid, 5);
	ck_assert_int_eq(lathe_iso9660_get(tree, node[1], &entry), 0);
	ck_assert_uint_eq(entry.posix.uid, 69999);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

START_TEST(links_and_devices_are_checked)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	uint32_t node = 99, broken;
	char text[4097];

	ck_assert_int_eq(lathe_iso9660_add_symlink(
				 tree, LATHE_ISO9660_ROOT, "l", 1, &new_year,
				 "x", 1, 0, 0, &broken), 0);
	memset(text, 'x', sizeof(text));
	ck_assert_int_eq(lathe_iso9660_add_symlink(
				 tree, LATHE_ISO9660_ROOT, "a", 1, NULL, text,
				 4096, 0, 0, &node), LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_add_symlink(
				 tree, LATHE_ISO9660_ROOT, "a", 1, NULL, text,
				 0, 0, 0, &node), LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_add_symlink(
				 tree, LATHE_ISO9660_ROOT, "a", 1, NULL,
				 "x\0y", 3, 0, 0, &node), LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_add_symlink(
				 tree, LATHE_ISO9660_ROOT, "a", 1, NULL, "x",
				 1, LATHE_ISO9660_ROOT, 0, &node),
			 LATHE_ERR_ARG);
	/* There is nothing that a further name could be of. */
	ck_assert_int_eq(lathe_iso9660_add_link(
				 tree, LATHE_ISO9660_ROOT, "a", 1, NULL,
				 broken, 0, &node), LATHE_ERR_ARG);
	ck_assert_uint_eq(node, 99);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("attributes");
	TCase *tc = tcase_create("attributes");

	tcase_add_test(tc, attributes_come_back_and_are_undone);
	tcase_add_test(tc, more_owners_than_rows);
	tcase_add_test(tc, links_and_devices_are_checked);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
