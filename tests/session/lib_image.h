/* SPDX-License-Identifier: MIT */
/*
 * lib_image.h - images that are ready to be recorded, in memory.
 */
#ifndef TESTS_SESSION_LIB_IMAGE_H
#define TESTS_SESSION_LIB_IMAGE_H

#include "tests/session/lib_rig.h"

struct image {
	uint8_t *data;
	uint32_t blocks;
	uint32_t at;		/* read up to there */
	uint32_t fails_at;	/* reading fails there; 0: never */
	uint32_t piece;		/* blocks that come at a time; 0: any */
};

/*
 * The volume of 'model', whose files have no folders, for a session at
 * 'start'. 'lead': so many blocks in front of it, with its descriptors at 16:
 * an image that grows.
 */
void image_make(struct image *image, const struct model *model,
		uint32_t start, uint32_t lead);
/* ... at 0, without Joliet. */
void image_make_primary(struct image *image, const struct model *model);
void image_free(struct image *image);

/* ... as another program would have written it: without lathe's mark. */
void image_make_foreign(struct image *image);

/* lathe_session_stream.read; ctx is a struct image. */
int image_read(void *ctx, uint8_t *out, uint32_t count, uint32_t *got);

/*
 * A disc with such an image at block 0: the file "theirs" of 70000 bytes,
 * which 'model' gets. Its volume says to be longer than that, 'behind' blocks.
 */
struct lathe_emulator_store *foreign_disc(enum lathe_emulator_media media,
					  struct model *model,
					  uint32_t behind);

/* Choose it, take it over, add what 'model' has behind its first file,
 * record. */
int continue_it(struct rig *rig, const struct model *model,
		struct lathe_session_report *report);

#endif
