/* SPDX-License-Identifier: MIT */
/*
 * lathe burn --image with the copy of a disc that has several sessions. What
 * comes first in it are the descriptors of the first session; a disc that
 * begins with them shows no other one, and on an overwritable disc those that
 * nothing leads to would be written over. So the newest one's take their
 * place, as lathe repair has it in a file.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/burn.h"
#include "tools/volume.h"

#define RUN_OUT 2u /* blocks behind a track of a CD */

/* What no volume begins is not searched for one. */
static bool begins_volume(const struct burn_image *image)
{
	struct volume volume = { .fd = image->fd };
	uint8_t block[LATHE_BLOCK_BYTES];

	return image->file_blocks > 16 &&
	       volume_read_blocks(&volume, 16, 1, block) == 0 &&
	       lathe_iso9660_primary.recognise(block);
}

static bool hides_newest(const struct volume *volume)
{
	uint32_t count = lathe_iso9660_chain_count(volume->chain);

	return count > 1 &&
	       !lathe_iso9660_chain_link(volume->chain, count - 1)->head;
}

/* Of a file that is not read from its start it is not known. */
bool burn_image_is_later(const struct burn *burn)
{
	const size_t bytes = LATHE_SESSION_IMAGE_LOOK * LATHE_BLOCK_BYTES;
	const struct burn_image *image = &burn->image;
	struct volume volume = { .fd = image->fd };
	uint8_t *blocks;
	uint32_t count = 0;
	bool later;

	if (image->head)
		return lathe_session_image_start(
			       image->head, (uint32_t)(image->head_bytes /
						       LATHE_BLOCK_BYTES)) > 0;
	if (lseek(volume.fd, 0, SEEK_CUR) != 0)
		return false;
	blocks = must_realloc(NULL, bytes);
	while (count < LATHE_SESSION_IMAGE_LOOK &&
	       volume_read_blocks(&volume, count, 1,
				  blocks + (size_t)count *
						   LATHE_BLOCK_BYTES) == 0)
		count++;
	later = lathe_session_image_start(blocks, count) > 0;
	free(blocks);
	return later;
}

/* Nothing but zeros, or behind the end; but a file may be zeros. */
static bool is_padding(struct volume *volume, uint32_t lba)
{
	uint32_t end = volume_files_end(volume);
	uint8_t block[LATHE_BLOCK_BYTES];
	uint32_t i;

	if (!end || lba < end)
		return false;
	for (i = 0; i < LATHE_ISO9660_COPY_BLOCKS; i++) {
		if (lba + i >= volume->whole.end)
			return true;
		if (volume->whole.read(volume->whole.ctx, lba + i, 1, block))
			return false;
		if (!all_zero(block, sizeof(block)))
			return false;
	}
	return true;
}

/* Right behind the newest session, where it is looked for on a disc, too; a
 * track's padding may give the place. */
static void keep_first(struct burn_image *image, struct volume *volume)
{
	uint8_t *copy = image->head_anew + VOLUME_HEAD_BYTES;

	if (!volume_keep_first(volume, 0, &image->copy_at, copy))
		image->copy_at = 0;
	else if (image->copy_at < image->file_blocks &&
		 !is_padding(volume, image->copy_at) &&
		 !volume_keep_first(volume, image->file_blocks,
				    &image->copy_at, copy))
		image->copy_at = 0;
}

static int lay_newest_over(struct burn *burn, struct volume *volume)
{
	struct burn_image *image = &burn->image;
	bool agrees = true;
	int status;

	image->head_anew = must_realloc(NULL, (VOLUME_HEAD_BLOCKS +
					       LATHE_ISO9660_COPY_BLOCKS) *
						      LATHE_BLOCK_BYTES);
	status = volume_newest_head(volume, image->head_anew, &agrees);
	if (status)
		return status;
	keep_first(image, volume);
	note(burn->tool,
	     "%s is the copy of a disc with %s: its first blocks are changed "
	     "on the way, so that the new disc shows the newest one as well",
	     burn->options->image,
	     counted(volume->count, "session", "sessions").text);
	return STATUS_OK;
}

int burn_look_at_image(struct burn *burn)
{
	struct volume volume = { .tool = burn->tool,
				 .name = burn->options->image,
				 .fd = burn->image.fd };
	int status;

	if (!begins_volume(&burn->image))
		return STATUS_OK;
	status = volume_read_image(&volume);
	burn->image.told_short = status == STATUS_OK &&
				 volume_lost_end(&volume) != 0;
	if (burn->image.told_short)
		volume_tell_lost(&volume);
	else if (status == STATUS_OK && !volume_lost_unread(&volume) &&
		 hides_newest(&volume))
		status = lay_newest_over(burn, &volume);
	volume.fd = -1;
	return volume_close(&volume, status);
}

void burn_keep_first(struct burn *burn)
{
	struct burn_image *image = &burn->image;
	uint64_t end = (uint64_t)image->copy_at + LATHE_ISO9660_COPY_BLOCKS;

	if (!image->copy_at || end <= image->file_blocks)
		return;
	/* A disc that would be too small for that alone does without. */
	if (end + RUN_OUT <= burn->room)
		image->blocks = (uint32_t)end;
	else
		image->copy_at = 0;
}

/* The blocks of 'with' for block 'first', among the 'count' from 'at' on. */
static void lay(uint8_t *out, uint32_t at, uint32_t count,
		const uint8_t *with, uint32_t first)
{
	uint32_t i;

	for (i = 0; i < VOLUME_HEAD_BLOCKS; i++)
		if (first + i >= at && first + i - at < count)
			memcpy(out + (size_t)(first + i - at) *
					     LATHE_BLOCK_BYTES,
			       with + (size_t)i * LATHE_BLOCK_BYTES,
			       LATHE_BLOCK_BYTES);
}

void burn_lay_over(const struct burn_image *image, uint8_t *out,
		   uint32_t count)
{
	if (!image->head_anew)
		return;
	lay(out, image->at, count, image->head_anew, 0);
	if (image->copy_at)
		lay(out, image->at, count, image->head_anew + VOLUME_HEAD_BYTES,
		    image->copy_at);
}
