/* SPDX-License-Identifier: MIT */
/*
 * check_stream.c - images that are ready are recorded where they belong, from
 * files of known length and from pipes, and nowhere else.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct lathe_hooks none;

struct scene {
	struct lathe_emulator_store *store;
	struct rig rig;
	struct model model;
	struct image image;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_failure failure;
};

static void begin(struct scene *scene, enum lathe_emulator_media media)
{
	memset(scene, 0, sizeof(*scene));
	scene->store = blank_disc(media);
	rig_create(&scene->rig, scene->store, NULL);
	model_put(&scene->model, "one", 1, 300000);
	model_put(&scene->model, "two", 2, 1000);
	scene->options = rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
}

static void end(struct scene *scene)
{
	image_free(&scene->image);
	model_free(&scene->model);
	rig_destroy(&scene->rig);
	lathe_emulator_store_close(scene->store);
}

/* 'blocks' 0: of unknown length. */
static int record(struct scene *scene, uint32_t blocks)
{
	struct lathe_session_stream stream = { &scene->image, image_read,
					       blocks };

	scene->image.at = 0;
	return lathe_session_record_stream(&scene->rig.mmc, NULL, &stream,
					   &scene->options, &scene->report,
					   &scene->failure);
}

static void expect_at(struct scene *scene, uint32_t lba)
{
	const char *wrong = judge_volume(scene->store, lba, &scene->model,
					 NULL, NULL);

	ck_assert_msg(!wrong, "at %u: %s", lba, wrong);
}

static void expect_nothing_sent(struct scene *scene, int err)
{
	ck_assert_uint_eq(scene->rig.sent[0x2A], 0);
	ck_assert_int_eq(scene->report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert_int_eq(scene->failure.err, err);
}

/* ---- blank discs -------------------------------------------------------- */

static const enum lathe_emulator_media blank_media[] = {
	LATHE_EMULATOR_CD_R_80, LATHE_EMULATOR_DVD_R, LATHE_EMULATOR_DVD_RW,
	LATHE_EMULATOR_DVD_PLUS_R, LATHE_EMULATOR_BD_R,
	LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_DVD_RAM,
	LATHE_EMULATOR_BD_RE, LATHE_EMULATOR_DVD_RW_OW
};

#define BLANK_MEDIA ((int)(sizeof(blank_media) / sizeof(blank_media[0])))

START_TEST(an_image_goes_to_a_blank_disc)
{
	struct scene scene;

	begin(&scene, blank_media[_i]);
	image_make(&scene.image, &scene.model, 0, 0);
	ck_assert_msg(!record(&scene, scene.image.blocks), "%s",
		      scene.failure.text);
	ck_assert_uint_eq(scene.report.start, 0);
	ck_assert_uint_eq(scene.report.volume_blocks, scene.image.blocks);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert(scene.report.verified);
	expect_at(&scene, 0);
	end(&scene);
}
END_TEST

/* From a pipe: nobody knows how long it will be, and pieces are of any size. */
START_TEST(a_pipe_goes_to_a_blank_disc)
{
	static const uint32_t pieces[] = { 1, 7, 0 };
	struct scene scene;
	size_t i;

	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		begin(&scene, blank_media[_i]);
		image_make(&scene.image, &scene.model, 0, 0);
		scene.image.piece = pieces[i];
		ck_assert_msg(!record(&scene, 0), "%s", scene.failure.text);
		ck_assert_uint_eq(scene.report.volume_blocks,
				  scene.image.blocks);
		ck_assert_uint_ge(scene.report.track_blocks,
				  scene.image.blocks);
		ck_assert(scene.report.verified);
		expect_at(&scene, 0);
		end(&scene);
	}
}
END_TEST

/* One that was made for a later session is no first one. */
START_TEST(an_image_for_a_later_session)
{
	struct scene scene;

	begin(&scene, blank_media[_i]);
	image_make(&scene.image, &scene.model, 12000, 0);
	ck_assert_int_eq(record(&scene, scene.image.blocks),
			 LATHE_ERR_WRONG_DISC);
	expect_nothing_sent(&scene, LATHE_ERR_WRONG_DISC);
	ck_assert_str_eq(scene.failure.text, "the image was made for block "
			 "12000, the next session begins at 0");
	image_free(&scene.image);
	/* On a final disc that is not the reason. */
	image_make(&scene.image, &scene.model, 0, 0);
	scene.options.final = true;
	ck_assert_int_eq(record(&scene, scene.image.blocks), 0);
	image_free(&scene.image);
	if (scene.report.end == LATHE_SESSION_END_FINAL) {
		image_make(&scene.image, &scene.model, 12000, 0);
		scene.rig.sent[0x2A] = 0;
		ck_assert_int_eq(record(&scene, scene.image.blocks),
				 LATHE_ERR_NOT_APPENDABLE);
		expect_nothing_sent(&scene, LATHE_ERR_NOT_APPENDABLE);
	}
	end(&scene);
}
END_TEST

/* It goes on like any session of ours, and older ones stay. */
START_TEST(a_recorded_image_is_continued)
{
	struct lathe_session_report report;
	struct scene scene;

	begin(&scene, blank_media[_i]);
	image_make(&scene.image, &scene.model, 0, 0);
	ck_assert_int_eq(record(&scene, scene.image.blocks), 0);
	model_put(&scene.model, "three", 3, 5000);
	ck_assert_msg(!rig_burn(&scene.rig, &scene.model,
				LATHE_SESSION_VERIFY_FULL, &report), "%s",
		      lathe_session_failure(scene.rig.master)->text);
	ck_assert_uint_eq(report.session, 2);
	expect_at(&scene, report.start);
	end(&scene);
}
END_TEST

/* ---- behind other sessions ---------------------------------------------- */

START_TEST(an_image_for_the_next_session)
{
	struct lathe_session_report first;
	struct lathe_session_disc disc;
	struct scene scene;

	begin(&scene, blank_media[_i]);
	ck_assert_msg(!rig_burn(&scene.rig, &scene.model,
				LATHE_SESSION_VERIFY_FULL, &first), "%s",
		      lathe_session_failure(scene.rig.master)->text);
	ck_assert_int_eq(lathe_session_inspect(&scene.rig.mmc, &none, &disc),
			 0);
	/* Elsewhere: refused, whether the length is known or not. */
	image_make(&scene.image, &scene.model,
		   disc.medium.next_writable + 64, 0);
	scene.rig.sent[0x2A] = 0;
	ck_assert_int_eq(record(&scene, scene.image.blocks),
			 LATHE_ERR_WRONG_DISC);
	expect_nothing_sent(&scene, LATHE_ERR_WRONG_DISC);
	ck_assert_int_eq(record(&scene, 0), LATHE_ERR_WRONG_DISC);
	image_free(&scene.image);
	/* One for the start of a disc hides what is there. */
	image_make(&scene.image, &scene.model, 0, 0);
	ck_assert_int_eq(record(&scene, scene.image.blocks),
			 LATHE_ERR_NOT_BLANK);
	expect_nothing_sent(&scene, LATHE_ERR_NOT_BLANK);
	image_free(&scene.image);
	/* The right one. */
	image_make(&scene.image, &scene.model, disc.medium.next_writable, 0);
	ck_assert_msg(!record(&scene, scene.image.blocks), "%s",
		      scene.failure.text);
	ck_assert_uint_eq(scene.report.start, disc.medium.next_writable);
	ck_assert_uint_eq(scene.report.session, 2);
	expect_at(&scene, scene.report.start);
	expect_at(&scene, first.start);
	if (disc.medium.overwritable)
		expect_at(&scene, 0);
	end(&scene);
}
END_TEST

/* ---- overwritable media: the head comes last ---------------------------- */

/* An image that grows, cut at each WRITE: the disc stays what it was, as far
 * as a reader can tell, until all of it is there. */
START_TEST(an_image_that_grows_is_cut)
{
	uint32_t at, begun = 0;
	struct scene scene;
	int err = 1;

	for (at = 1; err; at++) {
		uint8_t block[2048];

		ck_assert_uint_lt(at, 200);
		begin(&scene, LATHE_EMULATOR_DVD_PLUS_RW);
		image_make(&scene.image, &scene.model, 32, 32);
		scene.rig.fault = "gone";
		ck_assert_int_eq(lathe_emulator_set_faults(
					 scene.rig.emulator, NULL), 0);
		scene.rig.fault_at = at;
		err = record(&scene, scene.image.blocks);
		if (!err) {
			expect_at(&scene, 0);
			expect_at(&scene, 32);
			ck_assert_uint_gt(begun, 3);
		} else if (scene.rig.sent[0x2A] > 1) {
			begun++;
			if (lathe_emulator_store_peek(scene.store, 16,
						      block) ==
				    LATHE_EMULATOR_BLOCK_DATA &&
			    memcmp(block + 1, "CD001", 5) == 0)
				expect_at(&scene, 0);
		}
		end(&scene);
	}
}
END_TEST

/* What is found of it, by whatever descriptors, is there as a whole. */
static void expect_whole(struct scene *scene, struct model *older)
{
	struct lathe_session_info session;
	struct lathe_session_disc disc;
	uint32_t i;

	ck_assert_int_eq(lathe_emulator_set_faults(scene->rig.emulator, NULL),
			 0);
	scene->rig.fault = NULL;
	ck_assert_int_eq(lathe_session_inspect(&scene->rig.mmc, NULL, &disc),
			 0);
	for (i = 1; i <= disc.medium.sessions; i++) {
		const char *wrong;

		ck_assert_int_eq(lathe_session_get(&scene->rig.mmc, &disc, i,
						   &session), 0);
		wrong = judge_volume(scene->store, session.start,
				     session.start == 32 && older->count ?
					     older : &scene->model,
				     NULL, NULL);
		ck_assert_msg(!wrong, "session %u at %u: %s", i, session.start,
			      wrong);
	}
}

static const enum lathe_emulator_media overwritable[] = {
	LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_DVD_RAM,
	LATHE_EMULATOR_BD_RE, LATHE_EMULATOR_DVD_RW_OW
};

#define OVERWRITABLE ((int)(sizeof(overwritable) / sizeof(overwritable[0])))

/* Its first session has descriptors of its own, at 48: they lead to files that
 * are not there yet. */
START_TEST(the_session_of_a_cut_image_is_not_found)
{
	struct model none_older = { 0 };
	struct scene scene;
	uint32_t at;
	int err = 1;

	for (at = 1; err; at++) {
		ck_assert_uint_lt(at, 300);
		begin(&scene, overwritable[_i]);
		image_make(&scene.image, &scene.model, 32, 32);
		scene.rig.fault = "gone";
		scene.rig.fault_at = at;
		err = record(&scene, at % 2 ? scene.image.blocks : 0);
		expect_whole(&scene, &none_older);
		end(&scene);
	}
}
END_TEST

/* A small first session at 32, and one at 'start' that begins near it. */
static void image_of_two(struct scene *scene, struct model *older,
			 uint32_t start)
{
	struct image first;
	uint8_t *data;

	model_put(older, "old", 3, 3000);
	image_make(&first, older, 32, 32);
	ck_assert_uint_le(first.blocks, start);
	image_make(&scene->image, &scene->model, start, 0);
	data = calloc(start + scene->image.blocks, 2048);
	ck_assert_ptr_nonnull(data);
	memcpy(data, first.data, (size_t)first.blocks * 2048);
	memcpy(data + (size_t)start * 2048, scene->image.data,
	       (size_t)scene->image.blocks * 2048);
	memcpy(data + 16 * 2048, scene->image.data + 16 * 2048, 3 * 2048);
	image_free(&first);
	image_free(&scene->image);
	scene->image.data = data;
	scene->image.blocks += start;
}

START_TEST(no_session_of_a_cut_image_is_found)
{
	static const uint32_t starts[] = { 64, 96, 128 };
	struct scene scene;
	uint32_t at;
	int err = 1;

	for (at = 1; err; at++) {
		struct model older = { 0 };

		ck_assert_uint_lt(at, 300);
		begin(&scene, overwritable[_i % OVERWRITABLE]);
		image_of_two(&scene, &older, starts[_i / OVERWRITABLE]);
		scene.rig.fault = "gone";
		scene.rig.fault_at = at;
		err = record(&scene, scene.image.blocks);
		expect_whole(&scene, &older);
		if (!err)
			expect_at(&scene, 0);
		model_free(&older);
		end(&scene);
	}
}
END_TEST

/* ECMA-119 8.4.8: the blocks of the volume, in both orders. */
static void expect_size(struct scene *scene, uint32_t lba, uint32_t blocks)
{
	uint8_t block[2048], both[8];

	lathe_put_both32(both, blocks);
	ck_assert_int_eq(lathe_emulator_store_peek(scene->store, lba, block),
			 LATHE_EMULATOR_BLOCK_DATA);
	ck_assert_mem_eq(block + 1, "CD001", 5);
	ck_assert_mem_eq(block + 80, both, sizeof(both));
}

/* Other programs count the blocks of a later session from where it begins.
 * For who reads from LBA 0 its files would be behind the volume's end. */
START_TEST(the_head_counts_from_the_start_of_the_disc)
{
	struct lathe_session_report first;
	struct model model = { 0 };
	static const uint8_t zeros[32 * 2048];
	struct lathe_cmd tear = { .cdb = { 0x2A, 0, 0, 0, 0, 0, 0, 0, 32 },
				  .cdb_len = 10, .to_drive = true,
				  .data = (uint8_t *)zeros,
				  .data_len = sizeof(zeros),
				  .timeout_ms = 10000 };
	struct scene scene;
	uint32_t i, start, blocks;
	bool needed = false;

	begin(&scene, overwritable[_i % OVERWRITABLE]);
	model_put(&model, "old", 3, _i < OVERWRITABLE ? 3000 : 600000);
	ck_assert_int_eq(rig_burn(&scene.rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &first), 0);
	start = first.next_writable;
	image_make(&scene.image, &scene.model, start, 0);
	image_make_foreign(&scene.image);
	blocks = scene.image.blocks;
	for (i = 16; i < 18; i++)
		lathe_put_both32(scene.image.data + i * 2048 + 80, blocks);
	ck_assert_msg(!record(&scene, blocks), "%s", scene.failure.text);
	ck_assert_uint_eq(scene.report.start, start);

	for (i = 0; i < 2; i++) {
		expect_size(&scene, 16, start + blocks);
		expect_size(&scene, 17, start + blocks);
		/* The session itself is as it came. */
		expect_size(&scene, start + 16, blocks);
		expect_size(&scene, start + 17, blocks);
		expect_at(&scene, 0);
		expect_at(&scene, start);
		/* It is as it should be. */
		ck_assert_int_eq(lathe_session_repair(&scene.rig.mmc, NULL,
						      &needed, NULL), 0);
		ck_assert(!needed);
		expect_size(&scene, 16, start + blocks);
		/* Where nobody knows how long it is: what begins further on
		 * than it is long. */
		if (i || blocks > start)
			break;
		ck_assert_int_eq(lathe_emulator_execute(scene.rig.emulator,
							&tear), 0);
		ck_assert_uint_eq(tear.status, 0);
		ck_assert_int_eq(lathe_session_repair(&scene.rig.mmc, NULL,
						      &needed, NULL), 0);
		ck_assert(needed);
	}
	model_free(&model);
	end(&scene);
}
END_TEST

/* ---- lengths ------------------------------------------------------------ */

/* It ends early: what is missing is zeros, and said. */
START_TEST(an_image_that_ends_early)
{
	struct scene scene;
	uint8_t block[2048], zeros[2048] = { 0 };

	begin(&scene, blank_media[_i]);
	image_make(&scene.image, &scene.model, 0, 0);
	ck_assert_int_eq(record(&scene, scene.image.blocks + 50),
			 LATHE_ERR_CHANGED);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	expect_at(&scene, 0);
	ck_assert_int_eq(lathe_emulator_store_peek(scene.store,
						   scene.image.blocks + 49,
						   block),
			 LATHE_EMULATOR_BLOCK_DATA);
	ck_assert_mem_eq(block, zeros, sizeof(zeros));
	end(&scene);
}
END_TEST

/* ... within the blocks that are looked at beforehand. */
START_TEST(an_image_that_ends_at_once)
{
	struct scene scene;
	uint8_t block[2048], zeros[2048] = { 0 };

	begin(&scene, blank_media[_i]);
	model_remove(&scene.model, "one");
	image_make(&scene.image, &scene.model, 0, 0);
	ck_assert_uint_lt(scene.image.blocks, 64);
	ck_assert_int_eq(record(&scene, 800), LATHE_ERR_CHANGED);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_eq(scene.report.volume_blocks, 800);
	ck_assert_uint_ge(scene.report.track_blocks, 800);
	expect_at(&scene, 0);
	ck_assert_int_eq(lathe_emulator_store_peek(scene.store, 799, block),
			 LATHE_EMULATOR_BLOCK_DATA);
	ck_assert_mem_eq(block, zeros, sizeof(zeros));
	end(&scene);
}
END_TEST

/* An error of the source leaves the track open: nobody could say whether its
 * directories are on the disc. */
START_TEST(an_image_that_can_not_be_read)
{
	struct lathe_emulator_disc disc;
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_DVD_PLUS_R);
	model_put(&scene.model, "three", 3, 300000);
	image_make(&scene.image, &scene.model, 0, 0);
	scene.image.fails_at = 256;
	scene.image.piece = 32;
	ck_assert_int_eq(record(&scene, scene.image.blocks), LATHE_ERR_IO);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_OPEN);
	disc = disc_state(scene.store);
	ck_assert_uint_eq(disc.sessions, 0);
	ck_assert(disc.track_open);
	end(&scene);
}
END_TEST

/* Zeros, and from one call on a block more than was asked for. */
struct boaster {
	int calls, from;
};

static int says_more(void *ctx, uint8_t *out, uint32_t count, uint32_t *got)
{
	struct boaster *boaster = ctx;

	memset(out, 0, (size_t)count * 2048);
	*got = count + (boaster->calls++ >= boaster->from);
	return 0;
}

/* What lies behind the buffer is nobody's business. */
START_TEST(a_source_that_says_more_than_there_is_room_for)
{
	struct boaster boaster = { 0, _i };
	struct lathe_session_stream stream = { &boaster, says_more, 0 };
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	ck_assert_int_eq(lathe_session_record_stream(
				 &scene.rig.mmc, NULL, &stream, &scene.options,
				 &scene.report, &scene.failure),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(scene.failure.err, LATHE_ERR_CORRUPT);
	ck_assert_int_eq(boaster.calls, _i + 1);
	ck_assert_int_eq(scene.report.end,
			 _i ? LATHE_SESSION_END_OPEN :
			      LATHE_SESSION_END_UNTOUCHED);
	end(&scene);
}
END_TEST

START_TEST(too_long)
{
	struct scene scene;

	begin(&scene, blank_media[_i]);
	rig_destroy(&scene.rig);
	ck_assert_int_eq(lathe_emulator_store_set_limit(scene.store, 1024), 0);
	rig_create(&scene.rig, scene.store, NULL);
	model_put(&scene.model, "three", 3, 1000 * 2048);
	image_make(&scene.image, &scene.model, 0, 0);
	/* Known beforehand: nothing is written. */
	ck_assert_int_eq(record(&scene, scene.image.blocks), LATHE_ERR_FULL);
	expect_nothing_sent(&scene, LATHE_ERR_FULL);
	/* Found out on the way. */
	ck_assert_int_eq(record(&scene, 0), LATHE_ERR_FULL);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_OPEN);
	end(&scene);
}
END_TEST

/* SPEC.md, 2: what closing takes behind a first session, and what its track is
 * a multiple of. */
static const struct reserve {
	enum lathe_emulator_media media;
	uint32_t closing, run_out, alignment;
} reserves[] = {
	{ LATHE_EMULATOR_CD_R_80, 10752, 2, 1 },
	{ LATHE_EMULATOR_CD_RW, 10752, 2, 1 },
	{ LATHE_EMULATOR_DVD_R, 28688, 0, 16 },
	{ LATHE_EMULATOR_DVD_RW, 28688, 0, 16 },
	{ LATHE_EMULATOR_DVD_PLUS_R, 2048, 0, 16 },
};

#define RESERVES ((int)(sizeof(reserves) / sizeof(reserves[0])))

/* An image on a disc that has 'less' blocks than another session wants. */
static void begin_tight(struct scene *scene, const struct reserve *row,
			uint32_t less)
{
	uint32_t track;

	begin(scene, row->media);
	rig_destroy(&scene->rig);
	model_put(&scene->model, "three", 3, 400 * 2048);
	image_make(&scene->image, &scene->model, 0, 0);
	track = scene->image.blocks + row->alignment - 1;
	track -= track % row->alignment;
	ck_assert_int_eq(lathe_emulator_store_set_limit(
				 scene->store, track + row->run_out +
						       row->closing - less),
			 0);
	rig_create(&scene->rig, scene->store, NULL);
	scene->options = rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
	scene->options.keep_appendable = true;
}

/* A pipe is known to leave no room for another session when it has come to its
 * end: then all of it is there, and its session is closed, not final. */
START_TEST(no_room_behind_a_pipe)
{
	const struct reserve *row = &reserves[_i];
	struct scene scene;

	begin_tight(&scene, row, 0);
	ck_assert_msg(!record(&scene, 0), "%s", scene.failure.text);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	end(&scene);

	begin_tight(&scene, row, row->alignment);
	ck_assert_int_eq(record(&scene, scene.image.blocks), LATHE_ERR_FULL);
	expect_nothing_sent(&scene, LATHE_ERR_FULL);
	ck_assert_int_eq(record(&scene, 0), LATHE_ERR_FULL);
	ck_assert_int_eq(scene.failure.err, LATHE_ERR_FULL);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_eq(disc_state(scene.store).sessions, 1);
	ck_assert(!disc_state(scene.store).final);
	ck_assert(!scene.report.final_by_drive);
	ck_assert(!scene.rig.locked);
	expect_at(&scene, 0);
	end(&scene);
}
END_TEST

START_TEST(an_empty_pipe)
{
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	scene.image.data = calloc(1, 2048);
	ck_assert_int_eq(record(&scene, 0), LATHE_ERR_EMPTY);
	expect_nothing_sent(&scene, LATHE_ERR_EMPTY);
	end(&scene);
}
END_TEST

/* ---- at once ------------------------------------------------------------ */

static const enum lathe_emulator_media at_once_media[] = {
	LATHE_EMULATOR_CD_R_80, LATHE_EMULATOR_CD_RW, LATHE_EMULATOR_DVD_R,
	LATHE_EMULATOR_DVD_RW, LATHE_EMULATOR_DVD_R_DL
};

#define AT_ONCE_MEDIA \
	((int)(sizeof(at_once_media) / sizeof(at_once_media[0])))

START_TEST(at_once)
{
	struct scene scene;

	begin(&scene, at_once_media[_i]);
	scene.options.at_once = true;
	image_make(&scene.image, &scene.model, 0, 0);
	ck_assert_int_eq(record(&scene, 0), LATHE_ERR_ARG);
	ck_assert_msg(!record(&scene, scene.image.blocks), "%s",
		      scene.failure.text);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_FINAL);
	ck_assert(disc_state(scene.store).final);
	expect_at(&scene, 0);
	end(&scene);
}
END_TEST

START_TEST(content_at_once)
{
	struct scene scene;

	begin(&scene, at_once_media[_i]);
	scene.options.at_once = true;
	rig_master(&scene.rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(scene.rig.master,
						    &scene.rig.mmc), 0);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_msg(!lathe_session_record(scene.rig.master, &scene.options,
					    &scene.report), "%s",
		      lathe_session_failure(scene.rig.master)->text);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_FINAL);
	/* Final since it was asked for, not for want of room. */
	ck_assert(!scene.report.final_for_room);
	ck_assert_uint_eq(scene.rig.warnings, 0);
	expect_at(&scene, 0);
	end(&scene);
}
END_TEST

/* A DVD-RW that was erased in a minute has no other way: done by itself, and
 * the disc is final, unless it must stay appendable. */
START_TEST(at_once_where_nothing_else_is_possible)
{
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_DVD_RW);
	ck_assert_int_eq(lathe_session_blank(&scene.rig.mmc, NULL,
					     LATHE_MMC_BLANK_MINIMAL, NULL),
			 0);
	rig_master(&scene.rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(scene.rig.master,
						    &scene.rig.mmc), 0);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	scene.options.keep_appendable = true;
	ck_assert_int_eq(lathe_session_record(scene.rig.master, &scene.options,
					      &scene.report), LATHE_ERR_FULL);
	ck_assert_uint_eq(scene.rig.sent[0x2A], 0);
	scene.options.keep_appendable = false;
	ck_assert_msg(!lathe_session_record(scene.rig.master, &scene.options,
					    &scene.report), "%s",
		      lathe_session_failure(scene.rig.master)->text);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_FINAL);
	ck_assert(scene.report.final_for_room);
	expect_at(&scene, 0);
	end(&scene);
}
END_TEST

START_TEST(at_once_wants_a_blank_disc)
{
	struct lathe_session_report report;
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_DVD_R);
	ck_assert_int_eq(rig_burn(&scene.rig, &scene.model,
				  LATHE_SESSION_VERIFY_FULL, &report), 0);
	ck_assert_int_eq(lathe_session_set_recorder(scene.rig.master,
						    &scene.rig.mmc), 0);
	model_put(&scene.model, "three", 3, 5000);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	scene.options.at_once = true;
	scene.rig.sent[0x2A] = 0;
	ck_assert_int_eq(lathe_session_record(scene.rig.master, &scene.options,
					      &scene.report),
			 LATHE_ERR_NOT_BLANK);
	ck_assert_uint_eq(scene.rig.sent[0x2A], 0);
	end(&scene);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: images and one go");
	TCase *tc = tcase_create("images");
	SRunner *sr;
	int failed;

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, an_image_goes_to_a_blank_disc, 0, BLANK_MEDIA);
	tcase_add_loop_test(tc, a_pipe_goes_to_a_blank_disc, 0, BLANK_MEDIA);
	tcase_add_loop_test(tc, an_image_for_a_later_session, 0, BLANK_MEDIA);
	tcase_add_loop_test(tc, a_recorded_image_is_continued, 0, BLANK_MEDIA);
	tcase_add_loop_test(tc, an_image_for_the_next_session, 0, BLANK_MEDIA);
	tcase_add_test(tc, an_image_that_grows_is_cut);
	tcase_add_loop_test(tc, the_session_of_a_cut_image_is_not_found, 0,
			    OVERWRITABLE);
	tcase_add_loop_test(tc, no_session_of_a_cut_image_is_found, 0,
			    3 * OVERWRITABLE);
	tcase_add_loop_test(tc, the_head_counts_from_the_start_of_the_disc, 0,
			    2 * OVERWRITABLE);
	tcase_add_loop_test(tc, an_image_that_ends_early, 0, BLANK_MEDIA);
	tcase_add_loop_test(tc, an_image_that_ends_at_once, 0, BLANK_MEDIA);
	tcase_add_test(tc, an_image_that_can_not_be_read);
	tcase_add_loop_test(tc, a_source_that_says_more_than_there_is_room_for,
			    0, 3);
	tcase_add_loop_test(tc, too_long, 0, BLANK_MEDIA);
	tcase_add_loop_test(tc, no_room_behind_a_pipe, 0, RESERVES);
	tcase_add_test(tc, an_empty_pipe);
	tcase_add_loop_test(tc, at_once, 0, AT_ONCE_MEDIA);
	tcase_add_loop_test(tc, content_at_once, 0, AT_ONCE_MEDIA);
	tcase_add_test(tc, at_once_where_nothing_else_is_possible);
	tcase_add_test(tc, at_once_wants_a_blank_disc);
	suite_add_tcase(suite, tc);
	sr = srunner_create(suite);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
