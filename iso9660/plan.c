/* SPDX-License-Identifier: MIT */
/*
 * A plan: the tree as a list of regions, each with its place. Order: system
 * area, descriptors, path tables of each hierarchy, the tables that tell which
 * directories are one, directories of each hierarchy, data, zeros.
 */
#include <string.h>

#include "iso9660/plan_internal.h"
#include "iso9660/system_use_internal.h"

static uint64_t measure_system(struct lathe_iso9660_plan *plan,
			       const struct lathep_iso9660_region *region)
{
	(void)plan;
	(void)region;
	return LATHEP_ISO9660_SYSTEM_BLOCKS;
}

static const struct lathep_iso9660_provider system_area = {
	.measure = measure_system
};

/* Padding; one block of it at least if empty files have nowhere else to
 * point to. */
static uint64_t measure_tail(struct lathe_iso9660_plan *plan,
			     const struct lathep_iso9660_region *region)
{
	(void)region;
	if (plan->pad_blocks == 0 && plan->data_blocks == 0 &&
	    plan->empty_files)
		return 1;
	return plan->pad_blocks;
}

static const struct lathep_iso9660_provider tail = {
	.measure = measure_tail
};

/* ---- regions ------------------------------------------------------------ */

/* Returns its first block; there is room for all that can be asked for. */
static uint32_t add_region(struct lathe_iso9660_plan *plan,
			   const struct lathep_iso9660_provider *provider,
			   uint32_t h)
{
	struct lathep_iso9660_region *region = &plan->region[plan->regions++];
	uint64_t blocks;

	region->first = (uint32_t)plan->end;
	region->h = h;
	region->provider = provider;
	blocks = provider->measure(plan, region);
	region->blocks = (uint32_t)blocks;
	plan->end += blocks;
	return region->first;
}

static int check_end(const struct lathe_iso9660_plan *plan)
{
	if (plan->end > UINT32_MAX)
		return lathep_iso9660_fail(&plan->tree->failure,
					   LATHE_ERR_LIMIT,
					   "more than 2^32 - 1 blocks");
	return 0;
}

static int add_metadata(struct lathe_iso9660_plan *plan)
{
	struct lathep_iso9660_laid *laid = plan->laid;
	uint32_t h;

	add_region(plan, &system_area, 0);
	add_region(plan, &lathep_iso9660_descriptors, 0);
	for (h = 0; h < plan->hierarchies; h++) {
		laid[h].path_l = add_region(plan, &lathep_iso9660_path_table_l,
					    h);
		laid[h].path_m = add_region(plan, &lathep_iso9660_path_table_m,
					    h);
	}
	for (h = 1; h < plan->hierarchies; h++)
		laid[h].map = add_region(plan, &lathep_iso9660_directory_map,
					 h);
	for (h = 0; h < plan->hierarchies; h++)
		laid[h].first = add_region(plan, &lathep_iso9660_directories,
					   h);
	plan->metadata = (uint32_t)plan->end;
	return check_end(plan);
}

static int add_data(struct lathe_iso9660_plan *plan)
{
	int err = lathep_iso9660_lay_data(plan, plan->metadata);

	if (err)
		return err;
	/* Where there are no data, the padding begins there. */
	plan->empty_block = add_region(plan, &lathep_iso9660_data, 0);
	add_region(plan, &tail, 0);
	plan->blocks = (uint32_t)plan->end;
	return check_end(plan);
}

const struct lathep_iso9660_region *
lathep_iso9660_region_at(const struct lathe_iso9660_plan *plan, uint32_t block)
{
	uint32_t low = 0, high = plan->regions - 1;

	/* The last region that begins at 'block' or before it is not empty
	 * as long as 'block' lies in the volume. */
	while (low < high) {
		uint32_t middle = high - (high - low) / 2;

		if (plan->region[middle].first <= block)
			low = middle;
		else
			high = middle - 1;
	}
	return &plan->region[low];
}

/* ---- making ------------------------------------------------------------- */

static uint8_t known_bit(const struct lathe_iso9660_tree *tree,
			 const struct lathe_iso9660_hierarchy *hierarchy)
{
	uint32_t i;

	for (i = 0; i < tree->known_count; i++)
		if (tree->known[i] == hierarchy)
			return (uint8_t)i;
	return 0xff;
}

static void init_hierarchy(struct lathe_iso9660_plan *plan,
			   const struct lathe_iso9660_hierarchy *hierarchy,
			   const void *options)
{
	struct lathep_iso9660_laid *laid = &plan->laid[plan->hierarchies++];

	laid->hierarchy = hierarchy;
	laid->options = options;
	laid->known = known_bit(plan->tree, hierarchy);
	if (laid->known != 0xff)
		plan->known_bits |= (uint8_t)(1u << laid->known);
	lathep_iso9660_store_init(&laid->order, &plan->hooks, 4);
	lathep_iso9660_store_init(&laid->place, &plan->hooks, 4);
	lathep_iso9660_store_init(&laid->dirs, &plan->hooks,
				  sizeof(struct lathep_iso9660_dir));
	lathep_iso9660_store_init(&laid->dir_blocks, &plan->hooks,
				  sizeof(struct lathep_iso9660_dir_block));
	lathep_iso9660_store_init(&laid->path_blocks, &plan->hooks,
				  sizeof(struct lathep_iso9660_path_block));
}

static void init_plan(struct lathe_iso9660_plan *plan,
		      struct lathe_iso9660_tree *tree,
		      const struct lathe_iso9660_plan_options *options)
{
	uint32_t i;

	plan->tree = tree;
	plan->hooks = tree->hooks;
	plan->system_use = options->system_use;
	plan->system_use_options = options->system_use_options;
	plan->previous = options->previous;
	plan->pad_blocks = options->pad_blocks;
	plan->align_from_bytes = options->align_from_bytes
					 ? options->align_from_bytes
					 : 1048576;
	plan->arena_used = tree->arena.used;
	lathep_iso9660_store_init(&plan->data, &plan->hooks, 4);
	if (options->primary)
		plan->primary = *options->primary;
	init_hierarchy(plan, &lathe_iso9660_primary, &plan->primary);
	for (i = 0; i < options->use_count; i++)
		init_hierarchy(plan, options->uses[i].hierarchy,
			       options->uses[i].options);
}

/* Names of each folder in order, where they matter, and a row for it in the
 * plan's tables. */
static int sort_folders(struct lathe_iso9660_plan *plan)
{
	struct lathe_iso9660_tree *tree = plan->tree;
	uint32_t id = LATHE_ISO9660_ROOT;
	bool stays = false;
	int err = 0;

	for (; id && !err;
	     id = lathep_iso9660_next(tree, LATHE_ISO9660_ROOT, id, !stays)) {
		struct lathep_iso9660_node *node =
			lathep_iso9660_node(tree, id);

		if (node->kind != LATHE_ISO9660_DIRECTORY)
			continue;
		stays = lathep_iso9660_stays(plan, node);
		if (!stays)
			err = lathep_iso9660_sort_folder(tree, node);
		node->u.folder.dir = plan->rows++;
	}
	return err;
}

static int lay_out(struct lathe_iso9660_plan *plan,
		   const struct lathe_iso9660_plan_options *options)
{
	struct lathep_iso9660_naming naming;
	uint32_t h;
	int err = sort_folders(plan);

	if (!err && plan->system_use)
		err = plan->system_use->relocate(plan);
	memset(&naming, 0, sizeof(naming));
	naming.plan = plan;
	naming.options = options;
	lathep_iso9660_store_init(&naming.ids, &plan->hooks, 1);
	for (h = 0; h < plan->hierarchies && !err; h++) {
		lathep_iso9660_prepare_descriptor(&plan->laid[h],
						  &options->volume);
		err = lathep_iso9660_lay_directories(plan, h, &naming);
		if (!err)
			err = lathep_iso9660_lay_path_table(plan, h);
	}
	lathep_iso9660_naming_free(&naming);
	if (!err)
		err = add_metadata(plan);
	return err ? err : add_data(plan);
}

static bool options_valid(const struct lathe_iso9660_plan_options *options)
{
	uint32_t i;

	if (!options || options->size != sizeof(*options) ||
	    options->use_count > LATHE_ISO9660_HIERARCHIES - 1)
		return false;
	for (i = 0; i < options->use_count; i++)
		if (!options->uses[i].hierarchy ||
		    options->uses[i].hierarchy == &lathe_iso9660_primary)
			return false;
	return true;
}

int lathe_iso9660_plan_create(struct lathe_iso9660_tree *tree,
			      const struct lathe_iso9660_plan_options *options,
			      struct lathe_iso9660_plan **out)
{
	struct lathe_iso9660_plan *plan;
	int err;

	if (!tree || !out)
		return LATHE_ERR_ARG;
	err = lathep_iso9660_begin_change(tree);
	if (err)
		return err;
	if (!options_valid(options))
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_ARG,
					   "options of the plan");
	plan = lathep_iso9660_take_zeros(&tree->hooks, sizeof(*plan));
	if (!plan)
		return lathep_iso9660_no_memory(tree, "for a plan");
	/* Most adding is done now; what follows indexes its folders anew. */
	lathep_iso9660_lookup_drop(tree->lookup);
	init_plan(plan, tree, options);
	tree->plans++;
	err = lay_out(plan, options);
	if (err) {
		if (!tree->failure.err)
			lathep_iso9660_fail(&tree->failure, err,
					    "the plan can not be made: %s",
					    lathep_iso9660_meaning(err));
		lathe_iso9660_plan_destroy(plan);
		return err;
	}
	*out = plan;
	return 0;
}

/* Identifiers that the plan made go, newest first. */
static void forget_identifiers(struct lathe_iso9660_plan *plan)
{
	struct lathe_iso9660_tree *tree = plan->tree;
	uint32_t at = plan->made;

	while (at) {
		const struct lathep_iso9660_id *id =
			lathep_iso9660_byte_at(&tree->arena, at);

		lathep_iso9660_node(tree, id->node)->ids = id->next;
		at = id->chain;
	}
	tree->arena.used = plan->arena_used;
}

void lathe_iso9660_plan_destroy(struct lathe_iso9660_plan *plan)
{
	uint32_t h;

	if (!plan)
		return;
	forget_identifiers(plan);
	if (plan->home)
		plan->system_use->forget_relocated(plan);
	lathep_iso9660_forget_data(plan);
	for (h = 0; h < plan->hierarchies; h++) {
		lathep_iso9660_store_free(&plan->laid[h].order);
		lathep_iso9660_store_free(&plan->laid[h].dirs);
		lathep_iso9660_store_free(&plan->laid[h].place);
		lathep_iso9660_store_free(&plan->laid[h].dir_blocks);
		lathep_iso9660_store_free(&plan->laid[h].path_blocks);
	}
	lathep_iso9660_store_free(&plan->data);
	plan->tree->plans--;
	lathep_iso9660_give(&plan->hooks, plan, sizeof(*plan));
}

uint32_t lathe_iso9660_plan_blocks(const struct lathe_iso9660_plan *plan)
{
	return plan->blocks;
}

uint32_t lathe_iso9660_plan_metadata(const struct lathe_iso9660_plan *plan)
{
	return plan->metadata;
}
