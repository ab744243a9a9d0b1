/* SPDX-License-Identifier: MIT */
/*
 * lathe_mmc_erasing.h - blanking and formatting.
 *
 * Part of lathe_mmc.h, which says what holds for all of it.
 */
#ifndef LATHE_MMC_ERASING_H
#define LATHE_MMC_ERASING_H

#include "mmc/lathe_mmc_medium.h"

#ifdef __cplusplus
extern "C" {
#endif

enum lathe_mmc_blanking {
	LATHE_MMC_BLANK_MINIMAL,	/* PMA, TOC, pre-gap: a minute. A DVD-RW
					 * then takes no second session */
	LATHE_MMC_BLANK_FULL,
	LATHE_MMC_BLANK_USUAL		/* keeps all abilities of the medium:
					 * CD-RW minimal, DVD-RW full */
};

/*
 * BLANK, MMC-6, with progress; returns when the drive shows a blank disc. A
 * DVD-RW in restricted overwrite becomes a sequential one again. The tray is
 * unlocked first, since some drives refuse otherwise, and locked again behind
 * it, failed or not, if lathe_mmc_lock_tray() had locked it.
 *   LATHE_ERR_ARG          no such way of blanking
 *   LATHE_ERR_MEDIUM_TYPE  not erasable
 *   LATHE_ERR_WRONG_DISC   not the disc that 'medium' describes; nothing erased
 *   LATHE_ERR_STATE        a track is open
 */
int lathe_mmc_blank(struct lathe_mmc *mmc,
		    const struct lathe_mmc_medium *medium,
		    enum lathe_mmc_blanking how);

enum lathe_mmc_spares {
	LATHE_MMC_SPARES_DEFAULT,
	LATHE_MMC_SPARES_NONE,	/* no defect management */
	LATHE_MMC_SPARES_MOST
};

struct lathe_mmc_formatting {
	bool full;		/* all of it, else as little as possible */
	bool certify;		/* BD-RE, DVD-RAM: read all of it as well */
	enum lathe_mmc_spares spares;	/* BD */
};

/*
 * FORMAT UNIT, MMC-6, with progress. Makes UNFORMATTED media OVERWRITABLE, a
 * sequential DVD-RW a DVD_RW_OVERWRITE, and chooses the spare areas of BD. What
 * is recorded is lost. begin_track() on an unformatted DVD+RW, DVD-RAM or BD-RE
 * formats it by itself the quick way. A quickly formatted DVD-RW grows as it is
 * written; a DVD+RW is formatted in the background, with 'full' this waits for
 * the end of that. Locking of the tray as in lathe_mmc_blank().
 *   LATHE_ERR_MEDIUM_TYPE  not formattable; also a BD-R that is not blank
 *   LATHE_ERR_UNSUPPORTED  the drive offers no format of this type
 *   LATHE_ERR_WRONG_DISC, LATHE_ERR_STATE  as for lathe_mmc_blank()
 */
int lathe_mmc_format(struct lathe_mmc *mmc,
		     const struct lathe_mmc_medium *medium,
		     const struct lathe_mmc_formatting *how);

#ifdef __cplusplus
}
#endif

#endif
