/* SPDX-License-Identifier: MIT */
/* Recording dates, ECMA-119 9.1.5, and seconds since 1970-01-01 GMT. */
#include <check.h>
#include <stdint.h>
#include <string.h>

#include "iso9660/lathe_iso9660.h"
#include "tests/suite.h"

static const struct {
	int64_t seconds;
	uint8_t date[7];
} same[] = {
	{ 0, { 70, 1, 1 } },
	{ -1, { 69, 12, 31, 23, 59, 59 } },
	{ -2208988800, { 0, 1, 1 } },
	{ -2203891201, { 0, 2, 28, 23, 59, 59 } }, /* no leap year */
	{ -2203891200, { 0, 3, 1 } },
	{ 951827696, { 100, 2, 29, 12, 34, 56 } }, /* one */
	{ 1795316645, { 126, 11, 22, 3, 4, 5 } },
	{ 4107456000, { 200, 2, 28 } },
	{ 4107542400, { 200, 3, 1 } },	/* none */
	{ 5869583999, { 255, 12, 31, 23, 59, 59 } },
};

START_TEST(dates_both_ways)
{
	uint8_t date[7];
	int64_t seconds;

	memset(date, 0xEE, sizeof(date));
	lathe_iso9660_date_put(same[_i].seconds, date);
	ck_assert_mem_eq(date, same[_i].date, 7);
	ck_assert(lathe_iso9660_date_get(same[_i].date, &seconds));
	ck_assert_int_eq(seconds, same[_i].seconds);
}
END_TEST

START_TEST(every_day_both_ways)
{
	int64_t at, seconds;
	uint8_t date[7];

	for (at = -2208988800; at <= 5869583999; at += 86400) {
		lathe_iso9660_date_put(at, date);
		ck_assert(lathe_iso9660_date_get(date, &seconds));
		ck_assert_int_eq(seconds, at);
	}
}
END_TEST

START_TEST(years_that_a_byte_can_not_hold)
{
	static const int64_t outside[] = { -2208988801, 5869584000, INT64_MIN,
					   INT64_MAX };
	static const uint8_t none[7];
	uint8_t date[7];
	size_t i;

	for (i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		memset(date, 0xEE, sizeof(date));
		lathe_iso9660_date_put(outside[i], date);
		ck_assert_mem_eq(date, none, 7);
	}
}
END_TEST

/* An hour and a half east of GMT it is that much earlier there. */
START_TEST(offsets_from_gmt)
{
	uint8_t date[7] = { 70, 1, 2, 0, 0, 0, 6 };
	int64_t seconds;

	ck_assert(lathe_iso9660_date_get(date, &seconds));
	ck_assert_int_eq(seconds, 86400 - 5400);
	date[6] = (uint8_t)-48;
	ck_assert(lathe_iso9660_date_get(date, &seconds));
	ck_assert_int_eq(seconds, 86400 + 43200);
	date[6] = 52;
	ck_assert(lathe_iso9660_date_get(date, &seconds));
	ck_assert_int_eq(seconds, 86400 - 46800);
}
END_TEST

/* From -48 to 52; genisoimage 1.1.11 records -96 behind 2038-01-19, which
 * other readers take for GMT. */
START_TEST(offsets_that_are_none)
{
	static const int8_t none[] = { -128, -96, -49, 53, 127 };
	uint8_t date[7] = { 138, 1, 19, 3, 14, 13, 0 };
	int64_t seconds;
	size_t i;

	for (i = 0; i < sizeof(none); i++) {
		date[6] = (uint8_t)none[i];
		ck_assert(lathe_iso9660_date_get(date, &seconds));
		ck_assert_int_eq(seconds, 2147483653);
	}
}
END_TEST

START_TEST(what_is_no_date)
{
	static const uint8_t wrong[][7] = {
		{ 0 }, { 70, 0, 1 }, { 70, 13, 1 }, { 70, 1, 0 },
		{ 70, 1, 32 }, { 70, 1, 1, 24 }, { 70, 1, 1, 0, 60 },
		{ 70, 1, 1, 0, 0, 60 },
	};
	int64_t seconds = 77;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert(!lathe_iso9660_date_get(wrong[i], &seconds));
	ck_assert_int_eq(seconds, 77);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dates");
	TCase *tc = tcase_create("dates");

	tcase_add_loop_test(tc, dates_both_ways, 0,
			    (int)(sizeof(same) / sizeof(same[0])));
	tcase_add_test(tc, every_day_both_ways);
	tcase_add_test(tc, years_that_a_byte_can_not_hold);
	tcase_add_test(tc, offsets_from_gmt);
	tcase_add_test(tc, offsets_that_are_none);
	tcase_add_test(tc, what_is_no_date);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
