/* SPDX-License-Identifier: MIT */
/*
 * Names of an import: what an identifier becomes in the tree, how alike two
 * names are that were made from one, and that no folder has a name twice.
 */
#include <stdio.h>
#include <string.h>

#include "iso9660/reader_internal.h"

/* ---- from an identifier ------------------------------------------------- */

/* What can be read of an identifier that is no name. */
static int salvage(const struct lathep_iso9660_record *record, char *name)
{
	int len = 0, i;
	uint8_t c;

	for (i = 0; i < record->id_len; i++) {
		c = record->id[i];
		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z'))
			name[len++] = (char)c;
		else if (c != 0)
			name[len++] = '_';
	}
	if (len == 0)
		name[len++] = '_';
	return len;
}

/* What would lead out of a folder, or end a string, is replaced. */
static bool defuse(char *name, int len)
{
	bool found = false;
	int i;

	if (memchr(name, '/', (size_t)len) || memchr(name, 0, (size_t)len)) {
		found = true;
		for (i = 0; i < len; i++)
			if (name[i] == '/' || name[i] == '\0')
				name[i] = '_';
	}
	if (name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.'))) {
		name[0] = '_';
		found = true;
	}
	return found;
}

/* Nothing but ASCII, as most names are: eight bytes at a time. */
static bool is_ascii(const char *name, int len)
{
	uint64_t eight, bits = 0;
	int i = 0;

	for (; i + 8 <= len; i += 8) {
		memcpy(&eight, name + i, 8);
		bits |= eight;
	}
	for (; i < len; i++)
		bits |= (uint8_t)name[i];
	return (bits & UINT64_C(0x8080808080808080)) == 0;
}

/* An associated file (9.1.6) has the name of the one it belongs to; systems
 * that show both put this in front, and a session of ours may have recorded
 * it so. */
static int mark_associated(char *name, int len)
{
	if (len + 2 > (int)LATHE_ISO9660_NAME_MAX ||
	    (len >= 2 && memcmp(name, "._", 2) == 0))
		return len;
	memmove(name + 2, name, (size_t)len);
	memcpy(name, "._", 2);
	return len + 2;
}

int lathep_iso9660_plain_name(const struct lathep_iso9660_import *imp,
			      const struct lathep_iso9660_record *record,
			      char name[LATHE_ISO9660_NAME_MAX])
{
	/* ISO 9660, whose names system use may replace, has none of these. */
	if (!imp->table->decode_plain ||
	    record->flags & LATHEP_ISO9660_FLAG_ASSOCIATED)
		return 0;
	return imp->table->decode_plain(record->id, record->id_len, name);
}

int lathep_iso9660_import_name(struct lathep_iso9660_import *imp,
			       const struct lathep_iso9660_record *record,
			       char name[LATHE_ISO9660_NAME_MAX], bool *keep)
{
	bool directory = record->flags & LATHEP_ISO9660_FLAG_DIRECTORY;
	int len = imp->table->decode(record->id, record->id_len, directory,
				     name);

	*keep = len > 0;
	if (len <= 0)
		len = salvage(record, name);
	if (defuse(name, len))
		*keep = false;
	if (!is_ascii(name, len) &&
	    !lathep_iso9660_utf8_valid(name, (size_t)len, true)) {
		*keep = false;
		len = salvage(record, name);
	}
	if (!directory && record->flags & LATHEP_ISO9660_FLAG_ASSOCIATED)
		len = mark_associated(name, len);
	return len;
}

/*
 * Malformed bytes of a name, as older discs have them in some 8-bit character
 * set: each becomes the code point of its number (ISO 8859-1), so that what
 * was different stays so. Returns the length, or 0 if there is no room.
 */
static int widen(const char *from, uint32_t len, char *name)
{
	uint32_t i, n;
	int used = 0;

	for (i = 0; i < len; i += n) {
		n = (uint32_t)lathep_iso9660_utf8_length(from + i, len - i);
		if (used + 4 > (int)LATHE_ISO9660_NAME_MAX)
			return 0;
		if (lathep_iso9660_utf8_valid(from + i, n, false)) {
			memcpy(name + used, from + i, n);
			used += (int)n;
			continue;
		}
		n = 1;
		name[used++] = (char)(0xC0 | (uint8_t)from[i] >> 6);
		name[used++] = (char)(0x80 | ((uint8_t)from[i] & 0x3F));
	}
	return used;
}

int lathep_iso9660_rock_ridge_name(struct lathep_iso9660_import *imp,
				   const struct lathep_iso9660_record *record,
				   char name[LATHE_ISO9660_NAME_MAX], int len,
				   bool *weak, bool *odd)
{
	const struct lathep_iso9660_susp *s = imp->susp;
	int given = (int)s->name_len;
	bool unused;

	*weak = true;
	*odd = false;
	if (given == 0)
		return len;
	if (is_ascii(s->name, given) ||
	    lathep_iso9660_utf8_valid(s->name, (size_t)given, true)) {
		memcpy(name, s->name, (size_t)given);
		*weak = false;
	} else {
		*odd = true;
		given = widen(s->name, s->name_len, name);
		if (given == 0)
			return lathep_iso9660_import_name(imp, record, name,
							  &unused);
	}
	*odd |= defuse(name, given);
	if (record->flags & LATHEP_ISO9660_FLAG_ASSOCIATED &&
	    !(record->flags & LATHEP_ISO9660_FLAG_DIRECTORY))
		given = mark_associated(name, given);
	return given;
}

void lathep_iso9660_show_name(const char *name, size_t len,
			      char out[LATHEP_ISO9660_SHOWN])
{
	size_t used = 0, i, n;

	for (i = 0; i < len; i += n) {
		n = lathep_iso9660_utf8_length(name + i, len - i);
		if (used + n + 4 > LATHEP_ISO9660_SHOWN) {
			memcpy(out + used, "...", 3);
			used += 3;
			break;
		}
		if (!lathep_iso9660_utf8_valid(name + i, n, false) ||
		    (uint8_t)name[i] < 0x20 || name[i] == 0x7F) {
			out[used++] = '?';
		} else {
			memcpy(out + used, name + i, n);
			used += n;
		}
	}
	out[used] = '\0';
}

/* ---- likeness ----------------------------------------------------------- */

/* A name with all that writers change left out: case, and every run of
 * characters that some hierarchy can not hold. */
struct plain {
	const uint8_t *p, *end;
};

static bool is_plain(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

/* The next character, '_' for a run of others, 0 at the end. */
static uint8_t next_plain(struct plain *s)
{
	uint8_t c;

	if (s->p == s->end)
		return 0;
	c = *s->p++;
	if (is_plain(c))
		return c >= 'a' ? (uint8_t)(c - 32) : c;
	while (s->p < s->end && !is_plain(*s->p))
		s->p++;
	return '_';
}

static size_t stem_length(const char *name, size_t len)
{
	size_t i;

	for (i = len; i > 1; i--)
		if (name[i - 1] == '.')
			return i - 1;
	return len;
}

static struct plain plain_of(const char *s, size_t len)
{
	struct plain plain = { (const uint8_t *)s, (const uint8_t *)s + len };

	return plain;
}

/* Compare; '*same': how many characters agree. */
static int compare_plain(struct plain a, struct plain b, uint32_t *same)
{
	uint8_t x, y;

	for (*same = 0;; ++*same) {
		x = next_plain(&a);
		y = next_plain(&b);
		if (x != y)
			return x < y ? -1 : 1;
		if (x == 0)
			return 0;
	}
}

int lathep_iso9660_plain_order(const char *a, size_t a_len, const char *b,
			       size_t b_len)
{
	uint32_t same;

	return compare_plain(plain_of(a, a_len), plain_of(b, b_len), &same);
}

uint32_t lathep_iso9660_alike(const char *a, size_t a_len, const char *b,
			      size_t b_len)
{
	size_t a_stem = stem_length(a, a_len), b_stem = stem_length(b, b_len);
	struct plain x = plain_of(a, a_stem), y = plain_of(b, b_stem);
	uint32_t same, rest;

	if (compare_plain(x, y, &same) == 0)
		return compare_plain(plain_of(a + a_stem, a_len - a_stem),
				     plain_of(b + b_stem, b_len - b_stem),
				     &rest)
			       ? LATHEP_ISO9660_ALIKE_CUT + same
			       : LATHEP_ISO9660_ALIKE_ALL;
	/* Did one simply end where the other goes on? */
	for (rest = 0; rest < same; rest++) {
		next_plain(&x);
		next_plain(&y);
	}
	return x.p == x.end || y.p == y.end ? LATHEP_ISO9660_ALIKE_CUT + same
					    : same;
}

/* ---- one name, one node ------------------------------------------------- */

/* What is recorded for a node in hierarchy h, if it is pinned there. */
int lathep_iso9660_pinned_id(const struct lathe_iso9660_tree *tree,
		     const struct lathep_iso9660_node *node, uint32_t h,
		     uint8_t id[LATHE_ISO9660_ID_MAX])
{
	uint32_t changed;
	uint8_t len;
	const uint8_t *kept;

	if (!(node->pinned & 1u << h))
		return 0;
	kept = lathep_iso9660_kept_id(tree, node, (uint8_t)h, &len);
	if (kept) {
		memcpy(id, kept, len);
		return len;
	}
	return tree->known[h]->encode(NULL, lathep_iso9660_name(tree, node),
				      node->name_len,
				      node->kind == LATHE_ISO9660_DIRECTORY, 0,
				      0, id, &changed);
}

/* Before a node gets another name: identifiers that were derived from the
 * old one are kept. */
static int settle_ids(struct lathe_iso9660_tree *tree, uint32_t id)
{
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	uint8_t bytes[LATHE_ISO9660_ID_MAX], kept;
	uint32_t h;
	int len;

	for (h = 0; h < tree->known_count; h++) {
		if (lathep_iso9660_kept_id(tree, node, (uint8_t)h, &kept))
			continue;
		len = lathep_iso9660_pinned_id(tree, node, h, bytes);
		if (len > 0 &&
		    !lathep_iso9660_keep_id(tree, id, (uint8_t)h, bytes,
					    (uint8_t)len))
			return lathep_iso9660_import_no_memory(tree);
	}
	return 0;
}

int lathep_iso9660_import_rename(struct lathep_iso9660_import *imp,
				 uint32_t id, const char *name, size_t len)
{
	struct lathe_iso9660_tree *tree = imp->tree;
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	uint32_t at;
	int err = settle_ids(tree, id);

	if (err)
		return err;
	at = lathep_iso9660_arena_copy(&tree->arena, name, (uint32_t)len);
	if (!at)
		return lathep_iso9660_import_no_memory(tree);
	lathep_iso9660_lookup_leave(tree, id);
	node->name = at;
	node->name_len = (uint16_t)len;
	lathep_iso9660_node(tree, node->parent)->flags |=
		LATHEP_ISO9660_MIXED;
	imp->mixed = true;
	lathep_iso9660_lookup_enter(tree, id);
	return 0;
}

/* "name_2.ext", or the next number that is free. */
static size_t find_free_name(struct lathe_iso9660_tree *tree, uint32_t id,
			     uint32_t *number, char *out)
{
	const struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	const char *name = lathep_iso9660_name(tree, node);
	size_t stem = stem_length(name, node->name_len), digits;
	size_t ext = node->name_len - stem;
	char text[16];

	if (node->kind == LATHE_ISO9660_DIRECTORY || ext > 64) {
		stem = node->name_len;
		ext = 0;
	}
	do {
		digits = (size_t)snprintf(text, sizeof(text), "_%lu",
					  (unsigned long)++*number);
		while (stem + digits + ext > LATHE_ISO9660_NAME_MAX ||
		       (stem < node->name_len &&
			((uint8_t)name[stem] & 0xC0u) == 0x80u))
			stem--;
		memcpy(out, name, stem);
		memcpy(out + stem, text, digits);
		memcpy(out + stem + digits, name + node->name_len - ext, ext);
	} while (lathep_iso9660_lookup_find(tree, node->parent, out,
					    stem + digits + ext));
	return stem + digits + ext;
}

/* Back into its folder under a name that is free. */
static int rename_double(struct lathep_iso9660_import *imp, uint32_t id,
			 uint32_t *number)
{
	struct lathe_iso9660_tree *tree = imp->tree;
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	char name[LATHE_ISO9660_NAME_MAX], old[LATHEP_ISO9660_SHOWN],
		now[LATHEP_ISO9660_SHOWN];
	size_t len = find_free_name(tree, id, number, name);
	uint32_t at;

	lathep_iso9660_show_name(lathep_iso9660_name(tree, node),
				 node->name_len, old);
	lathep_iso9660_show_name(name, len, now);
	at = lathep_iso9660_arena_copy(&tree->arena, name, (uint32_t)len);
	if (!at)
		return lathep_iso9660_import_no_memory(tree);
	node->name = at;
	node->name_len = (uint16_t)len;
	lathep_iso9660_link_child(tree, id);
	return lathep_iso9660_odd(imp, LATHE_ISO9660_ODD_DUPLICATE, 0,
				  "'%s' is there twice: one is now '%s'", old,
				  now);
}

static bool same_name(const struct lathe_iso9660_tree *tree, uint32_t a,
		      uint32_t b)
{
	const struct lathep_iso9660_node *x = lathep_iso9660_node(tree, a);
	const struct lathep_iso9660_node *y = lathep_iso9660_node(tree, b);

	return x->name_len == y->name_len &&
	       memcmp(lathep_iso9660_name(tree, x),
		      lathep_iso9660_name(tree, y), x->name_len) == 0;
}

/*
 * The folder is sorted, and not empty. Equal names are neighbours; the node
 * that was made first keeps its one. The others are taken out, into a list of
 * their own, so that the look-up never holds a name twice. Returns its head.
 */
static uint32_t take_doubles(struct lathe_iso9660_tree *tree,
			     const struct lathep_iso9660_node *folder)
{
	uint32_t keeper = folder->u.folder.first, id, next, out, head = 0,
		 tail = 0;

	for (id = lathep_iso9660_node(tree, keeper)->next; id; id = next) {
		next = lathep_iso9660_node(tree, id)->next;
		if (!same_name(tree, keeper, id)) {
			keeper = id;
			continue;
		}
		out = id > keeper ? id : keeper;
		keeper = id > keeper ? keeper : id;
		lathep_iso9660_unlink_child(tree, out);
		lathep_iso9660_node(tree, out)->next = 0;
		if (tail)
			lathep_iso9660_node(tree, tail)->next = out;
		else
			head = out;
		tail = out;
	}
	return head;
}

static int rename_doubles(struct lathep_iso9660_import *imp, uint32_t folder)
{
	struct lathe_iso9660_tree *tree = imp->tree;
	uint32_t id, next, h, number = 1;
	bool same;
	int err = 0;

	id = take_doubles(tree, lathep_iso9660_node(tree, folder));
	if (!id)
		return 0;
	for (; !err && id; id = next) {
		next = lathep_iso9660_node(tree, id)->next;
		same = next && same_name(tree, id, next);
		err = settle_ids(tree, id);
		if (!err)
			err = rename_double(imp, id, &number);
		if (!same)
			number = 1;
	}
	for (h = 0; !err && h < tree->known_count; h++)
		err = lathep_iso9660_unpin_doubles(tree, folder, h);
	return err;
}

int lathep_iso9660_import_unique(struct lathep_iso9660_import *imp)
{
	struct lathe_iso9660_tree *tree = imp->tree;
	struct lathep_iso9660_node *node;
	uint32_t id;
	int err;

	for (id = LATHE_ISO9660_ROOT; imp->mixed && id < tree->nodes.used;
	     id++) {
		node = lathep_iso9660_node(tree, id);
		if (node->kind != LATHE_ISO9660_DIRECTORY ||
		    node->u.folder.count < 2 ||
		    !(node->flags & LATHEP_ISO9660_MIXED))
			continue;
		err = lathep_iso9660_sort_folder(tree, node);
		if (!err)
			err = rename_doubles(imp, id);
		if (err)
			return err;
	}
	return 0;
}
