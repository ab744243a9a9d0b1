/* SPDX-License-Identifier: MIT */
/*
 * check_search.c - looking for sessions on an overwritable medium whose first
 * blocks tell nothing: what is found, and with how many commands.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

/* Of a whole BD-RE: 11,826,176 blocks, 369,568 reads of 32 blocks. */
#define BD_RE LATHE_EMULATOR_BD_RE

/* ---- what can not be read ----------------------------------------------- */

/* Blocks 'from' to 'to', of each 'period' blocks. Such a command is 3/11/05. */
static struct {
	uint32_t from, to, period;
} bad;

static bool is_bad(uint32_t lba, uint32_t count)
{
	uint32_t i, at;

	for (i = 0; i < count; i++) {
		at = bad.period ? (lba + i) % bad.period : lba + i;
		if (at >= bad.from && at < bad.to)
			return true;
	}
	return false;
}

/* MEDIUM ERROR, unrecovered read error. */
static void spoil(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] != 0x28 ||
	    !is_bad(lathe_get_be32(cmd->cdb + 2), lathe_get_be16(cmd->cdb + 7)))
		return;
	memset(cmd->data, 0xEE, cmd->data_len);
	rig_refuse(cmd, 3, 0x11);
}

/* ---- what is on the disc ------------------------------------------------ */

static void put(struct rig *rig, uint32_t lba, const uint8_t *data)
{
	struct lathe_mmc_recording how = { .overwrite_start = lba,
					   .track_blocks = 32 };
	struct lathe_mmc_medium medium;
	uint32_t start;

	ck_assert_int_eq(lathe_mmc_read_medium(&rig->mmc, &medium), 0);
	ck_assert_int_eq(lathe_mmc_begin_track(&rig->mmc, &medium, &how,
					       &start), 0);
	ck_assert_uint_eq(start, lba);
	ck_assert_int_eq(lathe_mmc_write(&rig->mmc, lba, 32, data), 0);
	ck_assert_int_eq(lathe_mmc_end_track(&rig->mmc), 0);
}

/* Something that is neither a session nor nothing at blocks 'lba' to +31. */
static void put_remains(struct rig *rig, uint32_t lba)
{
	static uint8_t data[32 * 2048];

	memset(data, 0xA5, sizeof(data));
	put(rig, lba, data);
}

/* No descriptors at 16 any more, and a first block that is not zeros. */
static void spoil_head(struct rig *rig)
{
	static uint8_t data[32 * 2048];

	ck_assert_int_eq(lathe_mmc_read(&rig->mmc, 0, 32, false, data), 0);
	memset(data, 0xA5, 2048);
	memset(data + 16 * 2048, 0xA5, 3 * 2048);
	put(rig, 0, data);
}

static void expect(struct lathe_emulator_store *store,
		   const struct model *model)
{
	const char *wrong = judge_volume(store, 0, model, NULL, NULL);

	ck_assert_msg(!wrong, "%s", wrong);
}

static int repair(struct rig *rig, bool *needed)
{
	struct lathe_session_config config = rig_config(rig);
	struct lathe_failure failure = { .err = 0 };
	int err;

	rig->commands = 0;
	memset(rig->sent, 0, sizeof(rig->sent));
	err = lathe_session_repair(&rig->mmc, &config.hooks, needed, &failure);
	ck_assert_int_eq(failure.err, err);
	return err;
}

/* ---- nothing is there --------------------------------------------------- */

/* What was never recorded is crossed in steps, not block by block, also
 * behind remains in the middle of it. */
START_TEST(remains_on_a_whole_disc)
{
	struct lathe_emulator_store *store = blank_disc(BD_RE);
	struct rig rig;
	bool needed;

	rig_create(&rig, store, NULL);
	put_remains(&rig, 0);
	put_remains(&rig, 5000000);
	ck_assert_int_eq(repair(&rig, &needed), LATHE_ERR_NO_VOLUME);
	ck_assert_uint_lt(rig.commands, 1500);
	ck_assert_uint_eq(rig.sent[0x2A], 0);
	ck_assert_int_eq(rig.last_phase, LATHE_PHASE_INSPECTING);
	ck_assert(!rig.went_back);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

/* Where all can be read each command reads 32 blocks. */
START_TEST(remains_among_zeros)
{
	struct lathe_emulator_store *store = blank_disc(BD_RE);
	struct rig rig;
	uint32_t reads;
	bool needed;

	ck_assert_int_eq(lathe_emulator_store_set_limit(store, 64000), 0);
	rig_create(&rig, store, "unrecorded-zeros");
	put_remains(&rig, 0);
	reads = disc_state(store).capacity / 32;
	ck_assert_uint_gt(reads, 1000);
	ck_assert_int_eq(repair(&rig, &needed), LATHE_ERR_NO_VOLUME);
	ck_assert_uint_ge(rig.sent[0x28], reads);
	ck_assert_uint_lt(rig.sent[0x28], reads + 50);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

/* Each second ECC block is bad: somebody has to stop. */
START_TEST(too_much_can_not_be_read)
{
	struct lathe_emulator_store *store = blank_disc(BD_RE);
	struct rig rig;
	bool needed;

	rig_create(&rig, store, "unrecorded-zeros");
	put_remains(&rig, 0);
	bad.from = 32;
	bad.to = bad.period = 64;
	rig.lie = spoil;
	ck_assert_int_eq(repair(&rig, &needed), LATHE_ERR_CORRUPT);
	ck_assert_uint_lt(rig.commands, 4000);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

START_TEST(the_user_has_enough)
{
	struct lathe_emulator_store *store = blank_disc(BD_RE);
	struct rig rig;
	bool needed;

	rig_create(&rig, store, _i ? "unrecorded-zeros" : NULL);
	put_remains(&rig, 0);
	rig.cancel_at = 600;
	ck_assert_int_eq(repair(&rig, &needed), LATHE_ERR_CANCELLED);
	ck_assert_uint_lt(rig.commands, 620);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

/* ---- a session is there ------------------------------------------------- */

/* The descriptors of the first, foreign session are lost. The second one
 * begins behind so many blocks that were never recorded. */
START_TEST(a_session_behind_nothing)
{
	static const uint32_t gaps[] = { 0, 100, 2000, 100000, 6000000 };
	static const uint32_t bytes[] = { 9000, 90000, 300000, 13000000,
					  95000000 };
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model before = { 0 }, after = { 0 };
	struct lathe_emulator_store *store =
		foreign_disc(BD_RE, &before, gaps[_i]);
	struct rig rig;
	bool needed = false;

	model_put(&after, "theirs", 1, 70000);
	model_put(&after, "ours", 2, bytes[_i]);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(continue_it(&rig, &after, &report), 0);
	spoil_head(&rig);
	rig_restart(&rig);
	ck_assert_int_eq(repair(&rig, &needed), 0);
	ck_assert(needed);
	ck_assert_uint_lt(rig.commands, 1200);
	expect(store, &after);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_uint_eq(disc.newest.start, report.start);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&before);
	model_free(&after);
}
END_TEST

/* ... and behind what can not be read any more. */
START_TEST(a_session_behind_damage)
{
	static const uint32_t damaged[] = { 1, 32, 300, 2000, 60000 };
	struct lathe_session_report report;
	struct model before = { 0 }, after = { 0 };
	struct lathe_emulator_store *store = foreign_disc(BD_RE, &before,
							  70000);
	struct rig rig;
	bool needed = false;

	model_put(&after, "theirs", 1, 70000);
	model_put(&after, "ours", 2, 90000);
	rig_create(&rig, store, "unrecorded-zeros");
	ck_assert_int_eq(continue_it(&rig, &after, &report), 0);
	spoil_head(&rig);
	rig_restart(&rig);
	bad.from = 4001;
	bad.to = 4001 + damaged[_i];
	bad.period = 0;
	rig.lie = spoil;
	ck_assert_int_eq(repair(&rig, &needed), 0);
	ck_assert(needed);
	ck_assert_uint_lt(rig.commands, 2600);
	expect(store, &after);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&before);
	model_free(&after);
}
END_TEST

/* Behind a session nothing is looked for far away: what begins there comes
 * from another time. */
START_TEST(what_is_far_behind_a_session)
{
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model before = { 0 }, after = { 0 };
	struct lathe_emulator_store *store = foreign_disc(BD_RE, &before,
							  5000);
	struct rig rig;
	uint32_t first;
	bool needed = false;

	model_put(&after, "theirs", 1, 70000);
	model_put(&after, "ours", 2, 90000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(continue_it(&rig, &after, &report), 0);
	first = report.start;
	spoil_head(&rig);
	put_remains(&rig, first + 1024);
	rig_restart(&rig);
	ck_assert_int_eq(repair(&rig, &needed), 0);
	ck_assert_uint_lt(rig.commands, 1500);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_uint_eq(disc.newest.start, first);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&before);
	model_free(&after);
}
END_TEST

/* ---- what is found is not mended ---------------------------------------- */

/* The drive's own words reach the user, and its tray is not left locked. */
START_TEST(the_head_can_not_be_written)
{
	static const uint8_t eject[6] = { 0x1B, 0, 0, 0, 0x02 };
	struct lathe_session_report report;
	struct model model = { 0 };
	struct lathe_emulator_store *store = blank_disc(BD_RE);
	struct lathe_failure failure;
	struct lathe_cmd cmd = { .cdb_len = 6 };
	struct rig rig;
	bool needed = false;

	model_put(&model, "one", 1, 90000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	spoil_head(&rig);
	rig_restart(&rig);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 rig.emulator,
				 "op=2a times=100 sense=3/0c/00\n"
				 "op=1e sense=6/29/00"), 0);
	ck_assert_int_eq(lathe_session_repair(&rig.mmc, NULL, &needed,
					      &failure), LATHE_ERR_SENSE);
	ck_assert(!needed);
	ck_assert(failure.scsi);
	ck_assert_uint_eq(failure.opcode, 0x2A);
	ck_assert_uint_eq(failure.key, 3);
	ck_assert_uint_eq(failure.asc, 0x0C);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, ""), 0);
	memcpy(cmd.cdb, eject, sizeof(eject));
	ck_assert_int_eq(lathe_emulator_execute(rig.emulator, &cmd), 0);
	ck_assert_uint_eq(cmd.status, 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- whoever only looks ------------------------------------------------- */

/* What can not be read behind the newest session costs few commands. */
START_TEST(looking_at_a_disc)
{
	struct lathe_emulator_store *store = blank_disc(BD_RE);
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "one", 1, 90000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	rig.sent[0x28] = 0;
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_OWN);
	ck_assert_uint_lt(rig.sent[0x28], 60);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: looking for sessions");
	TCase *tc = tcase_create("search");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, remains_on_a_whole_disc);
	tcase_add_test(tc, remains_among_zeros);
	tcase_add_test(tc, too_much_can_not_be_read);
	tcase_add_loop_test(tc, the_user_has_enough, 0, 2);
	tcase_add_loop_test(tc, a_session_behind_nothing, 0, 5);
	tcase_add_loop_test(tc, a_session_behind_damage, 0, 5);
	tcase_add_test(tc, what_is_far_behind_a_session);
	tcase_add_test(tc, the_head_can_not_be_written);
	tcase_add_test(tc, looking_at_a_disc);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
