/* SPDX-License-Identifier: MIT */
/*
 * Changes of what is on the disc already: --rename, then --remove.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/content.h"
#include "tools/glob.h"

/* ---- "=" and "\\" -------------------------------------------------------- */

const char *content_equals(const char *text)
{
	for (; *text && *text != '='; text++)
		if (text[0] == '\\' && text[1])
			text++;
	return *text ? text : NULL;
}

char *content_unescaped(const char *text, size_t len)
{
	char *out = must_realloc(NULL, len + 1);
	size_t i, used = 0;

	for (i = 0; i < len; i++) {
		if (text[i] == '\\' && i + 1 < len)
			i++;
		out[used++] = text[i];
	}
	out[used] = '\0';
	return out;
}

/* ---- --rename ----------------------------------------------------------- */

/* "NEW/": under its own name in NEW. */
static char *with_name(char *to, const char *from)
{
	size_t len = strlen(to), end = strlen(from), begin;

	if (len == 0 || to[len - 1] != '/')
		return to;
	while (end > 0 && from[end - 1] == '/')
		end--;
	for (begin = end; begin > 0 && from[begin - 1] != '/'; begin--)
		;
	to = must_realloc(to, len + end - begin + 1);
	memcpy(to + len, from + begin, end - begin);
	to[len + end - begin] = '\0';
	return to;
}

static int complain_rename(struct content *content, int err,
			   const char *argument)
{
	const struct lathe_failure *failure =
		lathe_iso9660_tree_failure(content->tree);
	const char *remedy = NULL, *why = failure->text;

	if (!*why)
		why = lathe_err_meaning(err);
	if (err == LATHE_ERR_ARG)
		return complain_usage(content->tool, "--rename %s: %s",
				      argument, why);
	if (err == LATHE_ERR_NAME)
		remedy = CONTENT_PATH_REMEDY;
	if (err == LATHE_ERR_EXISTS)
		remedy = "choose another name, or --rename what has it first";
	return complain_why(content->tool, err, remedy, "--rename %s: %s",
			    argument, why);
}

static int rename_path(struct content *content, const char *argument,
		       const char *from, char *to)
{
	uint32_t node, parent;
	char *name;
	int err = lathe_iso9660_find(content->tree, from, &node);

	if (err)
		return complain(content->tool, err, NULL, "--rename %s: %s",
				argument, from);
	err = content_make_parents(content, to, false, NULL, &parent, &name);
	if (err == LATHE_OK && !name)
		return complain_usage(content->tool,
				      "--rename %s: NEW is no name", argument);
	if (err == LATHE_OK)
		err = lathe_iso9660_rename(content->tree, node, parent, name,
					   strlen(name));
	return err ? complain_rename(content, err, argument) : STATUS_OK;
}

static int rename_one(struct content *content, const char *argument)
{
	const char *equals = content_equals(argument);
	char *from, *to;
	int status;

	if (!equals)
		return complain_usage(content->tool,
				      "--rename wants OLD=NEW, not '%s'",
				      argument);
	from = content_unescaped(argument, (size_t)(equals - argument));
	to = with_name(content_unescaped(equals + 1, strlen(equals + 1)), from);
	status = rename_path(content, argument, from, to);
	free(from);
	free(to);
	return status;
}

/* ---- --remove ----------------------------------------------------------- */

struct search {
	const struct content *content;
	const char *pattern;
	char *path;
	size_t room;
	uint32_t *found;
	size_t count;
};

static int match(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct search *search = ctx;
	struct lathe_iso9660_tree *tree = search->content->tree;
	size_t len;

	if (entry->node == LATHE_ISO9660_ROOT)
		return 0;
	len = lathe_iso9660_path(tree, entry->node, search->path, search->room);
	if (len >= search->room) {
		search->room = len * 2 + 1;
		search->path = must_realloc(search->path, search->room);
		lathe_iso9660_path(tree, entry->node, search->path,
				   search->room);
	}
	if (!glob_path(search->pattern, search->path))
		return 0;
	search->found = must_realloc(search->found,
				     (search->count + 1) *
					     sizeof(*search->found));
	search->found[search->count++] = entry->node;
	return 0;
}

/* What is below a directory that matched goes with it. */
static int remove_nodes(struct content *content, const uint32_t *nodes,
			size_t count)
{
	struct lathe_iso9660_entry entry;
	size_t i;
	int err = 0;

	for (i = 0; i < count && !err; i++)
		if (lathe_iso9660_get(content->tree, nodes[i], &entry) == 0)
			err = lathe_iso9660_remove(content->tree, nodes[i]);
	return err;
}

static int remove_matching(struct content *content, const char *pattern)
{
	struct search search = { .content = content, .pattern = pattern };
	int err;

	if (!glob_is_pattern(pattern))
		return LATHE_ERR_NOT_FOUND;
	err = lathe_iso9660_walk(content->tree, LATHE_ISO9660_ROOT, match,
				 &search);
	if (!err && search.count == 0)
		err = LATHE_ERR_NOT_FOUND;
	if (!err)
		err = remove_nodes(content, search.found, search.count);
	free(search.path);
	free(search.found);
	return err;
}

/* A path that is there is that path, whatever characters are in it. */
static int remove_one(struct content *content, const char *path)
{
	uint32_t node;
	int err = lathe_iso9660_find(content->tree, path, &node);

	if (err)
		err = remove_matching(content, path);
	else if (node == LATHE_ISO9660_ROOT)
		return complain_usage(content->tool,
				      "--remove / would leave nothing: %s",
				      content->in_image
					      ? "write a new image with -o"
					      : "use a blank disc, or --blank "
						"one that can be erased");
	else
		err = lathe_iso9660_remove(content->tree, node);
	if (err)
		return complain(content->tool, err, NULL, "--remove %s", path);
	return STATUS_OK;
}

int content_change(struct content *content)
{
	const struct content_options *options = content->options;
	int status = STATUS_OK;
	size_t i;

	for (i = 0; i < options->rename.count && status == STATUS_OK; i++)
		status = rename_one(content, options->rename.item[i]);
	for (i = 0; i < options->remove.count && status == STATUS_OK; i++)
		status = remove_one(content, options->remove.item[i]);
	return status;
}
