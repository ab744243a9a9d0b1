/* SPDX-License-Identifier: MIT */
/*
 * Volume descriptors: where to look (16 bits), a disc. All that a probe says
 * must be on the disc and fit for a terminal; and each of the hierarchies
 * alone takes any 2048 bytes.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"

static void check_text(const char *text, size_t room)
{
	const char *end = memchr(text, '\0', room);

	FUZZ_CHECK(end != NULL);
	for (; text < end; text++)
		FUZZ_CHECK((uint8_t)*text >= 0x20 && *text != 0x7F);
}

static void check_found(const struct lathe_iso9660_found *found,
			const struct fuzz_disc *disc, uint32_t start)
{
	FUZZ_CHECK(found->start == start);
	FUZZ_CHECK(found->descriptors >= 1);
	FUZZ_CHECK(start + 16 + found->descriptors <= disc->blocks);
	FUZZ_CHECK(found->hierarchies && found->hierarchies < 4);
	check_text(found->volume_id, sizeof(found->volume_id));
	check_text(found->application, sizeof(found->application));
	if (!found->own)
		return;
	FUZZ_CHECK(found->self.blocks > 18);
	FUZZ_CHECK(found->self.start <= UINT32_MAX - found->self.blocks);
	FUZZ_CHECK(found->previous.blocks == 0 ||
		   found->previous.start <=
			   found->self.start - found->previous.blocks);
}

/* One descriptor in a heap block of its own size. */
static void ask_hierarchy(const struct lathe_iso9660_hierarchy *hierarchy,
			  const uint8_t *block)
{
	uint8_t *d = malloc(LATHE_BLOCK_BYTES);
	char *label = malloc(129);

	FUZZ_CHECK(d != NULL && label != NULL);
	memset(label, 0x55, 129);
	memcpy(d, block, LATHE_BLOCK_BYTES);
	(void)hierarchy->recognise(d);
	hierarchy->volume_id(d, label);
	FUZZ_CHECK(memchr(label, '\0', 129) != NULL);
	free(d);
	free(label);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	uint32_t start = fuzz_u16(&in), lba;
	struct fuzz_disc *disc = fuzz_disc_open(&in, false);
	struct lathe_iso9660_found found;
	struct lathe_failure failure;
	int err;

	start %= disc->blocks;
	err = lathe_iso9660_probe(&disc->source, start, fuzz_joliet, 1, &found,
				  &failure);
	FUZZ_CHECK(failure.err == err);
	if (err)
		check_text(failure.text, sizeof(failure.text));
	else
		check_found(&found, disc, start);
	for (lba = start + 16; lba < disc->blocks && lba < start + 20; lba++) {
		ask_hierarchy(&lathe_iso9660_primary,
			      fuzz_disc_block(disc, lba));
		ask_hierarchy(&lathe_joliet_hierarchy,
			      fuzz_disc_block(disc, lba));
	}
	fuzz_disc_close(disc);
	return 0;
}
