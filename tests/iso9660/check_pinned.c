/* SPDX-License-Identifier: MIT */
/* A second session on what the first one recorded: identifiers stay, new
 * names go around them, old extents are pointed to and not copied. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

static const struct lathe_iso9660_primary_options level_1 = {
	.level = LATHE_ISO9660_LEVEL_1
};
static const struct lathe_iso9660_use joliet = { &lathe_joliet_hierarchy,
						 NULL };

static char text[65536];

/* A disc that grows session by session. */
struct disc {
	uint8_t *bytes;
	uint32_t blocks, last;	/* where the last session begins */
};

static int read_disc(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	const struct disc *disc = ctx;

	if (count > disc->blocks || lba > disc->blocks - count)
		return LATHE_ERR_IO;
	memcpy(out, disc->bytes + (size_t)lba * 2048, (size_t)count * 2048);
	return 0;
}

static void record(struct disc *disc, struct lathe_iso9660_tree *tree,
		   const struct lathe_iso9660_plan_options *options)
{
	uint32_t blocks;
	uint8_t *image;

	disc->last = (disc->blocks + 31) / 32 * 32;
	image = make_image(tree, options, disc->last, &blocks);
	disc->bytes = realloc(disc->bytes,
			      (size_t)(disc->last + blocks) * 2048);
	memcpy(disc->bytes + (size_t)disc->last * 2048, image,
	       (size_t)blocks * 2048);
	disc->blocks = disc->last + blocks;
	free(image);
}

static struct lathe_iso9660_tree *load(struct disc *disc)
{
	struct lathe_blocks blocks = { .ctx = disc, .read = read_disc,
				       .end = disc->blocks };
	struct lathe_iso9660_import_options options = {
		.size = sizeof(options), .uses = &joliet, .use_count = 1
	};
	struct lathe_iso9660_tree *tree = make_tree(NULL, 5);
	struct lathe_iso9660_found found;
	int err = lathe_iso9660_import(tree, &blocks, disc->last, &options,
				       &found);

	ck_assert_msg(err == 0, "%s", lathe_iso9660_tree_failure(tree)->text);
	ck_assert(found.own);
	return tree;
}

/* Identifiers of the root in the last session's ISO 9660 hierarchy. */
static const char *root_ids(const struct disc *disc)
{
	const uint8_t *root = disc->bytes + (disc->last + 16ul) * 2048 + 156;

	list_ids(disc->bytes, lathe_get_le32(root + 2),
		 lathe_get_le32(root + 10), text, sizeof(text));
	return text;
}

static uint32_t find(struct lathe_iso9660_tree *tree, const char *path)
{
	uint32_t node = 0;

	ck_assert_int_eq(lathe_iso9660_find(tree, path, &node), 0);
	return node;
}

/* Session 1: three names of one form. */
static struct disc first_session(void)
{
	struct disc disc = { NULL, 0, 0 };
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);

	options.primary = &level_1;
	add_text(tree, "document one.text", "1");
	add_text(tree, "document three.text", "3");
	add_text(tree, "document two.text", "2");
	record(&disc, tree, &options);
	ck_assert_str_eq(root_ids(&disc),
			 "DOCUM000.TEX;1 DOCUM001.TEX;1 DOCUMENT.TEX;1");
	lathe_iso9660_tree_destroy(tree);
	return disc;
}

/* Dates of the root's files, as "id=day ". */
static void list_days(const struct disc *disc, uint32_t descriptor, char *out)
{
	const uint8_t *root = disc->bytes +
			      (disc->last + descriptor) * 2048ul + 156;
	const uint8_t *p = disc->bytes +
			   (size_t)lathe_get_le32(root + 2) * 2048;
	int i;

	/* Behind "." and "..", of 34 bytes. */
	for (p += 68, *out = 0; *p; p += *p) {
		for (i = 0; i < p[32]; i++)
			if (p[33 + i])
				out += sprintf(out, "%c", p[33 + i]);
		out += sprintf(out, "=%d ", p[20]);
	}
}

/* No extent ties the records of an empty file together, and their names are
 * alike; but a file has one date. */
START_TEST(empty_files_keep_to_their_own)
{
	struct disc disc = { NULL, 0, 0 };
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_attributes day = new_year;

	options.primary = &level_1;
	day.date[2] = 7;
	ck_assert_int_eq(lathe_iso9660_set_attributes(
				 tree, add_text(tree, ".hidden 1.11.txt", ""),
				 &day), 0);
	add_text(tree, ".hidden 5.5.txt", "5");
	add_text(tree, ".hidden 6.5.txt", "6");
	day.date[2] = 8;
	ck_assert_int_eq(lathe_iso9660_set_attributes(
				 tree, add_text(tree, ".hidden 7.5.txt", ""),
				 &day), 0);
	record(&disc, tree, &options);
	list_days(&disc, 16, text);
	ck_assert_str_eq(text, "_HIDD000.TXT;1=2 _HIDD001.TXT;1=2 "
			       "_HIDD002.TXT;1=8 _HIDDEN_.TXT;1=7 ");
	lathe_iso9660_tree_destroy(tree);

	tree = load(&disc);
	record(&disc, tree, &options);
	list_days(&disc, 16, text);
	ck_assert_str_eq(text, "_HIDD000.TXT;1=2 _HIDD001.TXT;1=2 "
			       "_HIDD002.TXT;1=8 _HIDDEN_.TXT;1=7 ");
	ck_assert_int_eq(lathe_iso9660_remove(
				 tree, find(tree, ".hidden 7.5.txt")), 0);
	record(&disc, tree, &options);
	list_days(&disc, 16, text);
	ck_assert_str_eq(text, "_HIDD000.TXT;1=2 _HIDD001.TXT;1=2 "
			       "_HIDDEN_.TXT;1=7 ");
	list_days(&disc, 17, text);
	ck_assert_str_eq(text, ".hidden 1.11.txt=7 .hidden 5.5.txt=2 "
			       ".hidden 6.5.txt=2 ");
	lathe_iso9660_tree_destroy(tree);
	free(disc.bytes);
}
END_TEST

/* Though another level is asked for now, and the one that had the plain form
 * is gone: what was recorded keeps its identifier. */
START_TEST(identifiers_stay)
{
	struct disc disc = first_session();
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_tree *tree = load(&disc);

	ck_assert(!lathe_iso9660_changed(tree));
	ck_assert_int_eq(lathe_iso9660_remove(
				 tree, find(tree, "document one.text")), 0);
	ck_assert(lathe_iso9660_changed(tree));
	add_text(tree, "document four.text", "4");
	record(&disc, tree, &options);
	ck_assert_str_eq(root_ids(&disc),
			 "DOCUM000.TEX;1 DOCUM001.TEX;1 DOCUMENT_FOUR.TEXT;1");
	lathe_iso9660_tree_destroy(tree);

	/* In a third session, at level 1 again, numbers go around them. */
	options.primary = &level_1;
	tree = load(&disc);
	add_text(tree, "documents.tex", "5");
	add_text(tree, "documentation.tex", "6");
	record(&disc, tree, &options);
	ck_assert_str_eq(root_ids(&disc),
			 "DOCUM000.TEX;1 DOCUM001.TEX;1 DOCUM002.TEX;1 "
			 "DOCUMENT.TEX;1 DOCUMENT_FOUR.TEXT;1");
	lathe_iso9660_tree_destroy(tree);
	free(disc.bytes);
}
END_TEST

/*
 * Folders of folders, whose names are one in ISO 9660, and the same names in
 * them: neither names nor extents tell which is which. The second session's
 * comes first in the order of names.
 */
START_TEST(directories_keep_to_their_own)
{
	struct disc disc = { NULL, 0, 0 };
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_counts count;
	int session;

	add_text(tree, "\xe6\x9d\xb1\xe4\xba\xac/2024/x/tokyo", "1");
	record(&disc, tree, &options);
	ck_assert_str_eq(root_ids(&disc), "__");
	for (session = 2; session <= 4; session++) {
		lathe_iso9660_tree_destroy(tree);
		tree = load(&disc);
		lathe_iso9660_count(tree, &count);
		ck_assert_uint_eq(count.files, session == 2 ? 1 : 2);
		ck_assert_uint_eq(count.directories, session == 2 ? 4 : 7);
		find(tree, "\xe6\x9d\xb1\xe4\xba\xac/2024/x/tokyo");
		if (session == 2)
			add_text(tree,
				 "\xe5\x8c\x97\xe4\xba\xac/2024/x/beijing",
				 "2");
		else
			find(tree,
			     "\xe5\x8c\x97\xe4\xba\xac/2024/x/beijing");
		record(&disc, tree, &options);
		ck_assert_str_eq(root_ids(&disc), "__ __000");
	}
	lathe_iso9660_tree_destroy(tree);
	free(disc.bytes);
}
END_TEST

/* A file that replaces another is the same file under the same identifier;
 * one that is renamed is not. */
START_TEST(identifier_passes_to_the_new_content)
{
	struct disc disc = first_session();
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_tree *tree = load(&disc);
	const uint8_t *root, *r;
	uint32_t node;

	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, 1, "document two.text", 17, NULL,
				 "new", 3, LATHE_ISO9660_REPLACE, &node), 0);
	ck_assert_int_eq(lathe_iso9660_rename(
				 tree, find(tree, "document three.text"), 1,
				 "other", 5), 0);
	record(&disc, tree, &options);
	ck_assert_str_eq(root_ids(&disc),
			 "DOCUM001.TEX;1 DOCUMENT.TEX;1 OTHER.;1");
	root = disc.bytes + (disc.last + 16ul) * 2048 + 156;
	r = find_record(disc.bytes, lathe_get_le32(root + 2), 2048,
			"DOCUM001.TEX;1", 14);
	ck_assert_mem_eq(disc.bytes + 2048ul * lathe_get_le32(r + 2), "new",
			 3);
	/* The old content stands where it stood, in the first session. */
	r = find_record(disc.bytes, lathe_get_le32(root + 2), 2048,
			"OTHER.;1", 8);
	ck_assert_uint_lt(lathe_get_le32(r + 2), disc.last);
	ck_assert_mem_eq(disc.bytes + 2048ul * lathe_get_le32(r + 2), "3", 1);
	lathe_iso9660_tree_destroy(tree);
	free(disc.bytes);
}
END_TEST

/* Nothing of an old file is written again: a session with no new content has
 * descriptors, tables, directories, and not a block more. */
START_TEST(old_content_is_not_copied)
{
	struct disc disc = { NULL, 0, 0 };
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_counts count;
	uint32_t link;

	add_endless(tree, "a/large", 7, 1000000);
	add_text(tree, "empty", "");
	ck_assert_int_eq(lathe_iso9660_add_link(tree, 1, "link", 4, NULL,
						find(tree, "a/large"), 0,
						&link), 0);
	record(&disc, tree, &options);
	lathe_iso9660_tree_destroy(tree);
	tree = load(&disc);
	ck_assert_int_eq(lathe_iso9660_remove(tree, find(tree, "empty")), 0);
	lathe_iso9660_count(tree, &count);
	ck_assert_uint_eq(count.files, 2);
	ck_assert_uint_eq(count.bytes, 2000000);
	ck_assert_uint_eq(count.new_bytes, 0);
	plan = make_plan(tree, &options);
	/* 16 + 3 + 4 tables + map + 2 x 2 directories */
	ck_assert_uint_eq(lathe_iso9660_plan_blocks(plan), 28);
	ck_assert_uint_eq(lathe_iso9660_plan_metadata(plan), 28);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
	free(disc.bytes);
}
END_TEST

/* An empty file of a folder in which nothing changed has an address in the new
 * volume, whose only block behind the directories is there for it; also where
 * the folder has so many files that a plan does not look at them. */
START_TEST(empty_files_of_folders_that_stay)
{
	struct disc disc = { NULL, 0, 0 };
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	const uint8_t *root, *r;
	char name[24];
	int i;

	add_text(tree, "a/empty", "");
	for (i = 0; i < _i; i++) {
		snprintf(name, sizeof(name), "a/full%02d", i);
		add_text(tree, name, "x");
	}
	record(&disc, tree, &options);
	lathe_iso9660_tree_destroy(tree);
	tree = load(&disc);
	add_dir(tree, "b");
	record(&disc, tree, &options);
	root = disc.bytes + (disc.last + 16ul) * 2048 + 156;
	r = find_record(disc.bytes, lathe_get_le32(root + 2), 2048, "A", 1);
	ck_assert_ptr_nonnull(r);
	r = find_record(disc.bytes, lathe_get_le32(r + 2),
			lathe_get_le32(r + 10), "EMPTY.;1", 8);
	ck_assert_ptr_nonnull(r);
	ck_assert_uint_eq(lathe_get_le32(r + 2), disc.blocks - 1);
	lathe_iso9660_tree_destroy(tree);
	free(disc.bytes);
}
END_TEST

/* Sections of an old file are recorded as they were. */
START_TEST(sections_are_carried_over)
{
	/* The sections' content is not there: only the metadata is read. */
	struct disc disc = { NULL, 0, 0 };
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_blocks blocks = { .ctx = &disc, .read = read_disc };
	struct lathe_iso9660_import_options from = { .size = sizeof(from) };
	struct lathe_iso9660_found found;
	struct lathe_iso9660_entry entry;
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	struct lathe_iso9660_cursor *cursor;
	uint8_t old[2048], new[2048];
	uint32_t metadata;

	add_endless(tree, "big", 1, (uint64_t)0xfffff800 + 5);
	plan = make_plan(tree, &options);
	metadata = lathe_iso9660_plan_metadata(plan);
	blocks.end = lathe_iso9660_plan_blocks(plan);
	disc.bytes = malloc(metadata * 2048ul);
	disc.blocks = metadata;
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&image, NULL, NULL,
						     &cursor), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, 0, metadata,
						   disc.bytes), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, 20, 1, old), 0);
	lathe_iso9660_cursor_destroy(cursor);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);

	tree = make_tree(NULL, 1);
	ck_assert_int_eq(lathe_iso9660_import(tree, &blocks, 0, &from,
					      &found), 0);
	ck_assert_int_eq(lathe_iso9660_get(tree, find(tree, "BIG"), &entry),
			 0);
	ck_assert_uint_eq(entry.sections, 2);
	ck_assert_uint_eq(entry.size, (uint64_t)0xfffff800 + 5);
	plan = make_plan(tree, &options);
	ck_assert_uint_eq(lathe_iso9660_plan_blocks(plan), 21);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 2100000), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&image, NULL, NULL,
						     &cursor), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, 2100020, 1, new),
			 0);
	/* The records of both sections, byte by byte; not the dots. */
	ck_assert_mem_eq(new + 68, old + 68, 2048 - 68);
	lathe_iso9660_cursor_destroy(cursor);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
	free(disc.bytes);
}
END_TEST

/* Changes of an imported tree, undone: the session would be the same. */
START_TEST(rollback_on_an_imported_tree)
{
	struct disc disc = first_session();
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_tree *tree = load(&disc);
	struct lathe_iso9660_savepoint save;
	uint32_t blocks, blocks_after, node;
	uint8_t *before, *after;

	before = make_image(tree, &options, 320, &blocks);
	lathe_iso9660_save(tree, &save);
	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, 1, "document two.text", 17, NULL,
				 "new", 3, LATHE_ISO9660_REPLACE, &node), 0);
	ck_assert_int_eq(lathe_iso9660_rename(tree, node, 1, "x", 1), 0);
	ck_assert_int_eq(lathe_iso9660_remove(
				 tree, find(tree, "document one.text")), 0);
	ck_assert_int_eq(lathe_iso9660_rename(
				 tree, find(tree, "document three.text"), 1,
				 "document one.text", 17), 0);
	lathe_iso9660_rollback(tree, &save);
	ck_assert(!lathe_iso9660_changed(tree));
	after = make_image(tree, &options, 320, &blocks_after);
	ck_assert_uint_eq(blocks, blocks_after);
	ck_assert_mem_eq(before, after, (size_t)blocks * 2048);
	lathe_iso9660_tree_destroy(tree);
	free(before);
	free(after);
	free(disc.bytes);
}
END_TEST

/* lathe_iso9660_changed(): a link that is removed again leaves nothing to
 * record, although the file it led to has counted its names since. */
START_TEST(a_link_that_goes_again_is_no_change)
{
	struct disc disc = first_session();
	struct lathe_iso9660_tree *tree = load(&disc);
	uint32_t file = find(tree, "document one.text"), node;

	ck_assert_int_eq(_i ? lathe_iso9660_add_symlink(
				      tree, 1, "link", 4, NULL,
				      "document one.text", 17, file, 0,
				      &node) :
			      lathe_iso9660_add_link(tree, 1, "link", 4, NULL,
						     file, 0, &node), 0);
	ck_assert(lathe_iso9660_changed(tree));
	ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
	ck_assert(!lathe_iso9660_changed(tree));

	/* The next one finds the names counted; the file itself may go. */
	ck_assert_int_eq(lathe_iso9660_add_link(tree, 1, "link", 4, NULL, file,
						0, &node), 0);
	ck_assert(lathe_iso9660_changed(tree));
	ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
	ck_assert(!lathe_iso9660_changed(tree));
	ck_assert_int_eq(lathe_iso9660_remove(tree, file), 0);
	ck_assert(lathe_iso9660_changed(tree));
	lathe_iso9660_tree_destroy(tree);
	free(disc.bytes);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("second sessions");
	TCase *tc = tcase_create("second sessions");

	tcase_add_test(tc, identifiers_stay);
	tcase_add_test(tc, directories_keep_to_their_own);
	tcase_add_test(tc, empty_files_keep_to_their_own);
	tcase_add_test(tc, identifier_passes_to_the_new_content);
	tcase_add_test(tc, old_content_is_not_copied);
	tcase_add_loop_test(tc, empty_files_of_folders_that_stay, 1, 2);
	tcase_add_loop_test(tc, empty_files_of_folders_that_stay, 90, 91);
	tcase_add_test(tc, sections_are_carried_over);
	tcase_add_test(tc, rollback_on_an_imported_tree);
	tcase_add_loop_test(tc, a_link_that_goes_again_is_no_change, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
