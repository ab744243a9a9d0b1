/* SPDX-License-Identifier: MIT */
/* What lstat says of a file, as a volume records it; and the reverse. */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include "iso9660/lathe_iso9660.h"

#if defined(__unix__) || defined(__APPLE__)

#include <string.h>

#include "iso9660/host_posix.h"

void lathep_iso9660_host_attributes(const struct lathe_iso9660_host *host,
				    const struct stat *st,
				    struct lathe_iso9660_attributes *out)
{
	memset(out, 0, sizeof(*out));
	lathe_iso9660_date_put(st->st_mtime, out->date);
	if (host->config.posix) {
		out->posix_given = true;
		out->posix.mode = (uint32_t)st->st_mode & 07777;
		out->posix.uid = (uint32_t)st->st_uid;
		out->posix.gid = (uint32_t)st->st_gid;
	}
	if (host->config.all_times) {
		lathe_iso9660_date_put(st->st_atime, out->accessed);
		lathe_iso9660_date_put(st->st_ctime, out->changed);
	}
}

bool lathep_iso9660_same_time(const uint8_t date[7], const struct stat *st)
{
	uint8_t now[7];
	int8_t zone;

	lathe_iso9660_date_put(st->st_mtime, now);
	if (memcmp(now, date, sizeof(now)) == 0)
		return true;
	/* Another program's date has a zone, in quarters of an hour: its
	 * clock shows GMT and the offset. */
	zone = (int8_t)date[6];
	if (zone == 0 || zone < -52 || zone > 52)
		return false;
	lathe_iso9660_date_put(st->st_mtime + zone * 900, now);
	return memcmp(now, date, 6) == 0;
}

#else
/* ISO C wants something in each file. */
typedef int lathep_iso9660_no_attributes;
#endif
