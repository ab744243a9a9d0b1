/* SPDX-License-Identifier: MIT */
/*
 * disc_reader.c - a disc as a row of blocks, for the reader of volumes.
 */
#include "session/session_internal.h"

#include <string.h>

static bool is_inside(const struct lathe_blocks *blocks, uint32_t lba,
		      uint32_t count)
{
	return count && lba < blocks->end && count <= blocks->end - lba;
}

bool lathe_session_of_the_disc(const struct lathe_mmc *mmc, int err)
{
	const struct lathe_failure *failure = lathe_mmc_failure(mmc);

	return err == LATHE_ERR_SENSE &&
	       (failure->key == 0x3 || failure->key == 0x5 ||
		failure->key == 0x8);
}

/* A range with a bad block is split down to single ones below here. */
static int read_disc(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct lathe_session_reader *reader = ctx;
	int err;

	if (!is_inside(&reader->blocks, lba, count))
		return LATHE_ERR_ARG;
	err = lathe_mmc_read(reader->mmc, lba, count, reader->past_cache, out);
	if (err && !lathe_session_of_the_disc(reader->mmc, err))
		reader->drive_err = err;
	return err;
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
	reader->blocks.ctx = reader;
	reader->blocks.read = read_disc;
	if (medium->readable_end > run_out)
		reader->blocks.end = medium->readable_end - run_out;
}

/* What is read further would hide it: the drive's failure stays what it was. */
static int read_strictly(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	const struct lathe_session_reader *reader = ctx;

	return reader->drive_err ? reader->drive_err :
				   read_disc(ctx, lba, count, out);
}

void lathep_session_strict_reader(struct lathe_session_reader *reader,
				  struct lathe_mmc *mmc,
				  const struct lathe_mmc_medium *medium,
				  bool past_cache)
{
	lathe_session_reader_init(reader, mmc, medium, past_cache);
	reader->blocks.read = read_strictly;
}

static int read_longer(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct lathep_session_longer *longer = ctx;
	const struct lathe_blocks *inner = longer->inner;
	uint32_t there;

	if (!is_inside(&longer->blocks, lba, count))
		return LATHE_ERR_ARG;
	there = lba < inner->end ? inner->end - lba : 0;
	if (there < count && longer->strict)
		return LATHE_ERR_CORRUPT;
	if (there < count) {
		memset(out + (size_t)there * LATHE_BLOCK_BYTES, 0,
		       (size_t)(count - there) * LATHE_BLOCK_BYTES);
		count = there;
	}
	return count ? inner->read(inner->ctx, lba, count, out) : 0;
}

void lathep_session_lengthen(struct lathep_session_longer *longer,
			     const struct lathe_blocks *inner, uint32_t end)
{
	longer->inner = inner;
	longer->blocks.ctx = longer;
	longer->blocks.read = read_longer;
	longer->blocks.end = inner->end > end ? inner->end : end;
	longer->strict = false;
}
