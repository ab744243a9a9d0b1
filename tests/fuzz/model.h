/* SPDX-License-Identifier: MIT */
/* A tree that is nothing but a table, to be held against the one under test. */
#ifndef TESTS_FUZZ_MODEL_H
#define TESTS_FUZZ_MODEL_H

#include "tests/fuzz/fuzz.h"

#define MODEL_NODES 200u
#define MODEL_NAME 24u

struct item {
	bool alive;
	uint8_t kind;		/* enum lathe_iso9660_kind */
	bool linked;		/* shares its extent, or did */
	uint32_t parent;	/* index of an item; 0 is the root */
	char name[MODEL_NAME];
	uint32_t extent;	/* of what is in it: links share one; 0: none */
	uint32_t size;
	uint32_t node;		/* in the tree under test */
	bool posix_given;
	struct lathe_iso9660_posix posix;
	char text[40];		/* where a link leads */
	uint32_t type, high, low; /* of a special file */
};

struct model {
	struct item item[MODEL_NODES];
	uint32_t count, extents;
};

/* The root alone. */
void model_begin(struct model *model);

/* The item of that name in a directory, 0. */
uint32_t model_find(const struct model *model, uint32_t parent,
		    const char *name);
/* Is 'i' 'top' or in it? */
bool model_below(const struct model *model, uint32_t i, uint32_t top);
/* It goes, with all in it. */
void model_remove(struct model *model, uint32_t top);
/* There has to be room. */
struct item *model_add(struct model *model, uint32_t parent, const char *name,
		       uint8_t kind, uint32_t node);

/* The nodes of an imported tree, by their paths. */
void model_find_nodes(struct model *model,
		      const struct lathe_iso9660_tree *tree);
/* Both are the same, or it is a finding. */
void model_compare(const struct model *model,
		   struct lathe_iso9660_tree *tree);

#endif
