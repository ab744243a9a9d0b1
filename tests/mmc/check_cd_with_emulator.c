/* SPDX-License-Identifier: MIT */
/*
 * The engine on CD-R and CD-RW: where sessions lie, final ones, blanking,
 * simulation, an empty drive, another disc, cut burns.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/lib_bench.h"
#include "tests/suite.h"

/* ---- burning ------------------------------------------------------------ */

START_TEST(a_blank_disc_is_recognised)
{
	static const struct {
		enum lathe_emulator_media media;
		enum lathe_mmc_kind kind;
	} cases[] = {
		{ LATHE_EMULATOR_CD_R_74, LATHE_MMC_KIND_CD_R },
		{ LATHE_EMULATOR_CD_R_80, LATHE_MMC_KIND_CD_R },
		{ LATHE_EMULATOR_CD_RW, LATHE_MMC_KIND_CD_RW },
	};
	struct lathe_emulator_disc state;
	struct lathe_mmc_drive drive;
	struct bench b;

	open_bench(&b, cases[_i].media, NULL);
	lathe_emulator_store_state(b.disc, &state);
	must(&b, lathe_mmc_read_drive(&b.mmc, &drive));
	ck_assert(drive.can_write_cd_r && drive.can_write_cd_rw);
	ck_assert(drive.removable);
	ck_assert_uint_gt(strlen(drive.vendor), 0);
	ck_assert_uint_gt(drive.buffer_bytes, 0);
	must(&b, lathe_mmc_read_medium(&b.mmc, &b.medium));
	ck_assert_int_eq(b.medium.kind, cases[_i].kind);
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_BLANK);
	ck_assert_int_eq(b.medium.erasable,
			 cases[_i].kind == LATHE_MMC_KIND_CD_RW);
	ck_assert(b.medium.writable && b.medium.can_simulate);
	ck_assert(b.medium.has_next_writable);
	ck_assert_uint_eq(b.medium.next_writable, 0);
	ck_assert_uint_eq(b.medium.free_blocks, state.free_blocks);
	ck_assert_uint_eq(b.medium.capacity_blocks, state.free_blocks);
	ck_assert_uint_eq(b.medium.sessions, 0);
	ck_assert_uint_eq(b.medium.last_track, 0);
	ck_assert_uint_eq(b.medium.readable_end, 0);
	close_bench(&b);
}
END_TEST

START_TEST(two_sessions_lie_where_real_discs_have_them)
{
	struct lathe_emulator_disc state;
	struct lathe_mmc_track track;
	uint8_t toc[512], data[3 * BLOCK], want[BLOCK];
	uint32_t start;
	size_t moved;
	struct bench b;

	open_bench(&b, LATHE_EMULATOR_CD_R_80, NULL);
	/* Data 0 to 607: on a real disc the next session began at 12,010. */
	must(&b, record(&b, 1, 608, &appendable, &start));
	ck_assert_uint_eq(start, 0);
	ck_assert(disc_holds(b.disc, 1, 0, 608));
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_APPENDABLE);
	ck_assert_uint_eq(b.medium.sessions, 1);
	ck_assert_uint_eq(b.medium.first_track, 1);
	ck_assert_uint_eq(b.medium.last_track, 1);
	ck_assert_uint_eq(b.medium.open_track, 2);
	ck_assert_uint_eq(b.medium.last_session_start, 0);
	ck_assert_uint_eq(b.medium.last_session_first_track, 1);
	ck_assert(b.medium.last_session_data);
	ck_assert_uint_eq(b.medium.data_mode, 1);
	ck_assert_uint_eq(b.medium.next_writable, 12010);
	lathe_emulator_store_state(b.disc, &state);
	ck_assert_uint_eq(b.medium.free_blocks, state.free_blocks);
	ck_assert_uint_eq(b.medium.capacity_blocks, state.lead_out_limit);

	/* And 17898 - 12010 = 5888 blocks later at 24,800. */
	must(&b, record(&b, 2, 5888, &appendable, &start));
	ck_assert_uint_eq(start, 12010);
	ck_assert_uint_eq(b.medium.next_writable, 24800);
	ck_assert_uint_eq(b.medium.sessions, 2);
	ck_assert_uint_eq(b.medium.last_session_start, 12010);
	ck_assert(disc_holds(b.disc, 1, 0, 608));
	ck_assert(disc_holds(b.disc, 2, 12010, 5888));

	must(&b, lathe_mmc_read_track(&b.mmc, 2, &track));
	ck_assert_uint_eq(track.start, 12010);
	ck_assert_uint_eq(track.session, 2);
	ck_assert(track.data && !track.damaged);
	ck_assert_uint_eq(track.data_mode, 1);
	must(&b, lathe_mmc_read_full_toc(&b.mmc, toc, sizeof(toc), &moved));
	ck_assert_uint_eq(toc[3], 2);
	ck_assert_uint_eq(moved, (size_t)lathe_get_be16(toc) + 2);

	must(&b, lathe_mmc_read(&b.mmc, 12010, 3, true, data));
	for (uint32_t i = 0; i < 3; i++) {
		fill(want, 2, 12010 + i);
		ck_assert_mem_eq(data + i * BLOCK, want, BLOCK);
	}
	close_bench(&b);
}
END_TEST

/* MMC-6 6.3.3: CLOSE SESSION is refused with 5/72/04 where a reserved track is
 * not full; CLOSE TRACK fills it with zeros. What FFh names is the invisible
 * track behind it. */
START_TEST(a_track_that_was_only_reserved_is_closed)
{
	struct lathe_cmd reserve = { .cdb = { 0x53, 0, 0, 0, 0, 0, 0, 2, 0x58 },
				     .cdb_len = 10, .timeout_ms = 10000 };
	struct bench b;
	uint32_t start;

	open_bench(&b, LATHE_EMULATOR_CD_R_80, NULL);
	if (_i)
		must(&b, record(&b, 1, 600, &appendable, &start));
	must(&b, look(&b));
	ck_assert_int_eq(lathe_emulator_execute(b.emulator, &reserve), 0);
	ck_assert_uint_eq(reserve.status, 0);
	must(&b, look(&b));
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_UNFINISHED);
	must(&b, lathe_mmc_close_session(&b.mmc, &b.medium, false));
	must(&b, look(&b));
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_APPENDABLE);
	ck_assert_int_eq(b.medium.sessions, _i + 1);
	if (_i)
		ck_assert(disc_holds(b.disc, 1, 0, 600));
	/* And it can be used. */
	must(&b, record(&b, 2, 600, &appendable, &start));
	ck_assert(disc_holds(b.disc, 2, start, 600));
	close_bench(&b);
}
END_TEST

START_TEST(a_final_session_ends_the_disc)
{
	struct lathe_emulator_disc state;
	uint32_t start;
	struct bench b;

	open_bench(&b, LATHE_EMULATOR_CD_R_74, NULL);
	must(&b, record(&b, 1, 300, &appendable, &start));
	must(&b, record(&b, 2, 301, &final, &start));
	/* The shortest track: lead-out at 302, next session at 11,702. */
	ck_assert_uint_eq(start, 11702);
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_FINAL);
	ck_assert_uint_eq(b.medium.sessions, 2);
	ck_assert_uint_eq(b.medium.last_track, 2);
	ck_assert_uint_eq(b.medium.open_track, 0);
	ck_assert(!b.medium.has_next_writable);
	lathe_emulator_store_state(b.disc, &state);
	ck_assert(state.final && !state.appendable);
	ck_assert_int_eq(record(&b, 3, 300, &appendable, &start),
			 LATHE_ERR_NOT_APPENDABLE);
	/* What is closed as asked for needs nothing. */
	must(&b, lathe_mmc_close_session(&b.mmc, &b.medium, true));
	close_bench(&b);
}
END_TEST

START_TEST(a_rewritable_disc_is_blanked_and_recorded_again)
{
	enum lathe_mmc_blanking how =
		_i ? LATHE_MMC_BLANK_FULL : LATHE_MMC_BLANK_MINIMAL;
	struct lathe_emulator_disc state;
	uint32_t start;
	struct bench b;

	open_bench(&b, LATHE_EMULATOR_CD_RW, NULL);
	must(&b, record(&b, 1, 400, &appendable, &start));
	must(&b, record(&b, 2, 300, &final, &start));
	must(&b, lathe_mmc_lock_tray(&b.mmc, true));
	must(&b, lathe_mmc_blank(&b.mmc, &b.medium, how));
	lathe_emulator_store_state(b.disc, &state);
	ck_assert(state.blank);
	must(&b, record(&b, 3, 350, &appendable, &start));
	ck_assert_uint_eq(start, 0);
	ck_assert(disc_holds(b.disc, 3, 0, 350));
	close_bench(&b);
}
END_TEST

START_TEST(a_write_once_disc_is_not_blanked)
{
	uint32_t start;
	struct bench b;

	open_bench(&b, LATHE_EMULATOR_CD_R_80, NULL);
	must(&b, record(&b, 1, 300, &appendable, &start));
	ck_assert_int_eq(lathe_mmc_blank(&b.mmc, &b.medium,
					 LATHE_MMC_BLANK_MINIMAL),
			 LATHE_ERR_MEDIUM_TYPE);
	ck_assert(disc_holds(b.disc, 1, 0, 300));
	close_bench(&b);
}
END_TEST

START_TEST(a_simulation_leaves_the_disc_as_it_was)
{
	static const struct lathe_mmc_recording simulate = { .simulate = true };
	struct lathe_emulator_disc state;
	uint32_t start;
	struct bench b;

	open_bench(&b, LATHE_EMULATOR_CD_R_80, NULL);
	must(&b, record(&b, 1, 700, &simulate, &start));
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_BLANK);
	lathe_emulator_store_state(b.disc, &state);
	ck_assert(state.blank && !state.track_open);
	/* The test mode does not stick. */
	must(&b, record(&b, 2, 300, &appendable, &start));
	ck_assert(disc_holds(b.disc, 2, 0, 300));
	close_bench(&b);
}
END_TEST

START_TEST(an_empty_drive_is_no_error)
{
	struct bench b;

	open_bench(&b, LATHE_EMULATOR_CD_R_80, NULL);
	lathe_emulator_insert(b.emulator, NULL);
	must(&b, lathe_mmc_read_medium(&b.mmc, &b.medium));
	ck_assert_int_eq(b.medium.kind, LATHE_MMC_KIND_NONE);
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_NONE);
	ck_assert_int_eq(lathe_mmc_wait_ready(&b.mmc, 1000),
			 LATHE_ERR_NO_MEDIUM);
	lathe_emulator_insert(b.emulator, b.disc);
	must(&b, lathe_mmc_wait_ready(&b.mmc, 60000));
	ck_assert(lathe_mmc_media_changed(&b.mmc));
	ck_assert(!lathe_mmc_media_changed(&b.mmc));
	must(&b, lathe_mmc_eject(&b.mmc));
	ck_assert_int_eq(lathe_mmc_wait_ready(&b.mmc, 1000),
			 LATHE_ERR_NO_MEDIUM);
	must(&b, lathe_mmc_load(&b.mmc));
	must(&b, lathe_mmc_wait_ready(&b.mmc, 60000));
	close_bench(&b);
}
END_TEST

START_TEST(another_disc_is_never_written_on)
{
	struct lathe_emulator_store *other = new_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_emulator_disc state;
	uint32_t start;
	struct bench b;

	open_bench(&b, LATHE_EMULATOR_CD_R_80, NULL);
	must(&b, record(&b, 1, 300, &appendable, &start));
	lathe_emulator_insert(b.emulator, other);
	ck_assert_int_eq(lathe_mmc_begin_track(&b.mmc, &b.medium, &appendable,
					       &start),
			 LATHE_ERR_WRONG_DISC);
	lathe_emulator_store_state(other, &state);
	ck_assert(state.blank);
	lathe_emulator_insert(b.emulator, b.disc);
	close_bench(&b);
	lathe_emulator_store_close(other);
}
END_TEST

/* ---- behaviours --------------------------------------------------------- */

START_TEST(two_sessions_with_every_personality)
{
	const char *name;
	uint32_t start, i = 0;
	struct bench b;

	while ((name = next_personality(&i)) != NULL) {
		open_personality(&b, LATHE_EMULATOR_CD_RW, name);
		must(&b, record(&b, 1, 600, &appendable, &start));
		ck_assert_msg(start == 0, "%s", name);
		must(&b, record(&b, 2, 300, &appendable, &start));
		ck_assert_msg(start == 12002, "%s: %u", name,
			      (unsigned)start);
		must(&b, record(&b, 3, 300, &final, &start));
		ck_assert_msg(disc_holds(b.disc, 1, 0, 600) &&
				      disc_holds(b.disc, 2, 12002, 300) &&
				      disc_holds(b.disc, 3, start, 300),
			      "%s", name);
		must(&b, lathe_mmc_blank(&b.mmc, &b.medium,
					 LATHE_MMC_BLANK_MINIMAL));
		close_bench(&b);
	}
}
END_TEST

START_TEST(what_is_too_large_is_cut_for_good)
{
	struct lathe_mmc_config config;
	uint8_t *data = malloc(512 * BLOCK), want[BLOCK];
	uint32_t start;
	struct bench b;

	open_bench(&b, LATHE_EMULATOR_CD_R_80, NULL);
	must(&b, record(&b, 1, 512, &appendable, &start));
	config = b.mmc.config;
	config.max_transfer = 512 * BLOCK;
	ck_assert_int_eq(lathe_mmc_init(&b.mmc, &config), 0);
	ck_assert_int_eq(lathe_emulator_set_faults(b.emulator,
						   "op=28 toolarge times=3"),
			 0);
	must(&b, lathe_mmc_read(&b.mmc, 0, 512, false, data));
	for (uint32_t i = 0; i < 512; i++) {
		fill(want, 1, i);
		ck_assert_mem_eq(data + i * BLOCK, want, BLOCK);
	}
	ck_assert_uint_eq(b.mmc.max_transfer, 64 * BLOCK);
	close_bench(&b);
	free(data);
}
END_TEST

/* ---- cut burns ---------------------------------------------------------- */

START_TEST(a_cut_burn_is_seen_and_can_be_closed)
{
	struct lathe_emulator_disc state;
	uint32_t start;
	struct bench b;

	open_bench(&b, LATHE_EMULATOR_CD_R_80, NULL);
	must(&b, record(&b, 1, 600, &appendable, &start));
	must(&b, lathe_mmc_begin_track(&b.mmc, &b.medium, &appendable, &start));
	must(&b, write_blocks(&b, 2, start, 4000));
	lathe_emulator_power_cut(b.emulator);

	start_engine(&b);
	must(&b, lathe_mmc_read_medium(&b.mmc, &b.medium));
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_UNFINISHED);
	ck_assert_uint_eq(b.medium.sessions, 1);
	ck_assert_uint_eq(b.medium.last_track, 1);
	ck_assert_uint_eq(b.medium.open_track, 2);
	ck_assert_uint_eq(b.medium.last_session_start, 0);
	ck_assert_int_eq(lathe_mmc_begin_track(&b.mmc, &b.medium, &appendable,
					       &start),
			 LATHE_ERR_UNFINISHED);
	must(&b, lathe_mmc_close_session(&b.mmc, &b.medium, false));
	must(&b, lathe_mmc_read_medium(&b.mmc, &b.medium));
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_APPENDABLE);
	ck_assert_uint_eq(b.medium.sessions, 2);
	ck_assert(disc_holds(b.disc, 1, 0, 600));
	must(&b, record(&b, 3, 300, &appendable, &start));
	ck_assert(disc_holds(b.disc, 3, start, 300));
	lathe_emulator_store_state(b.disc, &state);
	ck_assert_uint_eq(state.sessions, 3);
	close_bench(&b);
}
END_TEST

START_TEST(a_failed_write_is_located_and_can_be_continued)
{
	const struct lathe_failure *f;
	struct lathe_emulator_disc state;
	uint32_t start, next;
	bool possible;
	struct bench b;

	open_bench(&b, LATHE_EMULATOR_CD_R_80, NULL);
	must(&b, lathe_mmc_read_medium(&b.mmc, &b.medium));
	must(&b, lathe_mmc_begin_track(&b.mmc, &b.medium, &appendable, &start));
	ck_assert_int_eq(lathe_emulator_set_faults(
				 b.emulator, "op=2a lba=500 sense=3/0c/00"),
			 0);
	ck_assert_int_eq(write_blocks(&b, 1, 0, 1000), LATHE_ERR_SENSE);
	f = lathe_mmc_failure(&b.mmc);
	ck_assert_uint_eq(f->opcode, 0x2a);
	ck_assert(f->has_lba && f->lba <= 500 && f->lba > 500 - 16);
	ck_assert_uint_eq(f->key, 3);
	ck_assert_uint_eq(f->asc, 0x0c);
	ck_assert(!f->deferred);
	must(&b, lathe_mmc_resync(&b.mmc, &possible, &next));
	ck_assert(possible);
	lathe_emulator_store_state(b.disc, &state);
	ck_assert_uint_eq(next, state.next_writable);
	must(&b, write_blocks(&b, 1, next, 1000 - next));
	must(&b, lathe_mmc_end_track(&b.mmc));
	must(&b, lathe_mmc_close_session(&b.mmc, &b.medium, false));
	ck_assert(disc_holds(b.disc, 1, next, 1000 - next));
	close_bench(&b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc CD with the emulator");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, a_blank_disc_is_recognised, 0, 3);
	tcase_add_test(t, two_sessions_lie_where_real_discs_have_them);
	tcase_add_loop_test(t, a_track_that_was_only_reserved_is_closed, 0, 2);
	tcase_add_test(t, a_final_session_ends_the_disc);
	tcase_add_loop_test(t, a_rewritable_disc_is_blanked_and_recorded_again,
			    0, 2);
	tcase_add_test(t, a_write_once_disc_is_not_blanked);
	tcase_add_test(t, a_simulation_leaves_the_disc_as_it_was);
	tcase_add_test(t, an_empty_drive_is_no_error);
	tcase_add_test(t, another_disc_is_never_written_on);
	tcase_add_test(t, two_sessions_with_every_personality);
	tcase_add_test(t, what_is_too_large_is_cut_for_good);
	tcase_add_test(t, a_cut_burn_is_seen_and_can_be_closed);
	tcase_add_test(t, a_failed_write_is_located_and_can_be_continued);
	suite_add_tcase(s, t);
	return run_suite(s);
}
