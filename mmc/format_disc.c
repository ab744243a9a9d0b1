/* SPDX-License-Identifier: MIT */
/* format_disc.c - formats a disc: FORMAT UNIT and what goes with it. */
#include "mmc/mmc_strategy.h"

enum {
	QUICK_MS = 3600000,
	FULL_MS = 28800000,
	START_MS = 300000, /* of a format that goes on in the background */
	BACKGROUND_PAUSE_MS = 1000
};

/* ---- what can be had ---------------------------------------------------- */

static void take_list(struct lathep_mmc_capacities *c, const uint8_t *data,
		      size_t len)
{
	size_t room = sizeof(c->list) / sizeof(*c->list);

	for (c->listed = 0; c->listed < room; c->listed++)
		if (lathe_mmc_parse_formattable(data, len, c->listed,
						&c->list[c->listed]) != 0)
			break;
}

int lathep_mmc_format_capacities(struct lathe_mmc *mmc,
				 struct lathep_mmc_capacities *out)
{
	struct lathe_mmc_format_capacities head;
	struct lathep_mmc_request rq;
	uint8_t data[4 + 255];
	size_t want = LATHE_MMC_CAPACITIES_HEADER_BYTES, moved;

	for (int i = 0; i < 2; i++) {
		int len = lathe_mmc_encode_read_format_capacities(
			rq.cmd.cdb, sizeof(rq.cmd.cdb), (uint32_t)want);
		int err = lathep_mmc_ask(mmc, &rq, len, 0, data, want, &moved);

		if (err)
			return err;
		if (lathe_mmc_parse_format_capacities(data, moved, &head) != 0)
			return lathep_mmc_cut_answer(mmc, &rq);
		if (head.announced <= want)
			break;
		want = head.announced;
	}
	out->state = head.state;
	out->blocks = head.blocks;
	take_list(out, data, moved);
	return 0;
}

const struct lathe_mmc_formattable *
lathep_mmc_formattable(const struct lathep_mmc_capacities *c, uint8_t type,
		       bool least)
{
	const struct lathe_mmc_formattable *found = NULL;

	for (uint32_t i = 0; i < c->listed; i++)
		if (c->list[i].type == type &&
		    (!found || (least && c->list[i].blocks < found->blocks)))
			found = &c->list[i];
	return found;
}

/* ---- the ways to format ------------------------------------------------- */

enum {
	LEAST = 1,        /* of several capacities: most spares */
	NOTHING_YET = 2,  /* size 0: formatted as it is written */
	UNCERTIFIED = 4,  /* DCRT */
	DEFAULT_SIZE = 8, /* that of type 00h */
	ALL_OF_IT = 16,   /* wait until the background format is complete */
	AS_IT_IS = 32,    /* nothing needs to be done */
	NOT_TO_BE_HAD = 64
};

#define NONE_SUCH { 0, 0, NOT_TO_BE_HAD }

const struct lathep_mmc_formats lathep_mmc_dvd_rw_formats = {
	.choice = { { 0x15, 0, NOTHING_YET },
		    { 0x10, 0, 0 },
		    NONE_SUCH,
		    NONE_SUCH,
		    NONE_SUCH },
};
const struct lathep_mmc_formats lathep_mmc_dvd_plus_rw_formats = {
	.choice = { { 0x26, 0, 0 },
		    { 0x26, 0, ALL_OF_IT },
		    NONE_SUCH,
		    NONE_SUCH,
		    NONE_SUCH },
};
const struct lathep_mmc_formats lathep_mmc_dvd_ram_formats = {
	.choice = { { 0x00, 0, UNCERTIFIED },
		    { 0x00, 0, 0 },
		    NONE_SUCH,
		    NONE_SUCH,
		    NONE_SUCH },
};
const struct lathep_mmc_formats lathep_mmc_bd_re_formats = {
	.choice = { { 0x00, 0, 0 },
		    { 0x30, 2, DEFAULT_SIZE },
		    { 0x30, 0, LEAST },
		    { 0x30, 2, LEAST },
		    { 0x31, 1, 0 } },
};
/* Sequential recording without pseudo-overwrite, which halves the speed. */
const struct lathep_mmc_formats lathep_mmc_bd_r_formats = {
	.only_blank = true,
	.choice = { { 0x00, 1, 0 },
		    { 0x00, 1, 0 },
		    { 0x32, 1, LEAST },
		    { 0x32, 1, LEAST },
		    { 0, 0, AS_IT_IS } },
};

static const struct lathep_mmc_format_choice *
choose(const struct lathep_mmc_formats *formats,
       const struct lathe_mmc_formatting *how)
{
	unsigned i = how->full || how->certify;

	if (how->spares == LATHE_MMC_SPARES_MOST)
		i += 2;
	else if (how->spares == LATHE_MMC_SPARES_NONE)
		i = 4;
	return &formats->choice[i];
}

/* ---- the command -------------------------------------------------------- */

static int send_format(struct lathe_mmc *mmc,
		       const struct lathe_mmc_format_list *format, bool cmplist)
{
	uint8_t list[LATHE_MMC_FORMAT_LIST_BYTES], cdb[6];
	int err = lathe_mmc_build_format(format, list, sizeof(list));

	if (err)
		return err;
	err = lathep_mmc_send_list(
		mmc, cdb,
		lathe_mmc_encode_format_unit(cdb, sizeof(cdb), cmplist),
		0, list, sizeof(list));
	/* It goes on in the drive, and may fail there. */
	if (!err && !mmc->unsettled) {
		mmc->unsettled = LATHE_MMC_FORMAT_UNIT;
		mmc->has_last_write = 0;
	}
	return err;
}

/* A drive that refuses what is special of a wish gets the plain one. DCRT with
 * CmpList keeps the list of defects; where both together are refused, alone it
 * still spares the certification, which may take an hour. */
static int start_format(struct lathe_mmc *mmc,
			struct lathe_mmc_format_list *format,
			const struct lathe_mmc_formattable *listed)
{
	int err = send_format(mmc, format, format->no_certification);

	if (format->no_certification && lathep_mmc_unknown(mmc, err))
		err = send_format(mmc, format, false);
	if (!lathep_mmc_unknown(mmc, err) ||
	    (!format->no_certification &&
	     format->what.blocks == listed->blocks))
		return err;
	format->no_certification = false;
	format->what.blocks = listed->blocks;
	return send_format(mmc, format, false);
}

/* Until the background format of a DVD+RW has come to 'state' at least. */
static int wait_background(struct lathe_mmc *mmc, uint8_t state,
			   uint32_t limit_ms)
{
	struct lathe_mmc_disc_info info;
	uint32_t waited_ms = 0;

	for (;;) {
		int err = lathep_mmc_disc_info(mmc, 0, &info);

		if (err)
			return err;
		if (info.background_format >= state)
			return 0;
		if (waited_ms >= limit_ms)
			break;
		waited_ms += lathep_mmc_sleep(mmc, BACKGROUND_PAUSE_MS);
		lathep_mmc_progress(mmc, LATHE_PHASE_BLANKING, NULL);
	}
	return lathep_mmc_fail(mmc, LATHE_ERR_TIMEOUT,
			       "the background format is still in state %u "
			       "after %lu s",
			       info.background_format,
			       (unsigned long)(waited_ms / 1000));
}

static int carry_out(struct lathe_mmc *mmc,
		     const struct lathep_mmc_format_choice *choice)
{
	struct lathep_mmc_capacities have;
	const struct lathe_mmc_formattable *listed, *usual;
	struct lathe_mmc_format_list format = {
		.sub_type = choice->sub_type,
		.no_certification = (choice->flags & UNCERTIFIED) != 0,
		.immed = true,
	};
	int err = lathep_mmc_format_capacities(mmc, &have);

	if (err)
		return err;
	listed = lathep_mmc_formattable(&have, choice->type,
					(choice->flags & LEAST) != 0);
	if (!listed)
		return lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
				       "the drive offers no format of type "
				       "%02Xh for this disc",
				       choice->type);
	format.what = *listed;
	usual = lathep_mmc_formattable(&have, 0x00, false);
	if (choice->flags & DEFAULT_SIZE && usual)
		format.what.blocks = usual->blocks;
	if (choice->flags & NOTHING_YET)
		format.what.blocks = 0;
	err = start_format(mmc, &format, listed);
	return err ? err : lathep_mmc_poll(mmc, FULL_MS, LATHE_PHASE_BLANKING);
}

int lathep_mmc_format_quick(struct lathe_mmc *mmc,
			    const struct lathep_mmc_strategy *medium)
{
	return carry_out(mmc, &medium->formats->choice[0]);
}

int lathep_mmc_format_background(struct lathe_mmc *mmc, bool restart)
{
	struct lathe_mmc_format_list format = {
		/* FFFFFFFFh: as much as there is. */
		.what = { .blocks = UINT32_MAX,
			  .type = 0x26,
			  .parameter = restart },
		.immed = true,
	};
	int err = send_format(mmc, &format, false);

	if (!err)
		err = lathep_mmc_poll(mmc, START_MS, LATHE_PHASE_PREPARING);
	return err ? err : wait_background(mmc, 2, START_MS);
}

int lathep_mmc_format_grow(struct lathe_mmc *mmc,
			   const struct lathep_mmc_capacities *have)
{
	const struct lathe_mmc_formattable *listed =
		lathep_mmc_formattable(have, 0x13, false);
	struct lathe_mmc_format_list format = { .immed = true };
	int err;

	if (!listed)
		return lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
				       "the drive can not let this disc grow");
	format.what = *listed;
	format.what.blocks = 0;
	err = start_format(mmc, &format, listed);
	return err ? err : lathep_mmc_poll(mmc, QUICK_MS,
					   LATHE_PHASE_PREPARING);
}

/* ---- the public call ---------------------------------------------------- */

static int format(struct lathe_mmc *mmc, const void *ctx)
{
	const struct lathep_mmc_format_choice *choice = ctx;
	struct lathep_mmc_capacities now;
	int err = carry_out(mmc, choice);

	if (!err && choice->flags & ALL_OF_IT)
		err = wait_background(mmc, 3, FULL_MS);
	if (!err)
		err = lathep_mmc_format_capacities(mmc, &now);
	if (!err && now.state == LATHE_MMC_FORMAT_NONE)
		err = lathep_mmc_fail(mmc, LATHE_ERR_CORRUPT,
				      "the disc is unformatted still");
	return err;
}

int lathe_mmc_format(struct lathe_mmc *mmc,
		     const struct lathe_mmc_medium *medium,
		     const struct lathe_mmc_formatting *how)
{
	const struct lathep_mmc_strategy *s =
		lathep_mmc_strategy(medium->profile);
	const struct lathep_mmc_format_choice *choice;
	int err = lathep_mmc_enter_for(mmc, false);

	if (err)
		return err;
	if (!s->formats || (s->formats->only_blank &&
			    medium->status != LATHE_MMC_STATUS_BLANK))
		return lathep_mmc_fail(mmc, LATHE_ERR_MEDIUM_TYPE,
				       "this medium can not be formatted");
	choice = choose(s->formats, how);
	if (choice->flags & AS_IT_IS)
		return 0;
	if (choice->flags & NOT_TO_BE_HAD)
		return lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
				       "no spare areas can be chosen here");
	return lathep_mmc_erase(mmc, medium, LATHE_MMC_FORMAT_UNIT, format,
				choice);
}
