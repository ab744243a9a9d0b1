/* SPDX-License-Identifier: MIT */
/* What lstat says of a file, as a volume records it; and the reverse. */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include "iso9660/lathe_iso9660.h"

#if defined(__unix__) || defined(__APPLE__)

#include <string.h>

#include "iso9660/host_posix.h"

/* 9.1.5, in GMT. Days are counted from 1896-03-01, so that a leap day is the
 * last of four years. Years that one byte can not hold: no date. */
static void put_date(time_t when, uint8_t out[7])
{
	/* Seconds since 1900-01-01; what lies before becomes a large one. */
	uint64_t since = (uint64_t)when + (uint64_t)25567 * 86400;
	uint32_t seconds = (uint32_t)(since % 86400), day, year, month;

	memset(out, 0, 7);
	/* 2155-12-31 */
	if (since / 86400 > 93501)
		return;
	day = (uint32_t)(since / 86400);
	/* There is no February 29th in 1900 and in 2100. */
	day += 1401u + (day >= 59) + (day >= 73108);
	year = (4 * day + 3) / 1461;
	day -= 1461 * year / 4;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	out[0] = (uint8_t)(year - 4 + (month >= 10));
	out[1] = (uint8_t)(month < 10 ? month + 3 : month - 9);
	out[2] = (uint8_t)(day + 1);
	out[3] = (uint8_t)(seconds / 3600);
	out[4] = (uint8_t)(seconds / 60 % 60);
	out[5] = (uint8_t)(seconds % 60);
}

void lathep_iso9660_host_attributes(const struct lathe_iso9660_host *host,
				    const struct stat *st,
				    struct lathe_iso9660_attributes *out)
{
	memset(out, 0, sizeof(*out));
	put_date(st->st_mtime, out->date);
	if (host->config.posix) {
		out->posix_given = true;
		out->posix.mode = (uint32_t)st->st_mode & 07777;
		out->posix.uid = (uint32_t)st->st_uid;
		out->posix.gid = (uint32_t)st->st_gid;
	}
	if (host->config.all_times) {
		put_date(st->st_atime, out->accessed);
		put_date(st->st_ctime, out->changed);
	}
}

bool lathep_iso9660_same_time(const uint8_t date[7], const struct stat *st)
{
	uint8_t now[7];
	int8_t zone;

	put_date(st->st_mtime, now);
	if (memcmp(now, date, sizeof(now)) == 0)
		return true;
	/* Another program's date has a zone, in quarters of an hour: its
	 * clock shows GMT and the offset. */
	zone = (int8_t)date[6];
	if (zone == 0 || zone < -52 || zone > 52)
		return false;
	put_date(st->st_mtime + zone * 900, now);
	return memcmp(now, date, 6) == 0;
}

#else
/* ISO C wants something in each file. */
typedef int lathep_iso9660_no_attributes;
#endif
