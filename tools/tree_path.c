/* SPDX-License-Identifier: MIT */
#include "tools/tree_path.h"

#include "tools/tool.h"

char *tree_path(const struct lathe_iso9660_tree *tree, uint32_t node)
{
	size_t bytes = lathe_iso9660_path(tree, node, NULL, 0) + 1;
	char *path = must_realloc(NULL, bytes);

	lathe_iso9660_path(tree, node, path, bytes);
	return path;
}
