/* SPDX-License-Identifier: MIT */
/*
 * Flaws that have broken readers, each with a sample made by hand and the
 * exact outcome, here or in the file that is named. flaws.sh holds this
 * table against the tests.
 *
 * flaw                                     | test
 * -----------------------------------------+--------------------------------
 * extent behind the end of the disc        | check_broken extents_outside_the_disc_are_left_out
 * end of an extent above 2^32 blocks       | check_flaws extent_whose_end_wraps
 * directory of 4 GiB                       | check_broken giant_directory_costs_nothing
 * directories that overlap                 | check_broken overlapping_directories_are_bounded
 * too many nodes, names, levels            | check_broken limits_hold
 * directory that contains itself   | check_broken directory_that_contains_itself_is_left_out
 * directory that contains one above it     | check_flaws directory_that_is_an_ancestor
 * two directories in each other            | check_flaws directories_in_each_other
 * record shorter than its identifier       | check_broken record_that_does_not_parse_ends_its_block
 * record over the end of its block  | check_broken record_over_the_end_of_its_block_is_not_read
 * record over the end of its directory     | check_flaws record_over_the_end_of_its_directory
 * identifier of no bytes                   | check_flaws identifier_of_no_bytes
 * pad byte that is missing                 | check_flaws pad_byte_that_is_missing
 * "." and ".." further on           | check_broken own_records_elsewhere_are_told_and_ignored
 * "/", NUL, ".." in names of ISO, Joliet   | check_import names_can_not_lead_out_of_the_tree
 * the same in names of Rock Ridge          | check_rock_ridge name_that_leads_elsewhere
 * the same when files are extracted        | extract_safety.sh
 * SUSP entry of 0 to 3 bytes, or too long  | check_system_use entries_that_are_wrong
 * CE that leads to itself, or in a ring    | check_system_use areas_that_lead_to_themselves
 * CE without an end                        | check_system_use chain_of_areas_has_an_end
 * CE outside the disc, over a block's end  | check_system_use areas_that_are_wrong
 * NM without an end                        | check_rock_ridge name_that_is_too_long
 * SL without an end                        | check_rock_ridge_links link_that_is_too_long
 * SL component over the end of its entry   | check_rock_ridge_links link_that_is_none
 * TF with fewer dates than its flags say   | check_rock_ridge dates_fewer_than_announced
 * ER, PX, CL shorter than what is in them  | check_system_use entries_that_are_wrong
 * CL outside, to one above, twice to one   | check_relocated links_that_are_wrong
 * CL in a ring                             | check_relocated links_that_make_a_loop
 * ZF with a header that lies               | check_flaws compressed_content_is_not_believed
 * sections without an end                  | check_import chain_without_an_end_is_left_out
 * too many sections                        | check_import sections_are_limited
 * sections of more than the disc           | check_import file_larger_than_the_disc_is_left_out
 * interleaving over the end of addresses   | check_broken interleaving_that_laps_over_is_left_out
 * attribute record over that end           | check_flaws attribute_record_that_wraps
 * halves of a number that differ           | check_broken halves_that_differ_are_told
 * the same in descriptors                  | check_probe number_is_taken_from_the_half_that_can_be
 * path table with a loop                   | check_flaws path_tables_are_not_believed
 * odd byte of UTF-16                       | check_identifiers odd_byte_is_dropped
 * name that grows when it is converted     | check_identifiers longest_identifier_has_room
 * the same in other character sets         | check_charset held_back_characters_need_room
 * boot catalog anywhere                    | check_flaws boot_catalog_is_not_walked
 * descriptors without an end               | check_probe endless_sequence_ends
 * many names that become one               | check_import doubles_are_renamed
 * many extents that crowd a table          | check_hostile addresses_that_crowd
 * memory that runs out                     | check_memory_sweep_import imports
 */
#include <check.h>
#include <string.h>

#include "lib_volume.h"
#include "tests/suite.h"

enum { DIR_A = 22, DIR_B = 23 };

/* Two directories, the first one in the root; the second says it is in the
 * one at 'parent'. */
static void two_directories(struct dir *a, struct dir *b, uint32_t parent)
{
	*a = dir_begin(disc, DIR_A, 1, ROOT, 2, false);
	*b = dir_begin(disc, DIR_B, 1, parent, 1, false);
	dir_add(&root, "A", DIR_A, 2048, DIRECTORY);
}

/* ---- flaws -------------------------------------------------------------- */

/* 9.1.3, 9.1.4: sums of 32 bits would lap over to the front of the disc. */
START_TEST(extent_whose_end_wraps)
{
	dir_add(&root, "A.;1", 0xFFFFFFFF, 2048, 0);
	dir_add(&root, "B.;1", 0xFFFFFFFF, 0xFFFFFFFF, 0);
	dir_add(&root, "C.;1", 0xFFE00001, 0xFFFFF800, 0);
	dir_add(&root, "D", 0xFFFFFFFF, 4096, DIRECTORY);
	dir_add(&root, "E.;1", DATA, 5, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/E 5");
	import_only_odd(&import, LATHE_ISO9660_ODD_EXTENT, 4);
	import_end(&import);
}
END_TEST

START_TEST(directory_that_is_an_ancestor)
{
	struct dir a, b;

	two_directories(&a, &b, DIR_A);
	dir_add(&a, "B", DIR_B, 2048, DIRECTORY);
	dir_add(&b, "A", DIR_A, 2048, DIRECTORY);
	dir_add(&b, "ROOT", ROOT, 2048, DIRECTORY);
	dir_add(&b, "F.;1", DATA, 5, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A/, /A/B/, /A/B/F 5");
	import_only_odd(&import, LATHE_ISO9660_ODD_LOOP, 2);
	import_end(&import);
}
END_TEST

START_TEST(directories_in_each_other)
{
	struct dir a, b;

	two_directories(&a, &b, ROOT);
	dir_add(&root, "B", DIR_B, 2048, DIRECTORY);
	dir_add(&a, "C", DIR_B, 2048, DIRECTORY);
	dir_add(&b, "D", DIR_A, 2048, DIRECTORY);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/A/, /A/C/, /B/, /B/D/");
	import_only_odd(&import, LATHE_ISO9660_ODD_LOOP, 2);
	import_end(&import);
}
END_TEST

/* A length that is no whole block, and a record that goes on behind it. */
START_TEST(record_over_the_end_of_its_directory)
{
	uint32_t bytes;

	dir_add(&root, "A.;1", DATA, 5, 0);
	bytes = root.at + 20;
	dir_add(&root, "B.;1", DATA, 6, 0);
	disc_primary(disc, 16, ROOT, bytes);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 5");
	import_only_odd(&import, LATHE_ISO9660_ODD_RECORD, 1);
	import_end(&import);
}
END_TEST

/* 9.1.10: LEN_FI is 1 at least. */
START_TEST(identifier_of_no_bytes)
{
	dir_add(&root, "A.;1", DATA, 5, 0);
	dir_add(&root, "B.;1", DATA, 6, 0)[32] = 0;
	dir_add(&root, "C.;1", DATA, 7, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 5");
	import_only_odd(&import, LATHE_ISO9660_ODD_RECORD, 1);
	import_end(&import);
}
END_TEST

/* 9.1.12: without it the record is of odd length, and the next one follows
 * at an odd place. */
START_TEST(pad_byte_that_is_missing)
{
	uint8_t *p = dir_add(&root, "A.;1", DATA, 5, 0);

	ck_assert_uint_eq(p[0], 33 + 4 + 1);
	p[0]--;
	root.at--;
	dir_add(&root, "B.;1", DATA, 6, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 5, /B 6");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* 9.1.2: the data begin behind it. */
START_TEST(attribute_record_that_wraps)
{
	dir_add(&root, "A.;1", 0xFFFFFF10, 2048, 0)[1] = 255;
	dir_add(&root, "B", 0xFFFFFF10, 2048, DIRECTORY)[1] = 0xF0 + 20 - 16;
	dir_add(&root, "C.;1", DATA, 2048, 0)[1] = 255;
	dir_add(&root, "D.;1", DATA, 5, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/D 5");
	import_only_odd(&import, LATHE_ISO9660_ODD_EXTENT, 3);
	import_end(&import);
}
END_TEST

/* Content that says it is compressed is what is recorded, not what its header
 * promises; the entry is kept for those who know it. */
START_TEST(compressed_content_is_not_believed)
{
	/* a block of 2^255 bytes, 4 GiB when it is unpacked */
	static const uint8_t zf[16] = { 'Z', 'F', 16, 1, 'p', 'z', 255, 255,
		0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
	struct lathe_iso9660_entry entry;
	uint32_t node;

	put(SP, 7);
	begin_root();
	dir_use(&root, dir_add(&root, "A.;1", DATA, 77, 0), zf, sizeof(zf));
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 77");
	import_only_odd(&import, -1, 0);
	ck_assert_int_eq(lathe_iso9660_find(import.tree, "/A", &node), 0);
	ck_assert_int_eq(lathe_iso9660_get(import.tree, node, &entry), 0);
	ck_assert_uint_eq(entry.size, 77);
	import_end(&import);
}
END_TEST

/* Nothing is read from them. */
START_TEST(path_tables_are_not_believed)
{
	uint8_t *d = disc_block(disc, 16), *p = disc_block(disc, 30);

	/* 8.4.13, 8.4.14: two records, each the other's parent; then nowhere. */
	lathe_put_both32(d + 132, 20);
	lathe_put_le32(d + 140, 30);
	memcpy(p, "\1\0\24\0\0\0\2\0\0\0" "\1\0\24\0\0\0\1\0A\0", 20);
	dir_add(&root, "A.;1", DATA, 5, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 5");
	import_only_odd(&import, -1, 0);
	import_end(&import);
	lathe_put_both32(d + 132, 0xFFFFFFFF);
	lathe_put_le32(d + 140, 0xFFFFFFFF);
	lathe_put_be32(d + 148, 0xFFFFFFFF);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 5");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* 8.2; El Torito: byte 71 leads to the catalog. */
START_TEST(boot_catalog_is_not_walked)
{
	uint8_t *d = disc_block(disc, 17);

	memset(d, 0, 2048);
	memcpy(d, "\0CD001\1EL TORITO SPECIFICATION", 30);
	lathe_put_le32(d + 71, 0xFFFFFFFF);
	disc_terminator(disc, 18);
	dir_add(&root, "A.;1", DATA, 5, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 5");
	import_only_odd(&import, LATHE_ISO9660_ODD_BOOT, 1);
	import_end(&import);
}
END_TEST

/* ---- what is odd and accepted ------------------------------------------- */

/* Each changes the volume that 'variant' has made; 'a' is the record of A. */
static void no_type_m(uint8_t *d, uint8_t *a)
{
	(void)a;
	memset(d + 148, 0, 8);
}

static void structure_version(uint8_t *d, uint8_t *a)
{
	(void)a;
	d[881] = 0x20;
	d[882] = 0x20;
}

static void reserved_bytes(uint8_t *d, uint8_t *a)
{
	(void)a;
	memset(d + 1395, 0xFF, 653);
}

static void two_primaries(uint8_t *d, uint8_t *a)
{
	(void)a;
	memcpy(d + 2048, d, 2048);
	disc_terminator(disc, 18);
}

static void set_of_none(uint8_t *d, uint8_t *a)
{
	(void)a;
	memset(d + 120, 0, 8);
}

static void long_root(uint8_t *d, uint8_t *a)
{
	(void)a;
	d[156] = 68;
}

static void no_version(uint8_t *d, uint8_t *a)
{
	(void)d;
	/* "A" and the pad byte that was ";" no more */
	a[32] = 1;
}

static void dates_of_spaces(uint8_t *d, uint8_t *a)
{
	memset(d + 813, ' ', 68);
	memset(a + 18, ' ', 7);
}

static void date_out_of_range(uint8_t *d, uint8_t *a)
{
	memset(d + 813, 0xFF, 68);
	memset(a + 18, 0xFF, 7);
}

static void volume_too_small(uint8_t *d, uint8_t *a)
{
	(void)a;
	lathe_put_both32(d + 80, 19);
}

static void volume_too_large(uint8_t *d, uint8_t *a)
{
	(void)a;
	lathe_put_both32(d + 80, 0xFFFFFFFF);
}

static void sequence_number(uint8_t *d, uint8_t *a)
{
	(void)d;
	memcpy(a + 28, "\0\0\7\0", 4);
}

static void padding_is_missing(uint8_t *d, uint8_t *a)
{
	(void)d, (void)a;
	disc_resize(disc, DATA + 1);
}

static void xa_attributes(uint8_t *d, uint8_t *a)
{
	static const uint8_t xa[14] = { 0, 0, 0, 0, 0x0D, 0x55, 'X', 'A' };

	(void)d;
	dir_use(&root, a, xa, sizeof(xa));
}

static void (*const variants[])(uint8_t *d, uint8_t *a) = {
	no_type_m, structure_version, reserved_bytes, two_primaries,
	set_of_none, long_root, no_version, dates_of_spaces, date_out_of_range,
	volume_too_small, volume_too_large, sequence_number,
	padding_is_missing, xa_attributes,
};

START_TEST(variant_is_accepted)
{
	uint8_t *a = dir_add(&root, "A.;1", DATA, 5, 0);

	variants[_i](disc_block(disc, 16), a);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 5");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("flaws");
	TCase *tc = tcase_create("flaws");

	tcase_add_checked_fixture(tc, make_plain, drop_volume);
	tcase_add_test(tc, extent_whose_end_wraps);
	tcase_add_test(tc, directory_that_is_an_ancestor);
	tcase_add_test(tc, directories_in_each_other);
	tcase_add_test(tc, record_over_the_end_of_its_directory);
	tcase_add_test(tc, identifier_of_no_bytes);
	tcase_add_test(tc, pad_byte_that_is_missing);
	tcase_add_test(tc, attribute_record_that_wraps);
	tcase_add_test(tc, compressed_content_is_not_believed);
	tcase_add_test(tc, path_tables_are_not_believed);
	tcase_add_test(tc, boot_catalog_is_not_walked);
	tcase_add_loop_test(tc, variant_is_accepted, 0,
			    (int)(sizeof(variants) / sizeof(variants[0])));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
