/* SPDX-License-Identifier: MIT */
/* Volume descriptors, path tables and the mark, byte by byte. Offsets are
 * from 0; ECMA-119 counts from 1. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

static uint8_t *image;
static uint32_t blocks;

static void done(struct lathe_iso9660_tree *tree)
{
	free(image);
	lathe_iso9660_tree_destroy(tree);
}

/* Blanks from 'at' on, as many as 'count'. */
static void expect_blank(const uint8_t *p, uint32_t count)
{
	while (count--)
		ck_assert_uint_eq(p[count], ' ');
}

static void expect_text(const uint8_t *p, uint32_t field, const char *text)
{
	ck_assert_mem_eq(p, text, strlen(text));
	expect_blank(p + strlen(text), field - (uint32_t)strlen(text));
}

/*
 * One folder and one file. Blocks: 0-15 system area, 16 PVD, 17 terminator,
 * 18 L table, 19 M table, 20 root, 21 SUB, 22 the file, 23-25 padding.
 */
static struct lathe_iso9660_tree *small_volume(uint32_t start)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = plain_options();

	options.volume.volume_id = "my disc";
	options.volume.system_id = "LINUX";
	options.volume.publisher = "me & you";
	options.volume.application = "LATHE \xc3\xa4 0.1";
	memcpy(options.volume.created, "2026010203040500", 16);
	options.volume.created[16] = 4;
	options.pad_blocks = 3;
	ck_assert_int_eq(lathe_iso9660_set_attributes(
				 tree, LATHE_ISO9660_ROOT, &new_year), 0);
	add_text(tree, "sub/a.txt", "hello");
	image = make_image(tree, &options, start, &blocks);
	return tree;
}

/* 8.4: every field of a primary volume descriptor. */
START_TEST(primary_volume_descriptor)
{
	/* 7.3.3: both orders. The volume ends at LBA 26 + 0. */
	static const uint8_t space[8] = { 26, 0, 0, 0, 0, 0, 0, 26 };
	static const uint8_t one[4] = { 1, 0, 0, 1 };
	static const uint8_t size[4] = { 0x00, 0x08, 0x08, 0x00 };
	/* Path table: 10 bytes for the root, 8 + 3 + 1 for SUB. */
	static const uint8_t table[8] = { 22, 0, 0, 0, 0, 0, 0, 22 };
	static const uint8_t l[8] = { 18, 0, 0, 0, 0, 0, 0, 0 };
	static const uint8_t m[8] = { 0, 0, 0, 19, 0, 0, 0, 0 };
	static const uint8_t root[34] = {
		34, 0, 20, 0, 0, 0, 0, 0, 0, 20, 0, 8, 0, 0, 0, 0, 8, 0,
		126, 1, 2, 3, 4, 5, 0, 2, 0, 0, 1, 0, 0, 1, 1, 0
	};
	struct lathe_iso9660_tree *tree = small_volume(0);
	const uint8_t *p = image + 16 * 2048;
	uint32_t i;

	ck_assert_uint_eq(blocks, 26);
	ck_assert_mem_eq(p, "\1CD001\1\0", 8);		/* 8.4.1-8.4.4 */
	expect_text(p + 8, 32, "LINUX");
	expect_text(p + 40, 32, "MY_DISC");
	for (i = 72; i < 80; i++)
		ck_assert_uint_eq(p[i], 0);
	ck_assert_mem_eq(p + 80, space, 8);		/* 8.4.8 */
	for (i = 88; i < 120; i++)
		ck_assert_uint_eq(p[i], 0);
	ck_assert_mem_eq(p + 120, one, 4);		/* 8.4.10 */
	ck_assert_mem_eq(p + 124, one, 4);		/* 8.4.11 */
	ck_assert_mem_eq(p + 128, size, 4);		/* 8.4.12 */
	ck_assert_mem_eq(p + 132, table, 8);		/* 8.4.13 */
	ck_assert_mem_eq(p + 140, l, 8);		/* 8.4.14, 8.4.15 */
	ck_assert_mem_eq(p + 148, m, 8);		/* 8.4.16, 8.4.17 */
	ck_assert_mem_eq(p + 156, root, 34);		/* 8.4.18 */
	expect_blank(p + 190, 128);
	expect_text(p + 318, 128, "ME & YOU");
	expect_blank(p + 446, 128);
	expect_text(p + 574, 128, "LATHE _ 0.1");
	expect_blank(p + 702, 37 * 3);
	ck_assert_mem_eq(p + 813, "2026010203040500\4", 17);
	ck_assert_mem_eq(p + 830, "0000000000000000\0", 17); /* 8.4.26.1 */
	ck_assert_mem_eq(p + 847, "0000000000000000\0", 17);
	ck_assert_mem_eq(p + 864, "0000000000000000\0", 17);
	ck_assert_uint_eq(p[881], 1);			/* 8.4.30 */
	ck_assert_uint_eq(p[882], 0);
	for (i = 1395; i < 2048; i++)
		ck_assert_uint_eq(p[i], 0);
	done(tree);
}
END_TEST

/* 8.3.1-8.3.3 and 2041 zeros; the system area and the padding are zeros. */
START_TEST(terminator_and_empty_areas)
{
	static const uint8_t zeros[16 * 2048];
	struct lathe_iso9660_tree *tree = small_volume(0);

	ck_assert_mem_eq(image, zeros, sizeof(zeros));
	ck_assert_mem_eq(image + 17 * 2048, "\377CD001\1", 7);
	ck_assert_mem_eq(image + 17 * 2048 + 7, zeros, 2041);
	ck_assert_mem_eq(image + 23 * 2048, zeros, 3 * 2048);
	ck_assert_mem_eq(image + 22 * 2048, "hello\0\0\0", 8);
	done(tree);
}
END_TEST

/* 9.4, type L little endian, type M big endian; zeros behind. */
START_TEST(path_tables_of_a_small_volume)
{
	static const uint8_t l[24] = { 1, 0, 20, 0, 0, 0, 1, 0, 0, 0,
				       3, 0, 21, 0, 0, 0, 1, 0,
				       'S', 'U', 'B', 0 };
	static const uint8_t m[24] = { 1, 0, 0, 0, 0, 20, 0, 1, 0, 0,
				       3, 0, 0, 0, 0, 21, 0, 1,
				       'S', 'U', 'B', 0 };
	static const uint8_t zeros[2048 - 22];
	struct lathe_iso9660_tree *tree = small_volume(0);

	ck_assert_mem_eq(image + 18 * 2048, l, 24);
	ck_assert_mem_eq(image + 18 * 2048 + 22, zeros, sizeof(zeros));
	ck_assert_mem_eq(image + 19 * 2048, m, 24);
	ck_assert_mem_eq(image + 19 * 2048 + 22, zeros, sizeof(zeros));
	done(tree);
}
END_TEST

/* In a later session all addresses, the volume's end too, are absolute. */
START_TEST(addresses_count_from_the_start_of_the_disc)
{
	struct lathe_iso9660_tree *tree = small_volume(400000);
	const uint8_t *p = image + 16 * 2048;

	ck_assert_uint_eq(lathe_get_le32(p + 80), 400026);
	ck_assert_uint_eq(lathe_get_be32(p + 84), 400026);
	ck_assert_uint_eq(lathe_get_le32(p + 140), 400018);
	ck_assert_uint_eq(lathe_get_be32(p + 148), 400019);
	ck_assert_uint_eq(lathe_get_le32(p + 158), 400020);
	ck_assert_uint_eq(lathe_get_le32(image + 18 * 2048 + 2), 400020);
	ck_assert_uint_eq(lathe_get_le32(image + 18 * 2048 + 12), 400021);
	ck_assert_uint_eq(lathe_get_be32(image + 19 * 2048 + 12), 400021);
	/* "." of the root, and the file in SUB behind its dots. */
	ck_assert_uint_eq(lathe_get_le32(image + 20 * 2048 + 2), 400020);
	ck_assert_uint_eq(lathe_get_be32(image + 21 * 2048 + 68 + 6), 400022);
	done(tree);
}
END_TEST

/* CRC-32C bit by bit, RFC 3720 B.4. */
static uint32_t slow_crc(const uint8_t *p, size_t len)
{
	uint32_t crc = 0xffffffff;
	int i;

	while (len--) {
		crc ^= *p++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

/* SPEC: the mark in the application use field, its checksum over everything
 * from the descriptors to the last directory. */
START_TEST(mark_of_an_own_volume)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = joliet_options();
	static const uint8_t zeros[432];
	uint8_t *p;
	uint32_t crc, metadata;

	options.previous.start = 1000;
	options.previous.blocks = 500;
	add_text(tree, "sub/a.txt", "hello");
	image = make_image(tree, &options, 12000, &blocks);
	p = image + 16 * 2048 + 883;
	ck_assert_mem_eq(p, "LATHE\0\0\0", 8);
	ck_assert_uint_eq(lathe_get_le32(p + 8), 1);
	ck_assert_uint_eq(lathe_get_le32(p + 12), 12000);
	ck_assert_uint_eq(lathe_get_le32(p + 16), blocks);
	/* 16 + 3 descriptors + 4 tables + map + 2 x 2 directories */
	metadata = lathe_get_le32(p + 20);
	ck_assert_uint_eq(metadata, 28);
	ck_assert_uint_eq(lathe_get_le32(p + 24), 1000);
	ck_assert_uint_eq(lathe_get_le32(p + 28), 500);
	ck_assert_uint_eq(lathe_get_le32(p + 32), 2);
	ck_assert_uint_eq(lathe_get_le32(p + 36), 12024);
	ck_assert_uint_eq(lathe_get_le32(p + 40), 2048);
	ck_assert_uint_eq(lathe_get_le32(p + 44), 12026);
	ck_assert_uint_eq(lathe_get_le32(p + 48), 2048);
	/* Two directories of ISO 9660, the table behind the path tables. */
	ck_assert_uint_eq(lathe_get_le32(p + 72), 2);
	ck_assert_uint_eq(lathe_get_le32(p + 76), 12023);
	ck_assert_mem_eq(p + 80, zeros, 432);
	crc = lathe_get_le32(p + 68);
	lathe_put_le32(p + 68, 0);
	ck_assert_uint_eq(slow_crc((const uint8_t *)"123456789", 9),
			  0xe3069283);
	ck_assert_uint_eq(slow_crc(image + 16 * 2048,
				   (size_t)(metadata - 16) * 2048), crc);
	done(tree);
}
END_TEST

/* 8.5: the supplementary descriptor with tables and a root of its own. */
START_TEST(joliet_descriptor_follows_the_primary)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = joliet_options();
	const uint8_t *p;

	options.volume.volume_id = "Disc";
	options.volume.primary_id = (const uint8_t *)
		"As another program; recorded it.";
	add_text(tree, "sub/a.txt", "hello");
	image = make_image(tree, &options, 0, &blocks);
	p = image + 16 * 2048;
	ck_assert_mem_eq(p + 40, "As another program; recorded it.", 32);
	p = image + 17 * 2048;
	ck_assert_mem_eq(p, "\2CD001\1\0", 8);
	ck_assert_mem_eq(p + 40, "\0D\0i\0s\0c\0 ", 10);
	ck_assert_mem_eq(p + 88, "%/E\0", 4);
	ck_assert_uint_eq(lathe_get_le32(p + 80), blocks);
	/* 10 bytes for the root, 8 + 6 for "sub" */
	ck_assert_uint_eq(lathe_get_le32(p + 132), 24);
	ck_assert_uint_eq(lathe_get_le32(p + 140), 21);
	ck_assert_uint_eq(lathe_get_be32(p + 148), 22);
	ck_assert_uint_eq(lathe_get_le32(p + 158), 26);
	ck_assert_mem_eq(image + 18 * 2048, "\377CD001\1", 7);
	ck_assert_mem_eq(image + 22 * 2048 + 10,
			 "\6\0\0\0\0\x1b\0\1\0s\0u\0b", 14);
	done(tree);
}
END_TEST

/*
 * 8.4.26 to 8.4.29, and the same in 8.5: four dates; 8.4.18, 8.5.12: the
 * record of the hierarchy's own root, with its date. Blocks: 16 PVD, 17 SVD,
 * 18 terminator, 19-22 path tables, 23 map, 24 root, 25 SUB, 26 Joliet's root.
 */
START_TEST(dates_and_roots_of_both_descriptors)
{
	struct lathe_iso9660_attributes attr = new_year;
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = joliet_options();
	uint8_t root[34] = {
		34, 0, 24, 0, 0, 0, 0, 0, 0, 24, 0, 8, 0, 0, 0, 0, 8, 0,
		126, 1, 2, 3, 4, 5, 36, 2, 0, 0, 1, 0, 0, 1, 1, 0
	};
	const uint8_t *p;

	memcpy(options.volume.created, "2026010203040500\4", 17);
	memcpy(options.volume.modified, "2026020304050611\xd0", 17);
	memcpy(options.volume.expires, "9999123123595999\0", 17);
	memcpy(options.volume.effective, "0001010100000000\x34", 17);
	attr.date[6] = 36;
	ck_assert_int_eq(lathe_iso9660_set_attributes(
				 tree, LATHE_ISO9660_ROOT, &attr), 0);
	add_text(tree, "sub/a.txt", "hello");
	image = make_image(tree, &options, 0, &blocks);
	for (p = image + 16 * 2048; p < image + 18 * 2048; p += 2048) {
		ck_assert_mem_eq(p + 813, "2026010203040500\4", 17);
		ck_assert_mem_eq(p + 830, "2026020304050611\xd0", 17);
		ck_assert_mem_eq(p + 847, "9999123123595999\0", 17);
		ck_assert_mem_eq(p + 864, "0001010100000000\x34", 17);
		ck_assert_mem_eq(p + 156, root, 34);
		root[2] = root[9] = 26;
	}
	done(tree);
}
END_TEST

/*
 * 6.9.1: by level, then by the number of the parent, then by identifier; and
 * records cross blocks. Five folders A-E, in each 60 folders of 31 bytes.
 */
START_TEST(path_table_order_and_blocks)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = plain_options();
	uint8_t *l, *m;
	uint32_t a, i, at = 10, bytes = 10 + 5 * 10 + 300 * 40;
	char path[64];

	for (a = 5; a-- > 0;)
		for (i = 60; i-- > 0;) {
			snprintf(path, sizeof(path),
				 "%c/N%02u_5678901234567890123456789_1",
				 'a' + (int)a, i);
			add_dir(tree, path);
		}
	image = make_image(tree, &options, 0, &blocks);
	ck_assert_uint_eq(lathe_get_le32(image + 16 * 2048 + 132), bytes);
	l = image + 2048 * lathe_get_le32(image + 16 * 2048 + 140);
	m = image + 2048 * lathe_get_be32(image + 16 * 2048 + 148);
	/* 12,060 bytes: six blocks */
	ck_assert_ptr_eq(m, l + 6 * 2048);
	for (a = 0; a < 5; a++, at += 10) {
		ck_assert_uint_eq(l[at], 1);
		ck_assert_uint_eq(lathe_get_le16(l + at + 6), 1);
		ck_assert_uint_eq(l[at + 8], 'A' + a);
	}
	for (a = 0; a < 5; a++)
		for (i = 0; i < 60; i++, at += 40) {
			char id[32];

			snprintf(id, sizeof(id),
				 "N%02u_5678901234567890123456789_1", i);
			ck_assert_uint_eq(l[at], 31);
			ck_assert_uint_eq(lathe_get_le16(l + at + 6), 2 + a);
			ck_assert_mem_eq(l + at + 8, id, 31);
			ck_assert_uint_eq(l[at + 39], 0);
			ck_assert_uint_eq(lathe_get_be16(m + at + 6), 2 + a);
			ck_assert_uint_eq(lathe_get_be32(m + at + 2),
					  lathe_get_le32(l + at + 2));
			/* The extent it names begins with that folder's ".":
			 * its own address, identifier 00h. */
			ck_assert_uint_eq(
				lathe_get_le32(image +
					       2048ul * lathe_get_le32(
								l + at + 2) +
					       2),
				lathe_get_le32(l + at + 2));
		}
	ck_assert_uint_eq(at, bytes);
	for (; at < 6 * 2048; at++)
		ck_assert_uint_eq(l[at], 0);
	done(tree);
}
END_TEST

/*
 * 6.9.1 compares the whole identifier of a directory, 9.3 name and extension
 * apart: where relaxed names have dots the two orders differ. 2Dh '-' is below
 * 2Eh '.'.
 */
START_TEST(path_table_order_of_directories_with_dots)
{
	static const struct lathe_iso9660_primary_options relaxed = {
		.level = LATHE_ISO9660_RELAXED
	};
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = plain_options();
	const uint8_t *l;

	options.primary = &relaxed;
	add_dir(tree, "a.d/x");
	add_dir(tree, "a-b/y");
	image = make_image(tree, &options, 0, &blocks);
	l = image + 2048 * lathe_get_le32(image + 16 * 2048 + 140);
	ck_assert_mem_eq(l + 10 + 6, "\1\0a-b\0", 6);
	ck_assert_mem_eq(l + 22 + 6, "\1\0a.d\0", 6);
	ck_assert_mem_eq(l + 34 + 6, "\2\0y\0", 4);
	ck_assert_mem_eq(l + 44 + 6, "\3\0x\0", 4);
	done(tree);
}
END_TEST

/* SPEC 1.7: the numbers that directories have in Joliet's path table. Deep ones
 * move in ISO 9660 alone (RRIP 4.1.5), and RR_MOVED is nowhere else. */
START_TEST(table_of_directories)
{
	/* By level: root; A, RR_MOVED; B, H; C; D; E; F; G. */
	static const uint32_t want[10] = { 1, 2, 0, 3, 9, 4, 5, 6, 7, 8 };
	static const struct lathe_iso9660_rock_ridge_options rock = {
		.relocate = true
	};
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = joliet_options();
	const uint8_t *p;
	uint32_t i;

	options.system_use = &lathe_iso9660_rock_ridge;
	options.system_use_options = &rock;
	add_dir(tree, "a/b/c/d/e/f/g/h");
	image = make_image(tree, &options, 0, &blocks);
	p = image + 16 * 2048 + 883;
	ck_assert_uint_eq(lathe_get_le32(p + 72), 10);
	p = image + lathe_get_le32(p + 76) * 2048;
	for (i = 0; i < 512; i++)
		ck_assert_uint_eq(lathe_get_le32(p + i * 4),
				  i < 10 ? want[i] : 0);
	done(tree);
}
END_TEST

/* 512 numbers a block. */
START_TEST(table_of_many_directories)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options options = joliet_options();
	const uint8_t *p;
	char name[8];
	uint32_t i;

	for (i = 0; i < 519; i++) {
		snprintf(name, sizeof(name), "d%03u", i);
		add_dir(tree, name);
	}
	image = make_image(tree, &options, 0, &blocks);
	p = image + lathe_get_le32(image + 16 * 2048 + 883 + 76) * 2048;
	for (i = 0; i < 2 * 512; i++)
		ck_assert_uint_eq(lathe_get_le32(p + i * 4),
				  i < 520 ? i + 1 : 0);
	done(tree);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("descriptors");
	TCase *tc = tcase_create("descriptors");

	tcase_add_test(tc, primary_volume_descriptor);
	tcase_add_test(tc, terminator_and_empty_areas);
	tcase_add_test(tc, path_tables_of_a_small_volume);
	tcase_add_test(tc, addresses_count_from_the_start_of_the_disc);
	tcase_add_test(tc, mark_of_an_own_volume);
	tcase_add_test(tc, joliet_descriptor_follows_the_primary);
	tcase_add_test(tc, dates_and_roots_of_both_descriptors);
	tcase_add_test(tc, path_table_order_and_blocks);
	tcase_add_test(tc, path_table_order_of_directories_with_dots);
	tcase_add_test(tc, table_of_directories);
	tcase_add_test(tc, table_of_many_directories);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
