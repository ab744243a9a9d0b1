/* SPDX-License-Identifier: MIT */
/* Habits of odd drives: what the rule says without the personality, and what
 * it does with it. */
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/lib_media.h"

#define CD_R LATHE_EMULATOR_CD_R_80
#define CD_RW LATHE_EMULATOR_CD_RW
#define BD_R LATHE_EMULATOR_BD_R

static void first_write(struct bench *b)
{
	int i;

	IS(write_blocks(b, 0, 32, 1), GOOD);
	reopen(b, CD_R, "first-write-waits");
	for (i = 0; i < 3; i++)
		IS(write_blocks(b, 0, 32, 1), SENSE(2, 0x04, 0x01));
	write_run(b, 0, 300, 1);
	block_is(b, 299, 1);
}

static void close_once(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	reopen(b, CD_R, "close-repeats");
	IS(select_write(b, 0x41, 0xc4, 8, 0), GOOD);
	write_run(b, 0, 300, 1);
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_cdb(b, CLOSE_SESSION), SENSE(2, 0x04, 0x07));
	IS(send_cdb(b, CLOSE_SESSION_IMMED), SENSE(2, 0x04, 0x07));
	IS(send_cdb(b, CLOSE_SESSION), SENSE(2, 0x04, 0x07));
	ck_assert_uint_eq(state_of(b).sessions, 0);
	IS(send_cdb(b, CLOSE_SESSION), GOOD);
	ck_assert_uint_eq(state_of(b).sessions, 1);
}

static void close_waits(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	ck_assert_uint_eq(state_of(b).sessions, 1);
	reopen(b, CD_R, "close-returns-early");
	IS(select_write(b, 0x41, 0xc4, 8, 0), GOOD);
	write_run(b, 0, 300, 1);
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_cdb(b, CLOSE_SESSION), SENSE(6, 0x2e, 0));
	ck_assert_uint_eq(b->cmd.cdb[1], 0);
	ck_assert_uint_eq(state_of(b).sessions, 0);
	IS(send_in(b, DISC_INFORMATION, 34), SENSE(2, 0x04, 0x07));
	lathe_emulator_sleep_ms(b->drive, 60000);
	IS(send_in(b, DISC_INFORMATION, 34), GOOD);
	ck_assert_uint_eq(state_of(b).sessions, 1);
	/* With IMMED it is as it should be. */
	reopen(b, CD_R, "close-returns-early");
	write_run(b, 0, 300, 1);
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_cdb(b, CLOSE_SESSION_IMMED), GOOD);
}

static void close_good(struct bench *b)
{
	write_run(b, 0, 300, 1);
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_cdb(b, CLOSE_SESSION_IMMED), GOOD);
	reopen(b, CD_R, "close-says-busy");
	IS(select_write(b, 0x41, 0xc4, 8, 0), GOOD);
	write_run(b, 0, 300, 1);
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_cdb(b, CLOSE_SESSION_IMMED), SENSE(2, 0x04, 0x08));
	IS(send_cdb(b, CLOSE_SESSION_IMMED), SENSE(2, 0x04, 0x07));
	lathe_emulator_sleep_ms(b->drive, 60000);
	IS(send_cdb(b, CLOSE_SESSION), GOOD);	/* there is nothing left */
	ck_assert_uint_eq(state_of(b).sessions, 1);
}

static void close_final(struct bench *b)
{
	burn(b, 0, 300, 0, 1);
	IS(send_cdb(b, CLOSE_SESSION), GOOD);
	reopen(b, CD_R, "final-refuses-close");
	burn(b, 0, 300, 3, 1);
	IS(send_cdb(b, CLOSE_SESSION), GOOD);
	burn(b, 11702, 300, 0, 1);
	IS(send_cdb(b, CLOSE_SESSION), SENSE(5, 0x30, 0x05));
}

#define BUFFER "5c 00 00 00 00 00 00 00 0c 00"

static void buffer_query(struct bench *b)
{
	IS(write_blocks(b, 0, 32, 1), GOOD);
	IS(send_in(b, BUFFER, 12), GOOD);
	reopen(b, CD_R, "buffer-query-hangs");
	IS(send_in(b, BUFFER, 12), GOOD);
	IS(write_blocks(b, 0, 32, 1), GOOD);
	IS(send_in(b, BUFFER, 12), TRANSPORT(LATHE_CAUSE_TIMED_OUT));
	IS(send_cdb(b, READY), SENSE(6, 0x29, 0));
	/* Once the buffer was full it can be asked for. */
	reopen(b, CD_R, "buffer-query-hangs");
	write_run(b, 0, 1056, 1);
	IS(send_in(b, BUFFER, 12), GOOD);
}

static void buffer_fresh(struct bench *b)
{
	IS(send_in(b, BUFFER, 12), GOOD);
	reply_is(b, "00 0a 00 00 00 20 00 00 00 20 00 00");
	reopen(b, CD_R, "stale-buffer");
	IS(send_in(b, BUFFER, 12), GOOD);
	reply_is(b, "00 0a 00 00 00 20 00 00 00 00 00 00");
}

static void open_bd_r(struct bench *b)
{
	reopen(b, BD_R, NULL);
	IS(write_blocks(b, 0, 32, 1), GOOD);
	lathe_emulator_sleep_ms(b->drive, 1000);
	block_is(b, 0, 1);
	reopen(b, BD_R, "open-bd-r-unreadable");
	IS(write_blocks(b, 0, 32, 1), GOOD);
	lathe_emulator_sleep_ms(b->drive, 1000);
	IS(read_blocks(b, 0, 1), SENSE(5, 0x21, 0));
	IS(send_cdb(b, SYNC), GOOD);
	IS(close_function(b, 1, 1), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	block_is(b, 0, 1);
}

#define FULL_TOC "43 00 02 00 00 00 01 10 00 00"
#define TOC "43 00 00 00 00 00 00 10 00 00"

static void full_toc(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	IS(send_in(b, FULL_TOC, 4096), GOOD);
	reopen(b, CD_R, "no-full-toc");
	burn(b, 0, 300, 3, 1);
	IS(send_in(b, FULL_TOC, 4096), SENSE(5, 0x24, 0));
	IS(send_in(b, TOC, 4096), GOOD);
}

static void lead_out(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	IS(send_in(b, TOC, 4096), GOOD);
	reply_is(b, "00 12 01 01 00 14 01 00 00 00 00 00"
		 "00 14 aa 00 00 00 01 2e");
	reopen(b, CD_R, "toc-without-lead-out");
	burn(b, 0, 300, 3, 1);
	IS(send_in(b, TOC, 4096), GOOD);
	reply_is(b, "00 0a 01 01 00 14 01 00 00 00 00 00");
	/* Cut short, it was not there in the first place. */
	IS(send_in(b, "43 00 00 00 00 00 00 00 0c 00", 12), GOOD);
	ck_assert_uint_eq(b->cmd.moved, 12);
}

#define OPC "54 01 00 00 00 00 00 00 00 00"

static void opc(struct bench *b)
{
	IS(send_cdb(b, OPC), GOOD);
	reopen(b, CD_R, "opc-refused");
	IS(send_cdb(b, OPC), SENSE(5, 0x2c, 0));
}

static void mode_sense(struct bench *b)
{
	IS(send_in(b, "5a 08 2a 00 00 00 00 00 1d 00", 29), GOOD);
	reopen(b, CD_R, "mode-sense-30-bytes");
	IS(send_in(b, "5a 08 2a 00 00 00 00 00 1d 00", 29),
	   SENSE(5, 0x24, 0));
	IS(send_in(b, "5a 08 2a 00 00 00 00 00 1e 00", 30), GOOD);
}

#define PAGE_05 "5a 08 05 00 00 00 00 00 3c 00"

static void page_05(struct bench *b)
{
	uint8_t list[60];

	IS(send_in(b, PAGE_05, 60), GOOD);
	ck_assert_uint_eq(b->data[8 + 8], 0x00);
	ck_assert_uint_eq(b->data[8 + 15], 150);
	reopen(b, CD_R, "odd-page-05");
	IS(send_in(b, PAGE_05, 60), GOOD);
	ck_assert_uint_eq(b->data[8 + 8], 0x33);
	ck_assert_uint_eq(b->data[8 + 15], 0);
	/* Who sends back what he does not know is refused. */
	memcpy(list, b->data, 60);
	list[0] = list[1] = 0;
	IS(send_out(b, "55 10 00 00 00 00 00 00 3c 00", list, 60),
	   SENSE(5, 0x26, 0));
	list[8 + 8] = 0;
	IS(send_out(b, "55 10 00 00 00 00 00 00 3c 00", list, 60), GOOD);
}

/* Lead-in 97:34:23, last lead-out 79:59:70. */
static void atip(struct bench *b)
{
	reopen(b, CD_RW, NULL);
	IS(send_in(b, "43 02 04 00 00 00 00 00 1c 00", 28), GOOD);
	ck_assert_mem_eq(b->data + 8, "\x61\x22\x17\0\x4f\x3b\x46", 7);
	reopen(b, CD_RW, "atip-bcd");
	IS(send_in(b, "43 02 04 00 00 00 00 00 1c 00", 28), GOOD);
	ck_assert_mem_eq(b->data + 8, "\x97\x34\x23\0\x79\x59\x70", 7);
}

static void data_mode(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[6] & 15, 1);
	reopen(b, CD_R, "data-mode-f");
	burn(b, 0, 300, 3, 1);
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[6] & 15, 15);
}

static void full(struct bench *b)
{
	ck_assert_int_eq(lathe_emulator_store_set_limit(b->disc, 320), 0);
	write_run(b, 0, 320, 1);
	IS(write_blocks(b, 320, 1, 1), SENSE(5, 0x63, 0));
	reopen(b, CD_R, "full-is-bad-field");
	ck_assert_int_eq(lathe_emulator_store_set_limit(b->disc, 320), 0);
	write_run(b, 0, 320, 1);
	IS(write_blocks(b, 320, 1, 1), SENSE(5, 0x24, 0));
}

static void loading_of(struct bench *b, uint32_t sense)
{
	IS(send_cdb(b, "1b 00 00 00 02 00"), GOOD);
	IS(send_cdb(b, "1b 01 00 00 03 00"), GOOD);
	IS(send_cdb(b, READY), sense);
	lathe_emulator_sleep_ms(b->drive, 10000);
	IS(send_cdb(b, READY), SENSE(6, 0x28, 0));
	IS(send_cdb(b, READY), GOOD);
}

static void loading(struct bench *b)
{
	loading_of(b, SENSE(2, 0x04, 0x01));
	reopen(b, CD_R, "load-no-medium");
	loading_of(b, SENSE(2, 0x3a, 0x01));
}

static const struct rule_test tests[] = {
	{ "odd.first-write", first_write },
	{ "odd.close-once", close_once },
	{ "odd.close-waits", close_waits },
	{ "odd.close-good", close_good },
	{ "odd.close-final", close_final },
	{ "odd.buffer-query", buffer_query },
	{ "odd.buffer-fresh", buffer_fresh },
	{ "odd.open-bd-r", open_bd_r },
	{ "odd.full-toc", full_toc },
	{ "odd.lead-out", lead_out },
	{ "odd.opc", opc },
	{ "odd.mode-sense", mode_sense },
	{ "odd.page-05", page_05 },
	{ "odd.atip", atip },
	{ "odd.data-mode", data_mode },
	{ "odd.full", full },
	{ "odd.loading", loading }
};

int main(void)
{
	static const char *const areas[] = { "odd" };

	return rules_main("emulated odd drives", CD_R, tests,
			  sizeof(tests) / sizeof(tests[0]), areas, 1);
}
