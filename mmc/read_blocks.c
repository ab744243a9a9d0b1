/* SPDX-License-Identifier: MIT */
/* read_blocks.c - reading blocks, with what is lost told to the block. */
#include "mmc/mmc_internal.h"

enum { TRIES_OF_ONE_BLOCK = 2 };

static int read_once(struct lathe_mmc *mmc, uint32_t lba, uint32_t count,
		     bool fua, uint8_t *out)
{
	struct lathep_mmc_request rq;

	lathep_mmc_request(
		&rq,
		lathe_mmc_encode_read_10(rq.cmd.cdb, sizeof(rq.cmd.cdb), lba,
					 count, fua),
		LATHEP_MMC_REPEATABLE | LATHEP_MMC_EXACT |
			LATHEP_MMC_SPLITTABLE | LATHEP_MMC_CANCELLABLE);
	rq.has_lba = true;
	rq.lba = lba;
	rq.blocks = count;
	rq.cmd.data = out;
	rq.cmd.data_len = count * LATHE_BLOCK_BYTES;
	return lathep_mmc_run(mmc, &rq);
}

/* The medium, or what the drive says once, is to blame, not the way to it: look
 * at it closer. */
static bool worth_splitting(const struct lathe_mmc *mmc, int err)
{
	return err == LATHE_ERR_SENSE &&
	       mmc->failure.key != LATHE_MMC_KEY_UNIT_ATTENTION;
}

/* Invalid field in the CDB: old drives know no such bit. If it was something
 * else, the same read without it will say so. */
static bool refused_fua(const struct lathe_mmc *mmc, int err)
{
	return err == LATHE_ERR_SENSE && mmc->failure.asc == 0x24;
}

/* Block by block up to the first that is lost: failure.lba names it. */
static int read_singly(struct lathe_mmc *mmc, uint32_t lba, uint32_t count,
		       bool fua, uint8_t *out)
{
	for (uint32_t i = 0; i < count; i++) {
		int err = 0;

		for (int t = 0; t < TRIES_OF_ONE_BLOCK; t++) {
			err = read_once(mmc, lba + i, 1, fua,
					out + (size_t)i * LATHE_BLOCK_BYTES);
			if (err == 0 || !worth_splitting(mmc, err))
				break;
		}
		if (err)
			return err;
	}
	return 0;
}

static int read_all(struct lathe_mmc *mmc, uint32_t lba, uint32_t count,
		    bool fua, uint8_t *out)
{
	bool refused = false;

	while (count > 0) {
		uint32_t n = mmc->max_transfer / LATHE_BLOCK_BYTES;
		int err;

		if (n > count)
			n = count;
		if (n > 0xffff)
			n = 0xffff;
		err = read_once(mmc, lba, n, fua, out);
		if (err == LATHEP_MMC_SPLIT)
			continue;
		if (fua && refused_fua(mmc, err)) {
			lathep_mmc_log(mmc, LATHE_LOG_WARNING, "mmc.no-fua",
				       "%s: reading through the cache",
				       mmc->failure.text);
			fua = false;
			refused = true;
			continue;
		}
		if (err && worth_splitting(mmc, err)) {
			lathep_mmc_log(mmc, LATHE_LOG_INFO, "mmc.read-singly",
				       "%s", mmc->failure.text);
			err = read_singly(mmc, lba, n, fua, out);
		}
		if (err)
			return err;
		/* It was the bit. */
		mmc->no_fua |= refused;
		lba += n;
		count -= n;
		out += (size_t)n * LATHE_BLOCK_BYTES;
	}
	return 0;
}

int lathe_mmc_read(struct lathe_mmc *mmc, uint32_t lba, uint32_t count,
		   bool past_cache, uint8_t *out)
{
	int err = lathep_mmc_enter_for(mmc, false);

	if (err)
		return err;
	if (count == 0 || count > UINT32_MAX - lba)
		return lathep_mmc_fail(mmc, LATHE_ERR_ARG,
				       "%lu blocks from LBA %lu",
				       (unsigned long)count,
				       (unsigned long)lba);
	/* Whoever knows the medium must not get another one's blocks. */
	if (mmc->known && mmc->changed)
		return lathep_mmc_another_medium(mmc);
	mmc->guard = mmc->known ? LATHEP_MMC_GUARD_DISC : LATHEP_MMC_GUARD_NONE;
	err = read_all(mmc, lba, count, past_cache && !mmc->no_fua, out);
	mmc->guard = LATHEP_MMC_GUARD_NONE;
	return lathep_mmc_leave(mmc, err);
}
