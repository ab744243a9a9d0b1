/* SPDX-License-Identifier: MIT */
/*
 * check_behind_foreign.c - overwritable media whose newest session is another
 * program's: where the next one begins. The size of its volume (ECMA-119
 * 8.4.8) may count from LBA 0 or from its start; whatever it says, the next
 * session is behind all files (SPEC 5).
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const enum lathe_emulator_media media[] = {
	LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_DVD_RAM,
	LATHE_EMULATOR_BD_RE, LATHE_EMULATOR_DVD_RW_OW
};

#define MEDIA ((int)(sizeof(media) / sizeof(media[0])))

#define HEAD 32u

/* A disc of ours, and behind our session one of somebody else. */
struct scene {
	struct lathe_emulator_store *store;
	struct rig rig;
	struct model ours, theirs;
	struct image image;
	uint32_t start;		/* of theirs */
};

static uint32_t whole(uint32_t blocks)
{
	return (blocks + HEAD - 1) / HEAD * HEAD;
}

static struct lathe_session_disc inspect(struct rig *rig)
{
	struct lathe_session_disc disc;

	ck_assert_int_eq(lathe_session_inspect(&rig->mmc, NULL, &disc), 0);
	return disc;
}

/* As somebody else's program would. */
static void put(struct rig *rig, uint32_t lba, const uint8_t *data,
		uint32_t blocks)
{
	struct lathe_mmc_recording how = {
		.overwrite_start = lba, .track_blocks = whole(blocks)
	};
	struct lathe_mmc_medium medium;
	uint8_t part[HEAD * 2048];
	uint32_t start, i, n;

	ck_assert_int_eq(lathe_mmc_wait_ready(&rig->mmc, 10000), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&rig->mmc, &medium), 0);
	ck_assert_int_eq(lathe_mmc_begin_track(&rig->mmc, &medium, &how,
					       &start), 0);
	for (i = 0; i < blocks; i += HEAD) {
		n = blocks - i < HEAD ? blocks - i : HEAD;
		memset(part, 0, sizeof(part));
		memcpy(part, data + (size_t)i * 2048, (size_t)n * 2048);
		ck_assert_int_eq(lathe_mmc_write(&rig->mmc, lba + i, HEAD,
						 part), 0);
	}
	ck_assert_int_eq(lathe_mmc_end_track(&rig->mmc), 0);
	ck_assert_int_eq(lathe_mmc_close_session(&rig->mmc, &medium, false),
			 0);
}

/* 'bytes': of their file. */
static void begin(struct scene *scene, enum lathe_emulator_media kind,
		  uint32_t bytes)
{
	struct lathe_session_report report;

	memset(scene, 0, sizeof(*scene));
	scene->store = blank_disc(kind);
	rig_create(&scene->rig, scene->store, NULL);
	model_put(&scene->ours, "ours", 1, 100);
	ck_assert_int_eq(rig_burn(&scene->rig, &scene->ours,
				  LATHE_SESSION_VERIFY_FULL, &report), 0);
	scene->start = report.next_writable;
	model_put(&scene->theirs, "theirs", 2, bytes);
	image_make(&scene->image, &scene->theirs, scene->start, 0);
	image_make_foreign(&scene->image);
	rig_restart(&scene->rig);
}

/* Their session, whose descriptors say 'size', and these at LBA 16 as well. */
static void put_theirs(struct scene *scene, uint32_t size)
{
	uint8_t head[HEAD * 2048] = { 0 };

	lathe_put_both32(scene->image.data + 16 * 2048 + 80, size);
	lathe_put_both32(scene->image.data + 17 * 2048 + 80, size);
	memcpy(head + 16 * 2048, scene->image.data + 16 * 2048, 3 * 2048);
	put(&scene->rig, scene->start, scene->image.data, scene->image.blocks);
	put(&scene->rig, 0, head, HEAD);
	rig_restart(&scene->rig);
}

static void end(struct scene *scene)
{
	image_free(&scene->image);
	model_free(&scene->ours);
	model_free(&scene->theirs);
	rig_destroy(&scene->rig);
	lathe_emulator_store_close(scene->store);
}

static void expect_at(struct scene *scene, uint32_t lba,
		      const struct model *model)
{
	const char *wrong = judge_volume(scene->store, lba, model, NULL, NULL);

	ck_assert_msg(!wrong, "at %u: %s", lba, wrong);
}

/* ---- where it ends ------------------------------------------------------ */

/* What their descriptors say besides the blocks of the volume. */
static const struct size {
	uint32_t bytes;
	bool absolute;
	uint32_t more;
} sizes[] = {
	{ 1000000, true, 0 },
	{ 1000000, false, 0 },	/* more than the start: it may be either */
	{ 1000, false, 0 },	/* less: it can not count from LBA 0 */
	{ 1000000, true, 700 },	/* something behind the files */
	{ 1000000, false, 40 },
};

#define SIZES ((int)(sizeof(sizes) / sizeof(sizes[0])))

START_TEST(the_next_session_is_behind_their_files)
{
	const struct size *size = &sizes[_i % SIZES];
	struct lathe_session_disc disc;
	uint32_t files, said;
	struct scene scene;

	begin(&scene, media[_i / SIZES], size->bytes);
	files = scene.start + scene.image.blocks;
	said = scene.image.blocks + size->more;
	if (size->absolute)
		said += scene.start;
	if (size->bytes > 1000)
		ck_assert_uint_gt(said, scene.start);
	else
		ck_assert_uint_lt(said, scene.start);
	put_theirs(&scene, said);
	disc = inspect(&scene.rig);
	ck_assert_uint_eq(disc.medium.sessions, 2);
	ck_assert_uint_eq(disc.medium.last_session_start, scene.start);
	ck_assert(!disc.found.own);
	ck_assert(!disc.head_torn);
	/* A multiple of 32, SPEC 5. */
	ck_assert_uint_eq(disc.medium.next_writable,
			  whole(files > said ? files : said));
	ck_assert_uint_eq(disc.place.start, disc.medium.next_writable);
	ck_assert_uint_eq(disc.medium.next_writable + disc.medium.free_blocks,
			  disc.medium.capacity_blocks);
	end(&scene);
}
END_TEST

/* An image that begins within their files is not recorded; behind them it is,
 * and all three are there. */
START_TEST(a_ready_image_goes_behind_them)
{
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model more = { 0 };
	struct lathe_failure failure;
	struct image image;
	struct scene scene;
	uint32_t within, behind;
	int i;

	begin(&scene, media[_i], 1000000);
	put_theirs(&scene, scene.image.blocks);
	within = whole(scene.image.blocks);
	behind = whole(scene.start + scene.image.blocks);
	ck_assert_uint_gt(behind, within);
	model_put(&more, "more", 3, 70000);
	scene.rig.sent[0x2A] = 0;
	for (i = 0; i < 2; i++) {
		options = rig_options(&scene.rig, LATHE_SESSION_VERIFY_FULL);
		image_make(&image, &more, i ? behind : within, 0);
		ck_assert_int_eq(
			lathe_session_record_stream(
				&scene.rig.mmc, NULL,
				&(struct lathe_session_stream){
					&image, image_read, image.blocks },
				&options, &report, &failure),
			i ? 0 : LATHE_ERR_WRONG_DISC);
		image_free(&image);
		if (!i)
			ck_assert_uint_eq(scene.rig.sent[0x2A], 0);
	}
	ck_assert_uint_eq(report.start, behind);
	ck_assert_uint_eq(report.session, 3);
	expect_at(&scene, 0, &more);
	expect_at(&scene, behind, &more);
	expect_at(&scene, scene.start, &scene.theirs);
	expect_at(&scene, HEAD, &scene.ours);
	model_free(&more);
	end(&scene);
}
END_TEST

/* ---- their files can not be read ---------------------------------------- */

/* Where it can be read no more what the size says remains, the disc is looked
 * at all the same, and nothing is lost: the damage is told by who takes the
 * session over. */
START_TEST(damage_is_told_when_it_is_read)
{
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model both = { 0 };
	struct scene scene;
	char script[64];

	begin(&scene, media[_i], 1000000);
	put_theirs(&scene, scene.image.blocks);
	/* Where the root directory is: ECMA-119 8.4.18, 9.1.3. */
	snprintf(script, sizeof(script), "op=28 lba=%u times=0 sense=3/11/05",
		 lathe_get_le32(scene.image.data + 16 * 2048 + 158));
	ck_assert_int_eq(lathe_emulator_set_faults(scene.rig.emulator, script),
			 0);
	disc = inspect(&scene.rig);
	ck_assert_uint_eq(disc.medium.sessions, 2);
	scene.rig.sent[0x2A] = 0;
	model_put(&both, "theirs", 2, 1000000);
	model_put(&both, "ours", 1, 100);
	ck_assert_int_eq(continue_it(&scene.rig, &both, &report),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(scene.rig.sent[0x2A], 0);
	model_free(&both);
	end(&scene);
}
END_TEST

/* Whatever allocation fails, or wherever somebody wants to stop: that is told,
 * and no place within their files. */
START_TEST(what_is_not_looked_at_is_no_place)
{
	struct lathe_session_disc disc;
	struct lathe_hooks hooks;
	struct scene scene;
	uint32_t at = 0;
	int err;

	begin(&scene, LATHE_EMULATOR_DVD_RAM, 1000000);
	put_theirs(&scene, scene.image.blocks);
	hooks = rig_config(&scene.rig).hooks;
	do {
		ck_assert_uint_lt(++at, 2000);
		if (_i) {
			scene.rig.cancel_at = scene.rig.commands + at;
		} else {
			scene.rig.allocations = 0;
			scene.rig.no_memory_at = at;
		}
		err = lathe_session_inspect(&scene.rig.mmc, &hooks, &disc);
		if (err)
			ck_assert_int_eq(err, _i ? LATHE_ERR_CANCELLED :
						   LATHE_ERR_MEMORY);
		else
			ck_assert_uint_eq(disc.medium.next_writable,
					  whole(scene.start +
						scene.image.blocks));
	} while (err);
	ck_assert_uint_gt(at, 5);
	scene.rig.cancel_at = 0;
	end(&scene);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: behind another program's");
	TCase *tc = tcase_create("behind");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, the_next_session_is_behind_their_files, 0,
			    MEDIA * SIZES);
	tcase_add_loop_test(tc, a_ready_image_goes_behind_them, 0, MEDIA);
	tcase_add_loop_test(tc, damage_is_told_when_it_is_read, 0, MEDIA);
	tcase_add_loop_test(tc, what_is_not_looked_at_is_no_place, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
