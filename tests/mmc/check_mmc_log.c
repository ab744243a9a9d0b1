/* SPDX-License-Identifier: MIT */
/* The log of a drive, and a drive played from it. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mmc/emulator/lathe_emulator.h"
#include "mmc/lathe_mmc.h"
#include "mmc/lathe_mmc_commands.h"
#include "tests/suite.h"

/* ---- writing ------------------------------------------------------------ */

struct answer {
	struct lathe_cmd cmd; /* its result fields are what comes */
	int err;
	const uint8_t *data;
	char line[LATHE_MMC_LOG_LINE_MAX + 1];
	uint64_t clock;
};

static int give(void *ctx, struct lathe_cmd *cmd)
{
	struct answer *a = ctx;

	if (!cmd->to_drive && cmd->data && a->data)
		memcpy(cmd->data, a->data, a->cmd.moved);
	cmd->status = a->cmd.status;
	cmd->moved = a->cmd.moved;
	cmd->sense_len = a->cmd.sense_len;
	memcpy(cmd->sense, a->cmd.sense, sizeof(cmd->sense));
	cmd->cause = a->cmd.cause;
	cmd->host_status = a->cmd.host_status;
	cmd->driver_status = a->cmd.driver_status;
	cmd->sys_errno = a->cmd.sys_errno;
	a->clock += 25;
	return a->err;
}

static void keep(void *ctx, const char *text, size_t len)
{
	struct answer *a = ctx;

	ck_assert_uint_lt(len, sizeof(a->line));
	memcpy(a->line, text, len);
	a->line[len] = '\0';
}

static uint64_t clock_of(void *ctx)
{
	return ((struct answer *)ctx)->clock;
}

/* The line that this command and this answer give. */
static const char *log_one(struct answer *a, struct lathe_cmd *cmd, bool timed)
{
	struct lathe_mmc_scsi_log *log = calloc(1, sizeof(*log));

	log->execute = give;
	log->execute_ctx = a;
	log->line = keep;
	log->line_ctx = a;
	if (timed) {
		log->now_ms = clock_of;
		log->now_ctx = a;
	}
	ck_assert_int_eq(lathe_mmc_scsi_log_execute(log, cmd), a->err);
	free(log);
	return a->line;
}

START_TEST(lines_look_as_described)
{
	static const uint8_t capacity[8] = { 0, 0, 0x45, 0xeb, 0, 0, 8, 0 };
	static const uint8_t sense[4] = { 0x72, 0x02, 0x04, 0x08 };
	/* CRC-32C of "123456789" is E3069283 (RFC 3720). */
	uint8_t digits[9] = "12345678", buffer[8];
	struct answer *a = calloc(1, sizeof(*a));
	struct lathe_cmd cmd = { .cdb_len = 10, .timeout_ms = 1 };

	digits[8] = '9';
	cmd.cdb[0] = 0x25;
	cmd.data = buffer;
	cmd.data_len = 8;
	a->data = capacity;
	a->cmd.moved = 8;
	a->clock = 1000;
	ck_assert_str_eq(log_one(a, &cmd, true),
			 "cdb=25000000000000000000 in=8 data=000045eb00000800 "
			 "status=00 moved=8 time=1000+25");
	a->cmd.moved = 3;
	ck_assert_str_eq(log_one(a, &cmd, false),
			 "cdb=25000000000000000000 in=8 data=000045 status=00 "
			 "moved=3");
	a->cmd.moved = 0;
	ck_assert_str_eq(log_one(a, &cmd, false),
			 "cdb=25000000000000000000 in=8 status=00 moved=0");

	cmd.cdb[0] = 0x2a;
	cmd.to_drive = true;
	cmd.data = digits;
	cmd.data_len = 9;
	a->cmd.status = 2;
	a->cmd.sense_len = 4;
	memcpy(a->cmd.sense, sense, 4);
	ck_assert_str_eq(log_one(a, &cmd, false),
			 "cdb=2a000000000000000000 out=9 crc=e3069283 "
			 "status=02 moved=0 sense=72020408");

	memset(&cmd, 0, sizeof(cmd));
	cmd.cdb_len = 6;
	a->err = LATHE_ERR_TRANSPORT;
	a->cmd.cause = LATHE_CAUSE_TIMED_OUT;
	a->cmd.host_status = 3;
	a->cmd.driver_status = 6;
	a->cmd.sys_errno = 5;
	ck_assert_str_eq(log_one(a, &cmd, false),
			 "cdb=000000000000 cause=timed-out host=0003 "
			 "driver=0006 errno=5");
	free(a);
}
END_TEST

START_TEST(large_answers_are_kept_as_a_sum)
{
	struct answer *a = calloc(1, sizeof(*a));
	uint8_t *data = calloc(1, 65535);
	struct lathe_cmd cmd = { .cdb_len = 10, .timeout_ms = 1 };
	const char *line;

	cmd.cdb[0] = 0x46;
	cmd.data = data;
	cmd.data_len = 65535;
	a->cmd.moved = LATHE_MMC_LOG_DATA_MAX;
	line = log_one(a, &cmd, true);
	ck_assert_ptr_nonnull(strstr(line, " data=0000"));
	ck_assert_ptr_nonnull(strstr(line, " status=00 moved=4096 time="));
	a->cmd.moved = LATHE_MMC_LOG_DATA_MAX + 1;
	line = log_one(a, &cmd, true);
	ck_assert_ptr_nonnull(strstr(line, " crc="));
	ck_assert_ptr_null(strstr(line, " data="));
	free(data);
	free(a);
}
END_TEST

/* Blocks of a user are nobody else's business, whichever command moves them;
 * all else is kept. */
START_TEST(user_data_are_kept_as_a_sum)
{
	static const uint8_t opcodes[] = { 0x28, 0x2a, 0x2e, 0xa8, 0xaa, 0xbe };
	struct answer *a = calloc(1, sizeof(*a));
	uint8_t data[16] = { 0 };
	struct lathe_cmd cmd = { .cdb_len = 12,
				 .timeout_ms = 1,
				 .data = data,
				 .data_len = 16 };

	a->cmd.moved = 16;
	for (unsigned code = 0; code < 256; code++) {
		const char *line;

		cmd.cdb[0] = (uint8_t)code;
		line = log_one(a, &cmd, false);
		ck_assert_msg(!strstr(line, " crc=") ==
				      !memchr(opcodes, (int)code,
					      sizeof(opcodes)),
			      "%s", line);
	}
	free(a);
}
END_TEST

START_TEST(causes_have_the_names_that_are_described)
{
	static const char *const names[] = { "refused", "too-large",
					     "timed-out", "gone", "reset" };
	struct lathe_cmd cmd = { .cdb_len = 6, .timeout_ms = 1 };

	for (uint8_t i = 0; i < 5; i++) {
		struct answer *a = calloc(1, sizeof(*a));
		char want[80];

		a->err = LATHE_ERR_TRANSPORT;
		a->cmd.cause = (uint8_t)(LATHE_CAUSE_REFUSED + i);
		snprintf(want, sizeof(want),
			 "cdb=000000000000 cause=%s host=0000 driver=0000 "
			 "errno=0",
			 names[i]);
		ck_assert_str_eq(log_one(a, &cmd, false), want);
		free(a);
	}
}
END_TEST

/* ---- playing ------------------------------------------------------------ */

static struct lathe_mmc_replay player(const char *text)
{
	struct lathe_mmc_replay r = { .text = text, .len = strlen(text) };

	return r;
}

/* Play one command of 10 bytes with this operation code. */
static int play(struct lathe_mmc_replay *r, uint8_t opcode, bool to_drive,
		uint8_t *data, uint32_t len, struct lathe_cmd *cmd)
{
	memset(cmd, 0, sizeof(*cmd));
	cmd->cdb[0] = opcode;
	cmd->cdb_len = 10;
	cmd->to_drive = to_drive;
	cmd->data = data;
	cmd->data_len = len;
	cmd->timeout_ms = 1;
	return lathe_mmc_replay_execute(r, cmd);
}

START_TEST(answers_come_back_as_they_were)
{
	struct lathe_mmc_replay r = player(
		"# a comment\n"
		"\n"
		"cdb=25000000000000000000 in=8 data=000045EB0000 status=00 "
		"moved=6 time=1+2 later=name\r\n"
		"cdb=28000000000000000000 in=4 crc=12345678 status=00 moved=4\n"
		"cdb=2a000000000000000000 out=4 crc=12345678 status=02 moved=0 "
		"sense=720204080000\n"
		"cdb=55000000000000000000 out=2 data=0102 status=00 moved=2\n"
		"cdb=35000000000000000000 cause=reset host=0008 driver=0000 "
		"errno=11");
	struct lathe_cmd cmd;
	uint8_t data[8];

	memset(data, 0x77, sizeof(data));
	ck_assert_int_eq(play(&r, 0x25, false, data, 8, &cmd), 0);
	ck_assert_uint_eq(cmd.moved, 6);
	ck_assert_uint_eq(data[3], 0xeb);
	ck_assert_uint_eq(data[6], 0x77);
	ck_assert_uint_eq(r.line, 3);
	ck_assert_int_eq(play(&r, 0x28, false, data, 4, &cmd), 0);
	ck_assert_uint_eq(data[3], 0);
	ck_assert_int_eq(play(&r, 0x2a, true, data, 4, &cmd), 0);
	ck_assert_uint_eq(cmd.status, 2);
	ck_assert_uint_eq(cmd.sense_len, 6);
	ck_assert_uint_eq(cmd.sense[3], 8);
	data[0] = 1;
	data[1] = 2;
	ck_assert_int_eq(play(&r, 0x55, true, data, 2, &cmd), 0);
	ck_assert_uint_eq(cmd.moved, 2);
	ck_assert_int_eq(play(&r, 0x35, false, NULL, 0, &cmd),
			 LATHE_ERR_TRANSPORT);
	ck_assert_uint_eq(cmd.cause, LATHE_CAUSE_RESET);
	ck_assert_uint_eq(cmd.host_status, 8);
	ck_assert_int_eq(cmd.sys_errno, 11);
	ck_assert(!r.mismatch);
	ck_assert_uint_eq(r.at, r.len);
	/* Behind the end there is nothing. */
	ck_assert_int_eq(play(&r, 0x35, false, NULL, 0, &cmd),
			 LATHE_ERR_TRANSPORT);
	ck_assert(r.mismatch);
	ck_assert_uint_eq(cmd.cause, LATHE_CAUSE_GONE);
}
END_TEST

START_TEST(another_command_is_a_mismatch)
{
	static const char *const lines[] = {
		/* opcode, direction, size, parameter list, no result */
		"cdb=56000000000000000000 out=2 data=0102 status=00 moved=2",
		"cdb=55000000000000000000 in=2 data=0102 status=00 moved=2",
		"cdb=55000000000000000000 out=3 data=010203 status=00 moved=3",
		"cdb=55000000000000000000 out=2 data=0103 status=00 moved=2",
		"cdb=55000000000000000000 out=2 data=0102",
		"cdb=550000000000000000 out=2 data=0102 status=00 moved=2",
		"cdb=55000000000000000000 status=00",
		/* damaged lines */
		"cdb=55000000000000000000 out=2 data=01 status=00 moved=2",
		"cdb=55000000000000000000 out=2 data=0102 status=00 moved=3",
		"cdb=55000000000000000000 out=2 data=0102 status=1ff moved=2",
		"cdb=55000000000000000000 out=2 data=0102 status=0x moved=2",
		"cdb=55000000000000000000 out=2 data=0102 status=00 moved=9z",
		"cdb=55000000000000000000 out=2 data=0102 status=02 moved=0 "
		"sense=7",
		"cdb=55000000000000000000 out=2 data=0102 status=02 moved=0 "
		"sense=7g",
		"cdb=55000000000000000000 out=2 data=0102 cause=unheard",
		"cdb=55000000000000000000 out=2 data=0102 cause=gone "
		"errno=99999999999",
		"out=2",
		"cdb",
		"cdb=",
		" ",
	};
	uint8_t data[2] = { 1, 2 };
	struct lathe_cmd cmd;

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct lathe_mmc_replay r = player(lines[i]);

		ck_assert_msg(play(&r, 0x55, true, data, 2, &cmd) ==
				      LATHE_ERR_TRANSPORT,
			      "line %zu", i);
		ck_assert_msg(r.mismatch && r.line == 1, "line %zu", i);
		ck_assert_uint_eq(cmd.cause, LATHE_CAUSE_GONE);
	}
}
END_TEST

/* For READ CAPACITY of 8 bytes. */
START_TEST(damaged_questions_are_a_mismatch)
{
	static const char *const lines[] = {
		"cdb=25000000000000000000 status=00",
		"cdb=25000000000000000000 in=4 data=00000000 status=00 moved=4",
		"cdb=2500000000000000000000 in=8 status=00 moved=8",
		"cdb=25000000000000000000 in= status=00",
		"cdb=25000000000000000000 in=8 status=00 moved=",
		"cdb=25000000000000000000 in=4294967304 status=00 moved=8",
		"cdb=25000000000000000000 in=18446744073709551624 status=00",
		"cdb=25000000000000000000 in=8 status=00 moved=c",
		"cdb=25000000000000000000 in=8 data=000045eb status=00 moved=8",
		"cdb=25000000000000000000 in=8 status=00 moved=9",
		"cdb=25000000000000000000 in=8 cause=reset errno=2147483648",
		"cdb=25000000000000000000 in=8 cause=reset errno=a",
		/* 65 bytes of sense data */
		"cdb=25000000000000000000 in=8 status=02 moved=0 sense="
		"70000000000000000000000000000000000000000000000000000000000000"
		"00000000000000000000000000000000000000000000000000000000000000"
		"000000",
	};
	uint8_t data[8];
	struct lathe_cmd cmd;

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct lathe_mmc_replay r = player(lines[i]);

		ck_assert_msg(play(&r, 0x25, false, data, 8, &cmd) ==
				      LATHE_ERR_TRANSPORT,
			      "line %zu", i);
		ck_assert_msg(r.mismatch, "line %zu", i);
		ck_assert_uint_eq(cmd.moved, 0);
		ck_assert_uint_eq(cmd.status, 0);
	}
}
END_TEST

/* Unknown names, even those that begin as known ones; a log with the line ends
 * of another system; blocks that were sent stay the caller's. */
START_TEST(what_is_not_known_is_skipped)
{
	struct lathe_mmc_replay r = player(
		"cdbs=00 cdb=25000000000000000000 incident=7 in=8 "
		"data=000045eb00000800 statuses=ff status=00 moved=8\r\n"
		"cdb=2a000000000000000000 out=4 crc=12345678 status=00 "
		"moved=4\r\n");
	struct lathe_cmd cmd;
	uint8_t data[8];

	ck_assert_int_eq(play(&r, 0x25, false, data, 8, &cmd), 0);
	ck_assert_uint_eq(data[2], 0x45);
	memset(data, 0x77, sizeof(data));
	ck_assert_int_eq(play(&r, 0x2a, true, data, 4, &cmd), 0);
	ck_assert_uint_eq(data[0], 0x77);
	ck_assert_uint_eq(r.at, r.len);
}
END_TEST

/* Nothing that comes behind a mismatch is believed, and 'at' shows where it
 * was. */
START_TEST(a_mismatch_is_the_end)
{
	static const char first[] = "cdb=35000000000000000000 status=00\n";
	struct lathe_mmc_replay r =
		player("cdb=35000000000000000000 status=00\n"
		       "cdb=35000000000000000000 status=00\n");
	struct lathe_cmd cmd;

	ck_assert_int_eq(play(&r, 0x35, false, NULL, 0, &cmd), 0);
	ck_assert_int_eq(play(&r, 0x00, false, NULL, 0, &cmd),
			 LATHE_ERR_TRANSPORT);
	ck_assert_uint_eq(r.at, sizeof(first) - 1);
	ck_assert_int_eq(play(&r, 0x35, false, NULL, 0, &cmd),
			 LATHE_ERR_TRANSPORT);
	ck_assert_uint_eq(r.line, 2);
}
END_TEST

/* No line, however cut, is read past its end. */
START_TEST(cut_logs_are_never_read_past_their_end)
{
	static const char full[] =
		"cdb=25000000000000000000 in=8 data=000045eb00000800 status=02 "
		"moved=8 sense=72020408 time=1+2\n";
	uint8_t data[8];
	struct lathe_cmd cmd;

	for (size_t n = 0; n <= sizeof(full) - 1; n++) {
		char *text = malloc(n ? n : 1);
		struct lathe_mmc_replay r = { .text = text, .len = n };

		memcpy(text, full, n);
		(void)play(&r, 0x25, false, data, 8, &cmd);
		ck_assert_uint_le(r.at, n);
		free(text);
	}
}
END_TEST

/* ---- both: a whole burn, played again ----------------------------------- */

struct record {
	char *text;
	size_t len, room;
};

static void append(void *ctx, const char *text, size_t len)
{
	struct record *r = ctx;

	if (r->room - r->len < len + 1) {
		r->room = 2 * r->room + len + 1;
		r->text = realloc(r->text, r->room);
		ck_assert_ptr_nonnull(r->text);
	}
	memcpy(r->text + r->len, text, len);
	r->text[r->len + len] = '\n';
	r->len += len + 1;
}

static int burn(struct lathe_mmc *mmc, struct lathe_mmc_medium *medium)
{
	static const struct lathe_mmc_recording how = { 0 };
	static uint8_t blocks[32 * 2048];
	uint32_t start;
	int err;

	err = lathe_mmc_wait_ready(mmc, 60000);
	if (!err)
		err = lathe_mmc_read_medium(mmc, medium);
	if (!err)
		err = lathe_mmc_begin_track(mmc, medium, &how, &start);
	for (uint32_t lba = 0; !err && lba < 320; lba += 32)
		err = lathe_mmc_write(mmc, start + lba, 32, blocks);
	if (!err)
		err = lathe_mmc_end_track(mmc);
	if (!err)
		err = lathe_mmc_close_session(mmc, medium, false);
	if (!err)
		err = lathe_mmc_read_medium(mmc, medium);
	return err;
}

/* The engine has one context for all three callbacks: log and emulator. */
struct logged_drive {
	struct lathe_mmc_scsi_log log;
	struct lathe_emulator *emulator;
};

static int logged_execute(void *ctx, struct lathe_cmd *cmd)
{
	return lathe_mmc_scsi_log_execute(&((struct logged_drive *)ctx)->log,
					  cmd);
}

static uint64_t logged_now(void *ctx)
{
	return lathe_emulator_now_ms(((struct logged_drive *)ctx)->emulator);
}

static void logged_sleep(void *ctx, uint32_t ms)
{
	lathe_emulator_sleep_ms(((struct logged_drive *)ctx)->emulator, ms);
}

/* Burn on the emulator, and keep what went over the wire. */
static void burn_logged(struct record *record, struct lathe_mmc_medium *medium)
{
	struct lathe_hooks hooks = { 0 };
	struct lathe_emulator_config drive = { .size = sizeof(drive) };
	struct lathe_mmc_config config = { .size = sizeof(config) };
	struct logged_drive *d = calloc(1, sizeof(*d));
	struct lathe_emulator_store *disc;
	struct lathe_mmc mmc;

	ck_assert_int_eq(lathe_emulator_store_memory(
				 &hooks, LATHE_EMULATOR_CD_R_80, &disc),
			 0);
	ck_assert_int_eq(lathe_emulator_create(&drive, &d->emulator), 0);
	lathe_emulator_insert(d->emulator, disc);
	d->log.execute = lathe_emulator_execute;
	d->log.execute_ctx = d->emulator;
	d->log.line = append;
	d->log.line_ctx = record;
	d->log.now_ms = lathe_emulator_now_ms;
	d->log.now_ctx = d->emulator;
	config.ctx = d;
	config.execute = logged_execute;
	config.now_ms = logged_now;
	config.sleep_ms = logged_sleep;
	ck_assert_int_eq(lathe_mmc_init(&mmc, &config), 0);
	ck_assert_int_eq(burn(&mmc, medium), 0);
	lathe_emulator_insert(d->emulator, NULL);
	lathe_emulator_destroy(d->emulator);
	lathe_emulator_store_close(disc);
	free(d);
}

START_TEST(a_logged_burn_can_be_played_again)
{
	struct lathe_mmc_config config = { .size = sizeof(config) };
	struct lathe_mmc_medium first, again;
	struct record record = { 0 };
	struct lathe_mmc_replay r = { 0 };
	struct lathe_mmc mmc;

	memset(&first, 0, sizeof(first));
	memset(&again, 0, sizeof(again));
	burn_logged(&record, &first);
	r.text = record.text;
	r.len = record.len;
	config.ctx = &r;
	config.execute = lathe_mmc_replay_execute;
	config.now_ms = lathe_mmc_replay_now_ms;
	config.sleep_ms = lathe_mmc_replay_sleep_ms;
	ck_assert_int_eq(lathe_mmc_init(&mmc, &config), 0);
	ck_assert_msg(burn(&mmc, &again) == 0, "line %u: %s", (unsigned)r.line,
		      lathe_mmc_failure(&mmc)->text);
	ck_assert(!r.mismatch);
	ck_assert_uint_eq(r.at, r.len);
	ck_assert_int_eq(again.status, LATHE_MMC_STATUS_APPENDABLE);
	ck_assert_uint_eq(again.next_writable, first.next_writable);
	ck_assert_uint_eq(again.free_blocks, first.free_blocks);
	free(record.text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc log");
	TCase *t = tcase_create("all");

	tcase_add_test(t, lines_look_as_described);
	tcase_add_test(t, large_answers_are_kept_as_a_sum);
	tcase_add_test(t, user_data_are_kept_as_a_sum);
	tcase_add_test(t, causes_have_the_names_that_are_described);
	tcase_add_test(t, answers_come_back_as_they_were);
	tcase_add_test(t, another_command_is_a_mismatch);
	tcase_add_test(t, damaged_questions_are_a_mismatch);
	tcase_add_test(t, what_is_not_known_is_skipped);
	tcase_add_test(t, a_mismatch_is_the_end);
	tcase_add_test(t, cut_logs_are_never_read_past_their_end);
	tcase_add_test(t, a_logged_burn_can_be_played_again);
	suite_add_tcase(s, t);
	return run_suite(s);
}
