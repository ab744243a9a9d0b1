/* SPDX-License-Identifier: MIT */
/*
 * check_read_back.c - "done" is said only when the drive's own answers and the
 * blocks it reads agree: drives that lie after closing, metadata that differ.
 */
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static int burn_with(void (*lie)(struct rig *rig, struct lathe_cmd *cmd),
		     const char *faults, uint32_t files,
		     enum lathe_session_verify level,
		     struct lathe_session_report *report, char *text)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_record_options options;
	struct lathe_iso9660_tree *tree;
	static const uint8_t data[2048] = "content";
	uint32_t i, node;
	struct rig rig;
	char name[64];
	int err;

	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_edit(rig.master, &tree), 0);
	for (i = 0; i < files; i++) {
		snprintf(name, sizeof(name), "a file with quite a name %u", i);
		ck_assert_int_eq(lathe_iso9660_add_memory(
					 tree, LATHE_ISO9660_ROOT, name,
					 strlen(name), NULL, data,
					 sizeof(data), 0, &node), 0);
	}
	ck_assert_int_eq(lathe_session_commit(rig.master), 0);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, faults), 0);
	rig.lie = lie;
	options = rig_options(&rig, level);
	err = lathe_session_record(rig.master, &options, report);
	ck_assert(report->verified == !err);
	snprintf(text, LATHE_FAILURE_TEXT, "%s",
		 lathe_session_failure(rig.master)->text);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	return err;
}

static void expect_found(void (*lie)(struct rig *rig, struct lathe_cmd *cmd),
			 const char *word)
{
	struct lathe_session_report report;
	char text[LATHE_FAILURE_TEXT];

	ck_assert_int_eq(burn_with(lie, NULL, 5, LATHE_SESSION_VERIFY_STATE,
				   &report, text), LATHE_ERR_VERIFY);
	ck_assert_int_eq(strncmp(text, "verifying: ", 11), 0);
	ck_assert_msg(strstr(text, word), "'%s' lacks '%s'", text, word);
	ck_assert_int_eq(report.phase, LATHE_PHASE_VERIFYING);
}

static bool is_closed(const struct rig *rig)
{
	return rig->sent[0x5B] != 0;
}

/* READ TRACK INFORMATION of track 1, MMC-6: the start in bytes 8 to 11, the
 * size in 24 to 27, the mode in byte 5. */
static bool asks_track_1(const struct rig *rig, const struct lathe_cmd *cmd)
{
	return is_closed(rig) && cmd->cdb[0] == 0x52 &&
	       (cmd->cdb[1] & 3) == 1 && cmd->cdb[5] == 1 && cmd->moved >= 28;
}

static void another_start(struct rig *rig, struct lathe_cmd *cmd)
{
	if (asks_track_1(rig, cmd))
		cmd->data[11] = 2;
}

static void shorter_track(struct rig *rig, struct lathe_cmd *cmd)
{
	if (asks_track_1(rig, cmd))
		cmd->data[27]--;
}

/* Two blocks of run-out may be counted, no more. */
static void run_out_counts(struct rig *rig, struct lathe_cmd *cmd)
{
	if (asks_track_1(rig, cmd))
		cmd->data[27] = (uint8_t)(cmd->data[27] + 2);
}

static void longer_track(struct rig *rig, struct lathe_cmd *cmd)
{
	if (asks_track_1(rig, cmd))
		cmd->data[27] = (uint8_t)(cmd->data[27] + 3);
}

static void audio_track(struct rig *rig, struct lathe_cmd *cmd)
{
	if (asks_track_1(rig, cmd))
		cmd->data[5] = 0;
}

/* READ TOC, format 2: POINT 1 in byte 3 of an entry, its frame in byte 10. */
static void another_toc(struct rig *rig, struct lathe_cmd *cmd)
{
	uint32_t at;

	if (!is_closed(rig) || cmd->cdb[0] != 0x43 || (cmd->cdb[2] & 15) != 2)
		return;
	for (at = 4; at + 11 <= cmd->moved; at += 11)
		if (cmd->data[at + 3] == 1)
			cmd->data[at + 10]++;
}

static void no_toc_entry(struct rig *rig, struct lathe_cmd *cmd)
{
	uint32_t at;

	if (!is_closed(rig) || cmd->cdb[0] != 0x43 || (cmd->cdb[2] & 15) != 2)
		return;
	for (at = 4; at + 11 <= cmd->moved; at += 11)
		if (cmd->data[at + 3] == 1)
			cmd->data[at + 3] = 7;
}

/* ... of another session, and what is no track: ADR in bits 7 to 4 of byte 1. */
static void toc_of_another_session(struct rig *rig, struct lathe_cmd *cmd)
{
	uint32_t at;

	if (!is_closed(rig) || cmd->cdb[0] != 0x43 || (cmd->cdb[2] & 15) != 2)
		return;
	for (at = 4; at + 11 <= cmd->moved; at += 11)
		if (cmd->data[at + 3] == 1)
			cmd->data[at] = 2;
}

static void toc_of_no_track(struct rig *rig, struct lathe_cmd *cmd)
{
	uint32_t at;

	if (!is_closed(rig) || cmd->cdb[0] != 0x43 || (cmd->cdb[2] & 15) != 2)
		return;
	for (at = 4; at + 11 <= cmd->moved; at += 11)
		if (cmd->data[at + 3] == 1)
			cmd->data[at + 1] = 0x54;
}

/* READ DISC INFORMATION, MMC-6: the sessions in byte 4. */
static bool asks_disc(const struct rig *rig, const struct lathe_cmd *cmd)
{
	return is_closed(rig) && cmd->cdb[0] == 0x51 && cmd->moved > 16 &&
	       !(cmd->cdb[1] & 7);
}

static void another_session(struct rig *rig, struct lathe_cmd *cmd)
{
	if (asks_disc(rig, cmd))
		cmd->data[4]++;
}

/* READ CAPACITY: the last block in bytes 0 to 3. */
static void less_capacity(struct rig *rig, struct lathe_cmd *cmd)
{
	if (is_closed(rig) && cmd->cdb[0] == 0x25 && cmd->moved == 8) {
		memset(cmd->data, 0, 3);
		cmd->data[3] = 200;
	}
}

/* ... the one in front of the last block of the track. */
static void one_block_less(struct rig *rig, struct lathe_cmd *cmd)
{
	if (is_closed(rig) && cmd->cdb[0] == 0x25 && cmd->moved == 8)
		lathe_put_be32(cmd->data, 298);
}

/* READ TOC, format 1: the last session's first track starts at bytes 8 to
 * 11. */
static void another_last_session(struct rig *rig, struct lathe_cmd *cmd)
{
	if (is_closed(rig) && cmd->cdb[0] == 0x43 && (cmd->cdb[2] & 15) == 1 &&
	    cmd->moved >= 12)
		cmd->data[11]++;
}

/* Closed as it was asked for; and final when it is looked at: one session,
 * complete, disc status 10b (bits 1 and 0 of byte 2). */
static void becomes_final(struct rig *rig, struct lathe_cmd *cmd)
{
	static bool looked_at;

	if (cmd->cdb[0] == 0x46)
		looked_at = is_closed(rig);
	if (looked_at && asks_disc(rig, cmd)) {
		cmd->data[2] = (uint8_t)((cmd->data[2] & 0xf0) | 0x0e);
		cmd->data[4] = cmd->data[5] = cmd->data[6] = 1;
	}
}

/* Behind READ CAPACITY, the last question about the disc as a whole. */
static void the_track_is_not_told(struct rig *rig, struct lathe_cmd *cmd)
{
	static bool looked_at;

	if (cmd->cdb[0] == 0x25)
		looked_at = is_closed(rig);
	if (looked_at && asks_track_1(rig, cmd))
		rig_refuse(cmd, 4, 0x44);
}

START_TEST(answers_that_contradict_the_burn)
{
	struct lathe_session_report report;
	char text[LATHE_FAILURE_TEXT];

	expect_found(another_start, "starts at");
	expect_found(shorter_track, "299");
	expect_found(audio_track, "data");
	expect_found(another_toc, "TOC");
	expect_found(no_toc_entry, "table of contents");
	expect_found(less_capacity, "201");
	expect_found(longer_track, "303");
	expect_found(toc_of_another_session, "table of contents");
	expect_found(toc_of_no_track, "table of contents");
	expect_found(another_session, "sessions are 2, 1");
	expect_found(another_last_session, "last session starts at 1, 0");
	expect_found(one_block_less, "readable blocks are 299, 300");
	expect_found(becomes_final, "calls the disc final");
	ck_assert_int_eq(burn_with(the_track_is_not_told, NULL, 5,
				   LATHE_SESSION_VERIFY_STATE, &report, text),
			 LATHE_ERR_SENSE);
	ck_assert_ptr_nonnull(strstr(text, "4/44/00"));
	ck_assert_int_eq(burn_with(run_out_counts, NULL, 5,
				   LATHE_SESSION_VERIFY_STATE, &report, text),
			 0);

	/* Who wants no verification is not bothered with them. */
	ck_assert_int_eq(burn_with(another_toc, NULL, 5,
				   LATHE_SESSION_VERIFY_NONE, &report, text),
			 0);
	/* But that the session counts as complete. */
	ck_assert_int_eq(burn_with(another_session, NULL, 5,
				   LATHE_SESSION_VERIFY_NONE, &report, text),
			 LATHE_ERR_VERIFY);
	ck_assert_int_eq(burn_with(becomes_final, NULL, 5,
				   LATHE_SESSION_VERIFY_NONE, &report, text),
			 LATHE_ERR_VERIFY);
}
END_TEST

/* READ CAPACITY: within the second session, of 300 blocks at 11702. */
static void ends_within_it(struct rig *rig, struct lathe_cmd *cmd)
{
	if (is_closed(rig) && cmd->cdb[0] == 0x25 && cmd->moved == 8)
		lathe_put_be32(cmd->data, 11702 + 100);
}

START_TEST(a_later_session_that_is_not_all_there)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_STATE,
				  &report), 0);
	rig.sent[0x5B] = 0;
	rig.lie = ends_within_it;
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_STATE,
				  &report), LATHE_ERR_VERIFY);
	ck_assert_uint_eq(report.start, 11702);
	ck_assert_ptr_nonnull(strstr(lathe_session_failure(rig.master)->text,
				     "11803, 12002"));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

static char elsewhere[LATHE_FAILURE_TEXT];

static void note_elsewhere(void *ctx, enum lathe_log_level level,
			   const char *id, const char *text)
{
	(void)ctx;
	(void)level;
	if (strcmp(id, "session.next-writable") == 0)
		snprintf(elsewhere, sizeof(elsewhere), "%s", text);
}

/* READ TRACK INFORMATION: where byte 7 calls it valid, the next writable
 * address is in bytes 12 to 15; the empty track starts there, bytes 8 to 11. */
static void goes_on_later(struct rig *rig, struct lathe_cmd *cmd)
{
	if (is_closed(rig) && cmd->cdb[0] == 0x52 && cmd->moved >= 16 &&
	    cmd->data[7] & 1) {
		lathe_put_be32(cmd->data + 8, 11709);
		lathe_put_be32(cmd->data + 12, 11709);
	}
}

/* Where the next session begins is told if it is another place than was said
 * beforehand; on a final disc there is none. */
START_TEST(the_next_session_begins_elsewhere)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_record_options options;
	struct lathe_session_config config;
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	config = rig_config(&rig);
	config.hooks.log = note_elsewhere;
	rig_master(&rig, &config);
	if (_i == 1)
		rig.lie = goes_on_later;
	options = rig_options(&rig, LATHE_SESSION_VERIFY_STATE);
	options.final = _i == 2;
	elsewhere[0] = 0;
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &model), 0);
	ck_assert_msg(!lathe_session_record(rig.master, &options, &report),
		      "%s", lathe_session_failure(rig.master)->text);
	ck_assert_str_eq(elsewhere, _i != 1 ? "" :
			 "the next session starts at 11709, 11702 was "
			 "predicted");
	ck_assert_uint_eq(report.next_writable,
			  _i == 2 ? 0 : 11702 + (_i == 1 ? 7 : 0));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* A drive without a full TOC has nothing that contradicts; one that can not
 * read it now has not said that it is right. */
START_TEST(the_table_of_contents_can_not_be_asked_for)
{
	struct lathe_session_report report;
	char text[LATHE_FAILURE_TEXT];

	ck_assert_int_eq(burn_with(NULL, "op=43 cdb2=02 times=0 sense=5/24/00",
				   5, LATHE_SESSION_VERIFY_STATE, &report,
				   text), 0);
	ck_assert_int_eq(burn_with(NULL, "op=43 cdb2=02 times=0 sense=4/44/00",
				   5, LATHE_SESSION_VERIFY_STATE, &report,
				   text), LATHE_ERR_SENSE);
}
END_TEST

START_TEST(quick_verification_reads_all_metadata)
{
	struct lathe_session_report report;
	char text[LATHE_FAILURE_TEXT], fault[64];
	uint32_t lba, metadata;

	/* 400 records of 60 and more bytes in each of two directories, and
	 * the tables and descriptors: blocks 16 to 50 are metadata. */
	for (lba = 16; lba < 50; lba += 16) {
		snprintf(fault, sizeof(fault), "op=2A lba=%u corrupt", lba);
		ck_assert_int_eq(burn_with(NULL, fault, 400,
					   LATHE_SESSION_VERIFY_QUICK, &report,
					   text), LATHE_ERR_VERIFY);
		ck_assert_ptr_nonnull(strstr(text, "differ"));
	}
	ck_assert_int_eq(burn_with(NULL, NULL, 400, LATHE_SESSION_VERIFY_QUICK,
				   &report, text), 0);
	metadata = report.volume_blocks - 400;
	ck_assert_uint_ge(metadata, 50);
	ck_assert_uint_ge(report.blocks_verified, metadata);
}
END_TEST

START_TEST(what_can_not_be_read_is_not_done)
{
	struct lathe_session_report report;
	char text[LATHE_FAILURE_TEXT];

	ck_assert_int_eq(burn_with(NULL, "op=28 lba=100 times=0 sense=3/11/05",
				   300, LATHE_SESSION_VERIFY_FULL, &report,
				   text), LATHE_ERR_VERIFY);
	ck_assert_ptr_nonnull(strstr(text, "READ(10)"));
	ck_assert_ptr_nonnull(strstr(text, "3/11/05"));
	ck_assert_ptr_nonnull(strstr(text, "LBA 100"));
	/* A group of 32 files of one block. */
	ck_assert_uint_ge(report.files_not_whole, 1);
	ck_assert_uint_le(report.files_not_whole, 32);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_APPENDABLE);
}
END_TEST

/* The full TOC has five entries for each session: of a CD's last ones they
 * stand far behind. */
START_TEST(all_sessions_of_a_cd_are_read_back)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_report report;
	struct model model = { 0 };
	uint16_t session;
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	for (session = 1; session <= 30; session++) {
		ck_assert_msg(!rig_burn(&rig, &model,
					LATHE_SESSION_VERIFY_QUICK, &report),
			      "session %u: %s", session,
			      lathe_session_failure(rig.master)->text);
		ck_assert_uint_eq(report.session, session);
		ck_assert_uint_gt(report.blocks_verified, 0);
	}
	ck_assert_uint_eq(disc_state(store).sessions, 30);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- the reader of a disc ----------------------------------------------- */

static uint32_t fua;

/* READ (10), MMC-6: FUA is bit 3 of byte 1. */
static void note_fua(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x28)
		fua += cmd->cdb[1] >> 3 & 1;
}

/* It ends in front of the run-out, asks the drive for nothing behind that, and
 * goes past the cache if it is to. */
START_TEST(a_disc_is_read_as_blocks)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_reader reader;
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model model = { 0 };
	uint8_t blocks[2 * 2048];
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_NONE,
				  &report), 0);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	lathe_session_reader_init(&reader, &rig.mmc, &disc.medium, _i);
	ck_assert_uint_eq(disc.medium.readable_end, 302);
	ck_assert_uint_eq(reader.blocks.end, 300);
	fua = 0;
	rig.lie = note_fua;
	ck_assert_int_eq(reader.blocks.read(&reader, 298, 2, blocks), 0);
	ck_assert_int_eq(fua != 0, _i);
	rig.commands = 0;
	ck_assert_int_eq(reader.blocks.read(&reader, 299, 2, blocks),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(reader.blocks.read(&reader, 300, 1, blocks),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(reader.blocks.read(&reader, 0, 0, blocks),
			 LATHE_ERR_ARG);
	ck_assert_uint_eq(rig.commands, 0);
	ck_assert_int_eq(reader.drive_err, 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: reading back");
	TCase *tc = tcase_create("read back");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, answers_that_contradict_the_burn);
	tcase_add_test(tc, a_later_session_that_is_not_all_there);
	tcase_add_loop_test(tc, the_next_session_begins_elsewhere, 0, 3);
	tcase_add_test(tc, the_table_of_contents_can_not_be_asked_for);
	tcase_add_test(tc, quick_verification_reads_all_metadata);
	tcase_add_test(tc, what_can_not_be_read_is_not_done);
	tcase_add_test(tc, all_sessions_of_a_cd_are_read_back);
	tcase_add_loop_test(tc, a_disc_is_read_as_blocks, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
