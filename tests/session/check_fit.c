/* SPDX-License-Identifier: MIT */
/*
 * check_fit.c - does a session fit: numbers worked out by hand from the
 * figures of the Orange Book for CD (300 blocks at least, 2 run-out) and the
 * documented closing budget of 21 and 11 MiB (10,752 and 5,632 blocks).
 */
#include "session/lathe_session.h"
#include "tests/suite.h"

#include <check.h>

static const struct lathe_mmc_costs first = { 300, 1, 2, 150, 10752, 11402 };
static const struct lathe_mmc_costs later = { 300, 1, 2, 150, 5632, 6902 };

/* A medium of whole clusters, without run-out, pad and closing reserve. */
static const struct lathe_mmc_costs clusters = { 0, 32, 0, 0, 0, 0 };

/* No medium has both. */
static const struct lathe_mmc_costs padded = { 0, 16, 2, 20, 0, 0 };

static struct lathe_session_space fit(const struct lathe_mmc_costs *costs,
				      uint32_t free_blocks, uint32_t volume)
{
	struct lathe_session_space space;

	lathe_session_fit(costs, free_blocks, volume, &space);
	return space;
}

static void expect(struct lathe_session_space is, uint32_t need, uint32_t pad,
		   uint32_t track, enum lathe_session_fits how)
{
	ck_assert_uint_eq(is.need, need);
	ck_assert_uint_eq(is.pad, pad);
	ck_assert_uint_eq(is.track, track);
	ck_assert_int_eq(is.fit, how);
}

START_TEST(a_session_with_much_room_is_padded)
{
	/* 1000 + 2; 1000 + 150 are written. */
	expect(fit(&first, 359845, 1000), 1002, 150, 1150,
	       LATHE_SESSION_FITS_APPENDABLE);
}
END_TEST

START_TEST(a_short_session_is_filled_to_the_minimum)
{
	expect(fit(&first, 359845, 50), 302, 150, 300,
	       LATHE_SESSION_FITS_APPENDABLE);
	/* 150 + 150 is the minimum exactly; from there on the pad counts. */
	expect(fit(&first, 359845, 150), 302, 150, 300,
	       LATHE_SESSION_FITS_APPENDABLE);
	expect(fit(&first, 359845, 151), 302, 150, 301,
	       LATHE_SESSION_FITS_APPENDABLE);
	expect(fit(&first, 359845, 300), 302, 150, 450,
	       LATHE_SESSION_FITS_APPENDABLE);
	expect(fit(&first, 359845, 301), 303, 150, 451,
	       LATHE_SESSION_FITS_APPENDABLE);
}
END_TEST

START_TEST(the_documented_reserve_decides_between_appendable_and_final)
{
	/* 359,845 - 10,752 - 2 = 349,091 */
	expect(fit(&first, 359845, 349091), 349093, 150, 349241,
	       LATHE_SESSION_FITS_APPENDABLE);
	expect(fit(&first, 359845, 349092), 349094, 150, 349242,
	       LATHE_SESSION_FITS_FINAL);
	/* 100,000 - 5,632 - 2 = 94,366 */
	expect(fit(&later, 100000, 94366), 94368, 150, 94516,
	       LATHE_SESSION_FITS_APPENDABLE);
	expect(fit(&later, 100000, 94367), 94369, 150, 94517,
	       LATHE_SESSION_FITS_FINAL);
	/* The physical 6,902 plays no part. */
	expect(fit(&later, 5934, 300), 302, 150, 450,
	       LATHE_SESSION_FITS_APPENDABLE);
	expect(fit(&later, 5933, 300), 302, 150, 450,
	       LATHE_SESSION_FITS_FINAL);
}
END_TEST

START_TEST(the_pad_takes_what_is_left_over_and_is_never_a_reason_to_refuse)
{
	expect(fit(&later, 1152, 1000), 1002, 150, 1150,
	       LATHE_SESSION_FITS_FINAL);
	expect(fit(&later, 1151, 1000), 1002, 149, 1149,
	       LATHE_SESSION_FITS_FINAL);
	expect(fit(&later, 1003, 1000), 1002, 1, 1001,
	       LATHE_SESSION_FITS_FINAL);
	expect(fit(&later, 1002, 1000), 1002, 0, 1000,
	       LATHE_SESSION_FITS_FINAL);
	expect(fit(&later, 1001, 1000), 1002, 0, 0, LATHE_SESSION_FITS_NOT);
}
END_TEST

START_TEST(the_smallest_track_fits_to_the_block)
{
	expect(fit(&later, 302, 200), 302, 100, 300, LATHE_SESSION_FITS_FINAL);
	expect(fit(&later, 301, 200), 302, 0, 0, LATHE_SESSION_FITS_NOT);
	expect(fit(&later, 0, 1), 302, 0, 0, LATHE_SESSION_FITS_NOT);
}
END_TEST

START_TEST(tracks_are_whole_clusters)
{
	expect(fit(&clusters, 1000, 1), 32, 0, 32,
	       LATHE_SESSION_FITS_APPENDABLE);
	expect(fit(&clusters, 1000, 32), 32, 0, 32,
	       LATHE_SESSION_FITS_APPENDABLE);
	expect(fit(&clusters, 64, 33), 64, 0, 64,
	       LATHE_SESSION_FITS_APPENDABLE);
	expect(fit(&clusters, 63, 33), 64, 0, 0, LATHE_SESSION_FITS_NOT);
	/* 100 and 20 are 128: that is not there, 112 is, with 12 of the 20. */
	expect(fit(&padded, 122, 100), 114, 12, 112,
	       LATHE_SESSION_FITS_APPENDABLE);
}
END_TEST

START_TEST(nothing_wraps_at_the_top)
{
	expect(fit(&first, UINT32_MAX, UINT32_MAX), UINT32_MAX, 0, 0,
	       LATHE_SESSION_FITS_NOT);
	expect(fit(&first, UINT32_MAX, UINT32_MAX - 2), UINT32_MAX, 0,
	       UINT32_MAX - 2, LATHE_SESSION_FITS_FINAL);
	expect(fit(&clusters, UINT32_MAX, UINT32_MAX), UINT32_MAX, 0, 0,
	       LATHE_SESSION_FITS_NOT);
}
END_TEST

START_TEST(codes_of_imapi)
{
	static const struct {
		int err;
		uint32_t code;
	} rows[] = {
		{ 0, 0 },
		{ LATHE_ERR_CANCELLED, 0x8004020D },
		{ LATHE_ERR_SENSE, 0x8004020E },
		{ LATHE_ERR_MEMORY, 0x8004020E },
		{ LATHE_ERR_VERIFY, 0x8004020E },
		{ LATHE_ERR_NO_MEDIUM, 0x8004020F },
		{ LATHE_ERR_MEDIUM_TYPE, 0x80040210 },
		{ LATHE_ERR_TRANSPORT, 0x80040212 },
		{ LATHE_ERR_DENIED, 0x80040212 },
		{ LATHE_ERR_TIMEOUT, 0x80040212 },
		{ LATHE_ERR_NO_DEVICE, 0x80040213 },
		{ LATHE_ERR_UNSUPPORTED, 0x80040214 },
		{ LATHE_ERR_CHANGED, 0x80040218 },
		{ LATHE_ERR_IO, 0x80040218 },
		{ LATHE_ERR_CORRUPT, 0x80040219 },
		{ LATHE_ERR_NO_VOLUME, 0x80040219 },
		{ LATHE_ERR_FULL, 0x8004021C },
		{ LATHE_ERR_NOT_APPENDABLE, 0x8004021C },
		{ LATHE_ERR_NAME, 0x8004021D },
		{ LATHE_ERR_EMPTY, 0x8004021E },
		{ LATHE_ERR_NO_FORMAT, 0x8004021F },
		{ LATHE_ERR_NO_RECORDER, 0x80040220 },
		{ LATHE_ERR_WRONG_DISC, 0x80040223 },
		{ LATHE_ERR_EXISTS, 0x80040224 },
		{ LATHE_ERR_BUSY, 0x80040226 },
		{ LATHE_ERR_NOT_BLANK, 0x8004022C },
		{ LATHE_ERR_FOREIGN, 0x8004022C },
		{ LATHE_ERR_UNFINISHED, 0x8004022C },
		{ -9999, 0x8004020E },
		{ 1, 0x8004020E },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_uint_eq(lathe_session_imapi_code(rows[i].err),
				  rows[i].code);
}
END_TEST

START_TEST(discs_differ_by_components_valid_in_both)
{
	struct lathe_session_identity a = { 0 }, b = { 0 };

	ck_assert_int_eq(lathe_session_identity_differs(&a, &b), -1);
	a.component[3].valid = true;
	a.component[3].value = 7;
	ck_assert_int_eq(lathe_session_identity_differs(&a, &b), -1);
	b.component[3].value = 8;
	ck_assert_int_eq(lathe_session_identity_differs(&a, &b), -1);
	b.component[3].valid = true;
	ck_assert_int_eq(lathe_session_identity_differs(&a, &b), 3);
	ck_assert_int_eq(lathe_session_identity_differs(&b, &a), 3);

	/* What is only noted never counts, whichever side notes it so. */
	a.component[3].advisory = true;
	ck_assert_int_eq(lathe_session_identity_differs(&a, &b), -1);
	ck_assert_int_eq(lathe_session_identity_differs(&b, &a), -1);

	a.component[3].advisory = false;
	a.component[1].valid = b.component[1].valid = true;
	a.component[1].value = 1;
	ck_assert_int_eq(lathe_session_identity_differs(&a, &b), 1);
	b.component[3].value = 7;
	b.component[1].value = 1;
	ck_assert_int_eq(lathe_session_identity_differs(&a, &b), -1);
}
END_TEST

START_TEST(components_have_names)
{
	uint32_t i = 0, j;

	while (lathe_session_component_name(i))
		i++;
	ck_assert_uint_ge(i, 8);
	ck_assert_uint_le(i, LATHE_SESSION_COMPONENTS);
	ck_assert_str_eq(lathe_session_component_name(0), "profile");
	ck_assert_str_eq(lathe_session_component_name(1), "sessions");
	for (j = 0; j < i; j++)
		ck_assert_uint_gt(strlen(lathe_session_component_name(j)), 3);
	ck_assert_ptr_null(lathe_session_component_name(UINT32_MAX));
}
END_TEST

START_TEST(modes_have_names)
{
	ck_assert_str_eq(lathe_session_mode_name(LATHE_SESSION_MODE_NONE),
			 "none");
	ck_assert_str_eq(lathe_session_mode_name(LATHE_SESSION_MODE_SINGLE),
			 "single");
	ck_assert_str_eq(lathe_session_mode_name(LATHE_SESSION_MODE_MULTI),
			 "multi");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: arithmetic");
	TCase *tc = tcase_create("fit");

	tcase_add_test(tc, a_session_with_much_room_is_padded);
	tcase_add_test(tc, a_short_session_is_filled_to_the_minimum);
	tcase_add_test(
		tc,
		the_documented_reserve_decides_between_appendable_and_final);
	tcase_add_test(
		tc,
		the_pad_takes_what_is_left_over_and_is_never_a_reason_to_refuse);
	tcase_add_test(tc, the_smallest_track_fits_to_the_block);
	tcase_add_test(tc, tracks_are_whole_clusters);
	tcase_add_test(tc, nothing_wraps_at_the_top);
	tcase_add_test(tc, codes_of_imapi);
	tcase_add_test(tc, discs_differ_by_components_valid_in_both);
	tcase_add_test(tc, components_have_names);
	tcase_add_test(tc, modes_have_names);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
