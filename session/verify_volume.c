/* SPDX-License-Identifier: MIT */
/*
 * verify_volume.c - a session that exists is read: its metadata must hold
 * together, its files must be readable.
 */
#include "session/session_internal.h"

#include <string.h>

#define CHUNK 64u	/* blocks read at a time */

struct extent {
	uint32_t lba, blocks, node;	/* node 0: told as bad */
	bool several;			/* one of several sections */
};

struct volume_check {
	const struct lathe_blocks *blocks;
	const struct lathe_hooks *hooks;
	enum lathe_session_verify level;
	void (*bad)(void *ctx, const char *path, uint32_t lba,
		    const char *text);
	void *bad_ctx;
	struct lathe_session_check *out;
	struct lathe_failure *failure;

	struct lathe_iso9660_tree *tree;
	struct extent *extents;
	uint32_t count, room;
	uint64_t done, total;
	uint32_t start;
	/* Not on the stack: the importer needs that. */
	struct lathe_iso9660_use use;
	struct lathe_iso9660_import_options options;
	struct lathep_session_longer longer;
	struct lathe_iso9660_found found;
	struct lathe_failure unwanted;	/* where nobody asked for it */
	uint8_t *buffer;
};

static void tell(const struct volume_check *check, const char *path,
		 uint32_t lba, const char *text)
{
	if (check->bad)
		check->bad(check->bad_ctx, path, lba, text);
}

/* ---- the extents of all files, in the order of their addresses ---------- */

static int visit(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct volume_check *check = ctx;
	uint32_t i, lba;
	uint64_t bytes, blocks;

	if (!check->extents && entry->kind == LATHE_ISO9660_FILE)
		check->out->files++;
	for (i = 0; i < entry->sections; i++) {
		if (lathe_iso9660_section(check->tree, entry->node, i, &lba,
					  &bytes) || !bytes)
			continue;
		blocks = bytes / LATHE_BLOCK_BYTES +
			 (bytes % LATHE_BLOCK_BYTES ? 1 : 0);
		if (check->extents) {
			struct extent *extent = &check->extents[check->count];

			extent->lba = lba;
			extent->blocks = blocks > UINT32_MAX ?
						 UINT32_MAX :
						 (uint32_t)blocks;
			extent->node = entry->node;
			extent->several = entry->sections > 1;
		}
		check->count++;
	}
	return 0;
}

/* One step of a heap sort: no memory, no worst case. */
static void sift(struct extent *extents, uint32_t at, uint32_t count)
{
	struct extent moved = extents[at];
	uint64_t child;

	while ((child = 2 * (uint64_t)at + 1) < count) {
		if (child + 1 < count &&
		    extents[child + 1].lba > extents[child].lba)
			child++;
		if (extents[child].lba <= moved.lba)
			break;
		extents[at] = extents[child];
		at = (uint32_t)child;
	}
	extents[at] = moved;
}

static void sort(struct extent *extents, uint32_t count)
{
	uint32_t i;

	for (i = count / 2; i > 0; i--)
		sift(extents, i - 1, count);
	for (i = count; i > 1; i--) {
		struct extent last = extents[i - 1];

		extents[i - 1] = extents[0];
		extents[0] = last;
		sift(extents, 0, i - 1);
	}
}

static int collect(struct volume_check *check)
{
	lathe_iso9660_walk(check->tree, LATHE_ISO9660_ROOT, visit, check);
	check->room = check->count;
	check->count = 0;
	if (!check->room)
		return 0;
	check->extents = lathep_session_alloc(
		check->hooks, (size_t)check->room * sizeof(*check->extents));
	if (!check->extents)
		return LATHE_ERR_MEMORY;
	lathe_iso9660_walk(check->tree, LATHE_ISO9660_ROOT, visit, check);
	sort(check->extents, check->room);
	return 0;
}

/* ---- reading ------------------------------------------------------------ */

/* Errors that are about the disc; all others end the check. */
static bool is_of_the_disc(int err)
{
	return err == LATHE_ERR_SENSE || err == LATHE_ERR_CORRUPT ||
	       err == LATHE_ERR_ARG || err == LATHE_ERR_IO;
}

/* Once: other files may lie between the sections of one. */
static void bad_file(struct volume_check *check, struct extent *extent,
		     uint32_t lba, const char *text)
{
	uint32_t node = extent->node, i;
	char path[1024];

	if (!node)
		return;
	extent->node = 0;
	for (i = 0; extent->several && i < check->room; i++)
		if (check->extents[i].node == node)
			check->extents[i].node = 0;
	check->out->files_bad++;
	lathe_iso9660_path(check->tree, node, path, sizeof(path));
	tell(check, path, lba, text);
}

static int read_some(struct volume_check *check, struct extent *extent,
		     uint32_t offset, uint32_t blocks)
{
	uint32_t lba = extent->lba + offset;
	int err;

	if (check->hooks->cancelled &&
	    check->hooks->cancelled(check->hooks->ctx))
		return LATHE_ERR_CANCELLED;
	err = check->blocks->read(check->blocks->ctx, lba, blocks,
				  check->buffer);
	if (err && !is_of_the_disc(err))
		return err;
	if (err)
		bad_file(check, extent, lba, "it can not be read");
	check->out->blocks_read += err ? 0 : blocks;
	check->done += blocks;
	lathep_session_progress(check->hooks, LATHE_PHASE_VERIFYING,
				check->done, check->total);
	return 0;
}

static uint32_t blocks_to_read(const struct volume_check *check,
			       const struct extent *extent)
{
	if (check->level == LATHE_SESSION_VERIFY_FULL)
		return extent->blocks;
	return extent->blocks > 1 ? 2 : 1;
}

static int read_extent(struct volume_check *check, struct extent *extent)
{
	uint32_t at, n;
	int err = 0;

	if (extent->lba >= check->blocks->end ||
	    extent->blocks > check->blocks->end - extent->lba) {
		bad_file(check, extent, extent->lba,
			 "it ends behind what is recorded");
		return 0;
	}
	if (check->level == LATHEP_SESSION_VERIFY_ENDS)
		return 0;
	if (check->level == LATHE_SESSION_VERIFY_QUICK) {
		err = read_some(check, extent, 0, 1);
		if (!err && extent->blocks > 1)
			err = read_some(check, extent, extent->blocks - 1, 1);
		return err;
	}
	for (at = 0; at < extent->blocks && !err; at += n) {
		n = extent->blocks - at;
		if (n > CHUNK)
			n = CHUNK;
		err = read_some(check, extent, at, n);
	}
	return err;
}

static int read_files(struct volume_check *check)
{
	size_t bytes = (size_t)CHUNK * LATHE_BLOCK_BYTES;
	uint32_t i;
	int err;

	err = collect(check);
	if (!err && check->level != LATHE_SESSION_VERIFY_NONE &&
	    check->level != LATHE_SESSION_VERIFY_STATE) {
		check->buffer = lathep_session_alloc(check->hooks, bytes);
		if (!check->buffer)
			err = LATHE_ERR_MEMORY;
		for (i = 0; i < check->room && !err; i++)
			check->total += blocks_to_read(check,
						       &check->extents[i]);
		for (i = 0; i < check->room && !err; i++)
			err = read_extent(check, &check->extents[i]);
	}
	lathep_session_free(check->hooks, check->buffer, bytes);
	lathep_session_free(check->hooks, check->extents,
			    (size_t)check->room * sizeof(*check->extents));
	if (err)
		return lathep_session_fail_plain(check->failure, err,
						 "verifying");
	if (check->out->entries_lost)
		return lathep_session_fail(
			check->failure, LATHE_ERR_VERIFY,
			"entries are lost in damaged directories");
	if (check->out->files_bad)
		return lathep_session_fail(
			check->failure, LATHE_ERR_VERIFY,
			"of %lu file%s %lu can not be read",
			(unsigned long)check->out->files,
			LATHEP_SESSION_S(check->out->files),
			(unsigned long)check->out->files_bad);
	return 0;
}

/* ---- metadata ----------------------------------------------------------- */

/* What a foreign volume lost is told; all else that is odd about it is none
 * of a verification's business. */
static void odd(void *ctx, enum lathe_iso9660_oddity what, uint32_t lba,
		const char *text)
{
	struct volume_check *check = ctx;

	if (!lathe_session_is_loss(what, lba, check->start, text))
		return;
	check->out->entries_lost++;
	tell(check, "/", lba, text);
}

/* Once more, with nothing that is not there. */
static int import_shorter(struct volume_check *check)
{
	struct lathe_iso9660_tree *tree;
	int err = lathep_session_new_tree(check->hooks, NULL, &tree);

	if (err)
		return err;
	lathe_iso9660_tree_destroy(check->tree);
	check->tree = tree;
	check->out->entries_lost = 0;
	return lathe_iso9660_import(tree, check->blocks, check->start,
				    &check->options, NULL);
}

static int check_volume(struct volume_check *check, uint32_t start)
{
	struct lathe_iso9660_import_options *options = &check->options;
	const struct lathe_iso9660_found *found = &check->found;
	int err;

	check->use.hierarchy = &lathe_joliet_hierarchy;
	err = lathe_iso9660_probe(check->blocks, start, &check->use, 1,
				  &check->found, check->failure);
	if (err)
		return err;
	/* Of a session that was closed short, and of an image that was cut,
	 * the files are to be named. */
	lathep_session_lengthen(&check->longer, check->blocks,
				lathe_session_claimed_end(found, start));
	check->longer.strict = !found->own;
	options->size = sizeof(*options);
	options->uses = &check->use;
	options->use_count = 1;
	options->system_use = &lathe_iso9660_rock_ridge;
	options->odd = odd;
	options->odd_ctx = check;
	check->start = start;
	err = lathe_iso9660_import(check->tree, &check->longer.blocks, start,
				   options, NULL);
	/* A directory that is not there, or a volume that is elsewhere. */
	if (is_of_the_disc(err) && check->longer.strict &&
	    check->longer.blocks.end > check->blocks->end)
		err = import_shorter(check);
	if (err)
		return lathep_session_fail_from(
			check->failure,
			lathe_iso9660_tree_failure(check->tree), err,
			"verifying the volume at %lu", (unsigned long)start);
	check->out->metadata_own = found->own;
	return 0;
}

static int verify(struct volume_check *check, uint32_t start)
{
	int err = lathep_session_new_tree(check->hooks, NULL, &check->tree);

	if (err)
		return lathep_session_fail_plain(check->failure, err,
						 "verifying");
	err = check_volume(check, start);
	if (!err)
		return read_files(check);
	if (!is_of_the_disc(err) && err != LATHE_ERR_LIMIT)
		return err;
	tell(check, "/", start, check->failure->text);
	check->failure->err = LATHE_ERR_VERIFY;
	return LATHE_ERR_VERIFY;
}

int lathe_session_verify_volume(const struct lathe_blocks *blocks,
				uint32_t start, enum lathe_session_verify level,
				const struct lathe_hooks *hooks,
				void (*bad)(void *ctx, const char *path,
					    uint32_t lba, const char *text),
				void *bad_ctx,
				struct lathe_session_check *out,
				struct lathe_failure *failure)
{
	struct volume_check *check;
	int err;

	hooks = lathep_session_hooks(hooks);
	memset(out, 0, sizeof(*out));
	if (level > LATHE_SESSION_VERIFY_FULL &&
	    level != LATHEP_SESSION_VERIFY_ENDS)
		return lathep_session_fail_plain(failure, LATHE_ERR_ARG,
						 "verifying");
	check = lathep_session_alloc(hooks, sizeof(*check));
	if (!check)
		return lathep_session_fail_plain(failure, LATHE_ERR_MEMORY,
						 "verifying");
	check->blocks = blocks;
	check->hooks = hooks;
	check->level = level;
	check->bad = bad;
	check->bad_ctx = bad_ctx;
	check->out = out;
	check->failure = failure ? failure : &check->unwanted;
	err = verify(check, start);
	lathe_iso9660_tree_destroy(check->tree);
	lathep_session_free(hooks, check, sizeof(*check));
	return err;
}
