/* SPDX-License-Identifier: MIT */
/* Names that are in each other's way, too long, cut or none, and what ISO 9660
 * makes of texts. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iso9660/iso9660_internal.h"
#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

static struct lathe_iso9660_tree *tree;
static struct heap heap;	/* the tree gives back to it in the end */

static void setup(void)
{
	memset(&heap, 0, sizeof(heap));
	tree = make_tree(NULL, 1);
}

static void teardown(void)
{
	lathe_iso9660_tree_destroy(tree);
}

static const char *text(void)
{
	return lathe_iso9660_tree_failure(tree)->text;
}

/* ---- names -------------------------------------------------------------- */

START_TEST(long_names_in_the_way)
{
	char name[251], want[300];
	uint32_t node, one, i;

	memset(name, 'n', 250);
	name[250] = 0;
	one = add_text(tree, "one", "x");
	add_text(tree, name, "x");
	snprintf(want, sizeof(want), "\"%.200s\" exists already", name);
	ck_assert_int_eq(lathe_iso9660_rename(tree, one, 1, name, 250),
			 LATHE_ERR_EXISTS);
	ck_assert_str_eq(text(), want);
	ck_assert_int_eq(lathe_iso9660_add_memory(tree, 1, name, 250, NULL, "",
						  0, 0, &node),
			 LATHE_ERR_EXISTS);
	ck_assert_str_eq(text(), want);
	/* To its own name: nothing happens. */
	ck_assert_int_eq(lathe_iso9660_rename(tree, one, 1, "one", 3), 0);
	for (i = 0; i < 4; i++) {
		static const char *const none[] = { "", ".", "..", "a/b" };

		ck_assert_int_eq(lathe_iso9660_rename(tree, one, 1, none[i],
						      strlen(none[i])),
				 LATHE_ERR_NAME);
	}
	/* Only two dots are no name. */
	ck_assert_int_eq(lathe_iso9660_rename(tree, one, 1, ".a", 2), 0);
	ck_assert_int_eq(lathe_iso9660_rename(tree, one, 1, "a.", 2), 0);
}
END_TEST

START_TEST(renaming_keeps_the_limit_of_names)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .limits = { .name_bytes = 30 }
	};
	uint32_t node;

	lathe_iso9660_tree_destroy(tree);
	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	node = add_text(tree, "d/a", "x");
	ck_assert_int_eq(lathe_iso9660_rename(
				 tree, node, 1,
				 "twenty-eight characters long", 28),
			 LATHE_ERR_LIMIT);
	ck_assert_str_eq(text(), "in \"/\": names longer than 30 bytes in all");
}
END_TEST

/* U+00E4 from its second byte on would be no character. */
START_TEST(paths_are_cut_between_characters)
{
	char name[302] = "x", want[400];
	uint32_t node, i;

	for (i = 1; i < 300; i += 2)
		memcpy(name + i, "\xc3\xa4", 2);
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, 1, name, 301, NULL,
						     &node), 0);
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(lathe_iso9660_add_file(
					 tree, node, "f", 1, NULL, &endless, 0,
					 UINT64_MAX, 0, &node),
				 LATHE_ERR_LIMIT);
		snprintf(want, sizeof(want), "in \"...%s%s\": \"f\" would "
			 "need more than 1024 sections",
			 name + 301 - (i ? 152 : 156), i ? "/yy" : "");
		ck_assert_str_eq(text(), want);
		ck_assert_int_eq(lathe_iso9660_add_directory(
					 tree, node, "yy", 2, NULL, &node), 0);
	}
}
END_TEST

/* Sixty-five names that all want the same place of a table of 256, and more:
 * the table gets another seed, and every name is found. */
START_TEST(names_that_collide)
{
	uint32_t found = 0, i, node, folder;
	char name[120][16];

	lathe_iso9660_tree_destroy(tree);
	tree = make_tree(&heap, 42);
	folder = add_dir(tree, "folder");
	for (i = 0; found < 120; i++) {
		int len = snprintf(name[found], 16, "%u", (unsigned)i);

		if ((lathep_iso9660_hash(42, folder, name[found],
					 (size_t)len) & 255) == 3)
			found++;
	}
	/* From the last to the first, so that each is looked for. */
	for (i = 120; i-- > 0;)
		ck_assert_int_eq(lathe_iso9660_add_memory(
					 tree, folder, name[i],
					 strlen(name[i]), NULL, "", 0, 0,
					 &node), 0);
	for (i = 0; i < 120; i++)
		ck_assert_int_eq(lathe_iso9660_find_child(
					 tree, folder, name[i],
					 strlen(name[i]), &node), 0);
	ck_assert_int_eq(lathe_iso9660_find_child(tree, folder, "none", 4,
						  &node), LATHE_ERR_NOT_FOUND);
	for (i = 0; i < 120; i += 2) {
		ck_assert_int_eq(lathe_iso9660_find_child(
					 tree, folder, name[i],
					 strlen(name[i]), &node), 0);
		ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
	}
	for (i = 0; i < 120; i++)
		ck_assert_int_eq(lathe_iso9660_find_child(
					 tree, folder, name[i],
					 strlen(name[i]), &node),
				 i % 2 ? 0 : LATHE_ERR_NOT_FOUND);
}
END_TEST

/* Looking up never fails: without memory for an index it takes longer. */
START_TEST(looking_up_without_memory)
{
	uint32_t i, node;
	char name[16];

	lathe_iso9660_tree_destroy(tree);
	tree = make_tree(&heap, 42);
	for (i = 300; i-- > 100;) {
		int len = snprintf(name, sizeof(name), "%u", (unsigned)i);

		ck_assert_int_eq(lathe_iso9660_add_memory(
					 tree, 1, name, (size_t)len, NULL, "",
					 0, 0, &node), 0);
		if (i == 250) {
			heap.fail_at = heap.calls + 1;
			heap.fail_on = true;
		}
	}
	for (i = 100; i < 300; i++) {
		int len = snprintf(name, sizeof(name), "%u", (unsigned)i);

		ck_assert_int_eq(lathe_iso9660_find_child(tree, 1, name,
							  (size_t)len, &node),
				 0);
	}
	heap.fail_at = 0;
}
END_TEST

/* RFC 3629; WTF-8 for the forms of surrogates. */
START_TEST(what_utf_8_is)
{
	static const struct {
		const char *s;
		size_t len;
		bool strict, wide;
	} cases[] = {
		{ "", 0, true, true },
		{ "eight or more letters", 21, true, true },
		{ "\xc3\xa4", 2, true, true },
		{ "\xe6\x97\xa5", 3, true, true },
		{ "\xf0\x9d\x84\x9e", 4, true, true },
		{ "\xf4\x8f\xbf\xbf", 4, true, true },
		{ "\xed\xa0\x80", 3, false, true },	/* D800 */
		{ "\xed\xbf\xbf", 3, false, true },	/* DFFF */
		{ "\xed\xa0\x80" "a\xed\xb0\x80", 7, false, true },
		{ "\xed\xa0\x80\xc3\xa4\xed\xb0\x80", 8, false, true },
		{ "\xed\xb0\x80\xed\xa0\x80", 6, false, true },
		{ "\xed\xa0\x80\xed\xa0\x80", 6, false, true },
		{ "\xed\xa0\x80\xed\xb0\x80", 6, false, false }, /* a pair */
		{ "\x80", 1, false, false },
		{ "\xc3", 1, false, false },
		{ "\xc3(", 2, false, false },
		{ "\xc0\x80", 2, false, false },
		{ "\xe0\x80\x80", 3, false, false },
		{ "\xe6\x97", 2, false, false },
		{ "\xe6(\xa5", 3, false, false },
		{ "\xf0\x80\x80\x80", 4, false, false },
		{ "\xf0\x9d\x84(", 4, false, false },
		{ "\xf4\x90\x80\x80", 4, false, false },
		{ "\xf5\x80\x80\x80", 4, false, false },
		{ "\xff", 1, false, false }
	};
	uint32_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_msg(lathep_iso9660_utf8_valid(cases[i].s,
							cases[i].len, false)
				      == cases[i].strict, "case %u",
			      (unsigned)i);
		ck_assert_msg(lathep_iso9660_utf8_valid(cases[i].s,
							cases[i].len, true)
				      == cases[i].wide, "WTF-8, case %u",
			      (unsigned)i);
	}
	ck_assert_uint_eq(lathep_iso9660_utf8_length("\xc3\xa4", 2), 2);
	ck_assert_uint_eq(lathep_iso9660_utf8_length("\xc3", 1), 1);
}
END_TEST

/* ---- the hierarchy ISO 9660 --------------------------------------------- */

START_TEST(primary_descriptors_are_recognised)
{
	uint8_t descriptor[2048] = "\1CD001\1";
	uint8_t id[LATHE_ISO9660_ID_MAX];
	char name[LATHE_ISO9660_NAME_MAX];
	uint32_t changed;

	ck_assert(lathe_iso9660_primary.recognise(descriptor));
	descriptor[0] = 2;
	ck_assert(!lathe_iso9660_primary.recognise(descriptor));
	ck_assert_int_eq(lathe_iso9660_primary.encode(NULL, "", 0, false, 0, 0,
						      id, &changed),
			 LATHE_ERR_NAME);
	/* 7.6: ".." would be another directory, ".X" is none. */
	ck_assert_int_eq(lathe_iso9660_primary.decode(
				 (const uint8_t *)"..", 2, true, name),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_iso9660_primary.decode(
				 (const uint8_t *)".", 1, true, name),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_iso9660_primary.decode(
				 (const uint8_t *)".X", 2, true, name), 2);
	ck_assert_int_eq(lathe_iso9660_primary.decode(
				 (const uint8_t *)"A/B", 3, true, name),
			 LATHE_ERR_CORRUPT);
}
END_TEST

/* Sixty stems that are taken twice each, in one directory: each is numbered
 * on its own. */
START_TEST(many_stems_that_clash)
{
	static const struct lathe_iso9660_primary_options level_1 = {
		.level = LATHE_ISO9660_LEVEL_1
	};
	struct lathe_iso9660_plan_options options = plain_options();
	char name[32], list[4096], want[4096] = "";
	uint32_t i, blocks;
	uint8_t *bytes;

	for (i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "%02ustem one", (unsigned)i);
		add_text(tree, name, "");
		snprintf(name, sizeof(name), "%02ustem two", (unsigned)i);
		add_text(tree, name, "");
		/* "00STEM_O" and "00STEM_T" do not clash. */
		snprintf(name, sizeof(name), "%02ustem_other", (unsigned)i);
		add_text(tree, name, "");
		snprintf(want + strlen(want), 64,
			 "%s%02uSTE000.;1 %02uSTEM_O.;1 %02uSTEM_T.;1",
			 i ? " " : "", (unsigned)i, (unsigned)i, (unsigned)i);
	}
	options.primary = &level_1;
	bytes = make_image(tree, &options, 0, &blocks);
	list_root(bytes, list, sizeof(list));
	free(bytes);
	ck_assert_msg(strcmp(list, want) == 0, "%.400s", list);
}
END_TEST

/* 8.4.5, 8.4.6: relaxed names stand in the texts as well. */
START_TEST(texts_with_relaxed_names)
{
	static const struct lathe_iso9660_primary_options relaxed = {
		.level = LATHE_ISO9660_RELAXED
	};
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t blocks;
	uint8_t *bytes;

	options.volume.volume_id = "My {disc}\x7f\t\xc3\xa4!";
	bytes = make_image(tree, &options, 0, &blocks);
	ck_assert_mem_eq(bytes + 16 * 2048 + 40,
			 "MY__DISC_____                   ", 32);
	free(bytes);
	options.primary = &relaxed;
	bytes = make_image(tree, &options, 0, &blocks);
	ck_assert_mem_eq(bytes + 16 * 2048 + 40,
			 "My {disc}___!                   ", 32);
	free(bytes);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("odd names");
	TCase *tc = tcase_create("odd names");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, long_names_in_the_way);
	tcase_add_test(tc, renaming_keeps_the_limit_of_names);
	tcase_add_test(tc, paths_are_cut_between_characters);
	tcase_add_test(tc, names_that_collide);
	tcase_add_test(tc, looking_up_without_memory);
	tcase_add_test(tc, what_utf_8_is);
	tcase_add_test(tc, primary_descriptors_are_recognised);
	tcase_add_test(tc, many_stems_that_clash);
	tcase_add_test(tc, texts_with_relaxed_names);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
