/* SPDX-License-Identifier: MIT */
/* A later session with Rock Ridge: what an earlier one recorded stays. */
#include "tests/iso9660/lib_image.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "iso9660/system_use_internal.h"
#include "tests/suite.h"

#define SECOND 500u	/* where the second session begins */
#define DISC 1000u

static uint8_t disc[DISC * 2048u];

static int read_disc(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	(void)ctx;
	memcpy(out, disc + lba * 2048u, count * 2048u);
	return 0;
}

static struct lathe_iso9660_plan_options
rock_options(const struct lathe_iso9660_rock_ridge_options *rock)
{
	struct lathe_iso9660_plan_options options = joliet_options();

	options.system_use = &lathe_iso9660_rock_ridge;
	options.system_use_options = rock;
	return options;
}

/* Record a tree at 'start'. */
static void record(struct lathe_iso9660_tree *tree, uint32_t start,
		   const struct lathe_iso9660_rock_ridge_options *rock)
{
	struct lathe_iso9660_plan_options options = rock_options(rock);
	uint32_t blocks;
	uint8_t *image = make_image(tree, &options, start, &blocks);

	ck_assert_uint_le(start + blocks, start ? DISC : SECOND);
	memcpy(disc + start * 2048u, image, blocks * 2048u);
	free(image);
}

static struct lathe_iso9660_tree *import(uint32_t start)
{
	struct lathe_blocks blocks = { .read = read_disc, .end = DISC };
	struct lathe_iso9660_use joliet = { &lathe_joliet_hierarchy, NULL };
	struct lathe_iso9660_import_options options = {
		.size = sizeof(options), .uses = &joliet, .use_count = 1,
		.system_use = &lathe_iso9660_rock_ridge
	};
	struct lathe_iso9660_tree *tree = make_tree(NULL, 7);
	struct lathe_iso9660_found found;
	int err = lathe_iso9660_import(tree, &blocks, start, &options, &found);

	ck_assert_msg(err == 0, "%s", lathe_iso9660_tree_failure(tree)->text);
	ck_assert(found.own);
	ck_assert(found.system_use);
	return tree;
}

/* Record, read, give to the second session. */
static struct lathe_iso9660_tree *
carried(struct lathe_iso9660_tree *tree,
	const struct lathe_iso9660_rock_ridge_options *rock)
{
	memset(disc, 0, sizeof(disc));
	record(tree, 0, rock);
	lathe_iso9660_tree_destroy(tree);
	return import(0);
}

/* A record of hierarchy h's root in the second session. */
static const uint8_t *find(uint32_t h, const void *id, size_t len)
{
	const uint8_t *head = disc + (SECOND + 16 + h) * 2048u;

	return find_record(disc, lathe_get_le32(head + 158),
			   lathe_get_le32(head + 166), id, len);
}

static const uint8_t *entries_of(const char *id)
{
	const uint8_t *r = find(0, id, strlen(id));

	ck_assert_msg(r != NULL, "%s", id);
	return r + 33 + r[32] + (r[32] % 2 == 0);
}

static uint32_t child(struct lathe_iso9660_tree *tree, const char *path)
{
	uint32_t node = 0;

	ck_assert_msg(lathe_iso9660_find(tree, path, &node) == 0, "%s", path);
	return node;
}

/* Default options make new files readable for all; they do not touch what
 * was recorded otherwise on purpose. */
START_TEST(recorded_attributes_stay_as_they_are)
{
	struct lathe_iso9660_rock_ridge_options keep = {
		.keep_modes = true, .keep_owner = true, .all_times = true
	};
	struct lathe_iso9660_attributes attr = {
		.date = { 126, 1, 2, 3, 4, 5, 0 },
		.posix_given = true, .posix = { 04750, 12, 34 },
		.accessed = { 126, 2, 3, 4, 5, 6, 4 },
		.changed = { 126, 3, 4, 5, 6, 7, 0 }
	};
	static const uint8_t old[] = {
		'P', 'X', 36, 1, 0xe8, 0x89, 0, 0, 0, 0, 0x89, 0xe8,
		1, 0, 0, 0, 0, 0, 0, 1, 12, 0, 0, 0, 0, 0, 0, 12,
		34, 0, 0, 0, 0, 0, 0, 34,
		'T', 'F', 26, 1, 0x0e, 126, 1, 2, 3, 4, 5, 0,
		126, 2, 3, 4, 5, 6, 4, 126, 3, 4, 5, 6, 7, 0
	};
	static const uint8_t new[] = {
		'P', 'X', 36, 1, 0x6d, 0x81, 0, 0, 0, 0, 0x81, 0x6d,
		1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0,
		'T', 'F', 12, 1, 0x02, 126, 1, 2, 3, 4, 5, 0
	};
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	uint32_t node;

	lathe_iso9660_add_memory(tree, 1, "old", 3, &attr, "x", 1, 0, &node);
	lathe_iso9660_add_memory(tree, 1, "set", 3, &attr, "x", 1, 0, &node);
	tree = carried(tree, &keep);
	lathe_iso9660_add_memory(tree, 1, "new", 3, &attr, "x", 1, 0, &node);
	/* What is set anew is as if it were new. */
	ck_assert_int_eq(lathe_iso9660_set_attributes(tree, child(tree, "set"),
						      &attr), 0);
	record(tree, SECOND, NULL);
	ck_assert_mem_eq(entries_of("OLD.;1"), old, sizeof(old));
	ck_assert_mem_eq(entries_of("NEW.;1"), new, sizeof(new));
	ck_assert_mem_eq(entries_of("SET.;1"), new, sizeof(new));
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

START_TEST(names_of_an_extent_are_counted_again)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	uint32_t a = add_text(tree, "a", "hello"), node;
	struct lathe_iso9660_entry entry;

	add_text(tree, "same size", "olleh");
	lathe_iso9660_add_link(tree, 1, "b", 1, NULL, a, 0, &node);
	lathe_iso9660_add_link(tree, 1, "c", 1, NULL, a, 0, &node);
	tree = carried(tree, NULL);
	ck_assert_int_eq(lathe_iso9660_get(tree, child(tree, "c"), &entry), 0);
	ck_assert(entry.link && entry.imported);
	ck_assert_uint_eq(entry.size, 5);
	ck_assert_int_eq(lathe_iso9660_remove(tree, child(tree, "a")), 0);
	record(tree, SECOND, NULL);
	ck_assert_uint_eq(entries_of("B.;1")[12], 2);
	ck_assert_uint_eq(entries_of("C.;1")[12], 2);
	ck_assert_uint_eq(entries_of("SAME_SIZE.;1")[12], 1);
	ck_assert_mem_eq(disc + lathe_get_le32(find(0, "B.;1", 4) + 2) * 2048u,
			 "hello", 6);
	/* And a name that is added now. */
	lathe_iso9660_add_link(tree, 1, "d", 1, NULL, child(tree, "c"), 0,
			       &node);
	record(tree, SECOND, NULL);
	ck_assert_uint_eq(entries_of("D.;1")[12], 3);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

START_TEST(links_keep_their_content_in_joliet)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	uint32_t file = add_text(tree, "file", "hello"), node;
	struct lathe_iso9660_entry entry;
	const uint8_t *r;

	lathe_iso9660_add_symlink(tree, 1, "l", 1, NULL, "file", 4, file, 0,
				  &node);
	lathe_iso9660_add_symlink(tree, 1, "m", 1, NULL, "none", 4, 0, 0,
				  &node);
	tree = carried(tree, NULL);
	ck_assert_int_eq(lathe_iso9660_get(tree, child(tree, "l"), &entry), 0);
	ck_assert_int_eq(entry.kind, LATHE_ISO9660_SYMLINK);
	ck_assert_uint_eq(entry.symlink_len, 4);
	record(tree, SECOND, NULL);
	ck_assert_uint_eq(lathe_get_le32(find(0, "L.;1", 4) + 10), 0);
	r = find(1, "\0l", 2);
	ck_assert_ptr_nonnull(r);
	ck_assert_uint_eq(lathe_get_le32(r + 10), 5);
	ck_assert_mem_eq(disc + lathe_get_le32(r + 2) * 2048u, "hello", 6);
	ck_assert_ptr_nonnull(find(0, "M.;1", 4));
	ck_assert_ptr_null(find(1, "\0m", 2));
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* Entries that nobody here knows, as an importer notes them: of the root
 * with the ER of their extension, of a file more than its record holds. */
START_TEST(entries_of_others_stay)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	uint32_t file = add_text(tree, "file", "x"), bytes, i, round;
	uint8_t er[16] = "ER\x10\1\4\2\2\1FOO1abcd";
	uint8_t many[3][200];
	const struct lathep_iso9660_node *node;
	const uint8_t *p, *ce;

	for (i = 0; i < 3; i++) {
		memset(many[i], (int)(i + 'a'), 200);
		memcpy(many[i], "ZY\xc8\1", 4);
	}
	ck_assert_int_eq(lathep_iso9660_set_foreign(tree, 1, true, er, 16), 0);
	ck_assert_int_eq(lathep_iso9660_set_foreign(tree, file, false,
						    many[0], 600), 0);
	for (round = 0; round < 2; round++) {
		tree = carried(tree, NULL);
		node = lathep_iso9660_node(tree, child(tree, "file"));
		p = lathep_iso9660_foreign(tree, node, false, &bytes);
		ck_assert_uint_eq(bytes, 600);
		ck_assert_mem_eq(p, many, 600);
		p = lathep_iso9660_foreign(tree, lathep_iso9660_node(tree, 1),
					   true, &bytes);
		ck_assert_uint_eq(bytes, 16);
		ck_assert_mem_eq(p, er, 16);
	}
	record(tree, SECOND, NULL);
	ce = entries_of("FILE.;1") + 36 + 12 + 9;
	ck_assert_mem_eq(ce, "CE\x1c\1", 4);
	ck_assert_uint_ge(lathe_get_le32(ce + 4), SECOND);
	ck_assert_uint_eq(lathe_get_le32(ce + 20), 600);
	ck_assert_mem_eq(disc + lathe_get_le32(ce + 4) * 2048u +
				 lathe_get_le32(ce + 12), many, 600);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* What was moved comes home, and may move again or not. */
START_TEST(moved_directories_come_home)
{
	static const struct lathe_iso9660_rock_ridge_options relocate = {
		.relocate = true
	};
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_counts count;
	uint32_t node;
	char ids[64];

	add_text(tree, "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/f", "x");
	tree = carried(tree, &relocate);
	lathe_iso9660_count(tree, &count);
	ck_assert_uint_eq(count.directories, 18);
	ck_assert_int_ne(lathe_iso9660_find(tree, "rr_moved", &node), 0);
	child(tree, "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/f");
	record(tree, SECOND, &relocate);
	list_ids(disc, lathe_get_le32(disc + (SECOND + 16) * 2048u + 158),
		 2048, ids, sizeof(ids));
	ck_assert_str_eq(ids, "1 RR_MOVED");
	lathe_iso9660_tree_destroy(tree);
	tree = import(SECOND);
	child(tree, "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/f");
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* ECMA-119 9.1.6: what is hidden stays so when it moves, and comes home. */
START_TEST(moved_directories_stay_hidden)
{
	static const struct lathe_iso9660_rock_ridge_options relocate = {
		.relocate = true
	};
	const struct lathe_iso9660_attributes hidden = { .hidden = true };
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_entry e;
	uint32_t node = add_dir(tree, "1/2/3/4/5/6/7/8");

	add_dir(tree, "1/2/3/4/5/6/7/9");
	ck_assert_int_eq(lathe_iso9660_set_attributes(tree, node, &hidden), 0);
	tree = carried(tree, &relocate);
	ck_assert_int_eq(lathe_iso9660_get(tree, child(tree, "1/2/3/4/5/6/7/8"),
					   &e), 0);
	ck_assert(e.hidden);
	ck_assert_int_eq(lathe_iso9660_get(tree, child(tree, "1/2/3/4/5/6/7/9"),
					   &e), 0);
	ck_assert(!e.hidden);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* SPEC.md 1.9: no data come with a new link to old content, but its record has
 * the address of that; the volume's first block where it leads nowhere, the
 * second where the content is empty. */
START_TEST(links_have_the_address_of_old_content)
{
	struct lathe_iso9660_plan_options options = rock_options(NULL);
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	uint32_t node, blocks, root;
	uint8_t *image;
	const uint8_t *r, *f;

	add_text(tree, "f", "x");
	tree = carried(tree, NULL);
	ck_assert_int_eq(lathe_iso9660_find(tree, "f", &node), 0);
	ck_assert_int_eq(lathe_iso9660_add_symlink(tree, 1, "l", 1, &new_year,
						   "f", 1, node, 0, &node),
			 0);
	ck_assert_int_eq(lathe_iso9660_add_symlink(tree, 1, "m", 1, &new_year,
						   "none", 4, 0, 0, &node),
			 0);
	ck_assert_int_eq(lathe_iso9660_add_symlink(
				 tree, 1, "n", 1, &new_year, "e", 1,
				 add_text(tree, "e", ""), 0, &node), 0);
	image = make_image(tree, &options, SECOND, &blocks);
	root = lathe_get_le32(image + 16 * 2048 + 158) - SECOND;
	r = find_record(image, root, 2048, "L.;1", 4);
	ck_assert_ptr_nonnull(r);
	ck_assert_uint_eq(lathe_get_le32(r + 10), 0);
	f = find_record(image, root, 2048, "F.;1", 4);
	ck_assert_uint_eq(lathe_get_le32(r + 2), lathe_get_le32(f + 2));
	ck_assert_uint_lt(lathe_get_le32(f + 2), SECOND);
	r = find_record(image, root, 2048, "M.;1", 4);
	ck_assert_uint_eq(lathe_get_le32(r + 2), SECOND);
	ck_assert_uint_eq(lathe_get_le32(r + 10), 0);
	r = find_record(image, root, 2048, "N.;1", 4);
	ck_assert_uint_eq(lathe_get_le32(r + 2), SECOND + 1);
	ck_assert_uint_eq(lathe_get_le32(r + 10), 0);
	free(image);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("Rock Ridge, later sessions");
	TCase *t = tcase_create("later");

	tcase_add_test(t, recorded_attributes_stay_as_they_are);
	tcase_add_test(t, names_of_an_extent_are_counted_again);
	tcase_add_test(t, links_keep_their_content_in_joliet);
	tcase_add_test(t, links_have_the_address_of_old_content);
	tcase_add_test(t, entries_of_others_stay);
	tcase_add_test(t, moved_directories_come_home);
	tcase_add_test(t, moved_directories_stay_hidden);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return run_suite(suite());
}
