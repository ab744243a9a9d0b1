/* SPDX-License-Identifier: MIT */
/*
 * The entries of a record's system use field, one by one, with those of the
 * continuation areas that it leads to. SUSP 1.12.
 *
 * Areas may lie anywhere, lead to each other and claim any length. So: a
 * record has at most MOST_AREAS of them, none is read twice for it, each
 * ends with its block, and all of a disc together may not cost more than
 * reading it twice.
 */
#include <string.h>

#include "iso9660/reader_internal.h"

#define MOST_AREAS 32u	 /* of a record, as other systems have it */
#define AREA_COST 64u	 /* bytes that looking at any area counts for */
#define ENTRY_FIXED 4u	 /* 4: signature, length, version */

int lathep_iso9660_odd_use(struct lathep_iso9660_import *imp, const char *what)
{
	return lathep_iso9660_odd(imp, LATHE_ISO9660_ODD_SYSTEM_USE, imp->at,
				  "system use: %s", what);
}

int lathep_iso9660_odd_use_halves(struct lathep_iso9660_import *imp)
{
	return lathep_iso9660_odd(imp, LATHE_ISO9660_ODD_HALVES, imp->at,
				  "system use: a number differs in its two "
				  "byte orders");
}

void lathep_iso9660_susp_begin(struct lathep_iso9660_susp_walk *walk,
			       struct lathep_iso9660_import *imp,
			       const uint8_t *entries, uint32_t bytes)
{
	/* Most records have neither area nor anything odd: no memset. */
	walk->imp = imp;
	walk->p = entries;
	walk->left = bytes;
	walk->areas = 0;
	walk->pending = false;
}

/* 5.1: where more entries are. One of an area is obeyed. */
static int note_area(struct lathep_iso9660_susp_walk *walk, const uint8_t *e)
{
	unsigned i;

	if (e[2] < 28)
		return lathep_iso9660_odd_use(walk->imp, "a short CE entry");
	if (walk->pending)
		return lathep_iso9660_odd_use(walk->imp,
					      "two CE entries in one area");
	if (walk->areas == MOST_AREAS)
		return lathep_iso9660_odd_use(walk->imp,
					      "continuation areas without an "
					      "end");
	walk->area[walk->areas].lba = lathe_get_le32(e + 4);
	walk->area[walk->areas].offset = lathe_get_le32(e + 12);
	walk->area[walk->areas].bytes = lathe_get_le32(e + 20);
	walk->pending = true;
	for (i = 4; i < 28; i += 8)
		if (lathe_get_le32(e + i) != lathe_get_be32(e + i + 4))
			return lathep_iso9660_odd_use_halves(walk->imp);
	return 0;
}

/* Was some of it read for this record already? */
static bool was_there(const struct lathep_iso9660_susp_walk *walk,
		      uint32_t lba, uint32_t offset, uint32_t bytes)
{
	uint32_t i;

	for (i = 0; i < walk->areas; i++)
		if (walk->area[i].lba == lba &&
		    walk->area[i].offset < offset + bytes &&
		    offset < walk->area[i].offset + walk->area[i].bytes)
			return true;
	return false;
}

/* May this much more be looked at? Told once. */
static int afford(struct lathep_iso9660_import *imp, uint64_t cost, bool *may)
{
	*may = cost <= imp->aside_bytes;
	if (*may) {
		imp->aside_bytes -= cost;
		return 0;
	}
	if (imp->aside_bytes == 0)
		return 0;
	imp->aside_bytes = 0;
	return lathep_iso9660_odd_use(imp,
				      "continuation areas are larger than the "
				      "disc: left out from here");
}

/* Go on in the area that was named. */
static int enter_area(struct lathep_iso9660_susp_walk *walk)
{
	struct lathep_iso9660_import *imp = walk->imp;
	uint32_t i = walk->areas, offset = walk->area[i].offset, lba;
	uint32_t room, bytes = walk->area[i].bytes;
	const uint8_t *block = NULL;
	uint64_t before;
	bool may;
	int err;

	walk->pending = false;
	walk->left = 0;
	lba = lathep_iso9660_shifted(walk->area[i].lba, imp->heads.shift);
	if (lba >= imp->blocks->end || offset >= LATHE_BLOCK_BYTES)
		return lathep_iso9660_odd_use(imp,
					      "a continuation area that is not "
					      "on the disc: left out");
	room = LATHE_BLOCK_BYTES - offset;
	if (bytes > room) {
		err = lathep_iso9660_odd_use(imp,
					     "a continuation area goes over "
					     "its block: cut");
		if (err)
			return err;
		bytes = walk->area[i].bytes = room;
	}
	if (was_there(walk, walk->area[i].lba, offset, bytes))
		return lathep_iso9660_odd_use(imp,
					      "a continuation area leads back "
					      "to itself");
	before = imp->aside.blocks_read;
	err = afford(imp, AREA_COST + bytes, &may);
	if (!err && may)
		err = lathep_iso9660_window_peek(imp, lba, &block);
	if (!err && may)
		err = afford(imp, (imp->aside.blocks_read - before) *
					  LATHE_BLOCK_BYTES, &may);
	if (err || !may)
		return err;
	walk->areas++;
	walk->p = block + offset;
	walk->left = bytes;
	return 0;
}

/* The next entry of the area being read, whole; NULL: there is none. */
static int step(struct lathep_iso9660_susp_walk *walk, const uint8_t **entry)
{
	const uint8_t *e = walk->p;

	*entry = NULL;
	/* Zeros fill what an entry is too large for, and so does PD. */
	if (walk->left < ENTRY_FIXED || e[0] == 0) {
		walk->left = 0;
		return 0;
	}
	if (e[2] < ENTRY_FIXED || e[2] > walk->left) {
		walk->left = 0;
		return lathep_iso9660_odd_use(walk->imp,
					      "an entry whose length is wrong");
	}
	walk->p += e[2];
	walk->left -= e[2];
	*entry = e;
	return 0;
}

int lathep_iso9660_susp_next(struct lathep_iso9660_susp_walk *walk,
			     const uint8_t **entry)
{
	int err = 0;

	while (!err) {
		if (walk->left == 0) {
			if (!walk->pending)
				return 0;
			err = enter_area(walk);
			continue;
		}
		err = step(walk, entry);
		if (err || !*entry)
			continue;
		switch (lathe_get_be16(*entry)) {
		case LATHEP_ISO9660_SUSP('C', 'E'):
			err = note_area(walk, *entry);
			break;
		case LATHEP_ISO9660_SUSP('S', 'T'):
			walk->left = 0;
			break;
		case LATHEP_ISO9660_SUSP('P', 'D'):
		case LATHEP_ISO9660_SUSP('S', 'P'):
			break;
		default:
			return 1;
		}
	}
	return err;
}

/* 5.3: the entry SP, at the beginning or behind 14 bytes of CD-XA. */
void lathep_iso9660_susp_find(const uint8_t *entries, uint32_t bytes,
			      struct lathep_iso9660_susp *out)
{
	static const uint8_t want[6] = { 'S', 'P', 7, 1, 0xBE, 0xEF };
	uint8_t at;

	out->active = false;
	out->own = 0;
	for (at = 0; at <= 14 && at + 7u <= bytes; at += 14) {
		if (memcmp(entries + at, want, sizeof(want)) == 0) {
			out->active = true;
			out->sp_at = at;
			out->skip = entries[at + 6];
			return;
		}
	}
}
