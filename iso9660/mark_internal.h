/* SPDX-License-Identifier: MIT */
/*
 * mark_internal.h - the mark by which a volume of ours is known again
 * (mark.c); SPEC.md has it too.
 */
#ifndef LATHE_ISO9660_MARK_INTERNAL_H
#define LATHE_ISO9660_MARK_INTERNAL_H

#include "iso9660/lathe_iso9660.h"

/*
 * In the application use field of the primary volume descriptor (8.4.32,
 * offsets 883 to 1394), numbers little endian, offsets from 883 on:
 *
 *	 0  8  "LATHE" and three bytes 00h
 *	 8  4  version of this mark, 1
 *	12  4  LBA of this volume's first block
 *	16  4  blocks of this volume, padding included
 *	20  4  metadata blocks: from the first block to the end of the last
 *	       directory, or of its continuation areas
 *	24  4  first block of the previous session, 0 if there is none
 *	28  4  its blocks, 0 if there is none
 *	32  4  number of hierarchies, 1 to 4
 *	36 32  for each: LBA and bytes of its root directory (4 + 4)
 *	68  4  CRC-32C over the blocks 16 to metadata - 1 of the volume, with
 *	       this field zero: descriptors, path tables, all directories,
 *	       continuation areas
 *	72  4  directories of ISO 9660
 *	76 12  for each further hierarchy: LBA of the table that tells which
 *	       of its directories is which (directory_map.c); 0 if not there
 *	88     zeros to the end of the field
 */
#define LATHEP_ISO9660_MARK_OFFSET 883u
#define LATHEP_ISO9660_MARK_CRC (LATHEP_ISO9660_MARK_OFFSET + 68u)
#define LATHEP_ISO9660_MARK_VERSION 1u

struct lathep_iso9660_mark {
	struct lathe_iso9660_session self, previous;
	uint32_t metadata;	/* blocks */
	uint32_t hierarchies;
	struct {
		uint32_t lba, bytes;
	} root[LATHE_ISO9660_HIERARCHIES];
	uint32_t crc;
	uint32_t directories;
	uint32_t map[LATHE_ISO9660_HIERARCHIES]; /* [0] is not used */
};

/* Blocks of one table of directories. */
inline uint32_t
lathep_iso9660_map_blocks(const struct lathep_iso9660_mark *mark)
{
	return (uint32_t)(((uint64_t)mark->directories * 4 +
			   LATHE_BLOCK_BYTES - 1) / LATHE_BLOCK_BYTES);
}

/* Into and out of a primary volume descriptor: what is of hierarchies that are
 * not there is zero. Reading returns false where
 * there is no mark, or one that contradicts itself. */
void lathep_iso9660_mark_write(uint8_t pvd[2048],
			       const struct lathep_iso9660_mark *mark);
bool lathep_iso9660_mark_read(const uint8_t pvd[2048],
			      struct lathep_iso9660_mark *mark);

#endif
