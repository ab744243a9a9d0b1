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
	static uint32_t node[70000];
	uint32_t i;
	char name[16];

	for (i = 0; i < 70000; i++) {
		attr.posix.uid = i;
		sprintf(name, "%u", i);
		ck_assert_int_eq(lathe_iso9660_add_directory(
					 tree, LATHE_ISO9660_ROOT, name,
					 strlen(name), &attr, &node[i]), 0);
	}
	for (i = 0; i < 70000; i++) {
		ck_assert_int_eq(lathe_iso9660_get(tree, node[i], &entry), 0);
		ck_assert_uint_eq(entry.posix.uid, i);
	}
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

static uint32_t add_of(struct lathe_iso9660_tree *tree, const char *name,
		       uint32_t mode, uint32_t uid)
{
	struct lathe_iso9660_attributes attr = {
		.posix_given = true, .posix = { mode, uid, 0 },
		.hidden = true
	};
	uint32_t node = 0;

	ck_assert_int_eq(lathe_iso9660_add_directory(
				 tree, LATHE_ISO9660_ROOT, name, strlen(name),
				 &attr, &node), 0);
	return node;
}

/* A row that was given back is another's next. */
START_TEST(owners_after_a_rollback)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_savepoint save;
	struct lathe_iso9660_entry entry;
	uint32_t a, b;

	lathe_iso9660_save(tree, &save);
	add_of(tree, "x", 0755, 7);
	lathe_iso9660_rollback(tree, &save);
	a = add_of(tree, "a", 0755, 7);
	b = add_of(tree, "b", 0755, 8);
	ck_assert_int_eq(lathe_iso9660_get(tree, a, &entry), 0);
	ck_assert_uint_eq(entry.posix.uid, 7);
	ck_assert_int_eq(lathe_iso9660_get(tree, b, &entry), 0);
	ck_assert_uint_eq(entry.posix.uid, 8);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* A mode is permissions, whatever stands above them; and nothing stays of
 * what is set anew. */
START_TEST(only_what_is_given)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	uint32_t node = add_of(tree, "d", 0107755, 7);
	struct lathe_iso9660_entry entry;

	ck_assert_int_eq(lathe_iso9660_get(tree, node, &entry), 0);
	ck_assert_uint_eq(entry.posix.mode, 07755);
	ck_assert(entry.hidden);
	ck_assert_int_eq(lathe_iso9660_set_attributes(tree, node, &new_year),
			 0);
	ck_assert_int_eq(lathe_iso9660_get(tree, node, &entry), 0);
	ck_assert(!entry.hidden);
	ck_assert(!entry.posix_given);
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
	tcase_add_test(tc, owners_after_a_rollback);
	tcase_add_test(tc, only_what_is_given);
	tcase_add_test(tc, links_and_devices_are_checked);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
