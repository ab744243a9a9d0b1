/* SPDX-License-Identifier: MIT */
/* Files of other programs in a session of ours: what their records said that
 * no new file has, ECMA-119 9.1. */
#include <check.h>
#include <string.h>

#include "tests/import/lib_volume.h"
#include "tests/suite.h"

#define LATER 224u	/* where our session begins */

/* The volume is imported, and recorded as a session of ours. */
static void carry(void)
{
	import_good(&import, disc, 0);
	disc_record(disc, import.tree, LATER, NULL, 0, NULL);
	import_end(&import);
}

static uint32_t root_of(uint32_t descriptor)
{
	return lathe_get_le32(disc_block(disc, LATER + descriptor) + 158);
}

/* Record number 'i' of the directory at 'lba', from 0, the dots not counted;
 * all of them lie in its first block. */
static const uint8_t *record(uint32_t lba, uint32_t i)
{
	const uint8_t *p = disc_block(disc, lba) + 68;

	for (; i > 0; i--)
		p += p[0];
	return p;
}

/* Record 'i' of the new root is record 'old' of the one it came from, byte by
 * byte: what it says is still so. */
static void same_record(uint32_t i, uint32_t old)
{
	const uint8_t *was = record(ROOT, old), *is = record(root_of(16), i);

	ck_assert_uint_eq(is[0], was[0]);
	ck_assert_mem_eq(is, was, was[0]);
}

/* 9.1.2: the extent begins with the attribute record, which stays in front of
 * the data. */
START_TEST(attribute_records)
{
	dir_add(&root, "A.;1", DATA, 5000, 0)[1] = 2;
	dir_add(&root, "C.;1", DATA + 9, 2048, MORE)[1] = 1;
	dir_add(&root, "C.;1", DATA + 20, 7, 0)[1] = 3;
	import_good(&import, disc, 0);
	ck_assert_uint_eq(import_entry(&import, "/A").lba, DATA + 2);
	ck_assert_uint_eq(import_entry(&import, "/C").lba, DATA + 10);
	import_end(&import);
	carry();
	same_record(0, 0);
	same_record(1, 1);
	same_record(2, 2);
}
END_TEST

/* 6.5.1: sections that are not adjacent, in their order; 9.1.6: bit 7 in all
 * but the last one, bit 0 in each. */
START_TEST(sections)
{
	dir_add(&root, "A.;1", DATA + 9, 2048, MORE);
	dir_add(&root, "A.;1", DATA, 4096, MORE);
	dir_add(&root, "A.;1", DATA + 5, 3, 0);
	dir_add(&root, "B.;1", DATA + 20, 2048, HIDDEN | MORE);
	dir_add(&root, "B.;1", DATA + 30, 1, HIDDEN);
	carry();
	same_record(0, 0);
	same_record(1, 1);
	same_record(2, 2);
	same_record(3, 3);
	same_record(4, 4);
}
END_TEST

/* 9.1.6: bit 3, the content is in records; bit 4, owners are told. */
START_TEST(bits_of_records_and_protection)
{
	dir_add(&root, "A.;1", DATA, 10, 0x08);
	dir_add(&root, "B.;1", DATA + 1, 10, 0x10);
	dir_add(&root, "C.;1", DATA + 2, 10, 0x18 | HIDDEN);
	carry();
	same_record(0, 0);
	same_record(1, 1);
	same_record(2, 2);
}
END_TEST

/* 9.3: the associated file, 9.1.6 bit 2, stands in front of the one it
 * belongs to, and has the same identifier. */
START_TEST(associated_files)
{
	dir_add(&root, "A.;1", DATA, 10, ASSOCIATED);
	dir_add(&root, "A.;1", DATA + 1, 20, 0);
	dir_add(&root, "B.;1", DATA + 2, 30, 0);
	carry();
	same_record(0, 0);
	same_record(1, 1);
	same_record(2, 2);
	ck_assert_uint_eq(record(root_of(16), 3)[0], 0);
}
END_TEST

/* They keep it beside new names that clash with each other. */
START_TEST(associated_files_beside_clashing_names)
{
	uint32_t i, node;

	dir_add(&root, "A.;1", DATA, 10, ASSOCIATED);
	dir_add(&root, "A.;1", DATA + 1, 20, 0);
	import_good(&import, disc, 0);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(lathe_iso9660_add_memory(
					 import.tree, LATHE_ISO9660_ROOT,
					 i ? "b" : "B", 1, NULL, "", 0, 0,
					 &node), 0);
	disc_record(disc, import.tree, LATER, NULL, 0, NULL);
	import_end(&import);
	same_record(0, 0);
	same_record(1, 1);
	ck_assert_mem_eq(record(root_of(16), 2) + 32, "\4B.;1", 5);
	ck_assert_mem_eq(record(root_of(16), 3) + 32, "\7B000.;1", 8);
}
END_TEST

/* One that is replaced stays one, of new bytes, and leaves the file that it
 * belongs to its name and identifier. */
START_TEST(associated_files_that_are_replaced)
{
	uint32_t node;

	dir_add(&root, "A.;1", DATA, 10, ASSOCIATED);
	dir_add(&root, "A.;1", DATA + 1, 20, 0);
	import_good(&import, disc, 0);
	ck_assert_int_eq(lathe_iso9660_add_memory(
				 import.tree, LATHE_ISO9660_ROOT, "._A", 3,
				 NULL, "new", 3, LATHE_ISO9660_REPLACE, &node),
			 0);
	disc_record(disc, import.tree, LATER, NULL, 0, NULL);
	import_end(&import);
	ck_assert_uint_eq(record(root_of(16), 0)[25], ASSOCIATED);
	ck_assert_uint_eq(lathe_get_le32(record(root_of(16), 0) + 10), 3);
	ck_assert_mem_eq(record(root_of(16), 0) + 32, "\4A.;1", 5);
	same_record(1, 1);
	ck_assert_uint_eq(record(root_of(16), 2)[0], 0);
}
END_TEST

/* 6.4.3: units of two blocks, with gaps of three, become sections: the same
 * bytes, without units and gaps (9.1.7, 9.1.8). */
START_TEST(interleaved_files)
{
	uint8_t *p = dir_add(&root, "A.;1", DATA, 5 * 2048 - 7, 0);
	static const uint32_t bytes[3] = { 4096, 4096, 2041 };
	const uint8_t *is;
	uint32_t i;

	p[26] = 2;
	p[27] = 3;
	carry();
	for (i = 0; i < 3; i++) {
		is = record(root_of(16), i);
		ck_assert_uint_eq(lathe_get_le32(is + 2), DATA + 5 * i);
		ck_assert_uint_eq(lathe_get_le32(is + 10), bytes[i]);
		ck_assert_uint_eq(is[25], i < 2 ? MORE : 0);
		ck_assert_uint_eq(is[26] + is[27], 0);
	}
}
END_TEST

/* 9.1.5: a date keeps its zone, quarters of an hour, in each hierarchy. */
START_TEST(dates_with_a_zone)
{
	dir_add(&root, "A.;1", DATA, 10, 0)[24] = 8;
	dir_add(&root, "B.;1", DATA + 1, 10, 0)[24] = 0xD0;
	carry();
	same_record(0, 0);
	same_record(1, 1);
	ck_assert_mem_eq(record(root_of(17), 1) + 18,
			 "\170\2\3\4\5\6\xD0\0", 8);
}
END_TEST

static void record_plain(void)
{
	struct lathe_iso9660_plan_options options = {
		.size = sizeof(options)
	};
	struct lathe_iso9660_plan *plan;

	ck_assert_int_eq(lathe_iso9660_plan_create(import.tree, &options,
						   &plan), 0);
	disc_resize(disc, LATER + lathe_iso9660_plan_blocks(plan));
	disc_put(disc, plan, LATER);
}

/* What one hierarchy alone had stays in it; where that is not recorded any
 * more, it comes to the other. */
START_TEST(names_of_one_hierarchy)
{
	with_joliet();
	dir_add(&root, "A.;1", DATA, 10, 0);
	dir_add(&joliet, "A", DATA, 10, 0);
	dir_add(&joliet, "B", DATA + 1, 20, 0);
	dir_add(&root, "C.;1", DATA + 2, 30, 0);
	carry();
	same_record(0, 0);
	same_record(1, 1);
	ck_assert_uint_eq(record(root_of(16), 2)[0], 0);
	ck_assert_mem_eq(record(root_of(17), 0) + 32, "\2\0A", 3);
	ck_assert_mem_eq(record(root_of(17), 1) + 32, "\2\0B", 3);
	ck_assert_uint_eq(record(root_of(17), 2)[0], 0);

	import_good(&import, disc, 0);
	record_plain();
	import_end(&import);
	ck_assert_mem_eq(record(root_of(16), 1) + 32, "\4B.;1", 5);
	ck_assert_uint_eq(lathe_get_le32(record(root_of(16), 1) + 2),
			  DATA + 1);
	same_record(2, 1);
}
END_TEST

/* Names that no new file gets, since DOS keeps them for devices, were given by
 * others: they stay. */
START_TEST(names_of_devices)
{
	dir_add(&root, "AUX.;1", DATA, 10, 0);
	dir_add(&root, "CON.C;1", DATA + 1, 10, 0);
	dir_add(&root, "LPT1.;1", DATA + 2, 10, 0);
	carry();
	same_record(0, 0);
	same_record(1, 1);
	same_record(2, 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("carried over");
	TCase *tc = tcase_create("records");

	tcase_add_checked_fixture(tc, make_plain, drop_volume);
	tcase_add_test(tc, attribute_records);
	tcase_add_test(tc, sections);
	tcase_add_test(tc, bits_of_records_and_protection);
	tcase_add_test(tc, associated_files);
	tcase_add_test(tc, associated_files_beside_clashing_names);
	tcase_add_test(tc, associated_files_that_are_replaced);
	tcase_add_test(tc, interleaved_files);
	tcase_add_test(tc, dates_with_a_zone);
	tcase_add_test(tc, names_of_one_hierarchy);
	tcase_add_test(tc, names_of_devices);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
