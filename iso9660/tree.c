/* SPDX-License-Identifier: MIT */
/*
 * The tree: making and destroying it, appending nodes, lists of children,
 * counts. Everything else of it stands in the other tree_*.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "iso9660/system_use_internal.h"

/* Where the compiler does not put them in place. */
extern inline struct lathep_iso9660_node *
lathep_iso9660_node(const struct lathe_iso9660_tree *tree, uint32_t id);
extern inline const char *
lathep_iso9660_name(const struct lathe_iso9660_tree *tree,
		    const struct lathep_iso9660_node *node);
extern inline struct lathep_iso9660_node *
lathep_iso9660_owner(const struct lathe_iso9660_tree *tree,
		     struct lathep_iso9660_node *node);

size_t lathep_iso9660_make_plain(char *text)
{
	size_t len;

	for (len = 0; text[len]; len++)
		if ((uint8_t)text[len] < 0x20 || text[len] == 0x7F)
			text[len] = '?';
	return len;
}

/* Names are in messages as they are on discs: one line comes of it, whatever
 * they hold, and no part of a character at the end. */
static void make_line(char text[LATHE_FAILURE_TEXT])
{
	size_t len = lathep_iso9660_make_plain(text);

	if (len < LATHE_FAILURE_TEXT - 1)
		return;
	while (--len > 0 && ((uint8_t)text[len] & 0xC0) == 0x80)
		;
	len += (uint8_t)text[len] < 0x80;
	text[len] = '\0';
}

int lathep_iso9660_fail(struct lathe_failure *failure, int err,
			const char *format, ...)
{
	va_list args;

	if (!failure)
		return err;
	memset(failure, 0, sizeof(*failure));
	failure->err = err;
	va_start(args, format);
	vsnprintf(failure->text, sizeof(failure->text), format, args);
	va_end(args);
	make_line(failure->text);
	return err;
}

int lathep_iso9660_no_memory(struct lathe_iso9660_tree *tree, const char *what)
{
	return lathep_iso9660_fail(&tree->failure, LATHE_ERR_MEMORY,
				   "no memory %s", what);
}

/* LATHE_ERR_LIMIT in a directory: "more than", 5, "things". */
static int over_limit(struct lathe_iso9660_tree *tree, uint32_t folder,
		      const char *than, uint64_t limit, const char *what)
{
	char path[LATHEP_ISO9660_PATH_TEXT];

	return lathep_iso9660_fail(
		&tree->failure, LATHE_ERR_LIMIT, "in \"%s\": %s %llu %s",
		lathep_iso9660_path_text(tree, folder, path), than,
		(unsigned long long)limit, what);
}

int lathep_iso9660_exists(struct lathe_iso9660_tree *tree, const char *name,
			  size_t len, uint32_t node,
			  enum lathe_iso9660_kind kind)
{
	const char *as = "";

	if (lathep_iso9660_node(tree, node)->kind == LATHE_ISO9660_DIRECTORY)
		as = ", as a directory";
	else if (kind == LATHE_ISO9660_DIRECTORY)
		as = " and is no directory";
	return lathep_iso9660_fail(&tree->failure, LATHE_ERR_EXISTS,
				   "\"%.*s\" exists already%s",
				   len > 200 ? 200 : (int)len, name, as);
}

int lathep_iso9660_check_alive(struct lathe_iso9660_tree *tree, uint32_t id)
{
	if (!lathep_iso9660_alive(tree, id))
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_NOT_FOUND,
					   "there is no node %lu",
					   (unsigned long)id);
	return 0;
}

#define UNKNOWN "unknown error"

/* Those behind DENIED are the session layer's. */
const char *lathep_iso9660_meaning(int err)
{
	static const char *const meanings[] = {
		"done",
#define MEANING(code, value, meaning, remedy) \
		[-(value)] = (value) < LATHE_ERR_DENIED ? UNKNOWN : (meaning),
		LATHE_ERRORS(MEANING)
#undef MEANING
	};
	const uint32_t i = 0 - (uint32_t)err;

	return i < sizeof(meanings) / sizeof(meanings[0]) ? meanings[i]
							  : UNKNOWN;
}

int lathep_iso9660_begin_change(struct lathe_iso9660_tree *tree)
{
	tree->failure.err = 0;
	if (tree->plans)
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_STATE,
					   "the tree can not change while a "
					   "plan of it lives");
	return 0;
}

static void default_limits(struct lathe_iso9660_limits *limits)
{
	if (limits->nodes == 0)
		limits->nodes = 16777216;
	if (limits->depth == 0)
		limits->depth = 256;
	if (limits->name_bytes == 0)
		limits->name_bytes = (uint64_t)1 << 31;
	if (limits->sections == 0)
		limits->sections = 1024;
	if (limits->directory_bytes == 0)
		limits->directory_bytes = (uint64_t)1 << 32;
}

/* Place 0 is no node, place 1 the root. */
static int make_root(struct lathe_iso9660_tree *tree)
{
	struct lathep_iso9660_node *root;
	int err = lathep_iso9660_store_reserve(&tree->nodes, 2);

	if (err)
		return err;
	tree->arena.used = 0;
	memset(lathep_iso9660_at(&tree->nodes, 0), 0, sizeof(*root));
	root = lathep_iso9660_at(&tree->nodes, LATHE_ISO9660_ROOT);
	memset(root, 0, sizeof(*root));
	root->name = lathep_iso9660_arena_take(&tree->arena, 1, 1);
	if (!root->name)
		return LATHE_ERR_MEMORY;
	root->kind = LATHE_ISO9660_DIRECTORY;
	root->parent = LATHE_ISO9660_ROOT;
	tree->nodes.used = 2;
	tree->count.directories = 1;
	return 0;
}

int lathe_iso9660_tree_create(const struct lathe_iso9660_tree_config *config,
			      struct lathe_iso9660_tree **out)
{
	struct lathe_iso9660_tree *tree;

	if (!config || !out || config->size != sizeof(*config))
		return LATHE_ERR_ARG;
	tree = lathep_iso9660_take_zeros(&config->hooks, sizeof(*tree));
	if (!tree)
		return LATHE_ERR_MEMORY;
	tree->hooks = config->hooks;
	tree->limits = config->limits;
	tree->seed = config->seed;
	default_limits(&tree->limits);
	lathep_iso9660_store_init(&tree->nodes, &tree->hooks,
				  sizeof(struct lathep_iso9660_node));
	lathep_iso9660_store_init(&tree->arena, &tree->hooks, 1);
	lathep_iso9660_store_init(&tree->journal, &tree->hooks,
				  sizeof(struct lathep_iso9660_undo));
	lathep_iso9660_store_init(&tree->copies, &tree->hooks,
				  sizeof(struct lathep_iso9660_node));
	lathep_iso9660_store_init(&tree->sources, &tree->hooks,
				  sizeof(void *));
	lathep_iso9660_store_init(&tree->posix, &tree->hooks,
				  sizeof(struct lathe_iso9660_posix));
	tree->lookup = lathep_iso9660_lookup_create(&tree->hooks,
						    config->seed);
	if (!tree->lookup || make_root(tree)) {
		lathe_iso9660_tree_destroy(tree);
		return LATHE_ERR_MEMORY;
	}
	*out = tree;
	return 0;
}

void lathe_iso9660_tree_destroy(struct lathe_iso9660_tree *tree)
{
	if (!tree)
		return;
	lathep_iso9660_store_free(&tree->nodes);
	lathep_iso9660_store_free(&tree->arena);
	lathep_iso9660_store_free(&tree->journal);
	lathep_iso9660_store_free(&tree->copies);
	lathep_iso9660_store_free(&tree->sources);
	lathep_iso9660_store_free(&tree->posix);
	lathep_iso9660_lookup_free(tree->lookup);
	lathep_iso9660_give(&tree->hooks, tree, sizeof(*tree));
}

const struct lathe_failure *
lathe_iso9660_tree_failure(const struct lathe_iso9660_tree *tree)
{
	return &tree->failure;
}

void lathep_iso9660_tree_clear(struct lathe_iso9660_tree *tree)
{
	lathep_iso9660_lookup_drop(tree->lookup);
	memset(&tree->count, 0, sizeof(tree->count));
	tree->journal.used = tree->copies.used = tree->sources.used = 0;
	tree->posix.used = 0;
	memset(tree->known, 0, sizeof(tree->known));
	tree->known_count = tree->imported_nodes = 0;
	/* Can not fail: both chunks were there when the tree was made. */
	tree->nodes.used = 0;
	(void)make_root(tree);
}

bool lathep_iso9660_alive(const struct lathe_iso9660_tree *tree, uint32_t id)
{
	return id != 0 && id < tree->nodes.used &&
	       !(lathep_iso9660_node(tree, id)->flags & LATHEP_ISO9660_GONE);
}

bool lathep_iso9660_has_source(const struct lathep_iso9660_node *node)
{
	return node->kind == LATHE_ISO9660_FILE &&
	       !(node->flags & (LATHEP_ISO9660_IMPORTED | LATHEP_ISO9660_LINK));
}

/* ---- lists of children -------------------------------------------------- */

int lathep_iso9660_order(const char *a, size_t a_len, const char *b,
			 size_t b_len)
{
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

	return order ? order : (a_len > b_len) - (a_len < b_len);
}

bool lathep_iso9660_comes_last(const struct lathe_iso9660_tree *tree,
			       const struct lathep_iso9660_node *folder,
			       const char *name, size_t len)
{
	const struct lathep_iso9660_node *head;

	if (folder->u.folder.first == 0)
		return true;
	head = lathep_iso9660_node(tree, folder->u.folder.first);
	return !(folder->flags & LATHEP_ISO9660_MIXED) &&
	       lathep_iso9660_order(name, len, lathep_iso9660_name(tree, head),
				    head->name_len) > 0;
}

void lathep_iso9660_link_child(struct lathe_iso9660_tree *tree, uint32_t id)
{
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	struct lathep_iso9660_node *folder =
		lathep_iso9660_node(tree, node->parent);

	if (lathep_iso9660_comes_last(tree, folder,
				      lathep_iso9660_name(tree, node),
				      node->name_len))
		folder->flags &= (uint16_t)~LATHEP_ISO9660_MIXED;
	else
		folder->flags |= LATHEP_ISO9660_MIXED;
	node->prev = 0;
	node->next = folder->u.folder.first;
	if (node->next)
		lathep_iso9660_node(tree, node->next)->prev = id;
	folder->u.folder.first = id;
	folder->u.folder.count++;
	folder->flags &= (uint16_t)~(LATHEP_ISO9660_SORTED |
				     LATHEP_ISO9660_AS_READ);
	lathep_iso9660_lookup_enter(tree, id);
}

void lathep_iso9660_unlink_child(struct lathe_iso9660_tree *tree, uint32_t id)
{
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	struct lathep_iso9660_node *folder =
		lathep_iso9660_node(tree, node->parent);

	lathep_iso9660_lookup_leave(tree, id);
	if (node->prev)
		lathep_iso9660_node(tree, node->prev)->next = node->next;
	else
		folder->u.folder.first = node->next;
	if (node->next)
		lathep_iso9660_node(tree, node->next)->prev = node->prev;
	folder->u.folder.count--;
	folder->flags &= (uint16_t)~LATHEP_ISO9660_AS_READ;
}

uint32_t lathep_iso9660_next(const struct lathe_iso9660_tree *tree,
			     uint32_t top, uint32_t id, bool deeper)
{
	const struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);

	if (deeper && node->kind == LATHE_ISO9660_DIRECTORY &&
	    node->u.folder.first)
		return node->u.folder.first;
	for (; id != top; id = node->parent) {
		node = lathep_iso9660_node(tree, id);
		if (node->next)
			return node->next;
	}
	return 0;
}

/* ---- appending ---------------------------------------------------------- */

/* Directories from the root to 'id', both counted. */
static uint32_t depth_of(const struct lathe_iso9660_tree *tree, uint32_t id)
{
	uint32_t depth = 1;

	for (; id != LATHE_ISO9660_ROOT;
	     id = lathep_iso9660_node(tree, id)->parent)
		depth++;
	return depth;
}

int lathep_iso9660_check_depth(struct lathe_iso9660_tree *tree,
			       uint32_t parent, uint64_t depth)
{
	if (depth >= tree->limits.depth)
		return over_limit(tree, parent, "more than", tree->limits.depth,
				  "directories inside each other");
	return 0;
}

int lathep_iso9660_check_name_bytes(struct lathe_iso9660_tree *tree,
				    uint32_t parent, size_t len)
{
	if (tree->arena.used + (uint64_t)len > tree->limits.name_bytes)
		return over_limit(tree, parent, "names longer than",
				  tree->limits.name_bytes, "bytes in all");
	return 0;
}

static int check_limits(struct lathe_iso9660_tree *tree, uint32_t parent,
			size_t len, enum lathe_iso9660_kind kind)
{
	int err;

	if (tree->nodes.used - 1 >= tree->limits.nodes)
		return over_limit(tree, parent, "more than", tree->limits.nodes,
				  "files and directories");
	err = lathep_iso9660_check_name_bytes(tree, parent, len);
	if (!err && kind == LATHE_ISO9660_DIRECTORY)
		err = lathep_iso9660_check_depth(tree, parent,
						 depth_of(tree, parent));
	return err;
}

int lathep_iso9660_node_add(struct lathe_iso9660_tree *tree, uint32_t parent,
			    const char *name, size_t len,
			    enum lathe_iso9660_kind kind, uint32_t *out)
{
	struct lathep_iso9660_node *node;
	uint32_t at;
	int err = check_limits(tree, parent, len, kind);

	if (err)
		return err;
	err = lathep_iso9660_store_reserve(&tree->nodes, 1);
	at = err ? 0 : lathep_iso9660_arena_copy(&tree->arena, name,
						 (uint32_t)len);
	if (!at)
		return lathep_iso9660_no_memory(tree, "for a name");
	*out = tree->nodes.used++;
	node = lathep_iso9660_node(tree, *out);
	memset(node, 0, sizeof(*node));
	node->parent = parent;
	node->name = at;
	node->name_len = (uint16_t)len;
	node->kind = (uint8_t)kind;
	lathep_iso9660_link_child(tree, *out);
	return 0;
}

/* ---- counts ------------------------------------------------------------- */

void lathep_iso9660_count_node(struct lathe_iso9660_tree *tree,
			       const struct lathep_iso9660_node *node,
			       bool enter)
{
	struct lathe_iso9660_counts *count = &tree->count;
	const struct lathep_iso9660_node *owner = node;
	struct lathep_iso9660_names *names;
	/* 1 or -1, as it is in numbers without a sign. */
	const uint32_t one = enter ? 1 : UINT32_MAX;

	if (node->kind == LATHE_ISO9660_DIRECTORY) {
		count->directories += one;
		return;
	}
	count->files += one;
	count->bytes += enter ? node->size : 0 - node->size;
	if (node->flags & LATHEP_ISO9660_LINK)
		owner = lathep_iso9660_node(tree, node->u.link.target);
	if (lathep_iso9660_bare(node))
		return;

	/* An extent with several names is written as long as one lives. */
	names = lathep_iso9660_extra(tree, owner, LATHEP_ISO9660_EXTRA_LINKS,
				     NULL);
	if (names) {
		names->all += one;
		if (node->flags & LATHEP_ISO9660_SYMLINK)
			names->symlinks += one;
		if (names->all != (enter ? 1 : 0))
			return;
	}
	if (owner->flags & LATHEP_ISO9660_IMPORTED)
		return;
	count->new_files += one;
	count->new_bytes += enter ? owner->size : 0 - owner->size;
}

void lathe_iso9660_count(const struct lathe_iso9660_tree *tree,
			 struct lathe_iso9660_counts *out)
{
	*out = tree->count;
}

void lathep_iso9660_import_done(struct lathe_iso9660_tree *tree)
{
	tree->imported_nodes = tree->nodes.used;
	tree->journal.used = tree->copies.used = 0;
}

bool lathe_iso9660_changed(const struct lathe_iso9660_tree *tree)
{
	const uint16_t none = LATHEP_ISO9660_GONE | LATHEP_ISO9660_STANDS_IN;
	uint32_t base = tree->imported_nodes ? tree->imported_nodes : 2, i;
	const struct lathep_iso9660_undo *undo;

	for (i = base; i < tree->nodes.used; i++)
		if (!(lathep_iso9660_node(tree, i)->flags & none))
			return true;
	for (i = 0; i < tree->journal.used; i++) {
		undo = lathep_iso9660_at(&tree->journal, i);
		if (undo->node < base &&
		    undo->what != LATHEP_ISO9660_UNDO_SHARED)
			return true;
	}
	return false;
}
