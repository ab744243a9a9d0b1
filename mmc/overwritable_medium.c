/* SPDX-License-Identifier: MIT */
/* overwritable_medium.c - the state of media of which any block can be written
 * at any time. */
#include "mmc/mmc_strategy.h"

static uint32_t larger(uint32_t blocks, const struct lathe_mmc_formattable *f)
{
	return f && f->blocks > blocks ? f->blocks : blocks;
}

/* What it holds, will hold once it is formatted, or may grow to. */
static uint32_t whole_capacity(const struct lathep_mmc_strategy *s,
			       const struct lathep_mmc_capacities *c,
			       bool formatted, uint32_t readable_end)
{
	const struct lathep_mmc_format_choice *choice = s->formats->choice;
	const struct lathe_mmc_formattable *quick =
		lathep_mmc_formattable(c, choice[0].type, false);
	uint32_t blocks = readable_end;

	if (!formatted)
		return quick ? quick->blocks : c->blocks;
	if (c->state == LATHE_MMC_FORMAT_DONE && c->blocks > blocks)
		blocks = c->blocks;
	if (!lathep_mmc_is(s, LATHEP_MMC_ALWAYS_FORMATTED))
		return blocks;
	return larger(blocks, lathep_mmc_formattable(c, choice[1].type, false));
}

/* 'c' is all zero where the drive could not tell. */
static bool is_formatted(const struct lathep_mmc_strategy *s,
			 const struct lathe_mmc_disc_info *info,
			 const struct lathep_mmc_capacities *c,
			 const struct lathe_mmc_medium *m)
{
	return lathep_mmc_is(s, LATHEP_MMC_ALWAYS_FORMATTED) ||
	       info->background_format != 0 ||
	       c->state == LATHE_MMC_FORMAT_DONE ||
	       m->readable_end || m->pseudo_overwrite;
}

/* Disc status and session state say nothing here: formatted or not, that is
 * what READ FORMAT CAPACITIES tells. */
int lathep_mmc_read_overwritable(struct lathe_mmc *mmc,
				 const struct lathe_mmc_disc_info *info,
				 struct lathe_mmc_medium *m)
{
	static const struct lathe_mmc_disc_info none = { .erasable = true };
	const struct lathep_mmc_strategy *s = mmc->strategy;
	struct lathep_mmc_capacities c = { 0 };
	bool formatted, told;
	int err = lathep_mmc_format_capacities(mmc, &c);

	if (err && !lathep_mmc_optional(mmc, err))
		return err;
	told = !err;
	err = lathep_mmc_read_end(mmc, &m->readable_end);
	if (!info)
		info = &none;
	/* Of a medium without a format nothing else tells the size. */
	if (!err && !told && !is_formatted(s, info, &c, m))
		err = lathep_mmc_format_capacities(mmc, &c);
	if (err)
		return err;
	m->erasable = info->erasable;
	m->has_disc_id = info->has_disc_id;
	m->disc_id = info->has_disc_id ? info->disc_id : 0;
	m->disc_type = info->disc_type;
	m->background_format = info->background_format == 1 ||
			       info->background_format == 2;
	/* A DVD-RW grows without any; a DVD+RW has none in the end. */
	m->has_gaps = info->background_format != 3 &&
		      !(lathep_mmc_is(s, LATHEP_MMC_ALWAYS_FORMATTED) &&
			c.state == LATHE_MMC_FORMAT_DONE);
	/* What it has grown to was all recorded. */
	if (m->has_gaps && lathep_mmc_is(s, LATHEP_MMC_ALWAYS_FORMATTED)) {
		uint32_t end = 0;

		err = lathep_mmc_read_growth(mmc, &end, &told);
		if (err)
			return err;
		m->has_gaps = !end && !m->readable_end;
	}
	formatted = is_formatted(s, info, &c, m);
	/* A drive that tells no end does not call the disc an empty one. */
	if (!m->readable_end && c.state == LATHE_MMC_FORMAT_DONE)
		m->readable_end = c.blocks;
	m->status = formatted ? LATHE_MMC_STATUS_OVERWRITABLE
			      : LATHE_MMC_STATUS_UNFORMATTED;
	m->capacity_blocks = whole_capacity(s, &c, formatted, m->readable_end);
	m->free_blocks = m->capacity_blocks;
	m->first_track = m->last_track = formatted;
	m->data_mode = 1;
	return 0;
}
