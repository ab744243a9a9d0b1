/* SPDX-License-Identifier: MIT */
/*
 * lathe_iso9660_volume.h - what a volume is made of: texts of its descriptors,
 * hierarchies of directory records, system use.
 *
 * Part of lathe_iso9660.h, which says what holds for all of it.
 */
#ifndef LATHE_ISO9660_VOLUME_H
#define LATHE_ISO9660_VOLUME_H

#include "lathe.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LATHE_ISO9660_NAME_MAX 1020u	/* bytes of a name; 255 units */
#define LATHE_ISO9660_ID_MAX 221u	/* bytes of a recorded identifier */
#define LATHE_ISO9660_HIERARCHIES 4u	/* hierarchy 0 is ISO 9660 itself */

/* ---- descriptors -------------------------------------------------------- */

/* Texts of the descriptors, UTF-8, NULL or "" for none. They are cut and
 * mapped to what the field holds. Borrowed until the call returns. */
struct lathe_iso9660_volume {
	const char *volume_id, *system_id, *volume_set_id;
	const char *publisher, *preparer, *application;
	const char *copyright_file, *abstract_file, *bibliographic_file;

	/* ECMA-119 8.4.26.1, 17 bytes each, recorded as they are: digits
	 * YYYYMMDDhhmmss and of hundredths, then quarters of an hour east of
	 * GMT as a number; all zero bytes: not specified. */
	uint8_t created[17], modified[17], expires[17], effective[17];

	/* NULL, or the 32 bytes of the primary descriptor's volume identifier
	 * as they are: those of the volume that is continued. */
	const uint8_t *primary_id;
};

/* Which characters a text may have, 8.4 and 8.5. */
enum lathe_iso9660_characters {
	LATHE_ISO9660_CHARACTERS_A,
	LATHE_ISO9660_CHARACTERS_D,
	LATHE_ISO9660_CHARACTERS_FILE	/* d-characters and separators */
};

/* Where a text stands in primary and supplementary descriptors. */
struct lathe_iso9660_text {
	uint16_t offset;	/* of the descriptor */
	uint8_t bytes, characters;
};

#define LATHE_ISO9660_TEXTS 9u

/* Text 'i' of a volume, 0 to LATHE_ISO9660_TEXTS - 1 in the order of the struct
 * above, "" for NULL; *where gets its field. */
const char *
lathe_iso9660_volume_text(const struct lathe_iso9660_volume *volume,
			  uint32_t i, struct lathe_iso9660_text *where);

/* The mark of an own volume: where it is, what was before it. */
struct lathe_iso9660_session {
	uint32_t start;		/* LBA of its system area */
	uint32_t blocks;	/* of the volume, pad_blocks included */
};

/* ---- hierarchies -------------------------------------------------------- */

/* Why a recorded identifier differs from the name; bits. */
enum lathe_iso9660_change {
	LATHE_ISO9660_CHANGE_FORBIDDEN = 1,	/* characters were replaced */
	LATHE_ISO9660_CHANGE_CUT = 2,		/* too long */
	LATHE_ISO9660_CHANGE_CLASH = 4,		/* numbered to tell it apart */
	LATHE_ISO9660_CHANGE_CASE = 8		/* upper case only */
};

/*
 * A tree of directory records, as a constant table. ISO 9660 is one, Joliet
 * another; who does not name a table does not link it.
 *
 * An identifier is bytes as recorded, 1 to LATHE_ISO9660_ID_MAX, with its
 * version number where the hierarchy records one.
 */
struct lathe_iso9660_hierarchy {
	const char *name;	/* "ISO 9660", "Joliet" */

	/* Does this volume descriptor head the hierarchy? Pure. */
	bool (*recognise)(const uint8_t descriptor[2048]);

	/*
	 * Fill in what is particular in a descriptor: type, version, flags,
	 * escape sequences, texts. All numbers, tables and the root record
	 * are the caller's. 'options' is the hierarchy's own struct or NULL.
	 */
	void (*describe)(const void *options,
			 const struct lathe_iso9660_volume *volume,
			 uint8_t descriptor[2048]);

	/* The volume identifier of a descriptor as UTF-8 with a final NUL;
	 * 'out' has room for 129 bytes. */
	void (*volume_id)(const uint8_t descriptor[2048], char *out);

	/*
	 * An identifier as a name: version and its separator dropped.
	 * 'name' has room for LATHE_ISO9660_NAME_MAX. Returns the name's
	 * length (at least 1), or LATHE_ERR_CORRUPT.
	 */
	int (*decode)(const uint8_t *id, uint8_t id_len, bool directory,
		      char *name);

	/*
	 * A name as an identifier. 'digits' 0: the preferred form. Else the
	 * stem is cut so far that 'number' in that many decimal digits fits
	 * behind it. 'id' has room for LATHE_ISO9660_ID_MAX; *changed gets
	 * LATHE_ISO9660_CHANGE_ bits. Returns the length, or LATHE_ERR_NAME
	 * when the name has no form at all. Pure, and the same bytes for the
	 * same arguments for ever.
	 */
	int (*encode)(const void *options, const char *name, size_t len,
		      bool directory, uint8_t digits, uint32_t number,
		      uint8_t *id, uint32_t *changed);

	/* The standard's order of records, 9.3; versions included. */
	int (*compare)(const uint8_t *a, uint8_t a_len, const uint8_t *b,
		       uint8_t b_len);

	/*
	 * NULL, or the same order decided on two names that are both
	 * recorded in their preferred form with 'changed' 0.
	 */
	int (*compare_names)(const char *a, size_t a_len, const char *b,
			     size_t b_len);

	/* Identifiers that no new name may get ("CON"); NULL: none. */
	bool (*reserved)(const uint8_t *id, uint8_t id_len);

	/* How many bytes at the front tell two records of a directory apart
	 * (without the version, say); NULL: all of them. Two that are equal
	 * in these must be equal, but for the version, in 'compare'. */
	uint8_t (*significant)(const uint8_t *id, uint8_t id_len);

	/* NULL: as 'compare'. Else the order of directories in path tables,
	 * 6.9.1, where it is not that of their records. */
	int (*compare_directories)(const uint8_t *a, uint8_t a_len,
				   const uint8_t *b, uint8_t b_len);

	/*
	 * Both or none: what can be said of the preferred identifiers of names
	 * without making them. 'length': that of the identifier, 0 if it may
	 * be reserved or is not known. 'order' of two files or directories:
	 * below 0 or above 0 where their identifiers differ in what is
	 * significant and both 'compare' and 'compare_directories' say so; 0
	 * if that is not known. The same for any two names of which one has
	 * default options.
	 */
	uint8_t (*length)(const void *options, const char *name, size_t len,
			  bool directory);
	int (*order)(const void *options, const char *a, size_t a_len,
		     const char *b, size_t b_len);

	/*
	 * NULL, or 'decode' for what most identifiers are: names that
	 * 'encode' with default options turns into just these identifiers,
	 * and that need no further check: WTF-8, no slash or NUL in them, not
	 * "." or "..". Returns 0 where that is not certain.
	 */
	int (*decode_plain)(const uint8_t *id, uint8_t id_len, char *name);
};

/*
 * For hierarchies: the code point that 'in' begins with, RFC 3629; surrogates
 * are let through, one at a time. Returns the bytes it took, 0 for malformed
 * input ('len' is not 0). Pure.
 */
unsigned lathe_iso9660_next_utf8(const uint8_t *in, size_t len,
				 uint32_t *point);

/* A hierarchy and its options, to be recorded or to be recognised. Not
 * lathe_iso9660_primary, which always is (a plan: LATHE_ERR_ARG). */
struct lathe_iso9660_use {
	const struct lathe_iso9660_hierarchy *hierarchy;
	const void *options;	/* borrowed as long as the plan lives */
};

enum lathe_iso9660_level {
	LATHE_ISO9660_LEVEL_2,	/* 31 characters; the default */
	LATHE_ISO9660_LEVEL_1,	/* 8.3 */
	LATHE_ISO9660_RELAXED	/* 37 characters, version included; lower case,
				 * any dots, 7 bit */
};

/* Options of lathe_iso9660_primary. */
struct lathe_iso9660_primary_options {
	enum lathe_iso9660_level level;
	bool omit_version;	/* no ";1" */
};

/* ISO 9660 itself; always hierarchy 0 of a plan. */
extern const struct lathe_iso9660_hierarchy lathe_iso9660_primary;

/* ---- system use --------------------------------------------------------- */

/*
 * What stands behind the identifiers of ISO 9660's own records (9.1.13): a
 * constant table, linked by whom it is named. A plan records with it, an
 * import reads with it; entries it does not know are kept and recorded again.
 */
struct lathe_iso9660_system_use;

/* SUSP 1.12 and RRIP 1.12 ("Rock Ridge"). */
extern const struct lathe_iso9660_system_use lathe_iso9660_rock_ridge;

/* For what is new; what an earlier session recorded stays as it was. */
struct lathe_iso9660_rock_ridge_options {
	bool keep_modes;	/* else 0444, directories 0555, and 0111 more
				 * for files that somebody may execute */
	bool keep_owner;	/* else user 0, group 0 */
	bool all_times;		/* access and attribute change as well */
	bool relocate;		/* directories below level 8 move to RR_MOVED,
				 * RRIP 4.1.5; else they stay where they are */
};

#ifdef __cplusplus
}
#endif

#endif
