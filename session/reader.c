/* SPDX-License-Identifier: MIT */
/*
 * reader.c - a disc as a row of blocks, for the reader of volumes.
 */
#include "session/session_internal.h"

#include <string.h>

/* Is it worth asking for less? A read error of the medium may come from one
 * block of many; an aborted command goes through the second time. */
static bool may_be_split(const struct lathe_mmc *mmc, int err)
{
	const struct lathe_failure *failure = lathe_mmc_failure(mmc);

	return err == LATHE_ERR_SENSE && failure->err == err &&
	       (failure->key == 0x3 || failure->key == 0xB);
}

/* Blocks at the front that did arrive, as the failure tells. */
static uint32_t good_blocks(const struct lathe_mmc *mmc, uint32_t lba,
			    uint32_t count)
{
	const struct lathe_failure *failure = lathe_mmc_failure(mmc);

	if (!failure->has_lba || failure->lba <= lba ||
	    failure->lba - lba >= count)
		return 0;
	return failure->lba - lba;
}

static int read_range(struct lathe_session_reader *reader, uint32_t lba,
		      uint32_t count, uint8_t *out)
{
	uint32_t good, half;
	int err;

	err = lathe_mmc_read(reader->mmc, lba, count, reader->past_cache, out);
	if (!err || !may_be_split(reader->mmc, err))
		return err;
	good = good_blocks(reader->mmc, lba, count);
	lba += good;
	count -= good;
	out += (size_t)good * LATHE_BLOCK_BYTES;
	if (count == 1)
		return lathe_mmc_read(reader->mmc, lba, 1, reader->past_cache,
				      out);

	/* Halves of halves: at most 32 calls deep. */
	half = count / 2;
	err = read_range(reader, lba, half, out);
	if (err)
		return err;
	return read_range(reader, lba + half, count - half,
			  out + (size_t)half * LATHE_BLOCK_BYTES);
}

static int read_blocks(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct lathe_session_reader *reader = ctx;
	uint32_t there;

	if (!count || lba >= reader->blocks.end ||
	    count > reader->blocks.end - lba)
		return LATHE_ERR_ARG;

	/* Where 'end' was put behind what is recorded (a session that was
	 * closed short), the rest counts as zeros: the drive is not asked. */
	there = lba < reader->recorded_end ? reader->recorded_end - lba : 0;
	if (there < count) {
		memset(out + (size_t)there * LATHE_BLOCK_BYTES, 0,
		       (size_t)(count - there) * LATHE_BLOCK_BYTES);
		count = there;
	}
	return count ? read_range(reader, lba, count, out) : 0;
}

void lathe_session_reader_init(struct lathe_session_reader *reader,
			       struct lathe_mmc *mmc,
			       const struct lathe_mmc_medium *medium,
			       bool past_cache)
{
	uint32_t run_out = lathep_session_run_out(medium->kind);

	memset(reader, 0, sizeof(*reader));
	reader->mmc = mmc;
	reader->past_cache = past_cache;
	if (medium->readable_end > run_out)
		reader->recorded_end = medium->readable_end - run_out;
	reader->blocks.ctx = reader;
	reader->blocks.read = read_blocks;
	reader->blocks.end = reader->recorded_end;
}
