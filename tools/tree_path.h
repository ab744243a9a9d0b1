/* SPDX-License-Identifier: MIT */
#ifndef LATHE_TOOL_TREE_PATH_H
#define LATHE_TOOL_TREE_PATH_H

#include "iso9660/lathe_iso9660.h"

/* lathe_iso9660_path() of any length; to be freed. */
char *tree_path(const struct lathe_iso9660_tree *tree, uint32_t node);

#endif
