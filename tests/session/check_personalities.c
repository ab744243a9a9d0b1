/* SPDX-License-Identifier: MIT */
/*
 * check_personalities.c - where drives differ, the engine gets along with
 * both: two sessions on a drive of each kind, and on all at once that go
 * together.
 */
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

#define PERSONALITIES_MAX 128u

#define NAMES 128

/* The names of all other behaviours, each once. */
static uint32_t personalities(const char **names, uint32_t room)
{
	struct lathe_emulator_rule_row rule;
	uint32_t i, j, count = 0;

	for (i = 0; lathe_emulator_rule(i, &rule); i++) {
		for (j = 0; rule.personality && j < count; j++)
			if (strcmp(names[j], rule.personality) == 0)
				break;
		if (!rule.personality || j < count)
			continue;
		ck_assert_uint_lt(count, room);
		names[count++] = rule.personality;
	}
	return count;
}

static void two_sessions(const char *personality,
			 enum lathe_emulator_media media)
{
	struct lathe_emulator_store *store = blank_disc(media);
	struct lathe_session_report report;
	struct model model = { 0 };
	const char *wrong;
	struct rig rig;
	int err;

	model_put(&model, "one", 1, 50000);
	model_put(&model, "two/three", 2, 3000);
	rig_create(&rig, store, personality);
	err = rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL, &report);
	/* Who opened the node for reading only can not record. */
	if (strcmp(personality, "host-filter-read-only") == 0) {
		ck_assert_int_eq(err, LATHE_ERR_DENIED);
		ck_assert_uint_eq(rig.sent[0x2A], 0);
		goto out;
	}
	ck_assert_msg(!err, "%s on %s, first: %s", personality,
		      lathe_emulator_media_name(media),
		      lathe_session_failure(rig.master)->text);
	model_put(&model, "two/four", 3, 700000);
	err = rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL, &report);
	ck_assert_msg(!err, "%s on %s, second: %s", personality,
		      lathe_emulator_media_name(media),
		      lathe_session_failure(rig.master)->text);
	ck_assert_uint_eq(report.session, 2);
	wrong = judge_volume(store, report.start, &model, NULL, NULL);
	if (!wrong && disc_state(store).overwritable)
		wrong = judge_volume(store, 0, &model, NULL, NULL);
	ck_assert_msg(!wrong, "%s on %s: %s", personality,
		      lathe_emulator_media_name(media), wrong);
	if (!disc_state(store).overwritable) {
		ck_assert(disc_state(store).appendable);
		ck_assert_uint_eq(judge_session(store, 2), report.start);
	}
out:
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}

static const enum lathe_emulator_media sequential[] = {
	LATHE_EMULATOR_CD_R_80, LATHE_EMULATOR_DVD_R,
	LATHE_EMULATOR_DVD_PLUS_R, LATHE_EMULATOR_BD_R
};

START_TEST(two_sessions_with_each_personality)
{
	const char *names[PERSONALITIES_MAX];
	uint32_t i, count = personalities(names, PERSONALITIES_MAX);

	ck_assert_uint_gt(count, 5);
	for (i = 0; i < count; i++)
		two_sessions(names[i], sequential[_i]);
}
END_TEST

static const enum lathe_emulator_media other_media[] = {
	LATHE_EMULATOR_DVD_R, LATHE_EMULATOR_DVD_RW, LATHE_EMULATOR_DVD_RW_OW,
	LATHE_EMULATOR_DVD_PLUS_R, LATHE_EMULATOR_DVD_PLUS_RW,
	LATHE_EMULATOR_DVD_RAM, LATHE_EMULATOR_BD_R, LATHE_EMULATOR_BD_RE
};

#define OTHER_MEDIA ((int)(sizeof(other_media) / sizeof(other_media[0])))

START_TEST(two_sessions_on_other_media)
{
	const char *names[NAMES];
	uint32_t i, count = personalities(names, NAMES);

	for (i = 0; i < count; i++)
		two_sessions(names[i], other_media[_i]);
}
END_TEST

/* Other media: check_media_table.c. */
START_TEST(two_sessions_on_each_cd)
{
	int media;

	for (media = 0; media <= LATHE_EMULATOR_CD_RW; media++)
		two_sessions("", (enum lathe_emulator_media)media);
}
END_TEST

START_TEST(read_ahead_by_threads)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "one", 1, 5000000);
	model_put(&model, "two/three", 2, 3000);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &model), 0);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.feed.threads = 2;
	options.feed.chunk_blocks = 100;
	options.feed.ring_chunks = 5;
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	ck_assert_ptr_null(judge_volume(store, 0, &model, NULL, NULL));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: drives differ");
	TCase *tc = tcase_create("personalities");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, two_sessions_with_each_personality, 0, 4);
	tcase_add_loop_test(tc, two_sessions_on_other_media, 0,
			    OTHER_MEDIA);
	tcase_add_test(tc, two_sessions_on_each_cd);
	tcase_add_test(tc, read_ahead_by_threads);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
