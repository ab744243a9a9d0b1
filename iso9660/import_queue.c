/* SPDX-License-Identifier: MIT */
/*
 * Directories that wait to be read. The lowest address comes first, so that
 * the disc is read in one direction whatever the shape of the tree is: in
 * the order of the tree, the same discs took forty times as many reads.
 */
#include <string.h>

#include "iso9660/reader_internal.h"

/*
 * Which directories were met, by first block: a bit for each block of the
 * disc, in pages made when needed. It can not be made slow by choosing
 * addresses, as a hash table can.
 */
#define PAGE_BITS 15u /* blocks of a page; 4 KiB */
#define PAGE_BYTES (1u << (PAGE_BITS - 3))

static uint32_t page_count(const struct lathep_iso9660_import *imp)
{
	return (imp->blocks->end >> PAGE_BITS) + 1;
}

static int open_pages(struct lathep_iso9660_import *imp)
{
	struct lathep_iso9660_queue *q = &imp->queue;
	size_t bytes = page_count(imp) * sizeof(*q->seen);

	q->seen = lathep_iso9660_take_zeros(&imp->tree->hooks, bytes);
	if (!q->seen)
		return LATHE_ERR_MEMORY;
	return 0;
}

/* Returns 1 if it was there, 0 if it is now, or LATHE_ERR_MEMORY. */
static int meet(struct lathep_iso9660_import *imp, uint32_t lba)
{
	struct lathep_iso9660_queue *q = &imp->queue;
	uint8_t **page, *byte, bit = (uint8_t)(1u << (lba & 7));

	if (!q->seen && open_pages(imp))
		return LATHE_ERR_MEMORY;
	page = &q->seen[lba >> PAGE_BITS];
	if (!*page) {
		*page = lathep_iso9660_take_zeros(&imp->tree->hooks,
						  PAGE_BYTES);
		if (!*page)
			return LATHE_ERR_MEMORY;
	}
	byte = *page + ((lba & ((1u << PAGE_BITS) - 1)) >> 3);
	if (*byte & bit)
		return 1;
	*byte |= bit;
	return 0;
}

static bool before(const struct lathep_iso9660_waiting *a,
		   const struct lathep_iso9660_waiting *b)
{
	return a->lba < b->lba;
}

static int grow(struct lathep_iso9660_import *imp)
{
	struct lathep_iso9660_queue *q = &imp->queue;
	void *p = lathep_iso9660_grow(&imp->tree->hooks, q->heap, &q->room,
				      q->count + 1, sizeof(*q->heap));

	if (!p)
		return LATHE_ERR_MEMORY;
	q->heap = p;
	return 0;
}

int lathep_iso9660_queue_push(struct lathep_iso9660_import *imp,
			      struct lathep_iso9660_waiting waiting)
{
	struct lathep_iso9660_queue *q = &imp->queue;
	uint32_t i, up;

	if (grow(imp))
		return lathep_iso9660_import_no_memory(imp->tree);
	for (i = q->count++; i > 0; i = up) {
		up = (i - 1) / 2;
		if (!before(&waiting, &q->heap[up]))
			break;
		q->heap[i] = q->heap[up];
	}
	q->heap[i] = waiting;
	return 0;
}

bool lathep_iso9660_queue_pop(struct lathep_iso9660_queue *q,
			      struct lathep_iso9660_waiting *out)
{
	struct lathep_iso9660_waiting last;
	uint32_t i, down;

	if (q->count == 0)
		return false;
	*out = q->heap[0];
	last = q->heap[--q->count];
	for (i = 0; (down = 2 * i + 1) < q->count; i = down) {
		if (down + 1 < q->count &&
		    before(&q->heap[down + 1], &q->heap[down]))
			down++;
		if (!before(&q->heap[down], &last))
			break;
		q->heap[i] = q->heap[down];
	}
	q->heap[i] = last;
	return true;
}

int lathep_iso9660_queue_meet(struct lathep_iso9660_import *imp, uint32_t lba,
			      bool *met)
{
	int got = meet(imp, lba);

	if (got < 0)
		return lathep_iso9660_import_no_memory(imp->tree);
	*met = got != 0;
	return 0;
}

void lathep_iso9660_queue_empty(struct lathep_iso9660_import *imp)
{
	struct lathep_iso9660_queue *q = &imp->queue;
	const struct lathe_hooks *hooks = &imp->tree->hooks;
	uint32_t i, pages = page_count(imp);

	for (i = 0; q->seen && i < pages; i++)
		lathep_iso9660_give(hooks, q->seen[i], PAGE_BYTES);
	lathep_iso9660_give(hooks, q->seen, pages * sizeof(*q->seen));
	lathep_iso9660_give(hooks, q->heap, q->room * sizeof(*q->heap));
	memset(q, 0, sizeof(*q));
}
