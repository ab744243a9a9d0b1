/* SPDX-License-Identifier: MIT */
/*
 * Sessions of an image file. It has no table of contents, and the marks of own
 * volumes lead back, not forth. So volumes are looked for from the front:
 * behind each one that is known, over what holds data, up to the end of the
 * file. What is inside a volume is never taken for a session.
 */
#define _GNU_SOURCE /* SEEK_DATA */
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tools/volume.h"

#define SYSTEM_AREA 16u    /* blocks in front of the descriptors */
#define SEARCH_BLOCKS 64u  /* of one read */
#define SESSIONS_MAX 9999u /* more is no disc */

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
static uint32_t skip_hole(const struct volume *volume, uint32_t lba)
{
#ifdef SEEK_DATA
	off_t at = lseek(volume->fd, (off_t)lba * LATHE_BLOCK_BYTES, SEEK_DATA);

	if (at >= 0)
		return (uint32_t)(at / LATHE_BLOCK_BYTES);
	if (errno == ENXIO)
		return volume->blocks.end;
#else
	(void)volume;
#endif
	return lba;
}

/* ECMA-119 8.1: type 1, "CD001", version 1. */
static bool looks_primary(const uint8_t *block)
{
	static const uint8_t head[7] = { 1, 'C', 'D', '0', '0', '1', 1 };

	return memcmp(block, head, sizeof(head)) == 0;
}

/*
 * Is the volume at 'start' one of this disc, rather than a file that is an
 * image itself? Its root directory must lie behind its own descriptors.
 */
static bool belongs_here(const struct volume *volume, uint32_t start,
			 const uint8_t *primary)
{
	/* 8.4.18: the root's record begins at byte position 157. */
	uint32_t root = lathe_get_le32(primary + 156 + 2);

	return root > start + SYSTEM_AREA && root < volume->blocks.end;
}

static bool probe(struct volume *volume, uint32_t start,
		  struct lathe_iso9660_found *found)
{
	struct lathe_failure failure;

	return lathe_iso9660_probe(&volume->blocks, start, volume_uses, 1,
				   found, &failure) == 0;
}

/* Blocks of the volume. Its size may be counted from LBA 0 or from its
 * start: the standard does not say, programs differ. */
static uint32_t length_of(const struct volume *volume,
			  const struct lathe_iso9660_found *found)
{
	uint32_t start = found->start, blocks = found->volume_blocks;

	if (found->own && found->self.start == start)
		blocks = found->self.blocks;
	else if (blocks > start)
		blocks -= start;
	if (blocks > volume->blocks.end - start)
		blocks = volume->blocks.end - start;
	return blocks;
}

static void add(struct volume *volume, const struct lathe_iso9660_found *found)
{
	struct lathe_session_info info = {
		.number = (uint16_t)(volume->count + 1),
		.first_track = (uint16_t)(volume->count + 1),
		.last_track = (uint16_t)(volume->count + 1),
		.start = found->start,
		.blocks = length_of(volume, found),
		.data = true,
		.own = found->own,
		.has_volume = true,
	};

	memcpy(info.volume, found->volume_id, sizeof(info.volume));
	volume_add_session(volume, &info);
}

/* Where the search goes on behind a volume, which may lie about its size. */
static uint32_t behind(const struct volume *volume,
		       const struct lathe_iso9660_found *found)
{
	uint32_t length = length_of(volume, found);
	uint32_t least = SYSTEM_AREA + found->descriptors;

	return found->start + (length > least ? length : least);
}

/*
 * The next block at or behind 'from' with a primary descriptor of a session
 * that begins at or behind 'from'. Returns its start, or the end.
 */
static uint32_t search(struct volume *volume, uint32_t from)
{
	uint8_t block[SEARCH_BLOCKS * LATHE_BLOCK_BYTES];
	uint32_t end = volume->blocks.end, at, count, i;

	if (end <= SYSTEM_AREA || from >= end - SYSTEM_AREA)
		return end;
	for (at = from + SYSTEM_AREA; at < end; at += count) {
		at = skip_hole(volume, at);
		if (at >= end)
			break;
		count = end - at < SEARCH_BLOCKS ? end - at : SEARCH_BLOCKS;
		if (read_blocks(volume, at, count, block))
			return end;
		for (i = 0; i < count; i++) {
			const uint8_t *p = block + i * LATHE_BLOCK_BYTES;

			if (looks_primary(p) &&
			    belongs_here(volume, at + i - SYSTEM_AREA, p))
				return at + i - SYSTEM_AREA;
		}
	}
	return end;
}

static void list_sessions(struct volume *volume)
{
	struct lathe_iso9660_found found;
	uint32_t at = 0;

	while (volume->count < SESSIONS_MAX) {
		at = search(volume, at);
		if (at >= volume->blocks.end)
			break;
		if (!probe(volume, at, &found)) {
			at++;
			continue;
		}
		add(volume, &found);
		at = behind(volume, &found);
	}
}

int volume_open_image(struct volume *volume)
{
	off_t bytes;
	int status;

	volume->fd = open(volume->name, O_RDONLY | O_CLOEXEC);
	if (volume->fd < 0)
		return complain_errno(volume->tool, volume->name);
	bytes = lseek(volume->fd, 0, SEEK_END);
	if (bytes < 0) {
		status = complain_errno(volume->tool, volume->name);
		return status;
	}
	bytes /= LATHE_BLOCK_BYTES;
	volume->blocks.ctx = volume;
	volume->blocks.read = read_blocks;
	volume->blocks.end = bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes;
	list_sessions(volume);
	return STATUS_OK;
}
