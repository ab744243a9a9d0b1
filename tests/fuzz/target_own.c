/* SPDX-License-Identifier: MIT */
/*
 * Own volumes that lie: mark, table of directories, directories, all under a
 * checksum that holds. An option byte, the session's start (16 bits), a disc.
 * Behind the checksum nothing odd is taken for granted either; and what is
 * accepted of the mark is written again as the same bytes.
 */
#include <string.h>

#include "iso9660/mark_internal.h"
#include "tests/fuzz/fuzz.h"

/* SPEC.md 1.6: 883, 512 bytes. */
static void check_mark(const uint8_t *pvd)
{
	uint8_t *copy = malloc(LATHE_BLOCK_BYTES);
	struct lathep_iso9660_mark mark;

	FUZZ_CHECK(copy != NULL);
	memcpy(copy, pvd, LATHE_BLOCK_BYTES);
	if (lathep_iso9660_mark_read(copy, &mark)) {
		lathep_iso9660_mark_write(copy, &mark);
		FUZZ_CHECK(memcmp(copy, pvd, 883) == 0);
		FUZZ_CHECK(memcmp(copy + 883, pvd + 883, 36) == 0);
		FUZZ_CHECK(memcmp(copy + 951, pvd + 951, 8) == 0);
		FUZZ_CHECK(memcmp(copy + 1395, pvd + 1395, 653) == 0);
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	uint8_t options = fuzz_byte(&in);
	uint32_t start = fuzz_u16(&in);
	struct fuzz_import import;
	struct fuzz_disc *disc;

	disc = fuzz_disc_open(&in, options & FUZZ_SINGLE);
	start %= disc->blocks;
	fuzz_disc_seal(disc, start + 16);
	if (start + 16 < disc->blocks)
		check_mark(fuzz_disc_block(disc, start + 16));
	fuzz_import_run(&import, disc, start, options);
	fuzz_import_end(&import);
	fuzz_disc_close(disc);
	return 0;
}
