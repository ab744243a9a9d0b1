/* SPDX-License-Identifier: MIT */
/*
 * Rock Ridge, RRIP 1.12 (IEEE P1282), recorded as SUSP 1.12 says. What stays
 * in every record comes first: names and links, which may be long, can be
 * split wherever the record ends.
 */
#include <string.h>

#include "iso9660/plan_internal.h"
#include "iso9660/system_use_internal.h"

/* The type of a file in PX, RRIP 4.1.1. */
#define TYPE_DIRECTORY 0040000u
#define TYPE_FILE 0100000u
#define TYPE_LINK 0120000u
#define TYPE_CHARACTER 0020000u
#define TYPE_BLOCK 0060000u

/* What is at hand for all entries of a record. */
struct emit {
	const struct lathe_iso9660_plan *plan;
	const struct lathe_iso9660_rock_ridge_options *options;
	const struct lathep_iso9660_node *node; /* that the entries tell of */
	struct lathep_iso9660_sink *sink;
};

/* ---- SUSP 5.3, 5.5: SP and ER ------------------------------------------- */

static void put_sp(const struct emit *e)
{
	uint8_t *p = lathep_iso9660_entry(e->sink, "SP", 7);

	if (p)
		memcpy(p, "\276\357", 3);
}

/* Lengths, version of the extension, the three texts. */
static void put_er(const struct emit *e)
{
#define ID "RRIP_1991A"
#define DESCRIPTION                                                            \
	"THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE " \
	"SYSTEM SEMANTICS"
#define SOURCE                                                                 \
	"PLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE.  SEE "        \
	"PUBLISHER IDENTIFIER IN PRIMARY VOLUME DESCRIPTOR FOR CONTACT "       \
	"INFORMATION."
	static const char texts[] = ID DESCRIPTION SOURCE;
	uint8_t *p = lathep_iso9660_entry(e->sink, "ER",
					  8 + sizeof(texts) - 1);

	if (!p)
		return;
	p[0] = sizeof(ID) - 1;
	p[1] = sizeof(DESCRIPTION) - 1;
	p[2] = sizeof(SOURCE) - 1;
	p[3] = 1;
	memcpy(p + 4, texts, sizeof(texts) - 1);
}

/* ---- 4.1.1: PX ---------------------------------------------------------- */

static uint32_t mode_of(const struct emit *e,
			const struct lathe_iso9660_posix *posix, bool given)
{
	const struct lathep_iso9660_special *special;
	uint32_t execute = posix->mode & 0111 ? 0111 : 0, type = TYPE_FILE;
	uint32_t mode = 0444;

	if (e->node->kind == LATHE_ISO9660_DIRECTORY) {
		type = TYPE_DIRECTORY;
		execute = 0111;
	} else if (e->node->flags & LATHEP_ISO9660_SYMLINK) {
		type = TYPE_LINK;
		mode = 0777;
	} else if (e->node->flags & LATHEP_ISO9660_SPECIAL) {
		special = lathep_iso9660_extra(e->plan->tree, e->node,
					       LATHEP_ISO9660_EXTRA_SPECIAL,
					       NULL);
		type = special->type;
	}
	return type | (given ? posix->mode : mode | execute);
}

/* The directory of a node, in ISO 9660's own hierarchy. */
static const struct lathep_iso9660_dir *
dir_of(const struct emit *e, const struct lathep_iso9660_node *node)
{
	const struct lathep_iso9660_laid *laid = &e->plan->laid[0];

	return lathep_iso9660_at(&laid->dirs,
				 lathep_iso9660_u32(&laid->place,
						    node->u.folder.dir));
}

/* Names of the file, directories that know the directory. */
static uint32_t links_of(const struct emit *e)
{
	const struct lathe_iso9660_tree *tree = e->plan->tree;
	const struct lathep_iso9660_node *owner = e->node;
	const struct lathep_iso9660_names *names;

	if (owner->kind == LATHE_ISO9660_DIRECTORY)
		return 2 + dir_of(e, owner)->links;
	if (owner->flags & LATHEP_ISO9660_SYMLINK)
		return 1;
	if (owner->flags & LATHEP_ISO9660_LINK)
		owner = lathep_iso9660_node(tree, owner->u.link.target);
	names = lathep_iso9660_extra(tree, owner, LATHEP_ISO9660_EXTRA_LINKS,
				     NULL);
	return names ? names->all - names->symlinks : 1;
}

/* The form of 36 bytes: a serial number must not be the same for two files,
 * and we have none that would last. */
static void put_px(const struct emit *e)
{
	uint8_t *p = lathep_iso9660_entry(e->sink, "PX", 36);
	bool recorded = (e->node->flags & LATHEP_ISO9660_RECORDED) != 0;
	struct lathe_iso9660_posix posix;
	bool given;

	if (!p)
		return;
	given = lathep_iso9660_posix(e->plan->tree, e->node, &posix);
	if (!recorded && !e->options->keep_owner)
		posix.uid = posix.gid = 0;
	lathe_put_both32(p, mode_of(e, &posix,
				    given && (recorded ||
					      e->options->keep_modes)));
	lathe_put_both32(p + 8, links_of(e));
	lathe_put_both32(p + 16, posix.uid);
	lathe_put_both32(p + 24, posix.gid);
}

/* ---- 4.1.6: TF ---------------------------------------------------------- */

/* Short stamps in the order of their bits: modification, access, change of
 * attributes. */
static void put_tf(const struct emit *e)
{
	bool all = e->options->all_times ||
		   e->node->flags & LATHEP_ISO9660_RECORDED;
	uint8_t stamps[3][7], *p, flags = 0;
	uint32_t i, count = 0;

	memcpy(stamps[0], e->node->date, 7);
	lathep_iso9660_times(e->plan->tree, e->node, stamps[1], stamps[2]);
	for (i = 0; i < (all ? 3 : 1); i++) {
		if (!lathep_iso9660_is_date(stamps[i]))
			continue;
		flags |= (uint8_t)(2u << i);
		memmove(stamps[count++], stamps[i], 7);
	}
	if (!count)
		return;
	p = lathep_iso9660_entry(e->sink, "TF", 5 + 7 * count);
	if (!p)
		return;
	p[0] = flags;
	memcpy(p + 1, stamps, 7 * count);
}

/* ---- 4.1.2: PN ---------------------------------------------------------- */

static void put_pn(const struct emit *e)
{
	const struct lathep_iso9660_special *special = lathep_iso9660_extra(
		e->plan->tree, e->node, LATHEP_ISO9660_EXTRA_SPECIAL, NULL);
	uint8_t *p;

	if (special->type != TYPE_CHARACTER && special->type != TYPE_BLOCK)
		return;
	p = lathep_iso9660_entry(e->sink, "PN", 20);
	if (!p)
		return;
	lathe_put_both32(p, special->high);
	lathe_put_both32(p + 8, special->low);
}

/* ---- 4.1.4: NM ---------------------------------------------------------- */

/*
 * What is recorded of a name: 255 bytes are the most that systems take. A
 * longer one, which only other hierarchies have, keeps its extension and as
 * many whole characters as leave room for a hash of all of it, so that it
 * differs from the others of its folder. Returns the length.
 */
static uint32_t name_of(const char *name, uint32_t len,
			char out[LATHEP_ISO9660_SYSTEM_USE_NAME])
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	uint32_t dot = len, n = 0, step, i;
	uint64_t hash;

	if (len <= LATHEP_ISO9660_SYSTEM_USE_NAME) {
		memcpy(out, name, len);
		return len;
	}
	hash = lathep_iso9660_hash(0, 0, name, len);
	for (i = len - 1; i > len - 16; i--)
		if (name[i] == '.')
			dot = i;
	for (;; n += step) {
		step = (uint32_t)lathep_iso9660_utf8_length(name + n, len - n);
		if (n + step > 250 - 14 - (len - dot))
			break;
	}
	memcpy(out, name, n);
	out[n++] = '~';
	for (i = 0; i < 13; i++, hash >>= 5)
		out[n++] = digits[hash & 31];
	memcpy(out + n, name + dot, len - dot);
	return n + len - dot;
}

/*
 * A name goes on where the record ends. But where all of it has more than 253
 * bytes Linux shows what the first entry holds and no more: that begins in an
 * area and is as long as can be, so that it is no other name.
 */
static void put_nm(const struct emit *e)
{
	char name[LATHEP_ISO9660_SYSTEM_USE_NAME], *rest = name;
	uint32_t len = name_of(lathep_iso9660_name(e->plan->tree, e->node),
			       e->node->name_len, name);
	uint32_t room, part;
	uint8_t *p;

	for (; len; rest += part, len -= part) {
		room = lathep_iso9660_entry_room(e->sink,
						 len > 253 ? 255 : 6) - 5;
		part = len < room ? len : room;
		p = lathep_iso9660_entry(e->sink, "NM", 5 + part);
		if (!p)
			continue;
		p[0] = part < len;
		memcpy(p + 1, rest, part);
	}
}

/* ---- 4.1.3: SL ---------------------------------------------------------- */

#define COMPONENT_CONTINUES 0x01
#define COMPONENT_CURRENT 0x02
#define COMPONENT_PARENT 0x04
#define COMPONENT_ROOT 0x08

/* The rest of where a link leads. */
struct rest {
	const char *text;
	uint32_t len;
	bool more;		/* another component, maybe an empty one */
	bool first;		/* nothing of it is recorded */
	bool within;		/* it begins within a component */
};

/* The component that comes next. Returns its flags; *literal gets how many
 * bytes of it are recorded, *all how many it has in the text. What is between
 * two slashes, or behind the last, is an empty component. */
static uint8_t component(const struct rest *rest, uint32_t *literal,
			 uint32_t *all, bool *last)
{
	const char *slash = memchr(rest->text, '/', rest->len);
	uint32_t n = slash ? (uint32_t)(slash - rest->text) : rest->len;
	uint8_t flags = 0;

	if (rest->first && n == 0)
		flags = COMPONENT_ROOT;
	else if (!rest->within && (n == 1 || n == 2) &&
		 memcmp(rest->text, "..", n) == 0)
		flags = n == 1 ? COMPONENT_CURRENT : COMPONENT_PARENT;
	*literal = flags ? 0 : n;
	*all = slash ? n + 1 : n;
	*last = !slash || (flags == COMPONENT_ROOT && rest->len == 1);
	return flags;
}

/*
 * Components that have room in 'room' bytes, 5 at least; written where 'out'
 * is not NULL. An entry that another follows ends within a component, if
 * need be before its first byte: whether "/" stands between two entries is
 * something that readers disagree about.
 */
static uint32_t put_components(struct rest *rest, uint32_t room, uint8_t *out)
{
	uint32_t n = 0, literal, all;
	uint8_t flags = 0;
	bool last = false;

	while (rest->more && !(flags & COMPONENT_CONTINUES)) {
		flags = component(rest, &literal, &all, &last);
		if (n + 2 + literal + (last ? 0 : 2) > room) {
			flags = COMPONENT_CONTINUES;
			all = literal ? literal - 1 : 0;
			if (all > room - n - 2)
				all = room - n - 2;
			literal = all;
			last = false;
		}
		if (out) {
			out[n] = flags;
			out[n + 1] = (uint8_t)literal;
			memcpy(out + n + 2, rest->text, literal);
		}
		n += 2 + literal;
		rest->text += all;
		rest->len -= all;
		rest->more = !last;
		rest->first = rest->first && all == 0;
		rest->within = flags & COMPONENT_CONTINUES &&
			       (all || rest->within);
	}
	return n;
}

static void put_sl(const struct emit *e)
{
	uint32_t len, room, least, n;
	const char *text = lathep_iso9660_extra(
		e->plan->tree, e->node, LATHEP_ISO9660_EXTRA_SYMLINK, &len);
	struct rest rest = { text, len, true, true, false }, before;
	uint8_t *p;

	while (rest.more) {
		/* What one entry can hold is not split. */
		before = rest;
		least = 5 + put_components(&before, 250, NULL);
		room = lathep_iso9660_entry_room(e->sink,
						 before.more ? 10 : least) - 5;
		before = rest;
		n = put_components(&rest, room, NULL);
		p = lathep_iso9660_entry(e->sink, "SL", 5 + n);
		if (!p)
			continue;
		p[0] = rest.more;
		put_components(&before, room, p + 1);
	}
}

/* ---- 4.1.5: CL, PL, RE --------------------------------------------------- */

/* CL or PL: where the directory of a node lies. */
static void put_extent(const struct emit *e, const char *signature,
		       const struct lathep_iso9660_node *of)
{
	uint8_t *p = lathep_iso9660_entry(e->sink, signature, 12);

	if (!p)
		return;
	lathe_put_both32(p, e->sink->start + e->plan->laid[0].first +
			    dir_of(e, of)->first_block);
}

static int relocate(struct lathe_iso9660_plan *plan)
{
	const struct lathe_iso9660_rock_ridge_options *o =
		plan->system_use_options;

	return o && o->relocate ? lathep_iso9660_relocate_deep(plan) : 0;
}

/* ---- entries of others -------------------------------------------------- */

static void put_foreign(const struct emit *e, bool self)
{
	uint32_t bytes;
	const uint8_t *entry = lathep_iso9660_foreign(e->plan->tree, e->node,
						      self, &bytes);
	uint8_t *p;

	/* Whole ones; the import has seen to that. */
	for (; bytes; bytes -= entry[2], entry += entry[2]) {
		p = lathep_iso9660_entry(e->sink, (const char *)entry,
					 entry[2]);
		if (p)
			memcpy(p - 1, entry + 3, entry[2] - 3u);
	}
}

/* ---- the table ---------------------------------------------------------- */

static void emit(const struct lathe_iso9660_plan *plan,
		 const struct lathep_iso9660_node *node,
		 enum lathep_iso9660_place place,
		 struct lathep_iso9660_sink *sink)
{
	static const struct lathe_iso9660_rock_ridge_options defaults;
	const struct emit e = {
		plan,
		plan->system_use_options ? plan->system_use_options
					 : &defaults,
		place == LATHEP_ISO9660_PLACE_PARENT
			? lathep_iso9660_node(plan->tree, node->parent)
			: node,
		sink
	};
	bool root = place == LATHEP_ISO9660_PLACE_SELF &&
		    node == lathep_iso9660_node(plan->tree,
						LATHE_ISO9660_ROOT);

	if (root)
		put_sp(&e);
	put_px(&e);
	put_tf(&e);
	if (place == LATHEP_ISO9660_PLACE_PARENT &&
	    node->flags & LATHEP_ISO9660_MOVED)
		put_extent(&e, "PL", e.node);
	if (place == LATHEP_ISO9660_PLACE_CHILD) {
		if (node->flags & LATHEP_ISO9660_SPECIAL)
			put_pn(&e);
		if (node->flags & LATHEP_ISO9660_MOVED)
			put_extent(&e, "CL", node);
		if (node->flags & LATHEP_ISO9660_STANDS_IN)
			(void)lathep_iso9660_entry(sink, "RE", 4);
		put_nm(&e);
		if (node->flags & LATHEP_ISO9660_SYMLINK)
			put_sl(&e);
	}
	if (root)
		put_er(&e);
	if (place != LATHEP_ISO9660_PLACE_PARENT)
		put_foreign(&e, place == LATHEP_ISO9660_PLACE_SELF);
}

const struct lathe_iso9660_system_use lathe_iso9660_rock_ridge = {
	.name = "Rock Ridge",
	.name_of = name_of,
	.relocate = relocate,
	.forget_relocated = lathep_iso9660_forget_relocated,
	.record = lathep_iso9660_emit_system_use,
	.emit = emit,
	.read = lathep_iso9660_rock_ridge_read
};
