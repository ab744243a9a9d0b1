/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/extract.h"

#define TEMPORARY_TRIES 100
#define HOLE_BYTES 4096u /* zeros of this length become a hole */

/* How a file is written: under its name, or beside it and then renamed. */
struct output {
	int directory, fd;
	const char *name;
	char temporary[40]; /* "" when it is written under its name */
};

/* Does the directory know one case alone? The temporary file is there. */
static bool folds(const struct output *out)
{
	char upper[sizeof(out->temporary)];
	struct stat st, other;
	size_t i = 0;

	do
		upper[i] = (char)toupper((unsigned char)out->temporary[i]);
	while (out->temporary[i++]);
	return fstatat(out->directory, upper, &other, AT_SYMLINK_NOFOLLOW) ==
		       0 &&
	       fstat(out->fd, &st) == 0 && st.st_dev == other.st_dev &&
	       st.st_ino == other.st_ino;
}

static void drop_output(struct output *out)
{
	int sys_errno = errno;

	close(out->fd);
	unlinkat(out->directory, out->temporary[0] ? out->temporary : out->name,
		 0);
	errno = sys_errno;
}

/* What is to be replaced may be a file of this run that has another number by
 * now. */
static int whose(const struct extract *extract, struct output *out,
		 const struct lathe_iso9660_entry *entry)
{
	if (!extract_made_named(extract, entry) || !folds(out))
		return 0;
	errno = EALREADY;
	drop_output(out);
	return -1;
}

/* A name that can not be made, though nothing is found under it, has another
 * form on FAT: the short one of what is there. */
static int why_exists(const struct extract *extract, const struct output *out,
		      const struct lathe_iso9660_entry *entry)
{
	struct stat st;

	if (extract_made_has(extract, out->directory, out->name))
		return EALREADY;
	if (fstatat(out->directory, out->name, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	    errno != ENOENT)
		return EEXIST;
	return extract->overwrite && extract_made_named(extract, entry)
		       ? EALREADY : EADDRINUSE;
}

/*
 * O_EXCL makes the file ours, whatever the name was before: no link is
 * followed, no other file is opened. To overwrite, a new file is renamed
 * over the old name, so that neither a link's target nor another name of the
 * old file changes, and a failure leaves the old file.
 */
static int open_output(const struct extract *extract, struct output *out,
		       const struct lathe_iso9660_entry *entry, mode_t mode)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int i;

	out->temporary[0] = '\0';
	out->fd = openat(out->directory, out->name, flags, mode);
	if (out->fd >= 0 || errno != EEXIST)
		return out->fd < 0 ? -1 : 0;
	errno = why_exists(extract, out, entry);
	if (errno != EEXIST || !extract->overwrite)
		return -1;
	if (extract_must_stay(extract, out->directory, out->name))
		return -1;
	for (i = 0; i < TEMPORARY_TRIES; i++) {
		snprintf(out->temporary, sizeof(out->temporary),
			 ".lathe-%ld-%d", (long)getpid(), i);
		out->fd = openat(out->directory, out->temporary, flags, mode);
		if (out->fd >= 0)
			return whose(extract, out, entry);
		if (errno != EEXIST)
			break;
	}
	return -1;
}

static int finish_file(struct extract *extract, struct output *out,
		       const struct lathe_iso9660_entry *entry)
{
	struct stat st;
	bool known = fstat(out->fd, &st) == 0;

	/* Only now: what is left of a run that was killed is shorter. */
	if (ftruncate(out->fd, (off_t)entry->size) != 0)
		return -1;
	extract_attributes(extract, out->fd, entry);
	if (close(out->fd) != 0) {
		out->fd = -1;
		return -1;
	}
	out->fd = -1;
	if (out->temporary[0] &&
	    renameat(out->directory, out->temporary, out->directory,
		     out->name) != 0)
		return -1;
	if (known)
		extract_made_add(extract, &st);
	if (extract->overwrite)
		extract_made_name(extract, entry);
	return 0;
}

/* Has the file system files of that length? To go there makes nothing. */
static bool fits(int fd, uint64_t bytes)
{
	return bytes <= INT64_MAX && lseek(fd, (off_t)bytes, SEEK_SET) >= 0;
}

static int write_all(int fd, const uint8_t *p, size_t len, uint64_t at)
{
	ssize_t done;

	while (len > 0) {
		done = pwrite(fd, p, len, (off_t)at);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		p += done;
		len -= (size_t)done;
		at += (uint64_t)done;
	}
	return 0;
}

/* Write what is not zero; the file gets its length in the end. */
static int write_sparse(int fd, const uint8_t *p, size_t len, uint64_t at)
{
	size_t begin = 0, i, n;

	for (i = 0; i < len; i += n) {
		n = len - i < HOLE_BYTES ? len - i : HOLE_BYTES;
		if (!all_zero(p + i, n))
			continue;
		if (i > begin &&
		    write_all(fd, p + begin, i - begin, at + begin) != 0)
			return -1;
		begin = i + n;
	}
	if (len > begin)
		return write_all(fd, p + begin, len - begin, at + begin);
	return 0;
}

uint64_t extract_blocks(const struct lathe_iso9660_entry *entry)
{
	return entry->size / LATHE_BLOCK_BYTES +
	       (entry->size % LATHE_BLOCK_BYTES != 0);
}

void extract_progress(struct extract *extract, uint64_t blocks)
{
	struct lathe_progress now = {
		.phase = LATHE_PHASE_WRITING,
		.done = extract->blocks_done += blocks,
		.total = extract->blocks_all,
	};

	progress_hook(&extract->tool->progress, &now);
}

/* Returns an enum lathe_err. A piece that can not be read is read once more,
 * block by block; the one where that ends is then in '*lba' and '*count'. */
static int read_piece(struct extract *extract, uint32_t *lba, uint32_t *count)
{
	struct volume *volume = extract->volume;
	const struct lathe_blocks *blocks = &volume->blocks;
	uint32_t first = *lba, i;
	int err;

	if (first >= blocks->end || *count > blocks->end - first)
		return LATHE_ERR_CORRUPT;
	err = blocks->read(blocks->ctx, first, *count, extract->buffer);
	if (!err || !volume_is_damage(volume, err))
		return err;
	for (i = 0; i < *count; i++) {
		if (extract_stop(extract))
			return LATHE_ERR_CANCELLED;
		err = blocks->read(blocks->ctx, first + i, 1,
				   extract->buffer +
					   (size_t)i * LATHE_BLOCK_BYTES);
		if (err)
			break;
	}
	if (!err || !volume_is_damage(volume, err))
		return err;
	*lba = first + i;
	*count = 1;
	return LATHE_ERR_CORRUPT;
}

/* Other files could not be read either. */
static bool is_over(const struct extract *extract, int err)
{
	return extract->volume->is_disc &&
	       (err == LATHE_ERR_NO_DEVICE || err == LATHE_ERR_NO_MEDIUM ||
		err == LATHE_ERR_WRONG_DISC);
}

static int complain_piece(struct extract *extract,
			  const struct lathe_iso9660_entry *entry, int err,
			  uint32_t lba, uint32_t count)
{
	char text[96];
	int status;

	if (err == LATHE_ERR_CANCELLED)
		return status_of(err);
	if (is_over(extract, err)) {
		extract->over = true;
		status = drive_complain(extract->tool,
					&extract->volume->drive, err);
		if (extract->status == STATUS_OK)
			extract->status = status;
		return status;
	}
	if (count == 1)
		snprintf(text, sizeof(text),
			 "block %" PRIu32 " can not be read", lba);
	else
		snprintf(text, sizeof(text),
			 "blocks %" PRIu32 " to %" PRIu32
			 " can not be read",
			 lba, lba + count - 1);
	return extract_complain(extract, entry, err, text);
}

/* 'bytes' from 'lba' to 'at' of the file. */
static int copy_extent(struct extract *extract,
		       const struct lathe_iso9660_entry *entry, int fd,
		       uint32_t lba, uint64_t bytes, uint64_t at)
{
	uint32_t count;
	uint64_t now;
	int err;

	while (bytes > 0) {
		if (extract_stop(extract))
			return status_of(LATHE_ERR_CANCELLED);
		now = (uint64_t)EXTRACT_CHUNK * LATHE_BLOCK_BYTES;
		now = bytes < now ? bytes : now;
		count = (uint32_t)((now + LATHE_BLOCK_BYTES - 1) /
				   LATHE_BLOCK_BYTES);
		err = read_piece(extract, &lba, &count);
		if (err)
			return complain_piece(extract, entry, err, lba, count);
		if (write_sparse(fd, extract->buffer, (size_t)now, at) != 0)
			return extract_complain(extract, entry, LATHE_ERR_IO,
						strerror(errno));
		extract_progress(extract, count);
		lba += count;
		at += now;
		bytes -= now;
	}
	return STATUS_OK;
}

static int copy_sections(struct extract *extract,
			 const struct lathe_iso9660_entry *entry, int fd)
{
	uint64_t at = 0, bytes;
	uint32_t i, lba;
	int status = STATUS_OK;

	for (i = 0; i < entry->sections && status == STATUS_OK; i++) {
		if (lathe_iso9660_section(extract->tree, entry->node, i, &lba,
					  &bytes))
			break;
		status = copy_extent(extract, entry, fd, lba, bytes, at);
		at += bytes;
	}
	if (status == STATUS_OK && at != entry->size)
		return extract_complain(extract, entry, LATHE_ERR_CORRUPT,
					"its sections do not make up its "
					"size");
	return status;
}

int extract_file(struct extract *extract, int directory,
		 const struct lathe_iso9660_entry *entry)
{
	char name[LATHE_ISO9660_NAME_MAX + 1];
	struct output out = { .directory = directory, .name = name };
	/* Ours alone until it gets the permissions that are recorded. */
	mode_t mode = entry->posix_given ? 0600 : 0666;
	int status = STATUS_OK;

	if (!extract_name(entry, name))
		return extract_complain(extract, entry, LATHE_ERR_CORRUPT,
					"its name would leave the target");
	if (open_output(extract, &out, entry, mode) != 0)
		return extract_complain_made(extract, entry);
	if (!fits(out.fd, entry->size))
		status = extract_complain(extract, entry, LATHE_ERR_IO,
					  strerror(EFBIG));
	if (status == STATUS_OK && entry->size > 0)
		status = copy_sections(extract, entry, out.fd);
	if (status == STATUS_OK && finish_file(extract, &out, entry) != 0)
		status = extract_complain_errno(extract, entry);
	if (status)
		drop_output(&out);
	return status;
}
