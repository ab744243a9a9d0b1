/* SPDX-License-Identifier: MIT */
/*
 * Owner, permissions, dates of what was extracted. A name that was just made
 * is changed through its descriptor, a symbolic link itself is never followed.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/extract.h"

/*
 * What can be recorded once only is recorded without anybody's right to write;
 * a copy of it may be written by who made it. Nobody gets a set-user-ID file
 * without asking.
 */
static mode_t mode_of(const struct extract *extract,
		      const struct lathe_iso9660_entry *entry)
{
	uint32_t mode = entry->posix.mode & 07777;

	if (extract->keep_modes)
		return (mode_t)mode;
	mode &= 0777;
	if (!(mode & 0222))
		mode |= 0200;
	return (mode_t)(mode & ~extract->mask);
}

static bool times_of(const struct lathe_iso9660_entry *entry,
		     struct timespec times[2])
{
	int64_t seconds;

	times[0] = (struct timespec){ .tv_nsec = UTIME_OMIT };
	if (!lathe_iso9660_date_get(entry->date, &seconds))
		return false;
	times[1] = (struct timespec){ .tv_sec = (time_t)seconds };
	return true;
}

/* Each entry once, and why for the first. */
static void count_unset(struct extract *extract,
			const struct lathe_iso9660_entry *entry, int sys_errno)
{
	char text[128];

	if (extract->unset++ == 0)
		extract->unset_errno = sys_errno;
	snprintf(text, sizeof(text), "owner, permissions or date: %s",
		 strerror(sys_errno));
	if (extract->tool->verbose)
		extract_tell(extract, entry, text);
}

/* Some file systems take what they do not keep: FAT has no permissions, and no
 * date before 1980. Two seconds are what its dates are counted in. */
static bool kept(int fd, const mode_t *mode, const struct timespec *date)
{
	struct stat st;

	return fstat(fd, &st) != 0 ||
	       ((!mode || (st.st_mode & 07777) == *mode) &&
		(!date || (st.st_mtime - date->tv_sec < 2 &&
			   date->tv_sec - st.st_mtime < 2)));
}

/* The owner first: a change of it takes set-user-ID away. Whose owner it can
 * not be gets none. */
void extract_attributes(struct extract *extract, int fd,
			const struct lathe_iso9660_entry *entry)
{
	bool owner = extract->keep_owner && entry->posix_given;
	mode_t mode = mode_of(extract, entry);
	struct timespec times[2];
	bool dated = times_of(entry, times);
	int sys_errno = 0;

	if (owner &&
	    fchown(fd, (uid_t)entry->posix.uid, (gid_t)entry->posix.gid) != 0) {
		sys_errno = errno;
		mode &= 01777;
	}
	if (entry->posix_given && fchmod(fd, mode) != 0 && !sys_errno)
		sys_errno = errno;
	if (dated && futimens(fd, times) != 0 && !sys_errno)
		sys_errno = errno;
	if (!sys_errno && !kept(fd, entry->posix_given ? &mode : NULL,
				dated ? &times[1] : NULL))
		sys_errno = ENOTSUP;
	if (sys_errno)
		count_unset(extract, entry, sys_errno);
}

void extract_link_attributes(struct extract *extract, int directory,
			     const char *name,
			     const struct lathe_iso9660_entry *entry)
{
	struct timespec times[2];

	/* Some file systems have no dates of links. */
	if (times_of(entry, times))
		(void)utimensat(directory, name, times, AT_SYMLINK_NOFOLLOW);
	if (extract->keep_owner && entry->posix_given &&
	    fchownat(directory, name, (uid_t)entry->posix.uid,
		     (gid_t)entry->posix.gid, AT_SYMLINK_NOFOLLOW) != 0)
		count_unset(extract, entry, errno);
}
