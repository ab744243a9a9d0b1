/* SPDX-License-Identifier: MIT */
/*
 * The tree in a session, also of an image or a disc that ends before its
 * volume does: names of files whose bytes are not there.
 */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <string.h>

#include "tools/ahead.h"
#include "tools/volume.h"

/* ---- what is odd -------------------------------------------------------- */

#define LOSSES_SHOWN 10u

static void odd(void *ctx, enum lathe_iso9660_oddity what, uint32_t lba,
		const char *text)
{
	struct volume *volume = ctx;
	bool loss = lathe_session_is_loss(what, lba, volume->start, text);

	volume->oddities++;
	volume->left_out += loss;
	if (volume->tool->verbose ||
	    (loss && volume->continued && volume->left_out <= LOSSES_SHOWN))
		note(volume->tool, "%s, LBA %" PRIu32 ": %s", volume->name, lba,
		     text);
}

static void tell_oddities(const struct volume *volume)
{
	if (volume->oddities == 0)
		return;
	note(volume->tool, "%s: %s in the directories%s", volume->name,
	     counted(volume->oddities, "oddity", "oddities").text,
	     volume->tool->verbose ? "" : "; -v lists them");
}

/* ---- the import --------------------------------------------------------- */

/* A hierarchy that a volume lacks is built anew for all its files by the
 * session that continues it. A disc's is asked for in any case. */
static bool has_joliet(const struct volume *volume,
		       const struct lathe_session_info *session)
{
	const struct lathe_iso9660_link *link;

	if (!volume->chain)
		return true;
	link = lathe_iso9660_chain_link(volume->chain, session->number - 1u);
	return (link->found.hierarchies & FOUND_JOLIET) != 0;
}

/* Returns an enum lathe_err. *out is there in any case but LATHE_ERR_MEMORY,
 * for its failure. */
static int import(struct volume *volume,
		  const struct lathe_session_info *session,
		  const struct lathe_blocks *blocks,
		  struct lathe_iso9660_tree **out)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .hooks = volume->tool->hooks
	};
	struct lathe_iso9660_import_options options = {
		.size = sizeof(options),
		.uses = volume_uses,
		.use_count = has_joliet(volume, session) ? 1 : 0,
		.system_use = &lathe_iso9660_rock_ridge,
		.names_from = volume->joliet_names ?
				      LATHE_ISO9660_NAMES_OF_FIRST :
				      0,
		.odd = volume->quiet ? NULL : odd,
		.odd_ctx = volume,
		.damaged = volume->damaged,
	};
	struct lathe_iso9660_found found;
	struct lathe_blocks from = *blocks;
	struct ahead *ahead = NULL;
	int err;

	volume->oddities = volume->left_out = 0;
	volume->start = session->start;
	*out = NULL;
	err = lathe_iso9660_tree_create(&config, out);
	if (err)
		return err;
	/* A drive reads ahead by itself, and is one thread's alone. */
	if (!volume->is_disc)
		ahead = ahead_create(blocks, &from);
	err = lathe_iso9660_import(*out, &from, session->start, &options,
				   &found);
	ahead_destroy(ahead);
	if (!err)
		volume->shift = found.shift;
	return err;
}

int volume_import(struct volume *volume,
		  const struct lathe_session_info *session,
		  struct lathe_iso9660_tree **out)
{
	struct lathe_iso9660_tree *tree;
	int err, status;

	volume->damaged = false;
	volume->continued = true;
	err = import(volume, session, &volume->blocks, &tree);
	if (err) {
		status = complain(volume->tool, err,
				  tree ? lathe_iso9660_tree_failure(tree)
				       : NULL,
				  "%s, session %u", volume->name,
				  session->number);
		lathe_iso9660_tree_destroy(tree);
		return status;
	}
	tell_oddities(volume);
	if (volume->left_out > 0)
		note(volume->tool,
		     "%s: the new session does not have what is damaged there; "
		     "the older ones stay as they are", volume->name);
	*out = tree;
	return STATUS_OK;
}

struct lathe_iso9660_tree *
volume_import_other(const struct volume *volume,
		    const struct lathe_session_info *session)
{
	struct volume other = *volume;
	struct lathe_iso9660_tree *tree;

	other.joliet_names = !volume->joliet_names;
	other.quiet = true;
	if (import(&other, session, &volume->blocks, &tree) == 0)
		return tree;
	lathe_iso9660_tree_destroy(tree);
	return NULL;
}

uint32_t volume_files_end(struct volume *volume)
{
	const struct lathe_session_info *newest =
		&volume->session[volume->count - 1];
	struct lathe_iso9660_tree *tree;
	uint32_t first, end = 0;

	if (newest->own)
		return newest->start + newest->blocks;
	volume_view_image(volume, newest->number);
	tree = volume_import_other(volume, newest);
	if (tree)
		lathe_iso9660_imported_blocks(tree, &first, &end);
	lathe_iso9660_tree_destroy(tree);
	return end;
}

/* ---- what ends before its volume does ----------------------------------- */

/* Where the volume says that it ends; 0: not known. */
static uint32_t claimed_end(const struct volume *volume, uint32_t start)
{
	struct lathe_iso9660_found found;

	if (lathe_iso9660_probe(&volume->blocks, start, volume_uses, 1, &found,
				NULL))
		return 0;
	return lathe_session_claimed_end(&found, start);
}

struct longer {
	struct lathe_blocks blocks;
	const struct lathe_blocks *there;
};

/* Directories must be there. */
static int read_longer(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	const struct lathe_blocks *there = ((struct longer *)ctx)->there;

	if (lba >= there->end || count > there->end - lba)
		return LATHE_ERR_CORRUPT;
	return there->read(there->ctx, lba, count, out);
}

struct cut {
	struct lathe_iso9660_tree *tree;
	uint32_t end, files;
};

static int count_cut(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct cut *cut = ctx;
	uint32_t i, lba;
	uint64_t bytes;

	for (i = 0; i < entry->sections; i++) {
		if (lathe_iso9660_section(cut->tree, entry->node, i, &lba,
					  &bytes) ||
		    (uint64_t)lba * LATHE_BLOCK_BYTES + bytes <=
			    (uint64_t)cut->end * LATHE_BLOCK_BYTES)
			continue;
		cut->files++;
		break;
	}
	return 0;
}

/* Is it worth a word? Some programs claim more than they write. */
static void tell_cut(struct volume *volume, struct lathe_iso9660_tree *tree)
{
	struct cut cut = { .tree = tree, .end = volume->blocks.end };

	lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, count_cut, &cut);
	if (cut.files > 0)
		note(volume->tool, "%s is cut short: it ends at block %" PRIu32
				   ", and %s not whole",
		     volume->name, cut.end,
		     counted(cut.files, "file is", "files are").text);
}

/* ---- what is left of damaged directories -------------------------------- */

bool volume_is_damage(struct volume *volume, int err)
{
	if (volume->is_disc && err != LATHE_ERR_CORRUPT)
		return lathe_session_of_the_disc(&volume->drive.mmc, err);
	return err == LATHE_ERR_CORRUPT || err == LATHE_ERR_IO;
}

/* Zeros for what can not be read. */
static int read_rest(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct volume *volume = ctx;
	const struct lathe_blocks *there = &volume->blocks;
	int err = there->read(there->ctx, lba, count, out);
	uint32_t i;

	for (i = 0; err && i < count; i++, out += LATHE_BLOCK_BYTES) {
		err = there->read(there->ctx, lba + i, 1, out);
		if (err && !volume_is_damage(volume, err))
			return err;
		if (err)
			memset(out, 0, LATHE_BLOCK_BYTES);
		err = LATHE_ERR_CORRUPT;
	}
	return 0;
}

/* *out stays where there is nothing of use. */
static bool import_rest(struct volume *volume,
			const struct lathe_session_info *session,
			struct lathe_iso9660_tree **out)
{
	const struct lathe_blocks rest = { volume, read_rest,
					   volume->blocks.end };
	struct lathe_iso9660_tree *tree;

	volume->damaged = true;
	if (!import(volume, session, &rest, &tree)) {
		*out = tree;
		return true;
	}
	lathe_iso9660_tree_destroy(tree);
	return false;
}

int volume_rest(const struct volume *volume)
{
	return volume->damaged ? status_of(LATHE_ERR_CORRUPT) : STATUS_OK;
}

/* As volume_import(), but what is left is better than nothing. */
static int import_what_is_there(struct volume *volume,
				const struct lathe_session_info *session,
				struct lathe_iso9660_tree **out)
{
	struct lathe_iso9660_tree *tree;
	struct lathe_failure why;
	int err = import(volume, session, &volume->blocks, &tree);

	if (!err) {
		tell_oddities(volume);
		*out = tree;
		return STATUS_OK;
	}
	if (tree)
		why = *lathe_iso9660_tree_failure(tree);
	lathe_iso9660_tree_destroy(tree);
	if (!tree || !volume_is_damage(volume, err) ||
	    !import_rest(volume, session, out))
		return volume_import(volume, session, out);
	note(volume->tool, "%s, session %u: %s", volume->name, session->number,
	     why.text);
	note(volume->tool, "its directories are damaged: names, sizes and "
			   "places are not certain, files may be missing");
	tell_oddities(volume);
	return STATUS_OK;
}

int volume_import_cut(struct volume *volume,
		      const struct lathe_session_info *session,
		      struct lathe_iso9660_tree **out)
{
	struct longer longer = { .there = &volume->blocks };
	struct lathe_iso9660_tree *tree;
	int err;

	volume->damaged = false;
	longer.blocks.ctx = &longer;
	longer.blocks.read = read_longer;
	longer.blocks.end = claimed_end(volume, session->start);
	if (longer.blocks.end <= volume->blocks.end)
		return import_what_is_there(volume, session, out);
	err = import(volume, session, &longer.blocks, &tree);
	/* Of a volume that is elsewhere the claim says nothing. */
	if (err || volume->shift) {
		lathe_iso9660_tree_destroy(tree);
		return import_what_is_there(volume, session, out);
	}
	tell_oddities(volume);
	tell_cut(volume, tree);
	*out = tree;
	return STATUS_OK;
}
