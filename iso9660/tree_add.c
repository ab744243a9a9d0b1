/* SPDX-License-Identifier: MIT */
/* Adding directories, files and further names of files. */
#include <string.h>

#include "iso9660/iso9660_internal.h"

int lathep_iso9660_check_name(struct lathe_iso9660_tree *tree,
			      const char *name, size_t len)
{
	if (len == 0 || (len == 1 && name[0] == '.') ||
	    (len == 2 && name[0] == '.' && name[1] == '.'))
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_NAME,
					   "\"%.*s\" is no name", (int)len,
					   name);
	if (len > LATHE_ISO9660_NAME_MAX)
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_NAME,
					   "a name of %lu bytes; at most %u "
					   "are possible", (unsigned long)len,
					   LATHE_ISO9660_NAME_MAX);
	if (memchr(name, '/', len) || memchr(name, 0, len))
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_NAME,
					   "a name with a slash or NUL in it");
	/* Names of an imported tree may be WTF-8, and may come back here. */
	if (!lathep_iso9660_utf8_valid(name, len, tree->known_count > 0))
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_NAME,
					   "a name that is not UTF-8");
	return 0;
}

int lathep_iso9660_check_folder(struct lathe_iso9660_tree *tree, uint32_t id)
{
	if (!lathep_iso9660_alive(tree, id) ||
	    lathep_iso9660_node(tree, id)->kind != LATHE_ISO9660_DIRECTORY)
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_ARG,
					   "node %lu is no directory",
					   (unsigned long)id);
	return 0;
}

static int exists(struct lathe_iso9660_tree *tree, const char *name,
		  size_t len)
{
	return lathep_iso9660_fail(&tree->failure, LATHE_ERR_EXISTS,
				   "\"%.*s\" exists already",
				   len > 200 ? 200 : (int)len, name);
}

static int begin(struct lathe_iso9660_tree *tree, uint32_t parent,
		 const char *name, size_t len)
{
	int err = lathep_iso9660_begin_change(tree);

	if (!err)
		err = lathep_iso9660_check_folder(tree, parent);
	if (!err)
		err = lathep_iso9660_check_name(tree, name, len);
	return err;
}

static void set_attributes(struct lathep_iso9660_node *node,
			   const struct lathe_iso9660_attributes *attr)
{
	node->flags &= (uint16_t)~LATHEP_ISO9660_HIDDEN;
	memset(node->date, 0, sizeof(node->date));
	if (!attr)
		return;
	memcpy(node->date, attr->date, sizeof(attr->date));
	if (attr->hidden)
		node->flags |= LATHEP_ISO9660_HIDDEN;
}

int lathe_iso9660_add_directory(struct lathe_iso9660_tree *tree,
				uint32_t parent, const char *name, size_t len,
				const struct lathe_iso9660_attributes *attr,
				uint32_t *node)
{
	uint32_t found;
	int err = begin(tree, parent, name, len);

	if (err)
		return err;
	found = lathep_iso9660_lookup_find(tree, parent, name, len);
	if (found) {
		if (lathep_iso9660_node(tree, found)->kind !=
		    LATHE_ISO9660_DIRECTORY)
			return exists(tree, name, len);
		*node = found;
		return 0;
	}
	err = lathep_iso9660_make_present(tree, parent);
	if (!err)
		err = lathep_iso9660_node_add(tree, parent, name, len,
					      LATHE_ISO9660_DIRECTORY, &found);
	if (err)
		return err;
	set_attributes(lathep_iso9660_node(tree, found), attr);
	lathep_iso9660_count_node(tree, lathep_iso9660_node(tree, found), true);
	*node = found;
	return 0;
}

/* ---- files -------------------------------------------------------------- */

/* The row of a source; the newest few are looked at, a row too many costs
 * nothing but its eight bytes. */
static int source_row(struct lathe_iso9660_tree *tree,
		      const struct lathe_iso9660_source *source, uint32_t *row)
{
	uint32_t used = tree->sources.used, i;
	int err;

	for (i = used; i > 0 && i + 8 > used; i--) {
		const struct lathe_iso9660_source **p =
			lathep_iso9660_at(&tree->sources, i - 1);

		if (*p == source) {
			*row = i - 1;
			return 0;
		}
	}
	err = lathep_iso9660_store_reserve(&tree->sources, 1);
	if (err)
		return lathep_iso9660_fail(&tree->failure, err,
					   "no memory for a source");
	*row = tree->sources.used++;
	*(const struct lathe_iso9660_source **)lathep_iso9660_at(
		&tree->sources, *row) = source;
	return 0;
}

/* What a new file is; 'target' not 0: a link. */
struct file {
	const struct lathe_iso9660_attributes *attr;
	uint32_t flags, target, source;
	uint64_t cookie, size;
};

/* The new file stands where the old one stood, identifiers included. */
static void take_over(struct lathep_iso9660_node *node,
		      const struct lathep_iso9660_node *old)
{
	node->ids = old->ids;
	node->pinned = old->pinned;
	node->present = old->present;
}

/* Undo everything since 'save', but keep the failure that led to it. */
static int back(struct lathe_iso9660_tree *tree,
		const struct lathe_iso9660_savepoint *save, int err)
{
	struct lathe_failure failure = tree->failure;

	lathe_iso9660_rollback(tree, save);
	tree->failure = failure;
	return err;
}

/* A file that gets its second name counts its names from now on. */
static int share_extent(struct lathe_iso9660_tree *tree, uint32_t target)
{
	struct lathep_iso9660_node *owner = lathep_iso9660_node(tree, target);
	uint32_t *live;
	int err;

	if ((owner->flags & LATHEP_ISO9660_IMPORTED) ||
	    lathep_iso9660_extra(tree, owner, LATHEP_ISO9660_EXTRA_LINKS,
				 NULL))
		return 0;
	err = lathep_iso9660_journal_change(tree, target);
	if (err)
		return err;
	live = lathep_iso9660_extra_add(tree, owner,
					LATHEP_ISO9660_EXTRA_LINKS, 0,
					sizeof(*live));
	if (!live)
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_MEMORY,
					   "no memory for a link");
	*live = 1;
	return 0;
}

static int insert_file(struct lathe_iso9660_tree *tree, uint32_t parent,
		       const char *name, size_t len, uint32_t old,
		       const struct file *file, uint32_t *out)
{
	struct lathep_iso9660_node *node;
	int err = lathep_iso9660_make_present(tree, parent);

	if (!err && file->target)
		err = share_extent(tree, file->target);
	if (!err && old)
		err = lathep_iso9660_journal_removal(tree, old);
	if (err)
		return err;
	if (old)
		lathep_iso9660_detach(tree, old);
	err = lathep_iso9660_node_add(tree, parent, name, len,
				      LATHE_ISO9660_FILE, out);
	if (err)
		return err;
	node = lathep_iso9660_node(tree, *out);
	set_attributes(node, file->attr);
	if (old)
		take_over(node, lathep_iso9660_node(tree, old));
	node->size = file->size;
	if (file->target) {
		node->flags |= LATHEP_ISO9660_LINK;
		node->u.link.target = file->target;
	} else {
		node->u.file.source = file->source;
		node->u.file.cookie = file->cookie;
	}
	lathep_iso9660_count_node(tree, node, true);
	return 0;
}

static int add(struct lathe_iso9660_tree *tree, uint32_t parent,
	       const char *name, size_t len, const struct file *file,
	       uint32_t *out)
{
	struct lathe_iso9660_savepoint save;
	uint32_t old = lathep_iso9660_lookup_find(tree, parent, name, len);
	uint32_t node;
	int err;

	if (old && (!(file->flags & LATHE_ISO9660_REPLACE) ||
		    lathep_iso9660_node(tree, old)->kind !=
			    LATHE_ISO9660_FILE))
		return exists(tree, name, len);
	lathe_iso9660_save(tree, &save);
	err = insert_file(tree, parent, name, len, old, file, &node);
	if (err)
		return back(tree, &save, err);
	*out = node;
	return 0;
}

int lathe_iso9660_add_file(struct lathe_iso9660_tree *tree, uint32_t parent,
			   const char *name, size_t len,
			   const struct lathe_iso9660_attributes *attr,
			   const struct lathe_iso9660_source *source,
			   uint64_t file, uint64_t size, uint32_t flags,
			   uint32_t *node)
{
	struct file what = { attr, flags, 0, 0, file, size };
	int err = begin(tree, parent, name, len);

	if (err)
		return err;
	if (size > (uint64_t)tree->limits.sections *
			   LATHE_ISO9660_SECTION_BYTES)
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_LIMIT,
					   "\"%.*s\" would need more than %lu "
					   "sections",
					   len > 150 ? 150 : (int)len, name,
					   (unsigned long)
						   tree->limits.sections);
	err = source_row(tree, source, &what.source);
	return err ? err : add(tree, parent, name, len, &what, node);
}

int lathe_iso9660_add_link(struct lathe_iso9660_tree *tree, uint32_t parent,
			   const char *name, size_t len,
			   const struct lathe_iso9660_attributes *attr,
			   uint32_t target, uint32_t flags, uint32_t *node)
{
	struct file what = { attr, flags, target, 0, 0, 0 };
	struct lathep_iso9660_node *owner;
	int err = begin(tree, parent, name, len);

	if (err)
		return err;
	if (!lathep_iso9660_alive(tree, target) ||
	    lathep_iso9660_node(tree, target)->kind != LATHE_ISO9660_FILE)
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_ARG,
					   "node %lu is no file",
					   (unsigned long)target);
	owner = lathep_iso9660_node(tree, target);
	if (owner->flags & LATHEP_ISO9660_LINK)
		what.target = owner->u.link.target;
	what.size = owner->size;
	return add(tree, parent, name, len, &what, node);
}

/* ---- files in memory ---------------------------------------------------- */

static int memory_open(void *ctx, uint64_t file, const char *name,
		       size_t name_len, void **handle)
{
	(void)ctx;
	(void)name;
	(void)name_len;
	*handle = (void *)(uintptr_t)file;
	return 0;
}

/* The cursor asks for no byte beyond the planned size. */
static int memory_read(void *ctx, void *handle, uint64_t offset,
		       uint32_t bytes, uint8_t *out, uint32_t *got)
{
	(void)ctx;
	memcpy(out, (const uint8_t *)handle + offset, bytes);
	*got = bytes;
	return 0;
}

static void memory_close(void *ctx, void *handle)
{
	(void)ctx;
	(void)handle;
}

static const struct lathe_iso9660_source memory_source = {
	.open = memory_open,
	.read_at = memory_read,
	.close = memory_close
};

int lathe_iso9660_add_memory(struct lathe_iso9660_tree *tree, uint32_t parent,
			     const char *name, size_t len,
			     const struct lathe_iso9660_attributes *attr,
			     const void *data, size_t size, uint32_t flags,
			     uint32_t *node)
{
	return lathe_iso9660_add_file(tree, parent, name, len, attr,
				      &memory_source, (uintptr_t)data, size,
				      flags, node);
}
