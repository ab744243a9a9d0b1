/* SPDX-License-Identifier: MIT */
/*
 * check_media_table.c - every medium: a blank disc recorded, sessions
 * appended, the disc finished, a cut burn gone on with, too much refused,
 * erased and formatted, simulated. Each is judged by the disc's stored blocks
 * and read back through the engine.
 *
 * With LATHE_MEDIA_TABLE=FILE the outcome is written there as a table.
 */
#include "tests/session/lib_rig.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { APPENDS = 5 };

/* Zeros up to where a DVD+R DL takes a second session. */
#define LARGE_BYTES (263000u * 2048u)

/* ---- a medium and what it can do ---------------------------------------- */

struct medium {
	enum lathe_emulator_media media;
	const char *name;
	bool overwritable;	/* no sessions of the drive's */
	bool sequential_erasable;
	bool simulates;
	bool goes_on;		/* an open track takes data later */
	bool single;		/* one session only */
	bool wants_large;	/* a first session that ends within the first
				 * 30 mm ends the disc as well */
};

static const struct medium rows[] = {
	{ LATHE_EMULATOR_CD_R_80, "CD-R", .simulates = true },
	{ LATHE_EMULATOR_CD_RW, "CD-RW", .simulates = true,
	  .sequential_erasable = true },
	{ LATHE_EMULATOR_DVD_R, "DVD-R", .simulates = true, .goes_on = true },
	{ LATHE_EMULATOR_DVD_R_DL, "DVD-R DL", .simulates = true,
	  .goes_on = true, .single = true },
	{ LATHE_EMULATOR_DVD_RW, "DVD-RW", .simulates = true, .goes_on = true,
	  .sequential_erasable = true },
	{ LATHE_EMULATOR_DVD_RW_OW, "DVD-RW, restricted overwrite",
	  .overwritable = true },
	{ LATHE_EMULATOR_DVD_PLUS_R, "DVD+R", .goes_on = true },
	{ LATHE_EMULATOR_DVD_PLUS_R_DL, "DVD+R DL", .goes_on = true,
	  .wants_large = true },
	{ LATHE_EMULATOR_DVD_PLUS_RW, "DVD+RW", .overwritable = true },
	{ LATHE_EMULATOR_DVD_RAM, "DVD-RAM", .overwritable = true },
	{ LATHE_EMULATOR_BD_R, "BD-R", .goes_on = true },
	{ LATHE_EMULATOR_BD_R_DL, "BD-R DL", .goes_on = true },
	{ LATHE_EMULATOR_BD_R_TL, "BD-R TL", .goes_on = true },
	{ LATHE_EMULATOR_BD_R_QL, "BD-R QL", .goes_on = true },
	{ LATHE_EMULATOR_BD_RE, "BD-RE", .overwritable = true },
	{ LATHE_EMULATOR_BD_RE_DL, "BD-RE DL", .overwritable = true },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* ---- one disc and what it should hold ----------------------------------- */

#define SESSIONS 12

struct scene {
	const struct medium *medium;
	struct lathe_emulator_store *store;
	struct rig rig;
	struct model model;		/* the newest session's */
	uint32_t old;			/* files of those before it */
	bool small;			/* do without the large file */
	struct lathe_session_report report;
	uint32_t sessions;
	uint32_t start[SESSIONS];	/* of each session */
	char path[SESSIONS][96][96];	/* of each file in it */
	uint32_t files[SESSIONS];
	char cell[160];			/* what the table says */
};

static void begin(struct scene *scene, const struct medium *medium)
{
	memset(scene, 0, sizeof(*scene));
	scene->medium = medium;
	scene->store = medium->wants_large ? digest_disc(medium->media) :
					     blank_disc(medium->media);
	rig_create(&scene->rig, scene->store, NULL);
}

static void end(struct scene *scene)
{
	rig_destroy(&scene->rig);
	lathe_emulator_store_close(scene->store);
	model_free(&scene->model);
}

static void says(struct scene *scene, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(scene->cell, sizeof(scene->cell), format, args);
	va_end(args);
}

/* ---- judging ------------------------------------------------------------ */

/* What the newest session holds is known; older ones hold the files that were
 * there then, none of which is ever changed. */
static void remember(struct scene *scene)
{
	uint32_t n = scene->sessions++, i;

	ck_assert_uint_lt(n, SESSIONS);
	scene->start[n] = scene->report.start;
	scene->files[n] = scene->model.count;
	for (i = 0; i < scene->model.count; i++)
		memcpy(scene->path[n][i], scene->model.file[i].path,
		       sizeof(scene->path[n][i]));
}

static bool is_large(void *ctx, const char *path)
{
	(void)ctx;
	return strcmp(path, RIG_ZEROS) == 0;
}

static void judge_at(struct scene *scene, uint32_t lba, uint32_t n)
{
	struct model then = { .count = scene->files[n] };
	const char *wrong;
	uint32_t i, j;

	for (i = 0; i < then.count; i++)
		for (j = 0; j < scene->model.count; j++)
			if (strcmp(scene->path[n][i],
				   scene->model.file[j].path) == 0)
				then.file[i] = scene->model.file[j];
	wrong = judge_volume(scene->store, lba, &then, is_large, NULL);
	ck_assert_msg(!wrong, "%s, session %u at %u: %s", scene->medium->name,
		      n + 1, lba, wrong);
}

/* The stored blocks: every session at its place, and what a system mounts. */
static void judge_blocks(struct scene *scene)
{
	uint32_t n;

	for (n = 0; n < scene->sessions; n++) {
		judge_at(scene, scene->start[n], n);
		if (!scene->medium->overwritable)
			ck_assert_uint_eq(judge_session(scene->store, n + 1),
					  scene->start[n]);
	}
	if (scene->medium->overwritable && scene->sessions)
		judge_at(scene, 0, scene->sessions - 1);
}

struct comparison {
	struct lathe_iso9660_tree *tree;
	struct lathe_mmc *mmc;
	const struct model *model;
	uint32_t files;
};

static int compare_file(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct comparison *c = ctx;
	uint8_t block[2048];
	char path[256];
	uint32_t i, at, n;

	if (entry->kind != LATHE_ISO9660_FILE)
		return 0;
	c->files++;
	lathe_iso9660_path(c->tree, entry->node, path, sizeof(path));
	for (i = 0; i < c->model->count; i++)
		if (strcmp(c->model->file[i].path, path + 1) == 0)
			break;
	ck_assert_msg(i < c->model->count, "%s was not recorded", path);
	ck_assert_uint_eq(entry->size, c->model->file[i].size);
	if (is_large(NULL, path + 1))
		return 0;
	for (at = 0; at < entry->size; at += 2048) {
		n = (uint32_t)entry->size - at;
		ck_assert_int_eq(lathe_mmc_read(c->mmc, entry->lba + at / 2048,
						1, true, block), 0);
		ck_assert_mem_eq(block, c->model->file[i].data + at,
				 n < 2048 ? n : 2048);
	}
	return 0;
}

/* Through the engine, as one who has just put the disc in. */
static void read_back(struct scene *scene)
{
	static const struct lathe_hooks none;
	struct lathe_iso9660_tree_config config = { .size = sizeof(config) };
	struct lathe_iso9660_use use = { &lathe_joliet_hierarchy, NULL };
	struct lathe_iso9660_import_options options = {
		.size = sizeof(options), .uses = &use, .use_count = 1
	};
	struct comparison c = { .mmc = &scene->rig.mmc,
				.model = &scene->model };
	struct lathe_session_reader reader;
	struct lathe_session_disc disc;

	ck_assert_int_eq(lathe_session_inspect(c.mmc, &none, &disc), 0);
	ck_assert_uint_eq(disc.medium.sessions, scene->sessions);
	lathe_session_reader_init(&reader, c.mmc, &disc.medium, true);
	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &c.tree), 0);
	ck_assert_int_eq(lathe_iso9660_import(c.tree, &reader.blocks,
					      disc.medium.last_session_start,
					      &options, NULL), 0);
	lathe_iso9660_walk(c.tree, LATHE_ISO9660_ROOT, compare_file, &c);
	ck_assert_uint_eq(c.files, scene->model.count);
	lathe_iso9660_tree_destroy(c.tree);
}

static void judge_all(struct scene *scene)
{
	judge_blocks(scene);
	read_back(scene);
}

/* ---- recording ---------------------------------------------------------- */

static int add_large(struct scene *scene)
{
	struct model_file *file = &scene->model.file[scene->model.count++];

	snprintf(file->path, sizeof(file->path), RIG_ZEROS);
	file->size = LARGE_BYTES;
	return rig_add_zeros(&scene->rig, LARGE_BYTES);
}

/* Three files a session, one of them over a megabyte. */
static void more_content(struct scene *scene)
{
	uint32_t n = scene->sessions + 1;
	char path[64];

	scene->old = scene->model.count;

	snprintf(path, sizeof(path), "session %u/large.bin", n);
	model_put(&scene->model, path, 10 * n, 1500000 + 1000 * n);
	snprintf(path, sizeof(path), "session %u/small.txt", n);
	model_put(&scene->model, path, 10 * n + 1, 77 * n);
	snprintf(path, sizeof(path), "read me %u", n);
	model_put(&scene->model, path, 10 * n + 2, 2048);
}

static int record(struct scene *scene,
		  const struct lathe_session_record_options *options)
{
	return lathe_session_record(scene->rig.master, options,
				    &scene->report);
}

/* What is on the disc already is not added again. */
static int add_new(struct scene *scene)
{
	struct model fresh = { .count = scene->model.count - scene->old };
	int err;

	memcpy(fresh.file, scene->model.file + scene->old,
	       fresh.count * sizeof(fresh.file[0]));
	err = rig_add(&scene->rig, &fresh);
	if (!err && scene->medium->wants_large && !scene->sessions &&
	    !scene->small)
		err = add_large(scene);
	return err;
}

static int choose(struct scene *scene)
{
	int err = 0;

	if (!scene->rig.master)
		rig_master(&scene->rig, NULL);
	err = lathe_session_set_recorder(scene->rig.master, &scene->rig.mmc);
	return err ? err : add_new(scene);
}

static const char *why(const struct scene *scene)
{
	return lathe_session_failure(scene->rig.master)->text;
}

static void burn(struct scene *scene, bool final)
{
	struct lathe_session_record_options options =
		rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);

	options.final = final;
	more_content(scene);
	ck_assert_msg(!choose(scene), "%s, session %u: %s",
		      scene->medium->name, scene->sessions + 1, why(scene));
	ck_assert_msg(!record(scene, &options), "%s, session %u: %s",
		      scene->medium->name, scene->sessions + 1, why(scene));
	ck_assert(scene->report.verified);
	remember(scene);
}

/* ---- the columns -------------------------------------------------------- */

static void blank_burn(struct scene *scene)
{
	const struct medium *medium = scene->medium;
	bool ends = medium->single || medium->wants_large;

	scene->small = true;
	burn(scene, false);
	ck_assert_int_eq(scene->report.end,
			 ends ? LATHE_SESSION_END_FINAL :
				LATHE_SESSION_END_APPENDABLE);
	ck_assert_int_eq(scene->report.final_by_drive, medium->wants_large);
	judge_all(scene);
	if (medium->single)
		says(scene, "✓ as the final session");
	else if (medium->wants_large)
		says(scene, "✓; a short one the drive makes final");
	else
		says(scene, "✓");
}

static void append(struct scene *scene)
{
	uint32_t i;

	burn(scene, false);
	if (scene->medium->single) {
		ck_assert_int_eq(lathe_session_set_recorder(scene->rig.master,
							    &scene->rig.mmc),
				 LATHE_ERR_NOT_APPENDABLE);
		judge_all(scene);
		says(scene, "n/a: multi-session is not dependable there; "
			    "refused");
		return;
	}
	for (i = 0; i < APPENDS; i++) {
		burn(scene, false);
		ck_assert_int_eq(scene->report.end,
				 LATHE_SESSION_END_APPENDABLE);
		ck_assert_uint_eq(scene->report.session, i + 2);
	}
	judge_all(scene);
	says(scene, "✓");
}

static void finalise(struct scene *scene)
{
	if (!scene->medium->single)
		burn(scene, false);
	burn(scene, true);
	judge_all(scene);
	if (scene->medium->overwritable) {
		/* Asked for all the same: it is told, and the disc goes on. */
		ck_assert_int_eq(scene->report.end,
				 LATHE_SESSION_END_APPENDABLE);
		says(scene, "n/a: never final");
		return;
	}
	ck_assert_int_eq(scene->report.end, LATHE_SESSION_END_FINAL);
	ck_assert(disc_state(scene->store).final);
	ck_assert_int_eq(lathe_session_set_recorder(scene->rig.master,
						    &scene->rig.mmc),
			 LATHE_ERR_NOT_APPENDABLE);
	says(scene, "✓");
}

/* The burn of one more session is cut in the midst of it: the cable is pulled,
 * or there is no more power for anybody. */
static void cut(struct scene *scene, bool power)
{
	struct lathe_session_record_options options =
		rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);

	more_content(scene);
	/* More than the drive's buffer takes, which is lost with the power. */
	model_put(&scene->model, "long.bin", 7, 9000000);
	ck_assert_msg(!choose(scene), "%s", why(scene));
	ck_assert_int_eq(lathe_emulator_set_faults(scene->rig.emulator,
						   "op=2a count=110 gone"), 0);
	ck_assert_int_ne(record(scene, &options), 0);
	ck_assert_uint_gt(lathe_emulator_faults_fired(scene->rig.emulator), 0);
	if (power)
		lathe_emulator_power_cut(scene->rig.emulator);
	rig_restart(&scene->rig);
}

/* ... from the same files, by somebody who knows only the disc. */
static int go_on(struct scene *scene)
{
	struct lathe_session_record_options options =
		rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
	int err;

	rig_master(&scene->rig, NULL);
	err = lathe_session_resume(scene->rig.master, &scene->rig.mmc);
	ck_assert_msg(!err, "%s: %s", scene->medium->name, why(scene));
	ck_assert_int_eq(add_new(scene), 0);
	return record(scene, &options);
}

static void resume_pulled(struct scene *scene)
{
	int err;

	if (!scene->medium->single)
		burn(scene, false);
	cut(scene, false);
	/* What was there reads as before. */
	judge_blocks(scene);
	err = go_on(scene);
	ck_assert_msg(!err, "%s: %s", scene->medium->name, why(scene));
	remember(scene);
	judge_all(scene);
}

/* The block in work is lost for ever where it is written once: its file is
 * told, and recorded anew it is whole again. */
static void record_again(struct scene *scene)
{
	struct lathe_session_record_options options =
		rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);

	ck_assert_int_eq(scene->report.end, LATHE_SESSION_END_APPENDABLE);
	rig_restart(&scene->rig);
	scene->old = scene->files[0];
	ck_assert_msg(!choose(scene), "%s: %s", scene->medium->name,
		      why(scene));
	ck_assert_msg(!record(scene, &options), "%s: %s", scene->medium->name,
		      why(scene));
	remember(scene);
	judge_at(scene, scene->start[0], 0);
	judge_at(scene, scene->start[2], 2);
	read_back(scene);
}

static void resume_powerless(struct scene *scene)
{
	int err;

	if (scene->medium->single)
		return;
	burn(scene, false);
	cut(scene, true);
	judge_blocks(scene);
	err = go_on(scene);
	ck_assert_msg(!err || err == LATHE_ERR_VERIFY, "%s: %s",
		      scene->medium->name, why(scene));
	remember(scene);
	/* In front of the descriptors there is nothing that can be lost. */
	if (err && scene->rig.not_whole)
		record_again(scene);
	else
		judge_all(scene);
}

/* Where it can not go on, what was there is safe and what was begun stays
 * open: nothing closes over the older sessions. */
static void resume(struct scene *scene)
{
	const struct medium *medium = scene->medium;
	struct lathe_session_disc disc;
	static const struct lathe_hooks none;

	if (medium->goes_on || medium->overwritable) {
		resume_pulled(scene);
		end(scene);
		begin(scene, medium);
		resume_powerless(scene);
		says(scene, "✓");
		return;
	}
	burn(scene, false);
	cut(scene, true);
	judge_blocks(scene);
	ck_assert_int_eq(lathe_session_inspect(&scene->rig.mmc, &none, &disc),
			 0);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_UNFINISHED);
	says(scene, "n/a: a track at once can not go on; earlier sessions "
		    "read");
}

static void refuse_full(struct scene *scene)
{
	struct lathe_session_record_options options =
		rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
	struct lathe_emulator_store *before;
	struct model large = { 0 };
	int err;

	/* A disc with room for 4000 blocks or so. */
	rig_destroy(&scene->rig);
	ck_assert_int_eq(lathe_emulator_store_set_limit(scene->store, 4096), 0);
	rig_create(&scene->rig, scene->store, NULL);
	model_put(&large, "too large.bin", 1, 4096 * 2048);
	before = scene->medium->wants_large ? NULL : copy_disc(scene->store);
	rig_master(&scene->rig, NULL);
	err = lathe_session_set_recorder(scene->rig.master, &scene->rig.mmc);
	if (!err)
		err = rig_add(&scene->rig, &large);
	/* Said when it is added, not when the disc is spoilt. */
	ck_assert_msg(err == LATHE_ERR_FULL, "%s: %d, %s", scene->medium->name,
		      err, why(scene));
	if (before)
		ck_assert(judge_same(before, scene->store, 4096));
	ck_assert_uint_eq(scene->rig.sent[0x2A], 0);
	lathe_emulator_store_close(before);
	model_free(&large);
	/* What fits is recorded all the same. */
	scene->small = true;
	more_content(scene);
	ck_assert_int_eq(add_new(scene), 0);
	ck_assert_msg(!record(scene, &options), "%s: %s", scene->medium->name,
		      why(scene));
	remember(scene);
	judge_all(scene);
	says(scene, "✓");
}

static void expect_blank(struct scene *scene)
{
	static const struct lathe_hooks none;
	struct lathe_session_disc disc;

	ck_assert_int_eq(lathe_session_inspect(&scene->rig.mmc, &none, &disc),
			 0);
	ck_assert_msg(disc.blank, "%s: %s", scene->medium->name,
		      disc.why_text);
}

static void start_again(struct scene *scene)
{
	expect_blank(scene);
	scene->sessions = 0;
	model_free(&scene->model);
	rig_restart(&scene->rig);
	burn(scene, false);
	judge_all(scene);
}

static void blank_it(struct scene *scene, enum lathe_mmc_blanking how)
{
	struct lathe_failure failure;
	int err;

	err = lathe_session_blank(&scene->rig.mmc, NULL, how, &failure);
	ck_assert_msg(!err, "%s: %s", scene->medium->name, failure.text);
}

static void format_it(struct scene *scene, bool full)
{
	struct lathe_mmc_formatting how = { .full = full };
	struct lathe_mmc_medium medium;
	int err;

	ck_assert_int_eq(lathe_mmc_read_medium(&scene->rig.mmc, &medium), 0);
	err = lathe_mmc_format(&scene->rig.mmc, &medium, &how);
	ck_assert_msg(!err, "%s: %s", scene->medium->name,
		      lathe_mmc_failure(&scene->rig.mmc)->text);
}

static void erase(struct scene *scene)
{
	const struct medium *medium = scene->medium;
	bool bd_r = medium->media == LATHE_EMULATOR_BD_R ||
		    medium->media == LATHE_EMULATOR_BD_R_DL ||
		    medium->media == LATHE_EMULATOR_BD_R_TL ||
		    medium->media == LATHE_EMULATOR_BD_R_QL;

	if (bd_r) {
		format_it(scene, false);
		burn(scene, false);
		burn(scene, false);
		judge_all(scene);
		says(scene, "✓ formatted with spare areas, once");
		return;
	}
	scene->small = true;
	burn(scene, false);
	if (!medium->overwritable && !medium->sequential_erasable) {
		struct lathe_failure failure;

		ck_assert_int_eq(lathe_session_blank(&scene->rig.mmc, NULL,
						     LATHE_MMC_BLANK_USUAL,
						     &failure),
				 LATHE_ERR_MEDIUM_TYPE);
		judge_all(scene);
		says(scene, "n/a: written once");
		return;
	}
	blank_it(scene, LATHE_MMC_BLANK_USUAL);
	start_again(scene);
	if (medium->overwritable && medium->media != LATHE_EMULATOR_DVD_RW_OW) {
		format_it(scene, true);
		start_again(scene);
	}
	if (medium->media == LATHE_EMULATOR_DVD_RW_OW) {
		/* Sequential again, and back. */
		blank_it(scene, LATHE_MMC_BLANK_FULL);
		ck_assert(!disc_state(scene->store).overwritable);
		format_it(scene, false);
		start_again(scene);
	}
	says(scene, "✓");
}

static void simulate(struct scene *scene)
{
	struct lathe_session_record_options options =
		rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
	struct lathe_emulator_store *before;
	int err;

	if (!scene->medium->single && !scene->medium->wants_large)
		burn(scene, false);
	before = scene->medium->wants_large ? NULL : copy_disc(scene->store);
	more_content(scene);
	ck_assert_int_eq(choose(scene), 0);
	options.simulate = true;
	scene->rig.sent[0x2A] = scene->rig.sent[0xAA] = 0;
	err = record(scene, &options);
	if (before)
		ck_assert(judge_same(before, scene->store, 60000));
	else
		ck_assert(disc_state(scene->store).blank);
	lathe_emulator_store_close(before);
	if (scene->medium->simulates) {
		ck_assert_msg(!err, "%s: %s", scene->medium->name, why(scene));
		ck_assert_uint_gt(scene->rig.sent[0x2A], 0);
		says(scene, "✓");
		return;
	}
	ck_assert_int_eq(err, LATHE_ERR_UNSUPPORTED);
	ck_assert_uint_eq(scene->rig.sent[0x2A], 0);
	ck_assert_uint_eq(scene->rig.sent[0xAA], 0);
	says(scene, "n/a: the medium has no test write; refused");
}

static const struct column {
	const char *name;
	void (*run)(struct scene *scene);
} columns[] = {
	{ "blank burn", blank_burn },	{ "append ×5", append },
	{ "finalise", finalise },	{ "resume after a cut", resume },
	{ "refuse full", refuse_full }, { "blank/format", erase },
	{ "simulate", simulate },
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* ---- the table ---------------------------------------------------------- */

/* Each cell in a file of its own: tests may run in processes of their own. */
static void put_cell(int cell, const char *text)
{
	const char *table = getenv("LATHE_MEDIA_TABLE");
	char path[512];
	FILE *file;

	if (!table)
		return;
	snprintf(path, sizeof(path), "%.480s.%d", table, cell);
	file = fopen(path, "w");
	if (!file)
		return;
	fputs(text, file);
	fclose(file);
}

static void take_cell(const char *table, size_t cell, FILE *out)
{
	char path[512], text[256] = "";
	FILE *file;

	snprintf(path, sizeof(path), "%.480s.%zu", table, cell);
	file = fopen(path, "r");
	if (file && !fgets(text, sizeof(text), file))
		text[0] = 0;
	if (file)
		fclose(file);
	remove(path);
	fprintf(out, " %s |", text[0] ? text : "**failed**");
}

static void write_table(const char *table)
{
	FILE *out = fopen(table, "w");
	size_t i, j;

	if (!out)
		return;
	fputs("| medium |", out);
	for (j = 0; j < COLUMNS; j++)
		fprintf(out, " %s |", columns[j].name);
	fputs("\n|---|", out);
	for (j = 0; j < COLUMNS; j++)
		fputs("---|", out);
	for (i = 0; i < ROWS; i++) {
		fprintf(out, "\n| %s |", rows[i].name);
		for (j = 0; j < COLUMNS; j++)
			take_cell(table, i * COLUMNS + j, out);
	}
	fputs("\n", out);
	fclose(out);
}

START_TEST(cell)
{
	size_t row = (size_t)_i / COLUMNS, column = (size_t)_i % COLUMNS;
	struct scene *scene = calloc(1, sizeof(*scene));

	ck_assert_ptr_nonnull(scene);
	begin(scene, &rows[row]);
	columns[column].run(scene);
	ck_assert(scene->cell[0] != 0);
	put_cell(_i, scene->cell);
	end(scene);
	free(scene);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: media");
	const char *table = getenv("LATHE_MEDIA_TABLE");
	TCase *tc = tcase_create("medium and work");
	SRunner *sr;
	int failed;

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, cell, 0, (int)(ROWS * COLUMNS));
	suite_add_tcase(suite, tc);
	sr = srunner_create(suite);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	if (table)
		write_table(table);
	return failed != 0;
}
