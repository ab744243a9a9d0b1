/* SPDX-License-Identifier: MIT */
/*
 * lathe image
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/content.h"
#include "tools/when.h"

struct image_options {
	struct content_options content;
	const char *output;
	bool verbose;
	unsigned on_source_error, progress;
};

#define S struct image_options

static const struct option options[] = {
	{ 'o', "output", OPTION_TEXT, offsetof(S, output), "FILE",
	  "the image; - is standard output" },
	OPTIONS_CONTENT(S, content),
	{ 0, "on-source-error", OPTION_CHOICE, offsetof(S, on_source_error),
	  "stop|zero", "what to do about a file that fails" },
	OPTION_VERBOSE(S),
	OPTION_PROGRESS(S),
	OPTION_END
};

struct image_run {
	struct tool *tool;
	const struct image_options *options;
	struct content content;
	struct lathe_joliet_options joliet;
	struct lathe_iso9660_primary_options primary;
	struct lathe_iso9660_use use;
	uint32_t failed; /* sources */
	int fd;
	bool regular; /* half an image in it would look like one */
};

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
	volume->volume_id = name ? name : "LATHE";
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
		.use_count = 1,
		.strict = content->joliet_strict ? 2 : 0,
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
				run->options->output);
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

/*
 * The output is opened last, so that a wrong name on the command line does
 * not empty a file.
 */
static int open_output(struct image_run *run)
{
	const char *path = run->options->output;
	struct stat st;

	if (strcmp(path, "-") == 0) {
		run->fd = STDOUT_FILENO;
		return STATUS_OK;
	}
	run->fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (run->fd < 0 || fstat(run->fd, &st) != 0)
		return complain_errno(run->tool, path);
	run->regular = S_ISREG(st.st_mode);
	if (run->regular && ftruncate(run->fd, 0) != 0)
		return complain_errno(run->tool, path);
	return STATUS_OK;
}

static int write_output(struct image_run *run,
			const struct lathe_iso9660_image *image)
{
	struct lathe_iso9660_on_source_error on_error = {
		.ctx = run, .failed = source_failed
	};
	struct lathe_iso9660_feed_options feed = { .threads = 2 };
	const char *path = run->options->output;
	int err;

	err = lathe_iso9660_image_write(image, run->fd, 0, &feed,
					&run->tool->hooks, &on_error);
	progress_break(&run->tool->progress);
	if (err == LATHE_ERR_IO && errno == EPIPE)
		return status_of(err);
	if (err)
		return complain(run->tool, err, NULL, "%s", path);
	if (run->fd != STDOUT_FILENO && close(run->fd) != 0) {
		run->fd = -1;
		return complain_errno(run->tool, path);
	}
	run->fd = STDOUT_FILENO;
	return STATUS_OK;
}

static int write_image(struct image_run *run,
		       const struct lathe_iso9660_plan *plan)
{
	const char *path = run->options->output;
	struct lathe_iso9660_image image;
	int status, err;

	err = lathe_iso9660_image_init(&image, plan, 0);
	if (err)
		return complain(run->tool, err, NULL, "%s", path);
	status = open_output(run);
	if (status == STATUS_OK)
		status = write_output(run, &image);
	if (run->fd >= 0 && run->fd != STDOUT_FILENO)
		close(run->fd);
	if (status && run->regular)
		unlink(path);
	if (status == STATUS_OK && run->failed > 0)
		return complain_why(run->tool, LATHE_ERR_CHANGED, NULL,
				    "%s: some files are not whole in it", path);
	return status;
}

static int plan_and_write(struct image_run *run,
			  struct lathe_iso9660_tree *tree,
			  const struct option_list *operands)
{
	struct lathe_iso9660_plan *plan = NULL;
	int status;

	run->content.tree = tree;
	status = content_add(&run->content, operands);
	if (status == STATUS_OK)
		status = make_plan(run, tree, &plan);
	if (status)
		return status;
	status = content_told(&run->content);
	if (status == STATUS_OK)
		status = write_image(run, plan);
	lathe_iso9660_plan_destroy(plan);
	return status;
}

static int make_image(struct tool *tool, const struct image_options *from,
		      const struct option_list *operands)
{
	struct image_run run = {
		.tool = tool,
		.options = from,
		.joliet = { .long_names = from->content.joliet_long },
		.primary = { .level = content_level(&from->content) },
		.fd = -1,
	};
	struct lathe_iso9660_tree_config config = { .size = sizeof(config),
						    .hooks = tool->hooks };
	struct lathe_iso9660_tree *tree;
	int status, err;

	status = content_init(&run.content, tool, &from->content);
	if (status)
		return status;
	err = lathe_iso9660_tree_create(&config, &tree);
	if (err) {
		status = complain(tool, err, NULL, "%s", from->output);
	} else {
		status = plan_and_write(&run, tree, operands);
		lathe_iso9660_tree_destroy(tree);
	}
	progress_break(&tool->progress);
	content_destroy(&run.content);
	return status;
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct image_options from = { .output = NULL };
	struct option_list operands = { NULL, 0 };
	bool piped;
	int status;

	if (!options_parse(tool, &command_image, argc, argv, &from, &operands,
			   &status))
		return status;
	tool->verbose = from.verbose;
	piped = from.output && strcmp(from.output, "-") == 0;
	progress_init(&tool->progress, (enum progress_style)from.progress,
		      piped ? stderr : stdout);
	if (!from.output)
		status = complain_usage(tool, "-o FILE says where to");
	else if (operands.count == 0)
		status = complain_usage(tool, "no PATH is given");
	else
		status = make_image(tool, &from, &operands);
	options_free(&command_image, &from, &operands);
	return status;
}

const struct command command_image = {
	.name = "image",
	.arguments = "-o FILE|- [OPTION]... [/TARGET=]PATH...",
	.summary = "Write an image of the same kind to a file or a pipe",
	.options = options,
	.asks_to_stop = true,
	.run = run,
};
