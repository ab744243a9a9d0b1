/* SPDX-License-Identifier: MIT */
/* Recording dates, 9.1.5. */
#include <string.h>

#include "iso9660/lathe_iso9660.h"

#define DAY 86400

/* Days are counted from 1896-03-01, so that a leap day is the last of four
 * years. */
void lathe_iso9660_date_put(int64_t seconds, uint8_t date[7])
{
	/* Seconds since 1900-01-01; what lies before becomes a large one. */
	uint64_t since = (uint64_t)seconds + (uint64_t)25567 * DAY;
	uint32_t rest = (uint32_t)(since % DAY), day, year, month;

	memset(date, 0, 7);
	/* 2155-12-31 */
	if (since / DAY > 93501)
		return;
	day = (uint32_t)(since / DAY);
	/* There is no February 29th in 1900 and in 2100. */
	day += 1401u + (day >= 59) + (day >= 73108);
	year = (4 * day + 3) / 1461;
	day -= 1461 * year / 4;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	date[0] = (uint8_t)(year - 4 + (month >= 10));
	date[1] = (uint8_t)(month < 10 ? month + 3 : month - 9);
	date[2] = (uint8_t)(day + 1);
	date[3] = (uint8_t)(rest / 3600);
	date[4] = (uint8_t)(rest / 60 % 60);
	date[5] = (uint8_t)(rest % 60);
}

bool lathe_iso9660_date_get(const uint8_t date[7], int64_t *seconds)
{
	int32_t day = date[2], month = date[1], year = 1900 + date[0];
	int32_t quarters = (int8_t)date[6];

	if (month < 1 || month > 12 || day < 1 || day > 31 || date[3] > 23 ||
	    date[4] > 59 || date[5] > 59)
		return false;
	/* A year begins in March, 719468 days lie before 1970. */
	if (month < 3) {
		month += 12;
		year--;
	}
	day += 365 * year + year / 4 - year / 100 + year / 400 +
	       (153 * (month - 3) + 2) / 5 - 719469;
	*seconds = (int64_t)day * DAY + date[3] * 3600 + date[4] * 60 +
		   date[5];
	/* Others are nobody's time zone: mkisofs has them behind 2037. */
	if (quarters >= -48 && quarters <= 52)
		*seconds -= quarters * 900;
	return true;
}
