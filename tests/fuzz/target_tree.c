/* SPDX-License-Identifier: MIT */
/*
 * A tree under a program of bytes: add, replace, remove, rename, link, save,
 * roll back, record and import again. Beside it the same is done to a model
 * that knows nothing but a table; after each session both must be the same,
 * and each call must have said what the model says it should.
 */
#include <string.h>

#include "tests/fuzz/model.h"

#define MOST_SAVES 8u
#define MOST_SESSIONS 6u

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
static void make_name(struct fuzz_input *in, char out[MODEL_NAME])
{
	uint8_t which = fuzz_byte(in);

	if (which < 128)
		snprintf(out, MODEL_NAME, "%s", names[which % NAMES]);
	else
		snprintf(out, MODEL_NAME, "long name %u.file", which & 31u);
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
	char name[MODEL_NAME];
	int err;

	make_name(in, name);
	there = model_find(&model, parent, name);
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
		note_attributes(model_add(&model, parent, name, DIRECTORY, node),
				&attr);
}

/* Where something is added, and what is there already. */
struct place {
	uint32_t parent, folder; /* its item, and its node */
	char name[MODEL_NAME];
	uint32_t there;		/* an item, 0 */
	uint32_t flags;
	int want;		/* what adding is to say */
};

static struct place place_in(uint32_t parent, struct fuzz_input *in,
			     bool replace)
{
	struct place place = { .parent = parent };

	make_name(in, place.name);
	place.folder = model.item[parent].node;
	place.there = model_find(&model, parent, place.name);
	place.flags = replace ? LATHE_ISO9660_REPLACE : 0;
	if (place.there &&
	    (!replace || model.item[place.there].kind == DIRECTORY))
		place.want = LATHE_ERR_EXISTS;
	return place;
}

/* Adding said 'err': the new item, which has taken the place, or NULL. */
static struct item *placed(const struct place *place, int err, uint8_t kind,
			   uint32_t node)
{
	FUZZ_CHECK(err == place->want);
	if (err)
		return NULL;
	if (place->there)
		model_remove(&model, place->there);
	return model_add(&model, place->parent, place->name, kind, node);
}

static void add_file(struct fuzz_input *in, bool replace)
{
	uint32_t parent = pick_directory(in), node = 0;
	uint32_t size = fuzz_u16(in) % sizeof(bytes);
	struct lathe_iso9660_attributes attr = make_attributes(in);
	struct place place = place_in(parent, in, replace);
	int err = lathe_iso9660_add_memory(tree, place.folder, place.name,
					   strlen(place.name), &attr, bytes,
					   size, place.flags, &node);
	struct item *item = placed(&place, err, FILE_KIND, node);

	if (!item)
		return;
	item->size = size;
	item->extent = ++model.extents;
	note_attributes(item, &attr);
}

static void share(struct item *item, struct item *target)
{
	item->size = target->size;
	item->extent = target->extent;
	item->linked = target->linked = true;
}

static void add_link(struct fuzz_input *in, bool replace)
{
	uint32_t parent = pick_directory(in), target = pick(in), node = 0;
	struct place place = place_in(parent, in, replace);
	struct item *item;
	int err;

	if (model.item[target].kind != FILE_KIND)
		return;
	err = lathe_iso9660_add_link(tree, place.folder, place.name,
				     strlen(place.name), NULL,
				     model.item[target].node, place.flags,
				     &node);
	/* A file may be replaced by a further name of itself, or not. */
	if (place.there == target && err)
		return;
	item = placed(&place, err, FILE_KIND, node);
	if (item)
		share(item, &model.item[target]);
}

/* With or without something to show where there are no links. */
static void add_symlink(struct fuzz_input *in, bool replace)
{
	static const char *const texts[] = {
		"a", "../a/./b", "/", "/abs/olute", "..", ".", "a/b/c",
		"\xC3\xA4", "name of a file that is longer", "a/../..",
	};
	uint32_t parent = pick_directory(in), target = pick(in), node = 0;
	const char *text = texts[fuzz_byte(in) % 10];
	bool content = fuzz_byte(in) & 1 &&
		       model.item[target].kind == FILE_KIND;
	struct place place = place_in(parent, in, replace);
	struct item *item;
	int err;

	if (place.there && place.there == target)
		return;
	err = lathe_iso9660_add_symlink(tree, place.folder, place.name,
					strlen(place.name), NULL, text,
					strlen(text),
					content ? model.item[target].node : 0,
					place.flags, &node);
	item = placed(&place, err, SYMLINK, node);
	if (!item)
		return;
	snprintf(item->text, sizeof(item->text), "%s", text);
	item->linked = true;
	if (content)
		share(item, &model.item[target]);
}

static void add_special(struct fuzz_input *in, bool replace)
{
	static const uint32_t types[] = { 0020000, 0060000, 0010000,
					  0140000 };
	uint32_t parent = pick_directory(in), node = 0;
	uint32_t type = types[fuzz_byte(in) % 4], low = fuzz_u16(in);
	bool device = type == 0020000 || type == 0060000;
	struct place place = place_in(parent, in, replace);
	struct item *item;
	int err;

	if (!device)
		low = 0;
	err = lathe_iso9660_add_special(tree, place.folder, place.name,
					strlen(place.name), NULL, type, device,
					low, place.flags, &node);
	item = placed(&place, err, SPECIAL, node);
	if (!item)
		return;
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
	model_remove(&model, i);
}

static void rename_one(struct fuzz_input *in)
{
	uint32_t i = pick(in), parent = pick_directory(in), there;
	char name[MODEL_NAME];
	int err;

	make_name(in, name);
	there = model_find(&model, parent, name);
	err = lathe_iso9660_rename(tree, model.item[i].node,
				   model.item[parent].node, name,
				   strlen(name));
	if (i == 0 || model_below(&model, parent, i)) {
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
	model_compare(&model, tree);
}

/* ---- sessions ----------------------------------------------------------- */

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
	model_compare(&model, tree);
	model_find_nodes(&model, tree);
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
	model_begin(&model);
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
	while (in.left > 0 && model.count < MODEL_NODES - 1) {
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
	model_compare(&model, tree);
	next_session(disc, &previous, options);
	lathe_iso9660_tree_destroy(tree);
	fuzz_heap_end();
	fuzz_disc_close(disc);
	return 0;
}
