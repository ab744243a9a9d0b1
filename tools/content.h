/* SPDX-License-Identifier: MIT */
/*
 * What the user wants on the disc: paths of it that move or go, then
 * "[/TARGET=]PATH" into a tree, and what became of the names.
 */
#ifndef LATHE_TOOL_CONTENT_H
#define LATHE_TOOL_CONTENT_H

#include "iso9660/lathe_iso9660.h"
#include "joliet/lathe_joliet.h"
#include "tools/filter.h"
#include "tools/options.h"

/* Part of the options of 'burn' and 'image'. */
struct content_options {
	struct option_list path_list, exclude, exclude_from, remove, rename;
	const char *volume, *charset;
	unsigned level;		/* place in "2|1|relaxed" */
	unsigned symlinks;	/* place in "record|follow|skip" */
	unsigned times;		/* place in "modified|all" */
	bool null, one_file_system, skip_unreadable, follow, special;
	bool update, mirror, no_replace;
	bool no_rock_ridge, keep_modes, keep_owner, relocate;
	bool joliet_long, joliet_strict, strict_case, nfc;
	bool plan, print_size;
};

#define OPTIONS_CONTENT(S, M)                                                 \
	OPTION_GROUP("what is added"),                                        \
	{ 0, "path-list", OPTION_READS, offsetof(S, M.path_list), "FILE|-",   \
	  "[/TARGET=]PATH from the lines of FILE, too" },                     \
	{ '0', "null", OPTION_FLAG, offsetof(S, M.null), NULL,                \
	  "lines of path lists end with NUL" },                               \
	{ 0, "exclude", OPTION_LIST, offsetof(S, M.exclude), "PATTERN",       \
	  "leave out what matches; !PATTERN takes it in again" },             \
	{ 0, "exclude-from", OPTION_READS, offsetof(S, M.exclude_from),       \
	  "FILE|-", "the same from the lines of FILE" },                      \
	{ 0, "one-file-system", OPTION_FLAG, offsetof(S, M.one_file_system),  \
	  NULL, "stay on the file system of each PATH" },                     \
	{ 0, "symlinks", OPTION_CHOICE, offsetof(S, M.symlinks),              \
	  "record|follow|skip", "what becomes of symbolic links" },           \
	{ 0, "follow", OPTION_FLAG, offsetof(S, M.follow), NULL,              \
	  "as --symlinks=follow" },                                           \
	{ 0, "special", OPTION_FLAG, offsetof(S, M.special), NULL,            \
	  "record devices, pipes and sockets" },                              \
	{ 0, "skip-unreadable", OPTION_FLAG, offsetof(S, M.skip_unreadable),  \
	  NULL, "leave out what can not be read, do not refuse" },            \
	OPTION_GROUP("what is there already"),                                \
	{ 0, "update", OPTION_FLAG, offsetof(S, M.update), NULL,              \
	  "record only what differs from the disc" },                         \
	{ 0, "mirror", OPTION_FLAG, offsetof(S, M.mirror), NULL,              \
	  "and remove what no source has, below each TARGET" },               \
	{ 0, "rename", OPTION_LIST, offsetof(S, M.rename), "OLD=NEW",         \
	  "move a path of the disc; comes first" },                           \
	{ 0, "remove", OPTION_LIST, offsetof(S, M.remove), "PATH",            \
	  "leave PATH of the disc out of the new session" },                  \
	{ 0, "no-replace", OPTION_FLAG, offsetof(S, M.no_replace), NULL,      \
	  "refuse names that are there already" },                            \
	OPTION_GROUP("what is kept of a file"),                               \
	{ 0, "no-rock-ridge", OPTION_FLAG, offsetof(S, M.no_rock_ridge),      \
	  NULL, "no modes, owners, links: ISO 9660 and Joliet alone" },       \
	{ 0, "keep-modes", OPTION_FLAG, offsetof(S, M.keep_modes), NULL,      \
	  "permissions as they are, not readable for all" },                  \
	{ 0, "keep-owner", OPTION_FLAG, offsetof(S, M.keep_owner), NULL,      \
	  "owner and group as they are, not 0" },                             \
	{ 0, "times", OPTION_CHOICE, offsetof(S, M.times), "modified|all",    \
	  "all: access and change of attributes, too" },                      \
	{ 0, "relocate", OPTION_FLAG, offsetof(S, M.relocate), NULL,          \
	  "directories below the 8th level move to RR_MOVED" },               \
	OPTION_GROUP("names"),                                                \
	{ 0, "volume", OPTION_TEXT, offsetof(S, M.volume), "NAME",            \
	  "the volume's name" },                                              \
	{ 0, "joliet-long", OPTION_FLAG, offsetof(S, M.joliet_long), NULL,    \
	  "names of up to 103 characters, not 64" },                          \
	{ 0, "joliet-strict", OPTION_FLAG, offsetof(S, M.joliet_strict),      \
	  NULL, "refuse names that would have to be changed" },               \
	{ 0, "strict-case", OPTION_FLAG, offsetof(S, M.strict_case), NULL,    \
	  "refuse names that differ in case alone" },                         \
	{ 0, "iso-level", OPTION_CHOICE, offsetof(S, M.level),                \
	  "2|1|relaxed", "ISO 9660 names: 31 characters, 8.3, or 37" },       \
	{ 0, "charset", OPTION_TEXT, offsetof(S, M.charset), "NAME",          \
	  "what the names of files here are in, if not UTF-8" },              \
	{ 0, "nfc", OPTION_FLAG, offsetof(S, M.nfc), NULL,                    \
	  "letters with marks as one character (NFC)" },                      \
	OPTION_GROUP("only ask"),                                             \
	{ 0, "plan", OPTION_FLAG, offsetof(S, M.plan), NULL,                  \
	  "say what would happen, write nothing" },                           \
	{ 0, "print-size", OPTION_FLAG, offsetof(S, M.print_size), NULL,      \
	  "only the number of blocks that are needed" }

struct content {
	struct tool *tool;
	const struct content_options *options;
	struct lathe_iso9660_host *host;
	struct lathe_iso9660_tree *tree; /* borrowed; set it before adding */
	bool lacks_joliet;	/* what is continued; set it likewise */
	bool no_joliet;		/* what is recorded; likewise */
	bool in_image;		/* not on a disc; likewise */
	struct lathe_iso9660_rock_ridge_options rock_ridge;
	struct lathe_iso9660_host_totals totals; /* of an update */
	uint32_t left_out;	/* links and special files */
	uint32_t unreadable;
	uint32_t bad_names;	/* no UTF-8 */
	uint32_t renamed;	/* other than in ISO 9660's own hierarchy */
	uint32_t numbered;	/* of these, to tell them apart */
	bool lacks_names;	/* of Joliet and of Rock Ridge */
	bool names_told;	/* later plans rename the same again */
	bool rehearsal;		/* what is told will be told again */

	/* Private. */
	struct content_output {
		uint64_t dev, ino;
	} output[8];		/* files that are written meanwhile */
	unsigned outputs;
	struct filter filter;
	struct option_list sources; /* operands, and those of lists */
	struct lines *lines;	/* that these are in */
	bool gathered;
	bool new_root;		/* no disc had it */
	int64_t newest;		/* date of what was named, for it */
	struct kept *kept;	/* places that --mirror leaves alone */
	bool finishing;		/* it removes what no source has */
	struct changes *changes; /* what there was, to tell what differs */
	struct landed *landed;	/* files that were named */
	size_t landed_count, landed_room;
	struct lathe_joliet_charset *charset;
	struct nfc *nfc;
};

/* Returns 0 or the exit status. */
int content_init(struct content *content, struct tool *tool,
		 const struct content_options *options);
void content_destroy(struct content *content);

/* 'path' is written while there is content: it is never a part of it. */
void content_writes(struct content *content, const char *path);

/*
 * Rename, remove, and add operands and path lists: to content->tree, which
 * may hold what a disc has. Returns 0 or the exit status.
 */
int content_add(struct content *content, const struct option_list *operands);

/*
 * The directories of 'path' in the tree, made where they are not there: but
 * for the last one, whose *name is left over in 'path', or 'all', where *name
 * is NULL. Those that are made have the date of 'source', a file here; NULL:
 * none. Returns an enum lathe_err.
 */
int content_make_parents(struct content *content, char *path, bool all,
			 const char *source, uint32_t *parent, char **name);

/* In front of what is added, and behind it: the date of a new disc's root that
 * has none is that of the newest source. */
void content_begin_dates(struct content *content);
void content_date_root(struct content *content);

/* Forget what was added, for another tree; path lists are not read again.
 * Returns 0 or the exit status. */
int content_begin_anew(struct content *content);

/* What could not be read, or has no name on the disc, was all there was. */
bool content_is_lost(const struct content *content);

/* --update or --mirror, and all was there as it is. */
bool content_unchanged(const struct content *content);

/* There is no room for Joliet in what is recorded. */
void content_without_joliet(struct content *content, const char *name);

/* Is there UDF beside ISO 9660, by these blocks from the descriptors on? */
void content_tell_udf(const struct content *content, const char *name,
		      const uint8_t *blocks, uint32_t count);

/* The callbacks of plan and master; ctx is the struct content. */
void content_renamed(void *ctx, const struct lathe_iso9660_renamed *what);

/*
 * After planning: tell how many names were changed or left out, and about
 * names that differ in case alone. Returns 0 or the exit status.
 */
int content_told(struct content *content);

/* --strict-case. Returns 0 or the exit status. */
int content_refuse_twins(struct content *content);

enum lathe_iso9660_level content_level(const struct content_options *options);

/* The files of a plan, a line to stdout. */
void content_show_count(const struct lathe_iso9660_counts *count);

/* --print-size, to stdout. */
void content_show_size(uint32_t blocks, bool as_json);

/* --plan of an image that would begin at block 'start', to stdout. 'plan' NULL,
 * only as JSON: there is nothing to record. */
void content_show_plan(struct content *content,
		       const struct lathe_iso9660_plan *plan, uint32_t start,
		       bool as_json);

/* What stands behind the names of ISO 9660 itself: Rock Ridge or NULL. */
const struct lathe_iso9660_system_use *
content_system_use(const struct content_options *options);

/* ---- parts of it -------------------------------------------------------- */

/* content_landed.c: files that were named, each with its path on the disc and
 * its place among the arguments; those that others take the place of, which
 * are left out. */
void content_land(struct content *content, const char *target,
		  const char *path, size_t place);
void content_tell_landed(struct content *content);
void content_forget_landed(struct content *content);
/* A path of the disc without a first "/", or a second one behind another; to
 * be freed. */
char *content_tidy(const char *target);

/* content_changes.c: -v of an update: what the tree holds before it, and what
 * has become of that. */
void content_note_tree(struct content *content);
void content_tell_changes(struct content *content);
void content_forget_changes(struct content *content);

/* content_kept.c: what the disc has at 'target' and below stays as it is; is
 * 'path' such a place, while what no source has is removed? */
void content_keep(struct content *content, const char *target);
bool content_keeps(const struct content *content, const char *path);
void content_forget_kept(struct content *content);

/* content_told.c: the engine's callback, and its sum before recording. */
void content_skipped(void *ctx, enum lathe_iso9660_skipped why,
		     const char *path, int sys_errno);
int content_refuse_gaps(struct content *content);

/* content_case.c: names of one directory that differ in case alone: how many
 * have such a twin before them. */
uint32_t content_case_twins(struct lathe_iso9660_tree *tree);

/* content_output.c: standard output and error, if they are files; and the
 * callback of host files. */
void content_output_init(struct content *content);
bool content_is_output(void *ctx, uint64_t dev, uint64_t ino);

/* content_volume.c: does --volume give another name than that of what was
 * found? And what it becomes. */
bool content_renames(const struct content_options *options,
		     const struct lathe_iso9660_found *found);
void content_tell_volume(struct content *content);

/* What helps against LATHE_ERR_NAME in a path that was given for the disc. */
#define CONTENT_PATH_REMEDY                                                   \
	"choose another path on the disc: names in UTF-8, neither . nor .."

/* content_change.c: --rename and --remove. */
int content_change(struct content *content);
/* The first "=" without "\" in front, or NULL; what 'len' bytes mean without
 * such "\", to be freed. */
const char *content_equals(const char *text);
char *content_unescaped(const char *text, size_t len);

/* content_name.c: --charset and --nfc, and what Joliet makes of names. */
int content_name_init(struct content *content);
void content_name_destroy(struct content *content);
bool content_maps_names(const struct content *content);
bool content_names_as_joliet(const struct content *content);
bool content_is_utf8(const char *name, size_t len);
/* The callback of host files. */
int content_name(void *ctx, const char *name, size_t len, bool directory,
		 char *out);

#endif
