/* SPDX-License-Identifier: MIT */
/*
 * Owner, permissions, dates of what was extracted. A name that was just made
 * is changed through its descriptor, a symbolic link itself is never followed.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/extract.h"
#include "tools/when.h"

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
	if (!when_recorded(entry->date, &seconds))
		return false;
	times[1] = (struct timespec){ .tv_sec = (time_t)seconds };
	return true;
}

/* The owner first: a change of it takes set-user-ID away. */
int extract_attributes(const struct extract *extract, int fd,
		       const struct lathe_iso9660_entry *entry)
{
	struct timespec times[2];

	if (extract->keep_owner && entry->posix_given &&
	    fchown(fd, (uid_t)entry->posix.uid, (gid_t)entry->posix.gid) != 0)
		return -1;
	if (entry->posix_given && fchmod(fd, mode_of(extract, entry)) != 0)
		return -1;
	return times_of(entry, times) ? futimens(fd, times) : 0;
}

int extract_link_attributes(const struct extract *extract, int directory,
			    const char *name,
			    const struct lathe_iso9660_entry *entry)
{
	struct timespec times[2];

	if (extract->keep_owner && entry->posix_given &&
	    fchownat(directory, name, (uid_t)entry->posix.uid,
		     (gid_t)entry->posix.gid, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	/* Some file systems have no dates of links. */
	if (times_of(entry, times))
		(void)utimensat(directory, name, times, AT_SYMLINK_NOFOLLOW);
	return 0;
}
