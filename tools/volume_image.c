/* SPDX-License-Identifier: MIT */
/*
 * Sessions of an image file or an overwritable medium, which have no table of
 * contents: the chain of marks, or a search.
 */
#define _GNU_SOURCE /* SEEK_DATA */
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/volume.h"

static int read_blocks(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct volume *volume = ctx;
	size_t want = (size_t)count * LATHE_BLOCK_BYTES, done = 0;
	off_t at = (off_t)lba * LATHE_BLOCK_BYTES;
	ssize_t got;

	while (done < want) {
		got = pread(volume->fd, out + done, want - done,
			    at + (off_t)done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return LATHE_ERR_IO;
		done += (size_t)got;
	}
	return LATHE_OK;
}

/* The first block at or behind 'lba' that holds data; the end if none does. */
static uint32_t next_data(void *ctx, uint32_t lba)
{
	struct volume *volume = ctx;
#ifdef SEEK_DATA
	off_t at = lseek(volume->fd, (off_t)lba * LATHE_BLOCK_BYTES, SEEK_DATA);

	if (at >= 0)
		return (uint32_t)(at / LATHE_BLOCK_BYTES);
	if (errno == ENXIO)
		return volume->whole.end;
#else
	(void)volume;
#endif
	return lba;
}

static void add(struct volume *volume, const struct lathe_iso9660_link *link)
{
	struct lathe_session_info info = {
		.number = (uint16_t)(volume->count + 1),
		.first_track = (uint16_t)(volume->count + 1),
		.last_track = (uint16_t)(volume->count + 1),
		.start = link->start,
		.blocks = link->end - link->start,
		.data = true,
		.own = link->found.own,
		.has_volume = true,
	};

	memcpy(info.volume, link->found.volume_id, sizeof(info.volume));
	volume_add_session(volume, &info);
}

void volume_list_chain(struct volume *volume)
{
	uint32_t i;

	for (i = 0; i < lathe_iso9660_chain_count(volume->chain); i++)
		add(volume, lathe_iso9660_chain_link(volume->chain, i));
}

/* -1 and errno. A directory can be opened, and its end be beyond measure. */
static off_t image_bytes(const struct volume *volume)
{
	struct stat st;

	if (fstat(volume->fd, &st) != 0)
		return -1;
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	return lseek(volume->fd, 0, SEEK_END);
}

int volume_read_image(struct volume *volume)
{
	struct lathe_iso9660_chain_options options = {
		.size = sizeof(options),
		.hooks = volume->tool->hooks,
		.uses = volume_uses,
		.use_count = 1,
		.next_data = next_data,
		.ctx = volume,
	};
	off_t bytes = image_bytes(volume);
	int err;

	if (bytes < 0)
		return complain_errno(volume->tool, volume->name);
	bytes /= LATHE_BLOCK_BYTES;
	volume->whole.ctx = volume;
	volume->whole.read = read_blocks;
	volume->whole.end = bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes;
	volume->blocks = volume->whole;
	err = lathe_iso9660_chain_read(&volume->whole, &options,
				       &volume->chain);
	if (err)
		return complain(volume->tool, err, NULL, "%s", volume->name);
	volume_list_chain(volume);
	return STATUS_OK;
}

int volume_open_image(struct volume *volume)
{
	volume->fd = open(volume->name, O_RDONLY | O_CLOEXEC);
	if (volume->fd < 0)
		return complain_errno(volume->tool, volume->name);
	return volume_read_image(volume);
}

/* ECMA-119 8.4.8 counts from block 0 in sessions of an image that grew. */
uint32_t volume_lost_end(const struct volume *volume)
{
	const struct lathe_iso9660_link *link;
	uint8_t block[LATHE_BLOCK_BYTES];
	uint32_t i, end;

	for (i = 0; i < lathe_iso9660_chain_count(volume->chain); i++) {
		link = lathe_iso9660_chain_link(volume->chain, i);
		if (link->head)
			return 0;
	}
	if (volume->whole.end <= 16 ||
	    volume->whole.read(volume->whole.ctx, 16, 1, block) ||
	    !lathe_iso9660_primary.recognise(block))
		return 0;
	end = lathe_get_le32(block + 80);
	return end > volume->whole.end ? end : 0;
}

void volume_view_image(struct volume *volume, uint32_t number)
{
	lathe_iso9660_view_init(&volume->view, &volume->whole,
				lathe_iso9660_chain_link(volume->chain,
							 number - 1));
	volume->blocks = volume->view.blocks;
}
