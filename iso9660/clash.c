/* SPDX-License-Identifier: MIT */
/*
 * Identifiers that several children of a folder would get. One keeps it, the
 * others are numbered. Each counter meets a taken number at most once, so
 * that any folder costs time in proportion to its size.
 */
#include <string.h>

#include "iso9660/plan_internal.h"

#define LEAST_DIGITS 3u
#define MOST_DIGITS 7u

static bool same_key(const struct lathep_iso9660_naming *naming, uint32_t x,
		     uint32_t y)
{
	const struct lathep_iso9660_idset_entry *a =
		lathep_iso9660_entry_of(naming, x);
	const struct lathep_iso9660_idset_entry *b =
		lathep_iso9660_entry_of(naming, y);

	return a->key == b->key && memcmp(lathep_iso9660_id_bytes(a),
					  lathep_iso9660_id_bytes(b),
					  a->key) == 0;
}

/* In the order of records those that clash are neighbours. Two that were
 * recorded before stay, even if the disc held one twice. */
bool lathep_iso9660_any_clash(const struct lathep_iso9660_naming *naming)
{
	uint32_t i, x, y;

	for (i = 0; i < naming->count; i++) {
		x = naming->sorted[i];
		if (naming->child[x].state == LATHEP_ISO9660_CLASHING)
			return true;
		if (i == 0)
			continue;
		y = naming->sorted[i - 1];
		if ((naming->child[x].state != LATHEP_ISO9660_PINNED ||
		     naming->child[y].state != LATHEP_ISO9660_PINNED) &&
		    same_key(naming, x, y))
			return true;
	}
	return false;
}

static int claim(struct lathep_iso9660_naming *naming,
		 struct lathep_iso9660_idset *taken,
		 struct lathep_iso9660_named *child)
{
	const struct lathep_iso9660_idset_entry *entry =
		lathep_iso9660_byte_at(&naming->ids, child->id);

	if (!lathep_iso9660_idset_find(taken, lathep_iso9660_id_bytes(entry),
				       entry->key))
		return lathep_iso9660_idset_add(taken, child->id);
	if (child->state != LATHEP_ISO9660_PINNED)
		child->state = LATHEP_ISO9660_CLASHING;
	return 0;
}

/* Pinned ones first, then names as they are, then what is derived. */
static int claim_all(struct lathep_iso9660_naming *naming,
		     struct lathep_iso9660_idset *taken)
{
	static const uint8_t turn[] = {
		LATHEP_ISO9660_PINNED, LATHEP_ISO9660_NAME,
		LATHEP_ISO9660_DERIVED
	};
	uint32_t t, i;
	int err = 0;

	for (t = 0; t < sizeof(turn); t++)
		for (i = 0; i < naming->count && !err; i++)
			if (naming->child[i].state == turn[t])
				err = claim(naming, taken, &naming->child[i]);
	return err;
}

static int encode_number(const struct lathep_iso9660_naming *naming,
			 const struct lathep_iso9660_named *child,
			 uint8_t digits, uint32_t number, uint8_t *id)
{
	const struct lathe_iso9660_plan *plan = naming->plan;
	const struct lathep_iso9660_laid *laid = naming->laid;
	const struct lathep_iso9660_node *node =
		lathep_iso9660_node(plan->tree, child->node);
	uint32_t changed;

	return laid->hierarchy->encode(laid->options,
				       lathep_iso9660_name(plan->tree, node),
				       node->name_len,
				       node->kind == LATHE_ISO9660_DIRECTORY,
				       digits, number, id, &changed);
}

/* The entry that counts numbers: its key is the identifier with number 0,
 * which tells stem, extension and digits. */
static struct lathep_iso9660_idset_entry *
find_counter(struct lathep_iso9660_naming *naming,
	     struct lathep_iso9660_idset *counters, const uint8_t *zero,
	     uint8_t len)
{
	struct lathep_iso9660_idset_entry *found =
		lathep_iso9660_idset_find(counters, zero, len);
	uint32_t at;

	if (found)
		return found;
	at = lathep_iso9660_idset_entry(&naming->ids, zero, len, len);
	if (!at || lathep_iso9660_idset_add(counters, at))
		return NULL;
	return lathep_iso9660_byte_at(&naming->ids, at);
}

/* The next free identifier with that many digits into 'id'; its length, 0 if
 * there is none any more, or an error. */
static int next_free(struct lathep_iso9660_naming *naming,
		     const struct lathep_iso9660_idset *taken,
		     struct lathep_iso9660_idset *counters,
		     const struct lathep_iso9660_named *child, uint8_t digits,
		     uint8_t *id)
{
	struct lathep_iso9660_idset_entry *counter;
	uint32_t most = 1;
	uint8_t i;
	int len = encode_number(naming, child, digits, 0, id);

	if (len <= 0)
		return len;
	counter = find_counter(naming, counters, id, (uint8_t)len);
	if (!counter)
		return LATHE_ERR_MEMORY;
	for (i = 0; i < digits; i++)
		most *= 10;
	while (counter->value < most) {
		len = encode_number(naming, child, digits, counter->value++,
				    id);
		if (len <= 0)
			return len;
		if (!lathep_iso9660_idset_find(
			    taken, id,
			    lathep_iso9660_key_length(naming, id,
						      (uint8_t)len)))
			return len;
	}
	return 0;
}

/* Keep what was made for as long as the plan lives. */
static int keep(struct lathep_iso9660_naming *naming,
		struct lathep_iso9660_idset *taken,
		struct lathep_iso9660_named *child, const uint8_t *id,
		uint8_t len)
{
	struct lathe_iso9660_plan *plan = naming->plan;
	struct lathep_iso9660_id *made;
	uint32_t at;

	child->len = len;
	child->state = LATHEP_ISO9660_NUMBERED;
	child->changes |= LATHE_ISO9660_CHANGE_CLASH;
	child->id = lathep_iso9660_idset_entry(
		&naming->ids, id, len,
		lathep_iso9660_key_length(naming, id, len));
	if (!child->id || lathep_iso9660_idset_add(taken, child->id))
		return LATHE_ERR_MEMORY;
	at = lathep_iso9660_keep_id(plan->tree, child->node,
				    (uint8_t)(LATHEP_ISO9660_MADE | naming->h),
				    id, len);
	if (!at)
		return LATHE_ERR_MEMORY;
	made = lathep_iso9660_byte_at(&plan->tree->arena, at);
	made->chain = plan->made;
	plan->made = at;
	return 0;
}

static int number(struct lathep_iso9660_naming *naming,
		  struct lathep_iso9660_idset *taken,
		  struct lathep_iso9660_idset *counters,
		  struct lathep_iso9660_named *child)
{
	struct lathe_iso9660_tree *tree = naming->plan->tree;
	uint8_t id[LATHE_ISO9660_ID_MAX], digits;
	char path[LATHEP_ISO9660_PATH_TEXT];
	int len = 0;

	for (digits = LEAST_DIGITS; len == 0 && digits <= MOST_DIGITS;
	     digits++)
		len = next_free(naming, taken, counters, child, digits, id);
	if (len > 0)
		return keep(naming, taken, child, id, (uint8_t)len);
	if (len < 0)
		return len;
	return lathep_iso9660_fail(&tree->failure, LATHE_ERR_LIMIT,
				   "\"%s\" is one name too many that only "
				   "differs in what %s can not record",
				   lathep_iso9660_path_text(tree, child->node,
							    path),
				   naming->laid->hierarchy->name);
}

int lathep_iso9660_settle_clashes(struct lathep_iso9660_naming *naming)
{
	struct lathep_iso9660_idset taken, counters;
	uint64_t seed = naming->plan->tree->seed;
	uint32_t i;
	int err = lathep_iso9660_idset_init(&taken, &naming->ids, seed,
					    naming->count);

	if (err)
		return err;
	err = lathep_iso9660_idset_init(&counters, &naming->ids, seed, 0);
	if (!err)
		err = claim_all(naming, &taken);
	for (i = 0; i < naming->count && !err; i++)
		if (naming->child[i].state == LATHEP_ISO9660_CLASHING)
			err = number(naming, &taken, &counters,
				     &naming->child[i]);
	lathep_iso9660_idset_free(&taken);
	lathep_iso9660_idset_free(&counters);
	return err;
}
