/* SPDX-License-Identifier: MIT */
#include "lib_chain.h"

#include <check.h>
#include <string.h>

struct lathe_iso9660_chain *chain_of(struct disc *disc)
{
	struct lathe_iso9660_chain_options options = {
		.size = sizeof(options), .uses = &joliet_use, .use_count = 1
	};
	struct lathe_iso9660_chain *chain;

	ck_assert_int_eq(lathe_iso9660_chain_read(&disc->source, &options,
						  &chain), 0);
	return chain;
}

void put_own(struct disc *disc, uint32_t start, uint32_t previous,
	     uint32_t previous_blocks)
{
	struct lathe_iso9660_tree_config config = { .size = sizeof(config) };
	struct lathe_iso9660_plan_options options = {
		.size = sizeof(options), .uses = &joliet_use, .use_count = 1,
		.previous = { previous, previous_blocks }
	};
	struct lathe_iso9660_tree *tree;
	struct lathe_iso9660_plan *plan;

	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan), 0);
	disc_put(disc, plan, start);
	lathe_iso9660_tree_destroy(tree);
}

void put_foreign(struct disc *disc, uint32_t start)
{
	disc_primary(disc, start + 16, start + 20, 2048);
	disc_terminator(disc, start + 17);
	dir_begin(disc, start + 20, 1, start + 20, 1, false);
}

void make_head(struct disc *disc, uint32_t start)
{
	memcpy(disc_block(disc, 16), disc_block(disc, start + 16), 3 * 2048);
}

void keep_head(struct disc *disc, uint32_t at)
{
	ck_assert_int_eq(lathe_iso9660_head_copy(disc_block(disc, 16), 3, at,
						 disc_block(disc, at)), 0);
}

void link_is(const struct lathe_iso9660_chain *chain, uint32_t i,
	     uint32_t start, uint32_t heads, bool own, bool head)
{
	const struct lathe_iso9660_link *link =
		lathe_iso9660_chain_link(chain, i);

	ck_assert_ptr_nonnull(link);
	ck_assert_uint_eq(link->start, start);
	ck_assert_uint_eq(link->heads, heads);
	ck_assert_int_eq(link->found.own, own);
	ck_assert_int_eq(link->head, head);
}

void count_is(const struct lathe_iso9660_chain *chain, uint32_t count)
{
	ck_assert_uint_eq(lathe_iso9660_chain_count(chain), count);
	ck_assert_ptr_null(lathe_iso9660_chain_link(chain, count));
}
