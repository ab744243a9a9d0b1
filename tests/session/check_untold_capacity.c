/* SPDX-License-Identifier: MIT */
/*
 * check_untold_capacity.c - a disc that can be overwritten and holds a
 * session, in a drive that does not tell its size, calls it unformatted or
 * reads nothing of it: it is not blank for that.
 */
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

/* MMC-6, READ CAPACITY: refused in two ways, and a last block of 0. */
static void illegal(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x25)
		rig_refuse(cmd, 5, 0x24);
}

static void incompatible(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x25)
		rig_refuse(cmd, 2, 0x30);
}

static void zero(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x25 && cmd->moved == 8)
		memset(cmd->data, 0, 4);
}

/* A last block in front of all descriptors. */
static void tiny(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x25 && cmd->moved == 8)
		lathe_put_be32(cmd->data, 15);
}

/* MMC-6, READ FORMAT CAPACITIES: bits 1 and 0 of byte 8, the current one's. */
static void call_it(struct lathe_cmd *cmd, uint8_t state)
{
	if (cmd->cdb[0] == 0x23 && cmd->moved >= 9)
		cmd->data[8] = (uint8_t)((cmd->data[8] & 0xfc) | state);
}

static void unformatted(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	call_it(cmd, 1);
}

static void unknown(struct rig *rig, struct lathe_cmd *cmd)
{
	call_it(cmd, 3);
	illegal(rig, cmd);
}

/* As long as the session is open. */
static void unknown_at_first(struct rig *rig, struct lathe_cmd *cmd)
{
	if (!rig->sent[0x5B])
		unknown(rig, cmd);
}

static void (*const lies[])(struct rig *rig, struct lathe_cmd *cmd) = {
	illegal, incompatible, zero, unformatted, unknown, tiny
};

#define LIES 6

static const enum lathe_emulator_media media[] = {
	LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_DVD_RAM,
	LATHE_EMULATOR_BD_RE, LATHE_EMULATOR_DVD_RW_OW
};

/* A drive, a disc, and what is to be on it. */
struct scene {
	struct lathe_emulator_store *store;
	struct model model;
	struct rig rig;
};

static void begin(struct scene *s, enum lathe_emulator_media medium)
{
	memset(s, 0, sizeof(*s));
	s->store = blank_disc(medium);
	model_put(&s->model, "file", 5, 5000);
	rig_create(&s->rig, s->store, NULL);
}

static int burn(struct scene *s)
{
	struct lathe_session_report report;

	return rig_burn(&s->rig, &s->model, LATHE_SESSION_VERIFY_FULL,
			&report);
}

/* Another program, and a drive that lies from here on. */
static void restart(struct scene *s,
		    void (*lie)(struct rig *rig, struct lathe_cmd *cmd))
{
	rig_restart(&s->rig);
	s->rig.lie = lie;
	s->rig.sent[0x2A] = 0;
}

static void begin_recorded(struct scene *s, enum lathe_emulator_media medium,
			   void (*lie)(struct rig *rig, struct lathe_cmd *cmd))
{
	begin(s, medium);
	ck_assert_int_eq(burn(s), 0);
	restart(s, lie);
}

static void end(struct scene *s)
{
	const char *wrong = judge_volume(s->store, 0, &s->model, NULL, NULL);

	ck_assert_msg(!wrong, "%s", wrong);
	rig_destroy(&s->rig);
	lathe_emulator_store_close(s->store);
	model_free(&s->model);
}

/* Recorded on, both are there; where nothing was recorded, the first. */
START_TEST(a_disc_without_a_capacity_is_not_blank)
{
	struct lathe_session_report report;
	struct model more = { 0 };
	struct scene s;
	int err;

	begin_recorded(&s, media[_i / LIES], lies[_i % LIES]);
	model_put(&more, "more", 9, 9000);
	err = rig_burn(&s.rig, &more, LATHE_SESSION_VERIFY_FULL, &report);
	if (err)
		ck_assert_uint_eq(s.rig.sent[0x2A], 0);
	else
		model_put(&s.model, "more", 9, 9000);
	end(&s);
	model_free(&more);
}
END_TEST

/* MMC-6, READ FORMAT CAPACITIES: byte 3 is the length of the list; here nothing
 * is in it. Where the format is known all the same, it is recorded on. */
static void nothing_listed(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x23 && cmd->moved >= 4)
		cmd->data[3] = 0;
}

START_TEST(a_disc_without_a_list_of_formats)
{
	struct scene s;

	begin_recorded(&s, media[_i], nothing_listed);
	model_put(&s.model, "more", 9, 9000);
	ck_assert_msg(!burn(&s), "%s",
		      lathe_session_failure(s.rig.master)->text);
	end(&s);
}
END_TEST

/* Untold in the intermediate state; a disc that was only formatted is recorded
 * on. */
START_TEST(a_quickly_formatted_disc_without_a_capacity)
{
	struct lathe_session_report report;
	struct scene s;
	int err;

	begin(&s, LATHE_EMULATOR_DVD_RW_OW);
	s.rig.lie = unknown_at_first;
	err = rig_burn(&s.rig, &s.model, LATHE_SESSION_VERIFY_STATE, &report);
	ck_assert_msg(!err, "%s", lathe_session_failure(s.rig.master)->text);
	end(&s);
}
END_TEST

/* ---- a drive that reads nothing ----------------------------------------- */

static void no_track_mode(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x28)
		rig_refuse(cmd, 5, 0x64);
}

static void unrecorded(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x28)
		rig_refuse(cmd, 8, 0x00);
}

static void out_of_range(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x28)
		rig_refuse(cmd, 5, 0x21);
}

static void (*const blind[])(struct rig *rig, struct lathe_cmd *cmd) = {
	no_track_mode, unrecorded, out_of_range
};

/* All of it has been formatted, so that no block of it is unrecorded: what the
 * drive says of them is no reason to take the disc for blank. */
START_TEST(a_whole_disc_that_can_not_be_read)
{
	static const struct lathe_mmc_formatting full = { .full = true };
	struct lathe_mmc_medium medium;
	struct scene s;

	begin(&s, _i < 3 ? LATHE_EMULATOR_DVD_RW_OW
			 : LATHE_EMULATOR_DVD_PLUS_RW);
	if (_i >= 3) {
		ck_assert_int_eq(lathe_mmc_read_medium(&s.rig.mmc, &medium),
				 0);
		ck_assert_int_eq(lathe_mmc_format(&s.rig.mmc, &medium, &full),
				 0);
	}
	ck_assert_int_eq(burn(&s), 0);
	restart(&s, blind[_i % 3]);
	ck_assert_int_ne(burn(&s), 0);
	ck_assert_uint_eq(s.rig.sent[0x2A], 0);
	end(&s);
}
END_TEST

/* ... or has no size that is told: only what the drive calls unrecorded, or out
 * of range, is the end of it. */
static void damaged(struct rig *rig, struct lathe_cmd *cmd)
{
	unknown(rig, cmd);
	if (cmd->cdb[0] == 0x28)
		rig_refuse(cmd, 3, 0x11);
}

static void broken(struct rig *rig, struct lathe_cmd *cmd)
{
	unknown(rig, cmd);
	if (cmd->cdb[0] == 0x28)
		rig_refuse(cmd, 4, 0x44);
}

START_TEST(a_disc_without_a_capacity_that_can_not_be_read)
{
	struct scene s;

	begin_recorded(&s, LATHE_EMULATOR_DVD_RW_OW, _i ? broken : damaged);
	ck_assert_int_eq(burn(&s), _i ? LATHE_ERR_SENSE : LATHE_ERR_NOT_BLANK);
	ck_assert_uint_eq(s.rig.sent[0x2A], 0);
	end(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: an untold capacity");
	TCase *tc = tcase_create("overwritable");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_disc_without_a_capacity_is_not_blank, 0,
			    4 * LIES);
	/* A DVD-RW has to be asked how far it is formatted. */
	tcase_add_loop_test(tc, a_disc_without_a_list_of_formats, 0, 3);
	tcase_add_test(tc, a_quickly_formatted_disc_without_a_capacity);
	tcase_add_loop_test(tc, a_whole_disc_that_can_not_be_read, 0, 6);
	tcase_add_loop_test(tc, a_disc_without_a_capacity_that_can_not_be_read,
			    0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
