/* SPDX-License-Identifier: MIT */
/*
 * lathe_mmc_configuration.h - GET CONFIGURATION: the profile of the medium and
 * the features of the drive.
 *
 * Part of lathe_mmc_commands.h, which says what holds for all of it.
 */
#ifndef LATHE_MMC_CONFIGURATION_H
#define LATHE_MMC_CONFIGURATION_H

#include "lathe.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- GET CONFIGURATION, MMC-6 ------------------------------------------- */

enum lathe_mmc_configuration_scope {
	LATHE_MMC_FEATURES_ALL = 0,
	LATHE_MMC_FEATURES_CURRENT = 1,
	LATHE_MMC_FEATURES_ONE = 2
};

/* 'start' is the first feature wanted, 0 to 65535; 'alloc' 0 to 65535. */
int lathe_mmc_encode_get_configuration(uint8_t *cdb, size_t room,
				       enum lathe_mmc_configuration_scope scope,
				       uint32_t start, uint32_t alloc);

#define LATHE_MMC_CONFIGURATION_HEADER_BYTES 8u

enum lathe_mmc_profile {
	LATHE_MMC_PROFILE_NONE = 0x0000,
	LATHE_MMC_PROFILE_CD_ROM = 0x0008,
	LATHE_MMC_PROFILE_CD_R = 0x0009,
	LATHE_MMC_PROFILE_CD_RW = 0x000a,
	LATHE_MMC_PROFILE_DVD_ROM = 0x0010,
	LATHE_MMC_PROFILE_DVD_R = 0x0011,	/* sequential */
	LATHE_MMC_PROFILE_DVD_RAM = 0x0012,
	LATHE_MMC_PROFILE_DVD_RW_OVERWRITE = 0x0013, /* restricted overwrite */
	LATHE_MMC_PROFILE_DVD_RW = 0x0014,	/* sequential */
	LATHE_MMC_PROFILE_DVD_R_DL = 0x0015,	/* sequential */
	LATHE_MMC_PROFILE_DVD_R_DL_JUMP = 0x0016,
	LATHE_MMC_PROFILE_DVD_PLUS_RW = 0x001a,
	LATHE_MMC_PROFILE_DVD_PLUS_R = 0x001b,
	LATHE_MMC_PROFILE_DVD_PLUS_R_DL = 0x002b,
	LATHE_MMC_PROFILE_BD_ROM = 0x0040,
	LATHE_MMC_PROFILE_BD_R = 0x0041,	/* sequential */
	LATHE_MMC_PROFILE_BD_R_RANDOM = 0x0042,	/* random recording */
	LATHE_MMC_PROFILE_BD_RE = 0x0043
};

struct lathe_mmc_configuration {
	size_t announced;	/* whole bytes that the drive has, header too */
	uint16_t profile;	/* the current one; 0 without medium */
};

int lathe_mmc_parse_configuration(const uint8_t *data, size_t len,
				  struct lathe_mmc_configuration *out);

enum lathe_mmc_feature_code {
	LATHE_MMC_FEATURE_PROFILE_LIST = 0x0000,
	LATHE_MMC_FEATURE_CORE = 0x0001,
	LATHE_MMC_FEATURE_REMOVABLE = 0x0003,
	LATHE_MMC_FEATURE_RANDOM_READABLE = 0x0010,
	LATHE_MMC_FEATURE_RANDOM_WRITABLE = 0x0020,
	LATHE_MMC_FEATURE_INCREMENTAL = 0x0021,
	LATHE_MMC_FEATURE_FORMATTABLE = 0x0023,
	LATHE_MMC_FEATURE_DEFECTS = 0x0024,	/* defect management */
	LATHE_MMC_FEATURE_RESTRICTED_OVERWRITE = 0x0026,
	LATHE_MMC_FEATURE_DVD_PLUS_RW = 0x002a,
	LATHE_MMC_FEATURE_DVD_PLUS_R = 0x002b,
	LATHE_MMC_FEATURE_RIGID_OVERWRITE = 0x002c,
	LATHE_MMC_FEATURE_CD_TAO = 0x002d,
	LATHE_MMC_FEATURE_CD_MASTERING = 0x002e,
	LATHE_MMC_FEATURE_DVD_R_WRITE = 0x002f,
	LATHE_MMC_FEATURE_BD_R_POW = 0x0038,	/* pseudo-overwrite */
	LATHE_MMC_FEATURE_DVD_PLUS_RW_DL = 0x003a,
	LATHE_MMC_FEATURE_DVD_PLUS_R_DL = 0x003b,
	LATHE_MMC_FEATURE_BD_WRITE = 0x0041,
	LATHE_MMC_FEATURE_STREAMING = 0x0107
};

struct lathe_mmc_feature {
	uint16_t code;
	uint8_t version;
	bool persistent, current;
	const uint8_t *data;	/* into the caller's buffer, behind the four
				 * bytes of the descriptor's own header */
	size_t len;
};

/*
 * The next feature descriptor. *offset is 0 at first and moved on.
 * LATHE_ERR_NOT_FOUND at the end, also where the last descriptor is cut.
 */
int lathe_mmc_next_feature(const uint8_t *data, size_t len, size_t *offset,
			   struct lathe_mmc_feature *out);

/* Profile 'index' of feature 0000h. LATHE_ERR_NOT_FOUND beyond the last. */
int lathe_mmc_parse_feature_profile(const struct lathe_mmc_feature *feature,
				    uint32_t index, uint16_t *profile,
				    bool *current);

/* Feature 0001h: 1 SCSI, 2 ATAPI, 3, 4 and 6 IEEE 1394, 7 SATA, 8 USB. */
int lathe_mmc_parse_feature_core(const struct lathe_mmc_feature *feature,
				 uint32_t *interface_standard);

/* Feature 0003h. */
struct lathe_mmc_feature_removable {
	uint8_t mechanism;	/* 0 caddy, 1 tray, 2 pop-up */
	bool can_eject, can_lock;
};

int lathe_mmc_parse_feature_removable(const struct lathe_mmc_feature *feature,
				      struct lathe_mmc_feature_removable *out);

/* Feature 0010h. */
struct lathe_mmc_feature_readable {
	uint32_t block_bytes;
	uint16_t blocking;	/* blocks per unit of the medium */
};

int lathe_mmc_parse_feature_readable(const struct lathe_mmc_feature *feature,
				     struct lathe_mmc_feature_readable *out);

/* Feature 0021h. */
struct lathe_mmc_feature_incremental {
	uint16_t block_types;	/* bit n: data block type n */
	bool buffer_underrun_free;
	uint8_t link_sizes;	/* how many */
	uint8_t link_size;	/* 16 where that is listed, else the first, 0
				 * without list */
};

int lathe_mmc_parse_feature_incremental(
	const struct lathe_mmc_feature *feature,
	struct lathe_mmc_feature_incremental *out);

/* Features 002Dh (TAO), 002Eh (mastering) and 002Fh (DVD-R/-RW write): the
 * fields that they share. */
struct lathe_mmc_feature_writing {
	bool buffer_underrun_free;
	bool test_write;
	bool rewritable;	/* CD-RW or DVD-RW as well */
	uint16_t block_types;	/* 002Dh only */
};

int lathe_mmc_parse_feature_writing(const struct lathe_mmc_feature *feature,
				    struct lathe_mmc_feature_writing *out);

/* Feature 0020h. */
struct lathe_mmc_feature_random {
	uint32_t last_lba, block_bytes;
	uint16_t blocking;	/* blocks per unit of the medium */
};

int lathe_mmc_parse_feature_random(const struct lathe_mmc_feature *feature,
				   struct lathe_mmc_feature_random *out);

/* Feature 0023h: what BD can be formatted to. */
struct lathe_mmc_feature_formattable {
	bool keeps_spares;	/* RENoSA: BD-RE without spare area */
	bool expands;		/* spare area can be expanded */
	bool quick_certifies, certifies;
	bool free_space;	/* FRF: quick reformat of BD-RE */
	bool random;		/* RRM of BD-R */
};

int lathe_mmc_parse_feature_formattable(
	const struct lathe_mmc_feature *feature,
	struct lathe_mmc_feature_formattable *out);

/* Feature 0024h: whether spare area information can be read (SSA). */
int lathe_mmc_parse_feature_defects(const struct lathe_mmc_feature *feature,
				    bool *spares_told);

/* Features 002Ah, 003Ah (DVD+RW) and 002Bh, 003Bh (DVD+R). */
struct lathe_mmc_feature_plus {
	bool writes;
	bool quick_start, close_only;	/* DVD+RW only */
};

int lathe_mmc_parse_feature_plus(const struct lathe_mmc_feature *feature,
				 struct lathe_mmc_feature_plus *out);

/* Feature 002Ch, DVD-RW restricted overwrite. */
struct lathe_mmc_feature_rigid {
	bool generates_defects, reads_defects;	/* DSDG, DSDR */
	bool intermediate;	/* writes to intermediate sessions */
	bool blanks;
};

int lathe_mmc_parse_feature_rigid(const struct lathe_mmc_feature *feature,
				  struct lathe_mmc_feature_rigid *out);

/* Feature 0041h: bit n of a class: that version of the specification. */
struct lathe_mmc_feature_bd_write {
	bool verify_can_be_off;	/* SVNR */
	uint32_t re_classes[2], r_classes[2];
};

int lathe_mmc_parse_feature_bd_write(const struct lathe_mmc_feature *feature,
				     struct lathe_mmc_feature_bd_write *out);

/* Feature 0107h. */
struct lathe_mmc_feature_streaming {
	bool reads_buffer_capacity;	/* RBCB */
	bool set_cd_speed, mode_page_2a, write_speeds, streams;
};

int lathe_mmc_parse_feature_streaming(const struct lathe_mmc_feature *feature,
				      struct lathe_mmc_feature_streaming *out);

#ifdef __cplusplus
}
#endif

#endif
