/* SPDX-License-Identifier: MIT */
/*
 * Names and identifiers of ISO 9660 and Joliet, UTF-16, other character sets.
 * A byte that says what to do, then bytes of names.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"

static const struct lathe_joliet_options long_names = { .long_names = true };
static const struct lathe_iso9660_primary_options level_1 = {
	.level = LATHE_ISO9660_LEVEL_1
};
static const struct lathe_iso9660_primary_options relaxed = {
	.level = LATHE_ISO9660_RELAXED, .omit_version = true
};

static const struct {
	const struct lathe_iso9660_hierarchy *table;
	const void *options;
	uint8_t most;		/* bytes of an identifier */
} kinds[] = {
	{ &lathe_iso9660_primary, NULL, 33 },
	{ &lathe_iso9660_primary, &level_1, 14 },
	{ &lathe_iso9660_primary, &relaxed, 37 },
	{ &lathe_joliet_hierarchy, NULL, 128 },
	{ &lathe_joliet_hierarchy, &long_names, 206 },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* ---- identifiers -------------------------------------------------------- */

static int sign(int order)
{
	return (order > 0) - (order < 0);
}

/* An order: of any two, of three. */
static void check_order(const struct lathe_iso9660_hierarchy *table,
			int (*compare)(const uint8_t *, uint8_t,
				       const uint8_t *, uint8_t),
			uint8_t *const *id, const uint8_t *len)
{
	int ab = compare(id[0], len[0], id[1], len[1]);
	int bc = compare(id[1], len[1], id[2], len[2]);
	int ac = compare(id[0], len[0], id[2], len[2]);

	(void)table;
	FUZZ_CHECK(compare(id[0], len[0], id[0], len[0]) == 0);
	FUZZ_CHECK(sign(compare(id[1], len[1], id[0], len[0])) == -sign(ab));
	if (ab <= 0 && bc <= 0)
		FUZZ_CHECK(ac <= 0);
	if (ab >= 0 && bc >= 0)
		FUZZ_CHECK(ac >= 0);
}

/* What a decoder makes has no end inside of it and is a name of its length. */
static void decode(const struct lathe_iso9660_hierarchy *table,
		   const uint8_t *id, uint8_t len)
{
	char *name = malloc(LATHE_ISO9660_NAME_MAX);
	int directory, got;

	FUZZ_CHECK(name != NULL);
	for (directory = 0; directory < 2; directory++) {
		got = table->decode(id, len, directory, name);
		FUZZ_CHECK(got == LATHE_ERR_CORRUPT ||
			   (got >= 1 && got <= (int)LATHE_ISO9660_NAME_MAX));
	}
	if (table->significant)
		FUZZ_CHECK(table->significant(id, len) <= len);
	if (table->reserved)
		(void)table->reserved(id, len);
	free(name);
}

static void identifiers(struct fuzz_input *in, size_t kind)
{
	const struct lathe_iso9660_hierarchy *table = kinds[kind].table;
	uint8_t *id[3], len[3];
	size_t bytes, i;

	for (i = 0; i < 3; i++) {
		id[i] = fuzz_bytes(in, LATHE_ISO9660_ID_MAX, &bytes);
		if (bytes == 0) {
			id[i][0] = 'A';
			bytes = 1;
		}
		len[i] = (uint8_t)bytes;
		decode(table, id[i], len[i]);
	}
	check_order(table, table->compare, id, len);
	if (table->compare_directories)
		check_order(table, table->compare_directories, id, len);
	for (i = 0; i < 3; i++)
		free(id[i]);
}

/* ---- names -------------------------------------------------------------- */

/* What is recorded of a name: within the limits, told as changed unless it
 * comes back as it was, and the same each time. */
static void check_encoded(size_t kind, const char *name, size_t len,
			  bool directory, uint8_t digits, uint32_t number)
{
	const struct lathe_iso9660_hierarchy *table = kinds[kind].table;
	uint8_t *id = malloc(LATHE_ISO9660_ID_MAX), again[LATHE_ISO9660_ID_MAX];
	uint32_t changed = 0, changed_again = 0;
	char back[LATHE_ISO9660_NAME_MAX];
	int got, got_again, back_len;

	FUZZ_CHECK(id != NULL);
	got = table->encode(kinds[kind].options, name, len, directory, digits,
			    number, id, &changed);
	FUZZ_CHECK(got == LATHE_ERR_NAME || got >= 1);
	FUZZ_CHECK(got <= (int)kinds[kind].most);
	if (got > 0) {
		got_again = table->encode(kinds[kind].options, name, len,
					  directory, digits, number, again,
					  &changed_again);
		FUZZ_CHECK(got == got_again && changed == changed_again);
		FUZZ_CHECK(memcmp(id, again, (size_t)got) == 0);
		back_len = table->decode(id, (uint8_t)got, directory, back);
		FUZZ_CHECK(back_len >= 1);
		if (changed == 0 && digits == 0) {
			FUZZ_CHECK((size_t)back_len == len);
			FUZZ_CHECK(memcmp(back, name, len) == 0);
		}
	}
	free(id);
}

/* UTF-8, or bytes as UTF-16 made into it. */
static char *make_name(struct fuzz_input *in, size_t *len)
{
	size_t bytes;
	uint8_t *raw = fuzz_bytes(in, 512, &bytes);
	char *name = malloc(LATHE_ISO9660_NAME_MAX);
	int got;

	FUZZ_CHECK(name != NULL);
	got = lathe_joliet_utf8_from_utf16(raw, bytes & ~(size_t)1, name,
					   LATHE_ISO9660_NAME_MAX);
	*len = got > 0 ? (size_t)got : 0;
	free(raw);
	return name;
}

static void names(struct fuzz_input *in, size_t kind)
{
	uint8_t how = fuzz_byte(in), digits = how % 8;
	uint32_t number = fuzz_u16(in), most = 1;
	size_t len;
	char *name = make_name(in, &len);
	uint8_t i;

	for (i = 0; i < digits; i++)
		most *= 10;
	if (len > 0 && !memchr(name, '/', len) && !memchr(name, 0, len) &&
	    (len > 2 || memcmp(name, "..", len) != 0)) {
		check_encoded(kind, name, len, how & 128, 0, 0);
		check_encoded(kind, name, len, how & 128, digits,
			      number % most);
	}
	free(name);
}

/* ---- UTF-16 ------------------------------------------------------------- */

static void utf16(struct fuzz_input *in)
{
	size_t bytes, room = fuzz_byte(in);
	uint8_t *raw = fuzz_bytes(in, 1024, &bytes), *back;
	char *text = malloc(2048), *tight = malloc(room ? room : 1);
	int len, got;

	FUZZ_CHECK(text != NULL && tight != NULL);
	len = lathe_joliet_utf8_from_utf16(raw, bytes, text, 2048);
	FUZZ_CHECK((len == LATHE_ERR_NAME) == (bytes % 2 != 0));
	got = lathe_joliet_utf8_from_utf16(raw, bytes, tight, room);
	FUZZ_CHECK(len < 0 ||
		   got == ((size_t)len <= room ? len : LATHE_ERR_LIMIT));
	if (len >= 0) {
		/* Any sequence of units survives. */
		back = malloc(bytes ? bytes : 1);
		FUZZ_CHECK(back != NULL);
		got = lathe_joliet_utf16_from_utf8(text, (size_t)len, back,
						   bytes);
		FUZZ_CHECK(got == (int)bytes);
		FUZZ_CHECK(memcmp(back, raw, bytes) == 0);
		free(back);
	}
	free(text);
	free(tight);
	free(raw);
}

/* Any bytes as UTF-8: refused, or the same when they come back. */
static void utf8(struct fuzz_input *in)
{
	size_t bytes, room = fuzz_u16(in) % 1024;
	char *raw = (char *)fuzz_bytes(in, 512, &bytes), back[2048];
	uint8_t *units = malloc(room ? room : 1);
	int len, got;

	FUZZ_CHECK(units != NULL);
	len = lathe_joliet_utf16_from_utf8(raw, bytes, units, room);
	FUZZ_CHECK(len == LATHE_ERR_NAME || len == LATHE_ERR_LIMIT ||
		   (len >= 0 && len % 2 == 0 && (size_t)len <= room));
	if (len >= 0) {
		got = lathe_joliet_utf8_from_utf16(units, (size_t)len, back,
						   sizeof(back));
		FUZZ_CHECK(got == (int)bytes);
		FUZZ_CHECK(memcmp(back, raw, bytes) == 0);
	}
	free(units);
	free(raw);
}

/* ---- other sets --------------------------------------------------------- */

static void charset(struct fuzz_input *in)
{
	static const char *const sets[] = {
		"ISO-8859-15", "SHIFT_JIS", "CP932", "BIG5", "UTF-7",
		"ISO-2022-JP", "KOI8-R", "GB18030",
	};
	const char *name = sets[fuzz_byte(in) % 8];
	struct lathe_hooks hooks = fuzz_hooks();
	struct lathe_joliet_charset *set;
	size_t bytes, room = fuzz_u16(in) % 1024;
	char *raw = (char *)fuzz_bytes(in, 255, &bytes);
	char *out = malloc(room ? room : 1), again[1024];
	uint8_t units[2048];
	int err, len;

	FUZZ_CHECK(out != NULL);
	err = lathe_joliet_charset_open(&hooks, name, &set);
	FUZZ_CHECK(err == 0 || err == LATHE_ERR_UNSUPPORTED);
	if (!err) {
		len = lathe_joliet_charset_to_utf8(set, raw, bytes, out, room);
		FUZZ_CHECK(len <= (int)room && (len >= 0 ||
			   len == LATHE_ERR_NAME || len == LATHE_ERR_LIMIT));
		/* UTF-8 indeed, and no state is left from one to the next. */
		if (len >= 0) {
			FUZZ_CHECK(lathe_joliet_utf16_from_utf8(
					   out, (size_t)len, units,
					   sizeof(units)) >= 0);
			FUZZ_CHECK(lathe_joliet_charset_to_utf8(
					   set, raw, bytes, again, room) ==
				   len);
			FUZZ_CHECK(memcmp(out, again, (size_t)len) == 0);
		}
		lathe_joliet_charset_close(set);
	}
	fuzz_heap_end();
	free(out);
	free(raw);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	uint8_t what = fuzz_byte(&in);

	if (what < 2 * KINDS && what % 2)
		identifiers(&in, what / 2);
	else if (what < 2 * KINDS)
		names(&in, what / 2);
	else if (what % 3 == 0)
		utf16(&in);
	else if (what % 3 == 1)
		utf8(&in);
	else
		charset(&in);
	return 0;
}
