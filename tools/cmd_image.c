/* SPDX-License-Identifier: MIT */
/*
 * lathe image
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/image.h"
#include "tools/map.h"
#include "tools/when.h"

#define S struct image_options

static const struct option options[] = {
	{ 'o', "output", OPTION_TEXT, offsetof(S, output), "FILE",
	  "the image; - is standard output" },
	{ 'M', "append-to", OPTION_TEXT, offsetof(S, base), "IMAGE",
	  "add a session to it; with -o to a copy of it" },
	{ 'C', "msinfo", OPTION_TEXT, offsetof(S, msinfo), "LAST,NEXT",
	  "only a session for block NEXT, behind that at LAST of -M" },
	{ 0, "start", OPTION_NUMBER, offsetof(S, start), "LBA",
	  "only a session for that block, behind the newest of -M" },
	{ 0, "growable", OPTION_FLAG, offsetof(S, growable), NULL,
	  "room in front for the descriptors of later sessions" },
	{ 0, "map", OPTION_TEXT, offsetof(S, map), "FILE",
	  "list where everything is; - is standard output" },
	{ 0, "map-format", OPTION_CHOICE, offsetof(S, map_format),
	  "text|json|null", "JSON lines; or tabs, NUL behind each name" },
	OPTIONS_CONTENT(S, content),
	{ 0, "on-source-error", OPTION_CHOICE, offsetof(S, on_source_error),
	  "stop|zero", "what to do about a file that fails" },
	OPTION_VERBOSE(S),
	OPTION_PROGRESS(S),
	OPTION_END
};

#define GROWABLE_START 32u	/* of the first session */

/* ---- the plan ----------------------------------------------------------- */

/* A volume's date is recorded on request only: same files, same bytes. */
static int describe(struct image_run *run, struct lathe_iso9660_volume *volume)
{
	const char *name = run->options->content.volume;
	int64_t seconds;
	bool given;
	int status = when_asked(run->tool, &given, &seconds);

	if (status)
		return status;
	volume->volume_id = name	? name
			    : run->name[0] ? run->name
					   : "LATHE";
	volume->application = "LATHE";
	if (given) {
		when_described(seconds, volume->created);
		when_described(seconds, volume->modified);
	}
	return STATUS_OK;
}

static int make_plan(struct image_run *run, struct lathe_iso9660_tree *tree,
		     struct lathe_iso9660_plan **plan)
{
	const struct content_options *content = &run->options->content;
	struct lathe_iso9660_plan_options how = {
		.size = sizeof(how),
		.primary = &run->primary,
		.uses = &run->use,
		.use_count = run->use_count,
		.previous = run->previous,
		.strict = content->joliet_strict ? 2 : 0,
		.system_use = content_system_use(content),
		.system_use_options = &run->content.rock_ridge,
		.renamed = content_renamed,
		.renamed_ctx = &run->content,
	};
	int status, err;

	run->use = (struct lathe_iso9660_use){ &lathe_joliet_hierarchy,
					       &run->joliet };
	status = describe(run, &how.volume);
	if (status)
		return status;
	err = lathe_iso9660_plan_create(tree, &how, plan);
	if (err)
		return complain(run->tool, err,
				lathe_iso9660_tree_failure(tree), "%s",
				image_target(run));
	return STATUS_OK;
}

/* ---- writing ------------------------------------------------------------ */

static int source_failed(void *ctx, uint32_t node, uint64_t offset, int err,
			 const char *text)
{
	struct image_run *run = ctx;
	char path[1024];

	(void)offset;
	lathe_iso9660_path(run->content.tree, node, path, sizeof(path));
	note(run->tool, "not whole: %s; on the disc: %s", text, path);
	run->failed++;
	return run->options->on_source_error == 1 ? 0 : err;
}

int image_pwrite(struct image_run *run, const void *data, size_t bytes,
		 uint64_t offset)
{
	const char *at = data;
	ssize_t put;

	while (bytes > 0) {
		put = pwrite(run->fd, at, bytes, (off_t)offset);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return complain_errno(run->tool, image_target(run));
		at += put;
		bytes -= (size_t)put;
		offset += (uint64_t)put;
	}
	return STATUS_OK;
}

int image_write_pipe(struct image_run *run, const void *data, size_t bytes)
{
	const char *at = data;
	ssize_t put;

	while (bytes > 0) {
		put = write(run->fd, at, bytes);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0 && errno == EPIPE)
			return status_of(LATHE_ERR_IO);
		if (put <= 0)
			return complain_errno(run->tool, image_target(run));
		at += put;
		bytes -= (size_t)put;
	}
	return STATUS_OK;
}

int image_own_descriptors(struct image_run *run,
			  const struct lathe_iso9660_image *image)
{
	struct lathe_iso9660_cursor *cursor;
	uint8_t *block = run->own;
	int err;

	run->own_count = 0;
	err = lathe_iso9660_cursor_create(image, &run->tool->hooks, NULL,
					  &cursor);
	if (err)
		return complain(run->tool, err, NULL, "%s", image_target(run));
	while (!err && run->own_count < LATHE_ISO9660_HEAD_BLOCKS) {
		err = lathe_iso9660_cursor_read(
			cursor,
			image->start + IMAGE_SYSTEM_AREA + run->own_count, 1,
			block);
		run->own_count++;
		if (block[0] == 255)
			break;
		block += LATHE_BLOCK_BYTES;
	}
	lathe_iso9660_cursor_destroy(cursor);
	if (err)
		return complain(run->tool, err, NULL, "%s", image_target(run));
	return STATUS_OK;
}

int image_put_volume(struct image_run *run,
		     const struct lathe_iso9660_plan *plan, uint64_t offset,
		     bool hold, struct lathe_iso9660_image *image)
{
	struct lathe_iso9660_on_source_error on_error = {
		.ctx = run, .failed = source_failed
	};
	struct lathe_iso9660_feed_options feed = { .threads = 2,
						   .hold_descriptor = hold };
	int err;

	err = lathe_iso9660_plan_write(plan, run->start, run->fd, offset,
				       &feed, &run->tool->hooks, &on_error,
				       image);
	progress_break(&run->tool->progress);
	if (err == LATHE_ERR_IO && errno == EPIPE)
		return status_of(err);
	if (err)
		return complain(run->tool, err, NULL, "%s", image_target(run));
	return STATUS_OK;
}

/*
 * The output is opened last, so that a wrong name on the command line does
 * not empty a file.
 */
static int open_output(struct image_run *run)
{
	const char *path = run->options->output;
	struct stat st;

	if (!path) {
		run->fd = run->base.fd;
		run->regular = fstat(run->fd, &st) == 0 &&
			       S_ISREG(st.st_mode);
		return STATUS_OK;
	}
	if (strcmp(path, "-") == 0) {
		run->fd = STDOUT_FILENO;
		return STATUS_OK;
	}
	run->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (run->fd < 0 && errno == EACCES)
		run->fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (run->fd < 0 || fstat(run->fd, &st) != 0)
		return complain_errno(run->tool, path);
	if (run->has_base && (uint64_t)st.st_dev == run->state.dev &&
	    (uint64_t)st.st_ino == run->state.ino)
		return complain_usage(run->tool,
				      "-o %s is the image of -M itself: "
				      "without -o it grows in place", path);
	run->regular = S_ISREG(st.st_mode);
	if (run->regular && ftruncate(run->fd, 0) != 0)
		return complain_errno(run->tool, path);
	return STATUS_OK;
}

static bool is_pipe(const struct image_run *run)
{
	struct stat st;

	return fstat(run->fd, &st) != 0 ||
	       !(S_ISREG(st.st_mode) || S_ISBLK(st.st_mode)) ||
	       (fcntl(run->fd, F_GETFL) & O_APPEND) ||
	       (run->fd == STDOUT_FILENO &&
		lseek(run->fd, 0, SEEK_CUR) != 0);
}

/* A first session at LBA 32, its descriptors at 16 as well. */
static int write_growable(struct image_run *run,
			  const struct lathe_iso9660_plan *plan,
			  struct lathe_iso9660_image *image)
{
	static const uint8_t zeros[GROWABLE_START * LATHE_BLOCK_BYTES];
	const uint64_t at = IMAGE_SYSTEM_AREA * LATHE_BLOCK_BYTES;
	size_t bytes;
	int status, err;

	if (!is_pipe(run)) {
		status = image_put_volume(run, plan, sizeof(zeros), false,
					  image);
		if (status == STATUS_OK)
			status = image_own_descriptors(run, image);
		if (status == STATUS_OK)
			status = image_pwrite(run, run->own,
					      (size_t)run->own_count *
						      LATHE_BLOCK_BYTES,
					      at);
		return status;
	}
	err = lathe_iso9660_image_init(image, plan, run->start);
	if (err)
		return complain(run->tool, err, NULL, "%s", image_target(run));
	status = image_own_descriptors(run, image);
	bytes = (size_t)run->own_count * LATHE_BLOCK_BYTES;
	if (status == STATUS_OK)
		status = image_write_pipe(run, zeros, (size_t)at);
	if (status == STATUS_OK)
		status = image_write_pipe(run, run->own, bytes);
	if (status == STATUS_OK)
		status = image_write_pipe(run, zeros,
					  sizeof(zeros) - (size_t)at - bytes);
	if (status == STATUS_OK)
		status = image_put_volume(run, plan, 0, false, image);
	return status;
}

static int write_kind(struct image_run *run,
		      const struct lathe_iso9660_plan *plan,
		      struct lathe_iso9660_image *image)
{
	int status;

	if (run->appends && is_pipe(run))
		return image_append_to_pipe(run, plan, image);
	if (run->appends) {
		status = run->options->output ? image_copy_base(run)
					      : STATUS_OK;
		if (status == STATUS_OK)
			status = image_append(run, plan, image);
		return status;
	}
	if (run->options->growable)
		return write_growable(run, plan, image);
	return image_put_volume(run, plan, 0, false, image);
}

/* LBA of the first byte of what is written. */
static uint32_t origin_of(const struct image_run *run)
{
	return run->appends || run->options->growable ? 0 : run->start;
}

static int close_output(struct image_run *run)
{
	int fd = run->fd;

	run->fd = -1;
	if (fd < 0 || fd == STDOUT_FILENO || fd == run->base.fd)
		return STATUS_OK;
	return close(fd) == 0 ? STATUS_OK
			      : complain_errno(run->tool, image_target(run));
}

static int write_image(struct image_run *run,
		       const struct lathe_iso9660_plan *plan)
{
	struct lathe_iso9660_image image;
	int status, closed;
	bool opened;

	status = open_output(run);
	opened = status == STATUS_OK;
	if (opened)
		status = write_kind(run, plan, &image);
	closed = close_output(run);
	status = status ? status : closed;
	if (status && opened && run->regular && run->options->output)
		unlink(run->options->output);
	if (status == STATUS_OK && run->options->map)
		status = map_image(run->tool, &image, origin_of(run),
				   run->options->map,
				   (enum map_format)run->options->map_format);
	if (status == STATUS_OK && run->failed > 0)
		return complain_why(run->tool, LATHE_ERR_CHANGED, NULL,
				    "%s: some files are not whole in it",
				    image_target(run));
	return status;
}

/* Nothing to record, where there was something before? */
static bool is_unchanged(const struct image_run *run,
			 const struct lathe_iso9660_tree *tree)
{
	const char *name = run->options->content.volume;

	return run->has_base && !lathe_iso9660_changed(tree) &&
	       (!name || strcmp(name, run->name) == 0);
}

/* An update that finds no difference has done what it was asked for. */
static int nothing_to_do(struct image_run *run)
{
	const struct content_options *content = &run->options->content;

	if (!content_unchanged(&run->content))
		return complain(run->tool, LATHE_ERR_EMPTY, NULL, "%s",
				run->options->base);
	if (content->print_size)
		puts("0");
	else
		note(run->tool, "nothing to record: %s holds all of it as "
				"it is", run->options->base);
	return finish_output(run->tool, STATUS_OK);
}

static int write_or_tell(struct image_run *run,
			 const struct lathe_iso9660_plan *plan)
{
	const struct content_options *content = &run->options->content;

	if (content->print_size)
		printf("%" PRIu32 "\n", lathe_iso9660_plan_blocks(plan));
	else if (content->plan)
		content_show_plan(&run->content, plan, run->start,
				  run->options->progress == PROGRESS_JSON);
	else
		return write_image(run, plan);
	return finish_output(run->tool, STATUS_OK);
}

static int plan_and_write(struct image_run *run,
			  struct lathe_iso9660_tree *tree,
			  const struct option_list *operands)
{
	struct lathe_iso9660_plan *plan = NULL;
	int status;

	run->content.tree = tree;
	status = content_add(&run->content, operands);
	if (status == STATUS_OK && is_unchanged(run, tree))
		return nothing_to_do(run);
	if (status == STATUS_OK)
		status = make_plan(run, tree, &plan);
	if (status)
		return status;
	status = content_told(&run->content);
	if (status == STATUS_OK)
		status = write_or_tell(run, plan);
	lathe_iso9660_plan_destroy(plan);
	return status;
}

static int new_tree(struct image_run *run, struct lathe_iso9660_tree **tree)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .hooks = run->tool->hooks
	};
	int err;

	if (run->options->base)
		return image_open_base(run, tree);
	err = lathe_iso9660_tree_create(&config, tree);
	if (err)
		return complain(run->tool, err, NULL, "%s", image_target(run));
	return STATUS_OK;
}

static int make_image(struct image_run *run,
		      const struct option_list *operands)
{
	struct lathe_iso9660_tree *tree = NULL;
	int status = content_init(&run->content, run->tool,
				  &run->options->content);

	if (status)
		return status;
	status = new_tree(run, &tree);
	if (status == STATUS_OK)
		status = plan_and_write(run, tree, operands);
	if (tree)
		lathe_iso9660_tree_destroy(tree);
	progress_break(&run->tool->progress);
	image_close_base(run);
	content_destroy(&run->content);
	return status;
}

/* NEXT of -C LAST,NEXT where nothing is taken over. */
static int start_without_base(struct image_run *run)
{
	const char *comma;
	char *end;
	unsigned long long next;

	if (run->options->growable)
		run->start = GROWABLE_START;
	if (run->options->start)
		run->start = run->options->start;
	if (!run->options->msinfo || run->options->base)
		return STATUS_OK;
	comma = strchr(run->options->msinfo, ',');
	errno = 0;
	next = comma ? strtoull(comma + 1, &end, 10) : 0;
	if (!comma || comma[1] < '0' || comma[1] > '9' || *end || errno ||
	    next > UINT32_MAX - GROWABLE_START)
		return complain_usage(run->tool,
				      "-C wants LAST,NEXT, not '%s'",
				      run->options->msinfo);
	run->start = (uint32_t)next;
	return STATUS_OK;
}

static int check_options(struct tool *tool, const struct image_options *from,
			 const struct option_list *operands)
{
	const struct content_options *content = &from->content;
	bool elsewhere = from->msinfo || from->start;
	bool writes = !content->plan && !content->print_size;

	if (!from->output && !from->base && writes)
		return complain_usage(tool, "-o FILE says where to");
	if (!from->output && elsewhere && writes)
		return complain_usage(tool, "-o FILE says where to: -C and "
					    "--start make a session alone");
	if (from->msinfo && from->start)
		return complain_usage(tool, "-C and --start both say where "
					    "the session begins");
	if (from->growable && (from->base || elsewhere))
		return complain_usage(tool, "--growable is for the first "
					    "session of a new image");
	if (from->map && strcmp(from->map, "-") == 0 && from->output &&
	    strcmp(from->output, "-") == 0)
		return complain_usage(tool, "--map and -o can not both be "
					    "standard output");
	if (operands->count == 0 && content->path_list.count == 0 &&
	    !from->base)
		return complain_usage(tool, "no PATH is given");
	return STATUS_OK;
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct image_options from = { .output = NULL };
	struct option_list operands = { NULL, 0 };
	struct image_run *image;
	bool piped;
	int status;

	if (!options_parse(tool, &command_image, argc, argv, &from, &operands,
			   &status))
		return status;
	tool->verbose = from.verbose;
	piped = (from.output && strcmp(from.output, "-") == 0) ||
		(from.map && strcmp(from.map, "-") == 0);
	progress_init(&tool->progress, (enum progress_style)from.progress,
		      piped ? stderr : stdout);
	image = must_realloc(NULL, sizeof(*image));
	*image = (struct image_run){
		.tool = tool,
		.options = &from,
		.joliet = { .long_names = from.content.joliet_long },
		.primary = { .level = content_level(&from.content) },
		.use_count = 1,
		.fd = -1,
		.base = { .fd = -1 },
	};
	status = check_options(tool, &from, &operands);
	if (status == STATUS_OK)
		status = start_without_base(image);
	if (status == STATUS_OK)
		status = make_image(image, &operands);
	free(image);
	options_free(&command_image, &from, &operands);
	return status;
}

const struct command command_image = {
	.name = "image",
	.arguments = "(-o FILE|- | -M IMAGE) [OPTION]... "
		     "[/TARGET=]PATH...",
	.summary = "Write an image to a file or a pipe, or add a session to "
		   "one",
	.options = options,
	.asks_to_stop = true,
	.run = run,
};
