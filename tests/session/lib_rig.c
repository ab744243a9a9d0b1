/* SPDX-License-Identifier: MIT */
/* lib_rig.c - a drive made of software with an engine on it, and content. */
#include "tests/session/lib_rig.h"
#include "tests/source.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- content ------------------------------------------------------------ */

uint8_t model_byte(uint32_t seed, uint32_t at)
{
	uint32_t x = (at + 1) * 2654435761u ^ seed * 40503u;

	return (uint8_t)(x >> 24 ^ x >> 9);
}

static struct model_file *find(struct model *model, const char *path)
{
	uint32_t i;

	for (i = 0; i < model->count; i++)
		if (strcmp(model->file[i].path, path) == 0)
			return &model->file[i];
	return NULL;
}

void model_put(struct model *model, const char *path, uint32_t seed,
	       uint32_t size)
{
	struct model_file *file = find(model, path);
	uint32_t i;

	if (!file) {
		ck_assert_uint_lt(model->count, MODEL_FILES);
		file = &model->file[model->count++];
		memset(file, 0, sizeof(*file));
		snprintf(file->path, sizeof(file->path), "%s", path);
	}
	free(file->data);
	file->seed = seed;
	file->size = size;
	file->data = malloc(size ? size : 1);
	ck_assert_ptr_nonnull(file->data);
	for (i = 0; i < size; i++)
		file->data[i] = model_byte(seed, i);
}

void model_remove(struct model *model, const char *path)
{
	struct model_file *file = find(model, path);

	ck_assert_ptr_nonnull(file);
	free(file->data);
	*file = model->file[--model->count];
}

void model_free(struct model *model)
{
	uint32_t i;

	for (i = 0; i < model->count; i++)
		free(model->file[i].data);
	memset(model, 0, sizeof(*model));
}

/* ---- between engine and drive ------------------------------------------- */

static int execute(void *ctx, struct lathe_cmd *cmd)
{
	struct rig *rig = ctx;
	int err;

	rig->commands++;
	rig->sent[cmd->cdb[0]]++;
	if (rig->fault_at == rig->commands && rig->fault) {
		rig->fault_op = cmd->cdb[0];
		ck_assert_int_eq(lathe_emulator_set_faults(rig->emulator,
							   rig->fault), 0);
	}
	if (rig->instead && rig->instead(rig, cmd))
		return 0;
	err = lathe_emulator_execute(rig->emulator, cmd);
	if (!err && !cmd->status && rig->lie)
		rig->lie(rig, cmd);
	if (!err && !cmd->status && cmd->cdb[0] == 0x1E)
		rig->locked = cmd->cdb[4] & 1;
	return err;
}

static uint64_t now_ms(void *ctx)
{
	return lathe_emulator_now_ms(((struct rig *)ctx)->emulator);
}

static void sleep_ms(void *ctx, uint32_t ms)
{
	lathe_emulator_sleep_ms(((struct rig *)ctx)->emulator, ms);
}

/* ---- hooks -------------------------------------------------------------- */

static void *count_realloc(void *ctx, void *p, size_t old_bytes,
			   size_t new_bytes)
{
	struct rig *rig = ctx;

	if (new_bytes > old_bytes &&
	    ++rig->allocations == rig->no_memory_at)
		return NULL;
	rig->live += (int64_t)new_bytes - (int64_t)old_bytes;
	if (!new_bytes) {
		free(p);
		return NULL;
	}
	p = realloc(p, new_bytes);
	ck_assert_ptr_nonnull(p);
	return p;
}

/* What hooks may do, lathe_session.h. */
static void look(const struct rig *rig)
{
	const struct lathe_session_disc *disc;
	const char *text = lathe_mmc_failure(&rig->mmc)->text;

	ck_assert_uint_lt(strlen(text), LATHE_FAILURE_TEXT);
	lathe_mmc_write_position(&rig->mmc);
	if (!rig->master)
		return;
	text = lathe_session_failure(rig->master)->text;
	ck_assert_uint_lt(strlen(text), LATHE_FAILURE_TEXT);
	disc = lathe_session_chosen(rig->master);
	if (disc)
		ck_assert_uint_lt(strlen(disc->why_text), LATHE_FAILURE_TEXT);
	ck_assert_ptr_nonnull(lathe_session_mode_name(
		lathe_session_current_mode(rig->master)));
}

static void on_log(void *ctx, enum lathe_log_level level, const char *id,
		   const char *text)
{
	struct rig *rig = ctx;

	ck_assert_ptr_nonnull(id);
	ck_assert_ptr_nonnull(text);
	look(rig);
	if (level == LATHE_LOG_WARNING)
		rig->warnings++;
}

static void on_progress(void *ctx, const struct lathe_progress *progress)
{
	static const char letters[] = "ITLPWCVB";
	struct rig *rig = ctx;

	look(rig);
	if (!rig->phases || progress->phase != rig->last_phase) {
		if (rig->phases < sizeof(rig->phase_order) - 1)
			rig->phase_order[rig->phases++] =
				letters[progress->phase];
		rig->last_phase = progress->phase;
		rig->last_done = 0;
		rig->first_seen = progress->done == 0;
	}
	if (progress->done < rig->last_done)
		rig->went_back = true;
	rig->last_done = progress->done;
	if (progress->phase == LATHE_PHASE_WRITING && progress->total &&
	    progress->done == progress->total)
		rig->last_seen = true;
}

static bool is_cancelled(void *ctx)
{
	struct rig *rig = ctx;

	if (rig->cancel_at_write && rig->sent[0x2A] >= rig->cancel_at_write)
		return true;
	return rig->cancel_at && rig->commands >= rig->cancel_at;
}

static void on_not_whole(void *ctx, uint32_t node, uint64_t offset, int err,
			 const char *text)
{
	struct rig *rig = ctx;

	(void)offset;
	look(rig);
	ck_assert_int_lt(err, 0);
	ck_assert_ptr_nonnull(text);
	if (rig->not_whole < MODEL_FILES)
		rig->not_whole_node[rig->not_whole] = node;
	rig->not_whole++;
}

/* ---- the rig ------------------------------------------------------------ */

struct lathe_emulator_store *blank_disc(enum lathe_emulator_media media)
{
	static const struct lathe_hooks hooks;
	struct lathe_emulator_store *store;

	ck_assert_int_eq(lathe_emulator_store_memory(&hooks, media, &store),
			 0);
	return store;
}

struct lathe_emulator_store *digest_disc(enum lathe_emulator_media media)
{
	static const struct lathe_emulator_digest digest = {
		.size = sizeof(digest), .keep_blocks = 8192
	};
	static const struct lathe_hooks hooks;
	struct lathe_emulator_store *store;

	ck_assert_int_eq(lathe_emulator_store_digest(&hooks, media, &digest,
						     &store), 0);
	return store;
}

struct lathe_emulator_store *copy_disc(struct lathe_emulator_store *store)
{
	struct lathe_emulator_store *copy;

	ck_assert_int_eq(lathe_emulator_store_snapshot(store, &copy), 0);
	return copy;
}

struct lathe_emulator_disc disc_state(struct lathe_emulator_store *store)
{
	struct lathe_emulator_disc disc;

	lathe_emulator_store_state(store, &disc);
	return disc;
}

static void begin_engine(struct rig *rig)
{
	struct lathe_mmc_config mmc;

	memset(&mmc, 0, sizeof(mmc));
	mmc.size = sizeof(mmc);
	mmc.ctx = rig;
	mmc.execute = execute;
	mmc.now_ms = now_ms;
	mmc.sleep_ms = sleep_ms;
	ck_assert_int_eq(lathe_mmc_init(&rig->mmc, &mmc), 0);
}

void rig_create(struct rig *rig, struct lathe_emulator_store *store,
		const char *personality)
{
	struct lathe_emulator_config config;

	memset(rig, 0, sizeof(*rig));
	memset(&config, 0, sizeof(config));
	config.size = sizeof(config);
	config.personality = personality;
	ck_assert_int_eq(lathe_emulator_create(&config, &rig->emulator), 0);
	rig->store = store;
	lathe_emulator_insert(rig->emulator, store);
	begin_engine(rig);
}

void rig_restart(struct rig *rig)
{
	lathe_session_master_destroy(rig->master);
	rig->master = NULL;
	rig->cancel_at = 0;
	rig->cancel_at_write = 0;
	rig->not_whole = 0;
	ck_assert_int_eq(lathe_emulator_set_faults(rig->emulator, NULL), 0);
	begin_engine(rig);
}

void rig_refuse(struct lathe_cmd *cmd, uint8_t key, uint8_t asc)
{
	cmd->status = 0x02;
	cmd->moved = 0;
	memset(cmd->sense, 0, 18);
	cmd->sense[0] = 0x70;
	cmd->sense[2] = key;
	cmd->sense[7] = 10;
	cmd->sense[12] = asc;
	cmd->sense_len = 18;
}

void rig_destroy(struct rig *rig)
{
	lathe_session_master_destroy(rig->master);
	ck_assert_int_eq(rig->live, 0);
	lathe_emulator_insert(rig->emulator, NULL);
	lathe_emulator_destroy(rig->emulator);
}

struct lathe_session_config rig_config(struct rig *rig)
{
	struct lathe_session_config config;

	memset(&config, 0, sizeof(config));
	config.size = sizeof(config);
	config.hooks.ctx = rig;
	config.hooks.realloc = count_realloc;
	config.hooks.log = on_log;
	config.hooks.progress = on_progress;
	config.hooks.cancelled = is_cancelled;
	config.map_names = true;
	return config;
}

void rig_master(struct rig *rig, const struct lathe_session_config *config)
{
	struct lathe_session_config made = config ? *config : rig_config(rig);

	lathe_session_master_destroy(rig->master);
	rig->master = NULL;
	ck_assert_int_eq(lathe_session_master_create(&made, &rig->master), 0);
	ck_assert_int_eq(lathe_session_set_format(rig->master,
						  LATHE_SESSION_FORMAT_JOLIET),
			 0);
}

/* The folder of 'path', made where it is not there; *name gets the rest. */
static int folder_of(struct lathe_iso9660_tree *tree, const char *path,
		     uint32_t *folder, const char **name)
{
	const char *slash;

	*folder = LATHE_ISO9660_ROOT;
	while ((slash = strchr(path, '/'))) {
		int err = lathe_iso9660_add_directory(tree, *folder, path,
						      (size_t)(slash - path),
						      NULL, folder);

		if (err)
			return err;
		path = slash + 1;
	}
	*name = path;
	return 0;
}

int rig_add(struct rig *rig, const struct model *content)
{
	struct lathe_iso9660_tree *tree;
	uint32_t i, folder, node;
	const char *name;
	int err;

	err = lathe_session_edit(rig->master, &tree);
	if (err)
		return err;
	for (i = 0; i < content->count && !err; i++) {
		err = folder_of(tree, content->file[i].path, &folder, &name);
		if (!err)
			err = lathe_iso9660_add_memory(
				tree, folder, name, strlen(name), NULL,
				content->file[i].data, content->file[i].size,
				LATHE_ISO9660_REPLACE, &node);
	}
	if (err) {
		lathe_session_abort(rig->master);
		return err;
	}
	return lathe_session_commit(rig->master);
}

struct lathe_session_record_options rig_options(struct rig *rig,
						enum lathe_session_verify verify)
{
	struct lathe_session_record_options options;

	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	options.verify = verify;
	options.not_whole = on_not_whole;
	options.not_whole_ctx = rig;
	return options;
}

int rig_add_zeros(struct rig *rig, uint64_t bytes)
{
	static const struct lathe_iso9660_source zeros = {
		.open = made_open, .read_at = made_zeros, .close = made_close
	};
	struct lathe_iso9660_tree *tree;
	uint32_t folder, node;
	int err = lathe_session_edit(rig->master, &tree);

	if (!err)
		err = lathe_iso9660_add_directory(tree, LATHE_ISO9660_ROOT, "~",
						  1, NULL, &folder);
	if (!err)
		err = lathe_iso9660_add_file(tree, folder, "zeros.bin", 9, NULL,
					     &zeros, 0, bytes, 0, &node);
	return err ? err : lathe_session_commit(rig->master);
}

int rig_zeros(void *ctx, uint8_t *out, uint32_t count, uint32_t *got)
{
	(void)ctx;
	memset(out, 0, (size_t)count * 2048);
	*got = count;
	return 0;
}

int rig_burn(struct rig *rig, const struct model *content,
	     enum lathe_session_verify verify,
	     struct lathe_session_report *report)
{
	struct lathe_session_record_options options = rig_options(rig, verify);
	int err;

	memset(report, 0, sizeof(*report));
	if (!rig->master)
		rig_master(rig, NULL);
	err = lathe_session_set_recorder(rig->master, &rig->mmc);
	if (!err)
		err = rig_add(rig, content);
	if (!err)
		err = lathe_session_record(rig->master, &options, report);
	return err;
}
