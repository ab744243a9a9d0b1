/* SPDX-License-Identifier: MIT */
/*
 * Volumes of lathe, xorriso, genisoimage and bsdtar (tests/fuzz/volumes, made
 * by run_seeds.sh), damaged in a hundred thousand ways: each import ends in
 * an error or in a tree that is on the disc, within a second and 16 MiB, and
 * reads no byte behind a block. fuzz.h says what is checked.
 *
 * The n-th damage of a volume is the same in each run. LATHE_MUTATIONS: how
 * many in all; LATHE_SEED: other ones; LATHE_ONLY="name n": that one alone.
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <string.h>
#include <time.h>

#include "tests/fuzz/fuzz.h"

static const char *const names[] = {
	"lathe", "lathe-plain", "lathe-long", "lathe-two", "gen", "gen-j",
	"gen-r", "gen-rj", "gen-long", "gen-two", "xor-j", "xor-long",
	"xor-two", "bsd",
};
enum { NAMES = sizeof(names) / sizeof(names[0]), DEFAULT = 100000 };

/* ---- numbers ------------------------------------------------------------ */

static uint64_t state;

static uint32_t below(uint32_t n)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)((state >> 33) % n);
}

static unsigned long number_of(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : otherwise;
}

/* ---- a volume ----------------------------------------------------------- */

static struct fuzz_disc *disc;
static uint32_t start;		/* of its last session */
static uint32_t places[64];	/* blocks that hold something */
static uint32_t place_count;

/* Blocks of data are few and short; all are worth damage. */
static void load(const char *name)
{
	uint32_t lba;

	disc = fuzz_disc_load(name);
	start = fuzz_disc_last(disc);
	place_count = 0;
	for (lba = 16; lba < disc->blocks; lba++)
		if (disc->block[lba] &&
		    place_count < sizeof(places) / sizeof(places[0]))
			places[place_count++] = lba;
	ck_assert_uint_gt(place_count, 3);
}

/* ---- damage ------------------------------------------------------------- */

static const uint32_t edges[] = { 0, 1, 2, 16, 20, 28, 33, 34, 127, 128, 254,
	255, 256, 2047, 2048, 2049, 4096, 0x7FFFFFFF, 0x80000000, 0xFFFFF800,
	0xFFFFFFFF };

#define EDGES (sizeof(edges) / sizeof(edges[0]))

struct undo {
	uint32_t lba, blocks;
	uint8_t bytes[LATHE_BLOCK_BYTES];
};

/* A byte that is not zero: that is where numbers and names are. */
static uint32_t pick(const uint8_t *block)
{
	uint32_t at = 0;
	int tries;

	for (tries = 0; tries < 64; tries++) {
		at = below(LATHE_BLOCK_BYTES);
		if (block[at])
			break;
	}
	return at;
}

static uint32_t any_number(void)
{
	return below(2) ? below(disc->blocks) : edges[below(EDGES)];
}

static void put_number(uint8_t *block, uint32_t at, uint32_t value)
{
	if (at <= LATHE_BLOCK_BYTES - 8)
		lathe_put_both32(block + at, value);
}

/* A record, found by its volume sequence number (9.1.9), or 0. */
static uint32_t pick_record(const uint8_t *block)
{
	uint32_t at, tries;

	for (tries = 0; tries < 400; tries++) {
		at = below(LATHE_BLOCK_BYTES - 34);
		if (block[at] >= 34 && block[at + 28] == 1 &&
		    block[at + 31] == 1)
			return at;
	}
	return 0;
}

static void damage_record(uint8_t *block)
{
	static const uint8_t fields[] = { 0, 1, 2, 10, 25, 26, 27, 32, 33 };
	uint32_t at = pick_record(block), value = any_number();
	uint8_t field = fields[below(sizeof(fields))];

	if (field == 10 && below(2))
		value *= 2048;
	if (field == 2 || field == 10)
		put_number(block, at + field, value);
	else
		block[at + field] = (uint8_t)(below(2) ? value : below(256));
}

/* An entry of system use: two letters, a length, a version 1; SUSP 4. */
static void damage_entry(uint8_t *block)
{
	uint32_t at, tries;

	for (tries = 0; tries < 400; tries++) {
		at = below(LATHE_BLOCK_BYTES - 64);
		if (block[at] >= 'A' && block[at] <= 'Z' &&
		    block[at + 1] >= 'A' && block[at + 1] <= 'Z' &&
		    block[at + 3] == 1)
			break;
	}
	switch (below(4)) {
	case 0:
		block[at + 2] = (uint8_t)(below(2) ? edges[below(EDGES)]
						   : below(64));
		break;
	case 1:
		block[at + 4 + below(8)] = (uint8_t)below(256);
		break;
	case 2:
		put_number(block, at + 4 + 8 * below(3), any_number());
		break;
	default:
		memcpy(block + at,
		       &"CENMSLPXTFCLPLREERESSTZFPN"[2 * below(13)], 2);
	}
}

static void damage_bytes(uint8_t *block)
{
	uint32_t at = pick(block), from = pick(block), len = 1 + below(64);

	switch (below(6)) {
	case 0:
		block[at] ^= (uint8_t)(1u << below(8));
		break;
	case 1:
		block[at] = (uint8_t)edges[below(EDGES)];
		break;
	case 2:
		put_number(block, at, any_number());
		break;
	case 3:		/* bytes from elsewhere */
		if (at + len <= LATHE_BLOCK_BYTES &&
		    from + len <= LATHE_BLOCK_BYTES)
			memmove(block + at, block + from, len);
		break;
	case 4:		/* all behind it moves */
		memmove(block + at, block + at + 1,
			LATHE_BLOCK_BYTES - at - 1);
		break;
	default:
		block[at] = (uint8_t)below(256);
	}
}

static void damage(struct undo *undo)
{
	uint8_t *block;

	undo->lba = places[below(place_count)];
	undo->blocks = disc->blocks;
	block = disc->block[undo->lba];
	memcpy(undo->bytes, block, sizeof(undo->bytes));
	switch (below(8)) {
	case 0: case 1: case 2:
		damage_record(block);
		break;
	case 3: case 4:
		damage_entry(block);
		break;
	case 5:		/* a block of zeros, or of another place */
		if (below(4) == 0)
			memcpy(block, disc->block[places[below(place_count)]],
			       LATHE_BLOCK_BYTES);
		else
			damage_bytes(block);
		break;
	default:
		damage_bytes(block);
	}
}

/* ---- one of them -------------------------------------------------------- */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double slowest;
static unsigned long trees, errors;

static void import_damaged(void)
{
	/* Of all names; each block alone, mostly; with system use, mostly. */
	uint8_t options = (uint8_t)(below(4) | (below(8) ? FUZZ_SINGLE : 0) |
				    (below(8) ? FUZZ_ROCK_RIDGE : 0) |
				    (below(16) ? 0 : FUZZ_LIMITS));
	struct fuzz_import import;
	double begin = now();

	disc->single = options & FUZZ_SINGLE;
	/* Half of those of our own carry a checksum that holds. */
	if (below(2))
		fuzz_disc_seal(disc, start + 16);
	fuzz_import_run(&import, disc, below(8) ? start : 0, options);
	if (import.err)
		errors++;
	else
		trees++;
	fuzz_import_end(&import);
	begin = now() - begin;
	if (begin > slowest)
		slowest = begin;
	FUZZ_CHECK(begin <= 1.0);
}

static void one(const char *name, unsigned long n)
{
	struct undo undo[4], primary;
	uint32_t hits, i, cut = disc->blocks;

	snprintf(fuzz_context, sizeof(fuzz_context),
		 "LATHE_SEED=%lu LATHE_ONLY=\"%s %lu\"",
		 number_of("LATHE_SEED", 1), name, n);
	state = number_of("LATHE_SEED", 1) * UINT64_C(1000003) + n;
	below(2);
	/* Sealing writes there. */
	primary.lba = start + 16;
	memcpy(primary.bytes, disc->block[primary.lba], LATHE_BLOCK_BYTES);
	hits = 1 + below(4);
	for (i = 0; i < hits; i++)
		damage(&undo[i]);
	/* Trailing blocks that are missing. */
	if (below(32) == 0)
		disc->blocks = disc->source.end = 17 + below(cut - 17);
	import_damaged();
	disc->blocks = disc->source.end = cut;
	memcpy(disc->block[primary.lba], primary.bytes, LATHE_BLOCK_BYTES);
	while (i-- > 0)
		memcpy(disc->block[undo[i].lba], undo[i].bytes,
		       LATHE_BLOCK_BYTES);
	memcpy(disc->block[primary.lba], primary.bytes, LATHE_BLOCK_BYTES);
}

START_TEST(damaged_volumes)
{
	unsigned long count = number_of("LATHE_MUTATIONS", DEFAULT) / NAMES + 1;
	const char *only = getenv("LATHE_ONLY");
	size_t len = strlen(names[_i]);
	unsigned long i;

	load(names[_i]);
	trees = errors = 0;
	if (only && strncmp(only, names[_i], len) == 0 && only[len] == ' ')
		one(names[_i], strtoul(only + len, NULL, 10));
	for (i = 0; !only && i < count; i++)
		one(names[_i], i);
	/* Some of each, or it tests nothing. */
	if (!only && count > 1000) {
		ck_assert_uint_gt(trees, count / 50);
		ck_assert_uint_gt(errors, count / 200);
	}
	fuzz_disc_close(disc);
}
END_TEST

/* As they are, they are read; or the damage proves nothing. */
START_TEST(whole_volumes)
{
	struct fuzz_import import;

	load(names[_i]);
	fuzz_import_run(&import, disc, start, FUZZ_SINGLE | FUZZ_ROCK_RIDGE);
	ck_assert_int_eq(import.err, 0);
	fuzz_import_end(&import);
	fuzz_disc_close(disc);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("damaged volumes of all writers");
	TCase *tc = tcase_create("mutations");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tc, 36000);
	tcase_add_loop_test(tc, whole_volumes, 0, NAMES);
	tcase_add_loop_test(tc, damaged_volumes, 0, NAMES);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	if (getenv("LATHE_MUTATIONS"))
		printf("slowest: %.3f s\n", slowest);
	return failed != 0;
}
