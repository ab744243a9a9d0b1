/* SPDX-License-Identifier: MIT */
/* Directory records: their bytes, their order, how they fill blocks, the
 * sections of large files. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

static uint8_t *image;
static uint32_t blocks;
static char text[65536];

static void done(struct lathe_iso9660_tree *tree)
{
	free(image);
	lathe_iso9660_tree_destroy(tree);
}

/*
 * 9.1. Blocks: 16 PVD, 17 terminator, 18 and 19 tables, 20 root, 21 SUB,
 * 22 the file.
 */
START_TEST(bytes_of_records)
{
	static const uint8_t root[34 + 34 + 42 + 36] = {
		/* "." */
		34, 0, 20, 0, 0, 0, 0, 0, 0, 20, 0, 8, 0, 0, 0, 0, 8, 0,
		0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0, 1, 1, 0,
		/* ".." of the root is the root */
		34, 0, 20, 0, 0, 0, 0, 0, 0, 20, 0, 8, 0, 0, 0, 0, 8, 0,
		0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0, 1, 1, 1,
		/* "AB.TXT;1" has an even length: a pad byte */
		42, 0, 22, 0, 0, 0, 0, 0, 0, 22, 5, 0, 0, 0, 0, 0, 0, 5,
		126, 1, 2, 3, 4, 5, 0, 0, 0, 0, 1, 0, 0, 1, 8,
		'A', 'B', '.', 'T', 'X', 'T', ';', '1', 0,
		/* a directory has neither dot nor version */
		36, 0, 21, 0, 0, 0, 0, 0, 0, 21, 0, 8, 0, 0, 0, 0, 8, 0,
		126, 1, 2, 3, 4, 5, 0, 2, 0, 0, 1, 0, 0, 1, 3,
		'S', 'U', 'B'
	};
	static const uint8_t sub[68] = {
		34, 0, 21, 0, 0, 0, 0, 0, 0, 21, 0, 8, 0, 0, 0, 0, 8, 0,
		126, 1, 2, 3, 4, 5, 0, 2, 0, 0, 1, 0, 0, 1, 1, 0,
		34, 0, 20, 0, 0, 0, 0, 0, 0, 20, 0, 8, 0, 0, 0, 0, 8, 0,
		0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0, 1, 1, 1
	};
	static const uint8_t zeros[2048];
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = plain_options();

	add_dir(tree, "sub");
	add_text(tree, "ab.txt", "hello");
	image = make_image(tree, &options, 0, &blocks);
	ck_assert_uint_eq(blocks, 23);
	ck_assert_mem_eq(image + 20 * 2048, root, sizeof(root));
	ck_assert_mem_eq(image + 20 * 2048 + sizeof(root), zeros,
			 2048 - sizeof(root));
	ck_assert_mem_eq(image + 21 * 2048, sub, sizeof(sub));
	ck_assert_mem_eq(image + 21 * 2048 + sizeof(sub), zeros,
			 2048 - sizeof(sub));
	done(tree);
}
END_TEST

/* 9.1.6 bit 0. */
START_TEST(hidden_files_and_folders)
{
	struct lathe_iso9660_attributes hidden = { .hidden = true };
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = plain_options();
	const uint8_t *r;
	uint32_t node;

	node = add_dir(tree, "sub");
	ck_assert_int_eq(lathe_iso9660_set_attributes(tree, node, &hidden),
			 0);
	ck_assert_int_eq(lathe_iso9660_add_memory(tree, 1, "f", 1, &hidden,
						  "x", 1, 0, &node), 0);
	image = make_image(tree, &options, 0, &blocks);
	r = find_record(image, 20, 2048, "SUB", 3);
	ck_assert_ptr_nonnull(r);
	ck_assert_uint_eq(r[25], 0x03);
	r = find_record(image, 20, 2048, "F.;1", 4);
	ck_assert_ptr_nonnull(r);
	ck_assert_uint_eq(r[25], 0x01);
	done(tree);
}
END_TEST

/* 9.3: the name as if filled with spaces, then the extension; the version
 * plays no part here. In relaxed names characters below "." do. */
START_TEST(order_of_records)
{
	static const struct lathe_iso9660_primary_options relaxed = {
		.level = LATHE_ISO9660_RELAXED
	};
	static const char *const names[] = {
		"b", "a.txt", "a1.txt", "a-b.txt", "a", "a.t", "ab", "a+.x",
		"B", "a1", "A.TXT"
	};
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t i;

	for (i = 0; i < 11; i++)
		add_text(tree, names[i], "x");
	options.primary = &relaxed;
	image = make_image(tree, &options, 0, &blocks);
	list_root(image, text, sizeof(text));
	ck_assert_str_eq(text, "A.TXT;1 B;1 a;1 a.t;1 a.txt;1 a+.x;1 "
			       "a-b.txt;1 a1;1 a1.txt;1 ab;1 b;1");
	done(tree);
}
END_TEST

START_TEST(order_of_records_at_level_2)
{
	static const char *const names[] = { "a1.t", "a.t1", "a.t", "a",
					     "a_.t", "ab", "a0" };
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t i;

	for (i = 0; i < 7; i++)
		add_text(tree, names[i], "x");
	image = make_image(tree, &options, 0, &blocks);
	list_root(image, text, sizeof(text));
	/* "A" < "A0" < "A1" < "AB" < "A_"; no extension before "T". */
	ck_assert_str_eq(text,
			 "A.;1 A.T;1 A.T1;1 A0.;1 A1.T;1 AB.;1 A_.T;1");
	done(tree);
}
END_TEST

/* 6.8.1.1: no record crosses a block; what is left over is zeros. Records of
 * 33 + 33 bytes: 30 behind the dots in the first block, 31 in each other. */
START_TEST(records_do_not_cross_blocks)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = plain_options();
	const uint8_t *root;
	char name[64];
	uint32_t i, at;

	for (i = 0; i < 30 + 31 + 1; i++) {
		snprintf(name, sizeof(name),
			 "FILE_%04u_012345678901234.EXTE", i);
		add_text(tree, name, "x");
	}
	image = make_image(tree, &options, 0, &blocks);
	root = image + 20 * 2048;
	ck_assert_uint_eq(lathe_get_le32(root + 10), 3 * 2048);
	ck_assert_uint_eq(lathe_get_le32(image + 16 * 2048 + 166), 3 * 2048);
	for (i = 0, at = 68; i < 62; i++, at += 66) {
		if (i == 30 || i == 61) {
			for (; at % 2048; at++)
				ck_assert_uint_eq(root[at], 0);
		}
		snprintf(name, sizeof(name),
			 "FILE_%04u_012345678901234.EXTE;1", i);
		ck_assert_uint_eq(root[at], 66);
		ck_assert_mem_eq(root + at + 33, name, 32);
	}
	done(tree);
}
END_TEST

/* A record that ends where its block ends belongs to it. */
START_TEST(block_that_is_filled_to_its_last_byte)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = plain_options();
	char name[64];
	uint32_t i;

	/* 68 bytes of dots and 30 records of 66: 2048 exactly. */
	for (i = 0; i < 30; i++) {
		snprintf(name, sizeof(name),
			 "FILE_%04u_012345678901234.EXTE", i);
		add_text(tree, name, "x");
	}
	image = make_image(tree, &options, 0, &blocks);
	ck_assert_uint_eq(lathe_get_le32(image + 20 * 2048 + 10), 2048);
	ck_assert_uint_eq(image[20 * 2048 + 1982], 66);
	ck_assert_uint_eq(image[20 * 2048 + 2046], '1');
	done(tree);
}
END_TEST

/* Empty files have no extent; the address is that of a real block: the first
 * of the data area, or of the padding, or a block made for it; counted, as all
 * are, from the start of the disc. */
START_TEST(empty_files_point_into_the_volume)
{
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t round;

	for (round = 0; round < 4; round++) {
		struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
		const uint8_t *r;

		add_text(tree, "empty", "");
		if (round == 0)
			add_text(tree, "full", "x");
		options.pad_blocks = round == 1 ? 7 : 0;
		image = make_image(tree, &options, round == 3 ? 5000 : 0,
				   &blocks);
		ck_assert_uint_eq(blocks, round == 1 ? 28 : 22);
		r = find_record(image, 20, 2048, "EMPTY.;1", 8);
		ck_assert_ptr_nonnull(r);
		ck_assert_uint_eq(lathe_get_le32(r + 2),
				  round == 3 ? 5021 : 21);
		ck_assert_uint_eq(lathe_get_le32(r + 10), 0);
		done(tree);
	}
}
END_TEST

/* 9.1.6 bit 7, 6.5.1: sections of FFFFF800h bytes, adjacent, all but the
 * last marked. 9 GiB of a source that is never read here. */
START_TEST(sections_of_a_large_file)
{
	const uint64_t size = (uint64_t)0xfffff800 * 2 + 12345;
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image at;
	struct lathe_iso9660_cursor *cursor;
	static const uint32_t bytes[3] = { 0xfffff800, 0xfffff800, 12345 };
	static const uint8_t flags[3] = { 0x80, 0x80, 0 };
	uint8_t dir[2048], *r = dir + 68, block[2 * 2048];
	uint64_t offset, in;
	uint32_t i;

	add_endless(tree, "big", 5, size);
	add_text(tree, "small", "x");
	plan = make_plan(tree, &options);
	/* 20 blocks, the root, an even address: 22, 2 x 2097151 + 7, 1: the
	 * small file takes the free block 21. */
	ck_assert_uint_eq(lathe_iso9660_plan_blocks(plan),
			  22 + 2 * 2097151 + 7);
	ck_assert_int_eq(lathe_iso9660_image_init(&at, plan, 64), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&at, NULL, NULL,
						     &cursor), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, 64 + 20, 1, dir),
			 0);
	for (i = 0; i < 3; i++, r += r[0]) {
		ck_assert_uint_eq(r[0], 40);
		ck_assert_mem_eq(r + 33, "BIG.;1", 6);
		ck_assert_uint_eq(lathe_get_le32(r + 2),
				  64 + 22 + i * 2097151);
		ck_assert_uint_eq(lathe_get_be32(r + 6),
				  64 + 22 + i * 2097151);
		ck_assert_uint_eq(lathe_get_le32(r + 10), bytes[i]);
		ck_assert_uint_eq(lathe_get_be32(r + 14), bytes[i]);
		ck_assert_uint_eq(r[25], flags[i]);
	}
	ck_assert_uint_eq(lathe_get_le32(r + 2), 64 + 21);

	/* Blocks on both sides of the border of the sections. */
	ck_assert_int_eq(lathe_iso9660_cursor_read(
				 cursor, 64 + 22 + 2 * 2097151 - 1, 2, block),
			 0);
	offset = ((uint64_t)2 * 2097151 - 1) * 2048;
	for (in = 0; in < sizeof(block); in++)
		ck_assert_uint_eq(block[in], content(5, offset + in));
	/* The last one: 57 bytes of 12345 and zeros. */
	ck_assert_int_eq(lathe_iso9660_cursor_read(
				 cursor, 64 + 22 + 2 * 2097151 + 6, 1, block),
			 0);
	for (in = 0; in < 57; in++)
		ck_assert_uint_eq(block[in], content(5, size - 57 + in));
	for (; in < 2048; in++)
		ck_assert_uint_eq(block[in], 0);
	lathe_iso9660_cursor_destroy(cursor);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* FFFFF800h bytes are one section, a byte more are two, and twice as many are
 * two; none is one, whatever else is known of the file. */
START_TEST(border_between_one_section_and_two)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image at;
	struct lathe_iso9660_cursor *cursor;
	struct lathe_iso9660_attributes attr = new_year;
	uint8_t dir[23 * 2048];
	uint32_t node;

	add_endless(tree, "a", 1, 0xfffff800);
	add_endless(tree, "b", 1, 0xfffff801);
	add_endless(tree, "c", 1, 0x1fffff000);
	attr.accessed[0] = 126;
	ck_assert_int_eq(lathe_iso9660_add_memory(tree, LATHE_ISO9660_ROOT,
						  "d", 1, &attr, "", 0, 0,
						  &node), 0);
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_image_init(&at, plan, 0), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&at, NULL, NULL,
						     &cursor), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, 0, 21, dir), 0);
	list_root(dir, text, sizeof(text));
	ck_assert_str_eq(text, "A.;1 B.;1+ B.;1 C.;1+ C.;1 D.;1");
	lathe_iso9660_cursor_destroy(cursor);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* 6.8.1.1, 6.5.1: the records of one file may lie in several blocks, a section
 * in each. 112 of 40 bytes: 49 behind the dots' 68, 51 in the next block, 12
 * and the neighbours in the last. */
START_TEST(sections_go_on_in_the_next_block)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image at;
	struct lathe_iso9660_cursor *cursor;
	uint8_t dir[3 * 2048], *r = dir + 68;
	uint32_t i;

	add_endless(tree, "big", 1, (uint64_t)0xfffff800 * 111 + 1);
	add_dir(tree, "c");
	add_text(tree, "d", "x");
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_image_init(&at, plan, 0), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&at, NULL, NULL,
						     &cursor), 0);
	for (i = 3; i-- > 0;)
		ck_assert_int_eq(lathe_iso9660_cursor_read(
					 cursor, 20 + i, 1, dir + i * 2048),
				 0);
	ck_assert_uint_eq(lathe_get_le32(dir + 10), 3 * 2048);
	for (i = 0; i < 112; i++, r += 40) {
		if (i == 49 || i == 100)
			for (; (r - dir) % 2048; r++)
				ck_assert_uint_eq(*r, 0);
		ck_assert_uint_eq(r[0], 40);
		ck_assert_mem_eq(r + 32, "\6BIG.;1", 8);
		ck_assert_uint_eq(lathe_get_le32(r + 2), 24 + i * 2097151);
		ck_assert_uint_eq(lathe_get_le32(r + 10),
				  i < 111 ? 0xfffff800 : 1);
		ck_assert_uint_eq(r[25], i < 111 ? 0x80 : 0);
	}
	ck_assert_uint_eq((uint32_t)(r - dir), 2 * 2048 + 12 * 40);
	ck_assert_mem_eq(r + 32, "\1C\46", 3);
	ck_assert_mem_eq(r + 34 + 32, "\4D.;1\0", 6);
	ck_assert_uint_eq(r[34 + 38], 0);
	lathe_iso9660_cursor_destroy(cursor);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* Two names of one extent: the same address and length, written once. */
START_TEST(links_share_an_extent)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = plain_options();
	const uint8_t *a, *b;
	uint32_t target, node;

	target = add_text(tree, "z", "hello");
	ck_assert_int_eq(lathe_iso9660_add_link(tree, 1, "b", 1, &new_year,
						target, 0, &node), 0);
	image = make_image(tree, &options, 0, &blocks);
	ck_assert_uint_eq(blocks, 22);
	a = find_record(image, 20, 2048, "B.;1", 4);
	b = find_record(image, 20, 2048, "Z.;1", 4);
	ck_assert_uint_eq(lathe_get_le32(a + 2), 21);
	ck_assert_mem_eq(a + 2, b + 2, 16);
	done(tree);
}
END_TEST

/* Joliet has all names in an order of its own, and in both hierarchies the
 * same extents. */
START_TEST(both_hierarchies_show_the_same_files)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = joliet_options();
	const uint8_t *svd, *r;

	add_text(tree, "readme", "1");
	add_text(tree, "README", "2");
	add_text(tree, "\xc3\xa9t\xc3\xa9.txt", "3");
	add_text(tree, "\xf0\x9f\x98\x80", "4");	/* U+1F600 */
	add_text(tree, "\xef\xbf\xbd", "5");		/* U+FFFD */
	image = make_image(tree, &options, 0, &blocks);
	list_root(image, text, sizeof(text));
	/* In the order of names the upper case comes first and stays. */
	ck_assert_str_eq(text,
			 "README.;1 README000.;1 _.;1 _000.;1 _T_.TXT;1");
	svd = image + 17 * 2048;
	ck_assert_ptr_nonnull(find_record(image, lathe_get_le32(svd + 158),
					  2048, "\0r\0e\0a\0d\0m\0e", 12));
	r = find_record(image, lathe_get_le32(svd + 158), 2048,
			"\xd8\x3d\xde\x00", 4);
	ck_assert_ptr_nonnull(r);
	ck_assert_uint_eq(image[2048 * lathe_get_le32(r + 2)], '4');
	/* Units in order: D83Dh before FFFDh, unlike code points. */
	ck_assert_uint_lt((uintptr_t)r, (uintptr_t)find_record(
						image,
						lathe_get_le32(svd + 158),
						2048, "\xff\xfd", 2));
	done(tree);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("directories");
	TCase *tc = tcase_create("directories");

	tcase_add_test(tc, bytes_of_records);
	tcase_add_test(tc, hidden_files_and_folders);
	tcase_add_test(tc, order_of_records);
	tcase_add_test(tc, order_of_records_at_level_2);
	tcase_add_test(tc, records_do_not_cross_blocks);
	tcase_add_test(tc, block_that_is_filled_to_its_last_byte);
	tcase_add_test(tc, empty_files_point_into_the_volume);
	tcase_add_test(tc, sections_of_a_large_file);
	tcase_add_test(tc, border_between_one_section_and_two);
	tcase_add_test(tc, sections_go_on_in_the_next_block);
	tcase_add_test(tc, links_share_an_extent);
	tcase_add_test(tc, both_hierarchies_show_the_same_files);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
