/* SPDX-License-Identifier: MIT */
/*
 * -v with --update or --mirror: the paths that are new, changed or gone, or
 * have other attributes.
 */
#include <stdlib.h>

#include "tools/content.h"
#include "tools/tree_path.h"

struct changes {
	struct content *content;
	struct was {
		uint32_t node;
		bool directory, posix_given;
		struct lathe_iso9660_posix posix;
	} *was;			/* what there was, in order of paths */
	size_t count, room;
	uint32_t last;		/* the highest number among them */
	uint32_t *changed;	/* nodes that took the place of others */
	size_t changed_count;
};

static int note_node(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct changes *changes = ctx;

	if (changes->count == changes->room) {
		changes->room = changes->room ? changes->room * 2 : 1024;
		changes->was = must_realloc(changes->was,
					    changes->room *
						    sizeof(struct was));
	}
	changes->was[changes->count++] = (struct was){
		.node = entry->node,
		.directory = entry->kind == LATHE_ISO9660_DIRECTORY,
		.posix_given = entry->posix_given,
		.posix = entry->posix,
	};
	if (entry->node > changes->last)
		changes->last = entry->node;
	return 0;
}

void content_note_tree(struct content *content)
{
	const struct content_options *options = content->options;

	content_forget_changes(content);
	if (!content->tool->verbose || !(options->update || options->mirror))
		return;
	content->changes = must_realloc(NULL, sizeof(struct changes));
	*content->changes = (struct changes){ .content = content };
	lathe_iso9660_walk(content->tree, LATHE_ISO9660_ROOT, note_node,
			   content->changes);
}

static void tell(struct content *content, const char *what, uint32_t node,
		 bool directory)
{
	char *path = tree_path(content->tree, node);

	note(content->tool, "%s: %s%s", what, path,
	     directory && path[1] ? "/" : "");
	free(path);
}

/* What has its path now; 0: nothing. */
static uint32_t successor(struct content *content, uint32_t node)
{
	char *path = tree_path(content->tree, node);
	uint32_t found = 0;

	if (lathe_iso9660_find(content->tree, path, &found) != 0)
		found = 0;
	free(path);
	return found;
}

/* What is set along with a date, where nobody asked for it, is not counted. */
static bool is_other(const struct content *content, const struct was *was,
		     const struct lathe_iso9660_entry *entry)
{
	const struct content_options *options = content->options;

	if (!options->keep_modes && !options->keep_owner)
		return false;
	return entry->posix_given != was->posix_given ||
	       entry->posix.mode != was->posix.mode ||
	       entry->posix.uid != was->posix.uid ||
	       entry->posix.gid != was->posix.gid;
}

static void look_at(struct changes *changes, const struct was *was)
{
	struct content *content = changes->content;
	struct lathe_iso9660_entry entry;
	uint32_t now = was->node;
	bool there = lathe_iso9660_get(content->tree, now, &entry) == 0;

	if (there && (entry.imported || entry.kind != LATHE_ISO9660_FILE)) {
		if (is_other(content, was, &entry))
			tell(content, "attributes", was->node, was->directory);
		return;
	}
	if (!there)
		now = successor(content, now);
	if (now)
		changes->changed[changes->changed_count++] = now;
	tell(content, now ? "changed" : "gone", was->node, was->directory);
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *one = a, *other = b;

	return *one < *other ? -1 : *one > *other;
}

static int tell_new(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct changes *changes = ctx;

	if (entry->node > changes->last &&
	    !bsearch(&entry->node, changes->changed, changes->changed_count,
		     sizeof(uint32_t), by_number))
		tell(changes->content, "new", entry->node,
		     entry->kind == LATHE_ISO9660_DIRECTORY);
	return 0;
}

void content_tell_changes(struct content *content)
{
	struct changes *changes = content->changes;
	size_t i;

	if (!changes)
		return;
	changes->changed = must_realloc(NULL, changes->count *
						      sizeof(uint32_t));
	for (i = 0; i < changes->count; i++)
		look_at(changes, &changes->was[i]);
	qsort(changes->changed, changes->changed_count, sizeof(uint32_t),
	      by_number);
	lathe_iso9660_walk(content->tree, LATHE_ISO9660_ROOT, tell_new,
			   changes);
	content_forget_changes(content);
}

void content_forget_changes(struct content *content)
{
	if (!content->changes)
		return;
	free(content->changes->was);
	free(content->changes->changed);
	free(content->changes);
	content->changes = NULL;
}
