/* SPDX-License-Identifier: MIT */
/*
 * lathe_mmc_format_commands.h - formatting of media that are written anywhere.
 *
 * Part of lathe_mmc_commands.h, which says what holds for all of it.
 */
#ifndef LATHE_MMC_FORMAT_COMMANDS_H
#define LATHE_MMC_FORMAT_COMMANDS_H

#include "lathe.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- formatting, MMC-6 -------------------------------------------------- */

/* READ FORMAT CAPACITIES. 'alloc' is 0 to 65535. */
int lathe_mmc_encode_read_format_capacities(uint8_t *cdb, size_t room,
					    uint32_t alloc);

#define LATHE_MMC_CAPACITIES_HEADER_BYTES 12u /* with the current capacity */

enum lathe_mmc_format_state {
	LATHE_MMC_FORMAT_NONE = 1,	/* 'blocks' is what it may hold */
	LATHE_MMC_FORMAT_DONE = 2,	/* 'blocks' is what it holds */
	LATHE_MMC_FORMAT_UNKNOWN = 3	/* no medium, or in between */
};

struct lathe_mmc_format_capacities {
	size_t announced;	/* whole bytes that the drive has, header too */
	uint32_t listed;	/* formattable capacities that came */
	uint32_t blocks;
	uint8_t state;		/* enum lathe_mmc_format_state, or 0 */
};

/* LATHE_ERR_CORRUPT: not even the current capacity came. */
int lathe_mmc_parse_format_capacities(const uint8_t *data, size_t len,
				      struct lathe_mmc_format_capacities *out);

struct lathe_mmc_formattable {
	uint32_t blocks;
	uint8_t type;		/* 00h, 01h, 10h, ... 32h: six bits */
	uint32_t parameter;	/* 24 bits */
};

/* Capacity 'index' from 0. LATHE_ERR_NOT_FOUND: there are not that many. */
int lathe_mmc_parse_formattable(const uint8_t *data, size_t len, uint32_t index,
				struct lathe_mmc_formattable *out);

/* FORMAT UNIT with a parameter list. 'cmplist' as MMC-6 says. */
int lathe_mmc_encode_format_unit(uint8_t *cdb, size_t room, bool cmplist);

#define LATHE_MMC_FORMAT_LIST_BYTES 12u

struct lathe_mmc_format_list {
	struct lathe_mmc_formattable what;
	uint8_t sub_type;	/* 0 to 3 */
	bool no_certification;	/* DCRT */
	bool immed;
};

/* The parameter list, 'room' at least LATHE_MMC_FORMAT_LIST_BYTES. */
int lathe_mmc_build_format(const struct lathe_mmc_format_list *in, uint8_t *out,
			   size_t room);

#ifdef __cplusplus
}
#endif

#endif
