/* SPDX-License-Identifier: MIT */
/*
 * The first blocks of an image as they ought to be: the newest session's
 * descriptors, and what is kept of those whose place they take.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/volume.h"

int volume_newest_head(struct volume *volume, uint8_t *head, bool *agrees)
{
	int err;

	/* What is at block 16 leads to it all the same. */
	if (volume_lost_unread(volume))
		return volume_refuse_lost(volume);
	volume->unread = false;
	volume->looking = true;
	err = lathe_session_head(&volume->whole, &volume->tool->hooks,
				 volume->chain, head, agrees);
	volume->looking = false;
	/* Zeros in place of what nobody else has, as boot code. */
	if (!err && volume->unread)
		return complain_why(volume->tool, LATHE_ERR_IO,
				    "try again, or copy it elsewhere",
				    "%s: block %" PRIu32 " can not be read: "
				    "the new head would lack it",
				    volume->name, volume->unread_lba);
	if (err == LATHE_ERR_NO_VOLUME)
		return volume_complain_none(volume);
	return err ? complain(volume->tool, err, NULL, "%s", volume->name)
		   : STATUS_OK;
}

/* Descriptors from block 16 to the one that ends them. */
static uint32_t read_set(const struct lathe_blocks *blocks, uint8_t *out)
{
	uint32_t count;

	for (count = 0; count < LATHE_ISO9660_HEAD_BLOCKS; count++) {
		if (blocks->read(blocks->ctx, 16 + count, 1, out) != 0 ||
		    memcmp(out + 1, "CD001", 5) != 0)
			return count;
		if (*out == 255)
			return count + 1;
		out += LATHE_BLOCK_BYTES;
	}
	return count;
}

bool volume_keep_first(const struct volume *volume, uint32_t end,
		       uint32_t *at, uint8_t *copy)
{
	struct lathe_iso9660_append place;
	uint8_t *set;
	int err;

	if (lathe_iso9660_chain_append(volume->chain, end, &place) ||
	    !place.copy)
		return false;
	*at = place.copy;
	set = must_realloc(NULL, (size_t)LATHE_ISO9660_HEAD_BLOCKS *
					 LATHE_BLOCK_BYTES);
	err = lathe_iso9660_head_copy(set, read_set(&volume->whole, set),
				      place.copy, copy);
	free(set);
	return err == 0;
}
