/* SPDX-License-Identifier: MIT */
/*
 * sense_action.c - what to do about sense data. Additional sense codes come
 * first and the key second: drives differ in the key (the not-ready codes come
 * with key 5 as well, illegal requests with key 2), and only key 1 always
 * means that the command was carried out.
 */
#include "mmc/mmc_internal.h"

enum { ANY = 0xff };

struct rule {
	uint8_t asc, ascq;
	uint8_t action;
};

/* Searched in order; codes are those of SPC-3 Annex D. */
static const struct rule rules[] = {
	{ 0x04, 0x01, LATHEP_MMC_WAIT },        /* becoming ready */
	{ 0x04, 0x02, LATHEP_MMC_START_UNIT },  /* initialising command */
	{ 0x04, 0x03, LATHEP_MMC_START_UNIT },  /* manual intervention */
	{ 0x04, 0x04, LATHEP_MMC_WAIT_FORMAT }, /* format in progress */
	{ 0x04, 0x07, LATHEP_MMC_WAIT },        /* operation in progress */
	{ 0x04, 0x08, LATHEP_MMC_WAIT_BUFFER }, /* long write in progress */
	{ 0x04, ANY, LATHEP_MMC_WAIT_SHORT },
	{ 0x28, ANY, LATHEP_MMC_ATTEND }, /* medium may have changed */
	{ 0x29, ANY, LATHEP_MMC_ATTEND }, /* power on, reset */
	{ 0x2a, ANY, LATHEP_MMC_ATTEND }, /* parameters changed */
	{ 0x2c, 0x00, LATHEP_MMC_FLUSH }, /* command sequence error */
	{ 0x2e, 0x00, LATHEP_MMC_WAIT },  /* early return of a close */
	{ 0x3a, ANY, LATHEP_MMC_EMPTY_DRIVE },
	{ 0x3b, ANY, LATHEP_MMC_ATTEND }, /* mechanism moved */
	{ 0x3e, 0x00, LATHEP_MMC_WAIT },  /* self-configuring */
	{ 0x53, 0x02, LATHEP_MMC_ALLOW_REMOVAL },
	{ 0x5a, 0x01, LATHEP_MMC_ATTEND }, /* eject button */
};

enum lathep_mmc_action
lathep_mmc_sense_action(const struct lathe_mmc_sense *sense)
{
	if (sense->key == LATHE_MMC_KEY_RECOVERED)
		return LATHEP_MMC_GO_ON;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rules[i].asc == sense->asc &&
		    (rules[i].ascq == ANY || rules[i].ascq == sense->ascq))
			return (enum lathep_mmc_action)rules[i].action;
	switch (sense->key) {
	case LATHE_MMC_KEY_NO_SENSE:
		return LATHEP_MMC_GO_ON;
	case LATHE_MMC_KEY_UNIT_ATTENTION:
		return LATHEP_MMC_ATTEND;
	case LATHE_MMC_KEY_ABORTED:
		return LATHEP_MMC_SEND_AGAIN;
	default:
		return LATHEP_MMC_FAIL;
	}
}
