/* SPDX-License-Identifier: MIT */
/* Discs with several volumes, and the chains that are found on them. */
#ifndef TESTS_IMPORT_LIB_CHAIN_H
#define TESTS_IMPORT_LIB_CHAIN_H

#include "tests/import/lib_disc.h"

/* With Joliet; it has to succeed. */
struct lathe_iso9660_chain *chain_of(struct disc *disc);

/* A volume of ours with an empty tree, at 'start'; the session before it is
 * named as given. */
void put_own(struct disc *disc, uint32_t start, uint32_t previous,
	     uint32_t previous_blocks);
/* A volume of another program at 'start': ISO 9660 alone. */
void put_foreign(struct disc *disc, uint32_t start);
/* Descriptors of the session at 'start' become the head. */
void make_head(struct disc *disc, uint32_t start);
/* The head is kept at 'at', as an append does it. */
void keep_head(struct disc *disc, uint32_t at);

void link_is(const struct lathe_iso9660_chain *chain, uint32_t i,
	     uint32_t start, uint32_t heads, bool own, bool head);
void count_is(const struct lathe_iso9660_chain *chain, uint32_t count);

#endif
