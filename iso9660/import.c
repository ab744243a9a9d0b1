/* SPDX-License-Identifier: MIT */
/*
 * Import: the tree of a volume that exists, all its hierarchies joined.
 *
 * The hierarchy that the names come from becomes nodes; each other one is
 * read after it and joined on the way, so that there are never two trees.
 * What bounds it: directories, those of several names each time, are together
 * not more than the disc, and none is in itself; nodes, depth, names and
 * sections have limits; nothing that depends on what was read is searched for
 * in more than logarithmic time.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "iso9660/reader_internal.h"

int lathep_iso9660_odd(struct lathep_iso9660_import *imp,
		       enum lathe_iso9660_oddity what, uint32_t lba,
		       const char *format, ...)
{
	char text[LATHE_FAILURE_TEXT];
	/* A session of ours may carry on what a foreign one began. */
	bool wrong = imp->own && what != LATHE_ISO9660_ODD_SINGLE &&
		     what != LATHE_ISO9660_ODD_DUPLICATE;
	va_list args;

	if (!wrong && !imp->options->odd)
		return 0;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (wrong)
		return lathep_iso9660_fail(lathep_iso9660_import_failure(imp),
					   LATHE_ERR_CORRUPT, "block %lu: %s",
					   (unsigned long)lba, text);
	imp->options->odd(imp->options->odd_ctx, what, lba, text);
	return 0;
}

int lathep_iso9660_import_no_memory(struct lathe_iso9660_tree *tree)
{
	return lathep_iso9660_no_memory(tree, "to read the volume with");
}

int lathep_iso9660_import_enter_root(struct lathep_iso9660_import *imp,
				     uint32_t node)
{
	struct lathep_iso9660_record root = {
		.lba = imp->heads.root[imp->h].lba,
		.bytes = imp->heads.root[imp->h].bytes,
	};
	struct lathep_iso9660_waiting waiting;
	int err;

	imp->table = imp->h ? imp->options->uses[imp->h - 1].hierarchy
			    : &lathe_iso9660_primary;
	imp->at = root.lba;
	imp->extent_bytes = (uint64_t)imp->blocks->end * LATHE_BLOCK_BYTES;
	lathep_iso9660_node(imp->tree, LATHE_ISO9660_ROOT)->present |=
		(uint8_t)(1u << imp->h);
	err = lathep_iso9660_directory_enter(imp, &root, LATHE_ISO9660_ROOT, 1,
					     &waiting);
	if (err)
		return err;
	waiting.node = node;
	return lathep_iso9660_queue_push(imp, waiting);
}

static int get_block(void *ctx, uint32_t lba, const uint8_t **block)
{
	return lathep_iso9660_window_get(ctx, lba, 0, block);
}

/* What is odd in the descriptors. */
static int tell_heads(struct lathep_iso9660_import *imp, uint32_t start)
{
	const struct lathep_iso9660_heads *heads = &imp->heads;
	int err = 0;

	if (heads->halves)
		err = lathep_iso9660_odd(imp, LATHE_ISO9660_ODD_HALVES,
					 start + 16,
					 "a descriptor's number differs in its "
					 "two byte orders");
	if (!err && heads->shift)
		err = lathep_iso9660_odd(imp, LATHE_ISO9660_ODD_EXTENT,
					 start + 16,
					 "the volume was made for another "
					 "address: all are off by %lld",
					 (long long)-heads->shift);
	if (!err && !(heads->found.hierarchies & 1))
		err = lathep_iso9660_odd(imp, LATHE_ISO9660_ODD_EXTENT,
					 heads->root[0].lba,
					 "no root directory of ISO 9660: left "
					 "out");
	if (!err && heads->boot)
		err = lathep_iso9660_odd(imp, LATHE_ISO9660_ODD_BOOT,
					 heads->boot,
					 "a boot record: later sessions have "
					 "none");
	return err;
}

static int read_heads(struct lathep_iso9660_import *imp, uint32_t start)
{
	struct lathe_failure *failure = lathep_iso9660_import_failure(imp);
	const struct lathep_iso9660_mark *mark = &imp->heads.mark;
	int err = lathep_iso9660_read_heads(
		get_block, imp, imp->blocks->end, start, imp->options->uses,
		imp->options->use_count,
		imp->options->damaged ? LATHEP_ISO9660_LOOK_UNMARKED :
					LATHEP_ISO9660_LOOK,
		&imp->heads, failure);

	if (err)
		return err;
	if (imp->heads.mark_state == LATHEP_ISO9660_MARK_BROKEN)
		return lathep_iso9660_fail(
			failure, LATHE_ERR_CORRUPT,
			"the mark in the descriptor at block %lu is damaged "
			"or contradicts it",
			(unsigned long)start + 16);
	imp->recorded_end = lathep_iso9660_shifted(imp->blocks->end,
						   -imp->heads.shift);
	imp->own = imp->heads.found.own;
	imp->ours = mark->self.blocks > 0;
	if (imp->own && (uint64_t)mark->self.start + mark->metadata >
				imp->blocks->end)
		return lathep_iso9660_fail(
			failure, LATHE_ERR_CORRUPT,
			"the session at block %lu goes to %lu, the disc "
			"ends at block %lu",
			(unsigned long)mark->self.start,
			(unsigned long)mark->self.start + mark->metadata - 1,
			(unsigned long)imp->blocks->end);
	if (imp->own)
		lathep_iso9660_window_sum(imp);
	return tell_heads(imp, start);
}

/* The hierarchy that the names come from. */
static uint32_t choose_base(struct lathep_iso9660_import *imp)
{
	uint32_t there = imp->heads.found.hierarchies, h;
	uint32_t wanted = imp->options->names_from;

	if (imp->susp && imp->susp->active) {
		imp->rename_from = wanted ? wanted - 1 : 0;
		return 0;
	}
	if (wanted && wanted <= LATHE_ISO9660_HIERARCHIES &&
	    there & 1u << (wanted - 1))
		return wanted - 1;
	for (h = LATHE_ISO9660_HIERARCHIES - 1; h > 0; h--)
		if (there & 1u << h)
			return h;
	return 0;
}

/* Count all nodes, tell of what not all hierarchies hold, and forget what
 * joining noted in fields that belong to the plan and to sources. */
static void tidy(struct lathep_iso9660_import *imp)
{
	struct lathe_iso9660_tree *tree = imp->tree;
	uint32_t all = imp->heads.found.hierarchies, id;
	struct lathep_iso9660_node *node;
	char name[LATHEP_ISO9660_SHOWN];

	memset(&tree->count, 0, sizeof(tree->count));
	for (id = LATHE_ISO9660_ROOT; id < tree->nodes.used; id++) {
		node = lathep_iso9660_node(tree, id);
		node->flags &= (uint16_t)(LATHEP_ISO9660_WEAK_NAME - 1);
		if (!(node->flags & LATHEP_ISO9660_GONE))
			lathep_iso9660_count_node(tree, node, true);
		if (node->kind == LATHE_ISO9660_DIRECTORY) {
			node->u.folder.dir = 0;
			node->size = 0;
			if (lathep_iso9660_is_as_read(tree, node))
				node->flags |= LATHEP_ISO9660_AS_READ;
		} else {
			node->u.file.source = 0;
			node->u.file.cookie = 0;
			if (node->size == 0)
				node->u.file.lba = 0;
		}
		/* Identifiers are made anew: perhaps of another length. */
		if (node->pinned != all && id != LATHE_ISO9660_ROOT)
			lathep_iso9660_node(tree, node->parent)->flags &=
				(uint16_t)~LATHEP_ISO9660_AS_READ;
		if (node->present == all || !imp->options->odd ||
		    node->flags & LATHEP_ISO9660_GONE ||
		    lathep_iso9660_bare(node))
			continue;
		lathep_iso9660_show_name(lathep_iso9660_name(tree, node),
					 node->name_len, name);
		/* Which is no error, not in a session of ours either. */
		lathep_iso9660_odd(imp, LATHE_ISO9660_ODD_SINGLE,
				   node->kind == LATHE_ISO9660_FILE
					   ? lathep_iso9660_owner(tree, node)
						     ->u.file.lba
					   : 0,
				   "'%s' is not in all hierarchies", name);
	}
}

static int import_all(struct lathep_iso9660_import *imp, uint32_t start)
{
	uint32_t base, h;
	int err = read_heads(imp, start);

	if (err)
		return err;
	err = lathep_iso9660_system_use_open(imp);
	if (err)
		return err;
	base = choose_base(imp);
	lathep_iso9660_import_begin(imp->tree, imp->options->uses,
				    imp->options->use_count);
	/* What is not there yet is recorded whole. */
	for (h = 0; h < imp->tree->known_count; h++)
		if (!(imp->heads.found.hierarchies & 1u << h))
			imp->tree->known[h] = NULL;
	imp->directory_bytes = imp->tree->limits.directory_bytes;
	imp->h = base;
	err = lathep_iso9660_import_base(imp);
	lathep_iso9660_queue_empty(imp);
	for (h = 0; !err && h < LATHE_ISO9660_HIERARCHIES; h++) {
		if (h == base || !(imp->heads.found.hierarchies & 1u << h))
			continue;
		imp->h = h;
		err = lathep_iso9660_map_read(imp, base);
		if (!err)
			err = lathep_iso9660_import_join(imp);
		lathep_iso9660_map_drop(imp);
		lathep_iso9660_queue_empty(imp);
	}
	if (!err)
		err = lathep_iso9660_import_unique(imp);
	if (!err) {
		lathep_iso9660_drop_relocated(imp);
		err = lathep_iso9660_import_links(imp);
	}
	if (err)
		return err;
	tidy(imp);
	return imp->own ? lathep_iso9660_window_verify(imp) : 0;
}

static int import_volume(struct lathep_iso9660_import *imp, uint32_t start)
{
	struct lathe_iso9660_tree *tree = imp->tree;
	int err = lathep_iso9660_window_open(imp);

	if (err)
		return lathep_iso9660_import_no_memory(tree);
	lathep_iso9660_store_init(&imp->base_dirs, &tree->hooks,
				  sizeof(uint32_t));
	lathep_iso9660_relocated_init(imp);
	err = import_all(imp, start);
	lathep_iso9660_window_close(imp);
	lathep_iso9660_note_free(imp);
	lathep_iso9660_store_free(&imp->base_dirs);
	lathep_iso9660_store_free(&imp->moved);
	lathep_iso9660_store_free(&imp->links);
	lathep_iso9660_give(&tree->hooks, imp->susp, sizeof(*imp->susp));
	lathep_iso9660_give(&tree->hooks, imp->sections,
			    imp->section_room * sizeof(*imp->sections));
	if (err)
		lathep_iso9660_tree_clear(tree);
	else
		lathep_iso9660_import_done(tree);
	return err;
}

static int check_call(struct lathe_iso9660_tree *tree,
		      const struct lathe_blocks *blocks,
		      const struct lathe_iso9660_import_options *options)
{
	int err = lathep_iso9660_begin_change(tree);

	if (err)
		return err;
	if (tree->nodes.used != LATHE_ISO9660_ROOT + 1 || tree->known_count)
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_STATE,
					   "the tree is not empty");
	if (options->size != sizeof(*options) ||
	    options->use_count >= LATHE_ISO9660_HIERARCHIES ||
	    (options->use_count && !options->uses))
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_ARG,
					   "options of the import");
	if (blocks->end == 0)
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_NO_VOLUME,
					   "there is nothing to read");
	return 0;
}

int lathe_iso9660_import(struct lathe_iso9660_tree *tree,
			 const struct lathe_blocks *blocks, uint32_t start,
			 const struct lathe_iso9660_import_options *options,
			 struct lathe_iso9660_found *found)
{
	struct lathep_iso9660_import *imp;
	int err = check_call(tree, blocks, options);

	if (err)
		return err;
	/* Too large for the stack of a small thread. */
	imp = lathep_iso9660_take_zeros(&tree->hooks, sizeof(*imp));
	if (!imp)
		return lathep_iso9660_import_no_memory(tree);
	imp->tree = tree;
	imp->blocks = blocks;
	imp->options = options;
	err = import_volume(imp, start);
	if (!err && found)
		*found = imp->heads.found;
	lathep_iso9660_give(&tree->hooks, imp, sizeof(*imp));
	return err;
}
