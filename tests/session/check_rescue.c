/* SPDX-License-Identifier: MIT */
/*
 * check_rescue.c - media that are written in sequence: a session that was
 * stopped or that met a failing WRITE. Its metadata are completed where the
 * drive goes on, it is closed when they are proven to be there, and exactly
 * those files are told that are not whole.
 */
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const enum lathe_emulator_media media[] = {
	LATHE_EMULATOR_CD_R_80, LATHE_EMULATOR_DVD_R,
	LATHE_EMULATOR_DVD_PLUS_R, LATHE_EMULATOR_BD_R
};

#define MEDIA ((int)(sizeof(media) / sizeof(media[0])))

#define WRITES 12	/* of a session here: about so many, on each medium */

/* ---- a burn ------------------------------------------------------------- */

struct scene {
	enum lathe_emulator_media medium;
	bool append;
	struct lathe_emulator_store *store;
	struct model before, model;
	uint32_t end[MODEL_FILES];	/* one past each file, LBA */
	uint32_t metadata, start;	/* blocks; LBA */
	struct rig rig;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
};

/* Directories of more blocks than two WRITEs take. */
static void put_content(struct model *model)
{
	char path[96];
	uint32_t i;

	for (i = 0; i < 80; i++) {
		snprintf(path, sizeof(path), "folder/%02u, and so long a name "
			 "that one block holds few of them", i);
		model_put(model, path, 100 + i, i < 24 ? 9000 : 0);
	}
	model_put(model, "x", 1, 60000);
	model_put(model, "y", 2, 120001);
	model_put(model, "z", 3, 700000);
}

/* Where everything lies when nothing goes wrong. */
static void look_at_twin(struct scene *scene)
{
	struct lathe_emulator_store *twin = copy_disc(scene->store);
	struct lathe_session_report report;
	struct lathe_session_sizes sizes;
	struct lathe_iso9660_entry entry;
	struct lathe_iso9660_tree *tree;
	uint32_t i, node;
	struct rig rig;

	rig_create(&rig, twin, NULL);
	ck_assert_int_eq(rig_burn(&rig, &scene->model,
				  LATHE_SESSION_VERIFY_FULL, &report), 0);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_totals(rig.master, &sizes), 0);
	scene->start = report.start;
	scene->metadata = sizes.metadata_blocks;
	tree = lathe_session_tree(rig.master);
	for (i = 0; i < scene->model.count; i++) {
		const struct model_file *file = &scene->model.file[i];

		ck_assert_int_eq(lathe_iso9660_find(tree, file->path, &node),
				 0);
		ck_assert_int_eq(lathe_iso9660_get(tree, node, &entry), 0);
		scene->end[i] = file->size ? entry.lba +
						     (file->size + 2047) / 2048
					   : 0;
	}
	rig_destroy(&rig);
	lathe_emulator_store_close(twin);
}

/* 'number': a medium, blank or with a session. */
static void begin_with(struct scene *scene, int number,
		       const char *personality)
{
	memset(scene, 0, sizeof(*scene));
	scene->medium = media[number / 2];
	scene->append = number % 2;
	scene->store = blank_disc(scene->medium);
	put_content(&scene->model);
	if (scene->append) {
		model_put(&scene->before, "old", 9, 40000);
		rig_create(&scene->rig, scene->store, NULL);
		ck_assert_int_eq(rig_burn(&scene->rig, &scene->before,
					  LATHE_SESSION_VERIFY_FULL,
					  &scene->report), 0);
		rig_destroy(&scene->rig);
	}
	look_at_twin(scene);
	rig_create(&scene->rig, scene->store, personality);
	rig_master(&scene->rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(scene->rig.master,
						    &scene->rig.mmc), 0);
	ck_assert_int_eq(rig_add(&scene->rig, &scene->model), 0);
	/* Its session has that as well, where it was. */
	if (scene->append)
		model_put(&scene->model, "old", 9, 40000);
	scene->options = rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
}

#define SCENES (2 * MEDIA)

static void begin(struct scene *scene, int number)
{
	begin_with(scene, number, NULL);
}

static int record(struct scene *scene)
{
	return lathe_session_record(scene->rig.master, &scene->options,
				    &scene->report);
}

static int record_with(struct scene *scene, const char *faults)
{
	ck_assert_int_eq(lathe_emulator_set_faults(scene->rig.emulator,
						   faults), 0);
	return record(scene);
}

static void end(struct scene *scene)
{
	ck_assert(!scene->rig.locked);
	rig_destroy(&scene->rig);
	lathe_emulator_store_close(scene->store);
	model_free(&scene->before);
	model_free(&scene->model);
}

static const char *why(const struct scene *scene)
{
	return lathe_session_failure(scene->rig.master)->text;
}

/* ---- what is expected --------------------------------------------------- */

static bool was_told(void *ctx, const char *path)
{
	struct scene *scene = ctx;
	uint32_t node, i;

	ck_assert_int_eq(lathe_iso9660_find(
				 lathe_session_tree(scene->rig.master), path,
				 &node), 0);
	for (i = 0; i < scene->rig.not_whole; i++)
		if (scene->rig.not_whole_node[i] == node)
			return true;
	return false;
}

static void expect_old(struct scene *scene)
{
	if (scene->append)
		ck_assert_ptr_null(judge_volume(scene->store, 0,
						&scene->before, NULL, NULL));
	ck_assert_uint_ge(disc_state(scene->store).sessions, scene->append);
}

/* The session is closed, and the disc goes on: what was told is all that is
 * not whole. */
static void expect_closed(struct scene *scene, enum lathe_session_end how)
{
	const char *wrong;

	ck_assert_msg(scene->report.end == how, "end %d: %s",
		      scene->report.end, why(scene));
	ck_assert_uint_eq(disc_state(scene->store).sessions,
			  scene->append + 1u);
	ck_assert_int_eq(disc_state(scene->store).appendable,
			 how == LATHE_SESSION_END_APPENDABLE);
	wrong = judge_volume(scene->store, scene->start, &scene->model,
			     was_told, scene);
	ck_assert_msg(!wrong, "%s", wrong);
	ck_assert_uint_eq(scene->report.files_not_whole,
			  scene->rig.not_whole);
	expect_old(scene);
}

static void expect_open(struct scene *scene)
{
	ck_assert_msg(scene->report.end == LATHE_SESSION_END_OPEN,
		      "end %d: %s", scene->report.end, why(scene));
	ck_assert_uint_eq(disc_state(scene->store).sessions, scene->append);
	ck_assert_uint_eq(scene->report.files_not_whole, 0);
	expect_old(scene);
}

/* Those that end behind 'stop', an LBA, and none of those that end in front of
 * 'from': checksums are kept for 32 blocks each. */
static void expect_told(struct scene *scene, uint32_t from, uint32_t stop)
{
	uint32_t i;

	for (i = 0; i < scene->model.count; i++) {
		const char *path = scene->model.file[i].path;

		if (scene->end[i] > stop)
			ck_assert_msg(was_told(scene, path), "%s: not told",
				      path);
		else if (scene->end[i] <= from)
			ck_assert_msg(!was_told(scene, path), "%s: told",
				      path);
	}
}

static uint32_t group_of(const struct scene *scene, uint32_t lba)
{
	return lba - (lba - scene->start) % 32;
}

/* ---- the drive goes on -------------------------------------------------- */

/* A WRITE fails, of which nothing was taken. */
START_TEST(a_write_fails)
{
	const struct lathe_failure *failure;
	struct scene scene;
	char script[64];
	uint32_t lba;
	int nth;

	for (nth = 1; nth < WRITES; nth++) {
		begin(&scene, _i);
		snprintf(script, sizeof(script),
			 "op=2a count=%d sense=4/44/00", nth);
		ck_assert_int_eq(record_with(&scene, script),
				 LATHE_ERR_SENSE);
		failure = lathe_session_failure(scene.rig.master);
		ck_assert(failure->has_lba);
		lba = failure->lba;
		ck_assert_uint_ge(lba, scene.start);
		expect_closed(&scene, LATHE_SESSION_END_APPENDABLE);
		ck_assert_msg(nth > 1 || lba == scene.start, "%u", lba);
		expect_told(&scene, lba, lba);
		end(&scene);
	}
}
END_TEST

/* It acknowledges eight blocks of a WRITE, and it has taken them. */
START_TEST(a_part_of_a_write_is_taken)
{
	struct scene scene;
	char script[64];
	uint32_t lba;
	int nth;

	for (nth = 1; nth < WRITES; nth++) {
		begin(&scene, _i);
		snprintf(script, sizeof(script), "op=2a count=%d short=16384",
			 nth);
		ck_assert_int_eq(record_with(&scene, script),
				 LATHE_ERR_TRANSPORT);
		lba = lathe_session_failure(scene.rig.master)->lba;
		expect_closed(&scene, LATHE_SESSION_END_APPENDABLE);
		expect_told(&scene, group_of(&scene, lba), lba + 8);
		end(&scene);
	}
}
END_TEST

/* WRITEs that the drive says to have taken, and that never come to the disc:
 * the n-th and 'lost' more; the next one fails. */
static struct {
	uint32_t nth, lost, lba;
} forgetful;

static bool forgets(struct rig *rig, struct lathe_cmd *cmd)
{
	uint32_t nth = rig->sent[0x2A];

	if (cmd->cdb[0] != 0x2A || nth < forgetful.nth ||
	    nth > forgetful.nth + forgetful.lost + 1)
		return false;
	if (nth == forgetful.nth)
		forgetful.lba = lathe_get_be32(cmd->cdb + 2);
	cmd->status = 0;
	cmd->moved = cmd->data_len;
	if (nth == forgetful.nth + forgetful.lost + 1)
		rig_refuse(cmd, 0x4, 0x44);
	return true;
}

START_TEST(what_was_acknowledged_is_lost)
{
	struct scene scene;
	uint32_t nth, lost;

	for (lost = 0; lost < 3; lost++)
		for (nth = 1; nth + lost + 1 < WRITES; nth++) {
			begin(&scene, _i);
			forgetful.nth = nth;
			forgetful.lost = lost;
			scene.rig.instead = forgets;
			ck_assert_int_eq(record(&scene), LATHE_ERR_SENSE);
			expect_closed(&scene, LATHE_SESSION_END_APPENDABLE);
			expect_told(&scene, group_of(&scene, forgetful.lba),
				    forgetful.lba);
			end(&scene);
		}
}
END_TEST

/* SPC 3/0C/09, "write error, padding blocks added": in place of the blocks of
 * the n-th WRITE, which fails, there are zeros, and the drive is behind them. */
static struct {
	uint32_t nth, lba;
} padding;

static bool pads(struct rig *rig, struct lathe_cmd *cmd)
{
	static uint8_t zeros[1u << 20];
	struct lathe_cmd padded = *cmd;

	if (cmd->cdb[0] != 0x2A || rig->sent[0x2A] != padding.nth)
		return false;
	padding.lba = lathe_get_be32(cmd->cdb + 2);
	ck_assert_uint_le(cmd->data_len, sizeof(zeros));
	padded.data = zeros;
	ck_assert_int_eq(lathe_emulator_execute(rig->emulator, &padded), 0);
	ck_assert_uint_eq(padded.status, 0);
	rig_refuse(cmd, 0x3, 0x0C);
	return true;
}

START_TEST(a_write_fails_and_is_padded)
{
	struct scene scene;
	uint32_t nth, closed = 0;

	for (nth = 1; nth < WRITES; nth++) {
		begin(&scene, _i);
		padding.nth = nth;
		scene.rig.instead = pads;
		ck_assert_int_eq(record(&scene), LATHE_ERR_SENSE);
		/* Zeros are right in front of the descriptors. */
		if (padding.lba < scene.start + scene.metadata &&
		    scene.report.end != LATHE_SESSION_END_APPENDABLE) {
			expect_open(&scene);
		} else {
			expect_closed(&scene, LATHE_SESSION_END_APPENDABLE);
			expect_told(&scene, group_of(&scene, padding.lba),
				    padding.lba);
			closed++;
		}
		end(&scene);
	}
	ck_assert_uint_ge(closed, 3);
}
END_TEST

/* ---- it is stopped ------------------------------------------------------ */

/* Force unit access, MMC-6 6.20: past what the drive remembers. */
static bool reads_the_disc(struct rig *rig, struct lathe_cmd *cmd)
{
	if (cmd->cdb[0] == 0x28 && rig->sent[0x2A])
		ck_assert_uint_eq(cmd->cdb[1] & 8u, 8);
	return false;
}

START_TEST(it_is_stopped)
{
	static const enum lathe_session_verify levels[] = {
		LATHE_SESSION_VERIFY_FULL, LATHE_SESSION_VERIFY_QUICK,
		LATHE_SESSION_VERIFY_STATE, LATHE_SESSION_VERIFY_NONE
	};
	struct scene scene;
	uint32_t nth, lba;

	for (nth = 1; nth < WRITES; nth++) {
		begin(&scene, _i);
		scene.rig.cancel_at_write = nth;
		scene.rig.instead = reads_the_disc;
		scene.options.verify = levels[nth % 4];
		/* What is not all there is not the last word on a disc. */
		scene.options.final = nth % 2;
		ck_assert_int_eq(record(&scene), LATHE_ERR_CANCELLED);
		lba = lathe_session_failure(scene.rig.master)->lba;
		ck_assert_uint_gt(lba, scene.start);
		expect_closed(&scene, LATHE_SESSION_END_APPENDABLE);
		expect_told(&scene, lba, lba);
		/* No more than has to be: a CD's track has 300 blocks. */
		if (_i >= 2 && lba >= scene.start + scene.metadata)
			ck_assert_uint_eq(scene.rig.sent[0x2A], nth);
		ck_assert_int_eq(scene.report.blocks_verified != 0,
				 scene.options.verify <=
					 LATHE_SESSION_VERIFY_QUICK ||
				 scene.options.verify ==
					 LATHE_SESSION_VERIFY_FULL);
		end(&scene);
	}
}
END_TEST

/* ... and no memory is left from somewhere on. */
START_TEST(memory_runs_out_behind_it)
{
	uint32_t at = 1, wanted = 0;
	struct scene scene;
	int err;

	do {
		begin(&scene, _i);
		scene.rig.cancel_at_write = 6;
		scene.rig.no_memory_at = scene.rig.allocations + at++;
		wanted = scene.rig.no_memory_at;
		err = record(&scene);
		ck_assert(err == LATHE_ERR_CANCELLED ||
			  err == LATHE_ERR_MEMORY);
		if (scene.report.end == LATHE_SESSION_END_APPENDABLE)
			expect_closed(&scene, LATHE_SESSION_END_APPENDABLE);
		else
			ck_assert_uint_eq(disc_state(scene.store).sessions,
					  scene.append);
		expect_old(&scene);
		wanted = scene.rig.allocations < wanted;
		end(&scene);
		ck_assert_uint_lt(at, 1000);
	} while (!wanted);
	ck_assert_uint_gt(at, 4);
}
END_TEST

/* ---- it can not be closed at once --------------------------------------- */

/* Each CLOSE TRACK SESSION fails, one after the other. */
START_TEST(a_closing_fails)
{
	uint32_t count = 1, nth;
	struct scene scene;
	char script[64];

	for (nth = 0; nth <= count; nth++) {
		begin(&scene, _i);
		scene.options.final = true;
		snprintf(script, sizeof(script),
			 "op=5b count=%u sense=4/44/00", nth ? nth : 100);
		ck_assert_int_eq(record_with(&scene, script),
				 nth ? LATHE_ERR_SENSE : 0);
		if (!nth)
			count = scene.rig.sent[0x5B];
		/* All of it was sent, and nothing but the last step failed. */
		if (nth == count)
			expect_closed(&scene, LATHE_SESSION_END_FINAL);
		else if (nth)
			expect_closed(&scene, scene.report.end);
		ck_assert_uint_eq(scene.rig.not_whole, 0);
		end(&scene);
	}
	ck_assert_uint_ge(count, 1);
}
END_TEST

/* ---- what is on the disc ------------------------------------------------ */

/* From the sixth WRITE on: what was on the disc before could be read. */
static const char *later;

static bool arm(struct rig *rig, struct lathe_cmd *cmd)
{
	if (cmd->cdb[0] == 0x2A && rig->sent[0x2A] == 6 && later) {
		ck_assert_int_eq(lathe_emulator_set_faults(rig->emulator,
							   later), 0);
		later = NULL;
	}
	return false;
}

static int record_with_later(struct scene *scene, const char *faults)
{
	later = faults;
	scene->rig.instead = arm;
	return record(scene);
}

/* The metadata that are there, as the drive reads them. */
static const struct proof {
	const char *faults;	/* of each READ */
	bool write_fails;	/* else: stopped */
	enum lathe_session_end end;
} proofs[] = {
	/* It does not read a session that is open. */
	{ "op=28 times=0 sense=5/21/00", false, LATHE_SESSION_END_APPENDABLE },
	{ "op=28 times=0 sense=5/64/00", false, LATHE_SESSION_END_APPENDABLE },
	{ "op=28 times=0 sense=8/00/00", false, LATHE_SESSION_END_APPENDABLE },
	{ "op=28 times=0 sense=5/21/00", true, LATHE_SESSION_END_OPEN },
	{ "op=28 times=0 sense=8/00/00", true, LATHE_SESSION_END_OPEN },
	/* It can not be read. */
	{ "op=28 times=0 sense=3/11/05", false, LATHE_SESSION_END_OPEN },
	{ "op=28 times=0 sense=4/44/00", false, LATHE_SESSION_END_OPEN },
	{ "op=28 count=2 times=0 sense=3/11/05", false,
	  LATHE_SESSION_END_OPEN },
	{ "op=28 times=0 refused", false, LATHE_SESSION_END_OPEN },
	/* It is something else. */
	{ "op=28 corrupt", false, LATHE_SESSION_END_OPEN },
	{ "op=28 count=2 corrupt", false, LATHE_SESSION_END_OPEN },
	{ "op=28 corrupt", true, LATHE_SESSION_END_OPEN },
	{ "op=28 count=3 corrupt", false, LATHE_SESSION_END_APPENDABLE },
};

#define PROOFS ((int)(sizeof(proofs) / sizeof(proofs[0])))

START_TEST(the_metadata_are_proven)
{
	const struct proof *proof = &proofs[_i % PROOFS];
	struct scene scene;
	char script[128];

	begin(&scene, _i / PROOFS);
	/* Two READs. */
	ck_assert_uint_gt(scene.metadata, 32);
	ck_assert_uint_le(scene.metadata, 64);
	scene.options.verify = LATHE_SESSION_VERIFY_NONE;
	if (!proof->write_fails)
		scene.rig.cancel_at_write = 6;
	snprintf(script, sizeof(script), "%s; op=2a %s", proof->faults,
		 proof->write_fails ? "sense=4/44/00" : "stall=1");
	ck_assert_int_eq(record_with_later(&scene, script),
			 proof->write_fails ? LATHE_ERR_SENSE :
					      LATHE_ERR_CANCELLED);
	if (proof->end == LATHE_SESSION_END_OPEN)
		expect_open(&scene);
	else
		expect_closed(&scene, proof->end);
	end(&scene);
}
END_TEST

/* Nothing is known of any file. */
START_TEST(what_can_not_be_looked_at_is_told)
{
	static const char *const faults[] = {
		"op=2a sense=4/44/00; op=28 count=3 times=0 sense=4/44/00",
		"op=2a sense=4/44/00; op=28 count=3 times=0 sense=3/11/05",
		"op=2a sense=4/44/00; op=28 count=3 times=0 refused",
		"op=2a sense=4/44/00; op=28 count=5 times=0 refused",
	};
	struct scene scene;

	begin(&scene, _i / 4);
	ck_assert_int_eq(record_with_later(&scene, faults[_i % 4]), LATHE_ERR_SENSE);
	ck_assert_uint_eq(lathe_session_failure(scene.rig.master)->opcode,
			  0x2A);
	expect_closed(&scene, LATHE_SESSION_END_APPENDABLE);
	expect_told(&scene, 0, 1);
	end(&scene);
}
END_TEST

/* ---- the power is cut --------------------------------------------------- */

/* The drive had recorded what it acknowledged, or next to nothing of it. */
static const char *const buffers[] = { "power-cut-flushes", "buffer-kib=64",
				       NULL };

#define BUFFERS 3

START_TEST(the_power_is_cut)
{
	const char *buffer = buffers[_i % BUFFERS];
	struct scene scene;
	char script[64];
	uint32_t nth, lba, meta;

	for (nth = 1; nth < WRITES; nth++) {
		begin_with(&scene, _i / BUFFERS, buffer);
		meta = scene.start + scene.metadata;
		snprintf(script, sizeof(script), "op=2a count=%u powercut",
			 nth);
		ck_assert_int_lt(record_with(&scene, script), 0);
		lba = lathe_session_failure(scene.rig.master)->lba;
		/* With the first block a track is begun. */
		if (nth == 1)
			ck_assert_int_eq(scene.report.end,
					 LATHE_SESSION_END_UNTOUCHED);
		/* What the drive had not yet been given is not there. */
		else if (lba < meta ||
			 scene.report.end == LATHE_SESSION_END_OPEN)
			expect_open(&scene);
		else
			expect_closed(&scene, LATHE_SESSION_END_APPENDABLE);
		if (lba >= meta && _i % BUFFERS == 0)
			expect_closed(&scene, LATHE_SESSION_END_APPENDABLE);
		expect_old(&scene);
		end(&scene);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: rescue");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_write_fails, 0, SCENES);
	/* Others take whole error correction blocks. */
	tcase_add_loop_test(tc, a_part_of_a_write_is_taken, 0, 2);
	tcase_add_loop_test(tc, what_was_acknowledged_is_lost, 0, SCENES);
	tcase_add_loop_test(tc, a_write_fails_and_is_padded, 0, SCENES);
	tcase_add_loop_test(tc, it_is_stopped, 0, SCENES);
	tcase_add_loop_test(tc, memory_runs_out_behind_it, 0, SCENES);
	tcase_add_loop_test(tc, a_closing_fails, 0, SCENES);
	tcase_add_loop_test(tc, the_metadata_are_proven, 0, SCENES * PROOFS);
	tcase_add_loop_test(tc, what_can_not_be_looked_at_is_told, 0,
			    SCENES * 4);
	tcase_add_loop_test(tc, the_power_is_cut, 0, SCENES * BUFFERS);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
