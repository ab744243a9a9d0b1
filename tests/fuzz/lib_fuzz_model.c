/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "tests/fuzz/model.h"

void model_begin(struct model *model)
{
	struct item *root = &model->item[0];

	memset(root, 0, sizeof(*root));
	root->alive = true;
	root->kind = LATHE_ISO9660_DIRECTORY;
	root->node = LATHE_ISO9660_ROOT;
	model->count = 1;
	model->extents = 0;
}

uint32_t model_find(const struct model *model, uint32_t parent,
		    const char *name)
{
	uint32_t i;

	for (i = 1; i < model->count; i++)
		if (model->item[i].alive && model->item[i].parent == parent &&
		    strcmp(model->item[i].name, name) == 0)
			return i;
	return 0;
}

bool model_below(const struct model *model, uint32_t i, uint32_t top)
{
	while (i != top && i != 0)
		i = model->item[i].parent;
	return i == top;
}

void model_remove(struct model *model, uint32_t top)
{
	uint32_t i;

	for (i = 1; i < model->count; i++)
		if (i != top && model->item[i].alive &&
		    model_below(model, i, top))
			model->item[i].alive = false;
	model->item[top].alive = false;
}

struct item *model_add(struct model *model, uint32_t parent, const char *name,
		       uint8_t kind, uint32_t node)
{
	struct item *item = &model->item[model->count++];

	memset(item, 0, sizeof(*item));
	item->alive = true;
	item->parent = parent;
	item->kind = kind;
	item->node = node;
	memcpy(item->name, name, sizeof(item->name));
	return item;
}

/* ---- both as lists ------------------------------------------------------ */

/* As deep as a tree of all nodes can be. */
#define PATH_ROOM (MODEL_NODES * MODEL_NAME)

struct line {
	char path[PATH_ROOM];
	uint8_t kind;
	uint32_t size;
	uint32_t node, item;
};

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct line *)a)->path,
		      ((const struct line *)b)->path);
}

/* From its end to its beginning. */
static void path_of(const struct model *model, uint32_t i, char *out)
{
	char reverse[PATH_ROOM], *p = reverse + sizeof(reverse);
	size_t len;

	*--p = '\0';
	for (; i != 0; i = model->item[i].parent) {
		len = strlen(model->item[i].name);
		p -= len;
		memcpy(p, model->item[i].name, len);
		*--p = '/';
	}
	memcpy(out, p, (size_t)(reverse + sizeof(reverse) - p));
}

static uint32_t list_model(const struct model *model, struct line *lines)
{
	uint32_t i, n = 0;

	for (i = 1; i < model->count; i++) {
		if (!model->item[i].alive)
			continue;
		path_of(model, i, lines[n].path);
		lines[n].kind = model->item[i].kind;
		lines[n].item = i;
		lines[n++].size = model->item[i].size;
	}
	qsort(lines, n, sizeof(*lines), by_path);
	return n;
}

struct listing {
	struct lathe_iso9660_tree *tree;
	struct line *lines;
	uint32_t count;
};

static int list_one(void *ctx, const struct lathe_iso9660_entry *e)
{
	struct listing *listing = ctx;
	struct line *line = &listing->lines[listing->count];

	if (e->node == LATHE_ISO9660_ROOT)
		return 0;
	FUZZ_CHECK(listing->count < MODEL_NODES);
	FUZZ_CHECK(lathe_iso9660_path(listing->tree, e->node,
				      line->path, sizeof(line->path)) <
		   sizeof(line->path));
	line->kind = (uint8_t)e->kind;
	line->node = e->node;
	line->size = (uint32_t)e->size;
	listing->count++;
	return 0;
}

/* What the lists do not show. */
static void compare_details(const struct item *item,
			    const struct lathe_iso9660_tree *tree,
			    uint32_t node)
{
	struct lathe_iso9660_entry e;

	FUZZ_CHECK(lathe_iso9660_get(tree, node, &e) == 0);
	if (item->kind == LATHE_ISO9660_SYMLINK) {
		FUZZ_CHECK(e.symlink_len == strlen(item->text));
		FUZZ_CHECK(memcmp(e.symlink, item->text, e.symlink_len) == 0);
	}
	if (item->kind == LATHE_ISO9660_SPECIAL) {
		FUZZ_CHECK(e.type == item->type);
		FUZZ_CHECK(e.dev_high == item->high &&
			   e.dev_low == item->low);
	}
	if (!item->posix_given || item->linked)
		return;
	FUZZ_CHECK(e.posix_given);
	FUZZ_CHECK(e.posix.mode == item->posix.mode);
	FUZZ_CHECK(e.posix.uid == item->posix.uid);
	FUZZ_CHECK(e.posix.gid == item->posix.gid);
}

static void show(const char *what, const struct line *lines, uint32_t count)
{
	uint32_t i;

	printf("%s:\n", what);
	for (i = 0; i < count; i++)
		printf("%s %u %" PRIu32 "\n", lines[i].path, lines[i].kind,
		       lines[i].size);
}

static bool same_lines(const struct line *a, const struct line *b, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		if (strcmp(a[i].path, b[i].path) != 0 ||
		    a[i].kind != b[i].kind || a[i].size != b[i].size)
			return false;
	return true;
}

void model_compare(const struct model *model,
		   struct lathe_iso9660_tree *tree)
{
	static struct line want[MODEL_NODES], got[MODEL_NODES];
	struct listing listing = { tree, got, 0 };
	struct lathe_iso9660_counts count;
	uint32_t n = list_model(model, want), i;

	FUZZ_CHECK(lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, list_one,
				      &listing) == 0);
	qsort(got, listing.count, sizeof(*got), by_path);
	if (n != listing.count || !same_lines(want, got, n)) {
		show("wanted", want, n);
		show("there", got, listing.count);
		fuzz_finding(__FILE__, __LINE__, "the same tree");
	}
	for (i = 0; i < n; i++)
		compare_details(&model->item[want[i].item], tree,
				got[i].node);
	lathe_iso9660_count(tree, &count);
	FUZZ_CHECK(count.directories + count.files == n + 1);
}

void model_find_nodes(struct model *model,
		      const struct lathe_iso9660_tree *tree)
{
	char path[PATH_ROOM];
	uint32_t i;

	for (i = 1; i < model->count; i++) {
		if (!model->item[i].alive)
			continue;
		path_of(model, i, path);
		FUZZ_CHECK(lathe_iso9660_find(tree, path,
					      &model->item[i].node) == 0);
	}
}
