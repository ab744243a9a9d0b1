/* SPDX-License-Identifier: MIT */
/*
 * lathe image -M: the image that is continued.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/image.h"
#include "tools/lock.h"

const char *image_target(const struct image_run *run)
{
	const char *output = run->options->output;

	if (output)
		return strcmp(output, "-") == 0 ? "standard output" : output;
	return run->options->base ? run->options->base : "the image";
}

static bool in_place(const struct image_run *run)
{
	return !run->options->output;
}

/* To ask what would happen is to read. */
static bool is_written(const struct image_run *run)
{
	const struct content_options *content = &run->options->content;

	return in_place(run) && !content->plan && !content->print_size;
}

/* ---- nobody else -------------------------------------------------------- */

static int lock(struct image_run *run)
{
	return lock_take(run->base.fd, is_written(run))
		       ? STATUS_OK
		       : lock_complain(run->tool, run->options->base);
}

/* false and errno. A directory can be opened, and not everywhere has an end. */
static bool read_state(int fd, struct image_state *out)
{
	struct stat st;
	off_t end;

	if (fstat(fd, &st) != 0)
		return false;
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return false;
	}
	end = lseek(fd, 0, SEEK_END);
	if (end < 0)
		return false;
	out->dev = (uint64_t)st.st_dev;
	out->ino = (uint64_t)st.st_ino;
	out->bytes = (uint64_t)end;
	out->seconds = (int64_t)st.st_mtim.tv_sec;
	out->nanoseconds = st.st_mtim.tv_nsec;
	return true;
}

/* Who looks for the session there would not find it. */
static int check_name(struct image_run *run)
{
	struct stat st;

	if (stat(run->options->base, &st) == 0 &&
	    (uint64_t)st.st_dev == run->state.dev &&
	    (uint64_t)st.st_ino == run->state.ino)
		return STATUS_OK;
	return complain_why(run->tool, LATHE_ERR_WRONG_DISC,
			    "begin anew when nobody else writes it",
			    "%s: another program replaced or removed it "
			    "meanwhile",
			    run->options->base);
}

static int complain_changed(struct image_run *run)
{
	return complain_why(run->tool, LATHE_ERR_WRONG_DISC,
			    "begin anew when nobody else writes it",
			    "%s: another program changed it meanwhile",
			    run->options->base);
}

int image_read_base(struct image_run *run, void *out, size_t bytes,
		    uint64_t offset, size_t *got)
{
	ssize_t n;

	do
		n = pread(run->base.fd, out, bytes, (off_t)offset);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return complain_errno(run->tool, run->options->base);
	/* It was longer a moment ago. */
	if (n == 0)
		return complain_changed(run);
	*got = (size_t)n;
	return STATUS_OK;
}

int image_check_base(struct image_run *run, uint64_t grown_to)
{
	struct image_state now;
	uint32_t count = run->old_count;

	if (!read_state(run->base.fd, &now))
		return complain_errno(run->tool, run->options->base);
	if (grown_to == 0 && (now.bytes != run->state.bytes ||
			      now.seconds != run->state.seconds ||
			      now.nanoseconds != run->state.nanoseconds))
		return complain_changed(run);
	if (grown_to > 0 && now.bytes != grown_to)
		return complain_changed(run);
	if (count > 0 &&
	    (run->base.whole.read(run->base.whole.ctx, IMAGE_SYSTEM_AREA,
				  count, run->buffer) ||
	     memcmp(run->buffer, run->old_head,
		    (size_t)count * LATHE_BLOCK_BYTES) != 0))
		return complain_changed(run);
	return in_place(run) ? check_name(run) : STATUS_OK;
}

/* ---- what is in it ------------------------------------------------------ */

/* What is lost of the head now is lost for good. */
static int complain_head(struct image_run *run, uint32_t i)
{
	return complain_why(run->tool, LATHE_ERR_IO,
			    "try again, or copy the image elsewhere",
			    "%s: block %" PRIu32 " can not be read: the new "
			    "head would lack it",
			    run->options->base, IMAGE_SYSTEM_AREA + i);
}

/* One that is torn from its beginning is made anew from the newest session. */
static int read_head(struct image_run *run)
{
	const struct lathe_blocks *blocks = &run->base.whole;
	uint8_t *block;
	uint32_t i;
	int err;

	for (i = 0; i < LATHE_ISO9660_HEAD_BLOCKS; i++) {
		block = run->old_head + (size_t)i * LATHE_BLOCK_BYTES;
		if (IMAGE_SYSTEM_AREA + i >= blocks->end)
			break;
		err = blocks->read(blocks->ctx, IMAGE_SYSTEM_AREA + i, 1,
				   block);
		if (err && i > 0)
			return complain_head(run, i);
		if (err || memcmp(block + 1, "CD001", 5) != 0)
			break;
		run->old_count++;
		if (block[0] == 255)
			break;
	}
	return STATUS_OK;
}

/* What the newest session says to have must be there. */
static int check_length(struct image_run *run,
			const struct lathe_iso9660_found *found,
			uint32_t start)
{
	uint64_t needs = found->volume_blocks, has = run->base.whole.end;

	if (found->own)
		needs = (uint64_t)start + found->self.blocks;
	if (needs <= has)
		return STATUS_OK;
	return complain_why(run->tool, LATHE_ERR_CORRUPT,
			    "get all of it, or name a whole image",
			    "%s: truncated: it has %s blocks, its newest "
			    "session ends at block %s",
			    run->options->base, grouped(has).text,
			    grouped(needs).text);
}

static int check_all_lengths(struct image_run *run)
{
	const struct lathe_iso9660_link *link;
	uint32_t i, count = lathe_iso9660_chain_count(run->base.chain);
	int status = STATUS_OK;

	for (i = 0; i < count && status == STATUS_OK; i++) {
		link = lathe_iso9660_chain_link(run->base.chain, i);
		status = check_length(run, &link->found, link->start);
	}
	volume_tell_gap(&run->base);
	return status;
}

_Static_assert(LATHE_SESSION_PARTITION_BYTES <= IMAGE_BUFFER &&
		       LATHE_ISO9660_HEAD_BLOCKS <= LATHE_ISO9660_COPY_BLOCKS,
	       "the buffer at hand holds all that is read into it");

/* One past the last block of a partition that ends at or before 'end'. */
static uint32_t partitions_end(struct image_run *run, uint32_t end)
{
	const struct lathe_blocks *blocks = &run->base.whole;
	uint8_t *area = run->buffer;
	uint32_t i;

	memset(area, 0, LATHE_SESSION_PARTITION_BYTES);
	for (i = 0; i < IMAGE_SYSTEM_AREA; i++)
		if (blocks->read(blocks->ctx, i, 1,
				 area + (size_t)i * LATHE_BLOCK_BYTES))
			break;
	return lathe_session_partitions_end(area, end);
}

/* One past the last block that is used. A device is as long as it is: what
 * counts is what is recorded, also by those who say less in their volume, and
 * behind it. */
static uint64_t used_blocks(struct image_run *run, uint32_t files_end)
{
	struct stat st;
	uint32_t end;

	if (fstat(run->base.fd, &st) != 0 || S_ISREG(st.st_mode))
		return (run->state.bytes + LATHE_BLOCK_BYTES - 1) /
		       LATHE_BLOCK_BYTES;
	end = partitions_end(run, run->base.whole.end);
	return end > files_end ? end : files_end;
}

/* What others made beside the volume does not grow with it. */
static void tell_beside(struct image_run *run)
{
	const struct lathe_blocks *blocks = &run->base.whole;
	uint8_t block[LATHE_BLOCK_BYTES];
	uint32_t i, end;

	for (i = IMAGE_SYSTEM_AREA; i < IMAGE_GROWABLE; i++)
		if (i < blocks->end && !blocks->read(blocks->ctx, i, 1, block))
			content_tell_udf(&run->content, run->options->base,
					 block, 1);
	end = partitions_end(run, UINT32_MAX);
	if (end > 0 && end <= run->start)
		note(run->tool,
		     "%s: its partitions stay as they are, and end in front "
		     "of the new session: the whole is to be mounted, no "
		     "partition",
		     run->options->base);
}

/* Of the head that is there (ECMA-119 8.2). */
static uint32_t boot_records(const struct image_run *run)
{
	uint32_t i, count = 0;

	for (i = 0; i < run->old_count; i++)
		if (run->old_head[(size_t)i * LATHE_BLOCK_BYTES] == 0)
			count++;
	return count;
}

static int place_session(struct image_run *run,
			 struct lathe_iso9660_tree *tree)
{
	int err = LATHE_ERR_LIMIT;
	uint32_t first, end;
	uint64_t blocks;

	lathe_iso9660_imported_blocks(tree, &first, &end);
	blocks = used_blocks(run, end);
	run->used = (uint32_t)blocks;
	if (blocks <= UINT32_MAX)
		err = lathe_iso9660_chain_append(run->base.chain,
						 (uint32_t)blocks,
						 &run->place);
	if (err)
		return complain(run->tool, err, NULL, "%s",
				run->options->base);
	/* Descriptors give their place away: one could not be read. */
	if (run->place.room < run->old_count)
		return complain_head(run, run->place.room);
	/* The lowest block of an old file must lie behind the head. */
	if (first < IMAGE_SYSTEM_AREA + run->place.room)
		run->place.room = first > IMAGE_SYSTEM_AREA
					  ? first - IMAGE_SYSTEM_AREA
					  : 0;
	run->start = run->place.start;
	run->previous = run->place.previous;
	run->appends = true;
	/* Primary, Joliet, terminator. A computer that starts from it is worth
	 * more than a hierarchy that was not there. */
	if (run->place.room < 3 ||
	    (run->content.lacks_joliet &&
	     run->place.room < 3 + boot_records(run))) {
		run->use_count = 0;
		content_without_joliet(&run->content, run->options->base);
	}
	return STATUS_OK;
}

int image_parse_msinfo(struct image_run *run, uint32_t *last)
{
	const char *text = run->options->msinfo;
	unsigned long long a, b;
	char *end;

	errno = 0;
	a = strtoull(text, &end, 10);
	if (*text >= '0' && *text <= '9' && *end == ',' && end[1] >= '0' &&
	    end[1] <= '9') {
		b = strtoull(end + 1, &end, 10);
		if (!*end && !errno && a <= b && b <= UINT32_MAX - 32) {
			*last = (uint32_t)a;
			run->start = (uint32_t)b;
			return STATUS_OK;
		}
	}
	return complain_usage(run->tool, "-C wants LAST,NEXT, not '%s'", text);
}

/* A disc's session may be an image in which none begins at block 0: it shows
 * the one whose descriptors are there. */
static bool is_shown(const struct volume *base, uint32_t i, uint32_t start)
{
	return start == 0 && base->session[0].start > 0 &&
	       lathe_iso9660_chain_link(base->chain, i)->head;
}

/* The session of the base that begins at 'start'. */
static int pick(struct image_run *run, bool by_start, uint32_t start,
		const struct lathe_session_info **session)
{
	struct volume *base = &run->base;
	uint32_t i;

	for (i = 0; by_start && i < base->count; i++)
		if (base->session[i].start == start ||
		    is_shown(base, i, start))
			return volume_pick(base, i + 1, session);
	if (by_start)
		return complain(run->tool, LATHE_ERR_NO_VOLUME, NULL,
				"%s, block %" PRIu32, run->options->base,
				start);
	return volume_pick(base, 0, session);
}

static int import_base(struct image_run *run, struct lathe_iso9660_tree **tree)
{
	const struct lathe_session_info *session;
	const struct lathe_iso9660_link *link;
	uint32_t last = 0;
	bool burnt_elsewhere = run->options->msinfo || run->options->start;
	int status = STATUS_OK;

	if (run->options->msinfo)
		status = image_parse_msinfo(run, &last);
	if (status == STATUS_OK)
		status = pick(run, run->options->msinfo != NULL, last,
			      &session);
	if (status == STATUS_OK)
		status = check_all_lengths(run);
	if (status == STATUS_OK)
		status = volume_import(&run->base, session, tree);
	if (status)
		return status;
	link = lathe_iso9660_chain_link(run->base.chain, session->number - 1u);
	run->found = &link->found;
	run->content.lacks_joliet =
		(link->found.hierarchies & FOUND_JOLIET) == 0;
	image_find_names(run, session, *tree);
	if (burnt_elsewhere) {
		/* A disc has a table of contents; still, ours are chained. */
		if (session->own) {
			run->previous.start = session->start;
			run->previous.blocks = session->blocks;
		}
		if (run->start >= session->start + session->blocks)
			return STATUS_OK;
		return complain_usage(run->tool,
				      "the session at %" PRIu32 " ends at "
				      "%" PRIu32 ": the next one can not "
				      "begin at %" PRIu32,
				      session->start,
				      session->start + session->blocks,
				      run->start);
	}
	status = place_session(run, *tree);
	if (status == STATUS_OK && !session->own)
		tell_beside(run);
	return status;
}

int image_open_base(struct image_run *run, struct lathe_iso9660_tree **tree)
{
	const char *name = run->options->base;
	int flags = is_written(run) ? O_RDWR : O_RDONLY, status;

	run->base = (struct volume){
		.tool = run->tool, .name = name, .fd = -1,
		.joliet_names = content_names_as_joliet(&run->content)
	};
	run->has_base = true;
	status = in_place(run) ? emulated_refuse(run->tool, name) : STATUS_OK;
	if (status)
		return status;
	status = volume_open_file(&run->base, flags);
	if (status == STATUS_OK)
		status = lock(run);
	if (status)
		return status;
	if (!read_state(run->base.fd, &run->state))
		return complain_errno(run->tool, name);
	status = volume_read_image(&run->base);
	if (status)
		return status;
	status = read_head(run);
	return status ? status : import_base(run, tree);
}

void image_close_base(struct image_run *run)
{
	if (run->has_base)
		volume_close(&run->base, STATUS_OK);
	image_forget_names(run);
}
