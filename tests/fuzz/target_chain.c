/* SPDX-License-Identifier: MIT */
/*
 * The sessions of an image file, found by marks and by searching: an option
 * byte, a disc. All that the chain says lies on the disc, in order; each of
 * its sessions can be asked for its tree; and there is a place behind them.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"

#define HOLES 1u		/* the system says where there are data */
#define IMPORT 2u		/* of each session */

static struct fuzz_disc *disc;

static uint32_t next_data(void *ctx, uint32_t lba)
{
	FUZZ_CHECK(ctx == disc);
	while (lba < disc->blocks && !disc->block[lba])
		lba++;
	return lba;
}

static void check_link(const struct lathe_iso9660_link *link,
		       const struct lathe_iso9660_link *before)
{
	FUZZ_CHECK(link->start < disc->blocks);
	FUZZ_CHECK(link->heads < disc->blocks);
	FUZZ_CHECK(link->end <= disc->blocks);
	FUZZ_CHECK(link->start < link->end);
	FUZZ_CHECK(link->moved <= LATHE_ISO9660_COPY_BLOCKS);
	if (before)
		FUZZ_CHECK(link->head || before->start < link->start);
}

/* As it was when the session was the newest. */
static void import_link(const struct lathe_iso9660_link *link)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .hooks = fuzz_hooks(),
		.limits = { .nodes = 2000 },
	};
	struct lathe_iso9660_import_options how = {
		.size = sizeof(how), .uses = fuzz_joliet, .use_count = 1,
		.system_use = &lathe_iso9660_rock_ridge,
	};
	struct lathe_iso9660_found found;
	struct lathe_iso9660_tree *tree;
	struct lathe_iso9660_view view;

	lathe_iso9660_view_init(&view, &disc->source, link);
	FUZZ_CHECK(lathe_iso9660_tree_create(&config, &tree) == 0);
	(void)lathe_iso9660_import(tree, &view.blocks, link->start, &how,
				   &found);
	lathe_iso9660_tree_destroy(tree);
}

static void check_append(const struct lathe_iso9660_chain *chain)
{
	struct lathe_iso9660_append where;
	uint32_t count = lathe_iso9660_chain_count(chain);
	int err = lathe_iso9660_chain_append(chain, disc->blocks, &where);

	FUZZ_CHECK(err == 0 || err == LATHE_ERR_NO_VOLUME ||
		   err == LATHE_ERR_LIMIT);
	FUZZ_CHECK((err == LATHE_ERR_NO_VOLUME) == (count == 0));
	if (err)
		return;
	FUZZ_CHECK(where.start >= disc->blocks);
	FUZZ_CHECK(where.copy == 0 || (where.copy >= disc->blocks &&
		   where.copy + LATHE_ISO9660_COPY_BLOCKS <= where.start));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	uint8_t options = fuzz_byte(&in);
	struct lathe_iso9660_chain_options how = {
		.size = sizeof(how), .hooks = fuzz_hooks(),
		.uses = fuzz_joliet, .use_count = 1,
	};
	const struct lathe_iso9660_link *link, *before = NULL;
	struct lathe_iso9660_chain *chain;
	uint32_t i;

	disc = fuzz_disc_open(&in, false);
	if (options & HOLES) {
		how.next_data = next_data;
		how.ctx = disc;
	}
	FUZZ_CHECK(lathe_iso9660_chain_read(&disc->source, &how, &chain) == 0);
	for (i = 0; (link = lathe_iso9660_chain_link(chain, i)) != NULL; i++) {
		check_link(link, before);
		before = link;
		if (options & IMPORT && i < 20)
			import_link(link);
	}
	FUZZ_CHECK(i == lathe_iso9660_chain_count(chain));
	(void)lathe_iso9660_chain_gap(chain);
	check_append(chain);
	lathe_iso9660_chain_destroy(chain);
	fuzz_heap_end();
	fuzz_disc_close(disc);
	return 0;
}
