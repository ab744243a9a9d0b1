/* SPDX-License-Identifier: MIT */
/* mode_queries.c - mode pages as they are, and page 05h as it is wanted. */
#include "mmc/mmc_internal.h"

/* Below 30 bytes some bridges fail. */
enum { MODE_FIRST = 30, MODE_ROOM = 320 };

static int mode_sense(struct lathe_mmc *mmc, uint32_t page, uint8_t *data,
		      struct lathe_mmc_mode *out)
{
	struct lathep_mmc_request rq;
	size_t want = MODE_FIRST, moved = 0;
	int err = 0;

	for (int i = 0; i < 2; i++) {
		int len = lathe_mmc_encode_mode_sense_10(
			rq.cmd.cdb, sizeof(rq.cmd.cdb), page, (uint32_t)want);

		err = lathep_mmc_ask(mmc, &rq, len, 0, data, want, &moved);
		if (err)
			return err;
		if (lathe_mmc_mode_announced(data, moved) <= want)
			break;
		want = lathe_mmc_mode_announced(data, moved);
		if (want > MODE_ROOM)
			want = MODE_ROOM;
	}
	err = lathe_mmc_parse_mode_10(data, moved, page, out);
	if (err)
		return lathep_mmc_cut_answer(mmc, &rq);
	return 0;
}

int lathep_mmc_capabilities(struct lathe_mmc *mmc,
			    struct lathe_mmc_capabilities *out)
{
	uint8_t data[MODE_ROOM];
	struct lathe_mmc_mode mode;
	int err;

	err = mode_sense(mmc, LATHE_MMC_PAGE_CAPABILITIES, data, &mode);
	if (err)
		return err;
	return lathe_mmc_parse_capabilities(data + mode.page, mode.page_len,
					    out);
}

/* Header zeroed, no block descriptor, the page with the drive's length. */
static int mode_select(struct lathe_mmc *mmc, uint8_t *page, size_t page_len)
{
	uint8_t data[LATHE_MMC_MODE_HEADER_BYTES + MODE_ROOM] = { 0 };
	size_t len = LATHE_MMC_MODE_HEADER_BYTES + page_len;
	uint8_t cdb[10];

	memcpy(data + LATHE_MMC_MODE_HEADER_BYTES, page, page_len);
	/* PS says "can be saved" in SENSE and is reserved here. */
	data[LATHE_MMC_MODE_HEADER_BYTES] &= 0x7f;
	return lathep_mmc_send_list(
		mmc, cdb,
		lathe_mmc_encode_mode_select_10(cdb, sizeof(cdb),
						(uint32_t)len),
		LATHEP_MMC_REPEATABLE, data, len);
}

int lathep_mmc_set_write_page(struct lathe_mmc *mmc,
			      const struct lathe_mmc_write_parameters *want)
{
	uint8_t data[MODE_ROOM], page[MODE_ROOM];
	struct lathe_mmc_mode mode;
	int err;

	err = mode_sense(mmc, LATHE_MMC_PAGE_WRITE_PARAMETERS, data, &mode);
	if (err)
		return err;
	memcpy(page, data + mode.page, mode.page_len);
	data[mode.page] &= 0x7f;
	if (lathe_mmc_build_write_parameters(want, page, mode.page_len) != 0)
		return lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
				       "the drive's mode page 05h has only %u "
				       "bytes",
				       (unsigned)mode.page_len);
	if (memcmp(page, data + mode.page, mode.page_len) == 0)
		return 0;
	return mode_select(mmc, page, mode.page_len);
}

/* Change some bits of one byte of page 05h. 0: done; else an error, also for
 * "nothing to do". */
static int change_write_page(struct lathe_mmc *mmc, size_t offset, uint8_t mask,
			     uint8_t bits)
{
	uint8_t data[MODE_ROOM], *byte;
	struct lathe_mmc_mode mode;
	int err = mode_sense(mmc, LATHE_MMC_PAGE_WRITE_PARAMETERS, data,
			     &mode);

	if (err)
		return err;
	byte = &data[mode.page + offset];
	if (mode.page_len <= offset || (*byte & mask) == bits)
		return LATHE_ERR_NOT_FOUND;
	*byte = (uint8_t)((*byte & ~mask) | bits);
	err = mode_select(mmc, data + mode.page, mode.page_len);
	if (!lathep_mmc_unknown(mmc, err) || mode.page_len < 16)
		return err;
	/* What a drive has there by itself may be what it does not take: no
	 * session format, and the pause before audio that all know. */
	data[mode.page + 8] = 0;
	lathe_put_be16(data + mode.page + 14, 150);
	return mode_select(mmc, data + mode.page, mode.page_len);
}

void lathep_mmc_clear_test_write(struct lathe_mmc *mmc)
{
	if (change_write_page(mmc, 2, 0x10, 0) == 0)
		lathep_mmc_log(mmc, LATHE_LOG_INFO, "mmc.test-write",
			       "a test write left behind is switched off");
}

int lathep_mmc_allow_sessions(struct lathe_mmc *mmc, bool final)
{
	int err = change_write_page(mmc, 3, 0xc0, final ? 0x00 : 0xc0);

	return err == LATHE_ERR_NOT_FOUND || lathep_mmc_optional(mmc, err)
		       ? 0
		       : err;
}
