/* SPDX-License-Identifier: MIT */
/*
 * The engine against the software recorder. Judged is what the recorder's
 * disc holds, looked at past all commands; never what the engine says of it.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mmc/emulator/lathe_emulator.h"
#include "mmc/lathe_mmc.h"
#include "tests/suite.h"

#define BLOCK LATHE_BLOCK_BYTES

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

	snprintf(b->log[b->logged++ % 64], sizeof(b->log[0]), "%.*s", (int)len,
		 text);
}

static struct lathe_emulator_store *new_disc(enum lathe_emulator_media media)
{
	struct lathe_hooks hooks = { 0 };
	struct lathe_emulator_store *disc;

	ck_assert_int_eq(lathe_emulator_store_memory(&hooks, media, &disc), 0);
	return disc;
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

/* Takes 'disc' over. */
static void open_bench(struct bench *b, struct lathe_emulator_store *disc,
		       const char *personality)
{
	struct lathe_emulator_config config = {
		.size = sizeof(config),
		.personality = personality,
		.command = keep_command,
		.command_ctx = b,
	};

	memset(b, 0, sizeof(*b));
	b->disc = disc;
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

/* Block 'lba' of recording 'seed': all its bytes tell where it belongs. */
static void fill(uint8_t *out, uint32_t seed, uint32_t lba)
{
	uint32_t x = seed * 2654435761u ^ lba * 2246822519u;

	for (size_t i = 0; i < BLOCK; i += 4) {
		x = x * 1664525u + 1013904223u;
		lathe_put_le32(out + i, x);
	}
}

static int write_blocks(struct bench *b, uint32_t seed, uint32_t lba,
			uint32_t count)
{
	static uint8_t data[40 * BLOCK];

	while (count > 0) {
		uint32_t n = count < 40 ? count : 40;
		int err;

		for (uint32_t i = 0; i < n; i++)
			fill(data + i * BLOCK, seed, lba + i);
		err = lathe_mmc_write(&b->mmc, lba, n, data);
		if (err)
			return err;
		lba += n;
		count -= n;
	}
	return 0;
}

/* A session, from the first look at the disc to its last. */
static int record(struct bench *b, uint32_t seed, uint32_t count,
		  const struct lathe_mmc_recording *how, uint32_t *start)
{
	struct lathe_mmc_medium after;
	int err;

	err = lathe_mmc_wait_ready(&b->mmc, 60000);
	if (!err)
		err = lathe_mmc_lock_tray(&b->mmc, true);
	if (!err)
		err = lathe_mmc_read_medium(&b->mmc, &b->medium);
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
		fill(want, seed, lba + i);
		if (memcmp(want, got, BLOCK) != 0)
			return false;
	}
	return true;
}

static void must(struct bench *b, int err)
{
	const struct lathe_failure *f = lathe_mmc_failure(&b->mmc);

	if (err)
		ck_abort_msg("%s: %s; after %s", lathe_err_name(err), f->text,
			     b->log[(b->logged + 63) % 64]);
}

static const struct lathe_mmc_recording appendable = { 0 };
static const struct lathe_mmc_recording final = { .final = true };

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

	open_bench(&b, new_disc(cases[_i].media), NULL);
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

	open_bench(&b, new_disc(LATHE_EMULATOR_CD_R_80), NULL);
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

START_TEST(a_final_session_ends_the_disc)
{
	struct lathe_emulator_disc state;
	uint32_t start;
	struct bench b;

	open_bench(&b, new_disc(LATHE_EMULATOR_CD_R_74), NULL);
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

	open_bench(&b, new_disc(LATHE_EMULATOR_CD_RW), NULL);
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

	open_bench(&b, new_disc(LATHE_EMULATOR_CD_R_80), NULL);
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

	open_bench(&b, new_disc(LATHE_EMULATOR_CD_R_80), NULL);
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

	open_bench(&b, new_disc(LATHE_EMULATOR_CD_R_80), NULL);
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

	open_bench(&b, new_disc(LATHE_EMULATOR_CD_R_80), NULL);
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

/* With these a burn can not work, or not end as it is asked to. */
static bool hopeless(const char *personality)
{
	return !strcmp(personality, "host-filter-read-only");
}

START_TEST(two_sessions_with_every_personality)
{
	struct lathe_emulator_rule rule;
	uint32_t start;
	struct bench b;

	for (uint32_t i = 0; lathe_emulator_rule(i, &rule); i++) {
		if (!rule.personality || hopeless(rule.personality))
			continue;
		open_bench(&b, new_disc(LATHE_EMULATOR_CD_RW),
			   rule.personality);
		keep_command(&b, rule.personality, strlen(rule.personality));
		must(&b, record(&b, 1, 600, &appendable, &start));
		ck_assert_msg(start == 0, "%s", rule.personality);
		must(&b, record(&b, 2, 300, &appendable, &start));
		ck_assert_msg(start == 12002, "%s: %u", rule.personality,
			      (unsigned)start);
		must(&b, record(&b, 3, 300, &final, &start));
		ck_assert_msg(disc_holds(b.disc, 1, 0, 600) &&
				      disc_holds(b.disc, 2, 12002, 300) &&
				      disc_holds(b.disc, 3, start, 300),
			      "%s", rule.personality);
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

	open_bench(&b, new_disc(LATHE_EMULATOR_CD_R_80), NULL);
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

	open_bench(&b, new_disc(LATHE_EMULATOR_CD_R_80), NULL);
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

	open_bench(&b, new_disc(LATHE_EMULATOR_CD_R_80), NULL);
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

/* ---- every command fails once ------------------------------------------- */

static const char *const effects[] = {
	"sense=3/0c/00",
	"sense=4/44/00",
	"sense=2/04/00 times=0",
	"sense=2/04/01",
	"sense=5/20/00",
	"sense=5/24/00",
	"sense=b/4e/00",
	"sense=6/29/00",
	"sense=6/28/00",
	"sense=6/2a/01",
	"sense=1/0c/00",
	"sense=2/04/08",
	"deferred=3/0c/00",
	"deferred=4/44/00",
	"deferred=1/18/00",
	"timeout",
	"reset",
	"lost",
	"gone",
	"busy",
	"busy times=0",
	"refused",
	"toolarge",
	"powercut",
	"swap",
	"eject",
	"short=0",
	"short=7",
	"short=2048",
	"underrun",
};

enum { EFFECTS = sizeof(effects) / sizeof(*effects), MORE = 1000 };

/*
 * The second session of a disc, with command number 'after' failing. Success
 * means a whole disc; whatever comes out, the first session is unharmed, and
 * once the disc is 'known' no other one is written on.
 */
static void fail_once(struct lathe_emulator_store *first, uint32_t after,
		      bool known, const char *effect)
{
	struct lathe_emulator_store *disc, *other;
	struct lathe_emulator_disc state;
	uint32_t start = 0;
	char script[96];
	struct bench b;
	int err;

	ck_assert_int_eq(lathe_emulator_store_snapshot(first, &disc), 0);
	other = new_disc(LATHE_EMULATOR_CD_R_80);
	open_bench(&b, disc, NULL);
	lathe_emulator_set_swap(b.emulator, other);
	snprintf(script, sizeof(script), "after=%u %s", (unsigned)after,
		 effect);
	ck_assert_int_eq(lathe_emulator_set_faults(b.emulator, script), 0);
	err = record(&b, 2, MORE, &appendable, &start);

	ck_assert_msg(disc_holds(disc, 1, 0, 600), "%s: session 1", script);
	lathe_emulator_store_state(other, &state);
	if (!state.blank && !known) {
		/* It was there before anybody looked: then all of it. */
		ck_assert_msg(err == 0 && disc_holds(other, 2, 0, MORE),
			      "%s: half of the other disc", script);
		goto done;
	}
	ck_assert_msg(state.blank, "%s: the other disc", script);
	lathe_emulator_store_state(disc, &state);
	if (err == 0) {
		ck_assert_msg(disc_holds(disc, 2, start, MORE),
			      "%s: success over a bad disc", script);
		ck_assert_msg(state.sessions == 2 && state.appendable,
			      "%s: success without a session", script);
	} else {
		const struct lathe_failure *f = lathe_mmc_failure(&b.mmc);

		ck_assert_msg(f->err == err && f->text[0] != '\0',
			      "%s: no reason for %s", script,
			      lathe_err_name(err));
	}
done:
	lathe_emulator_insert(b.emulator, NULL);
	lathe_emulator_destroy(b.emulator);
	lathe_emulator_store_close(disc);
	lathe_emulator_store_close(other);
}

START_TEST(no_single_failure_gives_success_over_a_bad_disc)
{
	struct lathe_emulator_store *first;
	uint32_t start, commands, looking;
	struct bench b;

	/* What a burn without failure takes. */
	open_bench(&b, new_disc(LATHE_EMULATOR_CD_R_80), NULL);
	must(&b, record(&b, 1, 600, &appendable, &start));
	ck_assert_int_eq(lathe_emulator_store_snapshot(b.disc, &first), 0);
	commands = lathe_emulator_commands(b.emulator);
	must(&b, lathe_mmc_wait_ready(&b.mmc, 60000));
	must(&b, lathe_mmc_lock_tray(&b.mmc, true));
	must(&b, lathe_mmc_read_medium(&b.mmc, &b.medium));
	looking = lathe_emulator_commands(b.emulator) - commands;
	commands = lathe_emulator_commands(b.emulator);
	must(&b, record(&b, 2, MORE, &appendable, &start));
	commands = lathe_emulator_commands(b.emulator) - commands;
	close_bench(&b);
	ck_assert_uint_gt(commands, 20);

	for (uint32_t after = 0; after <= commands + 1; after++)
		fail_once(first, after, after > looking + 1, effects[_i]);
	lathe_emulator_store_close(first);
}
END_TEST

/* A CD-RW with one session, known to an engine; commands so far in *commands. */
static void open_rewritable(struct bench *b, struct lathe_emulator_store *disc,
			    struct lathe_emulator_store *swap,
			    uint32_t *commands)
{
	struct lathe_emulator_store *copy;

	ck_assert_int_eq(lathe_emulator_store_snapshot(disc, &copy), 0);
	open_bench(b, copy, NULL);
	lathe_emulator_set_swap(b->emulator, swap);
	must(b, lathe_mmc_read_medium(&b->mmc, &b->medium));
	*commands = lathe_emulator_commands(b->emulator);
}

static struct lathe_emulator_store *rewritable_with_session(uint32_t seed)
{
	struct lathe_emulator_store *copy;
	uint32_t start;
	struct bench b;

	open_bench(&b, new_disc(LATHE_EMULATOR_CD_RW), NULL);
	must(&b, record(&b, seed, 600, &appendable, &start));
	ck_assert_int_eq(lathe_emulator_store_snapshot(b.disc, &copy), 0);
	close_bench(&b);
	return copy;
}

START_TEST(no_single_failure_blanks_another_disc_or_none)
{
	struct lathe_emulator_store *disc = rewritable_with_session(1);
	struct lathe_emulator_store *other = rewritable_with_session(2);
	struct lathe_emulator_disc state;
	uint32_t before, commands;
	char script[96];
	struct bench b;
	int err;

	open_rewritable(&b, disc, other, &before);
	must(&b, lathe_mmc_blank(&b.mmc, &b.medium, LATHE_MMC_BLANK_MINIMAL));
	commands = lathe_emulator_commands(b.emulator) - before;
	close_bench(&b);

	for (uint32_t i = 0; i <= commands; i++) {
		open_rewritable(&b, disc, other, &before);
		snprintf(script, sizeof(script), "after=%u %s",
			 (unsigned)(before + i), effects[_i]);
		ck_assert_int_eq(lathe_emulator_set_faults(b.emulator, script),
				 0);
		err = lathe_mmc_blank(&b.mmc, &b.medium,
				      LATHE_MMC_BLANK_MINIMAL);
		lathe_emulator_store_state(b.disc, &state);
		ck_assert_msg(err != 0 || state.blank, "%s", script);
		ck_assert_msg(disc_holds(other, 2, 0, 600), "%s", script);
		lathe_emulator_insert(b.emulator, NULL);
		close_bench(&b);
	}
	lathe_emulator_store_close(disc);
	lathe_emulator_store_close(other);
}
END_TEST

START_TEST(no_single_failure_delivers_wrong_blocks)
{
	struct lathe_emulator_store *disc = rewritable_with_session(1);
	struct lathe_emulator_store *other = rewritable_with_session(2);
	static uint8_t data[100 * BLOCK];
	uint8_t want[BLOCK];
	uint32_t before;
	char script[96];
	struct bench b;

	for (uint32_t i = 0; i <= 5; i++) {
		open_rewritable(&b, disc, other, &before);
		snprintf(script, sizeof(script), "after=%u %s",
			 (unsigned)(before + i), effects[_i]);
		ck_assert_int_eq(lathe_emulator_set_faults(b.emulator, script),
				 0);
		memset(data, 0x11, sizeof(data));
		if (lathe_mmc_read(&b.mmc, 100, 100, true, data) == 0)
			for (uint32_t n = 0; n < 100; n++) {
				fill(want, 1, 100 + n);
				ck_assert_msg(memcmp(data + n * BLOCK, want,
						     BLOCK) == 0,
					      "%s: block %u", script,
					      (unsigned)(100 + n));
			}
		close_bench(&b);
	}
	lathe_emulator_store_close(disc);
	lathe_emulator_store_close(other);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc with the emulator");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, a_blank_disc_is_recognised, 0, 3);
	tcase_add_test(t, two_sessions_lie_where_real_discs_have_them);
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
	tcase_add_loop_test(t, no_single_failure_gives_success_over_a_bad_disc,
			    0, EFFECTS);
	tcase_add_loop_test(t, no_single_failure_blanks_another_disc_or_none, 0,
			    EFFECTS);
	tcase_add_loop_test(t, no_single_failure_delivers_wrong_blocks, 0,
			    EFFECTS);
	suite_add_tcase(s, t);
	return run_suite(s);
}
