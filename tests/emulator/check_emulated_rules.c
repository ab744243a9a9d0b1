/* SPDX-License-Identifier: MIT */
/* The emulator's rules about replies, modes, events, optional commands and
 * the host; each test shows the personality's behaviour too. */
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/lib_rules.h"

#define CD_R LATHE_EMULATOR_CD_R_80

static void reply_allocation(struct bench *b)
{
	/* 34 bytes exist, 10 are asked for, the buffer has 20. */
	IS(send_in(b, "51 00 00 00 00 00 00 00 0a 00", 20), GOOD);
	ck_assert_uint_eq(b->cmd.moved, 10);
	ck_assert_uint_eq(b->data[9], 0);
	ck_assert_uint_eq(b->data[10], 0xa5);
	/* 34 exist, 255 asked for. */
	IS(send_in(b, "51 00 00 00 00 00 00 00 ff 00", 255), GOOD);
	ck_assert_uint_eq(b->cmd.moved, 34);
	/* The length field still tells of all. */
	IS(send_in(b, "51 00 00 00 00 00 00 00 02 00", 2), GOOD);
	reply_is(b, "00 20");
	IS(send_in(b, "51 00 00 00 00 00 00 00 00 00", 0), GOOD);
}

static void reply_unknown_opcode(struct bench *b)
{
	static const char *const cdbs[] = {
		"44 00 00 00 00 00 00 00 08 00",
		"3c 00 00 00 00 00 00 00 04 00", "0b 00 00 00 00 00",
		"e5 00 00 00 00 01 00 00 00 00 00 00"
	};
	size_t i;

	for (i = 0; i < sizeof(cdbs) / sizeof(cdbs[0]); i++)
		IS(send_cdb(b, cdbs[i]), SENSE(5, 0x20, 0));
}

static void reply_attention(struct bench *b)
{
	lathe_emulator_insert(b->drive, b->disc);
	IS(send_in(b, "12 00 00 00 24 00", 36), GOOD);
	IS(send_in(b, "46 00 00 00 00 00 00 00 08 00", 8), GOOD);
	IS(send_in(b, "4a 01 00 00 10 00 00 00 08 00", 8), GOOD);
	IS(send_in(b, DISC_INFORMATION, 34), SENSE(6, 0x28, 0));
	IS(send_in(b, DISC_INFORMATION, 34), GOOD);
	/* REQUEST SENSE takes it as data. */
	lathe_emulator_insert(b->drive, b->disc);
	IS(send_in(b, "03 00 00 00 12 00", 18), GOOD);
	reply_is(b, "70 00 06 00 00 00 00 0a 00 00 00 00 28 00 00 00 00 00");
	IS(send_cdb(b, READY), GOOD);
}

static void reply_sense_form(struct bench *b)
{
	IS(send_cdb(b, "ff 00 00 00 00 00 00 00 00 00"), SENSE(5, 0x20, 0));
	ck_assert_uint_eq(b->cmd.sense[0], 0x70);
	ck_assert_uint_eq(b->cmd.sense_len, 18);
	reopen(b, CD_R, "descriptor-sense");
	IS(send_cdb(b, "ff 00 00 00 00 00 00 00 00 00"), SENSE(5, 0x20, 0));
	ck_assert_mem_eq(b->cmd.sense, "\x72\x05\x20\x00\0\0\0\0", 8);
	ck_assert_uint_eq(b->cmd.sense_len, 8);
	/* Information descriptor with the LBA; progress in a descriptor of
	 * type 02h, SPC-4 4.5.2.2 and 4.5.2.4. */
	burn(b, 0, 300, 3, 1);
	IS(read_blocks(b, 298, 4), SENSE(5, 0x64, 0));
	ck_assert_mem_eq(b->cmd.sense, "\x72\x05\x64\0\0\0\0\x0c\0\x0a\x80\0"
			 "\0\0\0\0\0\0\x01\x2c", 20);
	IS(write_blocks(b, 11702, 1, 1), GOOD);
	IS(send_cdb(b, SYNC_IMMED), GOOD);
	lathe_emulator_sleep_ms(b->drive, 500);
	IS(send_in(b, DISC_INFORMATION, 34), SENSE(2, 0x04, 0x07));
	ck_assert_mem_eq(b->cmd.sense, "\x72\x02\4\7\0\0\0\x08\2\6\0\0\x80",
			 13);
	ck_assert_uint_gt(lathe_get_be16(b->cmd.sense + 13), 0x4000);
	ck_assert_uint_lt(lathe_get_be16(b->cmd.sense + 13), 0xc000);
}

/* SPC-4 4.5.3 and 4.5.2.4: LBA with VALID; progress behind SKSV. */
static void reply_sense_detail(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	IS(read_blocks(b, 298, 4), SENSE(5, 0x64, 0));
	ck_assert_uint_eq(b->cmd.moved, 4096);
	ck_assert_mem_eq(b->cmd.sense, "\xf0\x00\x05\x00\x00\x01\x2c\x0a", 8);
	IS(write_blocks(b, 11702, 32, 1), GOOD);
	IS(send_cdb(b, SYNC_IMMED), GOOD);
	IS(send_in(b, DISC_INFORMATION, 34), SENSE(2, 0x04, 0x07));
	ck_assert_uint_eq(b->cmd.sense[15], 0x80);
	lathe_emulator_sleep_ms(b->drive, 500);
	IS(send_in(b, DISC_INFORMATION, 34), SENSE(2, 0x04, 0x07));
	ck_assert_uint_gt(lathe_get_be16(b->cmd.sense + 16), 0x4000);
	reopen(b, CD_R, "bare-sense");
	burn(b, 0, 300, 3, 1);
	IS(read_blocks(b, 298, 4), SENSE(5, 0x64, 0));
	ck_assert_mem_eq(b->cmd.sense, "\x70\x00\x05\0\0\0\0\x0a", 8);
}

static void mode_no_block_descriptor(struct bench *b)
{
	IS(send_in(b, "5a 08 05 00 00 00 00 00 0c 00", 12), GOOD);
	reply_is(b, "00 3a 00 00 00 00 00 00 05 32 01 04");
	reopen(b, CD_R, "block-descriptor");
	IS(send_in(b, "5a 08 05 00 00 00 00 00 14 00", 20), GOOD);
	reply_is(b, "00 42 00 00 00 00 00 08 00 00 00 00 00 00 08 00"
		 "05 32 01 04");
}

static void mode_page_05_length(struct bench *b)
{
	uint8_t list[60] = { 0, 0, 0, 0, 0, 0, 0, 0, 5, 0x32, 1, 4, 8 };

	IS(send_out(b, "55 10 00 00 00 00 00 00 3c 00", list, 60), GOOD);
	reopen(b, CD_R, "short-page-05");
	IS(send_in(b, "5a 08 05 00 00 00 00 01 00 00", 256), GOOD);
	ck_assert_uint_eq(b->cmd.moved, 8 + 0x30);
	ck_assert_uint_eq(b->data[9], 0x2e);
	IS(send_out(b, "55 10 00 00 00 00 00 00 3c 00", list, 60),
	   SENSE(5, 0x26, 0));
	list[9] = 0x2e;
	IS(send_out(b, "55 10 00 00 00 00 00 00 38 00", list, 56), GOOD);
}

static void mode_mismatch(struct bench *b)
{
	uint8_t list[60] = { 0, 0, 0, 0, 0, 0, 0, 0, 5, 0x32, 1, 4, 8 };

	IS(select_write(b, 0x00, 0xc4, 8, 0), SENSE(5, 0x26, 0));
	IS(select_write(b, 0x04, 0xc4, 8, 0), SENSE(5, 0x26, 0));
	IS(select_write(b, 0x03, 0xc4, 8, 0), SENSE(5, 0x26, 0));
	IS(select_write(b, 0x01, 0xc4, 1, 0), SENSE(5, 0x26, 0));
	IS(select_write(b, 0x01, 0xc4, 9, 0), SENSE(5, 0x26, 0));
	IS(select_write(b, 0x01, 0x84, 8, 0), SENSE(5, 0x26, 0));
	IS(select_write(b, 0x01, 0xc4, 8, 0x30), SENSE(5, 0x26, 0));
	/* Audio: wodim selects it before it closes a session. */
	IS(select_write(b, 0x41, 0xc0, 0, 0x20), GOOD);
	IS(select_write(b, 0x01, 0xc4, 10, 0x20), GOOD);
	list[9] = 0x31;
	IS(send_out(b, "55 10 00 00 00 00 00 00 3b 00", list, 59),
	   SENSE(5, 0x26, 0));
	/* A list that ends inside a page: 5/1A/00, SPC-4 6.10. */
	IS(send_out(b, "55 10 00 00 00 00 00 00 20 00", list, 32),
	   SENSE(5, 0x1a, 0));
	/* A refused list changes nothing. */
	IS(send_in(b, "5a 08 05 00 00 00 00 00 0d 00", 13), GOOD);
	reply_is(b, "00 3a 00 00 00 00 00 00 05 32 01 c4 0a");
}

static void events_classes(struct bench *b)
{
	/* The disc was put in: new medium, present; MMC-6 6.7.2.5. */
	IS(send_in(b, "4a 01 00 00 50 00 00 00 08 00", 8), GOOD);
	reply_is(b, "00 06 04 56 02 02 00 00");
	/* Nothing new; the lowest class asked for. */
	IS(send_in(b, "4a 01 00 00 50 00 00 00 08 00", 8), GOOD);
	reply_is(b, "00 06 04 56 00 02 00 00");
	IS(send_in(b, "4a 01 00 00 04 00 00 00 08 00", 8), GOOD);
	reply_is(b, "00 06 02 56 00 01 00 00");
	IS(send_in(b, "4a 01 00 00 40 00 00 00 08 00", 8), GOOD);
	reply_is(b, "00 06 06 56 00 00 00 00");
	/* A class that does not exist; asynchronous mode. */
	IS(send_in(b, "4a 01 00 00 08 00 00 00 08 00", 8), GOOD);
	reply_is(b, "00 02 80 56");
	IS(send_in(b, "4a 00 00 00 10 00 00 00 08 00", 8), SENSE(5, 0x24, 0));
	reopen(b, CD_R, "few-events");
	IS(send_in(b, "4a 01 00 00 40 00 00 00 08 00", 8), GOOD);
	reply_is(b, "00 02 80 16");
}

static void events_present(struct bench *b)
{
	IS(send_in(b, "4a 01 00 00 10 00 00 00 08 00", 8), GOOD);
	reopen(b, CD_R, "no-events");
	IS(send_in(b, "4a 01 00 00 10 00 00 00 08 00", 8), SENSE(5, 0x20, 0));
}

static void events_once(struct bench *b)
{
	/* An answer cut short has not reported the event. */
	IS(send_in(b, "4a 01 00 00 10 00 00 00 04 00", 4), GOOD);
	IS(send_in(b, "4a 01 00 00 10 00 00 00 08 00", 8), GOOD);
	reply_is(b, "00 06 04 56 02 02 00 00");
	IS(send_in(b, "4a 01 00 00 10 00 00 00 08 00", 8), GOOD);
	reply_is(b, "00 06 04 56 00 02 00 00");
	IS(send_cdb(b, "1b 00 00 00 02 00"), GOOD);
	IS(send_in(b, "4a 01 00 00 10 00 00 00 08 00", 8), GOOD);
	reply_is(b, "00 06 04 56 03 01 00 00");
	reopen(b, CD_R, "stuck-event");
	IS(send_in(b, "4a 01 00 00 10 00 00 00 08 00", 8), GOOD);
	IS(send_in(b, "4a 01 00 00 10 00 00 00 08 00", 8), GOOD);
	reply_is(b, "00 06 04 56 02 02 00 00");
}

static void atip(struct bench *b)
{
	IS(send_in(b, "43 02 04 00 00 00 00 00 1c 00", 28), GOOD);
	ck_assert_uint_eq(b->data[8], 97);
	reopen(b, CD_R, "atip-zeros");
	IS(send_in(b, "43 02 04 00 00 00 00 00 1c 00", 28), GOOD);
	reply_is(b, "00 1a 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
		 "00 00 00 00 00 00 00 00 00 00 00 00");
}

static void toc_sff8020(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	IS(send_in(b, "43 02 00 00 00 00 00 10 00 80", 4096), GOOD);
	ck_assert_uint_eq(b->cmd.moved, 4 + 6 * 11);
	IS(send_in(b, "43 02 00 00 00 00 00 00 0c 40", 12), GOOD);
	reply_is(b, "00 0a 01 01 00 14 01 00 00 00 02 00");
}

static void toc_complete(struct bench *b)
{
	IS(send_in(b, "43 00 00 00 00 00 00 00 14 00", 20),
	   SENSE(5, 0x24, 0));
	write_run(b, 0, 300, 1);
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_in(b, "43 00 00 00 00 00 00 00 14 00", 20),
	   SENSE(5, 0x24, 0));
	reopen(b, CD_R, "toc-of-pma");
	write_run(b, 0, 300, 1);
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_in(b, "43 00 00 00 00 00 00 00 14 00", 20), GOOD);
	ck_assert_mem_eq(b->data, "\x00\x12\x01\x01\x00\x14\x01", 7);
}

static void toc_format_1(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	write_run(b, 11702, 300, 2);
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_in(b, "43 00 01 00 00 00 00 00 0c 00", 12), GOOD);
	reply_is(b, "00 0a 01 01 00 14 01 00 00 00 00 00");
	IS(send_cdb(b, CLOSE_SESSION), GOOD);
	IS(send_in(b, "43 00 01 00 00 00 00 00 0c 00", 12), GOOD);
	reply_is(b, "00 0a 01 02 00 14 02 00 00 00 2d b6");
	IS(send_in(b, "25 00 00 00 00 00 00 00 00 00", 8), GOOD);
	reply_is(b, "00 00 2e e3 00 00 08 00");	/* 11,702 + 302 - 1 */
}

/* Lead-out 302: B0 at 11,552 = 02:36:02. The next lead-out at 12,004: B0 at
 * 18,754 = 04:12:04. */
static void toc_b0(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	burn(b, 11702, 300, 3, 1);
	IS(send_in(b, "43 02 02 00 00 00 00 10 00 00", 4096), GOOD);
	ck_assert_mem_eq(b->data + 4 + 4 * 11,
			 "\x01\x54\x00\xb0\x02\x24\x02", 7);
	ck_assert_mem_eq(b->data + 4 + 10 * 11,
			 "\x02\x54\x00\xb0\x04\x0c\x04", 7);
}

static void option_buffer(struct bench *b)
{
	IS(write_blocks(b, 0, 32, 1), GOOD);
	IS(send_in(b, "5c 00 00 00 00 00 00 00 0c 00", 12), GOOD);
	ck_assert_mem_eq(b->data, "\x00\x0a\x00\x00\x00\x20\x00\x00", 8);
	ck_assert_uint_lt(lathe_get_be32(b->data + 8), 0x200000);
	lathe_emulator_sleep_ms(b->drive, 1000);
	IS(send_in(b, "5c 00 00 00 00 00 00 00 0c 00", 12), GOOD);
	reply_is(b, "00 0a 00 00 00 20 00 00 00 20 00 00");
	reopen(b, CD_R, "no-buffer-capacity");
	IS(send_in(b, "5c 00 00 00 00 00 00 00 0c 00", 12),
	   SENSE(5, 0x20, 0));
}

static void option_opc(struct bench *b)
{
	IS(send_cdb(b, "54 01 00 00 00 00 00 00 00 00"), GOOD);
	reopen(b, CD_R, "no-opc");
	IS(send_cdb(b, "54 01 00 00 00 00 00 00 00 00"), SENSE(5, 0x20, 0));
}

/* 2,900 kB/s is not a speed; 2,822 (16x) is. */
static void option_speed(struct bench *b)
{
	IS(send_cdb(b, "bb 00 ff ff 0b 54 00 00 00 00 00 00"), GOOD);
	IS(send_in(b, "5a 08 2a 00 00 00 00 00 28 00", 40), GOOD);
	ck_assert_uint_eq(lathe_get_be16(b->data + 8 + 28), 2822);
	IS(send_cdb(b, "bb 00 ff ff ff ff 00 00 00 00 00 00"), GOOD);
	IS(send_in(b, "5a 08 2a 00 00 00 00 00 28 00", 40), GOOD);
	ck_assert_uint_eq(lathe_get_be16(b->data + 8 + 28), 8467);
	reopen(b, CD_R, "no-speed");
	IS(send_cdb(b, "bb 00 ff ff 0b 54 00 00 00 00 00 00"),
	   SENSE(5, 0x24, 0));
}

static void option_lock(struct bench *b)
{
	IS(send_cdb(b, "1e 00 00 00 01 00"), GOOD);
	IS(send_cdb(b, "1b 00 00 00 02 00"), SENSE(5, 0x53, 0x02));
	IS(send_cdb(b, READY), GOOD);
	IS(send_cdb(b, "1e 00 00 00 00 00"), GOOD);
	IS(send_cdb(b, "1b 00 00 00 02 00"), GOOD);
	IS(send_cdb(b, READY), SENSE(2, 0x3a, 0x02));
	IS(send_cdb(b, "1b 00 00 00 03 00"), GOOD);
	IS(send_cdb(b, READY), SENSE(6, 0x28, 0));
	IS(send_cdb(b, READY), GOOD);
	reopen(b, CD_R, "no-lock");
	IS(send_cdb(b, "1e 00 00 00 01 00"), SENSE(5, 0x24, 0));
	IS(send_cdb(b, "1b 00 00 00 02 00"), GOOD);
}

static void host_filter(struct bench *b)
{
	IS(send_in(b, "bd 00 00 00 00 00 00 00 00 08 00 00", 8), GOOD);
	reopen(b, CD_R, "host-filter");
	IS(send_in(b, "bd 00 00 00 00 00 00 00 00 08 00 00", 8),
	   TRANSPORT(LATHE_CAUSE_REFUSED));
	ck_assert_int_eq(b->cmd.sys_errno, 1);
	IS(send_cdb(b, SYNC), GOOD);
	IS(write_blocks(b, 0, 1, 1), GOOD);
}

static void host_read_only(struct bench *b)
{
	IS(send_cdb(b, SYNC), GOOD);
	reopen(b, CD_R, "host-filter-read-only");
	IS(send_cdb(b, SYNC), TRANSPORT(LATHE_CAUSE_REFUSED));
	IS(send_cdb(b, "1e 00 00 00 01 00"), TRANSPORT(LATHE_CAUSE_REFUSED));
	IS(write_blocks(b, 0, 1, 1), TRANSPORT(LATHE_CAUSE_REFUSED));
	IS(send_in(b, DISC_INFORMATION, 34), GOOD);
	reply_is(b, "00 20 00 01 01 01 01 20 ff 00 00 00 00 00 00 00"
		 "00 61 1a 42 00 4f 3b 46 00 00 00 00 00 00 00 00 00 00");
}

static void host_attention(struct bench *b)
{
	struct lathe_emulator_config config;
	struct lathe_emulator *drive;

	lathe_emulator_insert(b->drive, b->disc);
	IS(send_cdb(b, READY), SENSE(6, 0x28, 0));
	memset(&config, 0, sizeof(config));
	config.size = sizeof(config);
	config.personality = "host-swallows-attention";
	ck_assert_int_eq(lathe_emulator_create(&config, &drive), 0);
	lathe_emulator_destroy(b->drive);
	b->drive = drive;
	lathe_emulator_insert(b->drive, b->disc);
	IS(send_cdb(b, READY), GOOD);
}

static void host_polling(struct bench *b)
{
	lathe_emulator_sleep_ms(b->drive, 3000);
	lathe_emulator_insert(b->drive, b->disc);
	IS(send_in(b, "4a 01 00 00 10 00 00 00 08 00", 8), GOOD);
	ck_assert_uint_eq(b->data[4], 2);
	reopen(b, CD_R, "host-polls-media");
	lathe_emulator_sleep_ms(b->drive, 3000);
	IS(send_in(b, "4a 01 00 00 10 00 00 00 08 00", 8), GOOD);
	ck_assert_uint_eq(b->data[4], 0);
}

static void host_junk(struct bench *b)
{
	IS(send_in(b, "46 02 01 23 00 00 00 00 20 00", 32), GOOD);
	ck_assert_uint_eq(b->cmd.moved, 8);
	ck_assert_uint_eq(b->data[8], 0xa5);
	ck_assert_uint_eq(b->data[31], 0xa5);
	reopen(b, CD_R, "host-clean-buffers");
	memset(b->data, 0x11, 32);
	IS(send_in(b, "46 02 01 23 00 00 00 00 20 00", 32), GOOD);
	ck_assert_uint_eq(b->data[8], 0x11);
}

static const struct rule_test tests[] = {
	{ "reply.allocation", reply_allocation },
	{ "reply.unknown-opcode", reply_unknown_opcode },
	{ "reply.attention", reply_attention },
	{ "reply.sense-form", reply_sense_form },
	{ "reply.sense-detail", reply_sense_detail },
	{ "mode.no-block-descriptor", mode_no_block_descriptor },
	{ "mode.page-05-length", mode_page_05_length },
	{ "mode.mismatch", mode_mismatch },
	{ "events.classes", events_classes },
	{ "events.present", events_present },
	{ "events.once", events_once },
	{ "atip", atip },
	{ "toc.sff8020", toc_sff8020 },
	{ "toc.complete", toc_complete },
	{ "toc.format-1", toc_format_1 },
	{ "toc.b0", toc_b0 },
	{ "option.buffer", option_buffer },
	{ "option.opc", option_opc },
	{ "option.speed", option_speed },
	{ "option.lock", option_lock },
	{ "host.filter", host_filter },
	{ "host.read-only", host_read_only },
	{ "host.attention", host_attention },
	{ "host.polling", host_polling },
	{ "host.junk", host_junk }
};

int main(void)
{
	static const char *const areas[] = { "reply", "mode", "events", "atip",
					     "toc", "option", "host" };

	return rules_main("emulated rules", CD_R, tests,
			  sizeof(tests) / sizeof(tests[0]), areas, 7);
}
