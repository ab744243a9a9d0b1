/* SPDX-License-Identifier: MIT */
/* Imports and what must hold after them; sessions that are recorded. */
#include <inttypes.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

const struct lathe_iso9660_use fuzz_joliet[1] = {
	{ &lathe_joliet_hierarchy, NULL }
};

/* ---- what an import promises -------------------------------------------- */

struct walk {
	struct lathe_iso9660_tree *tree;
	const struct fuzz_disc *disc;
	uint32_t visited;
};

static void check_name(const struct lathe_iso9660_entry *e)
{
	FUZZ_CHECK(e->name_len >= 1);
	FUZZ_CHECK(e->name_len <= LATHE_ISO9660_NAME_MAX);
	FUZZ_CHECK(!memchr(e->name, '/', e->name_len));
	FUZZ_CHECK(!memchr(e->name, '\0', e->name_len));
	FUZZ_CHECK(e->name_len > 2 || memcmp(e->name, "..", e->name_len) != 0);
}

/* Each extent is on the disc, and together they are the file. */
static void check_sections(const struct walk *walk,
			   const struct lathe_iso9660_entry *e)
{
	uint64_t bytes, sum = 0;
	uint32_t lba, i;

	for (i = 0; i < e->sections; i++) {
		FUZZ_CHECK(lathe_iso9660_section(walk->tree, e->node, i, &lba,
						 &bytes) == 0);
		FUZZ_CHECK(bytes == 0 ||
			   (uint64_t)lba + (bytes + 2047) / 2048 <=
				   walk->disc->blocks);
		sum += bytes;
	}
	FUZZ_CHECK(sum == e->size);
}

static void check_link(const struct lathe_iso9660_entry *e)
{
	FUZZ_CHECK(e->symlink_len >= 1);
	FUZZ_CHECK(e->symlink_len <= LATHE_ISO9660_SYMLINK_MAX);
	FUZZ_CHECK(!memchr(e->symlink, '\0', e->symlink_len));
}

static int check_entry(void *ctx, const struct lathe_iso9660_entry *e)
{
	struct walk *walk = ctx;
	uint32_t found;

	walk->visited++;
	if (e->node == LATHE_ISO9660_ROOT)
		return 0;
	check_name(e);
	/* Found by its name: no other has it. */
	FUZZ_CHECK(lathe_iso9660_find_child(walk->tree, e->parent, e->name,
					    e->name_len, &found) == 0);
	FUZZ_CHECK(found == e->node);
	if (e->kind == LATHE_ISO9660_SYMLINK)
		check_link(e);
	if (e->kind == LATHE_ISO9660_SPECIAL ||
	    e->kind == LATHE_ISO9660_DIRECTORY)
		FUZZ_CHECK(e->size == 0);
	else if (e->size)
		check_sections(walk, e);
	return 0;
}

/* A text of a descriptor: one line of UTF-8 that ends. */
static void check_text(const char *text, size_t room)
{
	const char *end = memchr(text, '\0', room);

	FUZZ_CHECK(end != NULL);
	for (; text < end; text++)
		FUZZ_CHECK((uint8_t)*text >= 0x20);
}

static void odd(void *ctx, enum lathe_iso9660_oddity what, uint32_t lba,
		const char *text)
{
	struct fuzz_import *import = ctx;

	(void)lba;
	FUZZ_CHECK((unsigned)what <= LATHE_ISO9660_ODD_BOOT);
	check_text(text, LATHE_FAILURE_TEXT);
	if (getenv("FUZZ_TELL"))
		printf("odd: %s\n", text);
	if (what == LATHE_ISO9660_ODD_SINGLE)
		import->single++;
	else
		import->oddities++;
}

static void check_error(const struct fuzz_import *import)
{
	const struct lathe_failure *failure =
		lathe_iso9660_tree_failure(import->tree);

	FUZZ_CHECK(failure->err == import->err);
	if (!import->err)
		return;
	FUZZ_CHECK(failure->text[0] != 0);
	check_text(failure->text, sizeof(failure->text));
	FUZZ_CHECK(import->err == LATHE_ERR_NO_VOLUME ||
		   import->err == LATHE_ERR_CORRUPT ||
		   import->err == LATHE_ERR_LIMIT ||
		   import->err == LATHE_ERR_UNSUPPORTED);
}

void fuzz_import_run(struct fuzz_import *import, struct fuzz_disc *disc,
		     uint32_t start, uint8_t options)
{
	static const struct lathe_iso9660_limits tight = {
		.nodes = 60, .depth = 5, .name_bytes = 400, .sections = 4,
		.directory_bytes = 20 * 2048,
	};
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .hooks = fuzz_hooks(),
		.limits = { .nodes = 50000, .name_bytes = 4u << 20 },
	};
	struct lathe_iso9660_import_options how = {
		.size = sizeof(how), .uses = fuzz_joliet, .use_count = 1,
		.names_from = options & FUZZ_NAMES, .odd = odd,
		.odd_ctx = import, .damaged = options & FUZZ_DAMAGED,
	};
	struct walk walk = { .disc = disc };
	struct lathe_iso9660_counts count;

	memset(import, 0, sizeof(*import));
	if (options & FUZZ_LIMITS)
		config.limits = tight;
	if (options & FUZZ_ROCK_RIDGE)
		how.system_use = &lathe_iso9660_rock_ridge;
	disc->blocks_read = 0;
	FUZZ_CHECK(lathe_iso9660_tree_create(&config, &import->tree) == 0);
	import->err = lathe_iso9660_import(import->tree, &disc->source, start,
					   &how, &import->found);
	check_error(import);
	walk.tree = import->tree;
	FUZZ_CHECK(lathe_iso9660_walk(import->tree, LATHE_ISO9660_ROOT,
				      check_entry, &walk) == 0);
	lathe_iso9660_count(import->tree, &count);
	FUZZ_CHECK(walk.visited == count.directories + count.files);
	FUZZ_CHECK(!lathe_iso9660_changed(import->tree));
	if (import->err) {
		FUZZ_CHECK(walk.visited == 1);
		return;
	}
	FUZZ_CHECK(!(how.damaged && import->found.own));
	check_text(import->found.volume_id, sizeof(import->found.volume_id));
	check_text(import->found.application,
		   sizeof(import->found.application));
	/* Each hierarchy once, its records' continuations as often again. */
	FUZZ_CHECK(disc->blocks_read <= 8 * (uint64_t)disc->blocks + 4096);
}

void fuzz_import_end(struct fuzz_import *import)
{
	lathe_iso9660_tree_destroy(import->tree);
	import->tree = NULL;
	fuzz_heap_end();
}

/* ---- a tree as text ----------------------------------------------------- */

struct list {
	struct lathe_iso9660_tree *tree;
	bool extents;
	char *text;
	size_t len, room;
};

static char *list_room(struct list *list, size_t more)
{
	if (list->room - list->len < more) {
		list->room = 2 * list->room + more;
		list->text = realloc(list->text, list->room);
		FUZZ_CHECK(list->text != NULL);
	}
	return list->text + list->len;
}

static int list_entry(void *ctx, const struct lathe_iso9660_entry *e)
{
	struct list *list = ctx;
	size_t need = lathe_iso9660_path(list->tree, e->node, NULL, 0) + 1;
	uint64_t bytes;
	uint32_t i, lba;

	list->len += lathe_iso9660_path(list->tree, e->node,
					list_room(list, need), need);
	list->len += (size_t)sprintf(list_room(list, 64), " %d %" PRIu64,
				     (int)e->kind, e->size);
	for (i = 0; list->extents && e->size && i < e->sections; i++) {
		FUZZ_CHECK(lathe_iso9660_section(list->tree, e->node, i, &lba,
						 &bytes) == 0);
		list->len += (size_t)sprintf(list_room(list, 64),
					     " %" PRIu32 "+%" PRIu64, lba,
					     bytes);
	}
	list->len += (size_t)sprintf(list_room(list, 2), "\n");
	return 0;
}

char *fuzz_list(struct lathe_iso9660_tree *tree, bool extents)
{
	struct list list = { .tree = tree, .extents = extents };

	list_room(&list, 1)[0] = '\0';
	FUZZ_CHECK(lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, list_entry,
				      &list) == 0);
	return list.text;
}

/* ---- recording ---------------------------------------------------------- */

struct renaming {
	struct lathe_iso9660_tree *tree;
	bool all;		/* no Rock Ridge holds the names */
	bool seen;
};

static int has_surrogate(void *ctx, const struct lathe_iso9660_entry *e)
{
	size_t i;

	(void)ctx;
	for (i = 0; i + 1 < e->name_len; i++)
		if ((uint8_t)e->name[i] == 0xED &&
		    (uint8_t)e->name[i + 1] >= 0xA0)
			return 1;
	return 0;
}

/* Does a name change where it will be read from: in Rock Ridge; in Joliet, if
 * Rock Ridge does not have it; or in ISO 9660 where it is in that alone? */
static void note_renamed(void *ctx, const struct lathe_iso9660_renamed *what)
{
	struct renaming *renaming = ctx;
	struct lathe_iso9660_entry e;

	FUZZ_CHECK(what->changes != 0);
	FUZZ_CHECK(what->id_len >= 1);
	FUZZ_CHECK(lathe_iso9660_get(renaming->tree, what->node, &e) == 0);
	if (what->system_use)
		renaming->seen = true;
	else if (what->hierarchy == 1
			 ? renaming->all || (e.present && !(e.present & 1))
			 : renaming->all && e.present == 1)
		renaming->seen = true;
}

static void write_image(struct fuzz_disc *disc,
			const struct lathe_iso9660_plan *plan, uint32_t start)
{
	uint32_t blocks = lathe_iso9660_plan_blocks(plan), i;
	struct lathe_hooks hooks = fuzz_hooks();
	struct lathe_iso9660_cursor *cursor;
	struct lathe_iso9660_image image;

	fuzz_disc_grow(disc, start + blocks);
	FUZZ_CHECK(lathe_iso9660_image_init(&image, plan, start) == 0);
	FUZZ_CHECK(lathe_iso9660_cursor_create(&image, &hooks, NULL,
					       &cursor) == 0);
	for (i = 0; i < blocks; i++)
		FUZZ_CHECK(lathe_iso9660_cursor_read(
				   cursor, start + i, 1,
				   fuzz_disc_block(disc, start + i)) == 0);
	lathe_iso9660_cursor_destroy(cursor);
}

int fuzz_record_session(struct fuzz_disc *disc,
			struct lathe_iso9660_tree *tree, uint32_t start,
			const struct lathe_iso9660_session *previous,
			uint8_t options, bool *renamed)
{
	static const struct lathe_iso9660_rock_ridge_options keep = {
		.keep_modes = true, .keep_owner = true, .all_times = true
	};
	struct renaming renaming = { .tree = tree };
	struct lathe_iso9660_plan_options how = {
		.size = sizeof(how), .uses = fuzz_joliet, .use_count = 1,
		.volume = { .volume_id = "FUZZ" }, .renamed = note_renamed,
		.renamed_ctx = &renaming,
	};
	struct lathe_iso9660_plan *plan;
	int err;

	if (previous)
		how.previous = *previous;
	if (options & FUZZ_ROCK_RIDGE) {
		how.system_use = &lathe_iso9660_rock_ridge;
		how.system_use_options = &keep;
	}
	/* Names that are no UTF-8 are not read from Rock Ridge. */
	renaming.all = !(options & FUZZ_ROCK_RIDGE) ||
		       lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT,
					  has_surrogate, NULL);
	err = lathe_iso9660_plan_create(tree, &how, &plan);
	*renamed = renaming.seen;
	if (!err && lathe_iso9660_plan_blocks(plan) > FUZZ_ROOM - start) {
		lathe_iso9660_plan_destroy(plan);
		return LATHE_ERR_LIMIT;
	}
	if (err) {
		FUZZ_CHECK(err == LATHE_ERR_LIMIT);
		FUZZ_CHECK(lathe_iso9660_tree_failure(tree)->text[0] != 0);
		return err;
	}
	write_image(disc, plan, start);
	lathe_iso9660_plan_destroy(plan);
	return 0;
}
