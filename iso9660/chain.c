/* SPDX-License-Identifier: MIT */
/*
 * Sessions without a table of contents. At LBA 16 stands the head: the
 * descriptors of the newest session, or those of the first one on a disc that
 * was recorded once and copied. From the head the marks lead back; what they
 * do not lead to is looked for, and never inside of a volume that is known.
 */
#include <string.h>

#include "iso9660/chain_internal.h"

#define FOREIGN_GRID 16u   /* other programs align to it at least */
#define SEARCH_BLOCKS 64u  /* of one read */
#define SESSIONS_MOST 9999u
#define BUFFER_BYTES ((size_t)(SEARCH_BLOCKS + 1) * LATHE_BLOCK_BYTES)
#define TRIES_MOST 4096u   /* steps back from a foreign root directory, */
#define TRIES_SINGLY 128u  /* block by block at first, for copies of discs */

/* ---- descriptors -------------------------------------------------------- */

static bool take(const struct lathe_iso9660_chain *chain, const uint8_t *block,
		 struct lathep_iso9660_spot *spot)
{
	if (!lathe_iso9660_primary.recognise(block))
		return false;
	/* 8.4.18, 9.1.3: the root's record begins at byte position 157. */
	spot->root = lathep_iso9660_get_both32(block + 158);
	spot->own = lathep_iso9660_mark_read(block, &spot->mark);
	return spot->root > LATHEP_ISO9660_DESCRIPTORS &&
	       spot->root < chain->blocks->end;
}

/* The primary descriptor of the session at 'start'. */
static bool peek(const struct lathe_iso9660_chain *chain, uint32_t start,
		 struct lathep_iso9660_spot *spot)
{
	uint8_t *block = chain->buffer;

	spot->root = 0;
	if (start >= chain->blocks->end ||
	    chain->blocks->end - start <= LATHEP_ISO9660_DESCRIPTORS ||
	    chain->blocks->read(chain->blocks->ctx,
				start + LATHEP_ISO9660_DESCRIPTORS, 1, block))
		return false;
	return take(chain, block, spot);
}

/* One past a session's last block. A volume's size may be counted from LBA 0
 * or from its start: the standard does not say, programs differ. */
static uint32_t end_of(const struct lathe_iso9660_chain *chain,
		       const struct lathe_iso9660_found *found)
{
	uint32_t end = chain->blocks->end, start = found->start;
	uint32_t least = start + LATHEP_ISO9660_DESCRIPTORS +
			 found->descriptors;
	uint32_t blocks = found->volume_blocks;

	if (found->own && found->self.start == start)
		blocks = found->self.blocks;
	else if (blocks > start)
		blocks -= start;
	if (blocks < end - start)
		end = start + blocks;
	return end > least ? end : least;
}

/* ---- the list ----------------------------------------------------------- */

static int make_room(struct lathe_iso9660_chain *chain)
{
	void *p = lathep_iso9660_grow(&chain->options.hooks, chain->link,
				      &chain->room, chain->count + 1,
				      sizeof(*chain->link));

	if (!p)
		return LATHE_ERR_MEMORY;
	chain->link = p;
	return 0;
}

static struct lathe_iso9660_link *
find_root(const struct lathe_iso9660_chain *chain, uint32_t root)
{
	uint32_t i;

	for (i = 0; i < chain->count; i++)
		if (chain->link[i].root == root)
			return &chain->link[i];
	return NULL;
}

/* Of two sets of descriptors for one session the whole one counts: a head
 * that was torn may no longer look like ours, and a copy has a checksum. */
static void replace(struct lathe_iso9660_link *old,
		    const struct lathe_iso9660_link *link)
{
	if ((link->found.own && !old->found.own) ||
	    (link->found.own == old->found.own && link->moved && !old->moved))
		*old = *link;
}

/*
 * The session at 'start' whose descriptors stand at 'heads' + 16. *end is one
 * past it, 0 if there is none.
 */
static int add(struct lathe_iso9660_chain *chain, uint32_t start,
	       uint32_t heads, uint32_t moved, uint32_t root, uint32_t *end)
{
	const struct lathe_iso9660_chain_options *options = &chain->options;
	struct lathe_iso9660_link *link = &chain->found, *old;
	int err;

	*end = 0;
	if (chain->count >= SESSIONS_MOST)
		return 0;
	memset(link, 0, sizeof(*link));
	link->start = start;
	link->heads = heads;
	link->moved = moved;
	link->root = root;
	link->head = root == chain->root;
	lathe_iso9660_view_init(&chain->view, chain->blocks, link);
	err = lathep_iso9660_probe(&chain->view.blocks, start, options->uses,
				   options->use_count, &link->found,
				   &chain->failure, chain->buffer);
	/* What is shown at LBA 16 can be read there as well. */
	if (err && link->head && heads == start && start)
		return add(chain, start, 0, LATHE_ISO9660_HEAD_BLOCKS, root,
			   end);
	if (err)
		return err == LATHE_ERR_MEMORY ? err : 0;
	if (moved && !heads)
		link->moved = link->found.descriptors;
	link->end = end_of(chain, &link->found);
	*end = link->end;
	old = find_root(chain, root);
	if (old) {
		replace(old, link);
		return 0;
	}
	err = make_room(chain);
	if (!err)
		chain->link[chain->count++] = *link;
	return err;
}

/*
 * Directories of a later session lie behind those of an earlier one, wherever
 * the descriptors stand. Nearly in order already. What then begins in front of
 * an earlier one is no session; only the head may, where nobody knows better.
 */
static void sort(struct lathe_iso9660_chain *chain)
{
	struct lathe_iso9660_link *link = &chain->found;
	uint32_t i, k;

	for (i = 1; i < chain->count; i++) {
		*link = chain->link[i];
		for (k = i; k > 0 && chain->link[k - 1].root > link->root; k--)
			chain->link[k] = chain->link[k - 1];
		chain->link[k] = *link;
	}
	for (i = k = 1; i < chain->count; i++) {
		link = &chain->link[i];
		if (link->head || link->start > chain->link[k - 1].start)
			chain->link[k++] = *link;
	}
	if (chain->count > k)
		chain->count = k;
}

/* ---- looking ------------------------------------------------------------ */

/* Does a directory that says to be there stand at 'root' (9.1, 10.1.1)? */
static bool is_directory(const struct lathe_iso9660_chain *chain,
			 uint32_t root)
{
	uint8_t *block = chain->buffer;

	return !chain->blocks->read(chain->blocks->ctx, root, 1, block) &&
	       block[0] >= 34 && block[32] == 1 && block[33] == 0 &&
	       lathep_iso9660_get_both32(block + 2) == root;
}

/* Is it the session at 'at' that a descriptor there heads? A file that is an
 * image itself has its root elsewhere. 'known': the head or a mark says that
 * it is; then a root that is none is damage, of which readers shall tell. */
static bool begins_at(const struct lathe_iso9660_chain *chain,
		      const struct lathep_iso9660_spot *spot, uint32_t at,
		      bool known)
{
	return spot->root > at + LATHEP_ISO9660_DESCRIPTORS &&
	       (!spot->own || spot->mark.self.start == at) &&
	       (known || is_directory(chain, spot->root));
}

/* A primary descriptor at block 'at' + 16: what begins at 'at'? *next is where
 * the search goes on. */
static int judge(struct lathe_iso9660_chain *chain, uint32_t at,
		 const uint8_t *block, uint32_t *next)
{
	struct lathep_iso9660_spot spot;
	uint32_t end = 0, moved;
	int err = 0;

	*next = at + 1;
	if (!take(chain, block, &spot))
		return 0;
	moved = lathep_iso9660_head_copied(chain->blocks, at, chain->buffer);
	if (moved) {
		err = add(chain, 0, at, moved, spot.root, &end);
		end = at + LATHE_ISO9660_COPY_BLOCKS;
	} else if (begins_at(chain, &spot, at, false)) {
		err = add(chain, at, at, 0, spot.root, &end);
	}
	if (end > at) {
		*next = end;
		chain->past = end;
	}
	return err;
}

static uint32_t skip_hole(const struct lathe_iso9660_chain *chain, uint32_t at)
{
	const struct lathe_iso9660_chain_options *options = &chain->options;

	return options->next_data ? options->next_data(options->ctx, at) : at;
}

/* The first place at or behind 'at' where there is data for a descriptor. */
static uint32_t skip_zeros(const struct lathe_iso9660_chain *chain,
			   uint32_t at)
{
	uint32_t data = skip_hole(chain, at + LATHEP_ISO9660_DESCRIPTORS);

	return data <= at + LATHEP_ISO9660_DESCRIPTORS
		       ? at : data - LATHEP_ISO9660_DESCRIPTORS;
}

/* Judge 'count' places from 'at' on, up to the first session. */
static int judge_places(struct lathe_iso9660_chain *chain, uint32_t at,
			uint32_t count, uint32_t *next)
{
	const uint8_t *block = chain->buffer + LATHE_BLOCK_BYTES;
	uint32_t i;

	for (i = 0; i < count; i++, block += LATHE_BLOCK_BYTES)
		if (lathe_iso9660_primary.recognise(block))
			return judge(chain, at + i, block, next);
	*next = at + count;
	return 0;
}

/* Behind 'known' nothing, or nothing more, was found so far. */
static bool goes_on(const struct lathe_iso9660_chain *chain, uint32_t known,
		    uint32_t at)
{
	const struct lathe_iso9660_chain_options *options = &chain->options;

	return !options->search_blocks ||
	       at - known <= options->search_blocks ||
	       (options->to_first && !chain->count);
}

/* All sessions that begin in [from, to). What can not be read holds none; what
 * is beside it may. */
static int search(struct lathe_iso9660_chain *chain, uint32_t from, uint32_t to)
{
	uint32_t at, count, next;
	uint32_t end = chain->blocks->end, singly = 0, known = from;
	const struct lathe_hooks *hooks = &chain->options.hooks;
	int err = 0;

	chain->past = 0;
	if (end <= LATHEP_ISO9660_DESCRIPTORS)
		return 0;
	if (to > end - LATHEP_ISO9660_DESCRIPTORS)
		to = end - LATHEP_ISO9660_DESCRIPTORS;
	for (at = from; at < to && !err && goes_on(chain, known, at);
	     at = next) {
		if (hooks->cancelled && hooks->cancelled(hooks->ctx))
			return LATHE_ERR_CANCELLED;
		next = skip_zeros(chain, at);
		if (next > at)
			continue;
		count = at < singly ? 1 : SEARCH_BLOCKS;
		if (count > to - at)
			count = to - at;
		if (!chain->blocks->read(chain->blocks->ctx,
					 at + LATHEP_ISO9660_DESCRIPTORS,
					 count,
					 chain->buffer + LATHE_BLOCK_BYTES))
			err = judge_places(chain, at, count, &next);
		else if (count > 1)
			singly = at + count;
		else
			next = at + 1;
		if (chain->past > known)
			known = chain->past;
	}
	return err;
}

/* ---- from the head ------------------------------------------------------ */

/*
 * Where the session begins whose descriptors are the head. A session of
 * another program, or a head that was torn: its own descriptors stand in
 * front of its root directory.
 */
static uint32_t home_of(const struct lathe_iso9660_chain *chain,
			const struct lathep_iso9660_spot *head)
{
	struct lathep_iso9660_spot spot;
	uint32_t at, tries;

	if (head->own && head->mark.self.start == 0)
		return 0;
	if (head->own && peek(chain, head->mark.self.start, &spot) &&
	    spot.root == head->root)
		return head->mark.self.start;
	at = head->root - LATHEP_ISO9660_DESCRIPTORS - 1;
	for (tries = 0; at >= FOREIGN_GRID && tries < TRIES_MOST; tries++) {
		if (peek(chain, at, &spot) && spot.root == head->root)
			return at;
		at--;
		if (tries >= TRIES_SINGLY)
			at -= at % FOREIGN_GRID;
	}
	return 0;
}

/* In the copy of a disc the mark of a later session leads to LBA 0 itself: the
 * first one's descriptors are in front of the session that replaced them. */
static int find_first(struct lathe_iso9660_chain *chain)
{
	uint32_t i, count = chain->count, at;
	int err = 0;

	for (i = 0; i < count && chain->count == count && !err; i++) {
		at = chain->link[i].start - LATHE_ISO9660_COPY_BLOCKS;
		if (at && at % LATHEP_ISO9660_GRID == 0)
			err = search(chain, at, at + 1);
	}
	return err;
}

/* One past the session at LBA 0, 0 if there is none. Its descriptors may be
 * behind all sessions, too. */
static uint32_t first_end(const struct lathe_iso9660_chain *chain)
{
	uint32_t i;

	for (i = 0; i < chain->count; i++)
		if (chain->link[i].start == 0)
			return chain->link[i].end;
	return 0;
}

/*
 * Follow the marks from the session at 'home'. *end is that of the newest;
 * *whole: nothing else is before it. Images that grow begin at 0 or 32, and
 * their marks name all; a disc may have sessions of others in front of one
 * whose mark names none.
 */
static int follow(struct lathe_iso9660_chain *chain, uint32_t home,
		  uint32_t *end, bool *whole)
{
	struct lathep_iso9660_spot spot;
	uint32_t at = home, past, moved, leads = 1;
	int err = 0;

	*whole = false;
	if (*end < home + LATHEP_ISO9660_DESCRIPTORS)
		*end = home + LATHEP_ISO9660_DESCRIPTORS;
	while (!err && leads && peek(chain, at, &spot)) {
		moved = lathep_iso9660_head_copied(chain->blocks, at,
						   chain->buffer);
		if (!moved && !begins_at(chain, &spot, at,
					 at == home || spot.own))
			break;
		leads = !spot.own || spot.mark.previous.blocks;
		*whole = moved || (!leads && at <= LATHEP_ISO9660_GRID);
		err = add(chain, moved ? 0 : at, at, moved, spot.root, &past);
		if (at == home)
			*end = past > *end ? past : *end;
		if (!spot.own || *whole)
			return err;
		/* Before 'at': a mark with a later one is none. */
		at = spot.mark.previous.start;
	}
	chain->gap = leads;
	chain->to_zero = at == 0;
	return err || at ? err : find_first(chain);
}

/*
 * The head was taken for a session at LBA 0. If it is ours its mark leads on.
 * Where nothing stands at the session's own start the head is what there is of
 * its descriptors, unless boot records (8.2) are between them, or the root is
 * elsewhere: a session in a file of its own. Returns what the mark leads to;
 * 0: nothing.
 */
static uint32_t stand_in(struct lathe_iso9660_chain *chain,
			 const struct lathep_iso9660_spot *head)
{
	const struct lathe_iso9660_link *link = chain->link;
	uint32_t start, end;
	struct lathep_iso9660_spot spot;

	if (!chain->count || !link->found.self.start)
		return 0;
	start = link->found.self.start;
	/* In the place of the one that was taken. */
	if (!peek(chain, start, &spot) &&
	    begins_at(chain, head, start, false) &&
	    link->found.descriptors == head->mark.hierarchies + 1)
		add(chain, start, 0, LATHE_ISO9660_HEAD_BLOCKS, head->root,
		    &end);
	return link->found.previous.start;
}

static int find_all(struct lathe_iso9660_chain *chain)
{
	struct lathep_iso9660_spot head;
	uint32_t home, end = 0;
	bool whole;
	int err;

	if (!peek(chain, 0, &head)) {
		err = search(chain, 0, UINT32_MAX);
		if (err || chain->count || !head.root)
			return err;
		/* A session in a file of its own was made for where it stood
		 * on a disc. What it says of places is wrong by as much,
		 * which the probe finds. */
		chain->root = head.root;
		return add(chain, 0, 0, 0, head.root, &end);
	}
	chain->root = head.root;
	home = home_of(chain, &head);
	if (home == 0) {
		err = add(chain, 0, 0, 0, head.root, &end);
		if (err)
			return err;
		home = stand_in(chain, &head);
		end = chain->count ? chain->link->end : 1;
		if (!home)
			return search(chain, end, UINT32_MAX);
	}
	err = follow(chain, home, &end, &whole);
	if (!err)
		err = search(chain, end, UINT32_MAX);
	end = first_end(chain);
	if (end < LATHEP_ISO9660_GRID)
		end = LATHEP_ISO9660_GRID;
	if (!err && !whole)
		err = search(chain, end, home);
	return err;
}

/* ---- the object --------------------------------------------------------- */

int lathe_iso9660_chain_read(const struct lathe_blocks *blocks,
			const struct lathe_iso9660_chain_options *options,
			     struct lathe_iso9660_chain **out)
{
	struct lathe_iso9660_chain *chain;
	int err;

	if (options->size != sizeof(*options) ||
	    options->use_count >= LATHE_ISO9660_HIERARCHIES)
		return LATHE_ERR_ARG;
	chain = lathep_iso9660_take_zeros(&options->hooks, sizeof(*chain));
	if (!chain)
		return LATHE_ERR_MEMORY;
	chain->options = *options;
	chain->blocks = blocks;
	chain->buffer = lathep_iso9660_take(&options->hooks, BUFFER_BYTES);
	err = chain->buffer ? find_all(chain) : LATHE_ERR_MEMORY;
	if (err) {
		lathe_iso9660_chain_destroy(chain);
		return err;
	}
	sort(chain);
	if (chain->to_zero && first_end(chain))
		chain->gap = false;
	*out = chain;
	return 0;
}

void lathe_iso9660_chain_destroy(struct lathe_iso9660_chain *chain)
{
	const struct lathe_hooks *hooks;

	if (!chain)
		return;
	hooks = &chain->options.hooks;
	lathep_iso9660_give(hooks, chain->buffer, BUFFER_BYTES);
	lathep_iso9660_give(hooks, chain->link,
			    chain->room * sizeof(*chain->link));
	lathep_iso9660_give(hooks, chain, sizeof(*chain));
}

uint32_t lathe_iso9660_chain_count(const struct lathe_iso9660_chain *chain)
{
	return chain->count;
}

const struct lathe_iso9660_link *
lathe_iso9660_chain_link(const struct lathe_iso9660_chain *chain, uint32_t i)
{
	return i < chain->count ? &chain->link[i] : NULL;
}

bool lathe_iso9660_chain_gap(const struct lathe_iso9660_chain *chain)
{
	return chain->gap;
}
