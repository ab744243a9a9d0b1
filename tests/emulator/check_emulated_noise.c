/* SPDX-License-Identifier: MIT */
/* Random commands, many of them nearly right: whatever comes, the drive
 * answers within the buffer, and the disc stays one that can be. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/emulator/lib_files.h"
#include "tests/emulator/lib_rules.h"
#include "tests/suite.h"

#define COMMANDS 20000

static struct bench b;
static uint32_t seed;

static uint32_t chance(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static const uint8_t opcodes[] = {
	0x00, 0x03, 0x04, 0x12, 0x1b, 0x1e, 0x23, 0x25, 0x28, 0x2a, 0x2a, 0x2a,
	0x2e, 0x2f, 0x35, 0x43, 0x46, 0x4a, 0x51, 0x52, 0x53, 0x54, 0x55, 0x5a,
	0x5b, 0x5b, 0x5c, 0x5d, 0xa1, 0xa8, 0xaa, 0xac, 0xad, 0xb6, 0xbb, 0xbd,
	0xbe, 0xbf
};

static uint32_t interesting_address(void)
{
	struct lathe_emulator_disc state;

	lathe_emulator_store_state(b.disc, &state);
	switch (chance(6)) {
	case 0:
		return chance(state.lead_out_limit + 1000);
	case 3:
		return chance(64) * 16;
	case 1:
		return state.next_writable - chance(3);
	case 2:
		return 0u - chance(200);
	default:
		return state.next_writable;
	}
}

/* Page 05h: for CDs, or for DVD-R in packets or at once. */
static void make_page(struct lathe_cmd *c)
{
	memset(b.data, 0, 60);
	memcpy(b.data + 8, "\5\x32\x41\4\x8", 5);
	b.data[8 + 3] = (uint8_t)(chance(4) << 6 | 4);
	if (chance(2)) {
		b.data[8 + 2] = chance(3) ? 0x60 : 0x42;
		b.data[8 + 3] |= 0x21;
		b.data[8 + 13] = 16;
	}
	b.data[chance(24)] = chance(3) ? 0 : (uint8_t)chance(64);
	c->cdb[1] = 0x10;
	c->cdb[8] = 60;
	c->data_len = chance(9) ? 60 : chance(60);
	c->to_drive = true;
}

static void make_format(struct lathe_cmd *c)
{
	static const uint8_t types[] = {
		0x00, 0x01, 0x40, 0x4c, 0x54, 0x98, 0xc0, 0xc2, 0xc5, 0xc8
	};
	static const uint32_t sizes[] = {
		0, 0xffffffff, 2236704, 2295104, 2297888, 11826176, 12088320,
		12219392, 23652352, 320
	};

	memset(b.data, 0, 12);
	b.data[1] = chance(2) ? 0x82 : 0x80;
	b.data[3] = 8;
	lathe_put_be32(b.data + 4, sizes[chance(10)]);
	b.data[8] = types[chance(10)];
	b.data[11] = (uint8_t)chance(2);
	c->cdb[1] = 0x11;
	c->data_len = 12;
	c->to_drive = true;
}

/* One track of 450 blocks, or nearly so. */
static void make_cue_sheet(struct lathe_cmd *c)
{
	memcpy(b.data, "\x41\0\0\x14\0\0\0\0\x41\1\0\x10\0\0\0\0"
		       "\x41\1\1\x10\0\0\2\0\x41\xaa\1\x14\0\0\x8\0",
	       32);
	if (!chance(4))
		b.data[chance(32)] = (uint8_t)chance(256);
	memset(c->cdb + 1, 0, 11);
	c->cdb[8] = 32;
	c->data_len = 32;
	c->to_drive = true;
}

static void make_command(struct lathe_cmd *c)
{
	uint32_t i, blocks = chance(33);

	memset(c, 0, sizeof(*c));
	c->cdb[0] = opcodes[chance(sizeof(opcodes))];
	if (!chance(20))
		for (i = 0; i < 12; i++)
			c->cdb[i] = (uint8_t)chance(256);
	else
		for (i = 1; i < 12; i++)
			c->cdb[i] = chance(4) ? 0 : (uint8_t)chance(8);
	c->cdb_len = 12;
	c->data = b.data;
	c->timeout_ms = 1000000;
	c->data_len = chance(4) ? chance(300) : 0;
	c->to_drive = !chance(3);
	if (c->cdb[0] == 0x28 || c->cdb[0] == 0x2a) {
		lathe_put_be32(c->cdb + 2, interesting_address());
		lathe_put_be16(c->cdb + 7, (uint16_t)blocks);
		c->data_len = blocks * 2048u;
		c->to_drive = c->cdb[0] == 0x2a;
	}
	if (c->cdb[0] == 0x55)
		make_page(c);
	if (c->cdb[0] == 0x04)
		make_format(c);
	if (c->cdb[0] == 0x5d)
		make_cue_sheet(c);
	if (c->cdb[0] == 0x5b && chance(3))
		c->cdb[2] = (uint8_t)(1 + chance(2));
	/* Not every BLANK, lest there is nothing to blank. */
	if (c->cdb[0] == 0xa1 && chance(8))
		c->cdb[1] = 7;
}

/* The text reads back as the same disc. */
static void disc_is_sane(void)
{
	struct disc_files files;
	struct lathe_emulator_store *copy;
	struct lathe_emulator_disc state;
	FILE *f;

	lathe_emulator_insert(b.drive, NULL);
	lathe_emulator_store_state(b.disc, &state);
	ck_assert(state.overwritable ||
		  state.blank + state.appendable + state.final == 1);
	ck_assert(!state.final || !state.track_open);
	ck_assert_uint_le(state.next_writable, state.lead_out_limit);
	ck_assert_uint_le(state.tracks, 512);
	files_create(&files);
	f = fopen(files.path, "wb");
	fclose(f);
	f = fopen(files.state_path, "wb");
	fputs(lathe_emulator_store_text(b.disc), f);
	fclose(f);
	ck_assert_int_eq(lathe_emulator_store_open(NULL, files.path, &copy), 0);
	ck_assert_str_eq(lathe_emulator_store_text(copy),
			 lathe_emulator_store_text(b.disc));
	lathe_emulator_store_close(copy);
	files_remove(&files);
	lathe_emulator_insert(b.drive, b.disc);
}

static const char *const personalities[] = {
	NULL, "toc-of-pma,unrecorded-zeros,run-out-readable,descriptor-sense",
	"underruns,no-resume,blocking-writes,nwa-minus-150,block-descriptor",
	"short-page-05,run-out-counts,size-with-run-out,buffer-kib=64",
	"sync-costs-link,plus-r-heeds-page-05,stopped-format-refuses,"
	"toc-format-1-fixed",
	"power-cut-flushes,at-once-cut-closes,short-last-track,"
	"border-zones-alike,bd-r-session-gap",
	"power-cut-reorders,blank-cut-spoils,late-error-of-first,final-is-full"
};

#define PERSONALITIES ((int)(sizeof(personalities) / sizeof(personalities[0])))

START_TEST(noise)
{
	static const char guard[] = "guard";
	uint32_t i, end;

	seed = (uint32_t)_i * 7919u + 1;
	/* Each medium, and a CD-RW some times more. */
	bench_open(&b, _i < LATHE_EMULATOR_MEDIA_COUNT
		       ? (enum lathe_emulator_media)_i : LATHE_EMULATOR_CD_RW,
		   personalities[_i % PERSONALITIES], NULL);
	for (i = 0; i < COMMANDS; i++) {
		make_command(&b.cmd);
		end = b.cmd.data_len;
		if (end + sizeof(guard) <= sizeof(b.data))
			memcpy(b.data + end, guard, sizeof(guard));
		lathe_emulator_execute(b.drive, &b.cmd);
		ck_assert_uint_le(b.cmd.moved, b.cmd.data_len);
		ck_assert_uint_le(b.cmd.sense_len, LATHE_SENSE_MAX);
		if (end + sizeof(guard) <= sizeof(b.data))
			ck_assert_mem_eq(b.data + end, guard, sizeof(guard));
		if (!chance(20))
			lathe_emulator_sleep_ms(b.drive, chance(20000));
		if (!chance(300))
			lathe_emulator_power_cut(b.drive);
		if (!chance(500))
			disc_is_sane();
	}
	disc_is_sane();
	bench_close(&b);
}
END_TEST

static const char *const good_states[] = {
	"lathe-disc 1\nmedium cd-rw\nlimit 359845\nstatus open\n"
	"track 1 session 1 state complete start 0 blocks 300 "
	"reserved 0 mode 1 format 0 damaged 0\n"
	"track 2 session 2 state reserved start 11702 blocks 0 "
	"reserved 900 mode 2 format 32 damaged 0\n"
	"track 3 session 2 state open start 12754 blocks 64 "
	"reserved 0 mode 1 format 0 damaged 1\n"
	"session 1 first 1 last 1 multi 3 format 0 lead-out 302\n"
	"damage 12800 1\nwritten 0000000064\n",
	"lathe-disc 1\nmedium dvd-rw\nlimit 2298496\nstatus formatted\n"
	"formatted 320 up-to 96 spares 0 type 19 state 0 intermediate 1 "
	"minimal 0 pow 0\ndamage 32 16\nrecorded 96 32\nrecorded 0 96\n"
	"written 0000000096\n",
	"lathe-disc 1\nmedium dvd+r-dl\nlimit 4173824\nstatus open\n"
	"layer-break 2086912\n"
	"track 1 session 1 state complete start 0 blocks 300000 "
	"reserved 0 mode 1 format 0 damaged 0 type packet\n"
	"track 2 session 2 state reserved start 302048 blocks 32 "
	"reserved 960 mode 1 format 0 damaged 0 type packet\n"
	"track 3 session 2 state open start 303008 blocks 64 "
	"reserved 0 mode 1 format 0 damaged 1 type packet lost\n"
	"session 1 first 1 last 1 multi 3 format 0 lead-out 300000\n"
	"written 0000000064\n",
	"lathe-disc 1\nmedium bd-r\nlimit 11826176\nstatus open\n"
	"formatted 11826176 up-to 0 spares 393216 type 0 state 0 "
	"intermediate 0 minimal 0 pow 1\n"
	"track 1 session 1 state open start 0 blocks 640 "
	"reserved 0 mode 1 format 0 damaged 0 type packet\n"
	"written 0000000640\n"
};

/* A state file with some bytes spoilt is refused, or makes a disc that the
 * drive can live with. */
START_TEST(spoilt_state_files)
{
	const char *good = good_states[_i % 4];
	size_t length = strlen(good);
	static const char digits[] = "0123456789 \nx";
	struct disc_files files;
	char text[1000];
	struct lathe_emulator_store *store;
	uint32_t i, k, opened = 0;
	FILE *f;

	seed = (uint32_t)_i + 77;
	files_create(&files);
	bench_open(&b, LATHE_EMULATOR_CD_R_80, NULL, NULL);
	fclose(fopen(files.path, "wb"));
	for (i = 0; i < 600; i++) {
		memcpy(text, good, length + 1);
		for (k = i ? 1 + chance(3) : 0; k; k--)
			text[chance((uint32_t)length)] =
				digits[chance(sizeof(digits) - 1)];
		f = fopen(files.state_path, "wb");
		fputs(text, f);
		fclose(f);
		if (lathe_emulator_store_open(NULL, files.path, &store))
			continue;
		opened++;
		lathe_emulator_insert(b.drive, store);
		for (k = 0; k < 60; k++) {
			make_command(&b.cmd);
			lathe_emulator_execute(b.drive, &b.cmd);
		}
		lathe_emulator_store_text(store);
		lathe_emulator_insert(b.drive, b.disc);
		lathe_emulator_store_close(store);
		if (truncate(files.path, 0))
			ck_abort_msg("truncate");
	}
	ck_assert_uint_gt(opened, 10);
	ck_assert_uint_lt(opened, 590);
	bench_close(&b);
	files_remove(&files);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("emulated noise");
	TCase *t = tcase_create("noise");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, noise, 0, LATHE_EMULATOR_MEDIA_COUNT + 4);
	tcase_add_loop_test(t, spoilt_state_files, 0, 4);
	suite_add_tcase(s, t);
	return run_suite(s);
}
