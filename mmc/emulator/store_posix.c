/* SPDX-License-Identifier: MIT */
/*
 * store_posix.c - a disc in files. PATH holds LBA n at byte 2048 n, holes for
 * zeros, so that any other program can read a session from it; PATH.disc is
 * the state as text, replaced as a whole whenever it changes, but for its
 * last line, which says how far the open track has got and is written in
 * place. Killing the process at any moment leaves an interrupted track at
 * worst. PATH carries the lock (flock).
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include "mmc/emulator/emu_store.h"

#if defined(__unix__) || defined(__APPLE__)

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096u

struct file {
	struct lathe_emulator_store head;
	int data_fd;
	int state_fd;		/* PATH.disc as it is now; -1 before */
	off_t written_at;	/* of its last line */
	uint64_t saved;		/* checksum of PATH.disc, 0: not known */
	uint64_t end;		/* bytes of PATH that count */
	uint64_t size;		/* bytes that PATH has */
	char path[PATH_BYTES];
	char state_path[PATH_BYTES + 8];
	char new_path[PATH_BYTES + 8];	/* of the state that replaces it */
};

static const struct emu_store_ops file_ops;

static struct file *file(struct lathe_emulator_store *store)
{
	return (struct file *)(void *)store;
}

static void drop_file(struct file *f);

/* ---- bytes -------------------------------------------------------------- */

static int put_bytes(int fd, const void *data, size_t len, off_t at)
{
	const char *p = data;

	while (len) {
		ssize_t n = pwrite(fd, p, len, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return LATHE_ERR_IO;
		p += n;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Behind the end there are zeros. */
static int get_bytes(int fd, void *data, size_t len, off_t at)
{
	char *p = data;

	while (len) {
		ssize_t n = pread(fd, p, len, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return LATHE_ERR_IO;
		if (!n) {
			memset(p, 0, len);
			return 0;
		}
		p += n;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static void extend(struct file *f, uint64_t end)
{
	if (end > f->end)
		f->end = end;
}

static int file_read(struct lathe_emulator_store *store, uint32_t lba,
		     uint32_t count, uint8_t *out)
{
	return get_bytes(file(store)->data_fd, out,
			 (size_t)count * LATHE_BLOCK_BYTES,
			 (off_t)lba * LATHE_BLOCK_BYTES);
}

static bool is_zeros(const uint8_t *block)
{
	return !block[0] && !memcmp(block, block + 1, LATHE_BLOCK_BYTES - 1);
}

/* Blocks from 'data' on that are alike: all zeros, or none of them. */
static uint32_t alike(const uint8_t *data, uint32_t count, bool *zeros)
{
	uint32_t n = 1;

	*zeros = is_zeros(data);
	while (n < count &&
	       is_zeros(data + (size_t)n * LATHE_BLOCK_BYTES) == *zeros)
		n++;
	return n;
}

static int file_write(struct lathe_emulator_store *store, uint32_t lba,
		      uint32_t count, const uint8_t *data)
{
	struct file *f = file(store);
	uint32_t n;
	bool zeros;
	int err;

	for (; count; count -= n, lba += n) {
		uint64_t at = (uint64_t)lba * LATHE_BLOCK_BYTES;
		uint64_t bytes;

		n = alike(data, count, &zeros);
		bytes = (uint64_t)n * LATHE_BLOCK_BYTES;
		if (!zeros || at < f->size) {
			err = put_bytes(f->data_fd, data, (size_t)bytes,
					(off_t)at);
			if (err)
				return err;
			if (at + bytes > f->size)
				f->size = at + bytes;
		}
		extend(f, at + bytes);
		data += bytes;
	}
	return 0;
}

static int file_zero(struct lathe_emulator_store *store, uint32_t lba,
		     uint32_t count)
{
	static const uint8_t zeros[LATHE_BLOCK_BYTES] = { 0 };
	int err;

	while (count--) {
		err = file_write(store, lba++, 1, zeros);
		if (err)
			return err;
	}
	return 0;
}

static int file_discard(struct lathe_emulator_store *store)
{
	struct file *f = file(store);

	if (ftruncate(f->data_fd, 0))
		return LATHE_ERR_IO;
	f->size = 0;
	f->end = 0;
	return 0;
}

/* ---- state -------------------------------------------------------------- */

/* FNV-1a: tells whether there is anything to save. */
static uint64_t checksum(const char *text, size_t len)
{
	uint64_t sum = 14695981039346656037u;

	while (len--)
		sum = (sum ^ (uint8_t)*text++) * 1099511628211u;
	return sum;
}

static int replace_state(struct file *f, const char *text, size_t len)
{
	int fd = open(f->new_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
		      0666);

	if (fd < 0)
		return LATHE_ERR_IO;
	if (put_bytes(fd, text, len, 0) ||
	    rename(f->new_path, f->state_path)) {
		int why = errno;

		close(fd);
		unlink(f->new_path);
		errno = why;
		return LATHE_ERR_IO;
	}
	if (f->state_fd >= 0)
		close(f->state_fd);
	f->state_fd = fd;
	f->saved = checksum(text, len);
	f->written_at = (off_t)(len - EMU_WRITTEN_BYTES);
	return 0;
}

static int file_save(struct lathe_emulator_store *store)
{
	struct file *f = file(store);
	char *text;
	size_t len;
	int err;

	if (f->end > f->size) {
		if (ftruncate(f->data_fd, (off_t)f->end))
			return LATHE_ERR_IO;
		f->size = f->end;
	}
	text = lathep_emu_realloc(&store->hooks, NULL, 0, EMU_TEXT_MAX);
	if (!text)
		return LATHE_ERR_MEMORY;
	len = lathep_emu_disc_print(&store->disc, text, EMU_TEXT_MAX);
	if (len >= EMU_TEXT_MAX)
		err = LATHE_ERR_LIMIT;
	else if (checksum(text, len) == f->saved)
		err = 0;
	else
		err = replace_state(f, text, len);
	lathep_emu_realloc(&store->hooks, text, EMU_TEXT_MAX, 0);
	return err;
}

static int file_mark(struct lathe_emulator_store *store)
{
	struct file *f = file(store);
	char line[EMU_WRITTEN_BYTES + 1];

	if (f->state_fd < 0)
		return file_save(store);
	lathep_emu_written_print(&store->disc, line);
	f->saved = 0;
	return put_bytes(f->state_fd, line, strlen(line), f->written_at);
}

static void file_close(struct lathe_emulator_store *store)
{
	drop_file(file(store));
}

static const struct emu_store_ops file_ops = {
	.read = file_read,
	.write = file_write,
	.zero = file_zero,
	.discard = file_discard,
	.save = file_save,
	.mark = file_mark,
	.close = file_close
};

/* ---- making and opening ------------------------------------------------- */

static int error_of_open(void)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
		return LATHE_ERR_NOT_FOUND;
	case EEXIST:
		return LATHE_ERR_EXISTS;
	case EACCES:
	case EPERM:
		return LATHE_ERR_DENIED;
	case ENAMETOOLONG:
		return LATHE_ERR_LIMIT;
	default:
		return LATHE_ERR_IO;
	}
}

static int new_file(const struct lathe_hooks *hooks, const char *path,
		    struct file **out)
{
	static const struct lathe_hooks none;
	struct file *f;

	if (!hooks)
		hooks = &none;
	if (strlen(path) >= PATH_BYTES)
		return LATHE_ERR_LIMIT;
	f = lathep_emu_realloc(hooks, NULL, 0, sizeof(*f));
	if (!f)
		return LATHE_ERR_MEMORY;
	memset(f, 0, sizeof(*f));
	f->head.ops = &file_ops;
	f->head.hooks = *hooks;
	f->data_fd = -1;
	f->state_fd = -1;
	snprintf(f->path, sizeof(f->path), "%s", path);
	snprintf(f->state_path, sizeof(f->state_path), "%s.disc", path);
	snprintf(f->new_path, sizeof(f->new_path), "%s.disc~", path);
	*out = f;
	return 0;
}

static void drop_file(struct file *f)
{
	struct lathe_hooks hooks = f->head.hooks;

	if (f->state_fd >= 0)
		close(f->state_fd);
	if (f->data_fd >= 0)
		close(f->data_fd);
	lathep_emu_realloc(&hooks, f, sizeof(*f), 0);
}

static int create_files(struct file *f)
{
	char text[256];
	size_t len = lathep_emu_disc_print(&f->head.disc, text, sizeof(text));
	int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
	int err = 0;

	f->data_fd = open(f->path, flags, 0666);
	if (f->data_fd < 0)
		return error_of_open();
	f->state_fd = open(f->state_path, flags, 0666);
	if (f->state_fd < 0) {
		err = error_of_open();
		unlink(f->path);
	} else if (put_bytes(f->state_fd, text, len, 0)) {
		err = LATHE_ERR_IO;
		unlink(f->state_path);
		unlink(f->path);
	}
	return err;
}

int lathe_emulator_store_create(const struct lathe_hooks *hooks,
				const char *path,
				enum lathe_emulator_media media)
{
	struct file *f;
	int err;

	if ((unsigned)media >= LATHE_EMULATOR_MEDIA_COUNT)
		return LATHE_ERR_ARG;
	err = new_file(hooks, path, &f);
	if (err)
		return err;
	lathep_emu_disc_blank(&f->head.disc, media);
	err = create_files(f);
	drop_file(f);
	return err;
}

static int read_state(struct file *f)
{
	struct stat st;
	char *text;
	int err;

	f->state_fd = open(f->state_path, O_RDWR | O_CLOEXEC);
	if (f->state_fd < 0)
		return error_of_open();
	if (fstat(f->state_fd, &st) || st.st_size <= 0 ||
	    st.st_size > EMU_TEXT_MAX)
		return LATHE_ERR_CORRUPT;
	text = lathep_emu_realloc(&f->head.hooks, NULL, 0, EMU_TEXT_MAX);
	if (!text)
		return LATHE_ERR_MEMORY;
	err = get_bytes(f->state_fd, text, (size_t)st.st_size, 0);
	if (!err)
		err = lathep_emu_disc_parse(&f->head.disc, text,
					    (size_t)st.st_size);
	/* Not of the text as it is: its last line may say more. */
	if (!err)
		f->saved = checksum(text, lathep_emu_disc_print(
						  &f->head.disc, text,
						  EMU_TEXT_MAX));
	lathep_emu_realloc(&f->head.hooks, text, EMU_TEXT_MAX, 0);
	f->written_at = st.st_size - (off_t)EMU_WRITTEN_BYTES;
	return err;
}

/* Take the lock, then look: nobody else changes the state any more. */
static int open_files(struct file *f)
{
	struct stat st;

	f->data_fd = open(f->path, O_RDWR | O_CLOEXEC);
	if (f->data_fd < 0)
		return error_of_open();
	if (flock(f->data_fd, LOCK_EX | LOCK_NB))
		return errno == EWOULDBLOCK ? LATHE_ERR_BUSY : LATHE_ERR_IO;
	if (fstat(f->data_fd, &st) || !S_ISREG(st.st_mode))
		return LATHE_ERR_IO;
	f->size = (uint64_t)st.st_size;
	f->end = f->size;
	return read_state(f);
}

int lathe_emulator_store_open(const struct lathe_hooks *hooks,
			      const char *path,
			      struct lathe_emulator_store **out)
{
	struct file *f;
	int err = new_file(hooks, path, &f);

	if (err)
		return err;
	err = open_files(f);
	if (err)
		drop_file(f);
	else
		*out = &f->head;
	return err;
}

#else

int lathe_emulator_store_create(const struct lathe_hooks *hooks,
				const char *path,
				enum lathe_emulator_media media)
{
	(void)hooks;
	(void)path;
	(void)media;
	return LATHE_ERR_UNSUPPORTED;
}

int lathe_emulator_store_open(const struct lathe_hooks *hooks,
			      const char *path,
			      struct lathe_emulator_store **out)
{
	(void)hooks;
	(void)path;
	(void)out;
	return LATHE_ERR_UNSUPPORTED;
}

#endif
