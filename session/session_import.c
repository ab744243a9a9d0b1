/* SPDX-License-Identifier: MIT */
/*
 * session_import.c - the tree of a disc's last session, as the next one
 * starts from.
 */
#include "session/session_internal.h"

#include <string.h>

/* Files that end behind the session they lie in: it was closed short after a
 * burn that failed, and their blocks may come to hold a later session's. */
struct short_files {
	const struct lathe_iso9660_tree *tree;
	uint32_t start, end;	/* of the session as recorded */
	uint32_t count, room;
	uint32_t *nodes;	/* NULL: only counted */
};

static bool section_is_short(const struct short_files *files, uint32_t lba,
			     uint64_t bytes)
{
	uint64_t blocks = bytes / LATHE_BLOCK_BYTES +
			  (bytes % LATHE_BLOCK_BYTES ? 1 : 0);

	return blocks && lba >= files->start && lba + blocks > files->end;
}

static int visit_short(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct short_files *files = ctx;
	uint32_t i, lba;
	uint64_t bytes;

	if (entry->kind == LATHE_ISO9660_DIRECTORY || !entry->imported)
		return 0;
	for (i = 0; i < entry->sections; i++) {
		if (lathe_iso9660_section(files->tree, entry->node, i, &lba,
					  &bytes) ||
		    !section_is_short(files, lba, bytes))
			continue;
		if (files->nodes && files->count < files->room)
			files->nodes[files->count] = entry->node;
		files->count++;
		break;
	}
	return 0;
}

static void tell_short(const struct lathe_session_config *config,
		       const struct lathe_iso9660_tree *tree, uint32_t node)
{
	static const char behind[] = " ends behind its session: left out";
	struct lathe_iso9660_entry entry;
	char text[LATHE_FAILURE_TEXT];
	size_t len;

	if (!config->odd || lathe_iso9660_get(tree, node, &entry))
		return;
	len = lathe_iso9660_path(tree, node, text,
				 sizeof(text) - sizeof(behind));
	if (len >= sizeof(text) - sizeof(behind))
		len = sizeof(text) - sizeof(behind) - 1;
	memcpy(text + len, behind, sizeof(behind));
	config->odd(config->odd_ctx, LATHE_ISO9660_ODD_EXTENT, entry.lba,
		    text);
}

/* Does all else say that the session reaches up to 'end'? What the drive tells
 * of tracks may be wrong. */
static bool is_whole(struct lathe_mmc *mmc, const struct lathe_hooks *hooks,
		     const struct lathe_mmc_medium *medium, uint32_t end)
{
	uint8_t *block;
	bool whole;

	if (end <= medium->last_session_start || end > medium->readable_end ||
	    (medium->has_next_writable && end > medium->next_writable))
		return false;
	block = lathep_session_alloc(hooks, LATHE_BLOCK_BYTES);
	whole = block && !lathe_mmc_read(mmc, end - 1, 1, false, block);
	lathep_session_free(hooks, block, LATHE_BLOCK_BYTES);
	return whole;
}

static int leave_out_short(struct lathe_mmc *mmc,
			   const struct lathe_session_config *config,
			   struct lathe_session_disc *disc,
			   struct lathe_iso9660_tree *tree)
{
	struct short_files files;
	uint32_t i;
	int err = 0;

	if (!disc->found.own)
		return 0;
	memset(&files, 0, sizeof(files));
	files.tree = tree;
	files.start = disc->medium.last_session_start;
	files.end = disc->last_end;
	lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, visit_short, &files);
	if (files.count && is_whole(mmc, &config->hooks, &disc->medium,
				    files.start + disc->found.self.blocks))
		files.count = 0;
	disc->files_short = files.count;
	if (!files.count)
		return 0;

	files.room = files.count;
	files.count = 0;
	files.nodes = lathep_session_alloc(&config->hooks,
					   files.room * sizeof(*files.nodes));
	if (!files.nodes)
		return LATHE_ERR_MEMORY;
	lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, visit_short, &files);
	for (i = 0; i < files.room && !err; i++) {
		tell_short(config, tree, files.nodes[i]);
		err = lathe_iso9660_remove(tree, files.nodes[i]);
	}
	lathep_session_free(&config->hooks, files.nodes,
			    files.room * sizeof(*files.nodes));
	return err;
}

/* What reading a volume takes. Not on the stack: the importer needs that. */
struct importing {
	struct lathe_session_reader reader;
	struct lathe_iso9660_view view;
	struct lathep_session_longer longer;
	struct lathe_iso9660_import_options options;
	struct lathe_iso9660_use use;
};

static int import_with(struct importing *importing, struct lathe_mmc *mmc,
		       const struct lathe_session_config *config,
		       const struct lathe_session_disc *disc,
		       struct lathe_iso9660_tree *tree)
{
	struct lathe_iso9660_import_options *options = &importing->options;
	uint32_t start = disc->medium.last_session_start, end = 0;

	importing->use.hierarchy = &lathe_joliet_hierarchy;
	importing->use.options = &config->joliet;
	options->size = sizeof(*options);
	/* A hierarchy that the disc lacks is built anew for all its files. */
	options->uses = &importing->use;
	if (disc->found.hierarchies & LATHEP_SESSION_JOLIET_BIT)
		options->use_count = 1;
	/* What is a link or a device there is left out of a session that is
	 * recorded without system use, whose names are Joliet's. */
	options->system_use = &lathe_iso9660_rock_ridge;
	options->names_from = config->system_use ?
				      0 :
				      LATHE_ISO9660_NAMES_OF_FIRST;
	options->odd = config->odd;
	options->odd_ctx = config->odd_ctx;

	lathe_session_reader_init(&importing->reader, mmc, &disc->medium,
				  false);
	if (lathep_session_no_run_out(&disc->medium, &disc->found, start))
		importing->reader.blocks.end = disc->medium.readable_end;
	/* Its descriptors may stand in a copy. */
	lathe_iso9660_view_init(&importing->view, &importing->reader.blocks,
				&disc->newest);
	/* Own sessions may have been closed short: their extents count as
	 * inside the volume that was planned, and are judged below. */
	if (disc->found.own && disc->found.self.blocks <= UINT32_MAX - start)
		end = start + disc->found.self.blocks;
	lathep_session_lengthen(&importing->longer, &importing->view.blocks,
				end);
	return lathe_iso9660_import(tree, &importing->longer.blocks, start,
				    options, NULL);
}

static int import_volume(struct lathe_mmc *mmc,
			 const struct lathe_session_config *config,
			 const struct lathe_session_disc *disc,
			 struct lathe_iso9660_tree *tree)
{
	struct importing *importing;
	int err;

	importing = lathep_session_alloc(&config->hooks, sizeof(*importing));
	if (!importing)
		return LATHE_ERR_MEMORY;
	err = import_with(importing, mmc, config, disc, tree);
	lathep_session_free(&config->hooks, importing, sizeof(*importing));
	return err;
}

/* The next session goes behind all files, whatever the volume says. */
static void move_on(struct lathe_session_disc *disc,
		    struct lathe_iso9660_tree *tree)
{
	struct lathe_mmc_medium *medium = &disc->medium;
	uint32_t end = medium->next_writable + medium->free_blocks;

	lathep_session_heed_files(&disc->place, tree);
	medium->next_writable = disc->place.start;
	medium->free_blocks = end > disc->place.start ?
				      end - disc->place.start :
				      0;
}

/* The smallest session there can be: this tree's metadata written anew. */
static int measure_smallest(const struct lathe_session_config *config,
			    struct lathe_session_disc *disc,
			    struct lathe_iso9660_tree *tree)
{
	struct lathep_session_layout layout = {
		.disc = disc, .name = disc->found.volume_id, .map_names = true
	};
	struct lathe_session_space space;
	struct lathe_iso9660_plan *plan;
	int err;

	err = lathep_session_make_plan(config, tree, &layout, &plan);
	if (err)
		return err;
	lathe_session_fit(&disc->costs, disc->medium.free_blocks,
			  lathe_iso9660_plan_blocks(plan), &space);
	disc->smallest_need = space.need;
	lathe_iso9660_plan_destroy(plan);
	return 0;
}

int lathep_session_read_tree(struct lathe_mmc *mmc,
			     const struct lathe_session_config *config,
			     struct lathe_session_disc *disc,
			     struct lathe_iso9660_tree **tree,
			     struct lathe_failure *failure)
{
	const struct lathe_failure *cause;
	struct lathe_iso9660_tree *made;
	int err;

	lathep_session_progress(&config->hooks, LATHE_PHASE_IMPORTING, 0, 0);
	err = lathep_session_new_tree(&config->hooks, &config->limits, &made);
	if (err)
		return lathep_session_fail_plain(failure, err,
						 "importing the last session");
	err = import_volume(mmc, config, disc, made);
	if (!err)
		err = leave_out_short(mmc, config, disc, made);
	if (!err && disc->medium.overwritable)
		move_on(disc, made);
	if (!err)
		err = measure_smallest(config, disc, made);
	if (err) {
		/* What the drive said is the better reason. */
		cause = lathe_mmc_failure(mmc);
		if (cause->err != err)
			cause = lathe_iso9660_tree_failure(made);
		lathep_session_fail_from(failure, cause, err,
					 "importing the last session");
		lathe_iso9660_tree_destroy(made);
		return err;
	}
	*tree = made;
	return 0;
}
