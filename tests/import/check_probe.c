/* SPDX-License-Identifier: MIT */
/* What is found at a session's start, and what is refused. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "lib_disc.h"
#include "tests/suite.h"

static struct disc *disc;
static struct lathe_iso9660_found found;
static struct lathe_failure failure;

/* System area, PVD, Joliet, terminator, two roots: as small as it gets. */
static void make(void)
{
	disc = disc_new(32);
	disc_primary(disc, 16, 20, 2048);
	disc_joliet(disc, 17, 21, 2048);
	disc_terminator(disc, 18);
	dir_begin(disc, 20, 1, 20, 1, false);
	dir_begin(disc, 21, 1, 21, 1, true);
}

static void drop(void)
{
	disc_free(disc);
}

static int probe(uint32_t start)
{
	memset(&found, 0xEE, sizeof(found));
	return lathe_iso9660_probe(&disc->source, start, &joliet_use, 1,
				   &found, &failure);
}

START_TEST(descriptors_are_found)
{
	ck_assert_int_eq(probe(0), 0);
	ck_assert_uint_eq(found.start, 0);
	ck_assert_uint_eq(found.volume_blocks, 32);
	ck_assert_uint_eq(found.descriptors, 3);
	ck_assert_uint_eq(found.hierarchies, 3);
	ck_assert_str_eq(found.volume_id, "Jol");
	ck_assert_str_eq(found.application, "SOME PROGRAM");
	ck_assert(!found.own);
	ck_assert_uint_eq(found.self.blocks, 0);
	ck_assert_int_eq(failure.err, 0);
}
END_TEST

START_TEST(label_of_the_primary_where_nothing_else_is_known)
{
	ck_assert_int_eq(lathe_iso9660_probe(&disc->source, 0, NULL, 0, &found,
					     &failure), 0);
	ck_assert_uint_eq(found.hierarchies, 1);
	ck_assert_str_eq(found.volume_id, "VOLUME");
}
END_TEST

/* They are shown on terminals. */
START_TEST(texts_hold_no_control_characters)
{
	memcpy(disc_block(disc, 16) + 40, "\33[2J\nV\177", 7);
	memcpy(disc_block(disc, 16) + 574, "\33c", 2);
	ck_assert_int_eq(lathe_iso9660_probe(&disc->source, 0, NULL, 0, &found,
					     &failure), 0);
	ck_assert_str_eq(found.volume_id, "?[2J?V?");
	ck_assert_str_eq(found.application, "?cME PROGRAM");
	/* Padded with zeros, as some do it. */
	memset(disc_block(disc, 16) + 577, 0, 125);
	ck_assert_int_eq(probe(0), 0);
	ck_assert_str_eq(found.application, "?cM");
	memcpy(disc_block(disc, 17) + 40, "\0\33\0c\0\r", 6);
	ck_assert_int_eq(probe(0), 0);
	ck_assert_str_eq(found.volume_id, "?c?");
}
END_TEST

START_TEST(later_session_is_found_at_its_start)
{
	struct disc *later = disc_new(1000);

	disc_primary(later, 916, 920, 2048);
	disc_terminator(later, 917);
	dir_begin(later, 920, 1, 920, 1, false);
	ck_assert_int_eq(lathe_iso9660_probe(&later->source, 900, NULL, 0,
					     &found, &failure), 0);
	ck_assert_uint_eq(found.start, 900);
	ck_assert_uint_eq(found.descriptors, 2);
	ck_assert_int_eq(lathe_iso9660_probe(&later->source, 0, NULL, 0,
					     &found, &failure),
			 LATHE_ERR_NO_VOLUME);
	disc_free(later);
}
END_TEST

START_TEST(nothing_there_is_no_volume)
{
	struct disc *blank = disc_new(17), *tiny = disc_new(10);

	ck_assert_int_eq(lathe_iso9660_probe(&blank->source, 0, NULL, 0,
					     &found, NULL),
			 LATHE_ERR_NO_VOLUME);
	ck_assert_int_eq(lathe_iso9660_probe(&tiny->source, 0, NULL, 0, &found,
					     &failure), LATHE_ERR_NO_VOLUME);
	ck_assert_int_eq(failure.err, LATHE_ERR_NO_VOLUME);
	ck_assert_int_eq(lathe_iso9660_probe(&tiny->source, UINT32_MAX, NULL, 0,
					     &found, &failure),
			 LATHE_ERR_NO_VOLUME);
	disc_free(blank);
	disc_free(tiny);
}
END_TEST

/* The descriptors say where a volume ends, not the blocks behind them. */
START_TEST(sequence_without_terminator_ends_at_another_block)
{
	memset(disc_block(disc, 18), 0, 2048);
	ck_assert_int_eq(probe(0), 0);
	ck_assert_uint_eq(found.descriptors, 2);
	ck_assert_uint_eq(found.hierarchies, 3);
}
END_TEST

START_TEST(endless_sequence_ends)
{
	struct disc *many = disc_new(200);
	uint32_t i;

	disc_primary(many, 16, 150, 2048);
	for (i = 17; i < 140; i++) {
		memcpy(disc_block(many, i), disc_block(many, 16), 2048);
		disc_block(many, i)[0] = 3; /* partitions */
	}
	dir_begin(many, 150, 1, 150, 1, false);
	ck_assert_int_eq(lathe_iso9660_probe(&many->source, 0, NULL, 0, &found,
					     &failure), 0);
	ck_assert_uint_le(found.descriptors, 64);
	ck_assert_uint_le(many->reads, 64);
	disc_free(many);
}
END_TEST

/* A boot record may stand before the primary descriptor. */
START_TEST(boot_record_is_passed_by)
{
	memcpy(disc_block(disc, 19), disc_block(disc, 18), 2048);
	memcpy(disc_block(disc, 18), disc_block(disc, 17), 2048);
	memcpy(disc_block(disc, 17), disc_block(disc, 16), 2048);
	memset(disc_block(disc, 16), 0, 2048);
	memcpy(disc_block(disc, 16), "\0CD001\1EL TORITO SPECIFICATION", 30);
	ck_assert_int_eq(probe(0), 0);
	ck_assert_uint_eq(found.hierarchies, 3);
	ck_assert_uint_eq(found.descriptors, 4);
}
END_TEST

START_TEST(first_of_two_primaries_counts)
{
	memcpy(disc_block(disc, 19), disc_block(disc, 18), 2048);
	disc_primary(disc, 18, 25, 2048);
	memcpy(disc_block(disc, 18) + 40, "SECOND", 6);
	ck_assert_int_eq(lathe_iso9660_probe(&disc->source, 0, NULL, 0, &found,
					     &failure), 0);
	ck_assert_str_eq(found.volume_id, "VOLUME");
}
END_TEST

START_TEST(first_of_two_joliets_counts)
{
	memcpy(disc_block(disc, 19), disc_block(disc, 18), 2048);
	disc_joliet(disc, 18, 31, 2048);
	memcpy(disc_block(disc, 18) + 40, "\0S\0e\0c", 6);
	ck_assert_int_eq(probe(0), 0);
	ck_assert_uint_eq(found.hierarchies, 3);
	ck_assert_str_eq(found.volume_id, "Jol");
}
END_TEST

/* 6.7.1: the set begins with the primary one, and ends with the terminator. */
START_TEST(what_is_not_in_the_set_is_not_taken)
{
	if (_i) {
		memcpy(disc_block(disc, 19), disc_block(disc, 17), 2048);
		memcpy(disc_block(disc, 17), disc_block(disc, 18), 2048);
		memcpy(disc_block(disc, 18), disc_block(disc, 19), 2048);
	} else {
		memcpy(disc_block(disc, 19), disc_block(disc, 17), 2048);
		memcpy(disc_block(disc, 17), disc_block(disc, 16), 2048);
		memcpy(disc_block(disc, 16), disc_block(disc, 19), 2048);
	}
	memset(disc_block(disc, 19), 0, 2048);
	ck_assert_int_eq(probe(0), 0);
	ck_assert_uint_eq(found.hierarchies, 1);
	ck_assert_uint_eq(found.descriptors, _i ? 2 : 3);
	ck_assert_str_eq(found.volume_id, "VOLUME");
}
END_TEST

/* Joliet without a label hides that of the primary descriptor from nobody. */
START_TEST(label_of_the_primary_where_joliet_has_none)
{
	uint8_t *id = disc_block(disc, 17) + 40;
	int i;

	for (i = 0; i < 32; i++)
		id[i] = i % 2 ? ' ' : 0;
	ck_assert_int_eq(probe(0), 0);
	ck_assert_uint_eq(found.hierarchies, 3);
	ck_assert_str_eq(found.volume_id, "VOLUME");
}
END_TEST

/* An enhanced descriptor (8.5.2, version 2) is no Joliet. */
START_TEST(enhanced_descriptor_is_not_taken)
{
	uint8_t *d = disc_block(disc, 17);

	d[6] = 2;
	memset(d + 88, 0, 32);
	ck_assert_int_eq(probe(0), 0);
	ck_assert_uint_eq(found.hierarchies, 1);
	ck_assert_uint_eq(found.descriptors, 3);
}
END_TEST

/* Fields of discs in the wild: none of these harms. */
START_TEST(oddities_of_old_writers_are_accepted)
{
	uint8_t *d = disc_block(disc, 16);

	memset(d + 120, 0, 4);		/* volume set size 0 */
	memset(d + 148, 0, 8);		/* no type M path table */
	d[882] = 0x20;
	memset(d + 1395, 0x5A, 653);	/* reserved */
	memset(d + 813, ' ', 68);	/* dates of blanks */
	d[156] = 68;			/* a longer root record */
	d[40] = 'l';			/* lower case */
	disc_block(disc, 18)[100] = 1;	/* bytes in the terminator */
	ck_assert_int_eq(probe(0), 0);
	ck_assert_uint_eq(found.hierarchies, 3);
	d[156] = 48;
	ck_assert_int_eq(probe(0), 0);
}
END_TEST

START_TEST(number_is_taken_from_the_half_that_can_be)
{
	uint8_t *d = disc_block(disc, 16);

	memset(d + 80, 0, 4);		/* size: little endian half zero */
	memset(d + 156 + 2, 0xFF, 4);	/* root: nowhere in little endian */
	ck_assert_int_eq(probe(0), 0);
	ck_assert_uint_eq(found.volume_blocks, 32);
	memset(d + 156 + 6, 0xFF, 4);
	disc_terminator(disc, 17);
	ck_assert_int_eq(probe(0), LATHE_ERR_CORRUPT);
	ck_assert_ptr_nonnull(strstr(failure.text, "block 16"));
}
END_TEST

START_TEST(other_block_sizes_are_unsupported)
{
	memcpy(disc_block(disc, 16) + 128, "\x00\x02\x02\x00", 4);
	ck_assert_int_eq(probe(0), LATHE_ERR_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(failure.text, "512"));
}
END_TEST

/* 8.4.12, as old masterers forgot one half. */
START_TEST(block_size_in_one_half)
{
	memcpy(disc_block(disc, 16) + 128,
	       _i ? "\x00\x08\x00\x00" : "\x00\x00\x08\x00", 4);
	ck_assert_int_eq(probe(0), 0);
	ck_assert_uint_eq(found.hierarchies, 3);
}
END_TEST

/* 9.1.2, 9.1.3: address and attribute record lead beyond every disc, and not
 * around to block 20. */
START_TEST(root_address_that_wraps)
{
	uint8_t *root = disc_block(disc, 16) + 156;

	root[1] = 32;
	memcpy(root + 2, "\xF4\xFF\xFF\xFF\xFF\xFF\xFF\xF4", 8);
	disc_terminator(disc, 17);
	ck_assert_int_eq(probe(0), LATHE_ERR_CORRUPT);
}
END_TEST

/* As long as nothing else leads to a root. */
START_TEST(root_outside_the_disc_is_corrupt)
{
	disc_terminator(disc, 17);
	disc_primary(disc, 16, 31, 4096);
	ck_assert_int_eq(probe(0), LATHE_ERR_CORRUPT);
	disc_primary(disc, 16, 0xFFFFFFFF, 0xFFFFFFFF);
	ck_assert_int_eq(probe(0), LATHE_ERR_CORRUPT);
	disc_primary(disc, 16, 20, 0);
	ck_assert_int_eq(probe(0), LATHE_ERR_CORRUPT);
	disc_primary(disc, 16, 20, 2048);
	disc_block(disc, 16)[156] = 33;
	ck_assert_int_eq(probe(0), LATHE_ERR_CORRUPT);
}
END_TEST

START_TEST(joliet_root_outside_the_disc_is_no_hierarchy)
{
	disc_joliet(disc, 17, 32, 2048);
	ck_assert_int_eq(probe(0), 0);
	ck_assert_uint_eq(found.hierarchies, 1);
	ck_assert_str_eq(found.volume_id, "VOLUME");
}
END_TEST

START_TEST(read_error_is_handed_on)
{
	disc->broken = 17;
	ck_assert_int_eq(probe(0), LATHE_ERR_IO);
	ck_assert_int_eq(failure.err, LATHE_ERR_IO);
	ck_assert_ptr_nonnull(strstr(failure.text, "17"));
}
END_TEST

START_TEST(too_many_hierarchies_are_refused)
{
	struct lathe_iso9660_use uses[4] = { joliet_use, joliet_use,
					     joliet_use, joliet_use };

	ck_assert_int_eq(lathe_iso9660_probe(&disc->source, 0, uses, 4, &found,
					     &failure), LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_probe(&disc->source, 0, NULL, 1, &found,
					     &failure), LATHE_ERR_ARG);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("probe");
	TCase *tc = tcase_create("descriptors");

	tcase_add_checked_fixture(tc, make, drop);
	tcase_add_test(tc, descriptors_are_found);
	tcase_add_test(tc, label_of_the_primary_where_nothing_else_is_known);
	tcase_add_test(tc, texts_hold_no_control_characters);
	tcase_add_test(tc, later_session_is_found_at_its_start);
	tcase_add_test(tc, nothing_there_is_no_volume);
	tcase_add_test(tc, sequence_without_terminator_ends_at_another_block);
	tcase_add_test(tc, endless_sequence_ends);
	tcase_add_test(tc, boot_record_is_passed_by);
	tcase_add_test(tc, first_of_two_primaries_counts);
	tcase_add_test(tc, first_of_two_joliets_counts);
	tcase_add_loop_test(tc, what_is_not_in_the_set_is_not_taken, 0, 2);
	tcase_add_test(tc, label_of_the_primary_where_joliet_has_none);
	tcase_add_test(tc, enhanced_descriptor_is_not_taken);
	tcase_add_test(tc, oddities_of_old_writers_are_accepted);
	tcase_add_test(tc, number_is_taken_from_the_half_that_can_be);
	tcase_add_test(tc, other_block_sizes_are_unsupported);
	tcase_add_loop_test(tc, block_size_in_one_half, 0, 2);
	tcase_add_test(tc, root_address_that_wraps);
	tcase_add_test(tc, root_outside_the_disc_is_corrupt);
	tcase_add_test(tc, joliet_root_outside_the_disc_is_no_hierarchy);
	tcase_add_test(tc, read_error_is_handed_on);
	tcase_add_test(tc, too_many_hierarchies_are_refused);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
