/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/drive.h"
#include "tools/lock.h"
#include "tools/output.h"

#define TRIES 100
#define NAME_BYTES 48u /* of what is beside an old file */

bool output_is_standard(const char *path)
{
	static const char *const names[] = { "-", "/dev/stdout", "/dev/fd/1",
					     "/proc/self/fd/1" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(path, names[i]) == 0)
			return true;
	return false;
}

int output_stream(const struct stat *st)
{
	struct stat stream;
	int fd;

	for (fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (S_ISREG(st->st_mode) && fstat(fd, &stream) == 0 &&
		    stream.st_dev == st->st_dev && stream.st_ino == st->st_ino)
			return fd;
	return -1;
}

char *real_path(const char *path)
{
	char *real = realpath(path, NULL);
	size_t len = strlen(path);
	struct stat st;

	if (real || lstat(path, &st) != 0 || S_ISLNK(st.st_mode))
		return real;
	real = must_realloc(NULL, len + sizeof("./"));
	memcpy(real, "./", 2);
	memcpy(real + (path[0] == '/' ? 0 : 2), path, len + 1);
	return real;
}

/* ---- opening ------------------------------------------------------------ */

static int look_at(struct output *out)
{
	struct stat st;
	off_t end;

	if (fstat(out->fd, &st) != 0)
		return complain_errno(out->tool, out->name);
	out->dev = (uint64_t)st.st_dev;
	out->ino = (uint64_t)st.st_ino;
	out->rdev = (uint64_t)st.st_rdev;
	out->device = S_ISBLK(st.st_mode);
	out->regular = S_ISREG(st.st_mode) && out->fd != STDOUT_FILENO;
	out->bytes = out->regular ? (uint64_t)st.st_size : 0;
	out->mode = st.st_mode & 07777;
	out->uid = st.st_uid;
	out->gid = st.st_gid;
	out->room = UINT64_MAX;
	if (!out->device || out->fd == STDOUT_FILENO)
		return STATUS_OK;
	end = lseek(out->fd, 0, SEEK_END);
	if (end < 0 || lseek(out->fd, 0, SEEK_SET) < 0)
		return complain_errno(out->tool, out->name);
	out->room = (uint64_t)end;
	return STATUS_OK;
}

/* A pipe that we could read ourselves would never be left by its reader, and a
 * disk that is mounted is not for us. */
static int open_flags(const char *path, bool *made)
{
	struct stat st;
	bool found = stat(path, &st) == 0;

	*made = !found && errno == ENOENT;
	if (found && !S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		return O_WRONLY | O_CLOEXEC;
	if (found && S_ISBLK(st.st_mode))
		return O_RDWR | O_EXCL | O_CLOEXEC;
	return found ? O_RDWR | O_CLOEXEC : O_RDWR | O_CREAT | O_CLOEXEC;
}

int output_open(struct output *out, struct tool *tool, const char *path,
		bool replace)
{
	int flags, status;
	struct stat st;
	bool made;

	*out = (struct output){
		.tool = tool, .name = path, .fd = -1, .old = -1
	};
	if (output_is_standard(path)) {
		out->name = "standard output";
		out->fd = STDOUT_FILENO;
		status = refuse_terminal(tool);
		return status ? status : look_at(out);
	}
	flags = open_flags(path, &made) | (replace ? 0 : O_CREAT | O_EXCL);
	out->fd = open(path, flags, 0666);
	if (out->fd < 0 && errno == EACCES)
		out->fd = open(path, (flags & ~O_RDWR) | O_WRONLY, 0666);
	if (out->fd < 0)
		return complain_errno(tool, path);
	status = look_at(out);
	if (status || !out->regular)
		return status;
	/* What is said would lie in the midst of it. */
	if (fstat(out->fd, &st) == 0 && output_stream(&st) >= 0)
		return complain_usage(tool, "%s: what is said goes there as "
					    "well", path);
	out->made = made;
	/* The last link may have led to nothing before. */
	out->path = real_path(path);
	return STATUS_OK;
}

int output_holds(struct tool *tool, const char *name, uint64_t room,
		 uint64_t bytes)
{
	if (bytes <= room)
		return STATUS_OK;
	return complain_why(tool, LATHE_ERR_FULL,
			    "leave something out, or choose a larger disk",
			    "%s: the image does not fit: it has %s, the disk "
			    "%s; nothing was written",
			    name, counted(bytes, "byte", "bytes").text,
			    grouped(room).text);
}

/* ---- a new file for an old one ------------------------------------------ */

/* May the old name be given to another file? Where a directory is sticky, by
 * its owner and the file's alone; a file can be mounted as well. */
static bool can_replace(const struct output *out, const char *directory)
{
	uid_t self = geteuid();
	struct stat st;

	if (stat(directory, &st) != 0 || (uint64_t)st.st_dev != out->dev)
		return false;
	return !(st.st_mode & S_ISVTX) || self == 0 || self == st.st_uid ||
	       self == out->uid;
}

/* The file beside it, out->beside; -1 with errno EACCES where there can not
 * be one. */
static int open_beside(struct output *out)
{
	size_t len = (size_t)(strrchr(out->path, '/') + 1 - out->path);
	char *name = must_realloc(NULL, len + NAME_BYTES);
	int i, fd = -1;

	memcpy(name, out->path, len);
	memcpy(name + len, ".", 2);
	errno = EEXIST;
	if (!can_replace(out, name))
		errno = EACCES;
	for (i = 0; i < TRIES && fd < 0 && errno == EEXIST; i++) {
		snprintf(name + len, NAME_BYTES, ".lathe-%ld-%d",
			 (long)getpid(), i);
		/* Ours alone until it gets the permissions of the old one. */
		fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	}
	if (fd >= 0)
		out->beside = name;
	else
		free(name);
	return fd;
}

/* Nobody else writes it, or has given the name to another file while we came
 * to it. */
static int lock(struct output *out)
{
	struct stat st;

	if (lock_take(out->fd, true) &&
	    (!out->path || (stat(out->path, &st) == 0 &&
			    (uint64_t)st.st_dev == out->dev &&
			    (uint64_t)st.st_ino == out->ino)))
		return STATUS_OK;
	/* What was made is theirs. */
	out->made = false;
	return lock_complain(out->tool, out->name);
}

/* As it is, emptied. */
static int begin_in_place(struct output *out)
{
	if (out->bytes > 0)
		note(out->tool,
		     "%s: written in its place, as nothing can be made beside "
		     "it: if that fails what it was is lost",
		     out->name);
	if (ftruncate(out->fd, 0) != 0)
		return complain_errno(out->tool, out->name);
	out->begun = true;
	if (out->made)
		stop_removes(out->path);
	return STATUS_OK;
}

int output_begin(struct output *out)
{
	int fd, status;

	if (!out->regular)
		return STATUS_OK;
	status = emulated_refuse(out->tool, out->name);
	if (status == STATUS_OK)
		status = lock(out);
	if (status)
		return status;
	if (out->bytes == 0 || !out->path)
		return begin_in_place(out);
	fd = open_beside(out);
	if (fd < 0 && errno != EACCES && errno != EPERM && errno != EROFS)
		return complain_errno(out->tool, out->name);
	if (fd < 0)
		return begin_in_place(out);
	out->old = out->fd;
	out->fd = fd;
	stop_removes(out->beside);
	return STATUS_OK;
}

/* What the group may do was meant for that group. */
static void give_attributes(const struct output *out)
{
	mode_t mode = (mode_t)out->mode;

	if (fchown(out->fd, (uid_t)out->uid, (gid_t)out->gid) != 0 &&
	    fchown(out->fd, (uid_t)-1, (gid_t)out->gid) != 0)
		mode = (mode & ~070u) | (mode & 07u) << 3;
	(void)fchmod(out->fd, mode & 0777);
}

/* The old one goes when all of the new one is on the disk. */
static int synchronize(const struct output *out)
{
	if (out->beside)
		give_attributes(out);
	return fsync(out->fd) == 0 || errno == EINVAL || errno == EROFS ? 0
									: -1;
}

/* Returns 0 or the exit status; *whole: all of it was written. */
static int finish(struct output *out, bool *whole)
{
	int done = out->beside || out->device ? synchronize(out) : 0;

	if (close(out->fd) != 0)
		done = -1;
	out->fd = -1;
	if (done == 0 && out->beside) {
		*whole = true;
		done = rename(out->beside, out->path);
	}
	return done == 0 ? STATUS_OK : complain_errno(out->tool, out->name);
}

/* ---- the end ------------------------------------------------------------ */

static void keep_it(const struct output *out)
{
	if (!out->beside)
		return;
	if (out->fd >= 0)
		give_attributes(out);
	note(out->tool, "%s stays as it was: what was written is %s",
	     out->name, out->beside);
}

static void drop_it(const struct output *out)
{
	if (out->beside) {
		unlink(out->beside);
		note(out->tool, "%s stays as it was", out->name);
	} else if (out->made && out->path) {
		unlink(out->path);
	} else if (out->begun && out->fd >= 0) {
		/* Half an image in it would look like one. */
		(void)ftruncate(out->fd, 0);
	}
}

int output_end(struct output *out, int status, bool keep)
{
	if (status == STATUS_OK && out->fd >= 0 && out->fd != STDOUT_FILENO)
		status = finish(out, &keep);
	if (status && keep)
		keep_it(out);
	else if (status)
		drop_it(out);
	stop_removes(NULL);
	if (out->fd >= 0 && out->fd != STDOUT_FILENO)
		close(out->fd);
	if (out->old >= 0)
		close(out->old);
	out->fd = out->old = -1;
	free(out->path);
	free(out->beside);
	out->path = out->beside = NULL;
	return status;
}
