/* SPDX-License-Identifier: MIT */
/*
 * Volumes that are not whole: where they say that they end, and which of the
 * oddities of an import costs files.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "session/lathe_session.h"

#define MOST_OF_A_DISC (128ull * 1024 * 1024 * 1024 / 2048)

static const struct claim {
	bool own;
	uint32_t start, blocks, end;
} claims[] = {
	{ false, 0, 1000, 1000 },
	{ false, 0, 0, 0 },
	/* Counted from the disc's first block, or from the volume's. */
	{ false, 12000, 13000, 13000 },
	{ false, 12000, 12001, 12001 },
	{ false, 12000, 12000, 24000 },
	{ false, 12000, 1000, 13000 },
	{ false, 0, MOST_OF_A_DISC, MOST_OF_A_DISC },
	{ false, 0, MOST_OF_A_DISC + 1, 0 },
	{ false, UINT32_MAX - 10, 10, UINT32_MAX },
	{ false, UINT32_MAX - 10, 11, 0 },
	{ false, UINT32_MAX - 10, 20, 0 },
	/* Ours have a checksum, and count from the volume's. */
	{ true, 0, 1000, 1000 },
	{ true, 12000, 13000, 25000 },
	{ true, 0, UINT32_MAX, UINT32_MAX },
	{ true, 1, UINT32_MAX, 0 },
	{ true, 12000, UINT32_MAX, 0 },
};

START_TEST(claimed_end)
{
	const struct claim *claim = &claims[_i];
	struct lathe_iso9660_found found;

	/* What does not count says something else. */
	memset(&found, 0, sizeof(found));
	found.own = claim->own;
	found.self.blocks = claim->own ? claim->blocks : 7;
	found.volume_blocks = claim->own ? 7 : claim->blocks;
	ck_assert_uint_eq(lathe_session_claimed_end(&found, claim->start),
			  claim->end);
}
END_TEST

/* Sectors of 512 bytes, four to a block. */
static const struct partition {
	uint8_t signature[2], status;
	uint32_t start, sectors, end, expected;
} partitions[] = {
	{ { 0x55, 0xAA }, 0, 400, 3600, 1000, 1000 },
	{ { 0x55, 0xAA }, 0x80, 400, 3600, 1000, 1000 },
	{ { 0x55, 0xAA }, 0, 400, 3600, 999, 0 },
	{ { 0x55, 0xAA }, 0, 400, 3597, 1000, 1000 },
	{ { 0x55, 0xAA }, 0, 400, 3596, 1000, 999 },
	{ { 0x55, 0xAA }, 0, 0xFFFFFFFF, 0xFFFFFFFF, 0x7FFFFFFF, 0 },
	{ { 0x55, 0xAA }, 0, 0xFFFFFFFF, 0xFFFFFFFD, 0x7FFFFFFF, 0x7FFFFFFF },
	{ { 0x55, 0xAA }, 0, 400, 0, 1000, 0 },
	{ { 0x55, 0xAA }, 1, 400, 3600, 1000, 0 },
	{ { 0x55, 0xAB }, 0, 400, 3600, 1000, 0 },
	{ { 0x54, 0xAA }, 0, 400, 3600, 1000, 0 },
};

/* The first 16 blocks of a medium. */
static uint8_t block[LATHE_SESSION_PARTITION_BYTES];

START_TEST(end_of_partitions)
{
	const struct partition *p = &partitions[_i];
	uint8_t *entry;
	uint32_t i;

	for (i = 0; i < 4; i++) {
		memset(block, 0xEB, sizeof(block));
		memset(block + 446, 0, 64);
		memcpy(block + 510, p->signature, 2);
		entry = block + 446 + i * 16;
		entry[0] = p->status;
		lathe_put_le32(entry + 8, p->start);
		lathe_put_le32(entry + 12, p->sectors);
		ck_assert_uint_eq(lathe_session_partitions_end(block, p->end),
				  p->expected);
	}
}
END_TEST

START_TEST(the_last_partition_counts)
{
	memset(block, 0, sizeof(block));
	block[510] = 0x55;
	block[511] = 0xAA;
	lathe_put_le32(block + 446 + 12, 400);
	lathe_put_le32(block + 462 + 12, 4000);
	lathe_put_le32(block + 478 + 8, 400);
	lathe_put_le32(block + 478 + 12, 400);
	ck_assert_uint_eq(lathe_session_partitions_end(block, 5000), 1000);
	ck_assert_uint_eq(lathe_session_partitions_end(block, 999), 200);
}
END_TEST

/* UEFI 5.3: a header in sector 1, entries where it says, of 128 bytes or more;
 * the master boot record has all of the medium in one entry (5.2.3). */
static const struct guid {
	uint64_t at, first, last;
	uint32_t count, bytes, which, end, expected;
} guids[] = {
	{ 2, 400, 3999, 128, 128, 0, 1000, 1000 },
	{ 2, 400, 3999, 128, 128, 0, 999, 0 },
	{ 2, 400, 3996, 128, 128, 0, 1000, 1000 },
	{ 2, 400, 3995, 128, 128, 0, 1000, 999 },
	{ 2, 400, 3999, 128, 128, 127, 1000, 1000 },
	{ 2, 400, 3999, 128, 128, 128, 1000, 0 },
	{ 2, 400, 3999, 128, 256, 60, 1000, 1000 },
	{ 20, 400, 3999, 176, 128, 175, 1000, 1000 },
	/* They go on behind block 15. */
	{ 63, 400, 3999, 128, 128, 3, 1000, 1000 },
	{ 63, 400, 3999, 128, 130, 3, 1000, 0 },
	{ 64, 400, 3999, 128, 128, 0, 1000, 0 },
	{ UINT64_C(0x80000000000002), 400, 3999, 128, 128, 0, 1000, 0 },
	/* Of that size they do not end. */
	{ 2, 400, 3999, 0xFFFFFFFF, 0, 0, 1000, 0 },
	{ 2, 400, 3999, 128, 127, 0, 1000, 0 },
	{ 2, 400, UINT64_MAX, 128, 128, 0, 0x3FFFFFFF, 0 },
	{ 2, 400, UINT64_MAX - 1, 128, 128, 0, 0x3FFFFFFF, 0 },
	{ 2, 0, 0, 128, 128, 0, 1000, 0 },
};

START_TEST(end_of_guid_partitions)
{
	const struct guid *g = &guids[_i];
	uint64_t at = g->at * 512 + (uint64_t)g->which * g->bytes;

	memset(block, 0, sizeof(block));
	block[510] = 0x55;
	block[511] = 0xAA;
	block[450] = 0xEE;
	lathe_put_le32(block + 454, 1);
	lathe_put_le32(block + 458, 0xFFFFFFFF);
	memcpy(block + 512, "EFI PART", 8);
	lathe_put_le64(block + 512 + 72, g->at);
	lathe_put_le32(block + 512 + 80, g->count);
	lathe_put_le32(block + 512 + 84, g->bytes);
	if (at < sizeof(block)) {
		lathe_put_le64(block + at + 32, g->first);
		lathe_put_le64(block + at + 40, g->last);
	}
	ck_assert_uint_eq(lathe_session_partitions_end(block, g->end),
			  g->expected);
	block[519] ^= 1;
	ck_assert_uint_eq(lathe_session_partitions_end(block, g->end), 0);
}
END_TEST

/* Inside Macintosh, Devices, 3: a driver descriptor with the size of blocks,
 * which the entries behind it lie in and count. */
static const struct apple {
	uint32_t bytes, which, first, count, end, expected;
	const char *type;
} apples[] = {
	{ 512, 1, 400, 3600, 1000, 1000, "Apple_HFS" },
	{ 512, 1, 400, 3600, 999, 0, "Apple_HFS" },
	{ 512, 1, 400, 3597, 1000, 1000, "Apple_HFS" },
	{ 512, 2, 400, 3600, 1000, 1000, "Data" },
	{ 512, 63, 400, 3600, 1000, 1000, "Data" },
	{ 512, 64, 400, 3600, 1000, 0, "Data" },
	{ 2048, 1, 100, 900, 1000, 1000, "Data" },
	{ 2048, 15, 100, 900, 1000, 1000, "Data" },
	{ 2048, 16, 100, 900, 1000, 0, "Data" },
	{ 1000, 1, 100, 900, 1000, 0, "Data" },
	{ 0, 1, 100, 900, 1000, 0, "Data" },
	{ 2048, 1, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0, "Data" },
	{ 2048, 1, 0xFFFFFFFE, 1, 0xFFFFFFFF, 0xFFFFFFFF, "Data" },
	{ 512, 1, 400, 0, 1000, 0, "Data" },
	{ 512, 1, 400, 3600, 1000, 0, "Apple_Free" },
};

START_TEST(end_of_apple_partitions)
{
	const struct apple *a = &apples[_i];
	uint32_t i;
	uint8_t *p;

	memset(block, 0, sizeof(block));
	memcpy(block, "ER", 2);
	block[2] = (uint8_t)(a->bytes >> 8);
	block[3] = (uint8_t)a->bytes;
	for (i = 1; i <= a->which && (i + 1) * a->bytes <= sizeof(block); i++) {
		p = block + i * (a->bytes ? a->bytes : 512);
		memcpy(p, "PM", 2);
		if (i < a->which)
			continue;
		lathe_put_be32(p + 8, a->first);
		lathe_put_be32(p + 12, a->count);
		strcpy((char *)p + 48, a->type);
	}
	ck_assert_uint_eq(lathe_session_partitions_end(block, a->end),
			  a->expected);
	for (i = 0; i < 2; i++) {
		block[i] ^= 1;
		ck_assert_uint_eq(lathe_session_partitions_end(block, a->end),
				  0);
		block[i] ^= 1;
		p = block + (a->bytes ? a->bytes : 512);
		p[i] ^= 1;
		ck_assert_uint_eq(lathe_session_partitions_end(block, a->end),
				  0);
		p[i] ^= 1;
	}
}
END_TEST

static const struct telling {
	enum lathe_iso9660_oddity what;
	uint32_t lba, start;
	const char *text;
	bool loss;
} tellings[] = {
	{ LATHE_ISO9660_ODD_EXTENT, 20, 0, "not on the disc: left out", true },
	{ LATHE_ISO9660_ODD_RECORD, 20, 0, "the rest is left out", true },
	{ LATHE_ISO9660_ODD_LOOP, 0, 0, "met before: left out", true },
	{ LATHE_ISO9660_ODD_LOOP, 0, 0, "left out", true },
	/* A hierarchy is not there, its files are in another. */
	{ LATHE_ISO9660_ODD_EXTENT, 16, 0, "no root: left out", false },
	{ LATHE_ISO9660_ODD_EXTENT, 116, 100, "no root: left out", false },
	{ LATHE_ISO9660_ODD_EXTENT, 16, 100, "not there: left out", true },
	/* Kept all the same. */
	{ LATHE_ISO9660_ODD_EXTENT, 20, 0, "the root is elsewhere", false },
	{ LATHE_ISO9660_ODD_RECORD, 20, 0, "left out is nothing", false },
	{ LATHE_ISO9660_ODD_RECORD, 20, 0, "eft out", false },
	{ LATHE_ISO9660_ODD_RECORD, 20, 0, "", false },
	/* Attributes and names. */
	{ LATHE_ISO9660_ODD_SYSTEM_USE, 20, 0, "NM: left out", false },
	{ LATHE_ISO9660_ODD_NAME, 20, 0, "left out", false },
	{ LATHE_ISO9660_ODD_DUPLICATE, 20, 0, "left out", false },
};

START_TEST(loss)
{
	const struct telling *telling = &tellings[_i];

	ck_assert_int_eq(lathe_session_is_loss(telling->what, telling->lba,
					       telling->start, telling->text),
			 telling->loss);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("damage");
	TCase *tcase = tcase_create("damage");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, end_of_partitions, 0,
			    sizeof(partitions) / sizeof(partitions[0]));
	tcase_add_test(tcase, the_last_partition_counts);
	tcase_add_loop_test(tcase, end_of_guid_partitions, 0,
			    sizeof(guids) / sizeof(guids[0]));
	tcase_add_loop_test(tcase, end_of_apple_partitions, 0,
			    sizeof(apples) / sizeof(apples[0]));
	tcase_add_loop_test(tcase, claimed_end, 0,
			    sizeof(claims) / sizeof(claims[0]));
	tcase_add_loop_test(tcase, loss, 0,
			    sizeof(tellings) / sizeof(tellings[0]));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
