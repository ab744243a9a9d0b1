/* SPDX-License-Identifier: MIT */
/*
 * The image in the directory that is recorded into it: files that this
 * program writes are no sources.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <sys/stat.h>
#include <unistd.h>

#include "tools/content.h"

static void add(struct content *content, const struct stat *st)
{
	const unsigned room =
		sizeof(content->output) / sizeof(content->output[0]);

	if (S_ISREG(st->st_mode) && content->outputs < room)
		content->output[content->outputs++] = (struct content_output){
			(uint64_t)st->st_dev, (uint64_t)st->st_ino
		};
}

void content_writes(struct content *content, const char *path)
{
	struct stat st;

	/* One that is not there is none of the sources. */
	if (stat(path, &st) == 0)
		add(content, &st);
}

void content_output_init(struct content *content)
{
	static const int streams[] = { STDOUT_FILENO, STDERR_FILENO };
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(streams) / sizeof(streams[0]); i++)
		if (fstat(streams[i], &st) == 0)
			add(content, &st);
}

bool content_is_output(void *ctx, uint64_t dev, uint64_t ino)
{
	const struct content *content = ctx;
	unsigned i;

	for (i = 0; i < content->outputs; i++)
		if (content->output[i].ino == ino &&
		    content->output[i].dev == dev)
			return true;
	return false;
}
