/* SPDX-License-Identifier: MIT */
/*
 * check_resume.c - a burn that was cut is gone on with: what is on the disc
 * must be the beginning of the content, block by block (SPEC 6). Directories
 * that are not end it before anything is written, files are told.
 */
#include "tests/session/lib_rig.h"
#include "tests/source.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ10 0x28
#define WRITE10 0x2A
#define RESERVE_TRACK 0x53
#define GROUP 32u	/* blocks that are damaged together, SPEC 6 */

static const enum lathe_emulator_media media[] = {
	LATHE_EMULATOR_DVD_PLUS_R, LATHE_EMULATOR_DVD_R,
	LATHE_EMULATOR_DVD_RW, LATHE_EMULATOR_BD_R
};

#define MEDIA ((int)(sizeof(media) / sizeof(media[0])))

/* ---- a disc with a session, and a second one that was cut --------------- */

struct scene {
	struct rig rig;	/* first: it is what hooks and lies are given */
	struct lathe_emulator_store *store, *before;
	struct model model;
	struct lathe_session_report report;
	uint32_t old, start, reached;	/* of the first, of the cut one */
	uint32_t metadata, volume;
	uint32_t wrong;		/* LBA that reads with a flipped bit */
	uint32_t compared;	/* reads from there on, before a WRITE */
	bool cached;		/* one of them was not past the cache */
	bool reserve;		/* by the burn that is cut */
	uint64_t counted;	/* progress in front of writing */
	uint64_t to_count;
};

static const char *why(const struct scene *scene)
{
	return lathe_session_failure(scene->rig.master)->text;
}

static void judge(struct scene *scene, uint32_t lba, const struct model *model)
{
	const char *wrong = judge_volume(scene->store, lba, model, NULL, NULL);

	ck_assert_msg(!wrong, "at %u: %s", lba, wrong);
}

/* Files of 20 blocks, and one behind them; their folders are metadata. */
static void put_files(struct model *model)
{
	char name[16];
	uint32_t i;

	for (i = 0; i < 12; i++) {
		snprintf(name, sizeof(name), "folder%u/file", i);
		model_put(model, name, 10 + i, 20 * 2048);
	}
	model_put(model, "long/long", 30, 3000 * 1024);
}

/* The cable is pulled at command 'op', the n-th of its kind. */
static void cut(struct scene *scene, const char *op)
{
	struct lathe_session_sizes sizes;
	struct lathe_session_record_options options =
		rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);

	options.reserve = scene->reserve;
	rig_master(&scene->rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(scene->rig.master,
						    &scene->rig.mmc), 0);
	ck_assert_int_eq(rig_add(&scene->rig, &scene->model), 0);
	ck_assert_int_eq(lathe_session_totals(scene->rig.master, &sizes), 0);
	scene->metadata = sizes.metadata_blocks;
	scene->volume = sizes.volume_blocks;
	ck_assert_int_eq(lathe_emulator_set_faults(scene->rig.emulator, op),
			 0);
	ck_assert_int_eq(lathe_session_record(scene->rig.master, &options,
					      &scene->report),
			 LATHE_ERR_NO_DEVICE);
	scene->start = scene->report.start;
	scene->reached = disc_state(scene->store).next_writable;
	ck_assert_uint_gt(scene->reached, scene->start);
	rig_restart(&scene->rig);
}

static void begin(struct scene *scene, enum lathe_emulator_media medium)
{
	memset(scene, 0, sizeof(*scene));
	scene->store = blank_disc(medium);
	rig_create(&scene->rig, scene->store, NULL);
	model_put(&scene->model, "one", 1, 60000);
	ck_assert_int_eq(rig_burn(&scene->rig, &scene->model,
				  LATHE_SESSION_VERIFY_FULL, &scene->report),
			 0);
	scene->old = scene->report.start;
}

/* Behind the small files, in the middle of the long one. */
static void begin_cut(struct scene *scene, enum lathe_emulator_media medium)
{
	begin(scene, medium);
	put_files(&scene->model);
	cut(scene, "op=2a count=45 gone");
	ck_assert_uint_gt(scene->reached, scene->start + 400);
	ck_assert_uint_lt(scene->reached, scene->start + scene->volume);
}

static void end(struct scene *scene)
{
	struct model first = { 0 };

	/* Whatever came of it, the old session is as it was. */
	model_put(&first, "one", 1, 60000);
	judge(scene, scene->old, &first);
	rig_destroy(&scene->rig);
	lathe_emulator_store_close(scene->before);
	lathe_emulator_store_close(scene->store);
	model_free(&first);
	model_free(&scene->model);
}

/* READ(10), MMC-6 6.17: an address, blocks, and the bit FUA. */
static void watch(struct rig *rig, struct lathe_cmd *cmd)
{
	struct scene *scene = (struct scene *)rig;
	uint32_t lba, count;

	if (cmd->cdb[0] != READ10 || rig->sent[WRITE10])
		return;
	lba = lathe_get_be32(cmd->cdb + 2);
	count = lathe_get_be16(cmd->cdb + 7);
	if (scene->wrong >= lba && scene->wrong < lba + count)
		cmd->data[(size_t)(scene->wrong - lba) * 2048 + 1000] ^= 1;
	if (lba < scene->start)
		return;
	scene->compared += count;
	if (!(cmd->cdb[1] & 0x08))
		scene->cached = true;
}

static void count_progress(void *ctx, const struct lathe_progress *progress)
{
	struct scene *scene = ctx;

	if (progress->phase != LATHE_PHASE_PREPARING)
		return;
	ck_assert_uint_eq(scene->rig.sent[WRITE10], 0);
	/* Never backwards. */
	ck_assert_uint_gt(progress->done, scene->counted);
	ck_assert_uint_le(progress->done, progress->total);
	scene->counted = progress->done;
	scene->to_count = progress->total;
}

/* Up to the recording, by somebody who knows only the disc. */
static void take_up(struct scene *scene)
{
	struct lathe_session_config config = rig_config(&scene->rig);

	config.hooks.progress = count_progress;
	rig_master(&scene->rig, &config);
	ck_assert_msg(!lathe_session_resume(scene->rig.master,
					    &scene->rig.mmc),
		      "%s", why(scene));
	ck_assert_msg(!rig_add(&scene->rig, &scene->model), "%s", why(scene));
	/* Until the drive's buffer is empty. */
	lathe_emulator_sleep_ms(scene->rig.emulator, 60000);
	scene->before = copy_disc(scene->store);
	memset(scene->rig.sent, 0, sizeof(scene->rig.sent));
	scene->rig.lie = watch;
}

static int go_on(struct scene *scene, enum lathe_session_verify level)
{
	struct lathe_session_record_options options =
		rig_options(&scene->rig, level);

	return lathe_session_record(scene->rig.master, &options,
				    &scene->report);
}

/* Refused with that error: the disc is as it was. */
static void expect_refused(struct scene *scene, int wanted)
{
	int err = go_on(scene, LATHE_SESSION_VERIFY_FULL);

	ck_assert_msg(err == wanted, "%s: %s", lathe_err_name(err),
		      why(scene));
	ck_assert_uint_eq(scene->rig.sent[WRITE10], 0);
	ck_assert_uint_eq(scene->rig.not_whole, 0);
	ck_assert_int_eq(scene->rig.locked, err == LATHE_ERR_NO_DEVICE);
	ck_assert(judge_same(scene->before, scene->store,
			     scene->reached + 2000));
}

/* ---- what was there stays, the rest comes behind it --------------------- */

START_TEST(it_goes_on_where_it_was_cut)
{
	struct scene scene;

	begin_cut(&scene, media[_i]);
	take_up(&scene);
	ck_assert_msg(!go_on(&scene, LATHE_SESSION_VERIFY_FULL), "%s",
		      why(&scene));
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_eq(scene.report.start, scene.start);
	ck_assert_uint_eq(scene.report.files_not_whole, 0);
	judge(&scene, scene.start, &scene.model);
	/* All of it was compared, from the disc, and counted. */
	ck_assert_uint_eq(scene.compared, scene.reached - scene.start);
	ck_assert(!scene.cached);
	ck_assert_uint_eq(scene.counted, scene.reached - scene.start);
	ck_assert_uint_eq(scene.to_count, scene.reached - scene.start);
	end(&scene);
}
END_TEST

/* READ TRACK INFORMATION, MMC-6 6.27: the bit Damage, byte 5; bytes 8 to 11 are
 * where the track begins. */
static void is_damaged(struct rig *rig, struct lathe_cmd *cmd)
{
	const struct scene *scene = (const struct scene *)rig;

	if (cmd->cdb[0] == 0x52 && cmd->moved >= 12 && rig->sent[0x35] &&
	    lathe_get_be32(cmd->data + 8) == scene->start)
		cmd->data[5] |= 0x20;
}

/* The drive remembers where it was cut. What was read back is whole. */
START_TEST(the_drive_calls_its_track_damaged)
{
	struct scene scene;

	begin_cut(&scene, media[_i]);
	take_up(&scene);
	scene.rig.lie = is_damaged;
	ck_assert_msg(!go_on(&scene, LATHE_SESSION_VERIFY_FULL), "%s",
		      why(&scene));
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert(scene.report.verified);
	scene.rig.lie = NULL;
	judge(&scene, scene.start, &scene.model);
	end(&scene);
}
END_TEST

/* MMC-6 6.27: the open track tells what is free in it alone. What closes the
 * session, and further ones, lie behind it. */
START_TEST(a_reserved_track_is_gone_on_with)
{
	struct lathe_session_sizes sizes;
	struct scene scene;

	begin(&scene, media[_i]);
	put_files(&scene.model);
	scene.reserve = true;
	cut(&scene, "op=2a count=45 gone");
	ck_assert_uint_eq(scene.rig.sent[RESERVE_TRACK], 1);
	take_up(&scene);
	ck_assert_int_eq(lathe_session_totals(scene.rig.master, &sizes), 0);
	ck_assert_int_eq(sizes.space.fit, LATHE_SESSION_FITS_APPENDABLE);
	ck_assert_uint_gt(sizes.total_blocks, 2000000);
	ck_assert_msg(!go_on(&scene, LATHE_SESSION_VERIFY_FULL), "%s",
		      why(&scene));
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_eq(scene.report.start, scene.start);
	judge(&scene, scene.start, &scene.model);
	end(&scene);
}
END_TEST

/* All other errors at the end of a track are what they are elsewhere. */
START_TEST(its_track_can_not_be_ended)
{
	struct scene scene;

	begin_cut(&scene, media[_i]);
	take_up(&scene);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 scene.rig.emulator,
				 "op=35 times=0 sense=3/0C/00"), 0);
	ck_assert_int_eq(go_on(&scene, LATHE_SESSION_VERIFY_FULL),
			 LATHE_ERR_SENSE);
	ck_assert_int_eq(scene.report.phase, LATHE_PHASE_CLOSING);
	end(&scene);
}
END_TEST

/* The track is there to its end, but was not closed. Behind the volume, which
 * is 8 blocks longer for each of 'longer', it ends in zeros: up to 31. */
static void begin_full(struct scene *scene, enum lathe_emulator_media medium,
		       uint32_t longer)
{
	begin(scene, medium);
	put_files(&scene->model);
	model_put(&scene->model, "long/long", 30, (1500 + 8 * longer) * 2048);
	cut(scene, "op=35 gone");
	ck_assert_uint_ge(scene->reached, scene->start + scene->volume);
	ck_assert_uint_ne(scene->volume % 8, 0);
}

START_TEST(all_of_it_is_there)
{
	struct scene scene;

	begin_full(&scene, media[_i % MEDIA], (uint32_t)(_i / MEDIA));
	take_up(&scene);
	ck_assert_msg(!go_on(&scene, LATHE_SESSION_VERIFY_FULL), "%s",
		      why(&scene));
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_eq(scene.rig.sent[WRITE10], 0);
	ck_assert_uint_eq(scene.report.files_not_whole, 0);
	judge(&scene, scene.start, &scene.model);
	end(&scene);
}
END_TEST

static const enum lathe_emulator_media closed_media[] = {
	LATHE_EMULATOR_CD_R_80, LATHE_EMULATOR_CD_RW,
	LATHE_EMULATOR_DVD_R, LATHE_EMULATOR_DVD_RW,
	LATHE_EMULATOR_DVD_PLUS_R, LATHE_EMULATOR_BD_R
};

#define CLOSED_MEDIA ((int)(sizeof(closed_media) / sizeof(*closed_media)))

/* The track is closed, the session is not: its track is not the last session's
 * that is complete, which is found and read as before. */
static void begin_closed(struct scene *scene, enum lathe_emulator_media medium)
{
	struct lathe_session_disc then, now;

	begin(scene, medium);
	ck_assert_int_eq(lathe_session_inspect(&scene->rig.mmc, NULL, &then),
			 0);
	put_files(&scene->model);
	/* CLOSE TRACK SESSION, MMC-6 6.3: close function 010b. */
	cut(scene, "op=5b cdb2=02 gone");
	ck_assert_int_eq(lathe_session_inspect(&scene->rig.mmc, NULL, &now),
			 0);
	ck_assert_int_eq(now.medium.status, LATHE_MMC_STATUS_UNFINISHED);
	ck_assert_uint_eq(now.medium.sessions, 1);
	ck_assert_uint_eq(now.medium.last_session_start, scene->old);
	ck_assert_uint_eq(now.medium.last_session_first_track, 1);
	ck_assert_uint_eq(now.medium.last_track, 1);
	ck_assert_uint_eq(now.last_end, then.last_end);
	ck_assert(now.found.own);
}

START_TEST(only_the_session_is_to_be_closed)
{
	struct lathe_failure failure;
	struct scene scene;

	begin_closed(&scene, closed_media[_i]);
	ck_assert_msg(!lathe_session_close(&scene.rig.mmc, NULL, false, false,
					   &failure), "%s", failure.text);
	ck_assert_uint_eq(disc_state(scene.store).sessions, 2);
	judge(&scene, judge_session(scene.store, 2), &scene.model);
	end(&scene);
}
END_TEST

/* READ TRACK INFORMATION by number, MMC-6 6.27, of the track that is not there
 * yet, the third one; or of all but the first. */
static void tells_nothing_of_it(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x52 && (cmd->cdb[1] & 3) == 1 &&
	    lathe_get_be32(cmd->cdb + 2) == 3)
		rig_refuse(cmd, 5, 0x24);
}

static void tells_nothing_of_both(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x52 && (cmd->cdb[1] & 3) == 1 &&
	    lathe_get_be32(cmd->cdb + 2) >= 2)
		rig_refuse(cmd, 5, 0x24);
}

START_TEST(the_drive_tells_nothing_of_the_next_track)
{
	struct lathe_failure failure;
	struct scene scene;

	begin_closed(&scene, closed_media[_i]);
	scene.rig.lie = tells_nothing_of_it;
	ck_assert_msg(!lathe_session_close(&scene.rig.mmc, NULL, false, false,
					   &failure), "%s", failure.text);
	ck_assert_uint_eq(disc_state(scene.store).sessions, 2);
	judge(&scene, judge_session(scene.store, 2), &scene.model);
	end(&scene);
}
END_TEST

/* Nobody knows where it begins, nor what is in it. */
START_TEST(the_drive_tells_nothing_of_the_open_session)
{
	struct lathe_failure failure;
	struct scene scene;

	begin_closed(&scene, closed_media[_i]);
	scene.rig.lie = tells_nothing_of_both;
	ck_assert_int_eq(lathe_session_close(&scene.rig.mmc, NULL, false,
					     false, &failure),
			 LATHE_ERR_UNFINISHED);
	ck_assert_uint_eq(disc_state(scene.store).sessions, 1);
	end(&scene);
}
END_TEST

/* What counts are the metadata of the session that is open: the older ones of
 * the disc are whole. */
START_TEST(nothing_would_lead_to_the_older_sessions)
{
	struct lathe_failure failure;
	struct scene scene;

	begin(&scene, closed_media[_i]);
	put_files(&scene.model);
	cut(&scene, "op=2a count=2 gone");
	ck_assert_uint_lt(scene.reached, scene.start + scene.metadata);
	ck_assert_int_eq(lathe_session_close(&scene.rig.mmc, NULL, false,
					     false, &failure),
			 LATHE_ERR_UNFINISHED);
	ck_assert_ptr_nonnull(strstr(failure.text, "session 2"));
	ck_assert_ptr_nonnull(strstr(failure.text, "earlier sessions"));
	ck_assert_uint_eq(disc_state(scene.store).sessions, 1);
	ck_assert(!scene.rig.locked);
	end(&scene);
}
END_TEST

/* Going on finds all of it there, on media that leave no gap behind a track. */
START_TEST(a_session_with_a_closed_track_is_gone_on_with)
{
	struct scene scene;

	begin_closed(&scene, _i ? LATHE_EMULATOR_BD_R :
				  LATHE_EMULATOR_DVD_PLUS_R);
	take_up(&scene);
	ck_assert_int_eq(lathe_session_current_mode(scene.rig.master),
			 LATHE_SESSION_MODE_MULTI);
	ck_assert_msg(!go_on(&scene, LATHE_SESSION_VERIFY_FULL), "%s",
		      why(&scene));
	ck_assert_uint_eq(scene.rig.sent[WRITE10], 0);
	ck_assert_uint_eq(disc_state(scene.store).sessions, 2);
	judge(&scene, scene.start, &scene.model);
	end(&scene);
}
END_TEST

/* Another program has closed the track of what was cut, not its session: what
 * is missing comes in a second track of it, right behind the first. */
START_TEST(it_goes_on_in_another_track)
{
	/* CLOSE TRACK SESSION, MMC-6 6.3: close function 001b of track 2. */
	struct lathe_cmd close = { .cdb = { 0x5B, 0, 1, 0, 0, 2 },
				   .cdb_len = 10, .timeout_ms = 60000 };
	struct scene scene;

	begin_cut(&scene, LATHE_EMULATOR_BD_R);
	ck_assert_int_eq(lathe_mmc_wait_ready(&scene.rig.mmc, 60000), 0);
	ck_assert_int_eq(lathe_emulator_execute(scene.rig.emulator, &close),
			 0);
	ck_assert_uint_eq(close.status, 0);
	lathe_emulator_sleep_ms(scene.rig.emulator, 60000);
	take_up(&scene);
	ck_assert_msg(!go_on(&scene, LATHE_SESSION_VERIFY_FULL), "%s",
		      why(&scene));
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_eq(scene.report.start, scene.start);
	ck_assert_uint_eq(disc_state(scene.store).tracks, 3);
	judge(&scene, scene.start, &scene.model);
	end(&scene);
}
END_TEST

/* Nothing of it is there yet but a track that was reserved. */
static void begin_reserved(struct scene *scene)
{
	struct lathe_session_record_options options;

	begin(scene, LATHE_EMULATOR_DVD_PLUS_R);
	put_files(&scene->model);
	options = rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
	options.reserve = true;
	ck_assert_int_eq(lathe_session_set_recorder(scene->rig.master,
						    &scene->rig.mmc), 0);
	ck_assert_int_eq(rig_add(&scene->rig, &scene->model), 0);
	ck_assert_int_eq(lathe_emulator_set_faults(scene->rig.emulator,
						   "op=2a gone"), 0);
	ck_assert_int_eq(lathe_session_record(scene->rig.master, &options,
					      &scene->report),
			 LATHE_ERR_NO_DEVICE);
	scene->start = scene->reached = scene->report.start;
	rig_restart(&scene->rig);
}

START_TEST(nothing_of_it_is_there)
{
	struct scene scene;

	begin_reserved(&scene);
	take_up(&scene);
	ck_assert_msg(!go_on(&scene, LATHE_SESSION_VERIFY_FULL), "%s",
		      why(&scene));
	ck_assert_uint_eq(scene.report.start, scene.start);
	judge(&scene, scene.start, &scene.model);
	end(&scene);
}
END_TEST

/* All of it is there, in a track that was reserved and is not closed: drives
 * have no next writable address for that, and begin another one behind it. */
static void begin_full_reserved(struct scene *scene,
				enum lathe_emulator_media medium)
{
	begin(scene, medium);
	put_files(&scene->model);
	scene->reserve = true;
	cut(scene, "op=5b gone");
}

START_TEST(a_reserved_track_that_is_full_is_gone_on_with)
{
	struct scene scene;

	begin_full_reserved(&scene, _i ? LATHE_EMULATOR_BD_R :
					 LATHE_EMULATOR_DVD_PLUS_R);
	take_up(&scene);
	ck_assert_msg(!go_on(&scene, LATHE_SESSION_VERIFY_FULL), "%s",
		      why(&scene));
	ck_assert_uint_eq(scene.rig.sent[WRITE10], 0);
	ck_assert_uint_eq(disc_state(scene.store).sessions, 2);
	judge(&scene, scene.start, &scene.model);
	end(&scene);
}
END_TEST

START_TEST(a_reserved_track_that_is_full_is_closed)
{
	struct lathe_failure failure;
	struct scene scene;

	begin_full_reserved(&scene, media[_i]);
	ck_assert_msg(!lathe_session_close(&scene.rig.mmc, NULL, false, false,
					   &failure), "%s", failure.text);
	ck_assert_uint_eq(disc_state(scene.store).sessions, 2);
	judge(&scene, scene.start, &scene.model);
	end(&scene);
}
END_TEST

/* The track ends before this content does, though the disc goes on. */
START_TEST(it_is_more_than_was_reserved)
{
	struct scene scene;

	begin_reserved(&scene);
	model_put(&scene.model, "more", 40, 100 * 2048);
	take_up(&scene);
	expect_refused(&scene, LATHE_ERR_CHANGED);
	end(&scene);
}
END_TEST

/* What is free on the disc is what was free before the burn that was cut,
 * whatever that reserved: strict totals keep the closing reserve of it. */
START_TEST(a_reserved_first_session_leaves_the_rest_free)
{
	struct lathe_session_record_options options;
	struct lathe_session_sizes before, now;
	struct lathe_session_config config;
	struct scene scene = { .old = 0 };
	struct rig *rig = &scene.rig;

	scene.store = blank_disc(media[_i]);
	rig_create(rig, scene.store, NULL);
	put_files(&scene.model);
	config = rig_config(rig);
	config.strict_totals = true;
	rig_master(rig, &config);
	options = rig_options(rig, LATHE_SESSION_VERIFY_FULL);
	options.reserve = true;
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc),
			 0);
	ck_assert_int_eq(rig_add(rig, &scene.model), 0);
	ck_assert_int_eq(lathe_session_totals(rig->master, &before), 0);
	ck_assert_int_eq(lathe_emulator_set_faults(rig->emulator,
						   "op=2a count=20 gone"), 0);
	ck_assert_int_eq(lathe_session_record(rig->master, &options,
					      &scene.report),
			 LATHE_ERR_NO_DEVICE);

	rig_restart(rig);
	rig_master(rig, &config);
	ck_assert_int_eq(lathe_session_resume(rig->master, &rig->mmc), 0);
	ck_assert_msg(!rig_add(rig, &scene.model), "%s", why(&scene));
	ck_assert_int_eq(lathe_session_totals(rig->master, &now), 0);
	/* Behind a reserved track a DVD-R links, which takes a block. */
	ck_assert_uint_le(now.total_blocks, before.total_blocks);
	ck_assert_uint_le(before.total_blocks, now.total_blocks + 16);
	ck_assert_int_eq(now.space.fit, LATHE_SESSION_FITS_APPENDABLE);
	ck_assert_int_eq(lathe_session_record(rig->master, &options,
					      &scene.report), 0);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	judge(&scene, 0, &scene.model);
	rig_destroy(rig);
	lathe_emulator_store_close(scene.store);
	model_free(&scene.model);
}
END_TEST

/* What is there needs no room once more: the content just fits. */
START_TEST(the_disc_is_nearly_full)
{
	struct lathe_session_sizes sizes;
	struct scene scene;

	memset(&scene, 0, sizeof(scene));
	scene.store = blank_disc(LATHE_EMULATOR_DVD_PLUS_R);
	ck_assert_int_eq(lathe_emulator_store_set_limit(scene.store, 8000), 0);
	rig_create(&scene.rig, scene.store, NULL);
	model_put(&scene.model, "one", 1, 60000);
	ck_assert_int_eq(rig_burn(&scene.rig, &scene.model,
				  LATHE_SESSION_VERIFY_FULL, &scene.report),
			 0);
	scene.old = scene.report.start;
	/* 5,000 blocks of 8,000, most of which are recorded. */
	model_put(&scene.model, "long", 30, 10000 * 1024);
	cut(&scene, "op=2a count=290 gone");
	ck_assert_uint_gt(scene.reached, scene.start + 4000);
	take_up(&scene);
	ck_assert_int_eq(lathe_session_totals(scene.rig.master, &sizes), 0);
	ck_assert_uint_eq(sizes.total_blocks,
			  disc_state(scene.store).next_writable +
				  disc_state(scene.store).free_blocks);
	ck_assert_uint_eq(sizes.used_blocks, scene.start + sizes.space.need);
	ck_assert_msg(!go_on(&scene, LATHE_SESSION_VERIFY_FULL), "%s",
		      why(&scene));
	judge(&scene, scene.start, &scene.model);
	end(&scene);
}
END_TEST

/* ---- it is not the beginning of this ------------------------------------ */

static void make_unreadable(struct scene *scene, uint32_t lba)
{
	char script[64];

	snprintf(script, sizeof(script), "op=28 lba=%u times=0 sense=3/11/05",
		 lba);
	ck_assert_int_eq(lathe_emulator_set_faults(scene->rig.emulator,
						   script), 0);
}

/* Of those that are read together the one is named that differs. */
static void expect_named(const struct scene *scene, uint32_t lba)
{
	char text[32];

	snprintf(text, sizeof(text), "block %u ", lba);
	ck_assert_msg(strstr(why(scene), text), "%u: %s", lba, why(scene));
}

/* Blocks of a session, from its start on: the system area, where other
 * programs put code, the descriptors; -1: the last one of its metadata. */
static const int differing[] = { 0, 15, 16, 17, 18, 31, -1 };

#define DIFFERING ((int)(sizeof(differing) / sizeof(differing[0])))

static uint32_t metadata_block(const struct scene *scene, int i)
{
	return scene->start + (i < 0 ? scene->metadata - 1 : (uint32_t)i);
}

START_TEST(metadata_differ)
{
	struct scene scene;

	begin_cut(&scene, LATHE_EMULATOR_DVD_PLUS_R);
	ck_assert_uint_gt(scene.metadata, 31);
	take_up(&scene);
	scene.wrong = metadata_block(&scene, differing[_i]);
	expect_refused(&scene, LATHE_ERR_CHANGED);
	expect_named(&scene, scene.wrong);
	end(&scene);
}
END_TEST

/* ... and nobody knows what they were: but for the zeros in front of them. */
START_TEST(metadata_can_not_be_read)
{
	struct scene scene;
	int err;

	begin_cut(&scene, LATHE_EMULATOR_DVD_PLUS_R);
	take_up(&scene);
	make_unreadable(&scene, metadata_block(&scene, differing[_i]));
	if (differing[_i] < 0 || differing[_i] >= 16) {
		expect_refused(&scene, LATHE_ERR_CHANGED);
		end(&scene);
		return;
	}
	err = go_on(&scene, LATHE_SESSION_VERIFY_NONE);
	ck_assert_msg(!err || err == LATHE_ERR_VERIFY, "%s", why(&scene));
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_eq(scene.report.files_not_whole, 0);
	judge(&scene, scene.start, &scene.model);
	end(&scene);
}
END_TEST

/* Zeros were recorded behind what the content ends with. */
START_TEST(there_is_more_than_the_content_has)
{
	static uint8_t zeros[16 * 2048];
	struct lathe_cmd write = { .cdb_len = 10, .timeout_ms = 10000 };
	struct scene scene;
	char text[32];
	uint32_t end_of_track, i;

	begin_full(&scene, LATHE_EMULATOR_DVD_PLUS_R, 0);
	end_of_track = scene.reached;
	for (i = 0; i < (_i ? 100u : 1u); i++) {
		write.cdb[0] = WRITE10;
		lathe_emulator_sleep_ms(scene.rig.emulator, 100);
		lathe_put_be32(write.cdb + 2, scene.reached);
		lathe_put_be16(write.cdb + 7, 16);
		write.to_drive = true;
		write.data = zeros;
		write.data_len = sizeof(zeros);
		ck_assert_int_eq(lathe_emulator_execute(scene.rig.emulator,
							&write), 0);
		ck_assert_uint_eq(write.status, 0);
		scene.reached += 16;
	}
	ck_assert_uint_eq(disc_state(scene.store).next_writable,
			  scene.reached);
	take_up(&scene);
	expect_refused(&scene, LATHE_ERR_CHANGED);
	snprintf(text, sizeof(text), "block %u ", end_of_track);
	ck_assert_msg(strstr(why(&scene), text), "%s", why(&scene));
	end(&scene);
}
END_TEST

/* ---- files that the cut damaged ----------------------------------------- */

/* The block at which a file begins on the disc. */
static uint32_t find_file(struct scene *scene, uint32_t i)
{
	const struct model_file *file = &scene->model.file[i];
	uint8_t block[2048];
	uint32_t lba;

	for (lba = scene->start; lba < scene->reached; lba++)
		if (lathe_emulator_store_peek(scene->store, lba, block) ==
			    LATHE_EMULATOR_BLOCK_DATA &&
		    memcmp(block, file->data, 2048) == 0)
			return lba;
	return UINT32_MAX;
}

static bool was_told(const struct scene *scene, const char *name)
{
	char path[97] = "";
	uint32_t i;

	for (i = 0; i < scene->rig.not_whole; i++) {
		lathe_iso9660_path(lathe_session_tree(scene->rig.master),
				   scene->rig.not_whole_node[i], path,
				   sizeof(path));
		if (strcmp(path + 1, name) == 0)
			return true;
	}
	return false;
}

/* Those that have blocks in the group of 'lba', and no others. */
static void expect_told(struct scene *scene, uint32_t lba)
{
	uint32_t from = lba - (lba - scene->start) % GROUP;
	uint32_t i, first, told = 0;
	bool hit;

	for (i = 0; i < scene->model.count; i++) {
		first = find_file(scene, i);
		hit = first < from + GROUP &&
		      first + (scene->model.file[i].size + 2047) / 2048 > from;
		ck_assert_msg(was_told(scene, scene->model.file[i].path) ==
				      hit,
			      "%s, at %u, and %u", scene->model.file[i].path,
			      first, lba);
		told += hit;
	}
	ck_assert_uint_eq(scene->rig.not_whole, told);
	ck_assert_uint_eq(scene->report.files_not_whole, told);
}

/* Damaged files are told whatever is asked to be verified: even nothing. */
static void expect_damage(struct scene *scene, uint32_t lba)
{
	int err = go_on(scene, LATHE_SESSION_VERIFY_NONE);

	ck_assert_msg(err == LATHE_ERR_VERIFY, "%s: %s", lathe_err_name(err),
		      why(scene));
	ck_assert_int_eq(scene->report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert(!scene->report.verified);
	expect_told(scene, lba);
	judge(scene, scene->start, &scene->model);
}

START_TEST(a_file_differs)
{
	struct scene scene;

	begin_cut(&scene, media[_i / 24 % MEDIA]);
	take_up(&scene);
	scene.wrong = find_file(&scene, 1 + (uint32_t)_i / 2 % 12) + 7;
	if (_i % 2)
		make_unreadable(&scene, scene.wrong);
	expect_damage(&scene, scene.wrong);
	end(&scene);
}
END_TEST

/* READ CAPACITY, behind what was recorded now: its last block can not be read,
 * as it is not there. */
static void tells_less(struct rig *rig, struct lathe_cmd *cmd)
{
	watch(rig, cmd);
	if (cmd->cdb[0] == 0x25 && cmd->moved == 8 && rig->sent[WRITE10])
		lathe_put_be32(cmd->data, ((struct scene *)rig)->reached);
}

/* ... also where the disc is not what it should be, which ends the reading. */
START_TEST(a_file_differs_and_the_session_is_short)
{
	struct scene scene;

	begin_cut(&scene, media[_i]);
	take_up(&scene);
	scene.wrong = find_file(&scene, 3);
	scene.rig.lie = tells_less;
	ck_assert_int_eq(go_on(&scene, LATHE_SESSION_VERIFY_FULL),
			 LATHE_ERR_VERIFY);
	ck_assert_ptr_nonnull(strstr(why(&scene), "readable blocks"));
	expect_told(&scene, scene.wrong);
	end(&scene);
}
END_TEST

/* The last blocks that are there, of the long file. */
START_TEST(what_was_recorded_last_differs)
{
	struct scene scene;

	begin_cut(&scene, media[_i]);
	take_up(&scene);
	scene.wrong = scene.reached - 1;
	expect_damage(&scene, scene.wrong);
	end(&scene);
}
END_TEST

START_TEST(what_is_behind_the_volume_differs)
{
	struct scene scene;

	begin_full(&scene, media[_i % MEDIA], (uint32_t)(_i / MEDIA));
	take_up(&scene);
	scene.wrong = scene.reached - 1;
	expect_damage(&scene, scene.wrong);
	end(&scene);
}
END_TEST

/* Where the metadata end with what is read together, the next block is a
 * file's. */
START_TEST(the_first_block_of_the_files_differs)
{
	struct lathe_session_sizes sizes;
	struct scene scene;
	char name[80];
	uint32_t i;

	begin(&scene, LATHE_EMULATOR_DVD_PLUS_R);
	put_files(&scene.model);
	for (i = 0; ; i++) {
		ck_assert_int_eq(lathe_session_set_recorder(scene.rig.master,
							    &scene.rig.mmc),
				 0);
		ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
		ck_assert_int_eq(lathe_session_totals(scene.rig.master,
						      &sizes), 0);
		if (sizes.metadata_blocks % 16 == 0)
			break;
		lathe_session_clear(scene.rig.master);
		snprintf(name, sizeof(name),
			 "a folder with a name of fifty letters or so %u/x", i);
		model_put(&scene.model, name, 40 + i, 3000);
	}
	cut(&scene, "op=2a count=45 gone");
	ck_assert_uint_eq(scene.metadata % 16, 0);
	take_up(&scene);
	scene.wrong = scene.start + scene.metadata;
	expect_damage(&scene, scene.wrong);
	end(&scene);
}
END_TEST

/* ... which is read together with the last of the directories. */
START_TEST(a_file_behind_directories_differs)
{
	struct scene scene;

	begin_cut(&scene, LATHE_EMULATOR_DVD_PLUS_R);
	ck_assert_uint_ne(scene.metadata % 16, 0);
	take_up(&scene);
	scene.wrong = scene.start + scene.metadata;
	expect_damage(&scene, scene.wrong);
	end(&scene);
}
END_TEST

/* ---- what is no word on the disc ---------------------------------------- */

START_TEST(the_drive_fails_meanwhile)
{
	static const char *const how[] = { "sense=4/44/00", "gone" };
	struct scene scene;
	char script[64];
	uint32_t lba;

	begin_cut(&scene, LATHE_EMULATOR_DVD_PLUS_R);
	take_up(&scene);
	lba = _i % 2 ? scene.start + 1 : scene.reached - 1;
	snprintf(script, sizeof(script), "op=28 lba=%u times=0 %s", lba,
		 how[_i / 2]);
	ck_assert_int_eq(lathe_emulator_set_faults(scene.rig.emulator,
						   script), 0);
	expect_refused(&scene, _i / 2 ? LATHE_ERR_NO_DEVICE : LATHE_ERR_SENSE);
	end(&scene);
}
END_TEST

/* A source whose file can be read, until it can not. */
struct fragile {
	struct lathe_iso9660_source source;
	const struct model_file *file;
	bool broken;
};

static int read_fragile(void *ctx, void *handle, uint64_t offset,
			uint32_t bytes, uint8_t *out, uint32_t *got)
{
	const struct fragile *fragile = ctx;

	(void)handle;
	if (fragile->broken)
		return LATHE_ERR_IO;
	memcpy(out, fragile->file->data + offset, bytes);
	*got = bytes;
	return 0;
}

static int add_fragile(struct rig *rig, struct fragile *fragile)
{
	struct lathe_iso9660_tree *tree;
	uint32_t folder, node;
	int err;

	fragile->source = (struct lathe_iso9660_source){
		.ctx = fragile, .open = made_open, .read_at = read_fragile,
		.close = made_close
	};
	err = lathe_session_edit(rig->master, &tree);
	if (!err)
		err = lathe_iso9660_add_directory(tree, LATHE_ISO9660_ROOT,
						  "long", 4, NULL, &folder);
	if (!err)
		err = lathe_iso9660_add_file(tree, folder, "long", 4, NULL,
					     &fragile->source, 0,
					     fragile->file->size,
					     LATHE_ISO9660_REPLACE, &node);
	return err ? err : lathe_session_commit(rig->master);
}

START_TEST(a_source_fails_meanwhile)
{
	struct fragile fragile = { .broken = false };
	struct scene scene;

	begin_cut(&scene, LATHE_EMULATOR_DVD_PLUS_R);
	fragile.file = &scene.model.file[scene.model.count - 1];
	take_up(&scene);
	ck_assert_int_eq(add_fragile(&scene.rig, &fragile), 0);
	fragile.broken = _i;
	if (_i)
		expect_refused(&scene, LATHE_ERR_IO);
	else
		ck_assert_int_eq(go_on(&scene, LATHE_SESSION_VERIFY_FULL), 0);
	end(&scene);
}
END_TEST

/* ---- around it ---------------------------------------------------------- */

START_TEST(it_is_stopped_while_it_compares)
{
	struct scene scene;
	struct lathe_session_record_options options;
	uint32_t at;

	begin_cut(&scene, media[_i]);
	take_up(&scene);
	options = rig_options(&scene.rig, LATHE_SESSION_VERIFY_FULL);
	at = scene.rig.commands + 30;
	scene.rig.cancel_at = at;
	scene.rig.sent[WRITE10] = 0;
	ck_assert_int_eq(lathe_session_record(scene.rig.master, &options,
					      &scene.report),
			 LATHE_ERR_CANCELLED);
	ck_assert_uint_eq(scene.rig.sent[WRITE10], 0);
	ck_assert_uint_lt(scene.rig.commands, at + 5);
	ck_assert(!scene.rig.locked);
	scene.rig.cancel_at = 0;
	scene.counted = 0;
	ck_assert_msg(!lathe_session_record(scene.rig.master, &options,
					    &scene.report),
		      "%s", why(&scene));
	judge(&scene, scene.start, &scene.model);
	end(&scene);
}
END_TEST

START_TEST(there_is_no_disc)
{
	struct rig rig;

	rig_create(&rig, NULL, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_resume(rig.master, &rig.mmc),
			 LATHE_ERR_NO_MEDIUM);
	rig_destroy(&rig);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: going on with a cut burn");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, it_goes_on_where_it_was_cut, 0, MEDIA);
	tcase_add_loop_test(tc, the_drive_calls_its_track_damaged, 0, MEDIA);
	tcase_add_loop_test(tc, its_track_can_not_be_ended, 0, MEDIA);
	tcase_add_loop_test(tc, a_reserved_track_is_gone_on_with, 0, MEDIA);
	tcase_add_loop_test(tc, all_of_it_is_there, 0, 4 * MEDIA);
	tcase_add_loop_test(tc, the_drive_tells_nothing_of_the_next_track, 0,
			    CLOSED_MEDIA);
	tcase_add_loop_test(tc, the_drive_tells_nothing_of_the_open_session, 0,
			    CLOSED_MEDIA);
	tcase_add_loop_test(tc, nothing_would_lead_to_the_older_sessions, 0,
			    CLOSED_MEDIA);
	tcase_add_loop_test(tc, only_the_session_is_to_be_closed, 0,
			    CLOSED_MEDIA);
	tcase_add_loop_test(tc, a_session_with_a_closed_track_is_gone_on_with,
			    0, 2);
	tcase_add_test(tc, it_goes_on_in_another_track);
	tcase_add_loop_test(
		tc, a_reserved_track_that_is_full_is_gone_on_with, 0, 2);
	tcase_add_loop_test(tc, a_reserved_track_that_is_full_is_closed, 0,
			    MEDIA);
	tcase_add_test(tc, nothing_of_it_is_there);
	tcase_add_test(tc, it_is_more_than_was_reserved);
	tcase_add_loop_test(tc, a_reserved_first_session_leaves_the_rest_free,
			    0, MEDIA);
	tcase_add_test(tc, the_disc_is_nearly_full);
	tcase_add_loop_test(tc, metadata_differ, 0, DIFFERING);
	tcase_add_loop_test(tc, metadata_can_not_be_read, 0, DIFFERING);
	tcase_add_loop_test(tc, there_is_more_than_the_content_has, 0, 2);
	tcase_add_loop_test(tc, a_file_differs, 0, 48);
	tcase_add_loop_test(tc, a_file_differs_and_the_session_is_short, 0,
			    MEDIA);
	tcase_add_loop_test(tc, what_was_recorded_last_differs, 0, MEDIA);
	tcase_add_loop_test(tc, what_is_behind_the_volume_differs, 0,
			    4 * MEDIA);
	tcase_add_test(tc, the_first_block_of_the_files_differs);
	tcase_add_test(tc, a_file_behind_directories_differs);
	tcase_add_loop_test(tc, the_drive_fails_meanwhile, 0, 4);
	tcase_add_loop_test(tc, a_source_fails_meanwhile, 0, 2);
	tcase_add_loop_test(tc, it_is_stopped_while_it_compares, 0, MEDIA);
	tcase_add_test(tc, there_is_no_disc);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
