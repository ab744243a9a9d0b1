/* SPDX-License-Identifier: MIT */
/*
 * lathe_iso9660_chain.h - sessions without a table of contents.
 *
 * Part of lathe_iso9660.h, which says what holds for all of it.
 */
#ifndef LATHE_ISO9660_CHAIN_H
#define LATHE_ISO9660_CHAIN_H

#include "iso9660/lathe_iso9660_import.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Image files, and overwritable media, have no table of contents. There the
 * descriptors of the newest session stand at LBA 16 (the "head"), and the
 * marks lead from it to those before; SPEC.md, "Images that grow".
 */
struct lathe_iso9660_chain;

struct lathe_iso9660_link {
	uint32_t start;		/* LBA of the session's system area */
	uint32_t heads;		/* its descriptors stand 16 blocks behind this:
				 * 'start', or a copy made when a later session
				 * took their place */
	uint32_t moved;		/* descriptors in that copy; 0: not moved */
	uint32_t root;		/* LBA of its root directory */
	uint32_t end;		/* one past its last block */
	bool head;		/* readers of a plain file see this one */
	struct lathe_iso9660_found found;
};

struct lathe_iso9660_chain_options {
	size_t size;		/* sizeof(struct lathe_iso9660_chain_options) */
	struct lathe_hooks hooks;
	const struct lathe_iso9660_use *uses; /* to recognise */
	uint32_t use_count;

	/* NULL, or: the first block at or behind 'lba' that may hold anything
	 * but zeros; the end if there is none. */
	uint32_t (*next_data)(void *ctx, uint32_t lba);
	void *ctx;

	/* The search goes on for that many blocks behind a session and where
	 * it begins; 0: to the end. A drive needs minutes to read it all.
	 * 'to_first': but up to the first session, wherever that is. */
	uint32_t search_blocks;
	bool to_first;
};

/*
 * Find the sessions, oldest first. None is no error. Own ones are found by
 * their marks, those of other programs by a search of what no known volume
 * covers; what is inside of a volume is never taken for a session. A block
 * that can not be read holds none, but the newest session's descriptors are
 * read from the head then. 'blocks' is borrowed as long as the chain.
 * About 450 bytes of memory for each session, 9999 of them at most.
 * LATHE_ERR_ARG, LATHE_ERR_MEMORY, LATHE_ERR_CANCELLED (asked for between two
 * reads of a search).
 */
int lathe_iso9660_chain_read(const struct lathe_blocks *blocks,
			const struct lathe_iso9660_chain_options *options,
			     struct lathe_iso9660_chain **out);
void lathe_iso9660_chain_destroy(struct lathe_iso9660_chain *chain);
uint32_t lathe_iso9660_chain_count(const struct lathe_iso9660_chain *chain);

/* From 0, oldest first; NULL beyond the last. Part of the chain. */
const struct lathe_iso9660_link *
lathe_iso9660_chain_link(const struct lathe_iso9660_chain *chain, uint32_t i);

/* A mark leads to a session that is not there. */
bool lathe_iso9660_chain_gap(const struct lathe_iso9660_chain *chain);

/* A medium as it was when a session was the newest: its descriptors in their
 * place. Caller-owned; the fields are private but for 'blocks', which lead back
 * to the view: it must stay where it is. */
struct lathe_iso9660_view {
	struct lathe_blocks blocks;
	struct lathe_blocks under;
	uint32_t start, heads, moved;
};
void lathe_iso9660_view_init(struct lathe_iso9660_view *view,
			     const struct lathe_blocks *blocks,
			     const struct lathe_iso9660_link *link);

/* Where one more session goes. */
struct lathe_iso9660_append {
	uint32_t copy;		/* LBA of the copy of the head that is to be
				 * made first, 0: none is needed */
	uint32_t start;		/* of the session */
	uint32_t room;		/* descriptors that fit at LBA 16 without
				 * touching what older sessions recorded */
	struct lathe_iso9660_session previous; /* for the plan */
};

/*
 * The place of a session behind block 'end' (one past everything that has to
 * stay) and behind all sessions. Order of writing, so that a cut at any point
 * leaves the older sessions readable: the copy of the head, the session but
 * for its descriptors, those, and last the head; each synchronized before the
 * next.
 *   LATHE_ERR_NO_VOLUME  the chain is empty
 *   LATHE_ERR_LIMIT      beyond 2^32 - 1 blocks
 */
int lathe_iso9660_chain_append(const struct lathe_iso9660_chain *chain,
			       uint32_t end, struct lathe_iso9660_append *out);

/* Blocks that a copy of a head takes, and the most that a head has. */
#define LATHE_ISO9660_COPY_BLOCKS 32u
#define LATHE_ISO9660_HEAD_BLOCKS 16u

/* The copy, for LBA 'at', of 'count' descriptors, 1 to
 * LATHE_ISO9660_HEAD_BLOCKS (LATHE_ERR_ARG); 'out' has room for
 * LATHE_ISO9660_COPY_BLOCKS blocks. Pure. */
int lathe_iso9660_head_copy(const uint8_t *descriptors, uint32_t count,
			    uint32_t at, uint8_t *out);

/* Is it a block in which libisofs left a checksum? Where one of the head stays
 * behind another head, xorriso takes the image for damaged. Pure. */
bool lathe_iso9660_is_tag(const uint8_t *block);

/*
 * The head that takes the place of 'old': the descriptors 'own' of a session,
 * and behind the first of them the boot records (8.2) of 'old', since their
 * catalogs stay where they are, as far as 'room' permits. 'out' has room for
 * LATHE_ISO9660_HEAD_BLOCKS. Returns the number of blocks, or LATHE_ERR_LIMIT
 * if there is none of 'own', or they are too many. *dropped: boot records left
 * out. Pure.
 */
int lathe_iso9660_head_make(const uint8_t *own, uint32_t own_count,
			    const uint8_t *old, uint32_t old_count,
			    uint32_t room, uint8_t *out, uint32_t *dropped);

#ifdef __cplusplus
}
#endif

#endif
