/* SPDX-License-Identifier: MIT */
/* emu_recorded.c - which blocks of a disc that is written at random hold
 * data: a short list of ranges, the last of which is the one that grows. */
#include <string.h>

#include "mmc/emulator/emu_disc.h"

static bool touches(const struct emu_range *r, uint32_t start, uint32_t end)
{
	return r->start <= end && start <= r->start + r->count;
}

/* Take all ranges out of the list that touch the new one, which grows by
 * them. */
static void absorb(struct emu_disc *disc, uint32_t *start, uint32_t *end)
{
	uint32_t i, kept = 0;

	for (i = 0; i < disc->recordings; i++) {
		const struct emu_range *r = &disc->recorded[i];

		if (!touches(r, *start, *end)) {
			disc->recorded[kept++] = *r;
			continue;
		}
		if (r->start + r->count > *end)
			*end = r->start + r->count;
		if (r->start < *start)
			*start = r->start;
	}
	disc->recordings = kept;
}

static uint32_t distance(const struct emu_range *r, uint32_t start,
			 uint32_t end)
{
	return r->start > end ? r->start - end : start - r->start - r->count;
}

/* The list is full: the nearest range and what lies in between count as
 * recorded, too. It reads as zeros then. */
static void absorb_nearest(struct emu_disc *disc, uint32_t *start,
			   uint32_t *end)
{
	const struct emu_range *near = &disc->recorded[0];
	uint32_t i;

	for (i = 1; i < disc->recordings; i++)
		if (distance(&disc->recorded[i], *start, *end) <
		    distance(near, *start, *end))
			near = &disc->recorded[i];
	if (near->start + near->count > *end)
		*end = near->start + near->count;
	if (near->start < *start)
		*start = near->start;
	absorb(disc, start, end);
}

/* Blocks that are written again can be read again; the others of their ECC
 * block can not. */
static void heal(struct emu_disc *disc, uint32_t start, uint32_t end)
{
	uint32_t i = 0;

	while (i < disc->damages) {
		struct emu_range *r = &disc->damage[i];
		uint32_t from = r->start, to = r->start + r->count;

		if (to <= start || from >= end) {
			i++;
		} else if (from >= start && to <= end) {
			*r = disc->damage[--disc->damages];
		} else if (from >= start) {
			r->start = end;
			r->count = to - end;
			i++;
		} else if (to <= end || disc->damages == EMU_DAMAGE_MAX) {
			if (to <= end)
				r->count = start - from;
			i++;
		} else {
			r->count = start - from;
			disc->damage[disc->damages].start = end;
			disc->damage[disc->damages++].count = to - end;
			i++;
		}
	}
}

bool lathep_emu_record(struct emu_disc *disc, uint32_t lba, uint32_t count)
{
	uint32_t start = lba / disc->media->ecc_blocks *
			 disc->media->ecc_blocks;
	uint32_t end = lathep_emu_align(disc, lba + count);
	uint32_t before = disc->recordings, damages = disc->damages;
	uint32_t grew = before ? disc->recorded[before - 1].start : 0;
	struct emu_range *r;

	heal(disc, lba, lba + count);
	absorb(disc, &start, &end);
	if (disc->recordings == EMU_RECORDED_MAX)
		absorb_nearest(disc, &start, &end);
	r = &disc->recorded[disc->recordings++];
	r->start = start;
	r->count = end - start;
	return damages || before != disc->recordings || grew != start;
}
