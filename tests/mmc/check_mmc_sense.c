/* SPDX-License-Identifier: MIT */
/* Sense data in both formats of SPC-3 4.5, at every length. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "mmc/lathe_mmc_commands.h"
#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

static int parse(const char *hex, struct lathe_mmc_sense *out)
{
	uint8_t bytes[64], *exact;
	size_t len = mock_hex(hex, bytes, sizeof(bytes));
	int err;

	exact = malloc(len ? len : 1);
	memcpy(exact, bytes, len);
	err = lathe_mmc_parse_sense(exact, len, out);
	free(exact);
	return err;
}

START_TEST(fixed_format)
{
	struct lathe_mmc_sense s;

	/* 4.5.3: VALID, key 3, information 12345h, additional length 10. */
	ck_assert_int_eq(
		parse("f0 00 03 00012345 0a 00000000 0c 00 00 000000", &s), 0);
	ck_assert(!s.deferred && !s.descriptor && !s.has_progress);
	ck_assert_uint_eq(s.key, 3);
	ck_assert_uint_eq(s.asc, 0x0c);
	ck_assert_uint_eq(s.ascq, 0);
	ck_assert(s.has_information);
	ck_assert_uint_eq(s.information, 0x12345);
	/* Without VALID the information is none. */
	ck_assert_int_eq(
		parse("70 00 03 00012345 0a 00000000 0c 09 00 000000", &s), 0);
	ck_assert(!s.has_information);
	ck_assert_uint_eq(s.ascq, 9);
	/* Deferred; of a cut one the key at least. */
	ck_assert_int_eq(parse("71 00 03", &s), 0);
	ck_assert(s.deferred);
	ck_assert_uint_eq(s.key, 3);
	ck_assert_int_eq(
		parse("f1 00 03 00000010 0a 00000000 0c 00 00 000000", &s), 0);
	ck_assert(s.deferred);
}
END_TEST

START_TEST(progress_needs_sksv_and_its_key)
{
	struct lathe_mmc_sense s;

	ck_assert_int_eq(
		parse("70 00 02 00000000 0a 00000000 04 07 00 80 8000", &s), 0);
	ck_assert(s.has_progress);
	ck_assert_uint_eq(s.progress, 0x8000);
	ck_assert_int_eq(
		parse("70 00 00 00000000 0a 00000000 00 16 00 80 4000", &s), 0);
	ck_assert(s.has_progress);
	ck_assert_int_eq(
		parse("70 00 02 00000000 0a 00000000 04 07 00 00 8000", &s), 0);
	ck_assert(!s.has_progress);
	/* SKSV is bit 7 alone. */
	ck_assert_int_eq(
		parse("70 00 02 00000000 0a 00000000 04 07 00 7f 8000", &s), 0);
	ck_assert(!s.has_progress);
	/* With key 5 these bytes point at a field. */
	ck_assert_int_eq(
		parse("70 00 05 00000000 0a 00000000 24 00 00 c0 0002", &s), 0);
	ck_assert(!s.has_progress);
}
END_TEST

START_TEST(descriptor_format)
{
	struct lathe_mmc_sense s;

	/* 4.5.2: information (type 0, length 10) and sense key specific (type
	 * 2, length 6) with an unknown descriptor between them. */
	ck_assert_int_eq(
		parse("72 02 04 08 000000 1a 00 0a 80 00 0000000000abcdef "
		      "09 02 1234 02 06 0000 80 1234 00",
		      &s),
		0);
	ck_assert(s.descriptor && !s.deferred);
	ck_assert_uint_eq(s.key, 2);
	ck_assert_uint_eq(s.asc, 4);
	ck_assert_uint_eq(s.ascq, 8);
	ck_assert(s.has_information);
	ck_assert_uint_eq(s.information, 0xabcdef);
	ck_assert(s.has_progress);
	ck_assert_uint_eq(s.progress, 0x1234);
	ck_assert_int_eq(parse("73 03 0c 00 000000 00", &s), 0);
	ck_assert(s.deferred);
	ck_assert_uint_eq(s.asc, 0x0c);
}
END_TEST

START_TEST(cut_sense_data_is_used_as_far_as_it_came)
{
	static const char *const full[] = {
		"f0 00 02 00012345 0a 00000000 04 07 00 80 1234",
		"72 02 04 07 000000 14 00 0a 80 00 0000000000abcdef "
		"02 06 0000 80 1234 00",
	};

	for (size_t i = 0; i < 2; i++) {
		uint8_t bytes[64];
		size_t len = mock_hex(full[i], bytes, sizeof(bytes));
		size_t least = i == 0 ? 3 : 4;

		for (size_t n = 0; n <= len; n++) {
			uint8_t *exact = malloc(n ? n : 1);
			struct lathe_mmc_sense s;

			memset(&s, 0x5c, sizeof(s));
			memcpy(exact, bytes, n);
			ck_assert_int_eq(lathe_mmc_parse_sense(exact, n, &s),
					 n < least ? LATHE_ERR_CORRUPT : 0);
			if (n < least)
				ck_assert_uint_eq(s.key, 0x5c);
			else
				ck_assert_uint_eq(s.key, 2);
			free(exact);
		}
		/* The length field counts, not the bytes behind it. */
		bytes[7] = 0;
		for (size_t n = 8; n <= len; n++) {
			struct lathe_mmc_sense s;

			ck_assert_int_eq(lathe_mmc_parse_sense(bytes, n, &s),
					 0);
			ck_assert(!s.has_progress);
			if (i == 0)
				ck_assert_uint_eq(s.asc, 0);
		}
	}
}
END_TEST

START_TEST(other_response_codes_are_refused)
{
	struct lathe_mmc_sense s;

	ck_assert_int_eq(parse("6f 00 03 00000000 0a 00000000 0c 00", &s),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(parse("00 00 03 00000000 0a 00000000 0c 00", &s),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(parse("7f 00 03 00000000 0a 00000000 0c 00", &s),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(parse("74 00 03 00000000 0a 00000000 0c 00", &s),
			 LATHE_ERR_CORRUPT);
}
END_TEST

/* A field counts from its last byte on, and no sooner. */
START_TEST(fields_count_once_they_are_whole)
{
	struct lathe_mmc_sense s;

	/* Information up to byte 6, ASC in 12, ASCQ in 13, progress to 17. */
	ck_assert_int_eq(parse("f0 00 02 00012345", &s), 0);
	ck_assert(s.has_information);
	ck_assert_uint_eq(s.information, 0x12345);
	ck_assert_int_eq(parse("f0 00 02 000123", &s), 0);
	ck_assert(!s.has_information);
	ck_assert_int_eq(parse("70 00 02 00000000 0a 00000000 04", &s), 0);
	ck_assert_uint_eq(s.asc, 0x04);
	ck_assert_uint_eq(s.ascq, 0);
	ck_assert_int_eq(parse("70 00 02 00000000 0a 00000000 04 07", &s), 0);
	ck_assert_uint_eq(s.ascq, 0x07);
	ck_assert_int_eq(
		parse("70 00 02 00000000 0a 00000000 04 07 00 80 80", &s), 0);
	ck_assert(!s.has_progress);
	/* The same by the length field: byte 7 counts what follows it. */
	ck_assert_int_eq(
		parse("70 00 02 00000000 04 00000000 04 07 00 80 8000", &s), 0);
	ck_assert_uint_eq(s.asc, 0);
	ck_assert_int_eq(
		parse("70 00 02 00000000 05 00000000 04 07 00 80 8000", &s), 0);
	ck_assert_uint_eq(s.asc, 0x04);
	ck_assert_uint_eq(s.ascq, 0);
	ck_assert_int_eq(
		parse("70 00 02 00000000 06 00000000 04 07 00 80 8000", &s), 0);
	ck_assert_uint_eq(s.ascq, 0x07);
	ck_assert_int_eq(
		parse("70 00 02 00000000 09 00000000 04 07 00 80 8000", &s), 0);
	ck_assert(!s.has_progress);
	ck_assert_int_eq(
		parse("70 00 02 00000000 0a 00000000 04 07 00 80 8000", &s), 0);
	ck_assert(s.has_progress);
}
END_TEST

/* Filemark, EOM and ILI stand above the key in byte 2; in descriptor format
 * the bits above it are reserved. Bit 7 of byte 0 is VALID or reserved. */
START_TEST(the_key_has_four_bits)
{
	struct lathe_mmc_sense s;

	ck_assert_int_eq(
		parse("70 00 e3 00000000 0a 00000000 11 05 00 000000", &s), 0);
	ck_assert_uint_eq(s.key, 3);
	ck_assert_int_eq(parse("f2 f3 11 05 000000 00", &s), 0);
	ck_assert_uint_eq(s.key, 3);
	ck_assert_uint_eq(s.asc, 0x11);
}
END_TEST

START_TEST(descriptors_count_once_they_are_whole)
{
	struct lathe_mmc_sense s;

	/* By the length field: the last one is cut by a byte. */
	ck_assert_int_eq(
		parse("72 02 04 08 000000 0c 00 0a 80 00 0000000000abcdef", &s),
		0);
	ck_assert(s.has_information);
	ck_assert_int_eq(
		parse("72 02 04 08 000000 0b 00 0a 80 00 0000000000abcdef", &s),
		0);
	ck_assert(!s.has_information);
	/* VALID is bit 7 of its byte 2. */
	ck_assert_int_eq(
		parse("72 02 04 08 000000 0c 00 0a 00 00 0000000000abcdef", &s),
		0);
	ck_assert(!s.has_information);
	ck_assert_int_eq(
		parse("72 02 04 08 000000 0c 00 0a 7f 00 0000000000abcdef", &s),
		0);
	ck_assert(!s.has_information);
	/* 4.5.2.3: what is command specific (type 1) is no information, and a
	 * descriptor of another type no progress. */
	ck_assert_int_eq(
		parse("72 02 04 08 000000 0c 01 0a 80 00 0000000000abcdef", &s),
		0);
	ck_assert(!s.has_information);
	ck_assert_int_eq(
		parse("72 02 04 08 000000 08 03 06 0000 80 1234 00", &s), 0);
	ck_assert(!s.has_progress);
	/* Too short for what they are; a length without its byte. */
	ck_assert_int_eq(
		parse("72 02 04 08 000000 0b 00 09 80 00 00000000000abc", &s),
		0);
	ck_assert(!s.has_information);
	ck_assert_int_eq(
		parse("72 02 04 08 000000 0c 00 02 80 00 02 06 0000 80 1234 00",
		      &s),
		0);
	ck_assert(!s.has_information && s.has_progress);
	ck_assert_uint_eq(s.progress, 0x1234);
	ck_assert_int_eq(
		parse("72 02 04 08 000000 09 02 05 0000 80 1234 09 00", &s), 0);
	ck_assert(!s.has_progress);
	ck_assert_int_eq(parse("72 02 04 08 000000 01 02", &s), 0);
	ck_assert(!s.has_progress && !s.has_information);
}
END_TEST

START_TEST(codes_have_words)
{
	ck_assert_str_eq(lathe_mmc_sense_text(3, 0x0c, 0x00), "write error");
	ck_assert_str_eq(lathe_mmc_sense_text(2, 0x3a, 0x02),
			 "no medium, tray open");
	ck_assert_str_eq(lathe_mmc_sense_text(4, 0x44, 0x00), "hardware error");
	/* Only the key's own four bits count. */
	ck_assert_str_eq(lathe_mmc_sense_text(0xf4, 0x44, 0x00),
			 "hardware error");
	ck_assert_str_eq(lathe_mmc_command_name(0x2a), "WRITE(10)");
	ck_assert_str_eq(lathe_mmc_command_name(0xa1), "BLANK");
	ck_assert_str_eq(lathe_mmc_command_name(0xff), "command");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc sense");
	TCase *t = tcase_create("all");

	tcase_add_test(t, fixed_format);
	tcase_add_test(t, progress_needs_sksv_and_its_key);
	tcase_add_test(t, descriptor_format);
	tcase_add_test(t, cut_sense_data_is_used_as_far_as_it_came);
	tcase_add_test(t, fields_count_once_they_are_whole);
	tcase_add_test(t, the_key_has_four_bits);
	tcase_add_test(t, descriptors_count_once_they_are_whole);
	tcase_add_test(t, other_response_codes_are_refused);
	tcase_add_test(t, codes_have_words);
	suite_add_tcase(s, t);
	return run_suite(s);
}
