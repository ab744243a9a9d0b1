/* SPDX-License-Identifier: MIT */
/* CRC-32C against RFC 3720 B.4 and against its definition. */
#include "iso9660/lathe_iso9660.h"

#include <check.h>
#include <string.h>
#include "tests/suite.h"

START_TEST(samples_of_rfc_3720)
{
	uint8_t data[48];
	uint32_t i;

	memset(data, 0, sizeof(data));
	ck_assert_uint_eq(lathe_iso9660_crc32c(0, data, 32), 0x8A9136AA);
	memset(data, 0xFF, sizeof(data));
	ck_assert_uint_eq(lathe_iso9660_crc32c(0, data, 32), 0x62A8AB43);
	for (i = 0; i < 32; i++)
		data[i] = (uint8_t)i;
	ck_assert_uint_eq(lathe_iso9660_crc32c(0, data, 32), 0x46DD794E);
	for (i = 0; i < 32; i++)
		data[i] = (uint8_t)(31 - i);
	ck_assert_uint_eq(lathe_iso9660_crc32c(0, data, 32), 0x113FDB5C);
	ck_assert_uint_eq(lathe_iso9660_crc32c(0, "123456789", 9),
			  0xE3069283);
}
END_TEST

/* Bit by bit, polynomial 1EDC6F41h reflected. */
static uint32_t by_definition(const uint8_t *p, size_t bytes)
{
	uint32_t crc = 0xFFFFFFFF;
	int bit;

	while (bytes--) {
		crc ^= *p++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78 : 0);
	}
	return ~crc;
}

START_TEST(any_length_in_any_pieces)
{
	uint8_t data[200];
	size_t len, cut;
	uint32_t i, crc;

	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 167 + 13);
	for (len = 0; len <= 70; len++) {
		crc = by_definition(data + 1, len);
		ck_assert_uint_eq(lathe_iso9660_crc32c(0, data + 1, len),
				  crc);
		for (cut = 0; cut <= len; cut++)
			ck_assert_uint_eq(
				lathe_iso9660_crc32c(
					lathe_iso9660_crc32c(0, data + 1,
							      cut),
					data + 1 + cut, len - cut),
				crc);
	}
}
END_TEST

/* Long ones are summed in several streams at once. */
START_TEST(long_ones)
{
	static const size_t lengths[] = { 4096, 12287, 12288, 12289, 24576,
					  40000 };
	static uint8_t data[40008];
	uint32_t i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 2654435761u >> 21);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		ck_assert_uint_eq(lathe_iso9660_crc32c(0, data + i,
						       lengths[i]),
				  by_definition(data + i, lengths[i]));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: checksum");
	TCase *tc = tcase_create("crc-32c");

	tcase_add_test(tc, samples_of_rfc_3720);
	tcase_add_test(tc, any_length_in_any_pieces);
	tcase_add_test(tc, long_ones);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
