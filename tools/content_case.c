/* SPDX-License-Identifier: MIT */
/*
 * Names that differ in case alone. Both are recorded, but Windows, and Linux
 * on a Joliet volume, open only one of them: worth a warning. A hash of
 * (directory, folded name) for each node, sorted: equal neighbours are twins.
 */
#include <stdlib.h>

#include "tools/content.h"
#include "tools/fold.h"
#include "tools/hashes.h"

static int visit(void *ctx, const struct lathe_iso9660_entry *entry)
{
	hashes_add(ctx, fold_name(fold_mix(FOLD_BEGIN, entry->parent),
				  entry->name, entry->name_len));
	return 0;
}

uint32_t content_case_twins(struct lathe_iso9660_tree *tree)
{
	struct hashes hashes = { .hash = NULL };
	uint32_t twins = 0;
	size_t i;

	lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, visit, &hashes);
	hashes_sort(&hashes);
	for (i = 1; i < hashes.count; i++)
		twins += hashes.hash[i] == hashes.hash[i - 1];
	free(hashes.hash);
	return twins;
}
