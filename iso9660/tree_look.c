/* SPDX-License-Identifier: MIT */
/* Looking at a tree: by number, by path, in order. */
#include <string.h>

#include "iso9660/system_use_internal.h"

static void fill_links(const struct lathe_iso9660_tree *tree,
		       const struct lathep_iso9660_node *node,
		       struct lathe_iso9660_entry *out)
{
	const struct lathep_iso9660_special *special;
	uint32_t len;

	if (node->flags & LATHEP_ISO9660_SYMLINK) {
		out->kind = LATHE_ISO9660_SYMLINK;
		out->symlink = lathep_iso9660_extra(
			tree, node, LATHEP_ISO9660_EXTRA_SYMLINK, &len);
		out->symlink_len = len;
	} else if (node->flags & LATHEP_ISO9660_SPECIAL) {
		out->kind = LATHE_ISO9660_SPECIAL;
		special = lathep_iso9660_extra(
			tree, node, LATHEP_ISO9660_EXTRA_SPECIAL, NULL);
		out->type = special->type;
		out->dev_high = special->high;
		out->dev_low = special->low;
		/* Both in the low half, as some writers have it; recorded
		 * again as it was. */
		if (special->high == 0 && special->low > 0xFF) {
			out->dev_high = special->low >> 8 & 0xFFF;
			out->dev_low = (special->low & 0xFF) |
				       (special->low >> 12 & 0xFFF00);
		}
	}
}

static void fill_entry(const struct lathe_iso9660_tree *tree, uint32_t id,
		       struct lathe_iso9660_entry *out)
{
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	const struct lathep_iso9660_node *owner =
		lathep_iso9660_owner(tree, node);

	memset(out, 0, sizeof(*out));
	out->node = id;
	out->parent = node->parent;
	out->kind = (enum lathe_iso9660_kind)node->kind;
	out->name = lathep_iso9660_name(tree, node);
	out->name_len = node->name_len;
	out->size = node->size;
	memcpy(out->date, node->date, sizeof(out->date));
	out->hidden = (node->flags & LATHEP_ISO9660_HIDDEN) != 0;
	out->link = owner != node;
	out->imported = (owner->flags & LATHEP_ISO9660_IMPORTED) != 0;
	out->present = node->present;
	out->posix_given = lathep_iso9660_posix(tree, node, &out->posix);
	lathep_iso9660_times(tree, node, out->accessed, out->changed);
	fill_links(tree, node, out);
	if (out->imported && out->kind != LATHE_ISO9660_DIRECTORY &&
	    !lathep_iso9660_bare(node)) {
		out->sections = lathep_iso9660_section_count(tree, owner);
		out->lba = owner->u.file.lba;
	}
}

int lathe_iso9660_get(const struct lathe_iso9660_tree *tree, uint32_t node,
		      struct lathe_iso9660_entry *out)
{
	if (!lathep_iso9660_alive(tree, node))
		return LATHE_ERR_NOT_FOUND;
	fill_entry(tree, node, out);
	return 0;
}

/* Is there such a section of a file that is on a disc? */
static bool section_of(const struct lathe_iso9660_tree *tree, uint32_t node,
		       uint32_t i, struct lathep_iso9660_section *out)
{
	const struct lathep_iso9660_node *owner;

	if (!lathep_iso9660_alive(tree, node))
		return false;
	owner = lathep_iso9660_owner(tree, lathep_iso9660_node(tree, node));
	if (owner->kind != LATHE_ISO9660_FILE || lathep_iso9660_bare(owner) ||
	    !(owner->flags & LATHEP_ISO9660_IMPORTED) ||
	    i >= lathep_iso9660_section_count(tree, owner))
		return false;
	lathep_iso9660_section_at(tree, owner, i, out);
	return true;
}

int lathe_iso9660_section(const struct lathe_iso9660_tree *tree, uint32_t node,
			  uint32_t i, uint32_t *lba, uint64_t *bytes)
{
	struct lathep_iso9660_section section;

	if (!section_of(tree, node, i, &section))
		return LATHE_ERR_NOT_FOUND;
	*lba = section.lba + section.xar;
	*bytes = section.bytes;
	return 0;
}

void lathe_iso9660_imported_blocks(const struct lathe_iso9660_tree *tree,
				   uint32_t *first, uint32_t *end)
{
	struct lathep_iso9660_section s;
	uint32_t id, i, last;

	*first = UINT32_MAX;
	*end = 0;
	for (id = LATHE_ISO9660_ROOT; id < tree->nodes.used; id++) {
		for (i = 0; section_of(tree, id, i, &s); i++) {
			if (s.bytes == 0)
				continue;
			last = s.lba + s.xar +
			       (s.bytes - 1) / LATHE_BLOCK_BYTES + 1;
			if (s.lba < *first)
				*first = s.lba;
			if (last > *end)
				*end = last;
		}
	}
}

const uint8_t *
lathe_iso9660_foreign_use(const struct lathe_iso9660_tree *tree, uint32_t node,
			  uint32_t *bytes)
{
	*bytes = 0;
	if (!lathep_iso9660_alive(tree, node))
		return NULL;
	return lathep_iso9660_foreign(tree, lathep_iso9660_node(tree, node),
				      false, bytes);
}

int lathe_iso9660_find_child(const struct lathe_iso9660_tree *tree,
			     uint32_t parent, const char *name, size_t len,
			     uint32_t *node)
{
	uint32_t found;

	if (!lathep_iso9660_alive(tree, parent) ||
	    lathep_iso9660_node(tree, parent)->kind !=
		    LATHE_ISO9660_DIRECTORY)
		return LATHE_ERR_NOT_FOUND;
	found = lathep_iso9660_lookup_find(tree, parent, name, len);
	if (!found)
		return LATHE_ERR_NOT_FOUND;
	*node = found;
	return 0;
}

int lathe_iso9660_find(const struct lathe_iso9660_tree *tree,
		       const char *path, uint32_t *node)
{
	uint32_t at = LATHE_ISO9660_ROOT;
	size_t len;

	for (;;) {
		while (*path == '/')
			path++;
		if (*path == 0)
			break;
		len = strcspn(path, "/");
		if (lathe_iso9660_find_child(tree, at, path, len, &at))
			return LATHE_ERR_NOT_FOUND;
		path += len;
	}
	*node = at;
	return 0;
}

void lathep_iso9660_put_part(char *out, size_t room, size_t at,
			     const char *text, size_t len)
{
	if (at >= room)
		return;
	memcpy(out + at, text, len < room - at ? len : room - at);
}

size_t lathe_iso9660_path(const struct lathe_iso9660_tree *tree, uint32_t node,
			  char *out, size_t room)
{
	const struct lathep_iso9660_node *p;
	size_t total = 0, at;
	uint32_t id;

	if (room)
		*out = 0;
	if (node == 0 || node >= tree->nodes.used)
		return 0;
	for (id = node; id != LATHE_ISO9660_ROOT; id = p->parent) {
		p = lathep_iso9660_node(tree, id);
		total += 1u + p->name_len;
	}
	if (total == 0) {
		lathep_iso9660_put_part(out, room, 0, "/", 1);
		total = 1;
	}
	at = total;
	for (id = node; id != LATHE_ISO9660_ROOT; id = p->parent) {
		p = lathep_iso9660_node(tree, id);
		at -= p->name_len;
		lathep_iso9660_put_part(out, room, at,
					lathep_iso9660_name(tree, p),
					p->name_len);
		lathep_iso9660_put_part(out, room, --at, "/", 1);
	}
	if (room)
		out[total < room ? total : room - 1] = 0;
	return total;
}

const char *lathep_iso9660_path_text(const struct lathe_iso9660_tree *tree,
				     uint32_t id, char *out)
{
	const struct lathep_iso9660_node *node;
	size_t at = LATHEP_ISO9660_PATH_TEXT - 1;

	out[at] = 0;
	if (id == LATHE_ISO9660_ROOT)
		out[--at] = '/';
	for (; id != LATHE_ISO9660_ROOT; id = node->parent) {
		const char *name;
		size_t len;

		node = lathep_iso9660_node(tree, id);
		name = lathep_iso9660_name(tree, node);
		len = node->name_len;
		/* A slash, and dots for what is above. */
		if (len + 4 > at) {
			name += len + 3 - at;
			len = at - 3;
			for (; len && (*name & 0xC0) == 0x80; len--)
				name++;
			at -= len;
			memcpy(out + at, name, len);
			at -= 3;
			memcpy(out + at, "...", 3);
			break;
		}
		at -= len;
		memcpy(out + at, name, len);
		out[--at] = '/';
	}
	memmove(out, out + at, LATHEP_ISO9660_PATH_TEXT - at);
	return out;
}

/* ---- in order ----------------------------------------------------------- */

static int by_name(const void *ctx, uint32_t x, uint32_t y)
{
	const struct lathe_iso9660_tree *tree = ctx;
	const struct lathep_iso9660_node *a = lathep_iso9660_node(tree, x);
	const struct lathep_iso9660_node *b = lathep_iso9660_node(tree, y);
	int order = lathep_iso9660_order(lathep_iso9660_name(tree, a),
					 a->name_len,
					 lathep_iso9660_name(tree, b),
					 b->name_len);

	/* Equal names are imported ones; they came in the disc's order. */
	return order ? order : (x > y) - (x < y);
}

/* Bring the list into the order of 'ids'. */
static void relink(struct lathe_iso9660_tree *tree,
		   struct lathep_iso9660_node *folder, const uint32_t *ids,
		   uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		struct lathep_iso9660_node *node =
			lathep_iso9660_node(tree, ids[i]);

		node->prev = i ? ids[i - 1] : 0;
		node->next = i + 1 < count ? ids[i + 1] : 0;
	}
	folder->u.folder.first = count ? ids[0] : 0;
	folder->flags |= LATHEP_ISO9660_SORTED | LATHEP_ISO9660_MIXED;
}

/* A list that falls all the way only has to be turned. */
static void turn(struct lathe_iso9660_tree *tree,
		 struct lathep_iso9660_node *folder)
{
	uint32_t id = folder->u.folder.first, next;

	for (; id; id = next) {
		struct lathep_iso9660_node *node =
			lathep_iso9660_node(tree, id);

		next = node->next;
		node->next = node->prev;
		node->prev = next;
		folder->u.folder.first = id;
	}
	folder->flags |= LATHEP_ISO9660_SORTED | LATHEP_ISO9660_MIXED;
}

int lathep_iso9660_sort_folder(struct lathe_iso9660_tree *tree,
			       struct lathep_iso9660_node *folder)
{
	uint32_t count = folder->u.folder.count, *ids, id, i = 0;
	size_t bytes = (size_t)count * 2 * sizeof(*ids);

	if ((folder->flags & LATHEP_ISO9660_SORTED) || count < 2) {
		folder->flags |= LATHEP_ISO9660_SORTED;
		return 0;
	}
	if (!(folder->flags & LATHEP_ISO9660_MIXED)) {
		turn(tree, folder);
		return 0;
	}
	ids = lathep_iso9660_take(&tree->hooks, bytes);
	if (!ids)
		return lathep_iso9660_no_memory(tree, "to sort a directory");
	for (id = folder->u.folder.first; id;
	     id = lathep_iso9660_node(tree, id)->next)
		ids[i++] = id;
	lathep_iso9660_sort(ids, count, ids + count, by_name, tree);
	relink(tree, folder, ids, count);
	lathep_iso9660_give(&tree->hooks, ids, bytes);
	return 0;
}

int lathe_iso9660_walk(struct lathe_iso9660_tree *tree, uint32_t top,
		       int (*visit)(void *ctx,
				    const struct lathe_iso9660_entry *entry),
		       void *ctx)
{
	struct lathe_iso9660_entry entry;
	uint32_t id;
	int err;

	if (!lathep_iso9660_alive(tree, top))
		return LATHE_ERR_NOT_FOUND;
	for (id = top; id; id = lathep_iso9660_next(tree, top, id, true)) {
		struct lathep_iso9660_node *node =
			lathep_iso9660_node(tree, id);

		if (node->kind == LATHE_ISO9660_DIRECTORY) {
			err = lathep_iso9660_sort_folder(tree, node);
			if (err)
				return err;
		}
		fill_entry(tree, id, &entry);
		err = visit(ctx, &entry);
		if (err)
			return err;
	}
	return 0;
}

/* ---- sources ------------------------------------------------------------ */

const struct lathe_iso9660_source *
lathep_iso9660_source(const struct lathe_iso9660_tree *tree,
		      const struct lathep_iso9660_node *owner)
{
	return *(const struct lathe_iso9660_source **)lathep_iso9660_at(
		&tree->sources, owner->u.file.source);
}

void lathep_iso9660_describe(const struct lathe_iso9660_tree *tree,
			     const struct lathep_iso9660_node *owner,
			     uint32_t id, char *out, size_t room)
{
	const struct lathe_iso9660_source *source =
		lathep_iso9660_source(tree, owner);
	size_t len;
	const char *name = lathep_iso9660_source_name(tree, owner, &len);

	/* One that says nothing leaves an empty text. */
	out[0] = '\0';
	if (source->describe)
		source->describe(source->ctx, owner->u.file.cookie, name, len,
				 out, room);
	else
		lathe_iso9660_path(tree, id, out, room);
}

struct checking {
	struct lathe_iso9660_tree *tree;
	void (*differs)(void *ctx, uint32_t node, int err, const char *text);
	void *ctx;
	int worst;
};

static int check_source(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct checking *c = ctx;
	const struct lathep_iso9660_node *owner = lathep_iso9660_owner(
		c->tree, lathep_iso9660_node(c->tree, entry->node));
	const struct lathe_iso9660_source *source;
	char text[LATHE_FAILURE_TEXT];
	const char *name;
	size_t len;
	int err;

	if (entry->kind == LATHE_ISO9660_DIRECTORY || entry->imported ||
	    lathep_iso9660_bare(lathep_iso9660_node(c->tree, entry->node)))
		return 0;
	/* Once for each extent, unless its first name is gone. */
	if (entry->link && !(owner->flags & LATHEP_ISO9660_GONE))
		return 0;
	source = lathep_iso9660_source(c->tree, owner);
	if (!source->check)
		return 0;
	name = lathep_iso9660_source_name(c->tree, owner, &len);
	err = source->check(source->ctx, owner->u.file.cookie, name, len);
	if (!err)
		return 0;
	lathep_iso9660_describe(c->tree, owner, entry->node, text,
				sizeof(text));
	if (!c->worst)
		c->worst = lathep_iso9660_fail(&c->tree->failure, err,
					       "%.200s: %s", text,
					       lathep_iso9660_meaning(err));
	if (c->differs)
		c->differs(c->ctx, entry->node, err, text);
	return 0;
}

int lathe_iso9660_check_sources(struct lathe_iso9660_tree *tree,
				void (*differs)(void *ctx, uint32_t node,
						int err, const char *text),
				void *ctx)
{
	struct checking c = { tree, differs, ctx, 0 };
	int err;

	tree->failure.err = 0;
	err = lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, check_source, &c);
	return err ? err : c.worst;
}
