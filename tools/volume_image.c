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

bool all_zero(const uint8_t *p, size_t bytes)
{
	return p[0] == 0 && memcmp(p, p + 1, bytes - 1) == 0;
}

/* The last one, where a session may begin that nothing else leads to. */
static void note_unread(struct volume *volume, uint32_t lba)
{
	if (!volume->looking || (volume->unread && lba < volume->unread_lba))
		return;
	volume->unread = true;
	volume->unread_lba = lba;
}

int volume_read_blocks(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
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
		if (got <= 0) {
			note_unread(volume, lba + (uint32_t)(done /
							LATHE_BLOCK_BYTES));
			return LATHE_ERR_IO;
		}
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

/* ---- what it is, if it is none ------------------------------------------ */

static bool holds(const struct volume *volume, off_t at, const char *bytes,
		  size_t len)
{
	char there[16];

	return at >= 0 && len <= sizeof(there) &&
	       pread(volume->fd, there, len, at) == (ssize_t)len &&
	       memcmp(there, bytes, len) == 0;
}

const char *volume_image_kind(const struct volume *volume,
			      const char **remedy)
{
	static const struct {
		const char *bytes;
		size_t len;
	} compressed[] = {
		{ "\x1f\x8b\x08", 3 },	 /* gzip */
		{ "\xfd" "7zXZ", 6 },	 /* xz, with its NUL */
		{ "BZh", 3 },		 /* bzip2 */
		{ "\x28\xb5\x2f\xfd", 4 }, /* zstd */
		{ "PK\3\4", 4 },	 /* zip */
	};
	off_t bytes = lseek(volume->fd, 0, SEEK_END);
	size_t i;

	/* ECMA-130 14.1: what each sector of a CD begins with. */
	*remedy = "make an image of blocks of 2048 bytes of it first";
	if (holds(volume, 0, "\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
		  12))
		return "whole sectors of a CD, not an image of blocks of 2048 "
		       "bytes";
	if (holds(volume, bytes - 12, "NER5", 4) ||
	    holds(volume, bytes - 8, "NERO", 4))
		return "an image in the form of Nero";
	*remedy = "unpack it first";
	for (i = 0; i < sizeof(compressed) / sizeof(compressed[0]); i++)
		if (holds(volume, 0, compressed[i].bytes, compressed[i].len))
			return "compressed";
	return NULL;
}

/* ---- opening ------------------------------------------------------------ */

static int complain_pipe(const struct volume *volume)
{
	return complain_why(volume->tool, LATHE_ERR_IO,
			    "write it to a file first, and name that",
			    "%s: a pipe can not be looked at here and there, "
			    "as an image is", volume->name);
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

	if (bytes < 0 && errno == ESPIPE)
		return complain_pipe(volume);
	if (bytes < 0)
		return complain_errno(volume->tool, volume->name);
	bytes /= LATHE_BLOCK_BYTES;
	volume->whole.ctx = volume;
	volume->whole.read = volume_read_blocks;
	volume->whole.end = bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes;
	volume->blocks = volume->whole;
	volume->looking = true;
	err = lathe_iso9660_chain_read(&volume->whole, &options,
				       &volume->chain);
	volume->looking = false;
	if (err)
		return complain(volume->tool, err, NULL, "%s", volume->name);
	volume_list_chain(volume);
	return STATUS_OK;
}

int volume_open_file(struct volume *volume, int flags)
{
	struct stat st;

	/* It would be waited for somebody who writes to it. */
	if (stat(volume->name, &st) != 0)
		st.st_mode = 0;
	if (S_ISFIFO(st.st_mode))
		return complain_pipe(volume);
	/* A disk that is mounted is not for us. */
	if (S_ISBLK(st.st_mode) && (flags & O_ACCMODE) != O_RDONLY)
		flags |= O_EXCL;
	volume->fd = open(volume->name, flags | O_CLOEXEC);
	if (volume->fd < 0)
		return complain_errno(volume->tool, volume->name);
	return STATUS_OK;
}

int volume_open_image(struct volume *volume)
{
	int status = volume_open_file(volume, O_RDONLY);

	return status ? status : volume_read_image(volume);
}

void volume_view_image(struct volume *volume, uint32_t number)
{
	lathe_iso9660_view_init(&volume->view, &volume->whole,
				lathe_iso9660_chain_link(volume->chain,
							 number - 1));
	volume->blocks = volume->view.blocks;
}
