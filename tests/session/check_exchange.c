/* SPDX-License-Identifier: MIT */
/*
 * check_exchange.c - the disc is taken out and another one laid in, at each
 * command at which the tray can be opened. The drive tells of it with a unit
 * attention; but a system that asks the drive every other second may get it
 * in place of the engine. No disc gets what was meant for the other one.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

#define PREVENT 0x1E

/* ---- who presses the button --------------------------------------------- */

static struct {
	struct lathe_emulator_store *other;
	uint32_t at;		/* the command behind which it is pressed */
	bool told;		/* the engine gets the unit attention */
	bool done;
} button;

/* SPC-3 6.33: TEST UNIT READY of somebody else, until it is good. */
static void ask_first(struct rig *rig)
{
	struct lathe_cmd ready = { .cdb_len = 6, .timeout_ms = 1000 };
	int i;

	lathe_emulator_sleep_ms(rig->emulator, 60000);
	for (i = 0; i < 4; i++) {
		ready.status = 0;
		ck_assert_int_eq(lathe_emulator_execute(rig->emulator, &ready),
				 0);
	}
	ck_assert_uint_eq(ready.status, 0);
}

static void press(struct rig *rig, struct lathe_cmd *cmd)
{
	if (button.done || rig->commands < button.at || rig->locked ||
	    cmd->cdb[0] == PREVENT)
		return;
	button.done = true;
	lathe_emulator_insert(rig->emulator, button.other);
	if (!button.told)
		ask_first(rig);
}

static void press_at(struct rig *rig, uint32_t at, bool told,
		     struct lathe_emulator_store *other)
{
	button.other = other;
	button.at = rig->commands + at;
	button.told = told;
	button.done = false;
	rig->lie = press;
}

/* ---- discs -------------------------------------------------------------- */

static struct lathe_emulator_store *own_disc(enum lathe_emulator_media media,
					     const char *file, uint32_t bytes,
					     struct model *model)
{
	struct lathe_emulator_store *store = blank_disc(media);
	struct lathe_session_report report;
	struct rig rig;

	model_put(model, file, (uint8_t)file[0], bytes);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	rig_destroy(&rig);
	return store;
}

/* ---- repairing ---------------------------------------------------------- */

/* The head of a disc that was continued after another program. */
static void spoil_head(struct rig *rig)
{
	struct lathe_mmc_recording how = { .track_blocks = 32 };
	struct lathe_mmc_medium medium;
	static uint8_t data[32 * 2048];
	uint32_t start;

	memset(data, 0xA5, sizeof(data));
	ck_assert_int_eq(lathe_mmc_read_medium(&rig->mmc, &medium), 0);
	ck_assert_int_eq(lathe_mmc_begin_track(&rig->mmc, &medium, &how,
					       &start), 0);
	ck_assert_int_eq(lathe_mmc_write(&rig->mmc, 0, 32, data), 0);
	ck_assert_int_eq(lathe_mmc_end_track(&rig->mmc), 0);
}

static struct lathe_emulator_store *torn_disc(void)
{
	struct lathe_session_report report;
	struct model model = { 0 };
	struct lathe_emulator_store *store =
		foreign_disc(LATHE_EMULATOR_BD_RE, &model, 500);
	struct rig rig;

	model_put(&model, "ours", 2, 9000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(continue_it(&rig, &model, &report), 0);
	spoil_head(&rig);
	rig_destroy(&rig);
	model_free(&model);
	return store;
}

START_TEST(a_disc_is_repaired)
{
	struct model model = { 0 };
	struct lathe_emulator_store *torn = torn_disc();
	struct lathe_emulator_store *whole =
		own_disc(LATHE_EMULATOR_BD_RE, "whole", 3000000, &model);
	struct lathe_failure failure;
	uint32_t at;

	button.done = true;
	for (at = 1; button.done; at++) {
		struct lathe_emulator_store *one = copy_disc(torn);
		struct lathe_emulator_store *other = copy_disc(whole);
		struct rig rig;
		bool needed = false;

		rig_create(&rig, one, NULL);
		press_at(&rig, at, _i, other);
		lathe_session_repair(&rig.mmc, NULL, &needed, &failure);
		ck_assert_msg(judge_same(other, whole, 2000),
			      "at command %u: the other disc: %s", at,
			      failure.text);
		ck_assert(!rig.locked);
		rig_destroy(&rig);
		lathe_emulator_store_close(one);
		lathe_emulator_store_close(other);
	}
	lathe_emulator_store_close(torn);
	lathe_emulator_store_close(whole);
	model_free(&model);
}
END_TEST

/* A repair that fails while it writes leaves no track behind: the next one goes
 * ahead. */
START_TEST(a_repair_is_tried_again)
{
	struct lathe_emulator_store *torn = torn_disc();
	bool needed = false;
	struct rig rig;

	rig_create(&rig, torn, NULL);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 rig.emulator, "op=2a sense=4/44/00 times=0"),
			 0);
	ck_assert_int_eq(lathe_session_repair(&rig.mmc, NULL, &needed, NULL),
			 LATHE_ERR_SENSE);
	ck_assert(!needed);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, NULL), 0);
	ck_assert_int_eq(lathe_session_repair(&rig.mmc, NULL, &needed, NULL),
			 0);
	ck_assert(needed);
	rig_destroy(&rig);
	lathe_emulator_store_close(torn);
}
END_TEST

/* ---- closing ------------------------------------------------------------ */

/* A session that was cut: with its WRITE 'count', or when it was closed. */
static struct lathe_emulator_store *
open_disc(enum lathe_emulator_media kind, const char *fault)
{
	struct lathe_emulator_store *store = blank_disc(kind);
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 900000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, fault), 0);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), LATHE_ERR_NO_DEVICE);
	rig_destroy(&rig);
	model_free(&model);
	return store;
}

START_TEST(a_session_is_closed)
{
	struct lathe_emulator_store *whole =
		open_disc(LATHE_EMULATOR_DVD_R, "op=5b gone");
	struct lathe_emulator_store *cut =
		open_disc(LATHE_EMULATOR_DVD_R, "op=2a count=2 gone");
	struct lathe_failure failure;
	uint32_t at, closed = 0;

	button.done = true;
	for (at = 1; button.done; at++) {
		struct lathe_emulator_store *one = copy_disc(whole);
		struct lathe_emulator_store *other = copy_disc(cut);
		struct rig rig;

		rig_create(&rig, one, NULL);
		press_at(&rig, at, _i, other);
		lathe_session_close(&rig.mmc, NULL, false, false, &failure);
		ck_assert_msg(!disc_state(other).sessions,
			      "at command %u: nothing of it can be read", at);
		closed += disc_state(one).sessions;
		ck_assert(!rig.locked);
		rig_destroy(&rig);
		lathe_emulator_store_close(one);
		lathe_emulator_store_close(other);
	}
	ck_assert_uint_gt(closed, 0);
	lathe_emulator_store_close(whole);
	lathe_emulator_store_close(cut);
}
END_TEST

/* The close of a burn fails; the next disc is another one, which has to be
 * closed as its own kind is. */
static const struct change {
	enum lathe_emulator_media failed, next;
} changes[] = {
	{ LATHE_EMULATOR_BD_R, LATHE_EMULATOR_CD_R_80 },
	{ LATHE_EMULATOR_CD_R_80, LATHE_EMULATOR_DVD_R },
	{ LATHE_EMULATOR_CD_R_80, LATHE_EMULATOR_DVD_PLUS_R },
	{ LATHE_EMULATOR_DVD_PLUS_R, LATHE_EMULATOR_DVD_PLUS_R },
	{ LATHE_EMULATOR_DVD_R, LATHE_EMULATOR_BD_R },
};

START_TEST(a_close_that_failed_is_over)
{
	const struct change *change = &changes[_i];
	struct lathe_emulator_store *store = blank_disc(change->failed);
	struct lathe_emulator_store *next =
		open_disc(change->next, "op=5b gone");
	struct lathe_session_report report;
	struct lathe_failure failure;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 rig.emulator,
				 "op=5b cdb2=02 times=0 sense=3/72/00"), 0);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), LATHE_ERR_SENSE);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_OPEN);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, NULL), 0);
	lathe_emulator_insert(rig.emulator, next);
	ck_assert_msg(!lathe_session_close(&rig.mmc, NULL, false, false,
					   &failure), "%s", failure.text);
	ck_assert_uint_eq(disc_state(next).sessions, 1);
	ck_assert(disc_state(next).appendable);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	lathe_emulator_store_close(next);
	model_free(&model);
}
END_TEST

/* ... and a reset in between, or an answer that is lost, is nothing to a disc
 * that was only looked at. */
START_TEST(what_is_left_of_a_close_that_failed)
{
	static const char *const faults[] = { "sense=6/29/00",
					      "op=46 timeout" };
	struct lathe_emulator_store *store =
		open_disc(LATHE_EMULATOR_DVD_R, "op=5b gone");
	struct lathe_emulator_store *next = blank_disc(LATHE_EMULATOR_DVD_R);
	struct lathe_failure failure;
	struct rig rig;

	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 rig.emulator, "op=5b times=0 sense=4/44/00"),
			 0);
	ck_assert_int_eq(lathe_session_close(&rig.mmc, NULL, false, false,
					     &failure), LATHE_ERR_SENSE);
	lathe_emulator_insert(rig.emulator, next);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, faults[_i]),
			 0);
	rig_master(&rig, NULL);
	ck_assert_msg(!lathe_session_set_recorder(rig.master, &rig.mmc), "%s",
		      lathe_session_failure(rig.master)->text);
	ck_assert_uint_eq(lathe_emulator_faults_fired(rig.emulator), 1);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	lathe_emulator_store_close(next);
}
END_TEST

/* A short session makes a DVD+R DL final: then it is closed, and what comes in
 * next is another disc. */
START_TEST(a_session_that_the_drive_made_final_is_over)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_DVD_PLUS_R_DL);
	struct lathe_emulator_store *next =
		open_disc(changes[_i].next, "op=5b gone");
	struct lathe_session_report report;
	struct lathe_failure failure;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	ck_assert(report.final_by_drive);
	lathe_emulator_insert(rig.emulator, next);
	ck_assert_msg(!lathe_session_close(&rig.mmc, NULL, false, false,
					   &failure), "%s", failure.text);
	ck_assert_uint_eq(disc_state(next).sessions, 1);
	ck_assert(disc_state(next).appendable);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	lathe_emulator_store_close(next);
	model_free(&model);
}
END_TEST

/* ---- recording ---------------------------------------------------------- */

static const enum lathe_emulator_media media[] = {
	LATHE_EMULATOR_CD_R_80, LATHE_EMULATOR_DVD_PLUS_R,
	LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_DVD_RAM
};

#define MEDIA ((int)(sizeof(media) / sizeof(media[0])))

struct pair {
	struct lathe_emulator_store *store[2], *used[2];
	struct model old[2], grown[2], more;
};

static void make_pair(struct pair *pair, enum lathe_emulator_media kind)
{
	static const char *const names[2] = { "a file", "b file" };
	int i;

	memset(pair, 0, sizeof(*pair));
	model_put(&pair->more, "more", 'm', 7000);
	for (i = 0; i < 2; i++) {
		pair->store[i] = own_disc(kind, names[i], 5000, &pair->old[i]);
		model_put(&pair->grown[i], names[i],
			  (uint8_t)names[i][0], 5000);
		model_put(&pair->grown[i], "more", 'm', 7000);
	}
}

static void free_pair(struct pair *pair)
{
	int i;

	for (i = 0; i < 2; i++) {
		lathe_emulator_store_close(pair->store[i]);
		model_free(&pair->old[i]);
		model_free(&pair->grown[i]);
	}
	model_free(&pair->more);
}

/* What a reader finds: all that was there before, or that and the new file. */
static const char *judge(struct pair *pair, int i)
{
	struct lathe_emulator_store *store = pair->used[i];
	struct lathe_emulator_disc disc = disc_state(store);
	uint32_t start = disc.sessions > 1 ? judge_session(store,
							   disc.sessions) : 0;
	const char *wrong = judge_volume(store, start, &pair->grown[i], NULL,
					 NULL);

	return wrong ? judge_volume(store, start, &pair->old[i], NULL, NULL) :
		       NULL;
}

static int choose_and_record(struct rig *rig, const struct pair *pair,
			     struct lathe_session_report *report)
{
	return rig_burn(rig, &pair->more, LATHE_SESSION_VERIFY_FULL, report);
}

START_TEST(a_session_is_recorded)
{
	struct lathe_session_report report;
	struct pair pair;
	uint32_t at, good = 0;
	int i, err;

	make_pair(&pair, media[_i / 2]);
	button.done = true;
	for (at = 1; button.done; at++) {
		struct rig rig;

		for (i = 0; i < 2; i++)
			pair.used[i] = copy_disc(pair.store[i]);
		rig_create(&rig, pair.used[0], NULL);
		press_at(&rig, at, _i % 2, pair.used[1]);
		err = choose_and_record(&rig, &pair, &report);
		good += !err;
		for (i = 0; i < 2; i++) {
			const char *wrong = judge(&pair, i);

			ck_assert_msg(!wrong, "at command %u: disc %d: %s; %s",
				      at, i, wrong, lathe_err_name(err));
		}
		ck_assert(!rig.locked);
		rig_destroy(&rig);
		for (i = 0; i < 2; i++)
			lathe_emulator_store_close(pair.used[i]);
	}
	ck_assert_uint_gt(good, 0);
	free_pair(&pair);
}
END_TEST


/* The disc that is in the drive says nothing of the one that was written to:
 * not if it stands as far, nor if it has a session more. */
static const struct gone {
	uint8_t key, asc;
	bool longer;
} gone[] = {
	{ 6, 0x28, false }, { 6, 0x29, false }, { 6, 0x29, true },
	{ 4, 0x09, true },  { 3, 0x0c, true },
};

static const struct gone *how;

/* WRITE 90 fails, and the other disc is in the drive. */
static bool is_gone(struct rig *rig, struct lathe_cmd *cmd)
{
	if (button.done || cmd->cdb[0] != 0x2A || rig->sent[0x2A] < 90)
		return false;
	button.done = true;
	lathe_emulator_insert(rig->emulator, button.other);
	rig_refuse(cmd, how->key, how->asc);
	return true;
}

#define GONE ((int)(sizeof(gone) / sizeof(gone[0])))

START_TEST(what_became_of_a_disc_that_is_gone)
{
	struct lathe_session_report report;
	struct lathe_emulator_store *other, *before;
	struct pair pair;
	struct rig rig;

	how = &gone[_i % GONE];
	make_pair(&pair, media[_i / GONE]);
	other = copy_disc(pair.store[0]);
	if (how->longer) {
		rig_create(&rig, other, NULL);
		ck_assert_int_eq(choose_and_record(&rig, &pair, &report), 0);
		rig_destroy(&rig);
	}
	before = copy_disc(other);
	model_put(&pair.more, "long", 'l', 9000000);
	rig_create(&rig, pair.store[0], NULL);
	button.other = other;
	button.done = false;
	rig.instead = is_gone;
	ck_assert_int_ne(choose_and_record(&rig, &pair, &report), 0);
	ck_assert(button.done);
	ck_assert(judge_same(other, before, 6000));
	ck_assert_int_eq(report.end, LATHE_SESSION_END_UNKNOWN);
	ck_assert_uint_eq(report.next_writable, 0);
	ck_assert_uint_eq(report.files_not_whole, 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(other);
	lathe_emulator_store_close(before);
	free_pair(&pair);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: discs that are exchanged");
	TCase *tc = tcase_create("exchange");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, a_repair_is_tried_again);
	tcase_add_loop_test(tc, a_disc_is_repaired, 0, 2);
	tcase_add_loop_test(tc, a_session_is_closed, 0, 2);
	tcase_add_loop_test(tc, a_close_that_failed_is_over, 0,
			    (int)(sizeof(changes) / sizeof(changes[0])));
	tcase_add_loop_test(tc, what_is_left_of_a_close_that_failed, 0, 2);
	tcase_add_loop_test(tc, a_session_that_the_drive_made_final_is_over, 0,
			    (int)(sizeof(changes) / sizeof(changes[0])));
	tcase_add_loop_test(tc, what_became_of_a_disc_that_is_gone, 0,
			    MEDIA * GONE);
	tcase_add_loop_test(tc, a_session_is_recorded, 0, 2 * MEDIA);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
