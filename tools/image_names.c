/* SPDX-License-Identifier: MIT */
/*
 * An image with Rock Ridge that goes on without it shows the names of Joliet.
 * Identifiers that are recorded stay, so the engine has nothing to tell: which
 * names differ is seen where the tree is read with the names of the one and of
 * the other.
 */
#include <stdlib.h>

#include "tools/hashes.h"
#include "tools/image.h"
#include "tools/tree_path.h"

struct image_names {
	struct lathe_iso9660_tree *tree; /* that is looked at */
	struct hashes shown;	/* of names in Joliet */
	char **path;		/* whose names are not among these */
	size_t paths;
};

static bool in_joliet(const struct lathe_iso9660_entry *entry)
{
	return (entry->present & FOUND_JOLIET) != 0;
}

/* FNV-1a, on bytes. */
static uint64_t mix(uint64_t hash, const void *data, size_t bytes)
{
	const uint8_t *p = data;

	while (bytes-- > 0)
		hash = (hash ^ *p++) * UINT64_C(0x100000001b3);
	return hash;
}

/* A name, of what lies there. */
static uint64_t hash_of(const struct lathe_iso9660_entry *entry)
{
	const uint32_t what[] = { (uint32_t)entry->kind, entry->lba };
	uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), what, sizeof(what));

	return mix(hash, entry->name, entry->name_len);
}

static int collect(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct image_names *names = ctx;

	if (in_joliet(entry))
		hashes_add(&names->shown, hash_of(entry));
	return 0;
}

static int look_for(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct image_names *names = ctx;

	if (!in_joliet(entry) || entry->node == LATHE_ISO9660_ROOT ||
	    hashes_have(&names->shown, hash_of(entry)))
		return 0;
	names->path = must_realloc(names->path, (names->paths + 1) *
							sizeof(*names->path));
	names->path[names->paths++] = tree_path(names->tree, entry->node);
	return 0;
}

void image_find_names(struct image_run *run,
		      const struct lathe_session_info *session,
		      struct lathe_iso9660_tree *tree)
{
	struct lathe_iso9660_tree *other, *joliet;
	struct image_names *names;

	if (!run->options->content.no_rock_ridge || run->content.lacks_joliet ||
	    !(other = volume_import_other(&run->base, session)))
		return;
	names = must_realloc(NULL, sizeof(*names));
	*names = (struct image_names){
		.tree = run->base.joliet_names ? other : tree
	};
	joliet = run->base.joliet_names ? tree : other;
	lathe_iso9660_walk(joliet, LATHE_ISO9660_ROOT, collect, names);
	hashes_sort(&names->shown);
	lathe_iso9660_walk(names->tree, LATHE_ISO9660_ROOT, look_for, names);
	lathe_iso9660_tree_destroy(other);
	run->names = names;
}

void image_tell_names(struct image_run *run)
{
	size_t i;

	for (i = 0; run->names && i < run->names->paths; i++) {
		run->content.renamed++;
		if (run->tool->verbose)
			note(run->tool, "recorded differently: %s",
			     run->names->path[i]);
	}
}

void image_forget_names(struct image_run *run)
{
	size_t i;

	if (!run->names)
		return;
	for (i = 0; i < run->names->paths; i++)
		free(run->names->path[i]);
	free(run->names->path);
	free(run->names->shown.hash);
	free(run->names);
	run->names = NULL;
}
