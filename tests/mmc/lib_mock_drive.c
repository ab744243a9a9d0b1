/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"

size_t mock_hex(const char *text, uint8_t *out, size_t room)
{
	size_t len = 0;

	while (*text) {
		unsigned byte;

		if (*text == ' ' || *text == '\n') {
			text++;
			continue;
		}
		ck_assert_int_eq(sscanf(text, "%2x", &byte), 1);
		ck_assert_uint_lt(len, room);
		out[len++] = (uint8_t)byte;
		text += 2;
	}
	return len;
}

static void print_hex(const uint8_t *bytes, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++)
		sprintf(out + 3 * i, "%02x ", bytes[i]);
}

static void play_data(struct mock_step *s, struct lathe_cmd *cmd)
{
	size_t n = s->reply_len < cmd->data_len ? s->reply_len : cmd->data_len;

	if (cmd->to_drive) {
		if (s->sent_len) {
			ck_assert_uint_eq(cmd->data_len, s->sent_len);
			ck_assert_mem_eq(cmd->data, s->sent, s->sent_len);
		}
		cmd->moved = cmd->data_len;
	} else if (s->reply_len) {
		/* What lies behind the answer is stale. */
		memset(cmd->data, 0xa5, cmd->data_len);
		memcpy(cmd->data, s->reply, n);
		cmd->moved = (uint32_t)n;
	} else if (cmd->data_len) {
		memset(cmd->data, 0, cmd->data_len);
		cmd->moved = cmd->data_len;
	}
	if (s->status == 0x02)
		cmd->moved = 0;
	if (s->has_moved)
		cmd->moved = s->moved;
}

static int mock_execute(void *ctx, struct lathe_cmd *cmd)
{
	struct mock_drive *m = ctx;
	struct mock_step *s = &m->steps[m->at];
	char got[64] = "", want[64] = "";

	print_hex(cmd->cdb, cmd->cdb_len, got);
	if (m->at == m->count)
		ck_abort_msg("after %zu steps: unexpected %s", m->at, got);
	print_hex(s->cdb, s->cdb_len, want);
	if (cmd->cdb_len != s->cdb_len ||
	    memcmp(cmd->cdb, s->cdb, s->cdb_len) != 0)
		ck_abort_msg("step %zu: got %s, expected %s", m->at, got, want);
	ck_assert_uint_ne(cmd->timeout_ms, 0);
	m->at++;
	m->clock_ms++;
	if (cmd->data_len > m->largest)
		m->largest = cmd->data_len;
	if (s->cause != LATHE_CAUSE_OK) {
		cmd->cause = s->cause;
		return LATHE_ERR_TRANSPORT;
	}
	play_data(s, cmd);
	cmd->status = s->status;
	cmd->sense_len = (uint8_t)s->sense_len;
	memcpy(cmd->sense, s->sense, sizeof(s->sense));
	return 0;
}

static uint64_t mock_now(void *ctx)
{
	return ((struct mock_drive *)ctx)->clock_ms;
}

static void mock_sleep(void *ctx, uint32_t ms)
{
	struct mock_drive *m = ctx;

	m->clock_ms += ms;
	m->slept_ms += ms;
}

static bool mock_cancelled(void *ctx)
{
	struct mock_drive *m = ctx;

	return m->cancel_at && m->at >= m->cancel_at;
}

static void mock_progress(void *ctx, const struct lathe_progress *p)
{
	struct mock_drive *m = ctx;

	m->progress_calls++;
	if (p->total)
		m->last_progress = (uint32_t)p->done;
}

static void mock_log(void *ctx, enum lathe_log_level level, const char *id,
		     const char *text)
{
	struct mock_drive *m = ctx;

	ck_assert_ptr_nonnull(id);
	ck_assert_uint_gt(strlen(text), 0);
	if (level != LATHE_LOG_WARNING)
		return;
	m->warnings++;
	snprintf(m->last_warning, sizeof(m->last_warning), "%s", text);
}

struct mock_drive *mock_new(void)
{
	struct mock_drive *m = calloc(1, sizeof(*m));

	ck_assert_ptr_nonnull(m);
	m->config.size = sizeof(m->config);
	m->config.ctx = m;
	m->config.execute = mock_execute;
	m->config.now_ms = mock_now;
	m->config.sleep_ms = mock_sleep;
	m->config.hooks.ctx = m;
	m->config.hooks.cancelled = mock_cancelled;
	m->config.hooks.progress = mock_progress;
	m->config.hooks.log = mock_log;
	ck_assert_int_eq(lathe_mmc_init(&m->mmc, &m->config), 0);
	return m;
}

void mock_done(struct mock_drive *m)
{
	char want[64] = "";

	if (m->at != m->count) {
		print_hex(m->steps[m->at].cdb, m->steps[m->at].cdb_len, want);
		ck_abort_msg("step %zu was never sent: %s", m->at, want);
	}
	free(m);
}

static struct mock_step *add(struct mock_drive *m, const char *cdb)
{
	struct mock_step *s = &m->steps[m->count];

	ck_assert_uint_lt(m->count, MOCK_STEPS);
	m->count++;
	memset(s, 0, sizeof(*s));
	s->cdb_len = mock_hex(cdb, s->cdb, sizeof(s->cdb));
	return s;
}

void mock_good(struct mock_drive *m, const char *cdb)
{
	add(m, cdb);
}

void mock_reply(struct mock_drive *m, const char *cdb, const char *bytes)
{
	struct mock_step *s = add(m, cdb);

	s->reply_len = mock_hex(bytes, s->reply, sizeof(s->reply));
}

void mock_sent(struct mock_drive *m, const char *cdb, const char *bytes)
{
	struct mock_step *s = add(m, cdb);

	s->sent_len = mock_hex(bytes, s->sent, sizeof(s->sent));
}

static struct mock_step *add_sense(struct mock_drive *m, const char *cdb,
				   unsigned code, unsigned key, unsigned asc,
				   unsigned ascq)
{
	struct mock_step *s = add(m, cdb);

	s->status = 0x02;
	s->sense_len = 18;
	s->sense[0] = (uint8_t)code;
	s->sense[2] = (uint8_t)key;
	s->sense[7] = 10;
	s->sense[12] = (uint8_t)asc;
	s->sense[13] = (uint8_t)ascq;
	return s;
}

void mock_sense(struct mock_drive *m, const char *cdb, unsigned key,
		unsigned asc, unsigned ascq)
{
	add_sense(m, cdb, 0x70, key, asc, ascq);
}

void mock_deferred(struct mock_drive *m, const char *cdb, unsigned key,
		   unsigned asc, unsigned ascq)
{
	add_sense(m, cdb, 0x71, key, asc, ascq);
}

void mock_sense_bytes(struct mock_drive *m, const char *cdb, const char *bytes,
		      size_t said)
{
	struct mock_step *s = add(m, cdb);

	s->status = 0x02;
	mock_hex(bytes, s->sense, sizeof(s->sense));
	s->sense_len = said;
}

void mock_deferred_at(struct mock_drive *m, const char *cdb, unsigned key,
		      unsigned asc, unsigned ascq, uint32_t lba)
{
	struct mock_step *s = add_sense(m, cdb, 0xf1, key, asc, ascq);

	s->sense[3] = (uint8_t)(lba >> 24);
	s->sense[4] = (uint8_t)(lba >> 16);
	s->sense[5] = (uint8_t)(lba >> 8);
	s->sense[6] = (uint8_t)lba;
}

void mock_busy(struct mock_drive *m, const char *cdb, unsigned progress)
{
	struct mock_step *s = add_sense(m, cdb, 0x70, 0x2, 0x04, 0x07);

	s->sense[15] = 0x80;
	s->sense[16] = (uint8_t)(progress >> 8);
	s->sense[17] = (uint8_t)progress;
}

void mock_short(struct mock_drive *m, const char *cdb, uint32_t moved)
{
	struct mock_step *s = add(m, cdb);

	s->has_moved = true;
	s->moved = moved;
}

void mock_status(struct mock_drive *m, const char *cdb, uint8_t status)
{
	add(m, cdb)->status = status;
}

void mock_cause(struct mock_drive *m, const char *cdb, uint8_t cause)
{
	add(m, cdb)->cause = cause;
}

void mock_disc_info(struct mock_drive *m, unsigned status, unsigned state,
		    unsigned sessions, unsigned track)
{
	struct mock_step *s = add(m, DISC_INFO);

	s->reply_len = 34;
	s->reply[1] = 32;
	s->reply[2] = (uint8_t)(state << 2 | status);
	s->reply[3] = 1;
	s->reply[4] = (uint8_t)sessions;
	s->reply[5] = s->reply[6] = (uint8_t)track;
	s->reply[33] = 1;
}

void mock_track(struct mock_drive *m, const char *cdb, unsigned number,
		uint32_t start, uint32_t next_writable, uint32_t free_blocks)
{
	struct mock_step *s = add(m, cdb);

	s->reply_len = 36;
	s->reply[1] = 34;
	s->reply[2] = s->reply[3] = (uint8_t)number;
	s->reply[5] = 0x04;
	s->reply[6] = 0x41;
	s->reply[7] = 0x01;
	lathe_put_be32(s->reply + 8, start);
	lathe_put_be32(s->reply + 12, next_writable);
	lathe_put_be32(s->reply + 16, free_blocks);
	lathe_put_be32(s->reply + 24, free_blocks);
}

void mock_write_page(struct mock_drive *m, const char *now, const char *want)
{
	struct mock_step *s[3];

	for (int i = 0; i < 2; i++) {
		s[i] = add(m, i ? SENSE_05 : SENSE_05_FIRST);
		s[i]->reply_len = 60;
		s[i]->reply[1] = 58;
		s[i]->reply[8] = 0x85; /* PS */
		s[i]->reply[9] = 0x32;
		if (now)
			mock_hex(now, s[i]->reply + 10, 7);
	}
	if (!want)
		return;
	s[2] = add(m, SELECT_05);
	s[2]->sent_len = 60;
	s[2]->sent[8] = 0x05;
	s[2]->sent[9] = 0x32;
	s[2]->sent[23] = 150;
	mock_hex(want, s[2]->sent + 10, 7);
}

void mock_spoil(struct mock_drive *m, size_t offset, uint8_t value)
{
	m->steps[m->count - 1].reply[offset] = value;
}

void mock_erasable(struct mock_drive *m)
{
	m->steps[m->count - 1].reply[2] |= 0x10;
}

void mock_speed_page(struct mock_drive *m)
{
	struct mock_step *s = add(m, SENSE_2A);

	s->reply_len = 30;
	s->reply[1] = 28;
	s->reply[8] = 0x2a;
	s->reply[9] = 20;
	s->reply[8 + 20] = 0x02; /* 706 kB/s in the old place */
	s->reply[8 + 21] = 0xc2;
}

void mock_features(struct mock_drive *m, const char *profile, bool records,
		   bool packets)
{
	char reply[160];

	snprintf(reply, sizeof(reply),
		 "00000014 0000 %s 0026 %s 00 002d %s 04 47 00 0102 "
		 "0000 03 00",
		 profile, packets ? "01" : "00", records ? "09" : "08");
	mock_reply(m, CONFIG_HEAD, reply);
	mock_reply(m, "46 00 00 00 00 00 00 00 18 00", reply);
}

void mock_described(struct mock_drive *m, const char *profile,
		    const char *descriptors)
{
	uint8_t bytes[256];
	size_t len = mock_hex(descriptors, bytes, sizeof(bytes));
	char reply[512], cdb[40];

	mock_good(m, TUR);
	snprintf(reply, sizeof(reply), "%08x 0000 %s %s", (unsigned)len + 4,
		 profile, descriptors);
	mock_reply(m, CONFIG_HEAD, reply);
	snprintf(cdb, sizeof(cdb), "46 00 00 00 00 00 00 00 %02x 00",
		 (unsigned)len + 8);
	mock_reply(m, cdb, reply);
}

void mock_look(struct mock_drive *m, const char *profile)
{
	mock_good(m, TUR);
	mock_features(m, profile, true, false);
	mock_write_page(m, NULL, NULL);
}

struct lathe_mmc_medium mock_blank_medium(void)
{
	struct lathe_mmc_medium medium = {
		.profile = 0x0009,
		.kind = LATHE_MMC_KIND_CD_R,
		.status = LATHE_MMC_STATUS_BLANK,
		.writable = true,
		.can_simulate = true,
		.has_next_writable = true,
		.open_track = 1,
		.free_blocks = 359845,
		.capacity_blocks = 359845,
	};

	return medium;
}

struct lathe_mmc_medium mock_rewritable(void)
{
	struct lathe_mmc_medium medium = mock_blank_medium();

	medium.profile = 0x000a;
	medium.kind = LATHE_MMC_KIND_CD_RW;
	medium.erasable = true;
	medium.status = LATHE_MMC_STATUS_FINAL;
	medium.sessions = 1;
	medium.has_next_writable = false;
	return medium;
}

struct lathe_mmc_medium mock_one_session(void)
{
	struct lathe_mmc_medium medium = mock_blank_medium();

	medium.status = LATHE_MMC_STATUS_APPENDABLE;
	medium.sessions = 1;
	medium.first_track = medium.last_track = 1;
	medium.open_track = 2;
	medium.next_writable = 12010;
	medium.free_blocks = 347835;
	medium.data_mode = 2;
	medium.disc_type = 0x20;
	return medium;
}

void mock_begin(struct mock_drive *m)
{
	static const struct lathe_mmc_recording how = { 0 };
	struct lathe_mmc_medium medium = mock_blank_medium();
	uint32_t start = 99;

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_write_page(m, NULL, "41 c4 08 00 00 00 00");
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how, &start),
			 0);
	ck_assert_uint_eq(start, 0);
	ck_assert_uint_eq(m->at, m->count);
}

/* ---- DVD and BD --------------------------------------------------------- */

struct lathe_mmc_medium mock_medium(unsigned profile,
					 enum lathe_mmc_kind kind,
					 enum lathe_mmc_status status)
{
	struct lathe_mmc_medium medium = {
		.profile = (uint16_t)profile,
		.kind = kind,
		.status = status,
		.writable = true,
		.has_next_writable = status == LATHE_MMC_STATUS_BLANK,
		.open_track = 1,
		.overwritable = status == LATHE_MMC_STATUS_OVERWRITABLE ||
				status == LATHE_MMC_STATUS_UNFORMATTED,
	};

	return medium;
}

struct lathe_mmc_medium mock_blank(unsigned profile, enum lathe_mmc_kind kind)
{
	return mock_medium(profile, kind, LATHE_MMC_STATUS_BLANK);
}

struct lathe_mmc_medium mock_dvd_plus_rw(enum lathe_mmc_status status)
{
	return mock_medium(0x1a, LATHE_MMC_KIND_DVD_PLUS_RW, status);
}

struct lathe_mmc_medium mock_dvd_rw_overwrite(void)
{
	return mock_medium(0x13, LATHE_MMC_KIND_DVD_RW_OVERWRITE,
			   LATHE_MMC_STATUS_OVERWRITABLE);
}

void mock_background(struct mock_drive *m, unsigned state)
{
	mock_disc_info(m, state ? 2 : 0, state ? 3 : 0, 1, 1);
	mock_spoil(m, 7, (uint8_t)state);
}

/* The drive's own speed, and a mode page that tells one. */
void mock_speed(struct mock_drive *m)
{
	mock_sent(m, STREAMING,
		  "04000000 00000000 00000000 00000000 000003e8 00000000 "
		  "000003e8");
	mock_speed_page(m);
}

/* What polling asks once a command is carried out. */
void mock_polled(struct mock_drive *m, unsigned status, unsigned state)
{
	mock_good(m, TUR);
	mock_disc_info(m, status, state, 1, 1);
}

void mock_begin_on(struct mock_drive *m, const struct lathe_mmc_medium *medium,
		  const struct lathe_mmc_recording *how, uint32_t want)
{
	uint32_t start = 99;
	int err = lathe_mmc_begin_track(&m->mmc, medium, how, &start);

	ck_assert_msg(err == 0, "%s", lathe_mmc_failure(&m->mmc)->text);
	ck_assert_uint_eq(start, want);
	ck_assert_uint_eq(m->at, m->count);
}

void mock_refused(const struct lathe_mmc_medium *medium,
		    const struct lathe_mmc_recording *how, int want)
{
	struct mock_drive *m = mock_new();
	uint32_t start = 99;

	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, medium, how, &start),
			 want);
	ck_assert_uint_eq(start, 99);
	ck_assert_uint_gt(strlen(lathe_mmc_failure(&m->mmc)->text), 0);
	mock_done(m);
}

void mock_read_medium(struct mock_drive *m, struct lathe_mmc_medium *out)
{
	int err = lathe_mmc_read_medium(&m->mmc, out);

	ck_assert_msg(err == 0, "%s", lathe_mmc_failure(&m->mmc)->text);
}

const struct lathe_failure *mock_failure(struct mock_drive *m)
{
	return lathe_mmc_failure(&m->mmc);
}

void mock_ok(struct mock_drive *m, int err)
{
	ck_assert_msg(err == 0, "%s", lathe_mmc_failure(&m->mmc)->text);
	ck_assert_uint_eq(m->at, m->count);
}
