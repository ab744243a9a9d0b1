/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/content.h"
#include "tools/lines.h"
#include "tools/tree_path.h"

/* Where an argument lands. */
struct landing {
	char *target;     /* path on the disc, without leading "/" */
	const char *path; /* of the host */
	bool contents;    /* what is in the directory, not itself */
	bool nameless;    /* its own name has no form on the disc */
};

/* ---- arguments ---------------------------------------------------------- */

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

/* "/TARGET=PATH", unless a file of that very name exists; "\\=" in TARGET is
 * part of a name. */
static const char *split_target(const char *argument)
{
	struct stat st;

	if (argument[0] != '/' || lstat(argument, &st) == 0)
		return NULL;
	return content_equals(argument);
}

/* Behind 'folder' of 'len' bytes the base name of the path. */
static void land_under(struct content *content, struct landing *to,
		       const char *folder, size_t len)
{
	char name[LATHE_ISO9660_NAME_MAX];
	size_t base_len, at;
	const char *base = base_name(to->path, &base_len);
	int got = (int)base_len;

	to->contents = base_len == 0 || is_dots(base, base_len);
	to->target = content_unescaped(folder, len);
	if (to->contents)
		return;
	if (content_maps_names(content)) {
		got = content_name(content, base, base_len,
				   is_directory(to->path), name);
		base = name;
	}
	to->nameless = got <= 0 || !content_is_utf8(base, (size_t)got);
	if (to->nameless)
		return;
	at = strlen(to->target);
	to->target = must_realloc(to->target, at + (size_t)got + 2);
	to->target[at] = '/';
	memcpy(to->target + at + 1, base, (size_t)got);
	to->target[at + 1 + (size_t)got] = '\0';
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
static void find_landing(struct content *content, const char *argument,
			 struct landing *to)
{
	const char *equals = split_target(argument);
	size_t len = equals ? (size_t)(equals - argument) : 0;

	*to = (struct landing){ .path = equals ? equals + 1 : argument };
	if (equals && argument[len - 1] != '/') {
		to->target = content_unescaped(argument, len);
	} else if (ends_with_slash(to->path) ||
		   (len == 1 && is_directory(to->path))) {
		to->target = content_unescaped(argument, len);
		to->contents = true;
	} else {
		land_under(content, to, argument, len);
	}
}

/* ---- into the tree ------------------------------------------------------ */

/* What helps here, where it is another thing than elsewhere. 'targeted': the
 * path on the disc was given. */
static const char *remedy(const struct content *content, int err,
			  const char *path, bool targeted)
{
	if (err == LATHE_ERR_NAME && targeted)
		return CONTENT_PATH_REMEDY;
	/* All of a list that has lines is one name then. */
	if (err == LATHE_ERR_NOT_FOUND && content->options->null &&
	    strchr(path, '\n'))
		return "leave out -0 if the path list has lines";
	if (err != LATHE_ERR_EXISTS)
		return NULL;
	return content->options->no_replace
		       ? "choose another name, or leave out --no-replace"
		       : "choose another name, or --remove what the disc has";
}

/* The host's own words name the file, which may lie below 'path'. */
static int complain_host(struct content *content, int err, const char *path,
			 bool targeted)
{
	const struct lathe_failure *failure =
		lathe_iso9660_host_failure(content->host);
	struct stat st;

	/* What was named is looked at first of all; the system says why that
	 * fails. */
	if (err == LATHE_ERR_IO && stat(path, &st) != 0)
		return complain_errno(content->tool, path);
	if (!failure->err || !failure->text[0])
		return complain(content->tool, err, NULL, "%s", path);
	if (err == LATHE_ERR_ARG)
		return complain_usage(content->tool, "%s", failure->text);
	return complain_why(content->tool, err,
			    remedy(content, err, path, targeted), "%s",
			    failure->text);
}

/* A directory for what was named could not be made. */
static int complain_parents(struct content *content, int err,
			    const char *argument)
{
	const struct lathe_failure *failure =
		lathe_iso9660_tree_failure(content->tree);

	return complain_why(content->tool, err,
			    remedy(content, err, argument, true), "%s: %s",
			    argument, failure->text[0]
					      ? failure->text
					      : lathe_err_meaning(err));
}

static uint32_t flags_of(const struct content_options *options)
{
	uint32_t flags = options->no_replace ? 0 : LATHE_ISO9660_REPLACE;

	if (options->update || options->mirror)
		flags |= LATHE_ISO9660_UPDATE;
	if (options->mirror)
		flags |= LATHE_ISO9660_MIRROR;
	return flags;
}

static bool is_empty(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	bool empty = dir != NULL;

	while (empty && (entry = readdir(dir)) != NULL)
		empty = is_dots(entry->d_name, strlen(entry->d_name));
	if (dir)
		closedir(dir);
	return empty;
}

struct losing {
	struct content *content;
	uint32_t top;
};

/* --exclude keeps what it matches, and all below that. */
static bool is_excluded(const struct losing *losing, uint32_t node)
{
	const struct content *content = losing->content;
	struct lathe_iso9660_entry entry;
	bool excluded = false;
	char *path;

	while (!excluded && content->filter.count > 0 && node != losing->top &&
	       lathe_iso9660_get(content->tree, node, &entry) == 0) {
		path = tree_path(content->tree, node);
		excluded = filter_excludes(&content->filter, path,
					   entry.kind ==
						   LATHE_ISO9660_DIRECTORY);
		free(path);
		node = entry.parent;
	}
	return excluded;
}

static int loses(void *ctx, const struct lathe_iso9660_entry *entry)
{
	return entry->kind != LATHE_ISO9660_DIRECTORY && entry->imported &&
	       !is_excluded(ctx, entry->node);
}

/* What a disk that is not mounted looks like: all that the disc has of it
 * would be gone. */
static int refuse_unmounted(struct content *content, const struct landing *to)
{
	struct losing losing = { .content = content };

	if (!content->options->mirror || !is_empty(to->path) ||
	    lathe_iso9660_find(content->tree, to->target, &losing.top) ||
	    lathe_iso9660_walk(content->tree, losing.top, loses, &losing) == 0)
		return STATUS_OK;
	return complain_why(content->tool, LATHE_ERR_EMPTY,
			    "mount what belongs there, or --remove what the "
			    "disc has of it",
			    "%s: there is nothing in it, and --mirror would "
			    "leave nothing of it on the disc",
			    to->path);
}

/* What is there, and can not be looked at or has no name on the disc, is
 * treated as what is found in a directory. */
static bool is_left_out(struct content *content, const struct landing *to)
{
	struct stat st;

	if (stat(to->path, &st) == 0) {
		if (to->nameless)
			content_skipped(content, LATHE_ISO9660_SKIPPED_NAME,
					to->path, 0);
		return to->nameless;
	}
	if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG)
		return false;
	content_skipped(content, LATHE_ISO9660_SKIPPED_UNREADABLE, to->path,
			errno);
	if (!to->nameless)
		content_keep(content, to->target);
	return true;
}

static int add_landing(struct content *content, const char *argument,
		       const struct landing *to)
{
	uint32_t parent;
	char *name;
	int err = content_make_parents(content, to->target, to->contents,
				       to->path, &parent, &name);
	int status = err ? complain_parents(content, err, argument)
			 : refuse_unmounted(content, to);

	if (status)
		return status;
	err = lathe_iso9660_host_add(content->host, content->tree, parent,
				     name, to->path,
				     flags_of(content->options));
	return err ? complain_host(content, err, to->path, to->path != argument)
		   : STATUS_OK;
}

static int add_one(struct content *content, const char *argument,
		   size_t place)
{
	struct landing to;
	int status = STATUS_OK;

	find_landing(content, argument, &to);
	if (!*to.path) {
		status = complain_usage(content->tool, "'%s' names no file",
					argument);
	} else if (!is_left_out(content, &to)) {
		if (!is_directory(to.path))
			content_land(content, to.target, to.path, place);
		status = add_landing(content, argument, &to);
	}
	free(to.target);
	return status;
}

/* Of several sources the last one wins. An update keeps what came first. */
static int add_all(struct content *content, const struct option_list *list)
{
	bool update = content->options->update || content->options->mirror;
	int status = STATUS_OK;
	size_t i, at;

	for (i = 0; i < list->count && status == STATUS_OK; i++) {
		at = update ? list->count - 1 - i : i;
		status = add_one(content, list->item[at], at);
	}
	return status;
}

/* Those of the lists behind those of the command line; once, as standard
 * input can not be read again. */
static int gather(struct content *content, const struct option_list *operands)
{
	const struct option_list *lists = &content->options->path_list;
	const char *line;
	size_t i;
	int status;

	if (content->gathered)
		return STATUS_OK;
	content->gathered = true;
	content->lines = must_realloc(NULL, (lists->count + 1) *
						    sizeof(*content->lines));
	memset(content->lines, 0, (lists->count + 1) * sizeof(*content->lines));
	for (i = 0; i < operands->count; i++)
		option_list_add(&content->sources, operands->item[i]);
	for (i = 0; i < lists->count; i++) {
		status = lines_read(&content->lines[i], content->tool,
				    lists->item[i],
				    content->options->null ? '\0' : '\n');
		if (status)
			return status;
		line = NULL;
		while ((line = lines_next(&content->lines[i], line)) != NULL)
			if (*line)
				option_list_add(&content->sources, line);
	}
	return STATUS_OK;
}

static void forget_sources(struct content *content)
{
	size_t i;

	for (i = 0; content->lines && i < content->options->path_list.count;
	     i++)
		lines_free(&content->lines[i]);
	free(content->lines);
	free(content->sources.item);
	content_forget_changes(content);
	content_forget_landed(content);
	content_forget_kept(content);
	content->lines = NULL;
	content->sources = (struct option_list){ NULL, 0 };
}

static int add_sources(struct content *content,
		       const struct option_list *operands)
{
	int status = gather(content, operands);

	return status ? status : add_all(content, &content->sources);
}

/* Rock Ridge has permissions at least of the root (RRIP 4.1.1). */
static bool lacks_names(const struct content *content)
{
	struct lathe_iso9660_entry root;

	return content->lacks_joliet &&
	       lathe_iso9660_get(content->tree, LATHE_ISO9660_ROOT, &root) ==
		       0 &&
	       !root.posix_given;
}

int content_add(struct content *content, const struct option_list *operands)
{
	int status, err;

	content_begin_dates(content);
	status = content_change(content);
	content->lacks_names = lacks_names(content);
	content_note_tree(content);
	if (status == STATUS_OK)
		status = add_sources(content, operands);
	if (status)
		return status;
	content_date_root(content);
	content->finishing = true;
	err = lathe_iso9660_host_finish(content->host, content->tree,
					&content->totals);
	content->finishing = false;
	if (err)
		return complain_host(content, err, "what the disc has", false);
	return content_refuse_gaps(content);
}

bool content_is_lost(const struct content *content)
{
	return content->unreadable + content->bad_names > 0 &&
	       !lathe_iso9660_changed(content->tree);
}

bool content_unchanged(const struct content *content)
{
	return (content->options->update || content->options->mirror) &&
	       !lathe_iso9660_changed(content->tree);
}

/* ---- options ------------------------------------------------------------ */

enum lathe_iso9660_level content_level(const struct content_options *options)
{
	static const enum lathe_iso9660_level levels[] = {
		LATHE_ISO9660_LEVEL_2, LATHE_ISO9660_LEVEL_1,
		LATHE_ISO9660_RELAXED
	};

	return levels[options->level];
}

const struct lathe_iso9660_system_use *
content_system_use(const struct content_options *options)
{
	return options->no_rock_ridge ? NULL : &lathe_iso9660_rock_ridge;
}

/* Without Rock Ridge a link can only be the file that it leads to. */
static enum lathe_iso9660_host_links
links(const struct content_options *options)
{
	static const enum lathe_iso9660_host_links words[] = {
		LATHE_ISO9660_LINKS_RECORD, LATHE_ISO9660_LINKS_FOLLOW,
		LATHE_ISO9660_LINKS_SKIP
	};

	if (options->follow)
		return LATHE_ISO9660_LINKS_FOLLOW;
	if (options->symlinks == 0 && options->no_rock_ridge)
		return LATHE_ISO9660_LINKS_CONTENT;
	return words[options->symlinks];
}

static int check(struct tool *tool, const struct content_options *o)
{
	if (o->no_rock_ridge && (o->keep_modes || o->keep_owner ||
				 o->times || o->relocate || o->special))
		return complain_usage(tool, "--no-rock-ridge leaves no place "
					    "for --keep-modes, --keep-owner, "
					    "--times, --relocate and "
					    "--special");
	if (o->follow && o->symlinks > 0)
		return complain_usage(tool, "--follow and --symlinks "
					    "contradict each other");
	if (o->no_replace && (o->update || o->mirror))
		return complain_usage(tool, "--no-replace and --update "
					    "contradict each other");
	return STATUS_OK;
}

static bool excluded(void *ctx, const char *path, bool directory)
{
	const struct content *content = ctx;

	return content_keeps(content, path) ||
	       filter_excludes(&content->filter, path, directory);
}

static int make_host(struct content *content)
{
	const struct content_options *options = content->options;
	struct lathe_iso9660_host_config config = {
		.size = sizeof(config),
		.hooks = content->tool->hooks,
		.threads = 2,
		.one_file_system = options->one_file_system,
		.posix = !options->no_rock_ridge,
		.all_times = options->times == 1,
		.specials = options->special,
		.compare_modes = options->keep_modes,
		.compare_owner = options->keep_owner,
		.symlinks = links(options),
		.skipped = content_skipped,
		.skipped_ctx = content,
		.excluded = content->filter.count > 0 || options->mirror
				    ? excluded : NULL,
		.excluded_ctx = content,
		.name = content_maps_names(content) ? content_name : NULL,
		.name_ctx = content,
		.output = content_is_output,
		.output_ctx = content,
	};
	int err = lathe_iso9660_host_create(&config, &content->host);

	if (err)
		return complain(content->tool, err, NULL, "host files");
	return STATUS_OK;
}

int content_init(struct content *content, struct tool *tool,
		 const struct content_options *options)
{
	int status = check(tool, options);

	*content = (struct content){ .tool = tool, .options = options };
	content->rock_ridge.keep_modes = options->keep_modes;
	content->rock_ridge.keep_owner = options->keep_owner;
	content->rock_ridge.all_times = options->times == 1;
	content->rock_ridge.relocate = options->relocate;
	content_output_init(content);
	if (status == STATUS_OK)
		status = filter_init(&content->filter, tool,
				     &options->exclude_from,
				     &options->exclude);
	if (status == STATUS_OK)
		status = content_name_init(content);
	if (status == STATUS_OK)
		status = make_host(content);
	if (status)
		content_destroy(content);
	return status;
}

int content_begin_anew(struct content *content)
{
	lathe_iso9660_host_destroy(content->host);
	content->host = NULL;
	content->totals = (struct lathe_iso9660_host_totals){ 0 };
	content->left_out = content->unreadable = content->bad_names = 0;
	content_forget_changes(content);
	content_forget_landed(content);
	content_forget_kept(content);
	return make_host(content);
}

void content_destroy(struct content *content)
{
	forget_sources(content);
	lathe_iso9660_host_destroy(content->host);
	content->host = NULL;
	content_name_destroy(content);
	filter_destroy(&content->filter);
}
