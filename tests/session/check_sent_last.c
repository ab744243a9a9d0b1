/* SPDX-License-Identifier: MIT */
/*
 * check_sent_last.c - ready images on overwritable media: block 16 and primary
 * descriptors among the first 192 blocks are recorded last (SPEC 6). In the
 * end each block is as it was sent, or that is told.
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

#define BLOCKS 256u

/* Where primary descriptors stand; without any it is no volume. */
static const struct {
	uint32_t count, at[3];
} places[] = {
	{ 0, { 0 } }, { 1, { 16 } }, { 1, { 0 } }, { 1, { 191 } },
	{ 2, { 16, 48 } }, { 3, { 31, 64, 160 } },
};

#define PLACES ((int)(sizeof(places) / sizeof(places[0])))

struct scene {
	struct lathe_emulator_store *store;
	struct rig rig;
	uint8_t data[BLOCKS * 2048];
	struct image image;
	struct lathe_session_report report;
	struct lathe_failure failure;
};

/* ECMA-119 8.4: type 1, CD001, version 1. */
static void begin(struct scene *scene, enum lathe_emulator_media kind,
		  int which)
{
	uint32_t i;

	memset(scene, 0, sizeof(*scene));
	scene->store = blank_disc(kind);
	rig_create(&scene->rig, scene->store, NULL);
	for (i = 0; i < sizeof(scene->data); i++)
		scene->data[i] = model_byte(7, i);
	for (i = 0; i < places[which].count; i++)
		memcpy(scene->data + places[which].at[i] * 2048,
		       "\1CD001\1", 7);
	scene->image.data = scene->data;
	scene->image.blocks = BLOCKS;
}

static int record(struct scene *scene, const char *faults)
{
	struct lathe_session_record_options options =
		rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
	struct lathe_session_stream stream = { &scene->image, image_read,
					       BLOCKS };

	ck_assert_int_eq(lathe_emulator_set_faults(scene->rig.emulator,
						   faults), 0);
	return lathe_session_record_stream(&scene->rig.mmc, NULL, &stream,
					   &options, &scene->report,
					   &scene->failure);
}

static bool holds(struct scene *scene, uint32_t lba)
{
	uint8_t is[2048];

	return lathe_emulator_store_peek(scene->store, lba, is) ==
		       LATHE_EMULATOR_BLOCK_DATA &&
	       memcmp(scene->data + lba * 2048, is, sizeof(is)) == 0;
}

static void end(struct scene *scene)
{
	rig_destroy(&scene->rig);
	lathe_emulator_store_close(scene->store);
}

START_TEST(each_block_is_as_it_was_sent)
{
	static struct scene scene;
	uint32_t i;

	begin(&scene, media[_i / PLACES], _i % PLACES);
	ck_assert_msg(!record(&scene, NULL), "%s", scene.failure.text);
	ck_assert(scene.report.verified);
	for (i = 0; i < BLOCKS; i++)
		ck_assert_msg(holds(&scene, i), "block %u", i);
	end(&scene);
}
END_TEST

/* Descriptors at 64 that can not be recorded: their blocks were written once
 * without them. */
START_TEST(what_comes_last_is_not_recorded)
{
	static struct scene scene;

	begin(&scene, media[_i], PLACES - 1);
	ck_assert_int_eq(record(&scene, "op=2a lba=64 count=2 times=0 "
					"sense=3/0c/00"), LATHE_ERR_SENSE);
	ck_assert(!holds(&scene, 64));
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_OPEN);
	end(&scene);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: what of an image comes last");
	TCase *tc = tcase_create("sent last");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, each_block_is_as_it_was_sent, 0,
			    MEDIA * PLACES);
	tcase_add_loop_test(tc, what_comes_last_is_not_recorded, 0, MEDIA);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
