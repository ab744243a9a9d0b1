/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/when.h"

#define DAY 86400

/* 9999-12-31T23:59:59Z, the last date of a descriptor. */
#define LAST_SECOND INT64_C(253402300799)

static void date_from_days(int64_t days, int64_t *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t y =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
		365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;

	*day = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = y + era * 400 + (*month <= 2);
}

static void put_digits(char *out, int64_t value, int digits)
{
	while (digits-- > 0) {
		out[digits] = (char)('0' + value % 10);
		value /= 10;
	}
}

/* 'pattern' with Y, M, D, h, m, s in place of digits. */
static void put_date(char *out, const char *pattern, int64_t seconds)
{
	int64_t days = seconds / DAY, rest = seconds % DAY, year, value[6];
	static const char letters[] = "YMDhms";
	int month, day, run;
	const char *which;

	if (rest < 0) {
		rest += DAY;
		days--;
	}
	date_from_days(days, &year, &month, &day);
	value[0] = year;
	value[1] = month;
	value[2] = day;
	value[3] = rest / 3600;
	value[4] = rest / 60 % 60;
	value[5] = rest % 60;
	while (*pattern) {
		for (run = 1; pattern[run] == pattern[0]; run++)
			;
		which = strchr(letters, *pattern);
		if (which)
			put_digits(out, value[which - letters], run);
		else
			memset(out, *pattern, (size_t)run);
		out += run;
		pattern += run;
	}
}

struct when_text when_text(int64_t seconds)
{
	struct when_text out = { "" };

	put_date(out.text, "YYYY-MM-DDThh:mm:ssZ", seconds);
	return out;
}

void when_described(int64_t seconds, uint8_t out[17])
{
	char digits[16];

	put_date(digits, "YYYYMMDDhhmmss00", seconds);
	memcpy(out, digits, 16);
	out[16] = 0; /* GMT */
}

int when_asked(struct tool *tool, bool *given, int64_t *seconds)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	long long value;
	char *end;

	*given = text && *text;
	if (!*given)
		return STATUS_OK;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || *end || value < 0 || value > LAST_SECOND)
		return complain_usage(tool,
				      "SOURCE_DATE_EPOCH is no number "
				      "of seconds since 1970: '%s'",
				      text);
	*seconds = value;
	return STATUS_OK;
}
