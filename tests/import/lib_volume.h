/* SPDX-License-Identifier: MIT */
/*
 * The volume that most tests of the import work on, a fixture: a primary
 * hierarchy whose root has two blocks, Joliet beside it where a test wants
 * it; and entries of system use, byte by byte from SUSP 1.12 and RRIP 1.12.
 */
#ifndef TESTS_IMPORT_LIB_VOLUME_H
#define TESTS_IMPORT_LIB_VOLUME_H

#include "tests/import/lib_disc.h"

enum { ROOT = 20, JROOT = 24, DATA = 100, END = 200 };

/* Of the test that runs. */
extern struct disc *disc;
extern struct dir root, joliet;
extern struct import import;

void make_plain(void);		/* ISO 9660 alone */
void make_rock_ridge(void);	/* with SP in the root's own record */
void drop_volume(void);
void with_joliet(void);

/* ---- system use --------------------------------------------------------- */

/* SUSP 5.3, nothing to skip. */
extern const uint8_t SP[7];

/* What was put since the last attach() or area(). */
extern uint8_t use[2048];
extern uint32_t used;

void put(const void *bytes, uint32_t len);
/* Signature, length, version 1: 4 bytes. */
void head(const char *signature, uint32_t len);
/* RRIP 4.1.1, of 36 or 44 bytes. */
void px(uint32_t mode, uint32_t uid, uint32_t gid, uint32_t len);
/* 4.1.4, 4.1.3, 4.1.6: a byte of flags, then what they tell of. */
void flagged(const char *signature, uint8_t flags, const void *bytes,
	     uint32_t len);
void nm(uint8_t flags, const char *text);
void numbers(const char *signature, uint32_t a, uint32_t b);
/* SUSP 5.1 */
void ce(uint32_t lba, uint32_t offset, uint32_t len);

/* What was put stands behind a record, the last one of its directory; */
void attach(struct dir *dir, uint8_t *record);
/* or in a continuation area; */
void area(uint32_t lba, uint32_t offset);
/* or in the root's own record: the root begins anew. */
void begin_root(void);
/* Or behind a file "A.;1" of 10 bytes, or an empty one, as links are. */
void file(void);
void bare(void);

#endif
