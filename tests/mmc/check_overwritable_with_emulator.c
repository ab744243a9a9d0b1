/* SPDX-License-Identifier: MIT */
/*
 * The engine on media that can be overwritten, and how they are formatted.
 */
#include <check.h>

#include "tests/mmc/lib_bench.h"
#include "tests/suite.h"

START_TEST(an_overwritable_disc_is_recognised)
{
	const struct medium_case *c = &overwritable[_i];
	struct bench b;

	open_bench(&b, c->media, NULL);
	must(&b, look(&b));
	ck_assert_int_eq(b.medium.kind, c->kind);
	ck_assert(b.medium.overwritable && b.medium.writable);
	ck_assert(!b.medium.has_next_writable && !b.medium.can_simulate);
	ck_assert_uint_eq(b.medium.capacity_blocks, c->capacity);
	ck_assert_uint_eq(b.medium.free_blocks, c->capacity);
	ck_assert_uint_eq(b.medium.ecc_blocks, c->align);
	ck_assert_uint_eq(b.medium.single_speed,
			  c->align == 32 ? 4495500 : 1385000);
	ck_assert_uint_eq(b.medium.sessions, 0);
	ck_assert_int_eq(b.medium.status,
			 c->media == LATHE_EMULATOR_DVD_RAM ||
					 c->media == LATHE_EMULATOR_DVD_RW_OW
				 ? LATHE_MMC_STATUS_OVERWRITABLE
				 : LATHE_MMC_STATUS_UNFORMATTED);
	close_bench(&b);
}
END_TEST

/* An error of the drive is no medium without an end, and a size that was not
 * told is none that is zero. */
START_TEST(a_size_that_is_not_told_is_an_error)
{
	struct bench b;

	open_bench(&b, overwritable[_i].media, NULL);
	ck_assert_int_eq(lathe_emulator_set_faults(b.emulator,
						   "op=25 sense=4/44/00 "
						   "times=0"), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&b.mmc, &b.medium),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(lathe_mmc_failure(&b.mmc)->opcode, 0x25);
	ck_assert_uint_eq(lathe_mmc_failure(&b.mmc)->key, 4);

	ck_assert_int_eq(lathe_emulator_set_faults(b.emulator,
						   "op=23 sense=5/24/00"), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&b.mmc, &b.medium), 0);
	ck_assert_uint_gt(b.medium.capacity_blocks, 0);
	close_bench(&b);
}
END_TEST

START_TEST(sessions_are_written_where_they_are_wanted)
{
	const struct medium_case *c = &overwritable[_i];
	uint8_t data[32 * BLOCK], want[BLOCK];
	struct bench b;

	open_bench(&b, c->media, NULL);
	must(&b, record_over(&b, 1, 32, 64));
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_OVERWRITABLE);
	ck_assert_uint_ge(b.medium.readable_end, 96);
	ck_assert(disc_holds(b.disc, 101, 0, 32));
	ck_assert(disc_holds(b.disc, 1, 32, 64));
	must(&b, record_over(&b, 2, 96, 32));
	must(&b, record_over(&b, 3, 160, 96));
	must(&b, record_over(&b, 4, 256, 64));
	must(&b, record_over(&b, 5, 320, 32));
	ck_assert(disc_holds(b.disc, 105, 0, 32));
	ck_assert(disc_holds(b.disc, 1, 32, 64));
	ck_assert(disc_holds(b.disc, 2, 96, 32));
	ck_assert(disc_holds(b.disc, 3, 160, 96));
	ck_assert(disc_holds(b.disc, 4, 256, 64));
	ck_assert(disc_holds(b.disc, 5, 320, 32));
	/* And is read back, past the drive's cache. */
	must(&b, lathe_mmc_read(&b.mmc, 320, 32, true, data));
	for (uint32_t i = 0; i < 32; i++) {
		fill(want, 5, 320 + i);
		ck_assert_mem_eq(data + i * BLOCK, want, BLOCK);
	}
	ck_assert_uint_eq(b.medium.capacity_blocks, c->capacity);
	close_bench(&b);
}
END_TEST

START_TEST(the_end_of_the_medium_is_the_end)
{
	const struct medium_case *c = &overwritable[_i];
	uint32_t start;
	struct lathe_mmc_recording how = { 0 };
	struct bench b;

	open_bench(&b, c->media, NULL);
	must(&b, record_over(&b, 1, 32, 64));
	/* A DVD-RW grows only from its end on. */
	how.overwrite_start = c->kind == LATHE_MMC_KIND_DVD_RW_OVERWRITE ?
				      64 : c->capacity - 32;
	how.track_blocks = 64;
	if (c->kind == LATHE_MMC_KIND_DVD_RW_OVERWRITE)
		how.track_blocks = 32;
	must(&b, lathe_mmc_begin_track(&b.mmc, &b.medium, &how, &start));
	must(&b, write_blocks(&b, 2, how.overwrite_start, 32));
	if (c->kind != LATHE_MMC_KIND_DVD_RW_OVERWRITE)
		ck_assert_int_eq(write_blocks(&b, 2, c->capacity, 32),
				 LATHE_ERR_SENSE);
	must(&b, lathe_mmc_end_track(&b.mmc));
	must(&b, lathe_mmc_close_session(&b.mmc, &b.medium, false));
	ck_assert(disc_holds(b.disc, 2, how.overwrite_start, 32));
	close_bench(&b);
}
END_TEST

START_TEST(a_cut_overwriting_is_done_again)
{
	const struct medium_case *c = &overwritable[_i];
	struct lathe_mmc_recording how = { .overwrite_start = 96,
					   .track_blocks = 128 };
	uint32_t start;
	struct bench b;

	open_bench(&b, c->media, NULL);
	must(&b, record_over(&b, 1, 32, 64));
	must(&b, lathe_mmc_begin_track(&b.mmc, &b.medium, &how, &start));
	must(&b, write_blocks(&b, 2, 96, 64));
	lathe_emulator_power_cut(b.emulator);
	start_engine(&b);
	must(&b, record_over(&b, 3, 96, 128));
	ck_assert(disc_holds(b.disc, 1, 32, 64));
	ck_assert(disc_holds(b.disc, 3, 96, 128));
	ck_assert(disc_holds(b.disc, 103, 0, 32));
	close_bench(&b);
}
END_TEST

START_TEST(a_failed_overwriting_goes_on_where_it_failed)
{
	const struct medium_case *c = &overwritable[_i];
	struct lathe_mmc_recording how = { .overwrite_start = 0,
					   .track_blocks = 64 };
	uint32_t start, next = 0;
	bool possible = false;
	struct bench b;

	open_bench(&b, c->media, NULL);
	must(&b, look(&b));
	must(&b, lathe_mmc_begin_track(&b.mmc, &b.medium, &how, &start));
	ck_assert_uint_eq(start, 0);
	must(&b, write_blocks(&b, 1, 0, 32));
	ck_assert_int_eq(lathe_emulator_set_faults(
				 b.emulator, "op=2A sense=4/44/00"), 0);
	ck_assert_int_eq(write_blocks(&b, 1, 32, 32), LATHE_ERR_SENSE);
	must(&b, lathe_mmc_resync(&b.mmc, &possible, &next));
	ck_assert(possible);
	ck_assert_uint_eq(next, 32);
	must(&b, write_blocks(&b, 1, 32, 32));
	must(&b, lathe_mmc_end_track(&b.mmc));
	must(&b, lathe_mmc_close_session(&b.mmc, &b.medium, false));
	ck_assert(disc_holds(b.disc, 1, 0, 64));
	close_bench(&b);
}
END_TEST

START_TEST(discs_are_formatted)
{
	const struct medium_case *c = &overwritable[_i / 2];
	struct lathe_mmc_formatting how = { .full = _i % 2 };
	struct lathe_emulator_disc state;
	struct bench b;

	open_bench(&b, c->media, NULL);
	must(&b, look(&b));
	must(&b, lathe_mmc_format(&b.mmc, &b.medium, &how));
	must(&b, look(&b));
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_OVERWRITABLE);
	ck_assert_int_eq(b.medium.kind, c->kind);
	ck_assert_uint_eq(b.medium.capacity_blocks, c->capacity);
	lathe_emulator_store_state(b.disc, &state);
	ck_assert(state.formatted);
	must(&b, record_over(&b, 1, 32, 64));
	ck_assert(disc_holds(b.disc, 1, 32, 64));
	close_bench(&b);
}
END_TEST

START_TEST(a_dvd_rw_is_formatted_and_deformatted)
{
	static const struct lathe_mmc_formatting quick = { 0 };
	uint32_t start;
	struct bench b;

	open_bench(&b, LATHE_EMULATOR_DVD_RW, NULL);
	must(&b, record(&b, 1, 64, &final, &start));
	must(&b, lathe_mmc_format(&b.mmc, &b.medium, &quick));
	must(&b, look(&b));
	ck_assert_int_eq(b.medium.kind, LATHE_MMC_KIND_DVD_RW_OVERWRITE);
	must(&b, record_over(&b, 2, 32, 64));
	ck_assert(disc_holds(b.disc, 2, 32, 64));
	must(&b, lathe_mmc_blank(&b.mmc, &b.medium, LATHE_MMC_BLANK_USUAL));
	must(&b, look(&b));
	ck_assert_int_eq(b.medium.kind, LATHE_MMC_KIND_DVD_RW);
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_BLANK);
	must(&b, record(&b, 3, 64, &appendable, &start));
	ck_assert(disc_holds(b.disc, 3, 0, 64));
	close_bench(&b);
}
END_TEST

START_TEST(spare_areas_of_bd_are_chosen)
{
	static const struct {
		enum lathe_emulator_media media;
		enum lathe_mmc_spares spares;
		uint32_t least, most; /* blocks that are left */
	} cases[] = {
		{ LATHE_EMULATOR_BD_RE, LATHE_MMC_SPARES_NONE, 12219392,
		  12219392 },
		{ LATHE_EMULATOR_BD_RE, LATHE_MMC_SPARES_MOST, 11000000,
		  11826175 },
		{ LATHE_EMULATOR_BD_R, LATHE_MMC_SPARES_DEFAULT, 11826176,
		  11826176 },
		{ LATHE_EMULATOR_BD_R, LATHE_MMC_SPARES_NONE, 12219392,
		  12219392 },
	};
	struct lathe_mmc_formatting how = { .spares = cases[_i].spares };
	uint32_t start;
	struct bench b;

	open_bench(&b, cases[_i].media, NULL);
	must(&b, look(&b));
	must(&b, lathe_mmc_format(&b.mmc, &b.medium, &how));
	must(&b, look(&b));
	ck_assert_uint_ge(b.medium.capacity_blocks, cases[_i].least);
	ck_assert_uint_le(b.medium.capacity_blocks, cases[_i].most);
	if (b.medium.overwritable) {
		must(&b, record_over(&b, 1, 32, 64));
		ck_assert(disc_holds(b.disc, 1, 32, 64));
	} else {
		/* Formatted or not, it is blank. */
		ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_BLANK);
		must(&b, record(&b, 1, 64, &appendable, &start));
		ck_assert(disc_holds(b.disc, 1, 0, 64));
	}
	close_bench(&b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc overwritable media with the emulator");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, an_overwritable_disc_is_recognised, 0,
			    OVERWRITABLE);
	tcase_add_loop_test(t, a_size_that_is_not_told_is_an_error, 0,
			    OVERWRITABLE);
	tcase_add_loop_test(t, sessions_are_written_where_they_are_wanted, 0,
			    OVERWRITABLE);
	tcase_add_loop_test(t, the_end_of_the_medium_is_the_end, 0,
			    OVERWRITABLE);
	tcase_add_loop_test(t, a_cut_overwriting_is_done_again, 0,
			    OVERWRITABLE);
	tcase_add_loop_test(t, a_failed_overwriting_goes_on_where_it_failed, 0,
			    OVERWRITABLE);
	tcase_add_loop_test(t, discs_are_formatted, 0, 2 * OVERWRITABLE);
	tcase_add_test(t, a_dvd_rw_is_formatted_and_deformatted);
	tcase_add_loop_test(t, spare_areas_of_bd_are_chosen, 0, 4);
	suite_add_tcase(s, t);
	return run_suite(s);
}
