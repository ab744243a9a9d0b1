/* SPDX-License-Identifier: MIT */
/*
 * lathe_iso9660.h - volumes of ISO 9660: a tree of files, the plan of an
 * image of it, the image as a function of its LBA, and the import of a tree
 * from a volume that exists.
 *
 * Standard: ECMA-119, 4th edition (2019); clause numbers are its.
 * LBAs and sizes are in logical blocks of 2048 bytes unless a name says
 * otherwise. Names are UTF-8; a name that was recorded as UTF-16 with an
 * unpaired surrogate is WTF-8.
 *
 * Memory comes from hooks.realloc. A tree costs about 64 bytes and the name
 * for each node; a plan about 20 bytes a node more. Nothing is allocated per
 * file.
 *
 * Threads: a tree is for one thread at a time, to look at as well, since
 * walks and searches put it in order. A plan and an image are immutable: any
 * number of threads may read them, each with a cursor of its own. Meanwhile,
 * of all calls on the tree, only lathe_iso9660_get(), _section(), _path() and
 * _count() may be made. While a plan lives, its tree is frozen: changes fail
 * with LATHE_ERR_STATE.
 *
 * Ownership: what is created is destroyed by who created it, and in the
 * reverse order: cursors and feeds, then their plan, then its tree, then the
 * sources of its files. To destroy NULL does nothing. What a call gets to read
 * (texts, options, arrays, structs of callbacks) may go when it returns, unless
 * it is said to be borrowed. Tables of hierarchies and of system use are
 * constants. A pointer may be NULL only where that is said.
 *
 * Callbacks return 0 or a negative enum lathe_err where nothing else is said;
 * an error is handed on as it is. What they get is valid until they return.
 * They may look at a tree, but must not change it or call what called them; at
 * one that is imported into by lathe_iso9660_get(), _section(), _path() and
 * _count() alone, as walks and searches put in order what is being joined.
 *
 * Common errors: LATHE_ERR_MEMORY anywhere, LATHE_ERR_ARG for an argument out
 * of its range, a wrong 'size' included; the object is then as before the call
 * and can go on being used. What changes a tree, plans it, imports into it or
 * compares its sources notes what was wrong for lathe_iso9660_tree_failure();
 * what only looks at it need not.
 */
#ifndef LATHE_ISO9660_H
#define LATHE_ISO9660_H

#include "iso9660/lathe_iso9660_volume.h"
#include "iso9660/lathe_iso9660_tree.h"
#include "iso9660/lathe_iso9660_plan.h"
#include "iso9660/lathe_iso9660_image.h"
#include "iso9660/lathe_iso9660_host.h"
#include "iso9660/lathe_iso9660_import.h"
#include "iso9660/lathe_iso9660_chain.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * CRC-32C (RFC 3720, B.4) of 'len' more bytes, as the mark of own volumes has
 * it: 'crc' is 0 at the start, the result is complete after each call. Pure.
 */
uint32_t lathe_iso9660_crc32c(uint32_t crc, const void *data, size_t len);

#ifdef __cplusplus
}
#endif

#endif
