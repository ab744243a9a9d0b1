/* SPDX-License-Identifier: MIT */
/*
 * check_blank_at_first.c - drives that call a disc blank or unformatted for a
 * moment, though there is a session on it: that is never lost.
 */
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

/* ---- the lies ----------------------------------------------------------- */

/* So long, in ms of the drive's clock, and for so many READ DISC INFORMATION.
 */
static uint64_t until_ms;
static uint32_t until_count;
static bool tracks_too;

static bool is_early(const struct rig *rig)
{
	return lathe_emulator_now_ms(rig->emulator) < until_ms ||
	       rig->sent[0x51] <= until_count;
}

/* MMC-6 6.22: blank, one empty session with one track. 6.27: that begins at
 * 0, where it goes on. */
static void blank(struct rig *rig, struct lathe_cmd *cmd)
{
	uint8_t *d = cmd->data;

	if (!is_early(rig))
		return;
	if (cmd->cdb[0] == 0x51 && cmd->moved >= 12) {
		d[2] &= 0x10;
		d[3] = d[4] = d[5] = d[6] = 1;
		d[9] = d[10] = d[11] = 0;
	}
	if (!tracks_too || cmd->cdb[0] != 0x52 || cmd->moved < 28)
		return;
	d[2] = d[3] = 1;
	d[6] = 0x41;
	d[7] = 0x01;
	memset(d + 8, 0, 8);
	lathe_put_be32(d + 16, 300000);
	lathe_put_be32(d + 24, 300000);
}

/* MMC-6 6.24: unformatted; no capacity, no format in the background. */
static void unformatted(struct rig *rig, struct lathe_cmd *cmd)
{
	if (!is_early(rig))
		return;
	if (cmd->cdb[0] == 0x23 && cmd->moved >= 9)
		cmd->data[8] = (uint8_t)((cmd->data[8] & 0xfc) | 1);
	if (cmd->cdb[0] == 0x25)
		rig_refuse(cmd, 2, 0x30);
	if (cmd->cdb[0] == 0x51 && cmd->moved >= 8) {
		cmd->data[2] &= 0x10;
		cmd->data[7] &= 0xfc;
	}
}

/* ---- discs with a session ----------------------------------------------- */

static const enum lathe_emulator_media media[] = {
	LATHE_EMULATOR_CD_R_80,	LATHE_EMULATOR_CD_RW,
	LATHE_EMULATOR_DVD_R,	LATHE_EMULATOR_DVD_RW,
	LATHE_EMULATOR_DVD_PLUS_R, LATHE_EMULATOR_BD_R,
	/* These can be written over. */
	LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_DVD_RAM,
	LATHE_EMULATOR_BD_RE
};
enum { SEQUENTIAL = 6, ALL = 9 };

struct bench {
	struct lathe_emulator_store *store;
	struct rig rig;
	struct model first, more, both;
};

static void open_bench(struct bench *b, int i)
{
	struct lathe_session_report report;

	memset(b, 0, sizeof(*b));
	model_put(&b->first, "file", 5, 5000);
	model_put(&b->more, "more", 9, 9000);
	model_put(&b->both, "file", 5, 5000);
	model_put(&b->both, "more", 9, 9000);
	b->store = blank_disc(media[i]);
	rig_create(&b->rig, b->store, NULL);
	ck_assert_int_eq(rig_burn(&b->rig, &b->first,
				  LATHE_SESSION_VERIFY_FULL, &report), 0);
	rig_restart(&b->rig);
	memset(b->rig.sent, 0, sizeof(b->rig.sent));
	until_ms = until_count = 0;
	b->rig.lie = i < SEQUENTIAL ? blank : unformatted;
}

/* The newest session holds 'want'. */
static void close_bench(struct bench *b, const struct model *want, int i)
{
	uint32_t start = 0, next;
	const char *wrong;

	for (uint32_t n = 1; i < SEQUENTIAL; n++, start = next) {
		next = judge_session(b->store, n);
		if (next == UINT32_MAX)
			break;
	}
	wrong = judge_volume(b->store, start, want, NULL, NULL);
	ck_assert_msg(!wrong, "medium %d: %s", i, wrong);
	rig_destroy(&b->rig);
	lathe_emulator_store_close(b->store);
	model_free(&b->first);
	model_free(&b->more);
	model_free(&b->both);
}

/* ---- tests -------------------------------------------------------------- */

/* Right behind the loading: it is waited for the truth. */
START_TEST(a_disc_that_was_just_loaded_is_looked_at_twice)
{
	struct lathe_session_report report;
	struct bench b;
	int err;

	open_bench(&b, _i / 2);
	tracks_too = _i % 2;
	lathe_emulator_insert(b.rig.emulator, NULL);
	lathe_emulator_insert(b.rig.emulator, b.store);
	ck_assert_int_eq(lathe_mmc_wait_ready(&b.rig.mmc, 60000), 0);
	until_ms = lathe_emulator_now_ms(b.rig.emulator) + 900;
	err = rig_burn(&b.rig, &b.more, LATHE_SESSION_VERIFY_FULL, &report);
	ck_assert_msg(!err, "medium %d: %s", _i / 2,
		      lathe_session_failure(b.rig.master)->text);
	close_bench(&b, &b.both, _i / 2);
}
END_TEST

/* Of which nobody told that it is a new one: for some time, or as often as the
 * drive is asked before anything is done. Nothing is lost where it changes its
 * mind; for ever, and in all answers that there are, no drive is told from one
 * that is right. */
START_TEST(nothing_is_begun_anew_on_a_disc_that_is_called_blank)
{
	struct lathe_session_report report;
	struct bench b;
	int err;

	open_bench(&b, _i / 6);
	tracks_too = _i % 2;
	until_count = (uint32_t)(_i % 6 / 2);
	if (!until_count)
		until_ms = lathe_emulator_now_ms(b.rig.emulator) + 900;
	err = rig_burn(&b.rig, &b.more, LATHE_SESSION_VERIFY_FULL, &report);
	ck_assert_uint_eq(b.rig.sent[0x04], 0);
	if (until_count)
		ck_assert_int_ne(b.rig.sent[0x2A] == 0, err == 0);
	close_bench(&b, err ? &b.first : &b.both, _i / 6);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: blank at first");
	TCase *tc = tcase_create("all media");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(
		tc, a_disc_that_was_just_loaded_is_looked_at_twice, 0, 2 * ALL);
	tcase_add_loop_test(
		tc, nothing_is_begun_anew_on_a_disc_that_is_called_blank, 0,
		6 * ALL);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
