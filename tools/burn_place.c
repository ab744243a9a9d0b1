/* SPDX-License-Identifier: MIT */
/*
 * Where the session goes, and whether the drive can do there what is asked
 * for. Recording asks the same; --plan and --print-size never come to that.
 */
#include "tools/burn.h"

struct burn_place burn_place(const struct burn *burn)
{
	const struct lathe_session_disc *disc =
		lathe_session_chosen(burn->master);
	const struct lathe_session_sizes *totals = &burn->totals;
	struct burn_place place = { disc->medium.sessions + 1u,
				    disc->medium.next_writable,
				    disc->medium.free_blocks };

	if (burn->nothing || !burn->overwritable || !burn->options->overwrite)
		return place;
	place.session = 1;
	place.start = totals->used_blocks - totals->space.need;
	place.free = totals->total_blocks - place.start;
	return place;
}

static const char no_at_once[] =
	"this disc can not be recorded at once in this drive";

static int refuse(struct burn *burn, int err, const char *why)
{
	return complain_why(burn->tool, err, NULL, "%s: %s", burn->drive.name,
			    why);
}

static bool manages_defects(enum lathe_mmc_kind kind)
{
	return kind == LATHE_MMC_KIND_DVD_RAM || kind == LATHE_MMC_KIND_BD_RE ||
	       kind == LATHE_MMC_KIND_BD_R;
}

static int check_stream(struct burn *burn,
			const struct lathe_mmc_medium *medium)
{
	if (burn->options->stream && manages_defects(medium->kind) &&
	    !medium->can_stream)
		return refuse(burn, LATHE_ERR_UNSUPPORTED,
			      "the drive announces no streaming");
	return STATUS_OK;
}

int burn_check_wishes(struct burn *burn)
{
	const struct lathe_mmc_medium *medium =
		&lathe_session_chosen(burn->master)->medium;
	const struct burn_options *options = burn->options;
	bool at_once = burn->at_once || medium->at_once_only;

	if (burn->at_once && !medium->can_at_once)
		return refuse(burn, LATHE_ERR_UNSUPPORTED, no_at_once);
	if (burn->at_once && medium->status != LATHE_MMC_STATUS_BLANK)
		return refuse(burn, LATHE_ERR_NOT_BLANK,
			      "only a blank disc is recorded at once");
	if (options->simulate && !(at_once ? medium->can_simulate_at_once
					   : medium->can_simulate))
		return refuse(burn, LATHE_ERR_UNSUPPORTED,
			      "the drive announces no test write for this "
			      "disc");
	return check_stream(burn, medium);
}

int burn_check_erased(struct burn *burn, const struct lathe_mmc_medium *medium)
{
	const struct burn_options *options = burn->options;
	bool unused = medium->status == LATHE_MMC_STATUS_BLANK;

	if (options->layer_break)
		return refuse(burn, LATHE_ERR_UNSUPPORTED,
			      "a layer break is for blank DVD+R DL");
	/* Of a used disc the drive may say less than of a blank one. */
	if (options->at_once && !medium->can_at_once &&
	    (medium->overwritable || unused))
		return refuse(burn, LATHE_ERR_UNSUPPORTED, no_at_once);
	return check_stream(burn, medium);
}
