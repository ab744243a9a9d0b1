/* SPDX-License-Identifier: MIT */
/*
 * Identifiers of one folder in one hierarchy, and their order. What an
 * earlier session recorded stays. New names are derived in the order of the
 * names, so that the order of adding does not matter: first come those that
 * are free as they are, then the others get numbers.
 */
#include <string.h>

#include "iso9660/plan_internal.h"
#include "iso9660/system_use_internal.h"

/* Is a node recorded in hierarchy h? What the disc had in another one alone
 * stays there, as long as that one is recorded. */
static bool is_included(const struct lathe_iso9660_plan *plan, uint32_t h,
			const struct lathep_iso9660_node *node)
{
	uint8_t known = plan->laid[h].known;

	/* Links and devices need system use, which ISO 9660 alone has. */
	if (lathep_iso9660_bare(node))
		return h == 0 && plan->system_use;
	return !(node->flags & LATHEP_ISO9660_IMPORTED) || known == 0xff ||
	       (node->present >> known & 1) ||
	       !(node->present & plan->known_bits);
}

static bool is_pinned(const struct lathep_iso9660_laid *laid,
		      const struct lathep_iso9660_node *node)
{
	return laid->known != 0xff && (node->pinned >> laid->known & 1);
}

/* The identifier by nature: recorded before, or derived. */
static int natural_id(const struct lathe_iso9660_plan *plan, uint32_t h,
		      const struct lathep_iso9660_node *node, uint8_t *out,
		      uint32_t *changed)
{
	const struct lathep_iso9660_laid *laid = &plan->laid[h];
	const void *options = laid->options;
	const uint8_t *kept;
	uint8_t len;

	if (is_pinned(laid, node)) {
		kept = node->ids ? lathep_iso9660_kept_id(plan->tree, node,
							  laid->known, &len)
				 : NULL;
		if (kept) {
			memcpy(out, kept, len);
			*changed = LATHE_ISO9660_CHANGE_FORBIDDEN;
			return len;
		}
		options = NULL;
	}
	return laid->hierarchy->encode(
		options, lathep_iso9660_name(plan->tree, node), node->name_len,
		node->kind == LATHE_ISO9660_DIRECTORY, 0, 0, out, changed);
}

uint8_t lathep_iso9660_identifier(const struct lathe_iso9660_plan *plan,
				  uint32_t h,
				  const struct lathep_iso9660_node *node,
				  uint8_t *out)
{
	const uint8_t *made;
	uint32_t changed;
	uint8_t len;
	int n;

	if (node->ids) {
		made = lathep_iso9660_kept_id(
			plan->tree, node, (uint8_t)(LATHEP_ISO9660_MADE | h),
			&len);
		if (made) {
			memcpy(out, made, len);
			return len;
		}
	}
	n = natural_id(plan, h, node, out, &changed);
	return n > 0 ? (uint8_t)n : 0;
}

/* ---- scratch ------------------------------------------------------------ */

static size_t scratch_bytes(uint32_t room)
{
	return (size_t)room *
	       (sizeof(struct lathep_iso9660_named) + 2 * sizeof(uint32_t));
}

void lathep_iso9660_naming_free(struct lathep_iso9660_naming *naming)
{
	lathep_iso9660_give(&naming->plan->hooks, naming->child,
			    scratch_bytes(naming->room));
	naming->child = NULL;
	naming->room = 0;
	lathep_iso9660_store_free(&naming->ids);
}

static int make_room(struct lathep_iso9660_naming *naming, uint32_t count)
{
	if (count <= naming->room)
		return 0;
	if (count < 256)
		count = 256;
	lathep_iso9660_give(&naming->plan->hooks, naming->child,
			    scratch_bytes(naming->room));
	naming->room = 0;
	naming->child = lathep_iso9660_take(&naming->plan->hooks,
					    scratch_bytes(count));
	if (!naming->child)
		return LATHE_ERR_MEMORY;
	naming->room = count;
	naming->sorted = (uint32_t *)(naming->child + count);
	return 0;
}

/* ---- natural identifiers ------------------------------------------------ */

uint8_t lathep_iso9660_key_length(const struct lathep_iso9660_naming *naming,
				  const uint8_t *id, uint8_t len)
{
	const struct lathe_iso9660_hierarchy *hierarchy =
		naming->laid->hierarchy;

	return hierarchy->significant ? hierarchy->significant(id, len) : len;
}

static int store_id(struct lathep_iso9660_naming *naming,
		    struct lathep_iso9660_named *child, const uint8_t *id,
		    uint8_t len)
{
	child->len = len;
	child->id = lathep_iso9660_idset_entry(
		&naming->ids, id, len,
		lathep_iso9660_key_length(naming, id, len));
	return child->id ? 0 : LATHE_ERR_MEMORY;
}

static int no_form(struct lathep_iso9660_naming *naming, uint32_t id)
{
	struct lathe_iso9660_tree *tree = naming->plan->tree;
	char path[LATHEP_ISO9660_PATH_TEXT];

	return lathep_iso9660_fail(
		&tree->failure, LATHE_ERR_NAME, "\"%s\" has no form in %s",
		lathep_iso9660_path_text(tree, id, path),
		naming->laid->hierarchy->name);
}

/* 'keep' false: only see whether the name itself is recorded. */
static int name_child(struct lathep_iso9660_naming *naming,
		      struct lathep_iso9660_named *child, bool keep)
{
	struct lathe_iso9660_plan *plan = naming->plan;
	const struct lathep_iso9660_laid *laid = naming->laid;
	const struct lathep_iso9660_node *node =
		lathep_iso9660_node(plan->tree, child->node);
	uint8_t id[LATHE_ISO9660_ID_MAX];
	uint32_t changed = 0;
	int len = natural_id(plan, naming->h, node, id, &changed);

	if (len <= 0)
		return no_form(naming, child->node);
	child->len = (uint8_t)len;
	child->changes = (uint16_t)changed;
	if (changed == 0 && laid->hierarchy->compare_names)
		child->state = LATHEP_ISO9660_NAME;
	else if (is_pinned(laid, node))
		child->state = LATHEP_ISO9660_PINNED;
	else
		child->state = LATHEP_ISO9660_DERIVED;
	if (!is_pinned(laid, node) && laid->hierarchy->reserved &&
	    laid->hierarchy->reserved(id, (uint8_t)len))
		child->state = LATHEP_ISO9660_CLASHING;
	return keep ? store_id(naming, child, id, (uint8_t)len) : 0;
}

static void gather_child(struct lathep_iso9660_naming *naming, uint32_t id)
{
	struct lathep_iso9660_named *child = &naming->child[naming->count];

	child->node = id;
	child->id = 0;
	naming->sorted[naming->count] = naming->count;
	naming->count++;
}

static int gather(struct lathep_iso9660_naming *naming, uint32_t folder)
{
	struct lathe_iso9660_plan *plan = naming->plan;
	struct lathe_iso9660_tree *tree = plan->tree;
	const struct lathep_iso9660_node *node =
		lathep_iso9660_node(tree, folder);
	uint32_t id;
	uint32_t home = naming->h == 0 && folder == LATHE_ISO9660_ROOT
				? plan->home : 0;
	int err = make_room(naming, node->u.folder.count + 1);

	if (err)
		return err;
	naming->count = 0;
	naming->ids.used = 0;
	for (id = node->u.folder.first; id;
	     id = lathep_iso9660_node(tree, id)->next)
		if (is_included(plan, naming->h, lathep_iso9660_node(tree, id)))
			gather_child(naming, id);
	if (home)
		gather_child(naming, home);
	return 0;
}

/* Names that are recorded as they are need no memory, and do not clash. */
static int name_all(struct lathep_iso9660_naming *naming)
{
	const struct lathep_iso9660_laid *laid = naming->laid;
	uint32_t i;
	int err;

	naming->plain = laid->hierarchy->compare_names != NULL;
	for (i = 0; i < naming->count && naming->plain; i++) {
		err = name_child(naming, &naming->child[i], false);
		if (err)
			return err;
		naming->plain = naming->child[i].state == LATHEP_ISO9660_NAME;
	}
	if (naming->plain)
		return 0;
	for (i = 0; i < naming->count; i++) {
		err = name_child(naming, &naming->child[i], true);
		if (err)
			return err;
	}
	return 0;
}

/* ---- order -------------------------------------------------------------- */

static int by_name(const void *ctx, uint32_t x, uint32_t y)
{
	const struct lathep_iso9660_naming *naming = ctx;
	const struct lathe_iso9660_tree *tree = naming->plan->tree;
	const struct lathep_iso9660_node *a =
		lathep_iso9660_node(tree, naming->child[x].node);
	const struct lathep_iso9660_node *b =
		lathep_iso9660_node(tree, naming->child[y].node);

	return naming->laid->hierarchy->compare_names(
		lathep_iso9660_name(tree, a), a->name_len,
		lathep_iso9660_name(tree, b), b->name_len);
}

/* 9.3: of equal identifiers the associated file comes first. */
static int by_id(const void *ctx, uint32_t x, uint32_t y)
{
	const struct lathep_iso9660_naming *naming = ctx;
	const struct lathe_iso9660_tree *tree = naming->plan->tree;
	const struct lathep_iso9660_idset_entry *a =
		lathep_iso9660_entry_of(naming, x);
	const struct lathep_iso9660_idset_entry *b =
		lathep_iso9660_entry_of(naming, y);
	int order = naming->laid->hierarchy->compare(
		lathep_iso9660_id_bytes(a), a->len, lathep_iso9660_id_bytes(b),
		b->len);
	uint16_t p, q;

	if (order)
		return order;
	p = lathep_iso9660_node(tree, naming->child[x].node)->flags &
	    LATHEP_ISO9660_ASSOCIATED;
	q = lathep_iso9660_node(tree, naming->child[y].node)->flags &
	    LATHEP_ISO9660_ASSOCIATED;
	if (p != q)
		return p ? -1 : 1;
	return (x > y) - (x < y);
}

static void sort(struct lathep_iso9660_naming *naming)
{
	/* A tree of empty folders has not even a place to sort in. */
	if (naming->count > 1)
		lathep_iso9660_sort(naming->sorted, naming->count,
				    naming->sorted + naming->room,
				    naming->plain ? by_name : by_id, naming);
}

/* ---- all of it ---------------------------------------------------------- */

static void tell(const struct lathep_iso9660_naming *naming, uint32_t node,
		 uint32_t changes, const void *id, uint32_t len,
		 bool system_use)
{
	const struct lathe_iso9660_renamed what = {
		.node = node, .hierarchy = naming->h, .changes = changes,
		.id = id, .id_len = (uint8_t)len, .system_use = system_use
	};

	if (naming->options->renamed)
		naming->options->renamed(naming->options->renamed_ctx, &what);
}

/* A name that even the system use of hierarchy 0 has no room for. */
static void report_cut(const struct lathep_iso9660_naming *naming,
		       const struct lathep_iso9660_named *child)
{
	const struct lathe_iso9660_tree *tree = naming->plan->tree;
	const struct lathep_iso9660_node *node =
		lathep_iso9660_node(tree, child->node);
	char name[LATHEP_ISO9660_SYSTEM_USE_NAME];
	uint32_t len;

	if (naming->h != 0 || !naming->plan->system_use ||
	    node->name_len <= sizeof(name))
		return;
	len = naming->plan->system_use->name_of(
		lathep_iso9660_name(tree, node), node->name_len, name);
	tell(naming, child->node, LATHE_ISO9660_CHANGE_CUT, name, len, true);
}

/* Tell of, or refuse, what is recorded differently. */
static int report(struct lathep_iso9660_naming *naming,
		  const struct lathep_iso9660_named *child)
{
	struct lathe_iso9660_tree *tree = naming->plan->tree;
	const struct lathep_iso9660_laid *laid = naming->laid;
	const struct lathep_iso9660_node *node =
		lathep_iso9660_node(tree, child->node);
	const struct lathep_iso9660_idset_entry *entry;
	char path[LATHEP_ISO9660_PATH_TEXT];

	if (node->flags & LATHEP_ISO9660_STANDS_IN)
		return 0;
	report_cut(naming, child);
	if (child->changes == 0 || is_pinned(laid, node))
		return 0;
	if (naming->options->strict >> naming->h & 1)
		return lathep_iso9660_fail(
			&tree->failure, LATHE_ERR_NAME,
			"%s can not record \"%s\" unchanged",
			laid->hierarchy->name,
			lathep_iso9660_path_text(tree, child->node, path));
	entry = lathep_iso9660_byte_at(&naming->ids, child->id);
	tell(naming, child->node, child->changes,
	     lathep_iso9660_id_bytes(entry), child->len, false);
	return 0;
}

int lathep_iso9660_name_folder(struct lathep_iso9660_naming *naming,
			       uint32_t folder)
{
	uint32_t i;
	int err = gather(naming, folder);

	if (err)
		return err;
	naming->plain = lathep_iso9660_name_quickly(naming);
	if (naming->plain)
		return 0;
	err = name_all(naming);
	if (err)
		return err;
	sort(naming);
	if (naming->plain)
		return 0;
	if (lathep_iso9660_any_clash(naming)) {
		err = lathep_iso9660_settle_clashes(naming);
		if (err)
			return err;
		sort(naming);
	}
	for (i = 0; i < naming->count && !err; i++)
		err = report(naming, &naming->child[i]);
	return err;
}
