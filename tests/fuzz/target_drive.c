/* SPDX-License-Identifier: MIT */
/*
 * A drive that answers as the input says: for each command a byte, then
 * sense (key, ASC, ASCQ) where its bit 7 is set, else the count of bytes that
 * are transferred (16 bits) and these bytes; all else is what a buffer holds
 * by chance. The engine reads drive, medium, tracks, sessions, and compares
 * the disc with itself: whatever the answers are, each call ends, with a
 * failure that says why.
 */
#include <string.h>

#include "session/lathe_session.h"
#include "tests/fuzz/fuzz.h"

#define MOST_COMMANDS 3000u

struct drive {
	struct fuzz_input in;
	uint64_t now_ms;
	uint32_t commands;
};

static void put_sense(struct lathe_cmd *cmd, struct fuzz_input *in)
{
	/* SPC-3 4.5.3: fixed format, current. */
	cmd->status = 2;
	cmd->sense_len = 18;
	memset(cmd->sense, 0, sizeof(cmd->sense));
	cmd->sense[0] = 0x70;
	cmd->sense[2] = fuzz_byte(in) & 15;
	cmd->sense[7] = 10;
	cmd->sense[12] = fuzz_byte(in);
	cmd->sense[13] = fuzz_byte(in);
}

static int execute(void *ctx, struct lathe_cmd *cmd)
{
	struct drive *drive = ctx;
	struct fuzz_input *in = &drive->in;
	uint8_t how = fuzz_byte(in);
	uint32_t moved, i;

	FUZZ_CHECK(cmd->timeout_ms != 0);
	FUZZ_CHECK(cmd->cdb_len == 6 || cmd->cdb_len == 10 ||
		   cmd->cdb_len == 12 || cmd->cdb_len == 16);
	FUZZ_CHECK(++drive->commands < MOST_COMMANDS);
	drive->now_ms += 10;
	cmd->status = 0;
	cmd->sense_len = 0;
	cmd->moved = 0;
	cmd->cause = LATHE_CAUSE_OK;
	if (how == 0x7F) {
		cmd->cause = LATHE_CAUSE_TIMED_OUT;
		return LATHE_ERR_TRANSPORT;
	}
	if (how & 0x80) {
		put_sense(cmd, in);
		return 0;
	}
	moved = fuzz_u16(in);
	if (how & 1 || moved > cmd->data_len)
		moved = cmd->data_len;
	cmd->moved = moved;
	if (!cmd->to_drive && cmd->data_len) {
		memset(cmd->data, 0x55, cmd->data_len);
		for (i = 0; i < moved && in->left > 0; i++)
			cmd->data[i] = fuzz_byte(in);
	}
	return 0;
}

static uint64_t now_ms(void *ctx)
{
	return ((struct drive *)ctx)->now_ms;
}

static void sleep_ms(void *ctx, uint32_t ms)
{
	((struct drive *)ctx)->now_ms += ms;
}

static void check_failure(struct lathe_mmc *mmc, int err)
{
	if (err)
		FUZZ_CHECK(lathe_mmc_failure(mmc)->text[0] != 0);
}

static void ask_all(struct lathe_mmc *mmc)
{
	struct lathe_hooks hooks = fuzz_hooks();
	struct lathe_session_identity identity;
	struct lathe_session_disc disc;
	struct lathe_session_info info;
	struct lathe_mmc_medium medium;
	struct lathe_mmc_drive drive;
	struct lathe_mmc_track track;
	uint32_t i;
	size_t moved;
	uint8_t *toc = malloc(804);

	FUZZ_CHECK(toc != NULL);
	check_failure(mmc, lathe_mmc_read_drive(mmc, &drive));
	check_failure(mmc, lathe_mmc_wait_ready(mmc, 3000));
	check_failure(mmc, lathe_mmc_read_medium(mmc, &medium));
	check_failure(mmc, lathe_mmc_read_track(mmc, 1, &track));
	check_failure(mmc, lathe_mmc_read_full_toc(mmc, toc, 804, &moved));
	free(toc);
	if (lathe_session_identify(mmc, &identity) == 0)
		FUZZ_CHECK(lathe_session_identity_differs(&identity,
							  &identity) == -1);
	if (lathe_session_inspect(mmc, &hooks, &disc) == 0)
		for (i = 1; i <= disc.medium.sessions && i < 5; i++)
			(void)lathe_session_get(mmc, &disc, i, &info);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct drive drive = { .in = { data, size } };
	struct lathe_mmc_config config = {
		.size = sizeof(config), .ctx = &drive, .execute = execute,
		.now_ms = now_ms, .sleep_ms = sleep_ms,
	};
	struct lathe_mmc mmc;

	FUZZ_CHECK(lathe_mmc_init(&mmc, &config) == 0);
	ask_all(&mmc);
	fuzz_heap_end();
	return 0;
}
