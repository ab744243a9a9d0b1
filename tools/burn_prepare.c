/* SPDX-License-Identifier: MIT */
/*
 * What is done to a disc before anything is recorded on it, and what the
 * options mean for its kind.
 */
#include "tools/burn.h"

uint32_t burn_speed(const struct burn *burn)
{
	uint64_t speed = burn->options->speed;

	/* In kB/s, rounded up. */
	return speed > 1000 ? 0
			    : (uint32_t)((speed * burn->single_speed + 900) /
					 1000);
}

static bool only_asks(const struct burn *burn)
{
	const struct burn_options *options = burn->options;

	return options->content.plan || options->content.print_size ||
	       options->simulate;
}

static int refuse_plan(struct burn *burn)
{
	return complain_why(burn->tool, LATHE_ERR_NOT_BLANK,
			    burn->options->simulate
				    ? "leave --simulate out to blank and "
				      "record it"
			    : burn->options->content.print_size
				    ? "leave --print-size out to blank and "
				      "record it"
				    : "leave --plan out to blank and record it",
			    "%s: --blank would erase this disc first",
			    burn->drive.name);
}

/* A plan that the burn would refuse is none. */
static int refuse_spares(struct burn *burn,
			 const struct lathe_mmc_medium *medium, bool unused)
{
	if (medium->status == LATHE_MMC_STATUS_NONE)
		return STATUS_OK;
	if (medium->kind != LATHE_MMC_KIND_BD_R &&
	    medium->kind != LATHE_MMC_KIND_BD_RE)
		return complain_why(burn->tool, LATHE_ERR_MEDIUM_TYPE,
				    "leave --spares out, or insert a BD",
				    "%s: no spare areas can be chosen on a %s",
				    burn->drive.name,
				    lathe_mmc_kind_name(medium->kind));
	if (unused)
		return STATUS_OK;
	return complain_why(burn->tool, LATHE_ERR_NOT_BLANK,
			    medium->erasable
				    ? "lathe format does that, and erases it"
				    : "insert an unused one, or leave --spares "
				      "out",
			    "%s: spare areas are chosen for unused discs only",
			    burn->drive.name);
}

/* What keeps all that the disc can do: a DVD-RW that was erased in a minute
 * takes one session only. */
static int blank_first(struct burn *burn,
		       const struct lathe_mmc_medium *medium)
{
	struct lathe_failure failure = { .err = 0 };
	int status, err;

	if (medium->status == LATHE_MMC_STATUS_NONE ||
	    medium->status == LATHE_MMC_STATUS_BLANK ||
	    medium->status == LATHE_MMC_STATUS_UNFORMATTED)
		return STATUS_OK;
	if (!medium->erasable && !medium->overwritable)
		return complain_why(burn->tool, LATHE_ERR_MEDIUM_TYPE,
				    "insert a blank or a rewritable disc",
				    "%s: this disc can not be erased",
				    burn->drive.name);
	if (only_asks(burn))
		return refuse_plan(burn);
	status = burn->options->spares ? refuse_spares(burn, medium, false)
				       : burn_rehearse(burn, medium);
	if (status)
		return status;
	err = lathe_session_blank(&burn->drive.mmc, &burn->tool->hooks,
				  LATHE_MMC_BLANK_USUAL, &failure);
	if (err)
		return complain(burn->tool, err, &failure, "%s",
				burn->drive.name);
	return STATUS_OK;
}

static int format_first(struct burn *burn,
			const struct lathe_mmc_medium *medium)
{
	struct lathe_mmc_formatting how = {
		.spares = (enum lathe_mmc_spares)(burn->options->spares - 1)
	};
	bool unused = medium->status == LATHE_MMC_STATUS_BLANK ||
		      medium->status == LATHE_MMC_STATUS_UNFORMATTED;
	int status, err;

	if (burn->options->resume && !unused)
		return STATUS_OK;
	status = refuse_spares(burn, medium, unused);
	if (status || only_asks(burn))
		return status;
	status = burn_rehearse(burn, medium);
	if (status)
		return status;
	err = lathe_mmc_format(&burn->drive.mmc, medium, &how);
	return err ? drive_complain(burn->tool, &burn->drive, err) : STATUS_OK;
}

static void heed_compatibility(struct burn *burn,
			       const struct lathe_mmc_medium *medium)
{
	burn->final = burn->options->final || burn->options->dvd_compat;
	burn->at_once = burn->options->at_once ||
			(burn->options->dvd_compat && medium->can_at_once &&
			 !burn->options->resume &&
			 medium->status == LATHE_MMC_STATUS_BLANK);
}

/* What is recorded at once has a length that the drive is told beforehand. */
static int refuse_pipe(struct burn *burn, const struct lathe_mmc_medium *medium)
{
	const struct burn_options *from = burn->options;
	/* Of a used disc the drive may say less than of a blank one. */
	bool can = medium->status == LATHE_MMC_STATUS_BLANK
			   ? medium->can_at_once
			   : from->blank && medium->erasable &&
				     !medium->overwritable;

	if (!from->image || burn->image.blocks > 0 ||
	    !(from->at_once || (from->dvd_compat && can)))
		return STATUS_OK;
	return complain_usage(burn->tool,
			      "--image %s comes through a pipe, and what is "
			      "recorded at once has a length that is known",
			      from->image);
}

int burn_prepare(struct burn *burn)
{
	struct lathe_mmc *mmc = &burn->drive.mmc;
	struct lathe_mmc_medium medium;
	int status = STATUS_OK, err = lathe_mmc_read_medium(mmc, &medium);

	if (err)
		return drive_complain(burn->tool, &burn->drive, err);
	status = refuse_pipe(burn, &medium);
	if (status)
		return status;
	/* On overwritable discs nothing stays open: all begins anew. */
	burn->goes_on = burn->options->resume && !medium.overwritable;
	if (burn->options->blank && !burn->goes_on) {
		status = blank_first(burn, &medium);
		err = status ? 0 : lathe_mmc_read_medium(mmc, &medium);
	}
	if (status == STATUS_OK && err == 0 && burn->options->spares &&
	    !burn->goes_on) {
		status = format_first(burn, &medium);
		err = status ? 0 : lathe_mmc_read_medium(mmc, &medium);
	}
	if (err)
		return drive_complain(burn->tool, &burn->drive, err);
	burn->single_speed = medium.single_speed;
	burn->overwritable = medium.overwritable;
	burn->room = medium.overwritable ? medium.capacity_blocks
					 : medium.free_blocks;
	heed_compatibility(burn, &medium);
	return status;
}
