/* SPDX-License-Identifier: MIT */
/*
 * System use fields and their continuation areas, SUSP 1.12. Entries come in
 * order; the first that has no room in the record, and all behind it, go to
 * an area of their own, which a CE leads to (5.1). An area never crosses a
 * block. What is more than a block goes to several, each led to by the one
 * before.
 */
#include <string.h>

#include "iso9660/plan_internal.h"
#include "iso9660/system_use_internal.h"

#define CE_BYTES 28u
#define BLOCK LATHE_BLOCK_BYTES

/* The CE that leads to the area that is full, or complete, now. */
static void put_ce(const struct lathep_iso9660_sink *sink)
{
	uint8_t *p = sink->link;

	if (!p)
		return;
	memcpy(p, "CE\034\001", 4);
	lathe_put_both32(p + 4, sink->areas->lba +
				(uint32_t)(sink->at / BLOCK));
	lathe_put_both32(p + 12, (uint32_t)(sink->at % BLOCK));
	lathe_put_both32(p + 20, sink->used);
}

static void next_area(struct lathep_iso9660_sink *sink)
{
	const struct lathep_iso9660_areas *areas = sink->areas;
	uint8_t *link = sink->to;

	sink->used += CE_BYTES;
	if (!sink->spilled) {
		sink->in_record = sink->used;
		sink->at = areas ? areas->next : 0;
	} else {
		put_ce(sink);
		sink->at += BLOCK - sink->at % BLOCK;
	}
	sink->spilled = true;
	sink->link = link;
	sink->used = 0;
	sink->to = areas && areas->out && sink->at / BLOCK == areas->block
			   ? areas->out + sink->at % BLOCK : NULL;
	sink->left = (uint32_t)(BLOCK - sink->at % BLOCK) -
		     (sink->chained ? CE_BYTES : 0);
	if (!areas)
		sink->left = UINT32_MAX;
}

uint8_t *lathep_iso9660_entry(struct lathep_iso9660_sink *sink,
			      const char *signature, uint32_t bytes)
{
	uint8_t *p;

	if (sink->left < bytes)
		next_area(sink);
	p = sink->to;
	sink->left -= bytes;
	sink->used += bytes;
	if (!p)
		return NULL;
	sink->to += bytes;
	p[0] = (uint8_t)signature[0];
	p[1] = (uint8_t)signature[1];
	p[2] = (uint8_t)bytes;
	p[3] = 1;
	return p + 4;
}

uint32_t lathep_iso9660_entry_room(struct lathep_iso9660_sink *sink,
				   uint32_t least)
{
	if (sink->left < least)
		next_area(sink);
	return sink->left < 255 ? sink->left : 255;
}

uint32_t lathep_iso9660_emit_system_use(
	const struct lathe_iso9660_plan *plan, uint32_t start,
	const struct lathep_iso9660_node *node,
	enum lathep_iso9660_place place, uint32_t room,
	struct lathep_iso9660_areas *areas, uint8_t *out)
{
	const struct lathe_iso9660_system_use *table = plan->system_use;
	struct lathep_iso9660_sink first = { .start = start, .to = out,
					     .left = room };
	struct lathep_iso9660_sink count = { .start = start,
					     .left = room - CE_BYTES };
	struct lathep_iso9660_sink sink = { .start = start, .to = out,
					    .left = room - CE_BYTES,
					    .areas = areas };

	table->emit(plan, node, place, &first);
	if (!first.spilled)
		return first.used;
	/* Beside identifiers that only other programs record. */
	if (room < CE_BYTES)
		return 0;
	/* An area that fits in a block is not divided. */
	table->emit(plan, node, place, &count);
	sink.chained = count.used > BLOCK;
	if (areas->next % BLOCK + count.used > BLOCK && areas->next % BLOCK)
		areas->next += BLOCK - areas->next % BLOCK;
	table->emit(plan, node, place, &sink);
	put_ce(&sink);
	areas->next = sink.at + sink.used;
	return sink.in_record;
}
