/* SPDX-License-Identifier: MIT */
/*
 * The engine on DVD and BD that are recorded once, or in sequence, and on what
 * is recorded at once: blank discs, second sessions, final ones, full ones,
 * cuts.
 */
#include <check.h>
#include <string.h>

#include "tests/mmc/lib_bench.h"
#include "tests/suite.h"

/* ---- media that are recorded once, or in sequence ------------------------ */

START_TEST(a_blank_disc_is_recognised)
{
	const struct medium_case *c = &sequential[_i];
	struct lathe_mmc_drive drive;
	struct bench b;

	open_bench(&b, c->media, NULL);
	must(&b, lathe_mmc_read_drive(&b.mmc, &drive));
	ck_assert(drive.kinds >> c->kind & 1);
	must(&b, look(&b));
	ck_assert_int_eq(b.medium.kind, c->kind);
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_BLANK);
	ck_assert(b.medium.writable && !b.medium.at_once_only);
	ck_assert_int_eq(b.medium.can_simulate, c->simulates);
	ck_assert(!b.medium.overwritable && !b.medium.single_session);
	ck_assert(b.medium.has_next_writable);
	ck_assert_uint_eq(b.medium.next_writable, 0);
	ck_assert_uint_eq(b.medium.free_blocks, c->capacity);
	ck_assert_uint_eq(b.medium.capacity_blocks, c->capacity);
	ck_assert_uint_eq(b.medium.ecc_blocks, c->align);
	ck_assert_uint_eq(b.medium.single_speed,
			  c->align == 32 ? 4495500 : 1385000);
	ck_assert_uint_eq(b.medium.sessions, 0);
	ck_assert_uint_eq(b.medium.readable_end, 0);
	close_bench(&b);
}
END_TEST

START_TEST(sessions_follow_one_another_and_the_last_one_is_final)
{
	const struct medium_case *c = &sequential[_i];
	struct lathe_emulator_disc state;
	uint32_t start, want = 0;
	struct bench b;

	open_bench(&b, c->media, NULL);
	for (uint32_t session = 1; session <= 5; session++) {
		uint32_t blocks = session * c->align;

		must(&b, record(&b, session, blocks,
				session == 5 ? &final : &appendable, &start));
		ck_assert_uint_eq(start, want);
		ck_assert(disc_holds(b.disc, session, start, blocks));
		ck_assert_uint_eq(b.medium.sessions, session);
		ck_assert_uint_eq(b.medium.last_session_start, start);
		ck_assert(b.medium.last_session_data);
		ck_assert_uint_eq(b.medium.data_mode, 1);
		ck_assert_uint_ge(b.medium.readable_end, start + blocks);
		want = start + blocks +
		       (session == 1 ? c->gap : c->later_gap);
		if (session < 5) {
			ck_assert_int_eq(b.medium.status,
					 LATHE_MMC_STATUS_APPENDABLE);
			ck_assert_uint_eq(b.medium.next_writable, want);
		}
	}
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_FINAL);
	lathe_emulator_store_state(b.disc, &state);
	ck_assert(state.final);
	ck_assert_uint_eq(state.sessions, 5);
	ck_assert(disc_holds(b.disc, 1, 0, c->align));
	ck_assert_int_eq(record(&b, 6, 32, &appendable, &start),
			 LATHE_ERR_NOT_APPENDABLE);
	close_bench(&b);
}
END_TEST

START_TEST(the_costs_are_those_that_the_disc_shows)
{
	const struct medium_case *c = &sequential[_i];
	struct lathe_mmc_costs costs;

	ck_assert_int_eq(lathe_mmc_session_costs_at(c->kind, 0, 1000, &costs),
			 0);
	ck_assert_uint_eq(costs.alignment, c->align);
	ck_assert_uint_eq(costs.closing_physical, c->gap);
	ck_assert_uint_eq(costs.closing_documented, c->gap);
	ck_assert_uint_eq(costs.run_out, 0);
	ck_assert_uint_eq(costs.read_ahead_pad, 0);
	ck_assert_int_eq(lathe_mmc_session_costs_at(c->kind, 1, 1000, &costs),
			 0);
	ck_assert_uint_eq(costs.closing_physical, c->later_gap);
}
END_TEST

START_TEST(a_short_first_session_on_two_layers_is_final_by_itself)
{
	uint32_t start;
	struct bench b;

	open_bench(&b, LATHE_EMULATOR_DVD_PLUS_R_DL, NULL);
	ck_assert_int_eq(record(&b, 1, 160, &appendable, &start),
			 LATHE_ERR_NOT_APPENDABLE);
	must(&b, look(&b));
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_FINAL);
	ck_assert(disc_holds(b.disc, 1, 0, 160));
	close_bench(&b);
}
END_TEST

/*
 * The first answer says that it is at work, so that the command is sent again;
 * then there is nothing left to close, and the drive refuses it.
 */
START_TEST(a_final_close_that_was_sent_again)
{
	static const enum lathe_emulator_media media[] = {
		LATHE_EMULATOR_CD_R_80, LATHE_EMULATOR_DVD_R,
		LATHE_EMULATOR_DVD_PLUS_R, LATHE_EMULATOR_DVD_PLUS_R_DL,
		LATHE_EMULATOR_BD_R
	};
	struct lathe_emulator_disc state;
	struct bench b;
	uint32_t start;

	open_bench(&b, media[_i], "close-says-busy,final-refuses-close");
	must(&b, record(&b, 1, 512, &final, &start));
	lathe_emulator_store_state(b.disc, &state);
	ck_assert(state.final);
	close_bench(&b);
}
END_TEST

START_TEST(what_does_not_fit_is_refused_by_the_drive)
{
	const struct medium_case *c = &sequential[_i];
	uint32_t start, limit = 1024;
	struct bench b;

	open_bench(&b, c->media, NULL);
	ck_assert_int_eq(lathe_emulator_store_set_limit(b.disc, limit), 0);
	must(&b, look(&b));
	ck_assert_uint_eq(b.medium.free_blocks, limit);
	must(&b, lathe_mmc_begin_track(&b.mmc, &b.medium, &appendable, &start));
	must(&b, write_blocks(&b, 1, 0, limit));
	ck_assert_int_eq(write_blocks(&b, 1, limit, c->align),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(lathe_mmc_failure(&b.mmc)->lba, limit);
	/* What was taken makes a session all the same. */
	must(&b, lathe_mmc_end_track(&b.mmc));
	must(&b, lathe_mmc_close_session(&b.mmc, &b.medium, true));
	ck_assert(disc_holds(b.disc, 1, 0, limit));
	must(&b, look(&b));
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_FINAL);
	close_bench(&b);
}
END_TEST

START_TEST(a_simulation_leaves_the_disc_as_it_was)
{
	const struct medium_case *c = &sequential[_i];
	static const struct lathe_mmc_recording simulate = { .simulate = true };
	struct lathe_emulator_disc state;
	uint32_t start;
	struct bench b;

	open_bench(&b, c->media, NULL);
	ck_assert_int_eq(record(&b, 1, 64, &simulate, &start),
			 c->simulates ? 0 : LATHE_ERR_UNSUPPORTED);
	lathe_emulator_store_state(b.disc, &state);
	ck_assert(state.blank);
	/* And the next recording is a real one. */
	must(&b, record(&b, 2, 64, &final, &start));
	ck_assert(disc_holds(b.disc, 2, 0, 64));
	close_bench(&b);
}
END_TEST

START_TEST(a_reserved_track_is_filled_and_closed)
{
	const struct medium_case *c = &sequential[_i];
	struct lathe_mmc_recording how = { .reserve = true,
					   .track_blocks = 60,
					   .final = true };
	uint32_t start;
	struct bench b;

	open_bench(&b, c->media, NULL);
	must(&b, record(&b, 1, 64, &how, &start));
	ck_assert(disc_holds(b.disc, 1, 0, 64));
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_FINAL);
	close_bench(&b);
}
END_TEST

/* A packet of DVD-R and DVD-RW, 32 KiB, is one WRITE (MMC-6 7.5): of a way that
 * takes less it is known, or found out by the first WRITE. */
START_TEST(a_way_too_narrow_for_a_packet_is_told_before_the_first_block)
{
	static const enum lathe_emulator_media media[] = {
		LATHE_EMULATOR_DVD_R, LATHE_EMULATOR_DVD_RW,
		LATHE_EMULATOR_DVD_RW_OW
	};
	struct lathe_mmc_config config;
	uint8_t block[BLOCK];
	uint32_t start = 99;
	struct bench b;

	open_bench(&b, media[_i], "host-max-transfer=31744");
	must(&b, look(&b));
	must(&b, lathe_mmc_begin_track(&b.mmc, &b.medium, &final, &start));
	ck_assert_int_eq(write_blocks(&b, 1, 0, 64), LATHE_ERR_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(lathe_mmc_failure(&b.mmc)->text,
				     "32 KiB"));
	ck_assert_uint_eq(lathe_mmc_write_position(&b.mmc), 0);
	ck_assert_int_ne(lathe_emulator_store_peek(b.disc, 0, block),
			 LATHE_EMULATOR_BLOCK_DATA);

	config = b.mmc.config;
	config.max_transfer = 31744;
	ck_assert_int_eq(lathe_mmc_init(&b.mmc, &config), 0);
	must(&b, look(&b));
	start = 99;
	b.logged = 0;
	ck_assert_int_eq(lathe_mmc_begin_track(&b.mmc, &b.medium, &final,
					       &start),
			 LATHE_ERR_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(lathe_mmc_failure(&b.mmc)->text,
				     "30 KiB"));
	ck_assert_uint_eq(start, 99);
	ck_assert_uint_eq(b.logged, 0);
	close_bench(&b);
}
END_TEST

/* At once there are no packets, and others know none. */
START_TEST(a_narrow_way_is_wide_enough_where_there_are_no_packets)
{
	static const struct lathe_mmc_recording at_once = {
		.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE,
		.track_blocks = 64,
		.final = true
	};
	uint32_t start;
	struct bench b;

	open_bench(&b, sequential[_i].media, "host-max-transfer=16384");
	must(&b, record(&b, 1, 64, sequential[_i].simulates ? &at_once : &final,
			&start));
	ck_assert(disc_holds(b.disc, 1, 0, 64));
	close_bench(&b);
}
END_TEST

/* ---- cut burns ---------------------------------------------------------- */

/* A second session, of which the power takes the end. */
static void cut(struct bench *b, const struct medium_case *c, uint32_t *first)
{
	uint32_t start;

	open_bench(b, c->media, NULL);
	/* On two layers a short first session would be the last one. */
	*first = c->kind == LATHE_MMC_KIND_DVD_PLUS_R_DL ? 0 : 64;
	if (*first)
		must(b, record(b, 1, *first, &appendable, &start));
	must(b, look(b));
	must(b, lathe_mmc_begin_track(&b->mmc, &b->medium, &appendable,
				      &start));
	must(b, write_blocks(b, 2, start, 128));
	lathe_emulator_power_cut(b->emulator);
	start_engine(b);
	must(b, look(b));
	ck_assert_int_eq(b->medium.status, LATHE_MMC_STATUS_UNFINISHED);
	ck_assert_uint_eq(b->medium.sessions, *first != 0);
	ck_assert(b->medium.has_next_writable);
}

START_TEST(a_cut_session_is_closed)
{
	const struct medium_case *c = &sequential[_i];
	struct lathe_emulator_disc state;
	uint32_t start, first;
	struct bench b;

	cut(&b, c, &first);
	ck_assert_int_eq(lathe_mmc_begin_track(&b.mmc, &b.medium, &appendable,
					       &start),
			 LATHE_ERR_UNFINISHED);
	must(&b, lathe_mmc_close_session(&b.mmc, &b.medium, first == 0));
	must(&b, look(&b));
	ck_assert_int_eq(b.medium.status, first ? LATHE_MMC_STATUS_APPENDABLE
						: LATHE_MMC_STATUS_FINAL);
	lathe_emulator_store_state(b.disc, &state);
	ck_assert(!state.track_open);
	ck_assert(disc_holds(b.disc, 1, 0, first));
	if (first) {
		must(&b, record(&b, 3, 64, &appendable, &start));
		ck_assert(disc_holds(b.disc, 3, start, 64));
	}
	close_bench(&b);
}
END_TEST

START_TEST(a_cut_session_goes_on)
{
	const struct medium_case *c = &sequential[_i];
	struct lathe_mmc_recording how = { .resume = true, .final = true };
	struct lathe_mmc_track track;
	uint32_t start, next, first;
	struct bench b;

	cut(&b, c, &first);
	must(&b, lathe_mmc_read_track(&b.mmc, b.medium.open_track, &track));
	next = b.medium.next_writable;
	ck_assert_uint_gt(next, track.start);
	must(&b, lathe_mmc_begin_track(&b.mmc, &b.medium, &how, &start));
	ck_assert_uint_eq(start, next);
	must(&b, write_blocks(&b, 4, start, 64));
	must(&b, lathe_mmc_end_track(&b.mmc));
	must(&b, lathe_mmc_close_session(&b.mmc, &b.medium, true));
	ck_assert(disc_holds(b.disc, 4, next, 64));
	ck_assert(disc_holds(b.disc, 1, 0, first));
	must(&b, look(&b));
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_FINAL);
	ck_assert_uint_eq(b.medium.last_session_start, track.start);
	close_bench(&b);
}
END_TEST

START_TEST(a_failed_write_is_gone_past)
{
	const struct medium_case *c = &sequential[_i];
	uint32_t start, next;
	bool possible;
	struct bench b;

	open_bench(&b, c->media, NULL);
	must(&b, look(&b));
	must(&b, lathe_mmc_begin_track(&b.mmc, &b.medium, &appendable, &start));
	must(&b, write_blocks(&b, 1, 0, 64));
	ck_assert_int_eq(lathe_emulator_set_faults(
				 b.emulator, "op=2A sense=3/0C/00"), 0);
	ck_assert_int_eq(write_blocks(&b, 1, 64, 64), LATHE_ERR_SENSE);
	must(&b, lathe_mmc_resync(&b.mmc, &possible, &next));
	ck_assert(possible);
	ck_assert_uint_ge(next, 64);
	must(&b, write_blocks(&b, 2, next, 64));
	must(&b, lathe_mmc_end_track(&b.mmc));
	must(&b, lathe_mmc_close_session(&b.mmc, &b.medium, true));
	ck_assert(disc_holds(b.disc, 1, 0, 64));
	ck_assert(disc_holds(b.disc, 2, next, 64));
	close_bench(&b);
}
END_TEST

/* ---- at once ------------------------------------------------------------ */

static const struct {
	enum lathe_emulator_media media;
	bool final;
} at_once[] = {
	{ LATHE_EMULATOR_CD_R_80, true },
	{ LATHE_EMULATOR_CD_R_80, false },
	{ LATHE_EMULATOR_CD_RW, true },
	{ LATHE_EMULATOR_DVD_R, true },
	{ LATHE_EMULATOR_DVD_RW, true },
	{ LATHE_EMULATOR_DVD_R_DL, true },
};

START_TEST(a_disc_at_once)
{
	struct lathe_mmc_recording how = {
		.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE,
		.track_blocks = 333,
		.final = at_once[_i].final,
	};
	uint32_t start;
	struct bench b;

	open_bench(&b, at_once[_i].media, NULL);
	must(&b, record(&b, 1, 333, &how, &start));
	ck_assert_uint_eq(start, 0);
	ck_assert(disc_holds(b.disc, 1, 0, 333));
	ck_assert_int_eq(b.medium.status,
			 at_once[_i].final ? LATHE_MMC_STATUS_FINAL
					   : LATHE_MMC_STATUS_APPENDABLE);
	ck_assert_uint_eq(b.medium.sessions, 1);
	/* A second one is track at once. */
	if (!at_once[_i].final) {
		must(&b, record(&b, 2, 300, &appendable, &start));
		ck_assert(disc_holds(b.disc, 2, start, 300));
	}
	close_bench(&b);
}
END_TEST

START_TEST(at_once_can_be_simulated)
{
	struct lathe_mmc_recording how = {
		.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE,
		.track_blocks = 333,
		.final = true,
		.simulate = true,
	};
	struct lathe_emulator_disc state;
	uint32_t start;
	struct bench b;

	open_bench(&b, at_once[_i].media, NULL);
	must(&b, record(&b, 1, 333, &how, &start));
	lathe_emulator_store_state(b.disc, &state);
	ck_assert(state.blank);
	how.simulate = false;
	must(&b, record(&b, 2, 333, &how, &start));
	ck_assert(disc_holds(b.disc, 2, 0, 333));
	close_bench(&b);
}
END_TEST

START_TEST(two_layers_of_dvd_r_take_one_session)
{
	uint32_t start;
	struct bench b;

	open_bench(&b, LATHE_EMULATOR_DVD_R_DL, NULL);
	must(&b, look(&b));
	ck_assert_int_eq(b.medium.kind, LATHE_MMC_KIND_DVD_R_DL);
	ck_assert(b.medium.single_session);
	ck_assert_uint_eq(b.medium.free_blocks, 4171712);
	ck_assert_int_eq(record(&b, 1, 64, &appendable, &start),
			 LATHE_ERR_UNSUPPORTED);
	must(&b, record(&b, 1, 64, &final, &start));
	ck_assert(disc_holds(b.disc, 1, 0, 64));
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_FINAL);
	close_bench(&b);
}
END_TEST

START_TEST(a_dvd_rw_is_blanked)
{
	struct lathe_mmc_recording how = { .final = true, .track_blocks = 96 };
	uint32_t start;
	struct bench b;

	open_bench(&b, LATHE_EMULATOR_DVD_RW, NULL);
	must(&b, record(&b, 1, 64, &final, &start));
	must(&b, lathe_mmc_blank(&b.mmc, &b.medium, LATHE_MMC_BLANK_USUAL));
	must(&b, record(&b, 2, 96, &appendable, &start));
	ck_assert(disc_holds(b.disc, 2, 0, 96));

	/* Blanked minimally it takes one session, at once. */
	must(&b, lathe_mmc_blank(&b.mmc, &b.medium, LATHE_MMC_BLANK_MINIMAL));
	must(&b, look(&b));
	ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_BLANK);
	ck_assert(b.medium.at_once_only && b.medium.single_session);
	ck_assert_int_eq(record(&b, 3, 96, &appendable, &start),
			 LATHE_ERR_UNSUPPORTED);
	must(&b, record(&b, 3, 96, &how, &start));
	ck_assert(disc_holds(b.disc, 3, 0, 96));
	close_bench(&b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc sequential media with the emulator");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, a_blank_disc_is_recognised, 0, SEQUENTIAL);
	tcase_add_loop_test(
		t, sessions_follow_one_another_and_the_last_one_is_final, 0,
		SEQUENTIAL - 1);
	tcase_add_test(t,
		       a_short_first_session_on_two_layers_is_final_by_itself);
	tcase_add_loop_test(t, the_costs_are_those_that_the_disc_shows, 0,
			    SEQUENTIAL);
	tcase_add_loop_test(t, a_final_close_that_was_sent_again, 0, 5);
	tcase_add_loop_test(t, what_does_not_fit_is_refused_by_the_drive, 0,
			    SEQUENTIAL);
	tcase_add_loop_test(t, a_simulation_leaves_the_disc_as_it_was, 0,
			    SEQUENTIAL);
	tcase_add_loop_test(t, a_reserved_track_is_filled_and_closed, 0,
			    SEQUENTIAL);
	tcase_add_loop_test(
		t, a_way_too_narrow_for_a_packet_is_told_before_the_first_block,
		0, 3);
	tcase_add_loop_test(
		t, a_narrow_way_is_wide_enough_where_there_are_no_packets, 0,
		SEQUENTIAL);
	tcase_add_loop_test(t, a_cut_session_is_closed, 0, SEQUENTIAL);
	tcase_add_loop_test(t, a_cut_session_goes_on, 0, SEQUENTIAL);
	tcase_add_loop_test(t, a_failed_write_is_gone_past, 0, SEQUENTIAL);
	tcase_add_loop_test(t, a_disc_at_once, 0, COUNT(at_once));
	tcase_add_loop_test(t, at_once_can_be_simulated, 0, COUNT(at_once));
	tcase_add_test(t, two_layers_of_dvd_r_take_one_session);
	tcase_add_test(t, a_dvd_rw_is_blanked);
	suite_add_tcase(s, t);
	return run_suite(s);
}
