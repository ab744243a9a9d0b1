/* SPDX-License-Identifier: MIT */
/* drive.c - the drive object, and the drive apart from its medium. */
#include "mmc/mmc_internal.h"

int lathe_mmc_init(struct lathe_mmc *mmc, const struct lathe_mmc_config *config)
{
	uint32_t max;

	if (config->size != sizeof(*config) || !config->execute ||
	    !config->now_ms || !config->sleep_ms)
		return LATHE_ERR_ARG;
	max = config->max_transfer ? config->max_transfer
				   : LATHE_MMC_MAX_TRANSFER_DEFAULT;
	max = max / LATHE_BLOCK_BYTES * LATHE_BLOCK_BYTES;

	memset(mmc, 0, sizeof(*mmc));
	mmc->config = *config;
	mmc->max_transfer = max ? max : LATHE_BLOCK_BYTES;
	return 0;
}

uint64_t lathe_mmc_now_ms(const struct lathe_mmc *mmc)
{
	return mmc->config.now_ms(mmc->config.ctx);
}

const struct lathe_hooks *lathe_mmc_hooks(const struct lathe_mmc *mmc)
{
	return &mmc->config.hooks;
}

bool lathe_mmc_heed_cancel(struct lathe_mmc *mmc, bool heed)
{
	bool heeded = !mmc->uncancelled;

	mmc->uncancelled = !heed;
	return heeded;
}

static int inquire(struct lathe_mmc *mmc, struct lathe_mmc_inquiry *out)
{
	struct lathep_mmc_request rq;
	uint8_t data[LATHE_MMC_INQUIRY_BYTES];
	size_t moved;
	int err = lathep_mmc_ask(mmc, &rq,
				 lathe_mmc_encode_inquiry(
					 rq.cmd.cdb, sizeof(rq.cmd.cdb),
					 sizeof(data)),
				 0, data, sizeof(data), &moved);

	if (err)
		return err;
	if (lathe_mmc_parse_inquiry(data, moved, out) != 0)
		return lathep_mmc_cut_answer(mmc, &rq);
	return 0;
}

static int read_drive(struct lathe_mmc *mmc, struct lathe_mmc_drive *out)
{
	struct lathe_mmc_inquiry inquiry;
	struct lathe_mmc_capabilities cap = { 0 };
	struct lathep_mmc_features features = { 0 };
	int err;

	err = inquire(mmc, &inquiry);
	if (err)
		return err;
	if (inquiry.device_type != 0x05)
		return lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
				       "%s %s is no optical drive (device "
				       "type %02Xh)",
				       inquiry.vendor, inquiry.product,
				       inquiry.device_type);
	err = lathep_mmc_features(mmc, &features);
	if (err && !lathep_mmc_optional(mmc, err))
		return err;
	err = lathep_mmc_capabilities(mmc, &cap);
	if (err && !lathep_mmc_optional(mmc, err))
		return err;

	memset(out, 0, sizeof(*out));
	memcpy(out->vendor, inquiry.vendor, sizeof(out->vendor));
	memcpy(out->product, inquiry.product, sizeof(out->product));
	memcpy(out->revision, inquiry.revision, sizeof(out->revision));
	out->device_type = inquiry.device_type;
	out->removable = inquiry.removable;
	out->buffer_bytes = cap.buffer_bytes;
	out->kinds = features.kinds;
	out->can_write_cd_r = (features.kinds >> LATHE_MMC_KIND_CD_R & 1) ||
			      cap.writes_cd_r;
	out->can_write_cd_rw = (features.kinds >> LATHE_MMC_KIND_CD_RW & 1) ||
			       cap.writes_cd_rw;
	return 0;
}

int lathe_mmc_read_drive(struct lathe_mmc *mmc, struct lathe_mmc_drive *out)
{
	lathep_mmc_enter(mmc);
	return lathep_mmc_leave(mmc, read_drive(mmc, out));
}

int lathe_mmc_wait_ready(struct lathe_mmc *mmc, uint32_t timeout_ms)
{
	lathep_mmc_enter(mmc);
	return lathep_mmc_leave(mmc,
				lathep_mmc_test_ready(mmc, timeout_ms,
						      LATHEP_MMC_CANCELLABLE));
}

bool lathe_mmc_media_changed(struct lathe_mmc *mmc)
{
	bool seen = mmc->attention;

	mmc->attention = 0;
	return seen;
}

int lathe_mmc_lock_tray(struct lathe_mmc *mmc, bool locked)
{
	int err;

	lathep_mmc_enter(mmc);
	err = lathep_mmc_prevent(mmc, locked);
	/* A drive that has taken PREVENT has a lock, and it is still set. */
	if (lathep_mmc_unknown(mmc, err) && (locked || !mmc->locked)) {
		lathep_mmc_log(mmc, LATHE_LOG_INFO, "mmc.no-lock", "%s",
			       mmc->failure.text);
		err = 0;
	} else if (err == 0) {
		mmc->locked = locked;
	}
	return lathep_mmc_leave(mmc, err);
}

static int start_stop(struct lathe_mmc *mmc, enum lathe_mmc_start_stop action)
{
	uint8_t cdb[6];

	return lathep_mmc_command(
		mmc, cdb,
		lathe_mmc_encode_start_stop(cdb, sizeof(cdb), false, action),
		0);
}

int lathe_mmc_eject(struct lathe_mmc *mmc)
{
	int err = lathep_mmc_enter_for(mmc, false);

	if (err)
		return err;
	err = lathep_mmc_prevent(mmc, false);
	if (err == 0 || lathep_mmc_optional(mmc, err)) {
		mmc->locked = 0;
		err = start_stop(mmc, LATHE_MMC_EJECT);
	}
	/* What comes in next may be another disc, and nobody may say so. */
	if (err == 0) {
		mmc->ended = 0;
		mmc->simulating = 0;
		mmc->unsettled = 0;
		mmc->changed = 1;
	}
	return lathep_mmc_leave(mmc, err);
}

int lathe_mmc_load(struct lathe_mmc *mmc)
{
	int err = lathep_mmc_enter_for(mmc, false);

	if (err)
		return err;
	return lathep_mmc_leave(mmc, start_stop(mmc, LATHE_MMC_LOAD));
}
