/* SPDX-License-Identifier: MIT */
/*
 * check_identity.c - what tells one disc from another, component by component.
 */
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/* ---- without a drive ---------------------------------------------------- */

/* Only what is valid in both differs, and what is noted never does. */
static const struct pair {
	bool valid_a, valid_b, advisory_a, advisory_b;
	bool differs;
} pairs[] = {
	{ true, true, false, false, true },
	{ true, false, false, false, false },
	{ false, true, false, false, false },
	{ false, false, false, false, false },
	{ true, true, true, false, false },
	{ true, true, false, true, false },
	{ true, true, true, true, false },
};

START_TEST(what_counts_as_a_difference)
{
	const struct pair *pair = &pairs[_i];
	struct lathe_session_identity a, b;
	int i, last = (int)LATHE_SESSION_COMPONENTS - 1;

	for (i = 0; i <= last; i++) {
		memset(&a, 0, sizeof(a));
		memset(&b, 0, sizeof(b));
		a.component[i].valid = pair->valid_a;
		b.component[i].valid = pair->valid_b;
		a.component[i].advisory = pair->advisory_a;
		b.component[i].advisory = pair->advisory_b;
		ck_assert_int_eq(lathe_session_identity_differs(&a, &b), -1);
		b.component[i].value = 1;
		ck_assert_int_eq(lathe_session_identity_differs(&a, &b),
				 pair->differs ? i : -1);
		/* The first one is told. */
		a.component[last].valid = b.component[last].valid = true;
		a.component[last].advisory = b.component[last].advisory =
			false;
		b.component[last].value = 2;
		ck_assert_int_eq(lathe_session_identity_differs(&a, &b),
				 pair->differs ? i : last);
	}
}
END_TEST

/* Names up to the last that has a meaning, and none beyond. */
START_TEST(components_have_names)
{
	uint32_t i, k, names = 0;

	while (lathe_session_component_name(names))
		names++;
	ck_assert_uint_ge(names, 3);
	ck_assert_uint_le(names, LATHE_SESSION_COMPONENTS);
	for (i = 0; i < names; i++) {
		ck_assert_str_ne(lathe_session_component_name(i), "");
		for (k = 0; k < i; k++)
			ck_assert_str_ne(lathe_session_component_name(i),
					 lathe_session_component_name(k));
	}
	for (i = names; i < 1000; i++)
		ck_assert_ptr_null(lathe_session_component_name(i));
	ck_assert_ptr_null(lathe_session_component_name(UINT32_MAX));
}
END_TEST

/* ---- of discs ----------------------------------------------------------- */

static int find(const char *name)
{
	uint32_t i;

	for (i = 0; lathe_session_component_name(i); i++)
		if (strcmp(lathe_session_component_name(i), name) == 0)
			return (int)i;
	ck_abort_msg("no component %s", name);
	return -1;
}

/* What the drive tells of another disc: a byte of its answers. MMC-6 6.25,
 * 6.26, 6.27, 6.19. */
static struct {
	uint8_t op, format;
	uint32_t byte;
	bool another;
} other;

static void tell_another(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	/* READ DISC INFORMATION: there is a disc id. */
	if (cmd->cdb[0] == 0x51 && cmd->moved > 16 && !(cmd->cdb[1] & 7))
		cmd->data[7] |= 0x80;
	if (other.another && cmd->cdb[0] == other.op &&
	    cmd->moved > other.byte &&
	    (other.op != 0x43 || (cmd->cdb[2] & 15) == other.format))
		cmd->data[other.byte]++;
}

static struct lathe_emulator_store *recorded(enum lathe_emulator_media media)
{
	struct lathe_emulator_store *store = blank_disc(media);
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	rig_destroy(&rig);
	model_free(&model);
	return store;
}

/* Which components a disc has, and which of them are only noted. */
START_TEST(components_of_a_disc)
{
	static const struct {
		const char *name;
		bool cd, rw, advisory;
	} wanted[] = {
		{ "profile", true, true, false },
		{ "sessions", true, true, false },
		{ "last session start", true, true, false },
		{ "volume descriptors", true, true, false },
		{ "disc id", false, false, false },
		{ "table of contents", true, false, false },
		{ "tracks", true, false, false },
		{ "next writable address", true, false, false },
		{ "free blocks", true, false, true },
		{ "capacity", true, true, true },
	};
	struct lathe_emulator_store *store =
		recorded(_i ? LATHE_EMULATOR_DVD_PLUS_RW :
			      LATHE_EMULATOR_CD_R_80);
	struct lathe_session_identity id;
	struct rig rig;
	size_t i;

	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_session_identify(&rig.mmc, &id), 0);
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		int at = find(wanted[i].name);

		ck_assert_msg(id.component[at].valid ==
				      (_i ? wanted[i].rw : wanted[i].cd),
			      "%s", wanted[i].name);
		if (id.component[at].valid)
			ck_assert_int_eq(id.component[at].advisory,
					 wanted[i].advisory);
	}
	ck_assert_uint_eq(id.component[find("sessions")].value, 1);
	ck_assert_uint_eq(id.component[find("last session start")].value,
			  _i ? 32 : 0);
	lathe_emulator_insert(rig.emulator, NULL);
	ck_assert_int_eq(lathe_session_identify(&rig.mmc, &id),
			 LATHE_ERR_NO_MEDIUM);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

/* What there is none of is no component: of a blank disc the last session, of
 * a final one the next writable address. */
START_TEST(components_that_a_disc_does_not_have)
{
	static const struct {
		enum lathe_emulator_media media;
		bool final;
	} discs[] = {
		{ LATHE_EMULATOR_CD_R_80, false },
		{ LATHE_EMULATOR_DVD_PLUS_RW, false },
		{ LATHE_EMULATOR_CD_R_80, true },
	};
	static const char *const of_the_last[] = {
		"last session start", "volume descriptors", "table of contents"
	};
	struct lathe_emulator_store *store = blank_disc(discs[_i].media);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_session_identity id;
	struct model model = { 0 };
	struct rig rig;
	size_t i;

	rig_create(&rig, store, NULL);
	if (discs[_i].final) {
		model_put(&model, "file", 5, 5000);
		rig_master(&rig, NULL);
		options = rig_options(&rig, LATHE_SESSION_VERIFY_STATE);
		options.final = true;
		ck_assert_int_eq(lathe_session_set_recorder(rig.master,
							    &rig.mmc), 0);
		ck_assert_int_eq(rig_add(&rig, &model), 0);
		ck_assert_int_eq(lathe_session_record(rig.master, &options,
						      &report), 0);
		ck_assert_int_eq(report.end, LATHE_SESSION_END_FINAL);
	}
	ck_assert_int_eq(lathe_session_identify(&rig.mmc, &id), 0);
	ck_assert_uint_eq(id.component[find("sessions")].value,
			  discs[_i].final);
	for (i = 0; i < 3; i++)
		ck_assert_msg(id.component[find(of_the_last[i])].valid ==
				      discs[_i].final, "%s", of_the_last[i]);
	if (discs[_i].media == LATHE_EMULATOR_CD_R_80)
		ck_assert_int_eq(
			id.component[find("next writable address")].valid,
			!discs[_i].final);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* READ TOC, format 1, MMC-6: bit 2 of CONTROL says data. */
static void tell_audio(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x43 && cmd->moved > 5 && (cmd->cdb[2] & 15) == 1)
		cmd->data[5] &= 0xFB;
}

/* A session of audio has no descriptors to read. */
START_TEST(a_session_of_audio)
{
	struct lathe_emulator_store *store = recorded(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_identity id;
	struct rig rig;

	rig_create(&rig, store, NULL);
	rig.lie = tell_audio;
	ck_assert_int_eq(lathe_session_identify(&rig.mmc, &id), 0);
	ck_assert(id.component[find("last session start")].valid);
	ck_assert(id.component[find("table of contents")].valid);
	ck_assert(!id.component[find("volume descriptors")].valid);
	ck_assert_uint_eq(rig.sent[0x28], 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

/* Two discs with the same content, told apart by one answer alone. */
START_TEST(one_answer_is_another)
{
	static const struct {
		uint8_t op, format;
		uint32_t byte;
		const char *component;
	} answers[] = {
		{ 0x51, 0, 15, "disc id" },		/* its last byte */
		{ 0x43, 2, 4 + 3, "table of contents" },	/* POINT */
		{ 0x52, 0, 15, "next writable address" },
		{ 0x52, 0, 19, NULL },			/* free blocks */
	};
	struct lathe_emulator_store *store = recorded(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_identity a, b;
	struct rig rig;
	int differs;

	rig_create(&rig, store, NULL);
	other.op = answers[_i].op;
	other.format = answers[_i].format;
	other.byte = answers[_i].byte;
	other.another = false;
	rig.lie = tell_another;
	ck_assert_int_eq(lathe_session_identify(&rig.mmc, &a), 0);
	other.another = true;
	ck_assert_int_eq(lathe_session_identify(&rig.mmc, &b), 0);
	differs = lathe_session_identity_differs(&a, &b);
	ck_assert_int_eq(differs, answers[_i].component ?
					  find(answers[_i].component) :
					  -1);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

/* Another volume in the same place: told by its descriptors, each of them. */
START_TEST(one_descriptor_is_another)
{
	struct lathe_emulator_store *store = recorded(LATHE_EMULATOR_DVD_RAM);
	struct lathe_mmc_recording how = { .overwrite_start = 0,
					   .track_blocks = 32 };
	struct lathe_session_identity a, b;
	struct lathe_mmc_medium medium;
	uint8_t blocks[32 * 2048];
	uint32_t i, start;
	struct rig rig;

	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_session_identify(&rig.mmc, &a), 0);
	memset(blocks, 0, sizeof(blocks));
	for (i = 0; i < 32; i++)
		lathe_emulator_store_peek(store, 32 + i, blocks + i * 2048);
	/* ECMA-119 8.3: what is reserved in the terminator, behind the primary
	 * descriptor and that of Joliet. What stands behind it is none. */
	ck_assert_uint_eq(blocks[18 * 2048], 255);
	if (_i)
		memcpy(blocks + 19 * 2048, "\1CD001\1", 7);
	else
		blocks[18 * 2048 + 2000] ^= 1;
	how.overwrite_start = 32;
	ck_assert_int_eq(lathe_mmc_read_medium(&rig.mmc, &medium), 0);
	ck_assert_int_eq(lathe_mmc_begin_track(&rig.mmc, &medium, &how,
					       &start), 0);
	ck_assert_int_eq(lathe_mmc_write(&rig.mmc, 32, 32, blocks), 0);
	ck_assert_int_eq(lathe_mmc_end_track(&rig.mmc), 0);
	ck_assert_int_eq(lathe_mmc_close_session(&rig.mmc, &medium, false), 0);
	ck_assert_int_eq(lathe_session_identify(&rig.mmc, &b), 0);
	ck_assert_int_eq(lathe_session_identity_differs(&a, &b),
			 _i ? -1 : find("volume descriptors"));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

static uint32_t changed_lba;

/* READ (10), MMC-6 6.17: a bit of that block, as another disc would have it. */
static void read_another(struct rig *rig, struct lathe_cmd *cmd)
{
	uint32_t lba = lathe_get_be32(cmd->cdb + 2);

	(void)rig;
	if (cmd->cdb[0] == 0x28 && changed_lba >= lba &&
	    changed_lba - lba < cmd->moved / 2048)
		cmd->data[(changed_lba - lba) * 2048 + 2000] ^= 1;
}

/* ... of a volume that has none: ECMA-119 8.1.2, CD001. */
static void read_no_volume(struct rig *rig, struct lathe_cmd *cmd)
{
	uint32_t lba = lathe_get_be32(cmd->cdb + 2);

	if (cmd->cdb[0] == 0x28 && lba <= 16 && 16 - lba < cmd->moved / 2048)
		cmd->data[(16 - lba) * 2048 + 5] = '2';
	read_another(rig, cmd);
}

START_TEST(what_follows_no_descriptor_is_none)
{
	struct lathe_emulator_store *store = recorded(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_identity a, b;
	struct rig rig;

	rig_create(&rig, store, NULL);
	rig.lie = read_no_volume;
	changed_lba = UINT32_MAX;
	ck_assert_int_eq(lathe_session_identify(&rig.mmc, &a), 0);
	changed_lba = 16 + (uint32_t)_i;
	ck_assert_int_eq(lathe_session_identify(&rig.mmc, &b), 0);
	ck_assert_int_eq(lathe_session_identity_differs(&a, &b), -1);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

/* What counts are the descriptors of the last session. */
START_TEST(descriptors_of_the_last_session)
{
	struct lathe_emulator_store *store = recorded(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_report report;
	struct lathe_session_identity a, b;
	struct model model = { 0 };
	struct rig rig;

	rig_create(&rig, store, NULL);
	model_put(&model, "file", 5, 5000);
	model_put(&model, "more", 6, 5000);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	rig_restart(&rig);
	ck_assert_int_eq(lathe_session_identify(&rig.mmc, &a), 0);
	changed_lba = _i ? report.start + 17 : 17;
	rig.lie = read_another;
	ck_assert_int_eq(lathe_session_identify(&rig.mmc, &b), 0);
	ck_assert_int_eq(lathe_session_identity_differs(&a, &b),
			 _i ? find("volume descriptors") : -1);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* A READ that the drive refuses once says nothing of the disc. */
START_TEST(a_descriptor_is_refused_once)
{
	static const enum lathe_emulator_media media[] = {
		LATHE_EMULATOR_CD_R_80, LATHE_EMULATOR_DVD_PLUS_R,
		LATHE_EMULATOR_DVD_RAM
	};
	struct lathe_emulator_store *store = recorded(media[_i]);
	struct lathe_session_identity a, b;
	uint32_t count, reads;
	char script[64];
	struct rig rig;

	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_session_identify(&rig.mmc, &a), 0);
	reads = rig.sent[0x28];
	ck_assert_uint_ge(reads, 3);
	for (count = 1; count <= reads; count++) {
		snprintf(script, sizeof(script), "op=28 count=%u sense=5/20/00",
			 count);
		ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator,
							   script), 0);
		ck_assert_int_eq(lathe_session_identify(&rig.mmc, &b), 0);
		ck_assert_uint_eq(lathe_emulator_faults_fired(rig.emulator),
				  1);
		ck_assert_msg(lathe_session_identity_differs(&a, &b) == -1,
			      "READ %u of %u", count, reads);
	}
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

/* A table of contents that is not there is no component; a drive that fails
 * has not said which disc it is. */
START_TEST(the_table_of_contents_is_not_read)
{
	static const struct {
		const char *fault;
		int err;
	} faults[] = {
		{ "op=43 cdb2=02 times=0 sense=5/24/00", 0 },
		{ "op=43 cdb2=02 times=0 sense=3/11/00", 0 },
		{ "op=43 cdb2=02 times=0 short=3", 0 },
		{ "op=43 cdb2=02 times=0 gone", LATHE_ERR_NO_DEVICE },
	};
	struct lathe_emulator_store *store = recorded(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_identity id, before;
	struct rig rig;

	memset(&before, 1, sizeof(before));
	id = before;
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator,
						   faults[_i].fault), 0);
	ck_assert_int_eq(lathe_session_identify(&rig.mmc, &id),
			 faults[_i].err);
	if (!faults[_i].err)
		ck_assert(!id.component[find("table of contents")].valid);
	else
		ck_assert_mem_eq(&id, &before, sizeof(id));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: identity");
	TCase *tc = tcase_create("identity");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, what_counts_as_a_difference, 0,
			    sizeof(pairs) / sizeof(pairs[0]));
	tcase_add_test(tc, components_have_names);
	tcase_add_loop_test(tc, components_of_a_disc, 0, 2);
	tcase_add_loop_test(tc, components_that_a_disc_does_not_have, 0, 3);
	tcase_add_test(tc, a_session_of_audio);
	tcase_add_loop_test(tc, one_answer_is_another, 0, 4);
	tcase_add_loop_test(tc, one_descriptor_is_another, 0, 2);
	tcase_add_loop_test(tc, descriptors_of_the_last_session, 0, 2);
	tcase_add_loop_test(tc, what_follows_no_descriptor_is_none, 0, 3);
	tcase_add_loop_test(tc, a_descriptor_is_refused_once, 0, 3);
	tcase_add_loop_test(tc, the_table_of_contents_is_not_read, 0, 4);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
