/* SPDX-License-Identifier: MIT */
/*
 * The engine on every medium of the software recorder that is no CD: blank
 * discs, second sessions, final ones, full ones, cuts. Judged is what the
 * recorder's disc holds, looked at past all commands.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mmc/emulator/lathe_emulator.h"
#include "mmc/lathe_mmc.h"
#include "tests/suite.h"

#define BLOCK LATHE_BLOCK_BYTES

struct medium_case {
	enum lathe_emulator_media media;
	enum lathe_mmc_kind kind;
	uint32_t capacity;
	uint32_t align;
	uint32_t gap;	/* from the end of the first session to the second */
	uint32_t later_gap;
	bool simulates;
};

/* Sizes as makers and drives tell them, MMC-6 and the books of the media; gaps
 * as measured on discs: DVD-R 16 blocks of linking and the border zone, DVD+R
 * 2048 blocks of closure and intro, BD-R none. */
static const struct medium_case sequential[] = {
	{ LATHE_EMULATOR_DVD_R, LATHE_MMC_KIND_DVD_R, 2298496, 16, 28688, 6160,
	  true },
	{ LATHE_EMULATOR_DVD_RW, LATHE_MMC_KIND_DVD_RW, 2298496, 16, 28688,
	  6160, true },
	{ LATHE_EMULATOR_DVD_PLUS_R, LATHE_MMC_KIND_DVD_PLUS_R, 2295104, 16,
	  2048, 2048, false },
	{ LATHE_EMULATOR_BD_R, LATHE_MMC_KIND_BD_R, 12219392, 32, 0, 0, false },
	{ LATHE_EMULATOR_BD_R_DL, LATHE_MMC_KIND_BD_R, 24438784, 32, 0, 0,
	  false },
	/* Last, since it is final by itself unless its first session is long:
	 * within a radius of 30 mm the drive closes the disc. */
	{ LATHE_EMULATOR_DVD_PLUS_R_DL, LATHE_MMC_KIND_DVD_PLUS_R_DL, 4173824,
	  16, 2048, 2048, false },
};

static const struct medium_case overwritable[] = {
	{ LATHE_EMULATOR_DVD_RW_OW, LATHE_MMC_KIND_DVD_RW_OVERWRITE, 2297888,
	  16, 0, 0, false },
	{ LATHE_EMULATOR_DVD_PLUS_RW, LATHE_MMC_KIND_DVD_PLUS_RW, 2295104, 16,
	  0, 0, false },
	{ LATHE_EMULATOR_DVD_RAM, LATHE_MMC_KIND_DVD_RAM, 2236704, 16, 0, 0,
	  false },
	{ LATHE_EMULATOR_BD_RE, LATHE_MMC_KIND_BD_RE, 11826176, 32, 0, 0,
	  false },
	{ LATHE_EMULATOR_BD_RE_DL, LATHE_MMC_KIND_BD_RE, 23652352, 32, 0, 0,
	  false },
};

#define COUNT(a) ((int)(sizeof(a) / sizeof(*(a))))

/* A drive with a disc and an engine on it. */
struct bench {
	struct lathe_emulator *emulator;
	struct lathe_emulator_store *disc;
	struct lathe_mmc mmc;
	struct lathe_mmc_medium medium;
	char log[64][96]; /* the last commands, for messages */
	uint32_t logged;
};

static void keep_command(void *ctx, const char *text, size_t len)
{
	struct bench *b = ctx;

	if (getenv("SHOW_COMMANDS"))
		fprintf(stderr, "%.*s\n", (int)len, text);
	snprintf(b->log[b->logged++ % 64], sizeof(b->log[0]), "%.*s", (int)len,
		 text);
}

static void start_engine(struct bench *b)
{
	struct lathe_mmc_config config = {
		.size = sizeof(config),
		.ctx = b->emulator,
		.execute = lathe_emulator_execute,
		.now_ms = lathe_emulator_now_ms,
		.sleep_ms = lathe_emulator_sleep_ms,
	};

	ck_assert_int_eq(lathe_mmc_init(&b->mmc, &config), 0);
}

static void open_bench(struct bench *b, enum lathe_emulator_media media,
		       const char *personality)
{
	struct lathe_emulator_config config = {
		.size = sizeof(config),
		.personality = personality,
		.command = keep_command,
		.command_ctx = b,
	};
	struct lathe_hooks hooks = { 0 };

	memset(b, 0, sizeof(*b));
	ck_assert_int_eq(lathe_emulator_store_memory(&hooks, media, &b->disc),
			 0);
	ck_assert_int_eq(lathe_emulator_create(&config, &b->emulator), 0);
	lathe_emulator_insert(b->emulator, b->disc);
	start_engine(b);
}

static void close_bench(struct bench *b)
{
	lathe_emulator_insert(b->emulator, NULL);
	lathe_emulator_destroy(b->emulator);
	lathe_emulator_store_close(b->disc);
}

static void must_at(struct bench *b, int err, int line)
{
	if (err)
		ck_abort_msg("line %d: %s: %s; after %s (%s)", line,
			     lathe_err_name(err),
			     lathe_mmc_failure(&b->mmc)->text,
			     b->log[(b->logged + 63) % 64], b->log[0]);
}

#define must(b, err) must_at(b, err, __LINE__)

/* Block 'lba' of recording 'seed': all its bytes tell where it belongs. */
static void fill(uint8_t *out, uint32_t seed, uint32_t lba)
{
	uint32_t x = seed * 2654435761u ^ lba * 2246822519u;

	for (size_t i = 0; i < BLOCK; i += 4) {
		x = x * 1664525u + 1013904223u;
		lathe_put_le32(out + i, x);
	}
}

/* Seed 0: zeros. */
static int write_blocks(struct bench *b, uint32_t seed, uint32_t lba,
			uint32_t count)
{
	static uint8_t data[64 * BLOCK];

	while (count > 0) {
		uint32_t n = count < 64 ? count : 64;
		int err;

		memset(data, 0, sizeof(data));
		for (uint32_t i = 0; i < n && seed; i++)
			fill(data + i * BLOCK, seed, lba + i);
		err = lathe_mmc_write(&b->mmc, lba, n, data);
		if (err)
			return err;
		lba += n;
		count -= n;
	}
	return 0;
}

static int look(struct bench *b)
{
	int err = lathe_mmc_wait_ready(&b->mmc, 60000);

	return err ? err : lathe_mmc_read_medium(&b->mmc, &b->medium);
}

/* A session, from the first look at the disc to its last. */
static int record(struct bench *b, uint32_t seed, uint32_t count,
		  const struct lathe_mmc_recording *how, uint32_t *start)
{
	struct lathe_mmc_medium after;
	int err = look(b);

	if (!err)
		err = lathe_mmc_lock_tray(&b->mmc, true);
	if (!err)
		err = lathe_mmc_begin_track(&b->mmc, &b->medium, how, start);
	if (!err)
		err = write_blocks(b, seed, *start, count);
	if (!err)
		err = lathe_mmc_end_track(&b->mmc);
	if (!err)
		err = lathe_mmc_close_session(&b->mmc, &b->medium, how->final);
	if (!err)
		err = lathe_mmc_read_medium(&b->mmc, &after);
	if (!err)
		err = lathe_mmc_lock_tray(&b->mmc, false);
	if (!err)
		b->medium = after;
	return err;
}

static bool disc_holds(struct lathe_emulator_store *disc, uint32_t seed,
		       uint32_t lba, uint32_t count)
{
	uint8_t want[BLOCK], got[BLOCK];

	for (uint32_t i = 0; i < count; i++) {
		if (lathe_emulator_store_peek(disc, lba + i, got) !=
		    LATHE_EMULATOR_BLOCK_DATA)
			return false;
		memset(want, 0, BLOCK);
		if (seed)
			fill(want, seed, lba + i);
		if (memcmp(want, got, BLOCK) != 0)
			return false;
	}
	return true;
}

static const struct lathe_mmc_recording appendable = { 0 };
static const struct lathe_mmc_recording final = { .final = true };

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
	ck_assert_int_eq(b.medium.status, at_once[_i].final
						  ? LATHE_MMC_STATUS_FINAL
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

/* ---- media that can be overwritten -------------------------------------- */

/* One stretch of blocks, with zeros in front of it where there must be no
 * hole; 'b->medium' stays what it was. */
static int overwrite(struct bench *b, uint32_t seed, uint32_t lba,
		     uint32_t count)
{
	struct lathe_mmc_recording how = { .overwrite_start = lba,
					   .track_blocks = count };
	uint32_t start;
	int err = lathe_mmc_begin_track(&b->mmc, &b->medium, &how, &start);

	if (!err && start < lba)
		err = write_blocks(b, 0, start, lba - start);
	if (!err)
		err = write_blocks(b, seed, lba, count);
	if (!err)
		err = lathe_mmc_end_track(&b->mmc);
	return err;
}

/* As sessions are made: data, then the head, then what was begun is ended. */
static int record_over(struct bench *b, uint32_t seed, uint32_t lba,
		       uint32_t count)
{
	int err = look(b);

	if (!err)
		err = overwrite(b, seed, lba, count);
	if (!err)
		err = overwrite(b, seed + 100, 0, 32);
	if (!err)
		err = lathe_mmc_close_session(&b->mmc, &b->medium, false);
	return err ? err : look(b);
}

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

/* ---- speed -------------------------------------------------------------- */

START_TEST(the_speed_that_is_granted_is_told)
{
	const struct medium_case *c =
		_i < COUNT(sequential) ? &sequential[_i]
				       : &overwritable[_i - COUNT(sequential)];
	/* 1x: MMC-6, DVD 1385 kB/s, BD 4496. */
	uint32_t single = c->align == 32 ? 4496 : 1385, fastest;
	struct bench b;

	open_bench(&b, c->media, NULL);
	must(&b, look(&b));
	must(&b, lathe_mmc_set_write_speed(&b.mmc, 0));
	fastest = lathe_mmc_write_speed(&b.mmc);
	ck_assert_uint_ge(fastest, single);
	must(&b, lathe_mmc_set_write_speed(&b.mmc, 4 * single + 100));
	ck_assert_uint_le(lathe_mmc_write_speed(&b.mmc), 4 * single + 100);
	ck_assert_uint_ge(lathe_mmc_write_speed(&b.mmc), single - 50);
	/* And back: speeds outlive what they were set for. */
	must(&b, lathe_mmc_set_write_speed(&b.mmc, 0));
	ck_assert_uint_eq(lathe_mmc_write_speed(&b.mmc), fastest);
	close_bench(&b);
}
END_TEST

/* ---- other behaviours --------------------------------------------------- */

/* With these nothing can be recorded at all. */
static bool hopeless(const char *personality)
{
	return !strcmp(personality, "host-filter-read-only");
}

START_TEST(sessions_with_every_personality)
{
	const struct medium_case *c = &sequential[_i];
	struct lathe_emulator_rule rule;
	uint32_t start, first;
	struct bench b;

	for (uint32_t i = 0; lathe_emulator_rule(i, &rule); i++) {
		if (!rule.personality || hopeless(rule.personality))
			continue;
		open_bench(&b, c->media, rule.personality);
		keep_command(&b, rule.personality, strlen(rule.personality));
		must(&b, record(&b, 1, 64, &appendable, &first));
		must(&b, record(&b, 2, 96, &final, &start));
		ck_assert_msg(disc_holds(b.disc, 1, first, 64) &&
				      disc_holds(b.disc, 2, start, 96),
			      "%s", rule.personality);
		ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_FINAL);
		close_bench(&b);
	}
}
END_TEST

START_TEST(overwriting_with_every_personality)
{
	const struct medium_case *c = &overwritable[_i];
	struct lathe_emulator_rule rule;
	struct bench b;

	for (uint32_t i = 0; lathe_emulator_rule(i, &rule); i++) {
		if (!rule.personality || hopeless(rule.personality))
			continue;
		open_bench(&b, c->media, rule.personality);
		keep_command(&b, rule.personality, strlen(rule.personality));
		must(&b, record_over(&b, 1, 32, 64));
		must(&b, record_over(&b, 2, 96, 32));
		ck_assert_msg(disc_holds(b.disc, 102, 0, 32) &&
				      disc_holds(b.disc, 1, 32, 64) &&
				      disc_holds(b.disc, 2, 96, 32),
			      "%s", rule.personality);
		close_bench(&b);
	}
}
END_TEST

/* ---- each command fails once -------------------------------------------- */

/* Write errors damage the disc, so that they are for WRITEs; a deferred one
 * what was written before. */
static const char *const causes[] = {
	"sense=4/44/00", "sense=5/24/00", "sense=2/04/01", "sense=B/47/00",
	"sense=6/28/00", "timeout",	  "lost",	   "reset",
	"powercut",	 "busy",	  "op=2A sense=3/0C/00",
	"op=2A count=2 deferred=3/0C/00"
};

/* A second session of which command 'n' fails; true if there was none left. */
static bool fail_one(const struct medium_case *c,
		     struct lathe_emulator_store *first, const char *cause,
		     uint32_t n, bool over)
{
	struct lathe_emulator_store *keep;
	uint32_t start = 0;
	char script[80];
	struct bench b;
	bool fired;
	int err;

	open_bench(&b, c->media, NULL);
	keep = b.disc;
	lathe_emulator_insert(b.emulator, NULL);
	lathe_emulator_store_close(keep);
	ck_assert_int_eq(lathe_emulator_store_snapshot(first, &b.disc), 0);
	lathe_emulator_insert(b.emulator, b.disc);
	snprintf(script, sizeof(script), "after=%u %s", (unsigned)n, cause);
	ck_assert_int_eq(lathe_emulator_set_faults(b.emulator, script), 0);
	err = over ? record_over(&b, 2, 96, 64)
		   : record(&b, 2, 64, &appendable, &start);
	if (err)
		ck_assert_uint_gt(strlen(lathe_mmc_failure(&b.mmc)->text), 0);
	else
		ck_assert_msg(disc_holds(b.disc, 2, over ? 96 : start, 64),
			      "%s, command %u", cause, (unsigned)n);
	ck_assert_msg(over ? disc_holds(b.disc, 1, 32, 64)
			   : disc_holds(b.disc, 1, 0, 64),
		      "%s, command %u: the first session", cause, (unsigned)n);
	fired = lathe_emulator_faults_fired(b.emulator) > 0;
	close_bench(&b);
	return !fired;
}

static void fail_each(const struct medium_case *c, bool over)
{
	uint32_t start, burns = 0;
	struct bench b;

	open_bench(&b, c->media, NULL);
	if (over)
		must(&b, record_over(&b, 1, 32, 64));
	else
		must(&b, record(&b, 1, 64, &appendable, &start));
	lathe_emulator_insert(b.emulator, NULL);
	for (size_t i = 0; i < sizeof(causes) / sizeof(*causes); i++)
		for (uint32_t n = 0;
		     !fail_one(c, b.disc, causes[i], n, over); n++)
			burns++;
	ck_assert_uint_gt(burns, 100);
	close_bench(&b);
}

START_TEST(whatever_command_fails_no_session_is_lost)
{
	fail_each(&sequential[_i], false);
}
END_TEST

START_TEST(whatever_command_fails_nothing_else_is_overwritten)
{
	fail_each(&overwritable[_i], true);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("mmc media with the emulator");
	TCase *tc = tcase_create("all");

	/* The last one is no disc for several short sessions. */
#define SEQUENTIAL(test) \
	tcase_add_loop_test(tc, test, 0, COUNT(sequential))
#define OVERWRITABLE(test) \
	tcase_add_loop_test(tc, test, 0, COUNT(overwritable))
	tcase_set_timeout(tc, 60);
	SEQUENTIAL(a_blank_disc_is_recognised);
	tcase_add_loop_test(
		tc, sessions_follow_one_another_and_the_last_one_is_final, 0,
		COUNT(sequential) - 1);
	tcase_add_test(tc,
		       a_short_first_session_on_two_layers_is_final_by_itself);
	SEQUENTIAL(the_costs_are_those_that_the_disc_shows);
	SEQUENTIAL(what_does_not_fit_is_refused_by_the_drive);
	SEQUENTIAL(a_simulation_leaves_the_disc_as_it_was);
	SEQUENTIAL(a_reserved_track_is_filled_and_closed);
	SEQUENTIAL(a_cut_session_is_closed);
	SEQUENTIAL(a_cut_session_goes_on);
	SEQUENTIAL(a_failed_write_is_gone_past);
	tcase_add_loop_test(tc, a_disc_at_once, 0, COUNT(at_once));
	tcase_add_loop_test(tc, at_once_can_be_simulated, 0, COUNT(at_once));
	tcase_add_test(tc, two_layers_of_dvd_r_take_one_session);
	tcase_add_test(tc, a_dvd_rw_is_blanked);
	OVERWRITABLE(an_overwritable_disc_is_recognised);
	OVERWRITABLE(a_size_that_is_not_told_is_an_error);
	OVERWRITABLE(sessions_are_written_where_they_are_wanted);
	OVERWRITABLE(the_end_of_the_medium_is_the_end);
	OVERWRITABLE(a_cut_overwriting_is_done_again);
	OVERWRITABLE(a_failed_overwriting_goes_on_where_it_failed);
	tcase_add_loop_test(tc, discs_are_formatted, 0,
			    2 * COUNT(overwritable));
	tcase_add_test(tc, a_dvd_rw_is_formatted_and_deformatted);
	tcase_add_loop_test(tc, spare_areas_of_bd_are_chosen, 0, 4);
	tcase_add_loop_test(tc, the_speed_that_is_granted_is_told, 0,
			    COUNT(sequential) + COUNT(overwritable));
	tcase_add_loop_test(tc, sessions_with_every_personality, 0,
			    COUNT(sequential) - 1);
	OVERWRITABLE(overwriting_with_every_personality);
	tcase_add_loop_test(tc, whatever_command_fails_no_session_is_lost, 0,
			    COUNT(sequential) - 1);
	OVERWRITABLE(whatever_command_fails_nothing_else_is_overwritten);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	return run_suite(suite());
}
