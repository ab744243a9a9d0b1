/* SPDX-License-Identifier: MIT */
/*
 * damage.c - where a volume and what is behind it say that they end, and what
 * is lost of one that is not whole.
 */
#include "session/session_internal.h"

#include <string.h>

/* Blocks. A foreign volume that claims more than any disc has is not
 * believed. */
#define CLAIM_MOST (1u << 26)

uint32_t lathe_session_claimed_end(const struct lathe_iso9660_found *found,
				   uint32_t start)
{
	uint32_t blocks = found->volume_blocks;

	if (found->own)
		blocks = found->self.blocks;
	else if (blocks > CLAIM_MOST)
		return 0;
	else if (blocks > start)
		return blocks;
	return blocks <= UINT32_MAX - start ? start + blocks : 0;
}

#define SECTOR 512u

/* In sectors. What goes beyond the medium is none of it. */
struct partitions {
	uint64_t most, end;
};

static void take(struct partitions *p, uint64_t end)
{
	if (end > p->most && end <= p->end)
		p->most = end;
}

/* Four entries of 16 bytes: status, which boot code does not have by chance in
 * all of them, start and sectors. */
static void take_master(struct partitions *p, const uint8_t *sector)
{
	const uint8_t *table = sector + 446;
	uint32_t i, count;

	if (sector[510] != 0x55 || sector[511] != 0xAA ||
	    (table[0] | table[16] | table[32] | table[48]) & 0x7F)
		return;
	for (i = 0; i < 64; i += 16) {
		count = lathe_get_le32(table + i + 12);
		if (count)
			take(p, (uint64_t)lathe_get_le32(table + i + 8) +
					count);
	}
}

/* UEFI 5.3: the header in sector 1 says where entries are, how many and how
 * long each is. One that is not used has zeros. */
static void take_guid(struct partitions *p, const uint8_t *area)
{
	const uint8_t *header = area + SECTOR;
	uint64_t at = lathe_get_le64(header + 72), last;
	uint32_t count = lathe_get_le32(header + 80);
	uint32_t bytes = lathe_get_le32(header + 84);

	if (memcmp(header, "EFI PART", 8) != 0 || bytes < 128 ||
	    at > LATHE_SESSION_PARTITION_BYTES / SECTOR)
		return;
	for (at *= SECTOR; count > 0; count--, at += bytes) {
		if (at + 128 > LATHE_SESSION_PARTITION_BYTES)
			return;
		last = lathe_get_le64(area + at + 40);
		if (last)
			take(p, last + 1);
	}
}

/* Inside Macintosh, Devices, 3: the first block says how long all are, entries
 * are in those behind it. */
static void take_apple(struct partitions *p, const uint8_t *area)
{
	uint32_t bytes = lathe_get_be16(area + 2), at, count;
	const uint8_t *entry;

	if (memcmp(area, "ER", 2) != 0 || !bytes || bytes % SECTOR)
		return;
	for (at = bytes; at < LATHE_SESSION_PARTITION_BYTES; at += bytes) {
		entry = area + at;
		if (memcmp(entry, "PM", 2) != 0)
			return;
		count = lathe_get_be32(entry + 12);
		if (count && memcmp(entry + 48, "Apple_Free", 10) != 0)
			take(p, ((uint64_t)lathe_get_be32(entry + 8) + count) *
					(bytes / SECTOR));
	}
}

uint32_t lathe_session_partitions_end(const uint8_t *area, uint32_t end)
{
	struct partitions p = { .end = (uint64_t)end * 4 };

	take_master(&p, area);
	take_guid(&p, area);
	take_apple(&p, area);
	return (uint32_t)((p.most + 3) / 4);
}

bool lathe_session_is_loss(enum lathe_iso9660_oddity what, uint32_t lba,
			   uint32_t start, const char *text)
{
	static const char lost[] = "left out";
	size_t len = strlen(text), n = sizeof(lost) - 1;

	return (what == LATHE_ISO9660_ODD_EXTENT ||
		what == LATHE_ISO9660_ODD_RECORD ||
		what == LATHE_ISO9660_ODD_LOOP) &&
	       lba != start + 16 && len >= n &&
	       memcmp(text + len - n, lost, n) == 0;
}
