/* SPDX-License-Identifier: MIT */
/*
 * check_odd_answers.c - drives that tell of a disc in words of their own: what
 * is on it is not forgotten for that.
 */
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/* MMC-6, READ DISC INFORMATION: the empty session is one of those in byte 4;
 * here it is not. */
static void does_not_count_it(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x51 && cmd->moved >= 12 &&
	    (cmd->data[2] & 0x0f) == 0x01)
		cmd->data[4]--;
}

/* Each session of a BD-R takes over what the one before holds. */
START_TEST(an_empty_session_is_not_counted)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_BD_R);
	struct lathe_session_report report;
	struct model part = { 0 }, all = { 0 };
	uint32_t start = 0, i;
	const char *wrong;
	struct rig rig;
	char name[8];
	int err;

	rig_create(&rig, store, NULL);
	for (i = 0; i < 3; i++) {
		memset(&part, 0, sizeof(part));
		snprintf(name, sizeof(name), "file%u", i);
		model_put(&part, name, i, 5000);
		model_put(&all, name, i, 5000);
		rig_restart(&rig);
		rig.lie = does_not_count_it;
		err = rig_burn(&rig, &part, LATHE_SESSION_VERIFY_FULL,
			       &report);
		ck_assert_msg(!err, "%u: %s", i,
			      lathe_session_failure(rig.master)->text);
		start = report.start;
		model_free(&part);
	}
	ck_assert_uint_ne(start, 0);
	wrong = judge_volume(store, start, &all, NULL, NULL);
	ck_assert_msg(!wrong, "%s", wrong);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&all);
}
END_TEST

/* ---- a second session, by a drive that tells nonsense of the first ------- */

static const enum lathe_emulator_media media[] = {
	LATHE_EMULATOR_CD_R_80, LATHE_EMULATOR_DVD_R,
	LATHE_EMULATOR_DVD_PLUS_R, LATHE_EMULATOR_BD_R
};

/* MMC-6, READ TRACK INFORMATION: bytes 28 to 31 are the last recorded address,
 * where byte 7 calls them valid; here they are the first. */
static void ends_early(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x52 && cmd->moved >= 32 && cmd->data[7] & 2)
		memcpy(cmd->data + 28, cmd->data + 8, 4);
}

/* Bytes 24 to 27 are its size; byte 6 tells whether it is blank. */
static void is_short(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x52 && cmd->moved >= 32 && !(cmd->data[6] & 0x40))
		lathe_put_be32(cmd->data + 24, 20);
}

static void (*const short_ones[])(struct rig *rig, struct lathe_cmd *cmd) = {
	ends_early, is_short
};

/* READ DISC INFORMATION, bits 3 to 0 of byte 2: blank, with no session. */
static void calls_it_blank(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x51 && cmd->moved >= 12)
		cmd->data[2] &= 0xf0;
}

struct pair {
	struct lathe_emulator_store *store;
	struct lathe_session_report report; /* of the last one */
	struct model second, both;
	struct rig rig;
};

static void record_first(struct pair *pair, enum lathe_emulator_media kind,
			 uint32_t bytes)
{
	struct model first = { 0 };
	int err;

	memset(pair, 0, sizeof(*pair));
	model_put(&first, "file", 5, bytes);
	model_put(&pair->second, "more", 9, 9000);
	model_put(&pair->both, "file", 5, bytes);
	model_put(&pair->both, "more", 9, 9000);
	pair->store = blank_disc(kind);
	rig_create(&pair->rig, pair->store, NULL);
	err = rig_burn(&pair->rig, &first, LATHE_SESSION_VERIFY_FULL,
		       &pair->report);
	ck_assert_int_eq(err, 0);
	rig_restart(&pair->rig);
	pair->rig.sent[0x2A] = 0;
	model_free(&first);
}

static void end_pair(struct pair *pair)
{
	rig_destroy(&pair->rig);
	lathe_emulator_store_close(pair->store);
	model_free(&pair->second);
	model_free(&pair->both);
}

/* The files of the first session lie behind the end that is told, and are
 * there. */
START_TEST(a_track_that_is_called_too_short)
{
	const char *wrong;
	struct pair pair;
	int err;

	record_first(&pair, media[_i / 4], _i % 2 ? 500000 : 5000);
	pair.rig.lie = short_ones[_i / 2 % 2];
	err = rig_burn(&pair.rig, &pair.second, LATHE_SESSION_VERIFY_NONE,
		       &pair.report);
	ck_assert_msg(!err, "%s",
		      lathe_session_failure(pair.rig.master)->text);
	wrong = judge_volume(pair.store, pair.report.start, &pair.both, NULL,
			     NULL);
	ck_assert_msg(!wrong, "%s", wrong);
	end_pair(&pair);
}
END_TEST

/* ... and so is what READ CAPACITY tells: bytes 0 to 3 are the last LBA. */
static uint32_t last_readable;

static void all_is_short(struct rig *rig, struct lathe_cmd *cmd)
{
	is_short(rig, cmd);
	if (cmd->cdb[0] == 0x25 && cmd->moved >= 8 && last_readable)
		lathe_put_be32(cmd->data, last_readable);
}

/* Nothing else must speak against its being whole, to the last block. */
START_TEST(a_track_that_is_too_short)
{
	static const struct {
		uint32_t readable;	/* blocks in front of its end; 0: all */
		bool damaged, left_out;
	} rows[] = {
		{ 0, false, false }, { 0, true, true },
		{ 1, false, false }, { 2, false, true }, { 100, false, true }
	};
	struct lathe_session_disc disc;
	uint32_t end, node;
	char script[64];
	struct pair pair;

	record_first(&pair, media[_i / 5], 500000);
	end = pair.report.start + pair.report.volume_blocks;
	last_readable = 0;
	if (rows[_i % 5].readable)
		last_readable = end - rows[_i % 5].readable;
	snprintf(script, sizeof(script), "op=28 lba=%u times=0 sense=3/11/05",
		 end - 1);
	if (rows[_i % 5].damaged)
		ck_assert_int_eq(lathe_emulator_set_faults(pair.rig.emulator,
							   script), 0);
	pair.rig.lie = all_is_short;
	ck_assert_int_eq(lathe_session_inspect(&pair.rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_OWN);
	ck_assert_uint_eq(disc.files_short, rows[_i % 5].left_out);
	rig_master(&pair.rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(pair.rig.master,
						    &pair.rig.mmc), 0);
	ck_assert_int_eq(lathe_iso9660_find(
				 lathe_session_tree(pair.rig.master), "file",
				 &node),
			 rows[_i % 5].left_out ? LATHE_ERR_NOT_FOUND : 0);
	end_pair(&pair);
}
END_TEST

/* The same of a session that does not begin at 0. */
START_TEST(a_later_track_that_is_called_too_short)
{
	struct model third = { 0 };
	const char *wrong;
	struct pair pair;
	int err;

	record_first(&pair, media[_i / 2], 5000);
	model_put(&pair.second, "long", 8, 500000);
	model_put(&pair.both, "long", 8, 500000);
	ck_assert_int_eq(rig_burn(&pair.rig, &pair.second,
				  LATHE_SESSION_VERIFY_NONE, &pair.report),
			 0);
	rig_restart(&pair.rig);
	model_put(&third, "third", 3, 3000);
	model_put(&pair.both, "third", 3, 3000);
	pair.rig.lie = short_ones[_i % 2];
	err = rig_burn(&pair.rig, &third, LATHE_SESSION_VERIFY_NONE,
		       &pair.report);
	ck_assert_msg(!err, "%s",
		      lathe_session_failure(pair.rig.master)->text);
	ck_assert_uint_eq(pair.report.session, 3);
	wrong = judge_volume(pair.store, pair.report.start, &pair.both, NULL,
			     NULL);
	ck_assert_msg(!wrong, "%s", wrong);
	end_pair(&pair);
	model_free(&third);
}
END_TEST

/* What READ TRACK INFORMATION says of the first track, whose data are 'data'
 * blocks: its size, and the last recorded address, each so many blocks longer
 * or shorter. */
static const struct told {
	enum lathe_emulator_media media;
	int size;
	bool valid;		/* LRA_V, byte 7 */
	int last;		/* against the last block of the data */
	int blocks;		/* that are told, against the data */
} told[] = {
	/* With run-out, two blocks, and without it. */
	{ LATHE_EMULATOR_CD_R_80, 0, false, 0, 0 },
	{ LATHE_EMULATOR_CD_R_80, 2, false, 0, 0 },
	{ LATHE_EMULATOR_CD_R_80, 0, true, 0, 0 },
	{ LATHE_EMULATOR_CD_R_80, 2, true, 0, 0 },
	/* An ECC block of linking, or of padding. */
	{ LATHE_EMULATOR_DVD_PLUS_R, 0, true, 0, 0 },
	{ LATHE_EMULATOR_DVD_PLUS_R, 16, true, 0, 0 },
	{ LATHE_EMULATOR_DVD_PLUS_R, 0, true, -1, -1 },
	{ LATHE_EMULATOR_DVD_PLUS_R, 0, true, -15, -15 },
	{ LATHE_EMULATOR_BD_R, 0, true, -31, -31 },
	/* What is not valid says nothing; nor does an address elsewhere. */
	{ LATHE_EMULATOR_DVD_PLUS_R, 0, false, -15, 0 },
	{ LATHE_EMULATOR_DVD_PLUS_R, 0, true, 1, 0 },
	{ LATHE_EMULATOR_DVD_PLUS_R, 0, true, 5000, 0 },
	{ LATHE_EMULATOR_DVD_PLUS_R, 0, true, -60, 0 },
};

#define TOLD ((int)(sizeof(told) / sizeof(told[0])))

static const struct told *tells;
static uint32_t data_blocks;

static void tells_of_its_end(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] != 0x52 || cmd->moved < 32 || cmd->data[6] & 0x40)
		return;
	cmd->data[7] = (uint8_t)((cmd->data[7] & ~2u) | (tells->valid ? 2u : 0));
	lathe_put_be32(cmd->data + 24, data_blocks + (uint32_t)tells->size);
	lathe_put_be32(cmd->data + 28,
		       data_blocks - 1 + (uint32_t)tells->last);
}

/* Blocks recorded in it, run-out excluded: as the header says. */
START_TEST(the_end_of_a_session)
{
	struct lathe_session_info info;
	struct lathe_session_disc disc;
	struct pair pair;

	tells = &told[_i];
	record_first(&pair, tells->media, 900000);
	data_blocks = pair.report.track_blocks;
	pair.rig.lie = tells_of_its_end;
	ck_assert_int_eq(lathe_session_inspect(&pair.rig.mmc, NULL, &disc), 0);
	ck_assert_uint_eq(disc.last_end, data_blocks + (uint32_t)tells->blocks);
	ck_assert_int_eq(lathe_session_get(&pair.rig.mmc, &disc, 1, &info), 0);
	ck_assert_uint_eq(info.start, 0);
	ck_assert_uint_eq(info.blocks, data_blocks + (uint32_t)tells->blocks);
	ck_assert(info.data && info.own && info.has_volume);
	ck_assert_str_eq(info.volume, "LATHE");
	ck_assert_uint_eq(info.number, 1);
	ck_assert_uint_eq(info.first_track, 1);
	ck_assert_uint_eq(info.last_track, 1);
	end_pair(&pair);
}
END_TEST

/* The second of two, which starts behind 0. Byte 2 is the track's number; of
 * audio (byte 5, bit 2 clear) no volume is looked for. */
static void has_audio(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x52 && cmd->moved >= 32 && cmd->data[2] == 2)
		cmd->data[5] &= 0xFB;
}

/* Byte 3 is the session of a track: both are of the first. */
static void one_session(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x52 && cmd->moved >= 32)
		cmd->data[3] = 1;
}

static void is_endless(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] != 0x52 || cmd->moved < 32 || cmd->data[6] & 0x40)
		return;
	cmd->data[7] &= 0xFD;
	memset(cmd->data + 24, 0xFF, 4);
}

START_TEST(the_second_session)
{
	struct lathe_session_info info;
	struct lathe_session_disc disc;
	struct pair pair;

	record_first(&pair, media[_i], 50000);
	ck_assert_int_eq(rig_burn(&pair.rig, &pair.second,
				  LATHE_SESSION_VERIFY_FULL, &pair.report), 0);
	ck_assert_int_eq(lathe_session_inspect(&pair.rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(lathe_session_get(&pair.rig.mmc, &disc, 2, &info), 0);
	ck_assert_uint_eq(info.number, 2);
	ck_assert_uint_eq(info.first_track, 2);
	ck_assert_uint_eq(info.last_track, 2);
	ck_assert_uint_eq(info.start, pair.report.start);
	ck_assert_uint_eq(info.blocks, pair.report.track_blocks);
	ck_assert(info.data && info.own && info.has_volume);
	pair.rig.lie = has_audio;
	ck_assert_int_eq(lathe_session_get(&pair.rig.mmc, &disc, 2, &info), 0);
	ck_assert_uint_eq(info.start, pair.report.start);
	ck_assert(!info.data && !info.own && !info.has_volume);
	ck_assert_str_eq(info.volume, "");
	/* Of one without an end no file is left out. */
	pair.rig.lie = is_endless;
	ck_assert_int_eq(lathe_session_inspect(&pair.rig.mmc, NULL, &disc), 0);
	ck_assert_uint_eq(disc.files_short, 0);
	ck_assert_uint_gt(disc.last_end, pair.report.start);
	pair.rig.lie = one_session;
	ck_assert_int_eq(lathe_session_get(&pair.rig.mmc, &disc, 1, &info), 0);
	ck_assert_uint_eq(info.start, 0);
	ck_assert_uint_eq(info.first_track, 1);
	ck_assert_uint_eq(info.last_track, 2);
	ck_assert_uint_eq(info.blocks,
			  pair.report.start + pair.report.track_blocks);
	ck_assert_int_eq(lathe_session_get(&pair.rig.mmc, &disc, 2, &info),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_uint_eq(info.last_track, 2);
	/* Its descriptors can not be read. */
	pair.rig.lie = NULL;
	ck_assert_int_eq(lathe_emulator_set_faults(
				 pair.rig.emulator,
				 "op=28 times=0 sense=3/11/05"), 0);
	ck_assert_int_eq(lathe_session_get(&pair.rig.mmc, &disc, 2, &info), 0);
	ck_assert(info.data && !info.own && !info.has_volume);
	ck_assert_str_eq(info.volume, "");
	/* A drive that does not answer tells of no session. */
	ck_assert_int_eq(lathe_emulator_set_faults(
				 pair.rig.emulator,
				 "op=52 count=2 times=0 sense=4/44/00"), 0);
	ck_assert_int_eq(lathe_session_get(&pair.rig.mmc, &disc, 2, &info),
			 LATHE_ERR_SENSE);
	end_pair(&pair);
}
END_TEST

/* Its next writable address is not that of a blank disc. */
START_TEST(a_recorded_disc_is_called_blank)
{
	struct pair pair;

	record_first(&pair, media[_i], 5000);
	pair.rig.lie = calls_it_blank;
	ck_assert_int_ne(rig_burn(&pair.rig, &pair.second,
				  LATHE_SESSION_VERIFY_FULL, &pair.report), 0);
	ck_assert_uint_eq(pair.rig.sent[0x2A], 0);
	end_pair(&pair);
}
END_TEST

/* Where the next session would begin, in an answer of READ TRACK INFORMATION
 * (MMC-6 6.27), there is not so much room up to 2^32 - 1 as the drive says. */
static void tell_the_end(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] != 0x52 || cmd->moved < 20 || !(cmd->data[7] & 1))
		return;
	lathe_put_be32(cmd->data + 8, 0xFFFF0000);
	lathe_put_be32(cmd->data + 12, 0xFFFF0000);
	lathe_put_be32(cmd->data + 16, 0x20000);
}

START_TEST(addresses_come_to_an_end)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_DVD_PLUS_R);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 1, 5000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	rig_restart(&rig);
	rig.lie = tell_the_end;
	rig.sent[0x2A] = 0;
	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add_zeros(&rig, (uint64_t)0x10000 * 2048), 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_LIMIT);
	ck_assert_int_eq(lathe_session_failure(rig.master)->err,
			 LATHE_ERR_LIMIT);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert_uint_eq(rig.sent[0x2A], 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* Firmware that heeds the multi-session bits of page 05h on DVD+R, and has
 * values there by default that it does not take. */
START_TEST(a_page_that_can_not_be_sent_back)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_DVD_PLUS_R);
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, "odd-page-05,plus-r-heeds-page-05");
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_APPENDABLE);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* BD of many layers, and discs that are scratched, are looked at for minutes
 * before they are ready. */
START_TEST(a_disc_that_takes_minutes_to_load)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_BD_R);
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, "load-ms=240000");
	ck_assert_msg(!rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				&report), "%s",
		      lathe_session_failure(rig.master)->text);
	ck_assert_uint_eq(report.session, 1);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- what comes late ---------------------------------------------------- */

static bool came;

/* GET CONFIGURATION, once the session is closed: what a command before has
 * left behind: a hardware error. */
static bool comes_late(struct rig *rig, struct lathe_cmd *cmd)
{
	if (came || !rig->sent[0x5B] || cmd->cdb[0] != 0x46)
		return false;
	came = true;
	rig_refuse(cmd, 4, 0x44);
	return true;
}

static const enum lathe_emulator_media closed[] = {
	LATHE_EMULATOR_CD_R_80, LATHE_EMULATOR_DVD_PLUS_R,
	LATHE_EMULATOR_BD_R, LATHE_EMULATOR_DVD_PLUS_RW
};

/* How the disc is then is asked for a second time. */
START_TEST(what_is_left_behind_is_no_answer)
{
	struct lathe_emulator_store *store = blank_disc(closed[_i]);
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	came = false;
	rig.instead = comes_late;
	ck_assert_msg(!rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				&report), "%s",
		      lathe_session_failure(rig.master)->text);
	ck_assert(came);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_APPENDABLE);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

static bool never_tells(struct rig *rig, struct lathe_cmd *cmd)
{
	came = false;
	return comes_late(rig, cmd);
}

/* All went well, but how the disc is now the drive does not say: that error,
 * and no word of what was read back. */
START_TEST(how_the_disc_is_now_is_not_told)
{
	struct lathe_emulator_store *store = blank_disc(closed[_i]);
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	rig.instead = never_tells;
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), LATHE_ERR_SENSE);
	ck_assert_uint_eq(lathe_session_failure(rig.master)->opcode, 0x46);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_UNKNOWN);
	ck_assert(!report.verified);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- features of other discs -------------------------------------------- */

/* MMC-6, GET CONFIGURATION: feature 0038h, BD-R pseudo-overwrite, is current.
 * The BD-R of one layer is one for random recording, too. */
static void tells_pseudo_overwrite(struct rig *rig, struct lathe_cmd *cmd)
{
	static const uint8_t feature[8] = { 0x00, 0x38, 0x01, 4 };

	if (cmd->cdb[0] != 0x46 || cmd->moved < 8)
		return;
	if (disc_state(rig->store).media == LATHE_EMULATOR_BD_R)
		lathe_put_be16(cmd->data + 6, 0x0042);
	if (lathe_get_be16(cmd->cdb + 2) > 0x38 ||
	    cmd->moved + sizeof(feature) > cmd->data_len) {
		/* The head alone says that there is more. */
		lathe_put_be32(cmd->data,
			       lathe_get_be32(cmd->data) + sizeof(feature));
		return;
	}
	memcpy(cmd->data + cmd->moved, feature, sizeof(feature));
	cmd->moved += sizeof(feature);
	lathe_put_be32(cmd->data, cmd->moved - 4);
}

/* Of a sequential BD-R alone the feature says what can be done. */
START_TEST(a_feature_that_is_of_another_disc)
{
	enum lathe_emulator_media kind = (enum lathe_emulator_media)_i;
	struct lathe_emulator_store *store = blank_disc(kind);
	struct lathe_session_disc plain, odd;
	struct rig rig;

	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &plain), 0);
	rig.lie = tells_pseudo_overwrite;
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &odd), 0);
	if (kind == LATHE_EMULATOR_BD_R) {
		ck_assert(!odd.medium.writable);
	} else if (plain.medium.kind != LATHE_MMC_KIND_BD_R) {
		ck_assert(!odd.medium.pseudo_overwrite);
		ck_assert_int_eq(odd.medium.status, plain.medium.status);
		ck_assert_int_eq(odd.medium.overwritable,
				 plain.medium.overwritable);
		ck_assert_int_eq(odd.mode, plain.mode);
	}
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: odd answers");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, an_empty_session_is_not_counted);
	tcase_add_loop_test(tc, a_track_that_is_called_too_short, 0, 16);
	tcase_add_loop_test(tc, a_track_that_is_too_short, 0, 5 * 4);
	tcase_add_loop_test(tc, a_later_track_that_is_called_too_short, 0, 8);
	tcase_add_loop_test(tc, the_end_of_a_session, 0, TOLD);
	tcase_add_loop_test(tc, the_second_session, 0, 4);
	tcase_add_loop_test(tc, a_recorded_disc_is_called_blank, 0, 4);
	tcase_add_test(tc, addresses_come_to_an_end);
	tcase_add_test(tc, a_page_that_can_not_be_sent_back);
	tcase_add_test(tc, a_disc_that_takes_minutes_to_load);
	tcase_add_loop_test(tc, what_is_left_behind_is_no_answer, 0, 4);
	tcase_add_loop_test(tc, how_the_disc_is_now_is_not_told, 0, 4);
	tcase_add_loop_test(tc, a_feature_that_is_of_another_disc, 0,
			    LATHE_EMULATOR_MEDIA_COUNT);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
