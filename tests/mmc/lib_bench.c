/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/lib_bench.h"

const struct lathe_mmc_recording appendable = { 0 };
const struct lathe_mmc_recording final = { .final = true };

/* ---- the bench ---------------------------------------------------------- */

void keep_command(void *ctx, const char *text, size_t len)
{
	struct bench *b = ctx;

	if (getenv("SHOW_COMMANDS"))
		fprintf(stderr, "%.*s\n", (int)len, text);
	snprintf(b->log[b->logged++ % 64], sizeof(b->log[0]), "%.*s", (int)len,
		 text);
}

struct lathe_emulator_store *new_disc(enum lathe_emulator_media media)
{
	struct lathe_hooks hooks = { 0 };
	struct lathe_emulator_store *disc;

	ck_assert_int_eq(lathe_emulator_store_memory(&hooks, media, &disc), 0);
	return disc;
}

void start_engine(struct bench *b)
{
	struct lathe_mmc_config config = {
		.size = sizeof(config),
		.ctx = b->emulator,
		.execute = lathe_emulator_execute,
		.now_ms = lathe_emulator_now_ms,
		.sleep_ms = lathe_emulator_sleep_ms,
	};

	ck_assert_int_eq(lathe_mmc_init(&b->mmc, &config), 0);
}

void open_disc(struct bench *b, struct lathe_emulator_store *disc,
	       const char *personality)
{
	struct lathe_emulator_config config = {
		.size = sizeof(config),
		.personality = personality,
		.command = keep_command,
		.command_ctx = b,
	};

	memset(b, 0, sizeof(*b));
	b->disc = disc;
	ck_assert_int_eq(lathe_emulator_create(&config, &b->emulator), 0);
	lathe_emulator_insert(b->emulator, b->disc);
	start_engine(b);
}

void open_bench(struct bench *b, enum lathe_emulator_media media,
		const char *personality)
{
	open_disc(b, new_disc(media), personality);
}

void close_bench(struct bench *b)
{
	lathe_emulator_insert(b->emulator, NULL);
	lathe_emulator_destroy(b->emulator);
	lathe_emulator_store_close(b->disc);
}

/* With these nothing can be recorded at all. */
static bool hopeless(const char *personality)
{
	return !strcmp(personality, "host-filter-read-only");
}

const char *next_personality(uint32_t *i)
{
	struct lathe_emulator_rule_row rule;

	while (lathe_emulator_rule((*i)++, &rule))
		if (rule.personality && !hopeless(rule.personality))
			return rule.personality;
	return NULL;
}

void open_personality(struct bench *b, enum lathe_emulator_media media,
		      const char *personality)
{
	open_bench(b, media, personality);
	keep_command(b, personality, strlen(personality));
}

void must_at(struct bench *b, int err, int line)
{
	if (err)
		ck_abort_msg("line %d: %s: %s; after %s (%s)", line,
			     lathe_err_name(err),
			     lathe_mmc_failure(&b->mmc)->text,
			     b->log[(b->logged + 63) % 64], b->log[0]);
}

/* ---- blocks ------------------------------------------------------------- */

void fill(uint8_t *out, uint32_t seed, uint32_t lba)
{
	uint32_t x = seed * 2654435761u ^ lba * 2246822519u;

	for (size_t i = 0; i < BLOCK; i += 4) {
		x = x * 1664525u + 1013904223u;
		lathe_put_le32(out + i, x);
	}
}

int write_blocks(struct bench *b, uint32_t seed, uint32_t lba, uint32_t count)
{
	static uint8_t data[64 * BLOCK];

	while (count > 0) {
		uint32_t n = count < 64 ? count : 64;
		int err;

		memset(data, 0, sizeof(data));
		for (uint32_t i = 0; i < n && seed; i++)
			fill(data + i * BLOCK, seed, lba + i);
		err = lathe_mmc_write(&b->mmc, lba, n, data);
		if (err)
			return err;
		lba += n;
		count -= n;
	}
	return 0;
}

bool disc_holds(struct lathe_emulator_store *disc, uint32_t seed, uint32_t lba,
		uint32_t count)
{
	uint8_t want[BLOCK], got[BLOCK];

	for (uint32_t i = 0; i < count; i++) {
		if (lathe_emulator_store_peek(disc, lba + i, got) !=
		    LATHE_EMULATOR_BLOCK_DATA)
			return false;
		memset(want, 0, BLOCK);
		if (seed)
			fill(want, seed, lba + i);
		if (memcmp(want, got, BLOCK) != 0)
			return false;
	}
	return true;
}

/* ---- sessions ----------------------------------------------------------- */

int look(struct bench *b)
{
	int err = lathe_mmc_wait_ready(&b->mmc, 60000);

	return err ? err : lathe_mmc_read_medium(&b->mmc, &b->medium);
}

int record(struct bench *b, uint32_t seed, uint32_t count,
	   const struct lathe_mmc_recording *how, uint32_t *start)
{
	struct lathe_mmc_medium after;
	int err = lathe_mmc_wait_ready(&b->mmc, 60000);

	if (!err)
		err = lathe_mmc_lock_tray(&b->mmc, true);
	if (!err)
		err = lathe_mmc_read_medium(&b->mmc, &b->medium);
	if (!err)
		err = lathe_mmc_begin_track(&b->mmc, &b->medium, how, start);
	if (!err)
		err = write_blocks(b, seed, *start, count);
	if (!err)
		err = lathe_mmc_end_track(&b->mmc);
	if (!err)
		err = lathe_mmc_close_session(&b->mmc, &b->medium, how->final);
	if (!err)
		err = lathe_mmc_read_medium(&b->mmc, &after);
	if (!err)
		err = lathe_mmc_lock_tray(&b->mmc, false);
	if (!err)
		b->medium = after;
	return err;
}

int overwrite(struct bench *b, uint32_t seed, uint32_t lba, uint32_t count)
{
	struct lathe_mmc_recording how = { .overwrite_start = lba,
					   .track_blocks = count };
	uint32_t start;
	int err = lathe_mmc_begin_track(&b->mmc, &b->medium, &how, &start);

	if (!err && start < lba)
		err = write_blocks(b, 0, start, lba - start);
	if (!err)
		err = write_blocks(b, seed, lba, count);
	if (!err)
		err = lathe_mmc_end_track(&b->mmc);
	return err;
}

int record_over(struct bench *b, uint32_t seed, uint32_t lba, uint32_t count)
{
	int err = look(b);

	if (!err)
		err = overwrite(b, seed, lba, count);
	if (!err)
		err = overwrite(b, seed + 100, 0, 32);
	if (!err)
		err = lathe_mmc_close_session(&b->mmc, &b->medium, false);
	return err ? err : look(b);
}

/* ---- media -------------------------------------------------------------- */

/* Sizes as makers and drives tell them, MMC-6 and the books of the media; gaps
 * as measured on discs: DVD-R 16 blocks of linking and the border zone, DVD+R
 * 2048 blocks of closure and intro, BD-R none. */
const struct medium_case sequential[SEQUENTIAL] = {
	{ LATHE_EMULATOR_DVD_R, LATHE_MMC_KIND_DVD_R, 2298496, 16, 28688, 6160,
	  true },
	{ LATHE_EMULATOR_DVD_RW, LATHE_MMC_KIND_DVD_RW, 2298496, 16, 28688,
	  6160, true },
	{ LATHE_EMULATOR_DVD_PLUS_R, LATHE_MMC_KIND_DVD_PLUS_R, 2295104, 16,
	  2048, 2048, false },
	{ LATHE_EMULATOR_BD_R, LATHE_MMC_KIND_BD_R, 12219392, 32, 0, 0, false },
	{ LATHE_EMULATOR_BD_R_DL, LATHE_MMC_KIND_BD_R, 24438784, 32, 0, 0,
	  false },
	/* Last, since it is final by itself unless its first session is long:
	 * within a radius of 30 mm the drive closes the disc. */
	{ LATHE_EMULATOR_DVD_PLUS_R_DL, LATHE_MMC_KIND_DVD_PLUS_R_DL, 4173824,
	  16, 2048, 2048, false },
};

const struct medium_case overwritable[OVERWRITABLE] = {
	{ LATHE_EMULATOR_DVD_RW_OW, LATHE_MMC_KIND_DVD_RW_OVERWRITE, 2297888,
	  16, 0, 0, false },
	{ LATHE_EMULATOR_DVD_PLUS_RW, LATHE_MMC_KIND_DVD_PLUS_RW, 2295104, 16,
	  0, 0, false },
	{ LATHE_EMULATOR_DVD_RAM, LATHE_MMC_KIND_DVD_RAM, 2236704, 16, 0, 0,
	  false },
	{ LATHE_EMULATOR_BD_RE, LATHE_MMC_KIND_BD_RE, 11826176, 32, 0, 0,
	  false },
	{ LATHE_EMULATOR_BD_RE_DL, LATHE_MMC_KIND_BD_RE, 23652352, 32, 0, 0,
	  false },
};
