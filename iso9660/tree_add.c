/* SPDX-License-Identifier: MIT */
/* Adding directories, files and further names of files. */
#include <string.h>

#include "iso9660/system_use_internal.h"

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
					   "a slash or NUL in the name "
					   "\"%.*s\"", (int)len, name);
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

int lathe_iso9660_add_directory(struct lathe_iso9660_tree *tree,
				uint32_t parent, const char *name, size_t len,
				const struct lathe_iso9660_attributes *attr,
				uint32_t *node)
{
	struct lathe_iso9660_savepoint save;
	uint32_t found;
	int err = begin(tree, parent, name, len);

	if (err)
		return err;
	found = lathep_iso9660_lookup_find(tree, parent, name, len);
	if (found) {
		if (lathep_iso9660_node(tree, found)->kind !=
		    LATHE_ISO9660_DIRECTORY)
			return lathep_iso9660_exists(tree, name, len, found,
						     LATHE_ISO9660_DIRECTORY);
		*node = found;
		return 0;
	}
	lathe_iso9660_save(tree, &save);
	err = lathep_iso9660_make_present(tree, parent);
	if (!err)
		err = lathep_iso9660_node_add(tree, parent, name, len,
					      LATHE_ISO9660_DIRECTORY, &found);
	if (!err) {
		lathep_iso9660_count_node(
			tree, lathep_iso9660_node(tree, found), true);
		err = lathep_iso9660_set_attributes(tree, found, attr);
	}
	if (err)
		return lathep_iso9660_back(tree, &save, err);
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
	const struct lathe_iso9660_source **p;

	for (i = used; i > 0 && i + 8 > used; i--) {
		p = lathep_iso9660_at(&tree->sources, i - 1);
		if (*p == source) {
			*row = i - 1;
			return 0;
		}
	}
	p = lathep_iso9660_store_add(&tree->sources);
	if (!p)
		return lathep_iso9660_no_memory(tree, "for a source");
	*p = source;
	*row = used;
	return 0;
}

/* What a new file is; 'target' not 0: a link. */
struct file {
	const struct lathe_iso9660_attributes *attr;
	uint32_t flags, target, source;
	uint64_t cookie, size;
	uint16_t kind;		/* LATHEP_ISO9660_SYMLINK, _SPECIAL or 0 */
	const char *text;
	uint32_t len;
	struct lathep_iso9660_special special;
};

/* The new file stands where the old one stood, identifiers included. */
static void take_over(struct lathep_iso9660_node *node,
		      const struct lathep_iso9660_node *old)
{
	node->ids = old->ids;
	node->pinned = old->pinned;
	node->present = old->present;
	/* 9.1.6: its identifier is that of the file it belongs to. */
	node->flags |= old->flags & LATHEP_ISO9660_ASSOCIATED;
}

/* A file that gets its second name counts its names from now on. */
static int share_extent(struct lathe_iso9660_tree *tree, uint32_t target)
{
	struct lathep_iso9660_node *owner = lathep_iso9660_node(tree, target);
	struct lathep_iso9660_names *names;
	int err;

	if (lathep_iso9660_extra(tree, owner, LATHEP_ISO9660_EXTRA_LINKS,
				 NULL))
		return 0;
	err = lathep_iso9660_journal(tree, target, LATHEP_ISO9660_UNDO_SHARED);
	if (err)
		return err;
	names = lathep_iso9660_extra_add(tree, owner,
					 LATHEP_ISO9660_EXTRA_LINKS, 0,
					 sizeof(*names));
	if (!names)
		return lathep_iso9660_no_memory(tree, "for a link");
	names->all = 1;
	names->symlinks = (owner->flags & LATHEP_ISO9660_SYMLINK) != 0;
	return 0;
}

/* All that counts is filled in. */
static void fill_in(struct lathep_iso9660_node *node, const struct file *file)
{
	node->flags |= file->kind;
	node->size = file->size;
	if (file->target) {
		node->flags |= LATHEP_ISO9660_LINK;
		node->u.link.target = file->target;
	} else {
		node->u.file.source = file->source;
		node->u.file.cookie = file->cookie;
	}
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
		err = lathep_iso9660_journal(tree, old,
					     LATHEP_ISO9660_UNDO_REMOVAL);
	if (err)
		return err;
	if (old)
		lathep_iso9660_detach(tree, old);
	err = lathep_iso9660_node_add(tree, parent, name, len,
				      LATHE_ISO9660_FILE, out);
	if (err)
		return err;
	node = lathep_iso9660_node(tree, *out);
	if (old)
		take_over(node, lathep_iso9660_node(tree, old));
	fill_in(node, file);
	lathep_iso9660_count_node(tree, node, true);
	err = lathep_iso9660_set_attributes(tree, *out, file->attr);
	if (!err && file->kind == LATHEP_ISO9660_SYMLINK)
		err = lathep_iso9660_set_symlink(tree, *out, file->text,
						 file->len);
	if (!err && file->kind == LATHEP_ISO9660_SPECIAL)
		err = lathep_iso9660_set_special(tree, *out,
						 file->special.type,
						 file->special.high,
						 file->special.low);
	return err;
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
		return lathep_iso9660_exists(tree, name, len, old,
					     LATHE_ISO9660_FILE);
	lathe_iso9660_save(tree, &save);
	err = insert_file(tree, parent, name, len, old, file, &node);
	if (err)
		return lathep_iso9660_back(tree, &save, err);
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
	struct file what = { .attr = attr, .flags = flags, .cookie = file,
			     .size = size };
	char path[LATHEP_ISO9660_PATH_TEXT];
	int err = begin(tree, parent, name, len);

	if (err)
		return err;
	if (size > (uint64_t)tree->limits.sections *
			   LATHE_ISO9660_SECTION_BYTES)
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_LIMIT,
					   "in \"%s\": \"%.*s\" would need "
					   "more than %lu sections",
					   lathep_iso9660_path_text(
						   tree, parent, path),
					   len > 40 ? 40 : (int)len, name,
					   (unsigned long)
						   tree->limits.sections);
	err = source_row(tree, source, &what.source);
	return err ? err : add(tree, parent, name, len, &what, node);
}

/* The owner of the extent of 'target', a file with content. */
static int link_to(struct lathe_iso9660_tree *tree, uint32_t target,
		   struct file *what)
{
	struct lathep_iso9660_node *node;

	if (!lathep_iso9660_alive(tree, target) ||
	    lathep_iso9660_node(tree, target)->kind != LATHE_ISO9660_FILE ||
	    lathep_iso9660_bare(lathep_iso9660_node(tree, target)))
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_ARG,
					   "node %lu is no file",
					   (unsigned long)target);
	node = lathep_iso9660_node(tree, target);
	what->target = node->flags & LATHEP_ISO9660_LINK ? node->u.link.target
							 : target;
	what->size = lathep_iso9660_owner(tree, node)->size;
	return 0;
}

int lathe_iso9660_add_link(struct lathe_iso9660_tree *tree, uint32_t parent,
			   const char *name, size_t len,
			   const struct lathe_iso9660_attributes *attr,
			   uint32_t target, uint32_t flags, uint32_t *node)
{
	struct file what = { .attr = attr, .flags = flags };
	int err = begin(tree, parent, name, len);

	if (!err)
		err = link_to(tree, target, &what);
	return err ? err : add(tree, parent, name, len, &what, node);
}

int lathe_iso9660_add_symlink(struct lathe_iso9660_tree *tree, uint32_t parent,
			      const char *name, size_t len,
			      const struct lathe_iso9660_attributes *attr,
			      const char *text, size_t text_len,
			      uint32_t content, uint32_t flags,
			      uint32_t *node)
{
	struct file what = { .attr = attr, .flags = flags, .text = text,
			     .kind = LATHEP_ISO9660_SYMLINK,
			     .len = (uint32_t)text_len };
	int err = begin(tree, parent, name, len);

	if (err)
		return err;
	if (text_len == 0 || text_len > LATHE_ISO9660_SYMLINK_MAX ||
	    memchr(text, 0, text_len))
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_ARG,
					   "a symbolic link leads through 1 "
					   "to %u bytes without NUL",
					   LATHE_ISO9660_SYMLINK_MAX);
	if (content)
		err = link_to(tree, content, &what);
	return err ? err : add(tree, parent, name, len, &what, node);
}

int lathe_iso9660_add_special(struct lathe_iso9660_tree *tree, uint32_t parent,
			      const char *name, size_t len,
			      const struct lathe_iso9660_attributes *attr,
			      uint32_t type, uint32_t high, uint32_t low,
			      uint32_t flags, uint32_t *node)
{
	struct file what = { .attr = attr, .flags = flags,
			     .kind = LATHEP_ISO9660_SPECIAL,
			     .special = { type, high, low } };
	int err = begin(tree, parent, name, len);

	if (err)
		return err;
	if (type != 0020000 && type != 0060000 && type != 0010000 &&
	    type != 0140000)
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_ARG,
					   "%lo is no type of special file",
					   (unsigned long)type);
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
