/* SPDX-License-Identifier: MIT */
/*
 * check_content.c - what counts as content, what an edit that came to nothing
 * leaves, and how the volume is named.
 */
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/* ---- discs -------------------------------------------------------------- */

struct scene {
	struct lathe_emulator_store *store;
	struct rig rig;
	struct model model;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
};

static void begin(struct scene *scene, enum lathe_emulator_media media)
{
	memset(scene, 0, sizeof(*scene));
	scene->store = blank_disc(media);
	rig_create(&scene->rig, scene->store, NULL);
	rig_master(&scene->rig, NULL);
	model_put(&scene->model, "file", 5, 5000);
	scene->options = rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
}

static void end(struct scene *scene)
{
	rig_destroy(&scene->rig);
	lathe_emulator_store_close(scene->store);
	model_free(&scene->model);
}

static int choose(struct scene *scene)
{
	return lathe_session_set_recorder(scene->rig.master, &scene->rig.mmc);
}

static int name(struct scene *scene, const char *text)
{
	return lathe_session_set_volume(scene->rig.master, text, NULL);
}

static int record(struct scene *scene)
{
	return lathe_session_record(scene->rig.master, &scene->options,
				    &scene->report);
}

/* One session with that name is on it, and is chosen. */
static void begin_named(struct scene *scene, const char *text)
{
	begin(scene, LATHE_EMULATOR_CD_R_80);
	ck_assert_int_eq(name(scene, text), 0);
	ck_assert_int_eq(choose(scene), 0);
	ck_assert_int_eq(rig_add(&scene->rig, &scene->model), 0);
	ck_assert_int_eq(record(scene), 0);
	rig_master(&scene->rig, NULL);
	ck_assert_int_eq(choose(scene), 0);
}

/* ECMA-119 8.4.6: volume identifier, byte positions 41 to 72. */
static void expect_named(struct lathe_emulator_store *store, uint32_t start,
			 const char *text)
{
	uint8_t block[2048];
	char wanted[33];

	snprintf(wanted, sizeof(wanted), "%-32s", text);
	ck_assert_int_eq(lathe_emulator_store_peek(store, start + 16, block),
			 LATHE_EMULATOR_BLOCK_DATA);
	ck_assert_msg(!memcmp(block + 40, wanted, 32), "\"%.32s\" and not %s",
		      (const char *)block + 40, text);
}

/* ---- names -------------------------------------------------------------- */

START_TEST(a_name_has_128_bytes_at_most)
{
	struct lathe_iso9660_tree *tree;
	struct scene scene;
	char text[130];

	begin_named(&scene, "OLD");
	memset(text, 'A', sizeof(text));
	text[129] = 0;
	ck_assert_int_eq(name(&scene, text), LATHE_ERR_LIMIT);
	ck_assert_int_eq(record(&scene), LATHE_ERR_EMPTY);
	text[128] = 0;
	ck_assert_int_eq(name(&scene, text), 0);

	/* All that an edit changes is in it. */
	ck_assert_int_eq(lathe_session_edit(scene.rig.master, &tree), 0);
	ck_assert_int_eq(name(&scene, "NEW"), LATHE_ERR_STATE);
	lathe_session_abort(scene.rig.master);
	ck_assert_int_eq(name(&scene, "NEW"), 0);
	end(&scene);
}
END_TEST

/* Joliet has 16 characters of it, and not each one; ISO 9660 has 32 that are
 * d-characters (ECMA-119 8.4.6, 7.4.1). A name that becomes what is recorded
 * in both is that name, as is the one that is shown. */
static const struct {
	const char *name, *again;
	const char *recorded;	/* as ISO 9660 has it; NULL: nothing is */
} names[] = {
	{ "A_NAME_OF_25_CHARACTERS_X", "A_NAME_OF_25_CHARACTERS_X", NULL },
	{ "A_NAME_OF_25_CHARACTERS_X", "A_NAME_OF_25_CHA", NULL },
	{ "A_NAME_OF_25_CHARACTERS_X", "A_NAME_OF_25_CHARACTERS_Y",
	  "A_NAME_OF_25_CHARACTERS_Y" },
	{ "A_NAME_OF_25_CHA", "A_NAME_OF_25_CHARACTERS_X",
	  "A_NAME_OF_25_CHARACTERS_X" },
	{ "a;b", "a;b", NULL },
	{ "a;b", "a:b", NULL },
	{ "a;b", "a_b", NULL },
	{ "a;b", "A_B", "A_B" },
	{ "ends in a blank ", "ends in a blank ", NULL },
	{ "\xC3\x84pfel", "\xC3\x84pfel", NULL },
	{ "\xC3\x84pfel", "\xC3\x96pfel", "_PFEL" },
};

START_TEST(a_name_that_is_recorded_differently_is_the_same)
{
	const char *recorded = names[_i].recorded;
	struct scene scene;

	begin_named(&scene, names[_i].name);
	ck_assert_int_eq(name(&scene, names[_i].again), 0);
	ck_assert_int_eq(record(&scene), recorded ? 0 : LATHE_ERR_EMPTY);
	if (recorded)
		expect_named(scene.store, scene.report.start, recorded);
	/* ... and is the name from now on. */
	rig_master(&scene.rig, NULL);
	ck_assert_int_eq(choose(&scene), 0);
	ck_assert_int_eq(name(&scene, names[_i].again), 0);
	ck_assert_int_eq(record(&scene), LATHE_ERR_EMPTY);
	end(&scene);
}
END_TEST

/* ECMA-119 8.4.6 alone, where there is no Joliet. */
START_TEST(a_name_in_iso_9660_alone)
{
	static const struct lathe_iso9660_primary_options relaxed = {
		.level = LATHE_ISO9660_RELAXED
	};
	struct lathe_iso9660_found found = { .hierarchies = 1 };

	memset(found.primary_id, ' ', sizeof(found.primary_id));
	memcpy(found.primary_id, "A_NAME", 6);
	strcpy(found.volume_id, "A_NAME");
	ck_assert(lathe_session_is_named(&found, NULL, "a name"));
	ck_assert(lathe_session_is_named(&found, NULL, "A_NAME"));
	ck_assert(!lathe_session_is_named(&found, NULL, "a name "));
	ck_assert(!lathe_session_is_named(&found, &relaxed, "a name"));
	/* With Joliet that is another one. */
	found.hierarchies = 3;
	ck_assert(!lathe_session_is_named(&found, NULL, "a name"));
}
END_TEST

/* Content that was laid out already gets the name all the same. */
START_TEST(a_name_is_set_behind_the_content)
{
	struct lathe_session_sizes totals;
	struct scene scene;

	begin_named(&scene, "OLD");
	model_put(&scene.model, "more", 6, 60);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(lathe_session_totals(scene.rig.master, &totals), 0);
	ck_assert_int_eq(name(&scene, "NEW"), 0);
	ck_assert_int_eq(record(&scene), 0);
	expect_named(scene.store, scene.report.start, "NEW");
	end(&scene);
}
END_TEST

/* A blank disc gets none of the disc that was chosen before. */
START_TEST(a_cleared_master_forgets_the_name)
{
	struct lathe_emulator_store *blank =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct scene scene;

	begin_named(&scene, "OLD");
	ck_assert_int_eq(lathe_session_clear(scene.rig.master), 0);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	lathe_emulator_insert(scene.rig.emulator, blank);
	ck_assert_int_eq(record(&scene), 0);
	expect_named(blank, 0, "LATHE");
	end(&scene);
	lathe_emulator_store_close(blank);
}
END_TEST

/* Joliet has room for 16 characters of it, ISO 9660 for 32: what is gone on
 * with is what was begun. */
START_TEST(a_long_name_is_gone_on_with)
{
	static const char text[] = "A_NAME_OF_25_CHARACTERS_X";
	struct lathe_emulator_store *other;
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_DVD_PLUS_R);
	model_put(&scene.model, "long", 7, 9000000);
	ck_assert_int_eq(name(&scene, text), 0);
	ck_assert_int_eq(choose(&scene), 0);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(lathe_emulator_set_faults(scene.rig.emulator,
						   "op=2a count=110 gone"), 0);
	ck_assert_int_eq(record(&scene), LATHE_ERR_NO_DEVICE);
	rig_restart(&scene.rig);
	rig_master(&scene.rig, NULL);
	ck_assert_int_eq(lathe_session_resume(scene.rig.master,
					      &scene.rig.mmc), 0);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_msg(!record(&scene), "%s",
		      lathe_session_failure(scene.rig.master)->text);
	expect_named(scene.store, 0, text);

	/* The next disc has nothing of it, in neither hierarchy. */
	other = blank_disc(LATHE_EMULATOR_DVD_PLUS_R);
	lathe_emulator_insert(scene.rig.emulator, other);
	ck_assert_int_eq(choose(&scene), 0);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(record(&scene), 0);
	expect_named(other, 0, "LATHE");
	end(&scene);
	lathe_emulator_store_close(other);
}
END_TEST

/* ---- what counts -------------------------------------------------------- */

/* There is nothing on a blank disc that could be named. */
START_TEST(a_name_alone_is_no_session)
{
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	ck_assert_int_eq(name(&scene, "NEW"), 0);
	ck_assert_int_eq(choose(&scene), 0);
	ck_assert_int_eq(record(&scene), LATHE_ERR_EMPTY);
	ck_assert(disc_state(scene.store).blank);
	end(&scene);

	begin_named(&scene, "OLD");
	ck_assert_int_eq(lathe_session_clear(scene.rig.master), 0);
	ck_assert_int_eq(name(&scene, "NEW"), 0);
	ck_assert_int_eq(record(&scene), LATHE_ERR_EMPTY);
	end(&scene);
}
END_TEST

START_TEST(an_edit_that_changes_nothing_is_nothing)
{
	struct lathe_iso9660_tree *tree;
	struct scene scene;

	begin_named(&scene, "OLD");
	ck_assert_int_eq(lathe_session_edit(scene.rig.master, &tree), 0);
	ck_assert_int_eq(lathe_session_commit(scene.rig.master), 0);
	ck_assert_int_eq(record(&scene), LATHE_ERR_EMPTY);
	ck_assert_uint_eq(disc_state(scene.store).sessions, 1);
	end(&scene);
}
END_TEST

/* What was staged before it stays staged. */
START_TEST(an_edit_is_given_up)
{
	struct lathe_iso9660_tree *tree;
	struct scene scene;
	uint32_t node;

	begin_named(&scene, "OLD");
	ck_assert_int_eq(lathe_session_edit(scene.rig.master, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_add_memory(tree, LATHE_ISO9660_ROOT,
						  "x", 1, NULL, "x", 1, 0,
						  &node), 0);
	lathe_session_abort(scene.rig.master);
	ck_assert_int_eq(record(&scene), LATHE_ERR_EMPTY);

	model_put(&scene.model, "more", 6, 60);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(lathe_session_edit(scene.rig.master, &tree), 0);
	lathe_session_abort(scene.rig.master);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_ptr_null(judge_volume(scene.store, scene.report.start,
					&scene.model, NULL, NULL));
	end(&scene);
}
END_TEST

/* Content that is dropped takes the edit with it, and what was staged. */
START_TEST(content_is_dropped_within_an_edit)
{
	struct lathe_iso9660_tree *tree;
	struct scene scene;
	bool format = _i;

	begin_named(&scene, "OLD");
	model_put(&scene.model, "more", 6, 60);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(lathe_session_edit(scene.rig.master, &tree), 0);
	if (format)
		ck_assert_int_eq(lathe_session_set_format(
					 scene.rig.master,
					 LATHE_SESSION_FORMAT_JOLIET), 0);
	else
		ck_assert_int_eq(lathe_session_clear(scene.rig.master), 0);
	ck_assert_int_eq(lathe_session_commit(scene.rig.master),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(record(&scene), LATHE_ERR_EMPTY);
	ck_assert_int_eq(choose(&scene), 0);
	ck_assert_int_eq(lathe_session_current_mode(scene.rig.master),
			 LATHE_SESSION_MODE_MULTI);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(record(&scene), 0);
	end(&scene);
}
END_TEST

/* ---- which disc it is for ----------------------------------------------- */

/* Content that is staged is not lost by choosing. */
START_TEST(content_is_in_the_way)
{
	struct lathe_iso9660_tree *tree;
	struct scene scene;

	begin_named(&scene, "OLD");
	ck_assert_int_eq(lathe_session_edit(scene.rig.master, &tree), 0);
	ck_assert_int_eq(choose(&scene), LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_session_import(scene.rig.master),
			 LATHE_ERR_STATE);
	lathe_session_abort(scene.rig.master);
	ck_assert_int_eq(lathe_session_clear(scene.rig.master), 0);
	ck_assert_int_eq(lathe_session_import(scene.rig.master),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(choose(&scene), 0);
	model_put(&scene.model, "more", 6, 60);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(choose(&scene), LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_session_import(scene.rig.master),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(record(&scene), 0);
	/* What was recorded has to be read first. */
	ck_assert_int_eq(lathe_session_import(scene.rig.master),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_session_clear(scene.rig.master), 0);
	ck_assert_int_eq(lathe_session_import(scene.rig.master),
			 LATHE_ERR_STATE);
	end(&scene);
}
END_TEST

/* Who clears wants a blank disc, until a recorder or a format is chosen. */
START_TEST(cleared_content_stays_cleared)
{
	struct scene scene;

	begin_named(&scene, "OLD");
	model_put(&scene.model, "more", 6, 60);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_int_eq(lathe_session_clear(scene.rig.master), 0);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(lathe_session_current_mode(scene.rig.master),
			 LATHE_SESSION_MODE_SINGLE);
	ck_assert_int_eq(record(&scene), LATHE_ERR_NOT_BLANK);
	ck_assert_int_eq(lathe_session_set_format(
				 scene.rig.master,
				 LATHE_SESSION_FORMAT_JOLIET), 0);
	model_put(&scene.model, "most", 7, 70);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(lathe_session_current_mode(scene.rig.master),
			 LATHE_SESSION_MODE_MULTI);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_uint_eq(scene.report.session, 3);
	end(&scene);
}
END_TEST

/* What is recorded ends that: the next content goes behind it. */
START_TEST(a_cleared_master_goes_on_with_the_disc_it_recorded)
{
	struct lathe_emulator_store *blank = blank_disc(LATHE_EMULATOR_CD_R_80);
	struct scene scene;

	begin_named(&scene, "OLD");
	ck_assert_int_eq(lathe_session_clear(scene.rig.master), 0);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	lathe_emulator_insert(scene.rig.emulator, blank);
	ck_assert_int_eq(record(&scene), 0);
	model_put(&scene.model, "more", 6, 60);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(lathe_session_current_mode(scene.rig.master),
			 LATHE_SESSION_MODE_MULTI);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_uint_eq(scene.report.session, 2);
	ck_assert_ptr_null(judge_volume(blank, scene.report.start,
					&scene.model, NULL, NULL));
	end(&scene);
	lathe_emulator_store_close(blank);
}
END_TEST

/* Nothing of what was to be gone on with is left. */
START_TEST(a_cut_burn_is_given_up)
{
	struct lathe_emulator_store *other;
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_DVD_PLUS_R);
	model_put(&scene.model, "long", 7, 9000000);
	ck_assert_int_eq(name(&scene, "HOLIDAY"), 0);
	ck_assert_int_eq(choose(&scene), 0);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(lathe_emulator_set_faults(scene.rig.emulator,
						   "op=2a count=110 gone"), 0);
	ck_assert_int_eq(record(&scene), LATHE_ERR_NO_DEVICE);
	rig_restart(&scene.rig);
	rig_master(&scene.rig, NULL);
	ck_assert_int_eq(lathe_session_resume(scene.rig.master,
					      &scene.rig.mmc), 0);
	ck_assert_int_eq(lathe_session_clear(scene.rig.master), 0);
	other = blank_disc(LATHE_EMULATOR_DVD_PLUS_R);
	lathe_emulator_insert(scene.rig.emulator, other);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_msg(!record(&scene), "%s",
		      lathe_session_failure(scene.rig.master)->text);
	expect_named(other, 0, "LATHE");
	end(&scene);
	lathe_emulator_store_close(other);
}
END_TEST

/* ---- without a format --------------------------------------------------- */

/* The drive stays chosen, but there is nothing to read its disc for. */
START_TEST(without_a_format_the_disc_is_not_read)
{
	struct lathe_session_sizes totals;
	struct lathe_iso9660_tree *tree;
	struct scene scene;
	uint32_t commands;

	begin_named(&scene, "OLD");
	ck_assert_int_eq(lathe_session_set_format(scene.rig.master,
						  LATHE_SESSION_FORMAT_NONE),
			 0);
	commands = scene.rig.commands;
	ck_assert_int_eq(lathe_session_totals(scene.rig.master, &totals),
			 LATHE_ERR_NO_FORMAT);
	ck_assert_int_eq(lathe_session_import(scene.rig.master),
			 LATHE_ERR_NO_FORMAT);
	ck_assert_int_eq(lathe_session_set_layer_break(scene.rig.master, 0),
			 LATHE_ERR_NO_FORMAT);
	ck_assert_int_eq(lathe_session_edit(scene.rig.master, &tree),
			 LATHE_ERR_NO_FORMAT);
	ck_assert_ptr_null(lathe_session_tree(scene.rig.master));
	ck_assert_int_eq(lathe_session_current_mode(scene.rig.master),
			 LATHE_SESSION_MODE_NONE);
	ck_assert_uint_eq(scene.rig.commands, commands);
	ck_assert_ptr_nonnull(lathe_session_chosen(scene.rig.master));

	ck_assert_int_eq(lathe_session_set_format(
				 scene.rig.master,
				 LATHE_SESSION_FORMAT_JOLIET), 0);
	ck_assert_int_eq(lathe_session_totals(scene.rig.master, &totals), 0);
	ck_assert_int_eq(lathe_session_current_mode(scene.rig.master),
			 LATHE_SESSION_MODE_MULTI);
	end(&scene);
}
END_TEST

/* ---- discs for one session ---------------------------------------------- */

/* Behind it nothing can follow, however much is free: who counts on a further
 * session hears it when content is staged, not when it is recorded. */
START_TEST(a_disc_for_one_session_is_final_in_the_totals)
{
	struct lathe_session_sizes totals;
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_DVD_R_DL);
	ck_assert_int_eq(choose(&scene), 0);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(lathe_session_totals(scene.rig.master, &totals), 0);
	ck_assert_int_eq(totals.space.fit, LATHE_SESSION_FITS_FINAL);
	/* ... and there is no more of it than there is. */
	ck_assert_int_eq(rig_add_zeros(&scene.rig,
				       totals.total_blocks * 2048ull),
			 LATHE_ERR_FULL);
	end(&scene);
}
END_TEST

START_TEST(a_disc_for_one_session_with_strict_totals)
{
	struct lathe_session_sizes totals;
	struct lathe_session_config config;
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_DVD_R_DL);
	config = rig_config(&scene.rig);
	config.strict_totals = true;
	rig_master(&scene.rig, &config);
	ck_assert_int_eq(choose(&scene), 0);
	/* There is room for nothing. */
	ck_assert_int_eq(lathe_session_totals(scene.rig.master, &totals), 0);
	ck_assert_uint_le(totals.total_blocks, totals.used_blocks);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), LATHE_ERR_FULL);
	ck_assert_ptr_nonnull(strstr(
		lathe_session_failure(scene.rig.master)->text, "one session"));
	lathe_session_set_final(scene.rig.master, true);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_FINAL);
	end(&scene);
}
END_TEST

/* ---- after a recording -------------------------------------------------- */

/* Totals are asked for: the disc is read again for them, too. */
START_TEST(totals_are_of_the_disc_as_it_is_now)
{
	struct lathe_session_sizes totals;
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	ck_assert_int_eq(choose(&scene), 0);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_int_eq(lathe_session_totals(scene.rig.master, &totals), 0);
	ck_assert_int_eq(lathe_session_current_mode(scene.rig.master),
			 LATHE_SESSION_MODE_MULTI);
	/* 300 blocks and 11,402 to the next session; one of 300 and 2. */
	ck_assert_uint_eq(totals.used_blocks, 11702 + 302);
	ck_assert_uint_eq(totals.total_blocks,
			  disc_state(scene.store).lead_out_limit);
	end(&scene);
}
END_TEST

/* Content that was kept grows by the next edit. */
START_TEST(kept_content_goes_to_another_disc)
{
	struct lathe_emulator_store *other =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct model more = { 0 };
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	scene.options.keep_content = true;
	ck_assert_int_eq(choose(&scene), 0);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(record(&scene), 0);
	model_put(&more, "more", 6, 60);
	model_put(&scene.model, "more", 6, 60);
	ck_assert_int_eq(rig_add(&scene.rig, &more), 0);
	lathe_emulator_insert(scene.rig.emulator, other);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_ptr_null(judge_volume(other, 0, &scene.model, NULL, NULL));
	end(&scene);
	lathe_emulator_store_close(other);
	model_free(&more);
}
END_TEST

/* What was kept is staged, for discs as the one that was chosen. */
START_TEST(kept_content_is_staged_until_it_is_cleared)
{
	struct lathe_emulator_store *copy;
	struct scene scene;

	begin_named(&scene, "OLD");
	copy = copy_disc(scene.store);
	model_put(&scene.model, "more", 6, 60);
	scene.options.keep_content = true;
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_int_eq(choose(&scene), LATHE_ERR_STATE);
	ck_assert_int_eq(record(&scene), LATHE_ERR_WRONG_DISC);
	lathe_emulator_insert(scene.rig.emulator, copy);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_ptr_null(judge_volume(copy, scene.report.start,
					&scene.model, NULL, NULL));
	ck_assert_int_eq(choose(&scene), LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_session_clear(scene.rig.master), 0);
	ck_assert_int_eq(choose(&scene), 0);
	ck_assert_int_eq(record(&scene), LATHE_ERR_EMPTY);
	end(&scene);
	lathe_emulator_store_close(copy);
}
END_TEST

/* A new name alone is content as well. */
START_TEST(a_kept_name_is_staged)
{
	struct lathe_emulator_store *copy;
	struct lathe_session_disc disc;
	struct scene scene;

	begin_named(&scene, "OLD");
	copy = copy_disc(scene.store);
	scene.options.keep_content = true;
	ck_assert_int_eq(lathe_session_set_volume(scene.rig.master, "NEW",
						  NULL), 0);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_int_eq(choose(&scene), LATHE_ERR_STATE);
	ck_assert_int_eq(record(&scene), LATHE_ERR_WRONG_DISC);
	lathe_emulator_insert(scene.rig.emulator, copy);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_int_eq(lathe_session_inspect(&scene.rig.mmc, NULL, &disc),
			 0);
	ck_assert_uint_eq(disc.medium.sessions, 2);
	ck_assert_str_eq(disc.found.volume_id, "NEW");
	ck_assert_int_eq(lathe_session_clear(scene.rig.master), 0);
	ck_assert_int_eq(choose(&scene), 0);
	ck_assert_int_eq(record(&scene), LATHE_ERR_EMPTY);
	end(&scene);
	lathe_emulator_store_close(copy);
}
END_TEST

/* ---- what is taken back ------------------------------------------------- */

static void add_one(struct scene *scene, uint32_t *node)
{
	struct lathe_iso9660_tree *tree;

	ck_assert_int_eq(lathe_session_edit(scene->rig.master, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_add_memory(tree, LATHE_ISO9660_ROOT,
						  "one", 3, NULL, "1", 1, 0,
						  node), 0);
	ck_assert_int_eq(lathe_session_commit(scene->rig.master), 0);
}

static void remove_one(struct scene *scene, uint32_t node)
{
	struct lathe_iso9660_tree *tree;

	ck_assert_int_eq(lathe_session_edit(scene->rig.master, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
	ck_assert_int_eq(lathe_session_commit(scene->rig.master), 0);
}

/* What was added and is gone again leaves nothing to record, and nothing that
 * is in the way of another disc. */
START_TEST(a_file_that_is_taken_back_is_nothing)
{
	struct scene scene;
	uint32_t node;

	if (_i)
		begin_named(&scene, "OLD");
	else
		begin(&scene, LATHE_EMULATOR_CD_R_80);
	ck_assert_int_eq(choose(&scene), 0);
	add_one(&scene, &node);
	ck_assert_int_eq(choose(&scene), LATHE_ERR_STATE);
	remove_one(&scene, node);
	ck_assert_int_eq(record(&scene), LATHE_ERR_EMPTY);
	ck_assert_uint_eq(disc_state(scene.store).sessions, (uint32_t)_i);
	ck_assert_int_eq(choose(&scene), 0);
	/* With another that stays there is something. */
	add_one(&scene, &node);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	remove_one(&scene, node);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_ptr_null(judge_volume(scene.store, scene.report.start,
					&scene.model, NULL, NULL));
	end(&scene);
}
END_TEST

/* One of an earlier session that is gone is something. */
START_TEST(a_file_that_is_removed_is_something)
{
	struct lathe_iso9660_tree *tree;
	struct model none = { 0 };
	struct scene scene;
	uint32_t node;

	begin_named(&scene, "OLD");
	tree = lathe_session_tree(scene.rig.master);
	ck_assert_int_eq(lathe_iso9660_find(tree, "file", &node), 0);
	remove_one(&scene, node);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_ptr_null(judge_volume(scene.store, scene.report.start, &none,
					NULL, NULL));
	end(&scene);
}
END_TEST

static struct lathe_session_sizes sizes_there(struct rig *rig,
					      const struct model *model)
{
	struct lathe_session_sizes sizes;

	rig_master(rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc),
			 0);
	ck_assert_int_eq(lathe_session_clear(rig->master), 0);
	ck_assert_int_eq(rig_add(rig, model), 0);
	ck_assert_int_eq(lathe_session_totals(rig->master, &sizes), 0);
	return sizes;
}

/* Cleared content needs a blank disc: there is as much room as on that. */
START_TEST(a_used_disc_counts_as_blank)
{
	static const enum lathe_emulator_media media[] = {
		LATHE_EMULATOR_CD_RW, LATHE_EMULATOR_DVD_PLUS_RW,
		LATHE_EMULATOR_DVD_RAM, LATHE_EMULATOR_BD_RE
	};
	struct lathe_emulator_store *store = blank_disc(media[_i]);
	struct lathe_session_sizes blank, used;
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 70000);
	rig_create(&rig, store, NULL);
	blank = sizes_there(&rig, &model);
	rig_master(&rig, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	used = sizes_there(&rig, &model);
	ck_assert_uint_eq(used.total_blocks, blank.total_blocks);
	ck_assert_uint_eq(used.used_blocks, blank.used_blocks);
	ck_assert_uint_eq(used.space.need, blank.space.need);
	ck_assert_int_eq(used.space.fit, blank.space.fit);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: content");
	TCase *tc = tcase_create("content");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_name_has_128_bytes_at_most);
	tcase_add_loop_test(tc,
			    a_name_that_is_recorded_differently_is_the_same, 0,
			    sizeof(names) / sizeof(names[0]));
	tcase_add_test(tc, a_name_in_iso_9660_alone);
	tcase_add_test(tc, a_name_is_set_behind_the_content);
	tcase_add_test(tc, a_cleared_master_forgets_the_name);
	tcase_add_test(tc, a_long_name_is_gone_on_with);
	tcase_add_test(tc, a_name_alone_is_no_session);
	tcase_add_test(tc, an_edit_that_changes_nothing_is_nothing);
	tcase_add_test(tc, an_edit_is_given_up);
	tcase_add_loop_test(tc, content_is_dropped_within_an_edit, 0, 2);
	tcase_add_test(tc, content_is_in_the_way);
	tcase_add_test(tc, cleared_content_stays_cleared);
	tcase_add_test(tc, a_cleared_master_goes_on_with_the_disc_it_recorded);
	tcase_add_test(tc, a_cut_burn_is_given_up);
	tcase_add_test(tc, without_a_format_the_disc_is_not_read);
	tcase_add_test(tc, a_disc_for_one_session_is_final_in_the_totals);
	tcase_add_loop_test(tc, a_used_disc_counts_as_blank, 0, 4);
	tcase_add_test(tc, a_disc_for_one_session_with_strict_totals);
	tcase_add_test(tc, totals_are_of_the_disc_as_it_is_now);
	tcase_add_test(tc, kept_content_goes_to_another_disc);
	tcase_add_test(tc, kept_content_is_staged_until_it_is_cleared);
	tcase_add_test(tc, a_kept_name_is_staged);
	tcase_add_loop_test(tc, a_file_that_is_taken_back_is_nothing, 0, 2);
	tcase_add_test(tc, a_file_that_is_removed_is_something);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
