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

START_TEST(end_of_partitions)
{
	const struct partition *p = &partitions[_i];
	uint8_t block[2048], *entry;
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
	uint8_t block[2048] = { 0 };

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
