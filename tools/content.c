/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/content.h"

/* Where an argument lands. */
struct landing {
	char *target;     /* path on the disc, without leading "/" */
	const char *path; /* of the host */
	bool contents;    /* what is in the directory, not itself */
};

/* ---- what the engine tells ---------------------------------------------- */

static const char *skip_reason(enum lathe_iso9660_skipped why)
{
	switch (why) {
	case LATHE_ISO9660_SKIPPED_SPECIAL:
		return "no regular file";
	case LATHE_ISO9660_SKIPPED_LINK_DIRECTORY:
		return "a symbolic link to a directory";
	case LATHE_ISO9660_SKIPPED_LINK_DANGLING:
		return "a symbolic link to nothing";
	case LATHE_ISO9660_SKIPPED_UNREADABLE:
		return "can not be read";
	case LATHE_ISO9660_SKIPPED_NAME:
		return "its name is no UTF-8";
	case LATHE_ISO9660_SKIPPED_LINK:
		return "a symbolic link";
	case LATHE_ISO9660_SKIPPED_LOOP:
		return "a symbolic link to a directory that it is in";
	}
	return "unknown";
}

static void skipped(void *ctx, enum lathe_iso9660_skipped why, const char *path,
		    int sys_errno)
{
	struct content *content = ctx;
	bool always = true;

	if (why == LATHE_ISO9660_SKIPPED_UNREADABLE) {
		content->unreadable++;
	} else if (why == LATHE_ISO9660_SKIPPED_NAME) {
		content->bad_names++;
	} else {
		content->left_out++;
		always = content->tool->verbose;
	}
	if (always && sys_errno)
		note(content->tool, "left out: %s: %s: %s", path,
		     skip_reason(why), strerror(sys_errno));
	else if (always)
		note(content->tool, "left out: %s: %s", path, skip_reason(why));
}

void content_renamed(void *ctx, const struct lathe_iso9660_renamed *what)
{
	struct content *content = ctx;
	char path[1024], name[LATHE_ISO9660_NAME_MAX + 1];
	int len;

	/* ISO 9660's own names nearly always differ; readers of today show
	 * the other hierarchy's. */
	if (what->hierarchy == 0 || content->names_told)
		return;
	content->renamed++;
	if (!content->tool->verbose)
		return;
	len = lathe_joliet_utf8_from_utf16(what->id, what->id_len, name,
					   sizeof(name) - 1);
	name[len > 0 ? len : 0] = '\0';
	lathe_iso9660_path(content->tree, what->node, path, sizeof(path));
	note(content->tool, "recorded as %s: %s", name, path);
}

static const char *plural(uint32_t count)
{
	return count == 1 ? "" : "s";
}

int content_told(struct content *content)
{
	struct tool *tool = content->tool;
	const char *more = tool->verbose ? "" : "; -v lists them";
	uint32_t twins = content_case_twins(content->tree);

	content->names_told = true;
	if (content->left_out > 0)
		note(tool, "%" PRIu32 " link%s or special file%s left out%s",
		     content->left_out, plural(content->left_out),
		     plural(content->left_out), more);
	if (content->renamed > 0)
		note(tool, "%" PRIu32 " name%s recorded differently%s",
		     content->renamed, plural(content->renamed), more);
	if (twins == 0)
		return STATUS_OK;
	if (content->options->strict_case)
		return complain_why(tool, LATHE_ERR_NAME,
				    "rename them or leave out --strict-case",
				    "%" PRIu32 " name%s differ from another "
				    "one in case alone",
				    twins, plural(twins));
	note(tool,
	     "%" PRIu32 " name%s differ from another one in case alone: "
	     "some systems will show only one of two",
	     twins, plural(twins));
	return STATUS_OK;
}

/* ---- arguments ---------------------------------------------------------- */

static char *copy_span(const char *text, size_t len)
{
	char *out = must_realloc(NULL, len + 1);

	memcpy(out, text, len);
	out[len] = '\0';
	return out;
}

/* The last component of a path, without slashes behind it. */
static const char *base_name(const char *path, size_t *len)
{
	const char *end = path + strlen(path), *begin;

	while (end > path && end[-1] == '/')
		end--;
	for (begin = end; begin > path && begin[-1] != '/'; begin--)
		;
	*len = (size_t)(end - begin);
	return begin;
}

static bool is_dots(const char *name, size_t len)
{
	return (len == 1 && name[0] == '.') ||
	       (len == 2 && name[0] == '.' && name[1] == '.');
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* "/TARGET=PATH", unless a file of that very name exists. */
static const char *split_target(const char *argument)
{
	struct stat st;

	if (argument[0] != '/' || lstat(argument, &st) == 0)
		return NULL;
	return strchr(argument, '=');
}

/* Behind 'folder' of 'len' bytes the base name of the path. */
static void land_under(struct landing *to, const char *folder, size_t len)
{
	size_t base_len;
	const char *base = base_name(to->path, &base_len);

	to->contents = base_len == 0 || is_dots(base, base_len);
	if (to->contents) {
		to->target = copy_span(folder, len);
		return;
	}
	to->target = must_realloc(NULL, len + base_len + 2);
	memcpy(to->target, folder, len);
	to->target[len] = '/';
	memcpy(to->target + len + 1, base, base_len);
	to->target[len + 1 + base_len] = '\0';
}

static bool ends_with_slash(const char *path)
{
	size_t len = strlen(path);

	return len > 0 && path[len - 1] == '/';
}

/*
 * DIR, FILE	under their base names
 * DIR/, .	what is in the directory
 * /T=PATH	as T
 * /T/=PATH	under its base name in T; "/=DIR" is what is in it, though
 */
static void find_landing(const char *argument, struct landing *to)
{
	const char *equals = split_target(argument);
	size_t len = equals ? (size_t)(equals - argument) : 0;

	*to = (struct landing){ .path = equals ? equals + 1 : argument };
	if (equals && argument[len - 1] != '/') {
		to->target = copy_span(argument, len);
	} else if (is_directory(to->path) &&
		   (len == 1 || ends_with_slash(to->path))) {
		to->target = copy_span(argument, len);
		to->contents = true;
	} else {
		land_under(to, argument, len);
	}
}

/* ---- into the tree ------------------------------------------------------ */

/*
 * The directories of to->target but for the last name, or with it where the
 * contents are wanted. *name gets the last one, NULL for contents.
 */
static int make_parents(struct content *content, struct landing *to,
			uint32_t *parent, char **name)
{
	char *at = to->target, *end;
	int err;

	*parent = LATHE_ISO9660_ROOT;
	*name = NULL;
	for (;;) {
		at += strspn(at, "/");
		if (!*at)
			return LATHE_OK;
		end = at + strcspn(at, "/");
		if (!to->contents && end[strspn(end, "/")] == '\0') {
			*end = '\0';
			*name = at;
			return LATHE_OK;
		}
		err = lathe_iso9660_add_directory(content->tree, *parent, at,
						  (size_t)(end - at), NULL,
						  parent);
		if (err)
			return err;
		at = end;
	}
}

/* The host's own words name the file, which may lie below 'path'. */
static int complain_host(struct content *content, int err, const char *path)
{
	const struct lathe_failure *failure =
		lathe_iso9660_host_failure(content->host);

	if (failure->err && failure->text[0])
		return complain_why(content->tool, err, NULL, "%s",
				    failure->text);
	return complain(content->tool, err, NULL, "%s", path);
}

static int add_one(struct content *content, const char *argument)
{
	uint32_t parent, flags = content->options->no_replace
					 ? 0
					 : LATHE_ISO9660_REPLACE;
	struct landing to;
	char *name;
	int err, status = STATUS_OK;

	find_landing(argument, &to);
	if (!*to.path) {
		free(to.target);
		return complain_usage(content->tool, "'%s' names no file",
				      argument);
	}
	err = make_parents(content, &to, &parent, &name);
	if (err) {
		status = complain(content->tool, err,
				  lathe_iso9660_tree_failure(content->tree),
				  "%s", argument);
	} else {
		err = lathe_iso9660_host_add(content->host, content->tree,
					     parent, name, to.path, flags);
		if (err)
			status = complain_host(content, err, to.path);
	}
	free(to.target);
	return status;
}

/* A backup that lacks something should not look like a whole one. */
static int refuse_gaps(struct content *content)
{
	if (content->options->skip_unreadable)
		return STATUS_OK;
	if (content->unreadable > 0)
		return complain_why(content->tool, LATHE_ERR_IO,
				    "make them readable, or leave them out "
				    "with --skip-unreadable",
				    "%" PRIu32 " file%s can not be read; "
				    "nothing was written",
				    content->unreadable,
				    plural(content->unreadable));
	if (content->bad_names > 0)
		return complain_why(content->tool, LATHE_ERR_NAME,
				    "rename them, or leave them out with "
				    "--skip-unreadable",
				    "%" PRIu32 " name%s can not be recorded; "
				    "nothing was written",
				    content->bad_names,
				    plural(content->bad_names));
	return STATUS_OK;
}

int content_add(struct content *content, const struct option_list *operands)
{
	int status = STATUS_OK;
	size_t i;

	for (i = 0; i < operands->count && status == STATUS_OK; i++)
		status = add_one(content, operands->item[i]);
	return status ? status : refuse_gaps(content);
}

enum lathe_iso9660_level content_level(const struct content_options *options)
{
	static const enum lathe_iso9660_level levels[] = {
		LATHE_ISO9660_LEVEL_2, LATHE_ISO9660_LEVEL_1,
		LATHE_ISO9660_RELAXED
	};

	return levels[options->level];
}

int content_init(struct content *content, struct tool *tool,
		 const struct content_options *options)
{
	struct lathe_iso9660_host_config config = {
		.size = sizeof(config),
		.hooks = tool->hooks,
		.one_file_system = options->one_file_system,
		.skipped = skipped,
		.skipped_ctx = content,
	};
	int err;

	*content = (struct content){ .tool = tool, .options = options };
	err = lathe_iso9660_host_create(&config, &content->host);
	if (err)
		return complain(tool, err, NULL, "host files");
	return STATUS_OK;
}

void content_destroy(struct content *content)
{
	lathe_iso9660_host_destroy(content->host);
	content->host = NULL;
}
