/* SPDX-License-Identifier: MIT */
/*
 * What stands at a session's start: volume descriptors, ECMA-119 8.
 *
 * Writers differ in what they leave in fields that nobody needs; those are
 * not looked at. What is used is checked.
 */
#include <string.h>

#include "iso9660/reader_internal.h"

#define FIRST_DESCRIPTOR 16u /* 6.2.1: behind the system area */
#define MOST_DESCRIPTORS 64u /* a sequence without an end is no sequence */

enum {
	TYPE_BOOT = 0,
	TYPE_PRIMARY = 1,
	TYPE_SUPPLEMENTARY = 2,
	TYPE_TERMINATOR = 255
};

/* What is asked for, of a session at 'start' of a disc that ends at 'end'. */
struct place {
	int (*get)(void *ctx, uint32_t lba, const uint8_t **block);
	void *ctx;
	uint32_t start, end;
	const struct lathe_iso9660_use *uses;
	uint32_t use_count;
	struct lathe_failure *failure;
};

bool lathep_iso9660_is_descriptor(const uint8_t *block)
{
	return memcmp(block + 1, "CD001", 5) == 0;
}

/* The root's record in a descriptor, 8.4.18: 34 bytes, though some writers
 * announce more. Whether it is on the disc is asked later. */
static bool read_root(const uint8_t *d, uint32_t end,
		      struct lathep_iso9660_record *root)
{
	return lathep_iso9660_record_parse(d + 156, 2048 - 156, end, root) ==
		       0 && root->bytes > 0;
}

/* A text of the descriptor, without its padding, as one line of UTF-8. */
static void get_text(const uint8_t *field, size_t len, char *out)
{
	size_t i;

	while (len > 0 && (field[len - 1] == ' ' || field[len - 1] == 0))
		len--;
	for (i = 0; i < len; i++)
		out[i] = field[i] ? (char)field[i] : '?';
	out[len] = '\0';
	lathep_iso9660_make_plain(out);
	if (lathep_iso9660_utf8_valid(out, len, false))
		return;
	for (i = 0; i < len; i++)
		if (field[i] >= 0x80)
			out[i] = '?';
}

/*
 * Our mark, or what is left of it: a bit that flipped in its first bytes
 * must not turn a volume whose checksum would notice into a foreign one.
 */
static enum lathep_iso9660_mark_state
read_mark(const uint8_t *pvd, struct lathep_iso9660_mark *mark)
{
	static const uint8_t begin[12] = { 'L', 'A', 'T', 'H', 'E', 0, 0, 0,
		LATHEP_ISO9660_MARK_VERSION };
	const uint8_t *p = pvd + LATHEP_ISO9660_MARK_OFFSET;
	unsigned i, wrong = 0;
	uint8_t bits;

	if (lathep_iso9660_mark_read(pvd, mark))
		return LATHEP_ISO9660_MARKED;
	for (i = 0; i < sizeof(begin); i++)
		for (bits = p[i] ^ begin[i]; bits; bits &= bits - 1)
			wrong++;
	return wrong <= 4 ? LATHEP_ISO9660_MARK_BROKEN
			  : LATHEP_ISO9660_NOT_MARKED;
}

static int no_volume(const struct place *p)
{
	return lathep_iso9660_fail(p->failure, LATHE_ERR_NO_VOLUME,
				   "no primary volume descriptor at block %lu",
				   (unsigned long)p->start + FIRST_DESCRIPTOR);
}

static void take_root(struct lathep_iso9660_heads *out, uint32_t h,
		      const struct lathep_iso9660_record *root)
{
	out->halves |= root->halves;
	out->root[h].lba = root->lba > UINT32_MAX - root->xar
				   ? UINT32_MAX : root->lba + root->xar;
	out->root[h].bytes = root->bytes;
}

static bool root_fits(const struct lathep_iso9660_heads *heads, uint32_t h,
		      uint32_t end)
{
	return heads->root[h].bytes &&
	       lathep_iso9660_on_disc(heads->root[h].lba, 0,
				      heads->root[h].bytes, end);
}

static int take_primary(const struct place *p, const uint8_t *d, uint32_t lba,
			struct lathep_iso9660_heads *out)
{
	struct lathep_iso9660_record root;
	struct lathe_iso9660_found *found = &out->found;

	/* 8.4.12: 2048, in the half that says so. */
	if (lathe_get_le16(d + 128) != 2048 && lathe_get_be16(d + 130) != 2048)
		return lathep_iso9660_fail(
			p->failure, LATHE_ERR_UNSUPPORTED,
			"blocks of %u bytes in the descriptor at block %lu; "
			"only 2048 are read",
			lathe_get_le16(d + 128), (unsigned long)lba);
	memset(&root, 0, sizeof(root));
	read_root(d, p->end, &root);
	take_root(out, 0, &root);
	found->volume_blocks = lathep_iso9660_get_both32(d + 80);
	out->halves |= lathe_get_le32(d + 80) != lathe_get_be32(d + 84);
	found->hierarchies = 1;
	lathe_iso9660_primary.volume_id(d, found->volume_id);
	lathep_iso9660_make_plain(found->volume_id);
	memcpy(found->primary_id, d + 40, sizeof(found->primary_id));
	get_text(d + 574, 128, found->application);
	out->mark_state = read_mark(d, &out->mark);
	if (out->mark_state == LATHEP_ISO9660_MARKED &&
	    (out->mark.root[0].lba != out->root[0].lba ||
	     out->mark.root[0].bytes != out->root[0].bytes))
		out->mark_state = LATHEP_ISO9660_MARK_BROKEN;
	return 0;
}

/* A supplementary descriptor, the 'ordinal'-th: heads whatever recognises it
 * first. One whose root can not be there heads nothing. */
static void take_supplementary(const struct place *p, const uint8_t *d,
			       uint32_t ordinal,
			       struct lathep_iso9660_heads *out)
{
	const struct lathe_iso9660_hierarchy *hierarchy;
	struct lathep_iso9660_record root;
	bool there = read_root(d, p->end, &root);
	char label[129];
	uint32_t i;

	if (out->mark_state == LATHEP_ISO9660_MARKED &&
	    (!there || ordinal >= out->mark.hierarchies ||
	     !lathep_iso9660_on_disc(root.lba, root.xar, root.bytes, p->end) ||
	     out->mark.root[ordinal].lba != root.lba + root.xar ||
	     out->mark.root[ordinal].bytes != root.bytes))
		out->mark_state = LATHEP_ISO9660_MARK_BROKEN;
	if (!there)
		return;
	for (i = 0; i < p->use_count; i++) {
		hierarchy = p->uses[i].hierarchy;
		if (out->found.hierarchies & 2u << i ||
		    !hierarchy->recognise(d))
			continue;
		take_root(out, i + 1, &root);
		out->root[i + 1].ordinal = ordinal;
		out->found.hierarchies |= 2u << i;
		hierarchy->volume_id(d, label);
		lathep_iso9660_make_plain(label);
		/* Its root may be off like the primary one. */
		if (label[0] && (root_fits(out, i + 1, p->end) ||
				 !root_fits(out, 0, p->end)))
			memcpy(out->found.volume_id, label, sizeof(label));
		return;
	}
}

/* ---- where everything is ------------------------------------------------ */

#define MOST_SEARCHED 8192u /* blocks that may be path tables */

/* What begins at a block? UNREADABLE ends every search. */
enum { NOTHING, DIRECTORY, ROOT, UNREADABLE };

static bool is_dot(const uint8_t *p, size_t left, uint8_t id,
		   struct lathep_iso9660_record *record)
{
	return lathep_iso9660_record_parse(p, left, UINT32_MAX, record) == 0 &&
	       record->id_len == 1 && record->id[0] == id;
}

/* 6.8.2.2: first its own record, then its parent's; a root is its own. ROOT:
 * one that says it begins at 'self'. */
static int what_begins(const struct place *p, uint64_t lba, uint32_t self)
{
	struct lathep_iso9660_record own, parent;
	const uint8_t *block;

	if (lba >= p->end)
		return NOTHING;
	if (p->get(p->ctx, (uint32_t)lba, &block))
		return UNREADABLE;
	if (!is_dot(block, LATHE_BLOCK_BYTES, 0, &own))
		return NOTHING;
	if ((uint64_t)own.lba + own.xar != self ||
	    !is_dot(block + own.record_len, LATHE_BLOCK_BYTES - own.record_len,
		    1, &parent) ||
	    (uint64_t)parent.lba + parent.xar != self)
		return DIRECTORY;
	return ROOT;
}

/*
 * By how much are addresses wrong, as a root shows? An image that was made
 * for block 0 may stand at another one; a session that was copied into a file
 * of its own is at block 0 and was made for another one. Returns what begins
 * where the root should, or ROOT if it was found elsewhere.
 */
static int find_shift(const struct place *p, uint32_t self, int64_t *shift)
{
	uint64_t lba = (uint64_t)p->start + FIRST_DESCRIPTOR + 1, last;
	int here = what_begins(p, self, self), there = NOTHING;

	*shift = 0;
	if (here >= ROOT)
		return here;
	*shift = p->start;
	if (p->start)
		there = what_begins(p, (uint64_t)self + p->start, self);
	last = lba + MOST_SEARCHED < p->end ? lba + MOST_SEARCHED : p->end;
	for (; there < ROOT && lba < last; lba++) {
		*shift = (int64_t)lba - self;
		there = what_begins(p, lba, self);
	}
	if (there == ROOT)
		return ROOT;
	*shift = 0;
	return here;
}

/*
 * Find the roots. A primary one that is nowhere is given up if another is
 * somewhere. 'look': ask the blocks even where nothing speaks against what
 * the descriptors say.
 */
static int settle_roots(const struct place *p, bool look,
			struct lathep_iso9660_heads *out)
{
	bool usable = root_fits(out, 0, p->end);
	int primary = ROOT, seen = ROOT;
	uint32_t h;

	if (!usable || look) {
		primary = out->root[0].bytes ? find_shift(p, out->root[0].lba,
							  &out->shift)
					     : NOTHING;
		seen = primary;
	}
	for (h = 1; seen < ROOT && h < LATHE_ISO9660_HIERARCHIES; h++)
		if (out->found.hierarchies & 1u << h)
			seen = find_shift(p, out->root[h].lba, &out->shift);
	for (h = 0; h < LATHE_ISO9660_HIERARCHIES; h++) {
		out->root[h].lba = lathep_iso9660_shifted(out->root[h].lba,
							  out->shift);
		if (h && !root_fits(out, h, p->end))
			out->found.hierarchies &= ~(1u << h);
	}
	if (out->shift)
		out->mark_state = LATHEP_ISO9660_NOT_MARKED;
	usable = root_fits(out, 0, p->end);
	/* Told of the descriptor: that it names no root on the disc is no
	 * loss, as one is that can not be read where it is. */
	if (!usable)
		out->root[0].lba = p->start + FIRST_DESCRIPTOR;
	usable = usable && (primary != NOTHING || seen != ROOT);
	if (!usable) {
		out->found.hierarchies &= ~1u;
		usable = seen == ROOT && out->found.hierarchies &&
			 out->mark_state == LATHEP_ISO9660_NOT_MARKED;
	}
	if (usable) {
		if (p->failure)
			memset(p->failure, 0, sizeof(*p->failure));
		return 0;
	}
	return lathep_iso9660_fail(
		p->failure, LATHE_ERR_CORRUPT,
		"the root directory in the descriptor at block %lu is not on "
		"the disc, which ends at block %lu",
		(unsigned long)p->start + FIRST_DESCRIPTOR,
		(unsigned long)p->end);
}

/* The descriptors up to the terminator; '*others': supplementary ones. */
static int read_set(const struct place *p, struct lathep_iso9660_heads *out,
		    uint32_t *others)
{
	uint32_t lba = p->start + FIRST_DESCRIPTOR, i;
	const uint8_t *d;
	int err = 0;

	for (i = 0; !err && i < MOST_DESCRIPTORS && lba < p->end; i++, lba++) {
		err = p->get(p->ctx, lba, &d);
		if (err)
			return err;
		if (!lathep_iso9660_is_descriptor(d))
			break;
		out->found.descriptors = i + 1;
		if (d[0] == TYPE_TERMINATOR)
			break;
		/* The first of several primary ones counts. */
		if (d[0] == TYPE_PRIMARY && !out->found.hierarchies)
			err = take_primary(p, d, lba, out);
		else if (d[0] == TYPE_SUPPLEMENTARY && out->found.hierarchies)
			take_supplementary(p, d, ++*others, out);
		else if (d[0] == TYPE_BOOT)
			out->boot = lba;
	}
	return err;
}

int lathep_iso9660_read_heads(
	int (*get)(void *ctx, uint32_t lba, const uint8_t **block), void *ctx,
	uint32_t end, uint32_t start, const struct lathe_iso9660_use *uses,
	uint32_t use_count, enum lathep_iso9660_look look,
	struct lathep_iso9660_heads *out, struct lathe_failure *failure)
{
	const struct place place = { get, ctx, start, end, uses, use_count,
				     failure };
	uint32_t others = 0;
	int err;

	memset(out, 0, sizeof(*out));
	if (end <= FIRST_DESCRIPTOR || start >= end - FIRST_DESCRIPTOR)
		return no_volume(&place);
	err = read_set(&place, out, &others);
	if (err)
		return err;
	if (!out->found.hierarchies)
		return no_volume(&place);
	if (out->mark_state == LATHEP_ISO9660_MARKED &&
	    out->mark.hierarchies != others + 1)
		out->mark_state = LATHEP_ISO9660_MARK_BROKEN;
	if (look == LATHEP_ISO9660_LOOK_UNMARKED)
		out->mark_state = LATHEP_ISO9660_NOT_MARKED;
	out->found.start = start;
	err = settle_roots(&place, look, out);
	if (err)
		return err;
	out->found.shift = out->shift;
	if (out->mark_state == LATHEP_ISO9660_MARKED) {
		out->found.own = true;
		out->found.self = out->mark.self;
		out->found.previous = out->mark.previous;
	}
	return 0;
}

struct one_block {
	const struct lathe_blocks *blocks;
	struct lathe_failure *failure;
	uint8_t *data;
};

static int get_one(void *ctx, uint32_t lba, const uint8_t **block)
{
	struct one_block *one = ctx;
	int err = one->blocks->read(one->blocks->ctx, lba, 1, one->data);

	*block = one->data;
	if (err)
		return lathep_iso9660_fail(
			one->failure, err,
			"block %lu, maybe a volume descriptor, could not be "
			"read",
			(unsigned long)lba);
	return 0;
}

int lathep_iso9660_probe(const struct lathe_blocks *blocks, uint32_t start,
			 const struct lathe_iso9660_use *uses,
			 uint32_t use_count, struct lathe_iso9660_found *out,
			 struct lathe_failure *failure,
			 uint8_t block[LATHE_BLOCK_BYTES])
{
	struct one_block one = { blocks, failure, block };
	struct lathep_iso9660_heads heads;
	int err;

	if (failure)
		memset(failure, 0, sizeof(*failure));
	if (use_count >= LATHE_ISO9660_HIERARCHIES || (use_count && !uses))
		return lathep_iso9660_fail(failure, LATHE_ERR_ARG,
					   "%lu hierarchies to recognise",
					   (unsigned long)use_count);
	err = lathep_iso9660_read_heads(get_one, &one, blocks->end, start,
					uses, use_count,
					LATHEP_ISO9660_NO_LOOK, &heads,
					failure);
	if (!err)
		*out = heads.found;
	return err;
}

int lathe_iso9660_probe(const struct lathe_blocks *blocks, uint32_t start,
			const struct lathe_iso9660_use *uses,
			uint32_t use_count, struct lathe_iso9660_found *out,
			struct lathe_failure *failure)
{
	uint8_t block[LATHE_BLOCK_BYTES];

	return lathep_iso9660_probe(blocks, start, uses, use_count, out,
				    failure, block);
}
