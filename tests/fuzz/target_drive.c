/* SPDX-License-Identifier: MIT */
/*
 * A drive that answers as the input says: for each command a byte, then
 * sense (key, ASC, ASCQ) where its bit 7 is set, else the count of bytes that
 * are transferred (16 bits) and these bytes; all else is what a buffer holds
 * by chance. The engine reads drive, medium, tracks, sessions, compares the
 * disc with itself, records on it, closes, formats and blanks it: whatever the
 * answers are, each call ends, with a failure that says why. Each parser also
 * gets the whole input as one reply, in memory that ends with it.
 */
#include <string.h>

#include "mmc/lathe_mmc_commands.h"
#include "session/lathe_session.h"
#include "tests/fuzz/fuzz.h"

/* A drive may say for an hour of its clock that it is busy, and is asked every
 * half second; inputs are some thousand bytes. */
#define MOST_COMMANDS 20000u

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

/* ---- recording ---------------------------------------------------------- */

/* What is wished for hangs on the input as well. */
static void wish(struct fuzz_input *in, struct lathe_mmc_recording *how)
{
	uint8_t bits = fuzz_byte(in);

	memset(how, 0, sizeof(*how));
	how->final = bits & 1;
	how->simulate = bits & 2;
	how->reserve = bits & 4;
	how->stream = bits & 8;
	how->resume = bits & 16;
	if (bits & 32)
		how->write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE;
	if (bits & 64)
		how->track_blocks = 320;
	if (bits & 128)
		how->overwrite_start = 64;
	how->layer_break = (fuzz_byte(in) & 1u) * 16u;
}

static void write_all(struct lathe_mmc *mmc, uint32_t start)
{
	static const uint8_t blocks[40 * LATHE_BLOCK_BYTES];
	uint32_t next;
	bool possible;
	int err;

	for (uint32_t i = 0; i < 8; i++) {
		err = lathe_mmc_write(mmc, start, 40, blocks);
		check_failure(mmc, err);
		start = lathe_mmc_write_position(mmc);
		if (!err)
			continue;
		err = lathe_mmc_resync(mmc, &possible, &next);
		check_failure(mmc, err);
		if (err || !possible)
			return;
		start = next;
	}
}

static void record_all(struct lathe_mmc *mmc, struct fuzz_input *in)
{
	struct lathe_mmc_formatting format = { 0 };
	struct lathe_mmc_medium medium;
	struct lathe_mmc_recording how;
	uint32_t start;
	int err;

	err = lathe_mmc_read_medium(mmc, &medium);
	check_failure(mmc, err);
	if (err)
		return;
	wish(in, &how);
	err = lathe_mmc_begin_track(mmc, &medium, &how, &start);
	check_failure(mmc, err);
	if (!err) {
		write_all(mmc, start);
		err = lathe_mmc_end_track(mmc);
		check_failure(mmc, err);
		if (err)
			lathe_mmc_abandon_track(mmc);
	}
	check_failure(mmc, lathe_mmc_close_session(mmc, &medium, how.final));
	format.full = how.final;
	format.certify = how.simulate;
	format.spares = (enum lathe_mmc_spares)(fuzz_byte(in) % 3);
	check_failure(mmc, lathe_mmc_format(mmc, &medium, &format));
	check_failure(mmc, lathe_mmc_blank(mmc, &medium,
					   LATHE_MMC_BLANK_USUAL));
}

/* ---- replies ------------------------------------------------------------ */

/* Room for what any parser gives. */
union parsed {
	struct lathe_mmc_sense sense;
	struct lathe_mmc_inquiry inquiry;
	struct lathe_mmc_capacity capacity;
	struct lathe_mmc_mechanism mechanism;
	struct lathe_mmc_toc toc;
	struct lathe_mmc_atip atip;
	struct lathe_mmc_event event;
	struct lathe_mmc_disc_info disc_info;
	struct lathe_mmc_track_info track_info;
	struct lathe_mmc_write_parameters write_page;
	struct lathe_mmc_capabilities capabilities;
	struct lathe_mmc_format_capacities formats;
	struct lathe_mmc_formattable formattable;
	struct lathe_mmc_dvd_physical physical;
	struct lathe_mmc_media_id media_id;
	struct lathe_mmc_bd_spares spares;
	struct lathe_mmc_layer_break layer_break;
	struct lathe_mmc_performance_list performance;
	struct lathe_mmc_nominal nominal;
	struct lathe_mmc_speed write_speed;
};

static void parse_features(const uint8_t *d, size_t n)
{
	struct lathe_mmc_feature f;
	struct lathe_mmc_feature_random random;
	struct lathe_mmc_feature_formattable formattable;
	struct lathe_mmc_feature_plus plus;
	struct lathe_mmc_feature_rigid rigid;
	struct lathe_mmc_feature_bd_write bd;
	struct lathe_mmc_feature_streaming streaming;
	struct lathe_mmc_feature_incremental incremental;
	struct lathe_mmc_feature_writing writing;
	size_t offset = 0;
	bool told;

	while (lathe_mmc_next_feature(d, n, &offset, &f) == 0) {
		(void)lathe_mmc_parse_feature_random(&f, &random);
		(void)lathe_mmc_parse_feature_formattable(&f, &formattable);
		(void)lathe_mmc_parse_feature_defects(&f, &told);
		(void)lathe_mmc_parse_feature_plus(&f, &plus);
		(void)lathe_mmc_parse_feature_rigid(&f, &rigid);
		(void)lathe_mmc_parse_feature_bd_write(&f, &bd);
		(void)lathe_mmc_parse_feature_streaming(&f, &streaming);
		(void)lathe_mmc_parse_feature_incremental(&f, &incremental);
		(void)lathe_mmc_parse_feature_writing(&f, &writing);
	}
}

static void parse_all(const uint8_t *input, size_t n)
{
	uint8_t *d = malloc(n ? n : 1);
	union parsed out;
	char kind[4];

	FUZZ_CHECK(d != NULL);
	memcpy(d, input, n);
	(void)lathe_mmc_parse_sense(d, n, &out.sense);
	(void)lathe_mmc_parse_inquiry(d, n, &out.inquiry);
	(void)lathe_mmc_parse_capacity(d, n, &out.capacity);
	(void)lathe_mmc_parse_mechanism(d, n, &out.mechanism);
	(void)lathe_mmc_parse_toc(d, n, LATHE_MMC_TOC_FULL, &out.toc);
	(void)lathe_mmc_parse_atip(d, n, &out.atip);
	(void)lathe_mmc_parse_event(d, n, &out.event);
	(void)lathe_mmc_parse_disc_info(d, n, &out.disc_info);
	(void)lathe_mmc_parse_track_info(d, n, &out.track_info);
	(void)lathe_mmc_parse_write_parameters(d, n, &out.write_page);
	(void)lathe_mmc_parse_capabilities(d, n, &out.capabilities);
	(void)lathe_mmc_parse_format_capacities(d, n, &out.formats);
	(void)lathe_mmc_parse_dvd_physical(d, n, &out.physical);
	if (lathe_mmc_parse_pre_recorded(d, n, &out.media_id) == 0)
		FUZZ_CHECK(strlen(out.media_id.maker) <= 12);
	if (lathe_mmc_parse_adip(d, n, &out.media_id) == 0)
		FUZZ_CHECK(strlen(out.media_id.type) <= 3);
	if (lathe_mmc_parse_bd_information(d, n, kind, &out.media_id) == 0)
		FUZZ_CHECK(strlen(kind) <= 3);
	(void)lathe_mmc_parse_bd_spares(d, n, &out.spares);
	(void)lathe_mmc_parse_layer_break(d, n, &out.layer_break);
	(void)lathe_mmc_parse_performance(d, n, &out.performance);
	for (uint32_t i = 0;
	     lathe_mmc_parse_formattable(d, n, i, &out.formattable) == 0; i++)
		FUZZ_CHECK(i < 32);
	for (uint32_t i = 0; lathe_mmc_parse_nominal(d, n, i, &out.nominal) ==
				     0 &&
			     lathe_mmc_parse_write_speed(
				     d, n, i, &out.write_speed) == 0;
	     i++)
		FUZZ_CHECK(i < n);
	parse_features(d, n);
	free(d);
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
	record_all(&mmc, &drive.in);
	parse_all(data, size);
	fuzz_heap_end();
	return 0;
}
