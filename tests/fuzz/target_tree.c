/* SPDX-License-Identifier: MIT */
/*
 * A tree under a program of bytes: add, replace, remove, rename, link, save,
 * roll back, record and import again. Beside it the same is done to a model
 * that knows nothing but a table; after each session both must be the same,
 * and each call must have said what the model says it should.
 */
#include <inttypes.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

#define MOST_NODES 200u
#define MOST_SAVES 8u
#define MOST_SESSIONS 6u

/* ---- the model ---------------------------------------------------------- */

struct item {
	bool alive;
	uint8_t kind;		/* enum lathe_iso9660_kind */
	bool linked;		/* shares its extent, or did */
	uint32_t parent;	/* index of an item; 0 is the root */
	char name[24];
	uint32_t extent;	/* of what is in it: links share one; 0: none */
	uint32_t size;
	uint32_t node;		/* in the tree under test */
	bool posix_given;
	struct lathe_iso9660_posix posix;
	char text[40];		/* where a link leads */
	uint32_t type, high, low; /* of a special file */
};

struct model {
	struct item item[MOST_NODES];
	uint32_t count, extents;
};

enum {
	DIRECTORY = LATHE_ISO9660_DIRECTORY,
	FILE_KIND = LATHE_ISO9660_FILE,
	SYMLINK = LATHE_ISO9660_SYMLINK,
	SPECIAL = LATHE_ISO9660_SPECIAL
};

static struct model model, saved[MOST_SAVES];
static struct lathe_iso9660_savepoint savepoint[MOST_SAVES];
static uint32_t saves;
static struct lathe_iso9660_tree *tree;
static uint8_t bytes[5000];

/* Names that are recorded as they are in Joliet, some alike. */
static const char *const names[] = {
	"a", "A", "b", "readme.txt", "README.TXT", "README1.TXT", "x.tar.gz",
	"CON", "con", ".hidden", "trailing.", "\xC3\xA4", "\xE6\x97\xA5",
	"\xF0\x9F\x98\x80", "with space", "UPPER_CASE.EXT",
};
#define NAMES (sizeof(names) / sizeof(names[0]))

/* One of the names above, or one with a number. */
static void make_name(struct fuzz_input *in, char out[24])
{
	uint8_t which = fuzz_byte(in);

	if (which < 128)
		snprintf(out, 24, "%s", names[which % NAMES]);
	else
		snprintf(out, 24, "long name %u.file", which & 31u);
}

static uint32_t find(uint32_t parent, const char *name)
{
	uint32_t i;

	for (i = 1; i < model.count; i++)
		if (model.item[i].alive && model.item[i].parent == parent &&
		    strcmp(model.item[i].name, name) == 0)
			return i;
	return 0;
}

/* An item that is there; the root where the input says so. */
static uint32_t pick(struct fuzz_input *in)
{
	uint32_t i = fuzz_byte(in) % model.count;

	while (!model.item[i].alive)
		i--;
	return i;
}

static uint32_t pick_directory(struct fuzz_input *in)
{
	uint32_t i = pick(in);

	return model.item[i].kind == DIRECTORY ? i : model.item[i].parent;
}

static bool below(uint32_t i, uint32_t top)
{
	while (i != top && i != 0)
		i = model.item[i].parent;
	return i == top;
}

static void kill(uint32_t top)
{
	uint32_t i;

	for (i = 1; i < model.count; i++)
		if (i != top && model.item[i].alive && below(i, top))
			model.item[i].alive = false;
	model.item[top].alive = false;
}

static struct item *new_item(uint32_t parent, const char *name, uint8_t kind,
			     uint32_t node)
{
	struct item *item = &model.item[model.count++];

	memset(item, 0, sizeof(*item));
	item->alive = true;
	item->parent = parent;
	item->kind = kind;
	item->node = node;
	memcpy(item->name, name, sizeof(item->name));
	return item;
}

/* ---- both lists --------------------------------------------------------- */

/* As deep as a tree of all nodes can be. */
#define PATH_ROOM (MOST_NODES * 24u)

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
static void model_path(uint32_t i, char *out)
{
	char reverse[PATH_ROOM], *p = reverse + sizeof(reverse);
	size_t len;

	*--p = '\0';
	for (; i != 0; i = model.item[i].parent) {
		len = strlen(model.item[i].name);
		p -= len;
		memcpy(p, model.item[i].name, len);
		*--p = '/';
	}
	memcpy(out, p, (size_t)(reverse + sizeof(reverse) - p));
}

static uint32_t list_model(struct line *lines)
{
	uint32_t i, n = 0;

	for (i = 1; i < model.count; i++) {
		if (!model.item[i].alive)
			continue;
		model_path(i, lines[n].path);
		lines[n].kind = model.item[i].kind;
		lines[n].item = i;
		lines[n++].size = model.item[i].size;
	}
	qsort(lines, n, sizeof(*lines), by_path);
	return n;
}

struct listing {
	struct line *lines;
	uint32_t count;
};

static int list_one(void *ctx, const struct lathe_iso9660_entry *e)
{
	struct listing *listing = ctx;
	struct line *line = &listing->lines[listing->count];

	if (e->node == LATHE_ISO9660_ROOT)
		return 0;
	FUZZ_CHECK(listing->count < MOST_NODES);
	FUZZ_CHECK(lathe_iso9660_path(tree, e->node, line->path,
				      sizeof(line->path)) <
		   sizeof(line->path));
	line->kind = (uint8_t)e->kind;
	line->node = e->node;
	line->size = (uint32_t)e->size;
	listing->count++;
	return 0;
}

/* What the lists do not show. */
static void compare_details(const struct item *item, uint32_t node)
{
	struct lathe_iso9660_entry e;

	FUZZ_CHECK(lathe_iso9660_get(tree, node, &e) == 0);
	if (item->kind == SYMLINK) {
		FUZZ_CHECK(e.symlink_len == strlen(item->text));
		FUZZ_CHECK(memcmp(e.symlink, item->text, e.symlink_len) == 0);
	}
	if (item->kind == SPECIAL) {
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

static void compare_trees(void)
{
	static struct line want[MOST_NODES], got[MOST_NODES];
	struct listing listing = { got, 0 };
	struct lathe_iso9660_count count;
	uint32_t n = list_model(want), i;

	FUZZ_CHECK(lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, list_one,
				      &listing) == 0);
	qsort(got, listing.count, sizeof(*got), by_path);
	if (n != listing.count || !same_lines(want, got, n)) {
		show("wanted", want, n);
		show("there", got, listing.count);
		fuzz_finding(__FILE__, __LINE__, "the same tree");
	}
	for (i = 0; i < n; i++)
		compare_details(&model.item[want[i].item], got[i].node);
	lathe_iso9660_count(tree, &count);
	FUZZ_CHECK(count.directories + count.files == n + 1);
}

/* ---- what is done to both ----------------------------------------------- */

/* Permissions for every other one. */
static struct lathe_iso9660_attributes make_attributes(struct fuzz_input *in)
{
	struct lathe_iso9660_attributes attr = { .hidden = false };
	uint32_t value = fuzz_u16(in);

	attr.posix_given = value & 1;
	attr.posix.mode = value >> 1 & 07777;
	attr.posix.uid = value % 3 ? value * 65536 + value : 0;
	attr.posix.gid = value % 5;
	return attr;
}

static void note_attributes(struct item *item,
			    const struct lathe_iso9660_attributes *attr)
{
	item->posix_given = attr->posix_given;
	item->posix = attr->posix;
}

static void add_directory(struct fuzz_input *in)
{
	uint32_t parent = pick_directory(in), there, node = 0;
	struct lathe_iso9660_attributes attr = make_attributes(in);
	char name[24];
	int err;

	make_name(in, name);
	there = find(parent, name);
	err = lathe_iso9660_add_directory(tree, model.item[parent].node, name,
					  strlen(name), &attr, &node);
	if (there && model.item[there].kind != DIRECTORY) {
		FUZZ_CHECK(err == LATHE_ERR_EXISTS);
		return;
	}
	FUZZ_CHECK(err == 0);
	if (there)
		FUZZ_CHECK(node == model.item[there].node);
	else
		note_attributes(new_item(parent, name, DIRECTORY, node),
				&attr);
}

/* The error that adding a file is to have; else what it replaces is gone. */
static int make_way(uint32_t there, bool replace)
{
	if (!there)
		return 0;
	if (!replace || model.item[there].kind == DIRECTORY)
		return LATHE_ERR_EXISTS;
	return 0;
}

static void add_file(struct fuzz_input *in, bool replace)
{
	uint32_t parent = pick_directory(in), there, node = 0;
	uint32_t size = fuzz_u16(in) % sizeof(bytes);
	struct lathe_iso9660_attributes attr = make_attributes(in);
	struct item *item;
	char name[24];
	int err, want;

	make_name(in, name);
	there = find(parent, name);
	want = make_way(there, replace);
	err = lathe_iso9660_add_memory(tree, model.item[parent].node, name,
				       strlen(name), &attr, bytes, size,
				       replace ? LATHE_ISO9660_REPLACE : 0,
				       &node);
	FUZZ_CHECK(err == want);
	if (err)
		return;
	if (there)
		kill(there);
	item = new_item(parent, name, FILE_KIND, node);
	item->size = size;
	item->extent = ++model.extents;
	note_attributes(item, &attr);
}

static void add_link(struct fuzz_input *in, bool replace)
{
	uint32_t parent = pick_directory(in), target = pick(in), there;
	struct item *item;
	uint32_t node = 0;
	char name[24];
	int err, want;

	make_name(in, name);
	if (model.item[target].kind != FILE_KIND)
		return;
	there = find(parent, name);
	want = make_way(there, replace);
	err = lathe_iso9660_add_link(tree, model.item[parent].node, name,
				     strlen(name), NULL,
				     model.item[target].node,
				     replace ? LATHE_ISO9660_REPLACE : 0,
				     &node);
	/* A file may be replaced by a further name of itself, or not. */
	if (there == target && !err)
		FUZZ_CHECK(want == 0);
	if (there == target && err)
		return;
	FUZZ_CHECK(err == want);
	if (err)
		return;
	if (there)
		kill(there);
	item = new_item(parent, name, FILE_KIND, node);
	item->size = model.item[target].size;
	item->extent = model.item[target].extent;
	item->linked = model.item[target].linked = true;
}

/* With or without something to show where there are no links. */
static void add_symlink(struct fuzz_input *in, bool replace)
{
	static const char *const texts[] = {
		"a", "../a/./b", "/", "/abs/olute", "..", ".", "a/b/c",
		"\xC3\xA4", "name of a file that is longer", "a/../..",
	};
	uint32_t parent = pick_directory(in), target = pick(in), there;
	const char *text = texts[fuzz_byte(in) % 10];
	bool content = fuzz_byte(in) & 1 &&
		       model.item[target].kind == FILE_KIND;
	struct item *item;
	uint32_t node = 0;
	char name[24];
	int err, want;

	make_name(in, name);
	there = find(parent, name);
	want = make_way(there, replace);
	if (there && there == target)
		return;
	err = lathe_iso9660_add_symlink(tree, model.item[parent].node, name,
					strlen(name), NULL, text, strlen(text),
					content ? model.item[target].node : 0,
					replace ? LATHE_ISO9660_REPLACE : 0,
					&node);
	FUZZ_CHECK(err == want);
	if (err)
		return;
	if (there)
		kill(there);
	item = new_item(parent, name, SYMLINK, node);
	snprintf(item->text, sizeof(item->text), "%s", text);
	item->linked = true;
	if (!content)
		return;
	item->size = model.item[target].size;
	item->extent = model.item[target].extent;
	model.item[target].linked = true;
}

static void add_special(struct fuzz_input *in, bool replace)
{
	static const uint32_t types[] = { 0020000, 0060000, 0010000,
					  0140000 };
	uint32_t parent = pick_directory(in), there, node = 0;
	uint32_t type = types[fuzz_byte(in) % 4], low = fuzz_u16(in);
	bool device = type == 0020000 || type == 0060000;
	struct item *item;
	char name[24];
	int err, want;

	make_name(in, name);
	there = find(parent, name);
	want = make_way(there, replace);
	if (!device)
		low = 0;
	err = lathe_iso9660_add_special(tree, model.item[parent].node, name,
					strlen(name), NULL, type, device, low,
					replace ? LATHE_ISO9660_REPLACE : 0,
					&node);
	FUZZ_CHECK(err == want);
	if (err)
		return;
	if (there)
		kill(there);
	item = new_item(parent, name, SPECIAL, node);
	item->type = type;
	item->high = device;
	item->low = low;
}

static void remove_one(struct fuzz_input *in)
{
	uint32_t i = pick(in);
	int err = lathe_iso9660_remove(tree, model.item[i].node);

	if (i == 0) {
		FUZZ_CHECK(err != 0);
		return;
	}
	FUZZ_CHECK(err == 0);
	kill(i);
}

static void rename_one(struct fuzz_input *in)
{
	uint32_t i = pick(in), parent = pick_directory(in), there;
	char name[24];
	int err;

	make_name(in, name);
	there = find(parent, name);
	err = lathe_iso9660_rename(tree, model.item[i].node,
				   model.item[parent].node, name,
				   strlen(name));
	if (i == 0 || below(parent, i)) {
		FUZZ_CHECK(err == LATHE_ERR_ARG || err == LATHE_ERR_EXISTS);
		return;
	}
	if (there && there != i) {
		FUZZ_CHECK(err == LATHE_ERR_EXISTS);
		return;
	}
	FUZZ_CHECK(err == 0);
	model.item[i].parent = parent;
	memcpy(model.item[i].name, name, sizeof(name));
}

static void save(void)
{
	if (saves == MOST_SAVES)
		return;
	FUZZ_CHECK(lathe_iso9660_save(tree, &savepoint[saves]) == 0);
	saved[saves++] = model;
}

static void roll_back(struct fuzz_input *in)
{
	uint32_t to;

	if (saves == 0)
		return;
	to = fuzz_byte(in) % saves;
	lathe_iso9660_rollback(tree, &savepoint[to]);
	model = saved[to];
	saves = to;		/* those behind it are void */
	compare_trees();
}

/* ---- sessions ----------------------------------------------------------- */

static void find_nodes(void)
{
	char path[PATH_ROOM];
	uint32_t i;

	for (i = 1; i < model.count; i++) {
		if (!model.item[i].alive)
			continue;
		model_path(i, path);
		FUZZ_CHECK(lathe_iso9660_find(tree, path,
					      &model.item[i].node) == 0);
	}
}

static int compare_bytes(void *ctx, const struct lathe_iso9660_entry *e)
{
	struct fuzz_disc *disc = ctx;
	uint64_t size;
	uint32_t lba, at;

	if (e->kind == LATHE_ISO9660_DIRECTORY || e->size == 0)
		return 0;
	FUZZ_CHECK(e->sections == 1);
	FUZZ_CHECK(lathe_iso9660_section(tree, e->node, 0, &lba, &size) == 0);
	for (at = 0; at < size; at += LATHE_BLOCK_BYTES)
		FUZZ_CHECK(memcmp(fuzz_disc_block(disc, lba++), bytes + at,
				  size - at < LATHE_BLOCK_BYTES
					  ? size - at
					  : LATHE_BLOCK_BYTES) == 0);
	return 0;
}

/* What Joliet and plain ISO 9660 make of links and special files; and of
 * permissions. */
static void lose(uint8_t options)
{
	struct item *item;
	uint32_t i;

	for (i = 0; i < model.count; i++) {
		item = &model.item[i];
		if (options & FUZZ_ROCK_RIDGE)
			continue;
		item->posix_given = false;
		if (item->kind == SPECIAL ||
		    (item->kind == SYMLINK && item->extent == 0))
			item->alive = false;
		if (item->kind == SYMLINK)
			item->kind = FILE_KIND;
	}
}

/* Record, forget, import. */
static void next_session(struct fuzz_disc *disc,
			 struct lathe_iso9660_session *previous,
			 uint8_t options)
{
	uint32_t start = (disc->blocks + 31) / 32 * 32;
	struct fuzz_import import;
	bool renamed;

	if (disc->blocks == 1)
		start = 0;
	if (fuzz_record_session(disc, tree, start, previous, options,
				&renamed) != 0)
		return;
	FUZZ_CHECK(!renamed);
	lathe_iso9660_tree_destroy(tree);
	fuzz_import_run(&import, disc, start, options);
	FUZZ_CHECK(import.err == 0);
	FUZZ_CHECK(import.found.own);
	FUZZ_CHECK(import.oddities == 0);
	*previous = import.found.self;
	tree = import.tree;
	saves = 0;
	lose(options);
	compare_trees();
	find_nodes();
	lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, compare_bytes, disc);
}

static void start(void)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .hooks = fuzz_hooks()
	};
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + i / 251);
	memset(&model.item[0], 0, sizeof(model.item[0]));
	model.item[0].alive = true;
	model.item[0].kind = DIRECTORY;
	model.item[0].node = LATHE_ISO9660_ROOT;
	model.count = 1;
	model.extents = 0;
	saves = 0;
	FUZZ_CHECK(lathe_iso9660_tree_create(&config, &tree) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	struct lathe_iso9660_session previous = { 0, 0 };
	uint8_t options = fuzz_byte(&in) & (FUZZ_SINGLE | FUZZ_ROCK_RIDGE);
	struct fuzz_disc *disc = fuzz_disc_empty(1, options & FUZZ_SINGLE);
	uint32_t sessions = 0;

	start();
	while (in.left > 0 && model.count < MOST_NODES - 1) {
		uint8_t what = fuzz_byte(&in);

		switch (what % 14) {
		case 0: case 1: case 2:
			add_directory(&in);
			break;
		case 3: case 4: case 5:
			add_file(&in, what & 128);
			break;
		case 6:
			add_link(&in, what & 128);
			break;
		case 7:
			remove_one(&in);
			break;
		case 8:
			rename_one(&in);
			break;
		case 9:
			save();
			break;
		case 10:
			roll_back(&in);
			break;
		case 11:
			add_symlink(&in, what & 128);
			break;
		case 12:
			add_special(&in, what & 128);
			break;
		default:
			if (sessions++ < MOST_SESSIONS)
				next_session(disc, &previous, options);
		}
	}
	compare_trees();
	next_session(disc, &previous, options);
	lathe_iso9660_tree_destroy(tree);
	fuzz_heap_end();
	fuzz_disc_close(disc);
	return 0;
}
