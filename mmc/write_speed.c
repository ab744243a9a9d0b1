/* SPDX-License-Identifier: MIT */
/*
 * write_speed.c - how fast is written: SET CD SPEED for CD, SET STREAMING for
 * DVD and BD. A drive that refuses keeps its speed.
 */
#include "mmc/mmc_strategy.h"

enum { CD_SINGLE = 176400 };

static int send_cd_speed(struct lathe_mmc *mmc, uint32_t kb_per_s)
{
	uint8_t cdb[12];

	return lathep_mmc_command(
		mmc, cdb,
		lathe_mmc_encode_set_cd_speed(cdb, sizeof(cdb),
					      LATHE_MMC_SPEED_MAXIMUM,
					      kb_per_s),
		LATHEP_MMC_REPEATABLE);
}

static int set_cd_speed(struct lathe_mmc *mmc, uint32_t kb_per_s)
{
	uint32_t kb = kb_per_s;
	int err;

	if (kb == 0 || kb > LATHE_MMC_SPEED_MAXIMUM)
		kb = LATHE_MMC_SPEED_MAXIMUM;
	err = send_cd_speed(mmc, kb);
	/* Some take a nominal speed only when it is a little exceeded. */
	if (lathep_mmc_unknown(mmc, err) && kb + 177 < LATHE_MMC_SPEED_MAXIMUM)
		err = send_cd_speed(mmc, kb + 177);
	return err;
}

/*
 * The values outlive a change of the disc, so the drive's own ones are asked
 * for where no speed is. The end is the disc's real one: some drives refuse
 * FFFFFFFFh. Reading stays as fast as it can be. Without an end the drive keeps
 * its speed.
 */
static int set_streaming(struct lathe_mmc *mmc, uint32_t kb_per_s)
{
	struct lathe_mmc_streaming want = {
		.defaults = kb_per_s == 0,
		.end_lba = mmc->end_lba,
		.read_kb = kb_per_s,
		.write_kb = kb_per_s,
	};
	struct lathe_mmc_capabilities cap = { 0 };
	uint8_t list[LATHE_MMC_STREAMING_BYTES], cdb[12];
	int err;

	if (kb_per_s && !mmc->end_lba)
		return 0;
	if (kb_per_s) {
		err = lathep_mmc_capabilities(mmc, &cap);
		if (err && !lathep_mmc_optional(mmc, err))
			return err;
		if (cap.max_read_kb > want.read_kb)
			want.read_kb = cap.max_read_kb;
	}
	lathe_mmc_build_streaming(&want, list, sizeof(list));
	return lathep_mmc_send_list(
		mmc, cdb, lathe_mmc_encode_set_streaming(cdb, sizeof(cdb)),
		LATHEP_MMC_REPEATABLE, list, sizeof(list));
}

/*
 * How long to wait when the buffer is full. Makers ask for at least 220 ms at
 * CD 4x, 110 at 8x and so on, and for 100 ms at DVD 1x, 50 at 2x: that is
 * 155232 and 138500 ms over the speed in kB/s.
 */
static void set_buffer_pause(struct lathe_mmc *mmc, bool cd, uint32_t single_kb,
			     uint32_t kb_per_s)
{
	uint32_t work = cd ? 155232 : 138500;

	/* No drive writes slower than 1x. */
	if (kb_per_s != 0 && kb_per_s < single_kb)
		kb_per_s = single_kb;
	mmc->buffer_pause_ms = kb_per_s ? work / kb_per_s + 1 : 0;
}

int lathep_mmc_set_speed(struct lathe_mmc *mmc, uint32_t kb_per_s)
{
	struct lathe_mmc_capabilities cap = { 0 };
	uint32_t single = mmc->strategy && mmc->strategy->single_speed
				  ? mmc->strategy->single_speed
				  : CD_SINGLE;
	uint32_t single_kb = (single + 500) / 1000;
	bool cd = single == CD_SINGLE;
	int err = cd ? set_cd_speed(mmc, kb_per_s)
		     : set_streaming(mmc, kb_per_s);

	if (err && !lathep_mmc_unknown(mmc, err))
		return err;
	err = lathep_mmc_capabilities(mmc, &cap);
	if (err && !lathep_mmc_optional(mmc, err))
		return err;
	/* Some drives tell CD speeds or 0 while a DVD is in. */
	if (!cd && cap.write_kb < single_kb / 4 * 3)
		cap.write_kb = 0;
	mmc->granted_kb = cap.write_kb;
	set_buffer_pause(mmc, cd, single_kb,
			 cap.write_kb ? cap.write_kb : kb_per_s);
	return 0;
}

int lathe_mmc_set_write_speed(struct lathe_mmc *mmc, uint32_t kb_per_s)
{
	lathep_mmc_enter(mmc);
	return lathep_mmc_leave(mmc, lathep_mmc_set_speed(mmc, kb_per_s));
}

uint32_t lathe_mmc_write_speed(const struct lathe_mmc *mmc)
{
	return mmc->granted_kb;
}
