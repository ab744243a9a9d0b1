/* SPDX-License-Identifier: MIT */
/*
 * What the entries of a record say: Rock Ridge, RRIP 1.09 to 1.12. Those that
 * nobody here knows are kept whole, to be recorded again.
 *
 * Names and link texts are gathered up to their limits, and one that goes
 * over them is dropped; a number is read only from an entry that is as long
 * as its kind must be.
 */
#include <stddef.h>
#include <string.h>

#include "iso9660/reader_internal.h"

/* 4.1.4, 4.1.3: flags of NM, SL and its components. */
enum { CONTINUES = 1, CURRENT = 2, PARENT = 4, TOP = 8 };

struct reading {
	struct lathep_iso9660_import *imp;
	struct lathep_iso9660_susp *out;
	bool name_done, link_done; /* no CONTINUE in the last */
	bool part_open;		/* a component of a link goes on */
	bool part_top;		/* the last one was the root */
	bool name_bad, link_bad, foreign_bad, halves;
	bool others;		/* behind an ES of another extension */
	uint8_t extensions;	/* ER met */
};

/* ---- what is kept for others -------------------------------------------- */

static int keep(struct reading *r, const uint8_t *e)
{
	struct lathep_iso9660_susp *out = r->out;

	if (r->foreign_bad)
		return 0;
	if (out->foreign_bytes + e[2] > sizeof(out->foreign)) {
		/* Half of them would be another thing. */
		r->foreign_bad = true;
		out->foreign_bytes = 0;
		return lathep_iso9660_odd_use(r->imp,
					      "too many unknown entries: left "
					      "out");
	}
	memcpy(out->foreign + out->foreign_bytes, e, e[2]);
	out->foreign_bytes += e[2];
	return 0;
}

/* 5.5: ours is written anew; those of others are kept. */
static int take_extension(struct reading *r, const uint8_t *e)
{
	static const char ours[3][11] = { "RRIP_1991A", "IEEE_P1282",
					  "IEEE_1282" };
	uint8_t number = r->extensions++;
	unsigned i;

	if (e[2] < 8 || 8u + e[4] + e[5] + e[6] > e[2])
		return lathep_iso9660_odd_use(r->imp,
					      "a short ER entry");
	for (i = 0; i < 3; i++) {
		if (e[4] == strlen(ours[i]) &&
		    memcmp(e + 8, ours[i], e[4]) == 0) {
			r->out->own = number;
			return 0;
		}
	}
	return keep(r, e);
}

/* SUSP 5.6: what follows belongs to the extension of this number. As ours is
 * recorded first from now on, those that were before it count from 1. */
static int take_sequence(struct reading *r, const uint8_t *e)
{
	struct lathep_iso9660_susp *out = r->out;
	int err = keep(r, e);

	r->others = e[4] != out->own;
	if (e[4] <= out->own && out->foreign_bytes)
		out->foreign[out->foreign_bytes - e[2] + 4u] =
			(uint8_t)(r->others ? e[4] + 1 : 0);
	return err;
}

static int take_other(struct reading *r, uint16_t signature, const uint8_t *e)
{
	if (signature == LATHEP_ISO9660_SUSP('E', 'S') && e[2] >= 5)
		return take_sequence(r, e);
	if (signature == LATHEP_ISO9660_SUSP('E', 'R'))
		return take_extension(r, e);
	return keep(r, e);
}

/* ---- names and links ---------------------------------------------------- */

/* 4.1.4. Some writers set CURRENT and give a name all the same. */
static int take_name(struct reading *r, const uint8_t *e)
{
	struct lathep_iso9660_susp *out = r->out;
	uint32_t bytes = e[2] - 5u;

	if (r->name_done)
		return lathep_iso9660_odd_use(r->imp, "a second name");
	r->name_done = !(e[4] & CONTINUES);
	if (r->name_bad)
		return 0;
	if (out->name_len + bytes > sizeof(out->name)) {
		r->name_bad = true;
		out->name_len = 0;
		return lathep_iso9660_odd_use(r->imp,
					      "a name that is too long: left "
					      "out");
	}
	memcpy(out->name + out->name_len, e + 5, bytes);
	out->name_len += bytes;
	return 0;
}

/* Append to the link's text; too much of it is noted. */
static void add_text(struct reading *r, const void *text, uint32_t bytes)
{
	struct lathep_iso9660_susp *out = r->out;

	if (out->symlink_len + bytes > sizeof(out->symlink) ||
	    memchr(text, 0, bytes)) {
		r->link_bad = true;
		return;
	}
	memcpy(out->symlink + out->symlink_len, text, bytes);
	out->symlink_len += bytes;
}

/* 4.1.3.1: flags, length, bytes. */
static void add_component(struct reading *r, const uint8_t *c)
{
	struct lathep_iso9660_susp *out = r->out;

	/* Writers record an empty component as the root as well. */
	if (out->symlink_len && !r->part_open && !r->part_top)
		add_text(r, "/", 1);
	r->part_top = (c[0] & TOP) != 0;
	if (r->part_top)
		add_text(r, "/", 1);
	else if (c[0] & PARENT)
		add_text(r, "..", 2);
	else if (c[0] & CURRENT)
		add_text(r, ".", 1);
	else
		add_text(r, c + 2, c[1]);
	r->part_open = (c[0] & CONTINUES) != 0;
}

static int take_link(struct reading *r, const uint8_t *e)
{
	const uint8_t *c = e + 5;
	uint32_t left = e[2] - 5u;

	if (r->link_done)
		return lathep_iso9660_odd_use(r->imp, "a second link");
	r->link_done = !(e[4] & CONTINUES);
	while (left >= 2 && c[1] <= left - 2) {
		add_component(r, c);
		left -= 2u + c[1];
		c += 2 + c[1];
	}
	if (left == 0)
		return 0;
	r->link_bad = true;
	return lathep_iso9660_odd_use(r->imp,
				      "a component of a link that is too long");
}

/* ---- dates -------------------------------------------------------------- */

static bool two_digits(const uint8_t *p, uint8_t *out)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return false;
	*out = (uint8_t)((p[0] - '0') * 10 + p[1] - '0');
	return true;
}

/* ECMA-119 8.4.26.1 as 9.1.5; zeros where that has no form for it. */
static void shorten(const uint8_t *p, uint8_t date[7])
{
	uint8_t century, year, part[5];
	unsigned i, whole;

	memset(date, 0, 7);
	if (!two_digits(p, &century) || !two_digits(p + 2, &year))
		return;
	whole = century * 100u + year;
	if (whole < 1900 || whole > 1900 + 255)
		return;
	for (i = 0; i < 5; i++)
		if (!two_digits(p + 4 + 2 * i, &part[i]))
			return;
	date[0] = (uint8_t)(whole - 1900);
	memcpy(date + 1, part, 5);
	date[6] = p[16];
}

/* 4.1.6: dates in the order of the bits; 80h: in the long form. */
static int take_dates(struct reading *r, const uint8_t *e)
{
	uint8_t *const date[8] = { NULL, r->out->modified, r->out->accessed,
				   r->out->changed };
	uint32_t each = e[4] & 0x80 ? 17 : 7, left = e[2] - 5u;
	const uint8_t *p = e + 5;
	unsigned i;

	for (i = 0; i < 7; i++) {
		if (!(e[4] & 1u << i))
			continue;
		if (left < each)
			return lathep_iso9660_odd_use(r->imp,
						      "fewer dates than "
						      "announced");
		if (date[i] && each == 7)
			memcpy(date[i], p, 7);
		else if (date[i])
			shorten(p, date[i]);
		p += each;
		left -= each;
	}
	return 0;
}

/* ---- numbers ------------------------------------------------------------ */

/* ECMA-119 7.3.3; of two that differ the little-endian one. */
static uint32_t number(struct reading *r, const uint8_t *p)
{
	uint32_t le = lathe_get_le32(p);

	r->halves |= le != lathe_get_be32(p + 4);
	return le;
}

static int take_attributes(struct reading *r, const uint8_t *e)
{
	struct lathep_iso9660_susp *out = r->out;

	out->posix_given = true;
	out->mode = number(r, e + 4);
	out->posix.mode = out->mode & 07777u;
	out->links = number(r, e + 12);
	out->posix.uid = number(r, e + 20);
	out->posix.gid = number(r, e + 28);
	return 0;
}

/* 4.1.2, as it is: what writers put into the halves differs. */
static int take_device(struct reading *r, const uint8_t *e)
{
	r->out->device_given = true;
	r->out->dev_high = number(r, e + 4);
	r->out->dev_low = number(r, e + 12);
	return 0;
}

static int take_child_link(struct reading *r, const uint8_t *e)
{
	r->out->child_link = true;
	r->out->child_lba = number(r, e + 4);
	return 0;
}

static int take_relocated(struct reading *r, const uint8_t *e)
{
	(void)e;
	r->out->relocated = true;
	return 0;
}

/* ---- entries ------------------------------------------------------------ */

/* An entry of Rock Ridge, and how long it must be. */
struct kind {
	uint16_t signature;
	uint8_t least;
	int (*take)(struct reading *r, const uint8_t *e); /* NULL: no need */
};

/* Those of all records come first. RR says what is there, PL what CL does. */
static const struct kind kinds[] = {
	{ LATHEP_ISO9660_SUSP('P', 'X'), 36, take_attributes },
	{ LATHEP_ISO9660_SUSP('T', 'F'), 5, take_dates },
	{ LATHEP_ISO9660_SUSP('N', 'M'), 5, take_name },
	{ LATHEP_ISO9660_SUSP('R', 'R'), 4, NULL },
	{ LATHEP_ISO9660_SUSP('S', 'L'), 5, take_link },
	{ LATHEP_ISO9660_SUSP('P', 'N'), 20, take_device },
	{ LATHEP_ISO9660_SUSP('C', 'L'), 12, take_child_link },
	{ LATHEP_ISO9660_SUSP('P', 'L'), 12, NULL },
	{ LATHEP_ISO9660_SUSP('R', 'E'), 4, take_relocated }
};

static int take_entry(struct reading *r, const uint8_t *e)
{
	const struct kind *kind = kinds;
	const struct kind *end = kinds + sizeof(kinds) / sizeof(kinds[0]);
	uint16_t signature = lathe_get_be16(e);

	while (kind < end && kind->signature != signature)
		kind++;
	if (kind == end)
		return take_other(r, signature, e);
	if (r->others)
		return keep(r, e);
	if (e[2] < kind->least)
		return lathep_iso9660_odd_use(r->imp,
					      "a short entry of Rock Ridge");
	return kind->take ? kind->take(r, e) : 0;
}

int lathep_iso9660_rock_ridge_read(struct lathep_iso9660_import *imp,
				   const uint8_t *entries, uint32_t bytes,
				   bool root_self,
				   struct lathep_iso9660_susp *out)
{
	struct reading r = { .imp = imp, .out = out };
	struct lathep_iso9660_susp_walk walk;
	uint32_t skip = root_self ? out->sp_at : out->skip;
	const uint8_t *e;
	int more;

	memset(&out->posix_given, 0,
	       offsetof(struct lathep_iso9660_susp, name) -
		       offsetof(struct lathep_iso9660_susp, posix_given));
	if (skip >= bytes)
		return 0;
	lathep_iso9660_susp_begin(&walk, imp, entries + skip, bytes - skip);
	while ((more = lathep_iso9660_susp_next(&walk, &e)) > 0) {
		int err = take_entry(&r, e);

		if (err)
			return err;
	}
	if (more == 0 && r.halves)
		more = lathep_iso9660_odd_use_halves(imp);
	if (more == 0 && out->name_len && !r.name_done)
		more = lathep_iso9660_odd_use(imp, "a name without its end");
	/* Half a link leads elsewhere. */
	if (r.link_bad || !r.link_done)
		out->symlink_len = 0;
	return more;
}
