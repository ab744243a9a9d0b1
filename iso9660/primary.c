/* SPDX-License-Identifier: MIT */
/*
 * ISO 9660 itself as a hierarchy: how names become identifiers and back, the
 * order of records. ECMA-119 7.4 to 7.6, 9.3.
 */
#include <string.h>

#include "iso9660/iso9660_internal.h"

/* Longest identifiers, 7.5.1, 7.6.3, 10.1: name and extension of a file,
 * its separators not counted, and a directory. */
#define LEVEL_2_FILE 30u
#define LEVEL_2_EXTENSION 15u	/* is left to a long one beside a long name */
#define LEVEL_2_DIRECTORY 31u
#define RELAXED 37u

/* ---- names to identifiers ----------------------------------------------- */

/*
 * What stands for a byte of a name: a d-character (7.4.1), or "_" for a code
 * point that has no form. Above it what has been changed; whether the byte
 * stands for itself in relaxed names; the highest bit stands for a character,
 * which bytes 80h to BFh of valid names only go on with.
 */
#define COUNTS(c) (((c) & 0xC0) == 0x80 ? 0 : 0x8000)
#define ITSELF 0x4000
#define SHIFT 8 /* of LATHE_ISO9660_CHANGE_ bits */
#define NONE(c) (COUNTS(c) | LATHE_ISO9660_CHANGE_FORBIDDEN << SHIFT | '_')
#define D_CHARACTER(c)                                                         \
	(((c) >= '0' && (c) <= '9') || ((c) >= 'A' && (c) <= 'Z') ||           \
	 (c) == '_' ? 0x8000 | (c) :                                           \
	 (c) >= 'a' && (c) <= 'z' ?                                            \
	 0x8000 | LATHE_ISO9660_CHANGE_CASE << SHIFT | ((c) - 32) : NONE(c))
#define RELAXED_CHARACTER(c)                                                   \
	((c) <= ' ' || (c) >= 0x7F || (c) == '"' || (c) == '*' ||              \
	 (c) == '/' || (c) == ':' || (c) == ';' || (c) == '?' ||               \
	 (c) == '\\' ? 0 : ITSELF)

#define ONE(c) (D_CHARACTER(c) | RELAXED_CHARACTER(c))
#define FOUR(c) ONE(c), ONE((c) + 1), ONE((c) + 2), ONE((c) + 3)
#define ROW(c) FOUR(c), FOUR((c) + 4), FOUR((c) + 8), FOUR((c) + 12)

static const uint16_t d_characters[256] = {
	ROW(0x00), ROW(0x10), ROW(0x20), ROW(0x30), ROW(0x40), ROW(0x50),
	ROW(0x60), ROW(0x70), ROW(0x80), ROW(0x90), ROW(0xA0), ROW(0xB0),
	ROW(0xC0), ROW(0xD0), ROW(0xE0), ROW(0xF0)
};

/* Map up to 'room' characters of s, at the same pace whatever they are. */
static uint32_t map(const char *s, size_t len, bool relaxed, uint8_t *out,
		    uint32_t room, uint32_t *changed)
{
	const uint8_t *p = (const uint8_t *)s, *end = p + len;
	uint32_t n = 0, to, all = 0;

	for (; p < end && n < room; p++) {
		to = d_characters[*p];
		if (relaxed && to & ITSELF)
			to = 0x8000u | *p;
		all |= to;
		out[n] = (uint8_t)to;
		n += to >> 15;
	}
	*changed |= all >> SHIFT & 0x3F;
	while (p < end && !COUNTS(*p))
		p++;
	if (p < end)
		*changed |= LATHE_ISO9660_CHANGE_CUT;
	return n;
}

/* Where the extension begins, its dot included; 'len' if there is none. A
 * dot in front does not part anything. */
static size_t find_extension(const char *name, size_t len, bool directory)
{
	size_t i;

	for (i = directory ? 0 : len; i > 1; i--)
		if (name[i - 1] == '.')
			return i - 1;
	return len;
}

struct parts {
	uint32_t stem_len, ext_len;
};

static void shorten(uint32_t *len, uint32_t most, uint32_t *changed)
{
	if (*len > most) {
		*len = most;
		*changed |= LATHE_ISO9660_CHANGE_CUT;
	}
}

/* Cut both so that they and 'digits' more have room. */
static void cut_parts(struct parts *p, enum lathe_iso9660_level level,
		      uint32_t room, uint32_t digits, uint32_t *changed)
{
	uint32_t most;

	if (level == LATHE_ISO9660_LEVEL_1) {
		shorten(&p->ext_len, 3, changed);
		shorten(&p->stem_len, 8 - digits, changed);
		return;
	}
	most = room - (p->stem_len < room ? p->stem_len : room);
	if (most < LEVEL_2_EXTENSION)
		most = LEVEL_2_EXTENSION;
	/* A long extension behind a short stem leaves the number its room. */
	if (most > room - digits)
		most = room - digits;
	shorten(&p->ext_len, most, changed);
	shorten(&p->stem_len, room - p->ext_len - digits, changed);
}

static void put_number(uint8_t *out, uint32_t number, uint32_t digits)
{
	uint32_t i;

	for (i = digits; i > 0; i--, number /= 10)
		out[i - 1] = (uint8_t)('0' + number % 10);
}

static bool reserved(const uint8_t *id, uint8_t len);

/* DOS takes what is in front of the first dot for a device's name, whatever
 * follows: that is what a number has to change. Else 'at'. */
static size_t behind_device(const char *name, size_t len, size_t at)
{
	size_t dot = 0;

	while (dot < len && dot <= 4 && name[dot] != '.')
		dot++;
	return dot <= 4 && reserved((const uint8_t *)name, (uint8_t)dot) ? dot
									 : at;
}

/* Readers that drop a dot at the end would see "." or ".." in a name of dots
 * alone. */
static void replace_dots(uint8_t *id, uint32_t len, uint32_t *changed)
{
	uint32_t i;

	for (i = 0; i < len; i++)
		if (id[i] != '.')
			return;
	memset(id, '_', len);
	*changed |= LATHE_ISO9660_CHANGE_FORBIDDEN;
}

static int encode(const void *options, const char *name, size_t len,
		  bool directory, uint8_t digits, uint32_t number, uint8_t *id,
		  uint32_t *changed)
{
	static const struct lathe_iso9660_primary_options defaults;
	const struct lathe_iso9660_primary_options *o =
		options ? options : &defaults;
	const bool relaxed = o->level == LATHE_ISO9660_RELAXED;
	const bool version = !directory && !o->omit_version;
	size_t at = find_extension(name, len, directory);
	uint32_t room, n;
	struct parts p;
	uint8_t *ext;
	bool dot;

	*changed = digits ? LATHE_ISO9660_CHANGE_CLASH : 0;
	if (len == 0)
		return LATHE_ERR_NAME;
	if (digits && relaxed)
		at = behind_device(name, len, at);
	dot = at < len;

	/* Other dots are characters of relaxed names alone. */
	p.stem_len = map(name, at, relaxed, id, RELAXED, changed);
	ext = id + p.stem_len + 1;
	at += dot;
	p.ext_len = map(name + at, len - at, relaxed, ext, RELAXED, changed);
	/* Readers drop a dot at the end. */
	if (!directory && dot && p.ext_len == 0)
		*changed |= LATHE_ISO9660_CHANGE_FORBIDDEN;
	if (relaxed) {
		room = RELAXED - dot - 2 * version;
	} else {
		/* 7.5.1: a file's identifier has its dot even where nothing
		 * follows. */
		dot |= !directory;
		room = directory ? LEVEL_2_DIRECTORY : LEVEL_2_FILE;
	}
	cut_parts(&p, o->level, room, digits, changed);

	/* It is where it belongs, if nothing was cut or numbered. */
	n = p.stem_len + digits;
	if (id + n + 1 != ext)
		memmove(id + n + 1, ext, p.ext_len);
	put_number(id + p.stem_len, number, digits);
	if (dot)
		id[n++] = '.';
	n += p.ext_len;
	if (relaxed)
		replace_dots(id, n, changed);
	if (version) {
		id[n++] = ';';
		id[n++] = '1';
	}
	return (int)n;
}

/* ---- without making them ------------------------------------------------ */

static bool is_level_2(const void *options)
{
	const struct lathe_iso9660_primary_options *o = options;

	return !o || (o->level == LATHE_ISO9660_LEVEL_2 && !o->omit_version);
}

/* Each code point makes one character. */
static uint32_t characters_of(const char *s, size_t len)
{
	size_t count = lathep_iso9660_utf8_count(s, len);

	return count < RELAXED ? (uint32_t)count : RELAXED;
}

static uint8_t length(const void *options, const char *name, size_t len,
		      bool directory)
{
	size_t at = find_extension(name, len, directory);
	uint32_t room = directory ? LEVEL_2_DIRECTORY : LEVEL_2_FILE, ignored;
	struct parts p;

	if (!is_level_2(options) || len == 0)
		return 0;
	p.stem_len = characters_of(name, at);
	p.ext_len = at < len ? characters_of(name + at + 1, len - at - 1) : 0;
	/* Names of devices have three or four. */
	if (p.stem_len == 3 || p.stem_len == 4)
		return 0;
	cut_parts(&p, LATHE_ISO9660_LEVEL_2, room, 0, &ignored);
	return (uint8_t)(p.stem_len + p.ext_len + (directory ? 0 : 3));
}

/* Stems of up to this many characters are never cut. */
#define NOT_CUT 15u

/* As far as both are stems. */
static int order(const void *options, const char *a, size_t a_len,
		 const char *b, size_t b_len)
{
	size_t least = a_len < b_len ? a_len : b_len, i;
	uint8_t x, y;

	if (!is_level_2(options))
		return 0;
	if (least > NOT_CUT)
		least = NOT_CUT;
	for (i = 0; i < least; i++) {
		x = (uint8_t)a[i];
		y = (uint8_t)b[i];
		if (x == '.' || y == '.')
			return 0;
		if (x == y)
			continue;
		if (x >= 0x80 || y >= 0x80)
			return 0;
		x = (uint8_t)d_characters[x];
		y = (uint8_t)d_characters[y];
		if (x != y)
			return (int)x - (int)y;
	}
	return 0;
}

/* ---- identifiers to names ----------------------------------------------- */

/* Length without ";" and a version number of up to five digits, 7.5.1. */
static uint8_t without_version(const uint8_t *id, uint8_t len)
{
	uint8_t n = len;

	while (n > 0 && len - n < 5 && id[n - 1] >= '0' && id[n - 1] <= '9')
		n--;
	return n > 0 && n < len && id[n - 1] == ';' ? (uint8_t)(n - 1) : len;
}

static uint8_t significant(const uint8_t *id, uint8_t len)
{
	uint8_t n = without_version(id, len);

	return n > 1 && id[n - 1] == '.' ? (uint8_t)(n - 1) : n;
}

/* What is no UTF-8 is of an unknown code page, and taken as ISO 8859-1:
 * something to show; what is recorded stays as it was. */
static int show(const uint8_t *id, uint8_t len, char *name)
{
	uint32_t i, n = 0;

	if (lathep_iso9660_utf8_valid((const char *)id, len, false)) {
		memcpy(name, id, len);
		return len;
	}
	for (i = 0; i < len; i++) {
		if (id[i] < 0x80) {
			name[n++] = (char)id[i];
		} else {
			name[n++] = (char)(0xc0 | id[i] >> 6);
			name[n++] = (char)(0x80 | (id[i] & 0x3f));
		}
	}
	return (int)n;
}

static int decode(const uint8_t *id, uint8_t len, bool directory, char *name)
{
	uint8_t n = directory ? len : significant(id, len);

	if (n == 0 || memchr(id, 0, n) || memchr(id, '/', n) ||
	    (id[0] == '.' && (n == 1 || (n == 2 && id[1] == '.'))))
		return LATHE_ERR_CORRUPT;
	return show(id, n, name);
}

/* ---- order, 9.3 --------------------------------------------------------- */

struct split {
	const uint8_t *ext;
	uint32_t name_len, ext_len, version;
};

static void split_id(const uint8_t *id, uint8_t len, struct split *out)
{
	uint32_t n = without_version(id, len), dot = n, i;

	out->version = 0;
	for (i = n + 1; i < len; i++)
		out->version = out->version * 10 + id[i] - '0';
	while (dot > 0 && id[dot - 1] != '.')
		dot--;
	out->name_len = dot ? dot - 1 : n;
	out->ext = id + dot;
	out->ext_len = dot ? n - dot : 0;
}

/* As if the shorter one were filled up with spaces. */
static int compare_padded(const uint8_t *a, uint32_t a_len, const uint8_t *b,
			  uint32_t b_len)
{
	uint32_t least = a_len < b_len ? a_len : b_len;
	int order = memcmp(a, b, least);

	for (; order == 0 && least < a_len; least++)
		order = (int)a[least] - ' ';
	for (; order == 0 && least < b_len; least++)
		order = ' ' - (int)b[least];
	return order;
}

static int compare(const uint8_t *a, uint8_t a_len, const uint8_t *b,
		   uint8_t b_len)
{
	uint32_t least = a_len < b_len ? a_len : b_len, i = 0;
	struct split x, y;
	int order;

	/* Most differ within their names: a dot follows in both. */
	while (i < least && a[i] == b[i])
		i++;
	if (i < least && memchr(a + i + 1, '.', a_len - i - 1u) &&
	    memchr(b + i + 1, '.', b_len - i - 1u))
		return (int)a[i] - (int)b[i];

	split_id(a, a_len, &x);
	split_id(b, b_len, &y);
	order = compare_padded(a, x.name_len, b, y.name_len);
	if (order == 0)
		order = compare_padded(x.ext, x.ext_len, y.ext, y.ext_len);
	if (order == 0)
		order = (x.version < y.version) - (x.version > y.version);
	return order;
}

/* 6.9.1: a directory's identifier has no parts, even with dots in it, which
 * relaxed names and those of other programs have. */
static int compare_directories(const uint8_t *a, uint8_t a_len,
			       const uint8_t *b, uint8_t b_len)
{
	return compare_padded(a, a_len, b, b_len);
}

/* ---- names that DOS keeps for devices ----------------------------------- */

static bool reserved(const uint8_t *id, uint8_t len)
{
	static const char devices[] = "CONPRNAUXNULCOMLPT";
	char stem[4];
	uint32_t n = 0, i;

	while (n < len && id[n] != '.' && id[n] != ';')
		n++;
	if (n != 3 && n != 4)
		return false;
	for (i = 0; i < n; i++)
		stem[i] = (char)(id[i] >= 'a' && id[i] <= 'z' ? id[i] - 32
							      : id[i]);
	/* The last two have a number. */
	for (i = 0; i < 6; i++)
		if (memcmp(stem, devices + 3 * i, 3) == 0)
			return i < 4 ? n == 3
				     : n == 4 && stem[3] >= '1' &&
					       stem[3] <= '9';
	return false;
}

/* ---- the descriptor, 8.4 ------------------------------------------------ */

static bool recognise(const uint8_t descriptor[2048])
{
	return memcmp(descriptor, "\1CD001\1", 7) == 0;
}

/* Text as a-characters or d-characters (7.4.1), filled with spaces. */
static void put_text(uint8_t *out, uint32_t room, const char *text,
		     const char *also, bool relaxed)
{
	size_t len = strlen(text), i = 0;
	uint32_t n = 0;

	while (i < len && n < room) {
		uint8_t c = (uint8_t)text[i];
		bool none = d_characters[c] >> SHIFT &
			    LATHE_ISO9660_CHANGE_FORBIDDEN;
		uint8_t to = none ? 0 : (uint8_t)d_characters[c];

		if ((relaxed && c >= ' ' && c < 0x7f) || strchr(also, c))
			to = c;
		if (to) {
			i++;
		} else {
			to = '_';
			i += lathep_iso9660_utf8_length(text + i, len - i);
		}
		out[n++] = to;
	}
	memset(out + n, ' ', room - n);
}

static void describe(const void *options,
		     const struct lathe_iso9660_volume *volume,
		     uint8_t descriptor[2048])
{
	static const char *const also[] = {
		[LATHE_ISO9660_CHARACTERS_A] = " !\"%&'()*+,-./:;<=>?",
		[LATHE_ISO9660_CHARACTERS_D] = "",
		[LATHE_ISO9660_CHARACTERS_FILE] = ".;"
	};
	const struct lathe_iso9660_primary_options *o = options;
	bool relaxed = o && o->level == LATHE_ISO9660_RELAXED;
	struct lathe_iso9660_text field;
	const char *text;
	uint32_t i;

	memcpy(descriptor, "\1CD001\1", 7);
	for (i = 0; i < LATHE_ISO9660_TEXTS; i++) {
		text = lathe_iso9660_volume_text(volume, i, &field);
		put_text(descriptor + field.offset, field.bytes, text,
			 also[field.characters], relaxed);
	}
	if (volume->primary_id)
		memcpy(descriptor + 40, volume->primary_id, 32);
}

static void volume_id(const uint8_t descriptor[2048], char *out)
{
	const uint8_t *p = descriptor + 40;
	uint8_t n = 32;

	while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == 0))
		n--;
	out[show(p, n, out)] = 0;
}

const struct lathe_iso9660_hierarchy lathe_iso9660_primary = {
	.name = "ISO 9660",
	.recognise = recognise,
	.describe = describe,
	.volume_id = volume_id,
	.decode = decode,
	.encode = encode,
	.compare = compare,
	.reserved = reserved,
	.significant = significant,
	.compare_directories = compare_directories,
	.length = length,
	.order = order
};
