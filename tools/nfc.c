/* SPDX-License-Identifier: MIT */
/*
 * Decompose, bring marks into their canonical order, compose. The table holds
 * each mapping as Unicode has it, one step; Hangul is arithmetic (The Unicode
 * Standard, 3.12).
 */
#include <stdlib.h>
#include <string.h>

#include "iso9660/lathe_iso9660.h"
#include "tools/nfc.h"
#include "tools/tool.h"

#define NFC_APART 0x80000000u

struct nfc_pair {
	uint32_t whole, first, second;
};

struct nfc_run {
	uint32_t from;
	uint16_t count, at;
};

struct nfc_class {
	uint32_t first, last;
	uint8_t class;
};

#include "tools/nfc_table.h"

#define PAIRS (sizeof(nfc_pairs) / sizeof(nfc_pairs[0]))
#define RUNS (sizeof(nfc_runs) / sizeof(nfc_runs[0]))
#define CLASSES (sizeof(nfc_classes) / sizeof(nfc_classes[0]))

#define POINTS (4u * LATHE_ISO9660_NAME_MAX) /* a point becomes four at most */

/* Nothing below takes part in any of this. */
#define FIRST_MARK 0x300u

enum {
	HANGUL = 0xac00,
	LEAD = 0x1100,
	VOWEL = 0x1161,
	TRAIL = 0x11a7,
	LEADS = 19,
	VOWELS = 21,
	TRAILS = 28,
	SYLLABLES = LEADS * VOWELS * TRAILS
};

struct nfc {
	uint16_t by_parts[PAIRS]; /* rows, by first and second */
	uint32_t point[POINTS];
	size_t count;
};

/* ---- the tables --------------------------------------------------------- */

static int by_parts(const void *a, const void *b)
{
	const struct nfc_pair *x = &nfc_pairs[*(const uint16_t *)a];
	const struct nfc_pair *y = &nfc_pairs[*(const uint16_t *)b];
	uint32_t second = x->second & ~NFC_APART;
	uint32_t other = y->second & ~NFC_APART;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (second != other)
		return second < other ? -1 : 1;
	/* Of two with the same parts one is for putting together. */
	return (x->second > y->second) - (x->second < y->second);
}

struct nfc *nfc_open(void)
{
	struct nfc *nfc = must_realloc(NULL, sizeof(*nfc));
	uint16_t i;

	for (i = 0; i < PAIRS; i++)
		nfc->by_parts[i] = i;
	qsort(nfc->by_parts, PAIRS, sizeof(nfc->by_parts[0]), by_parts);
	return nfc;
}

void nfc_close(struct nfc *nfc)
{
	free(nfc);
}

static const struct nfc_pair *find_pair(uint32_t c)
{
	size_t low = 0, high = PAIRS, i;

	while (low < high) {
		i = (low + high) / 2;
		if (nfc_pairs[i].whole == c)
			return &nfc_pairs[i];
		if (nfc_pairs[i].whole < c)
			low = i + 1;
		else
			high = i;
	}
	return NULL;
}

static uint32_t single(uint32_t c)
{
	size_t i;

	for (i = 0; i < RUNS && nfc_runs[i].from <= c; i++)
		if (c - nfc_runs[i].from < nfc_runs[i].count)
			return nfc_singles[nfc_runs[i].at + c -
					   nfc_runs[i].from];
	return 0;
}

static uint8_t class_of(uint32_t c)
{
	size_t low = 0, high = CLASSES, i;

	while (low < high) {
		i = (low + high) / 2;
		if (c < nfc_classes[i].first)
			high = i;
		else if (c > nfc_classes[i].last)
			low = i + 1;
		else
			return nfc_classes[i].class;
	}
	return 0;
}

/* What two points make together, 0. */
static uint32_t whole_of(const struct nfc *nfc, uint32_t first, uint32_t second)
{
	size_t low = 0, high = PAIRS, i;
	const struct nfc_pair *row;

	if (first - LEAD < LEADS && second - VOWEL < VOWELS)
		return HANGUL +
		       ((first - LEAD) * VOWELS + (second - VOWEL)) * TRAILS;
	if (first - HANGUL < SYLLABLES && (first - HANGUL) % TRAILS == 0 &&
	    second - TRAIL - 1 < TRAILS - 1)
		return first + second - TRAIL;
	while (low < high) {
		i = (low + high) / 2;
		row = &nfc_pairs[nfc->by_parts[i]];
		if (row->first < first ||
		    (row->first == first &&
		     (row->second & ~NFC_APART) < second))
			low = i + 1;
		else
			high = i;
	}
	if (low == PAIRS)
		return 0;
	row = &nfc_pairs[nfc->by_parts[low]];
	return row->first == first && row->second == second ? row->whole : 0;
}

/* ---- decomposing -------------------------------------------------------- */

/* Behind all marks of a higher class, up to a point that is no mark. */
static void push(struct nfc *nfc, uint32_t c)
{
	uint8_t class = class_of(c);
	size_t at = nfc->count;

	if (at == POINTS)
		return;
	while (class > 0 && at > 0 && class_of(nfc->point[at - 1]) > class)
		at--;
	memmove(nfc->point + at + 1, nfc->point + at,
		(nfc->count - at) * sizeof(nfc->point[0]));
	nfc->point[at] = c;
	nfc->count++;
}

static void push_hangul(struct nfc *nfc, uint32_t syllable)
{
	push(nfc, LEAD + syllable / (VOWELS * TRAILS));
	push(nfc, VOWEL + syllable / TRAILS % VOWELS);
	if (syllable % TRAILS > 0)
		push(nfc, TRAIL + syllable % TRAILS);
}

/* First parts have parts themselves, second ones never. */
static void decompose(struct nfc *nfc, uint32_t c)
{
	uint32_t behind[4];
	const struct nfc_pair *pair;
	size_t count = 0;

	if (c - HANGUL < SYLLABLES) {
		push_hangul(nfc, c - HANGUL);
		return;
	}
	while (c >= 0xc0 && count < 4) {
		uint32_t one = single(c);

		if (one) {
			c = one;
			continue;
		}
		pair = find_pair(c);
		if (!pair)
			break;
		behind[count++] = pair->second & ~NFC_APART;
		c = pair->first;
	}
	push(nfc, c);
	while (count > 0)
		push(nfc, behind[--count]);
}

/* ---- composing ---------------------------------------------------------- */

/* UAX #15: a mark joins the last point that is none, unless one of its own
 * class or a higher one stands in between. */
static void compose(struct nfc *nfc)
{
	uint32_t *p = nfc->point, whole;
	size_t start = SIZE_MAX, out = 0, i;
	uint8_t last = 0, class;

	for (i = 0; i < nfc->count; i++) {
		class = class_of(p[i]);
		whole = 0;
		if (start != SIZE_MAX &&
		    (out == start + 1 || (last < class && last > 0)))
			whole = whole_of(nfc, p[start], p[i]);
		if (whole) {
			p[start] = whole;
			continue;
		}
		if (class == 0)
			start = out;
		last = class;
		p[out++] = p[i];
	}
	nfc->count = out;
}

/* ---- UTF-8 -------------------------------------------------------------- */

/* RFC 3629. Returns the bytes of the point at 'p', 0: malformed. */
static size_t decode(const unsigned char *p, size_t len, uint32_t *out)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = *p < 0x80	? 1
		   : *p >= 0xf0 ? 4
		   : *p >= 0xe0 ? 3
		   : *p >= 0xc0 ? 2
				: 0;
	uint32_t c = *p;
	size_t i;

	if (n == 0 || n > len || *p >= 0xf8)
		return 0;
	if (n > 1)
		c &= 0x7fu >> n;
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	*out = c;
	return c < least[n] || c > 0x10ffff || c - 0xd800 < 0x800 ? 0 : n;
}

static size_t encode(uint32_t c, char *out)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

	if (n == 1) {
		*out = (char)c;
		return 1;
	}
	for (i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)((0xf00u >> n & 0xffu) | c);
	return n;
}

static int put(const struct nfc *nfc, char *out)
{
	char one[4];
	size_t used = 0, i, n;

	for (i = 0; i < nfc->count; i++) {
		n = encode(nfc->point[i], one);
		if (n > LATHE_ISO9660_NAME_MAX - used)
			return LATHE_ERR_NAME;
		memcpy(out + used, one, n);
		used += n;
	}
	return (int)used;
}

int nfc_name(struct nfc *nfc, const char *in, size_t len, char *out)
{
	const unsigned char *p = (const unsigned char *)in;
	bool plain = true;
	uint32_t c;
	size_t i, n;

	if (len == 0 || len > LATHE_ISO9660_NAME_MAX)
		return LATHE_ERR_NAME;
	nfc->count = 0;
	for (i = 0; i < len; i += n) {
		n = decode(p + i, len - i, &c);
		if (n == 0)
			return LATHE_ERR_NAME;
		plain = plain && c < FIRST_MARK;
	}
	if (plain) {
		memcpy(out, in, len);
		return (int)len;
	}
	for (i = 0; i < len; i += decode(p + i, len - i, &c)) {
		decode(p + i, len - i, &c);
		decompose(nfc, c);
	}
	compose(nfc);
	return put(nfc, out);
}
