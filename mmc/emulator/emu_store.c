/* SPDX-License-Identifier: MIT */
/* emu_store.c - what all stores have in common, and the judges' view. */
#include <stdlib.h>
#include <string.h>

#include "mmc/emulator/emu_store.h"

void *lathep_emu_realloc(const struct lathe_hooks *hooks, void *p,
			 size_t old_bytes, size_t new_bytes)
{
	/* Nothing was there: hooks that count see no bytes come back. */
	if (!p)
		old_bytes = 0;
	if (!old_bytes && !new_bytes)
		return NULL;
	if (hooks->realloc)
		return hooks->realloc(hooks->ctx, p, old_bytes, new_bytes);
	if (!new_bytes) {
		free(p);
		return NULL;
	}
	return realloc(p, new_bytes);
}

int lathep_emu_save(struct lathe_emulator_store *store)
{
	int err = store->ops->save(store);

	store->unsaved = err != 0;
	return err;
}

/* A text that was not replaced has no place for it, or that of another
 * range. */
int lathep_emu_mark(struct lathe_emulator_store *store)
{
	int err;

	if (store->unsaved)
		return lathep_emu_save(store);
	err = store->ops->mark(store);
	store->unsaved = err != 0;
	return err;
}

int lathe_emulator_store_save(struct lathe_emulator_store *store)
{
	return store->unsaved ? lathep_emu_save(store) : 0;
}

int lathe_emulator_store_snapshot(struct lathe_emulator_store *store,
				  struct lathe_emulator_store **out)
{
	if (!store->ops->snapshot)
		return LATHE_ERR_UNSUPPORTED;
	return store->ops->snapshot(store, out);
}

void lathe_emulator_store_close(struct lathe_emulator_store *store)
{
	struct lathe_hooks hooks;

	if (!store)
		return;
	hooks = store->hooks;
	lathep_emu_realloc(&hooks, store->text, EMU_TEXT_MAX, 0);
	store->ops->close(store);
}

int lathe_emulator_store_set_limit(struct lathe_emulator_store *store,
				   uint32_t limit)
{
	if (limit < 1 || limit > store->disc.media->limit)
		return LATHE_ERR_ARG;
	if (store->disc.tracks || store->disc.recordings)
		return LATHE_ERR_STATE;
	store->disc.limit = limit;
	if (store->disc.formatted > limit)
		store->disc.formatted = limit / 16 * 16;
	return lathep_emu_save(store);
}

/* What is on the medium: what is still in the buffer is not. */
static enum lathe_emulator_block kind_of(const struct emu_disc *disc,
					 uint32_t lba)
{
	const struct emu_track *open;
	uint32_t end;

	switch (lathep_emu_area(disc, lba, &end)) {
	case EMU_AREA_DAMAGED:
		return LATHE_EMULATOR_BLOCK_DAMAGED;
	case EMU_AREA_RUN_OUT:
	case EMU_AREA_GAP:
		return LATHE_EMULATOR_BLOCK_GAP;
	case EMU_AREA_DATA:
		break;
	default:
		return LATHE_EMULATOR_BLOCK_UNRECORDED;
	}
	if (disc->open) {
		open = &disc->track[disc->open - 1];
		if (lba >= open->start &&
		    lba - open->start >= lathep_emu_on_medium(disc))
			return LATHE_EMULATOR_BLOCK_UNRECORDED;
	}
	return LATHE_EMULATOR_BLOCK_DATA;
}

enum lathe_emulator_block
lathe_emulator_store_peek(struct lathe_emulator_store *store, uint32_t lba,
			  uint8_t *out)
{
	enum lathe_emulator_block kind = kind_of(&store->disc, lba);
	int err = 0;

	if (kind == LATHE_EMULATOR_BLOCK_DATA)
		err = store->ops->read(store, lba, 1, out);
	if (err == LATHE_ERR_UNSUPPORTED)
		return LATHE_EMULATOR_BLOCK_DIGEST;
	return err ? LATHE_EMULATOR_BLOCK_DAMAGED : kind;
}

bool lathe_emulator_store_holds(struct lathe_emulator_store *store,
				uint32_t lba, const uint8_t *data)
{
	uint8_t block[LATHE_BLOCK_BYTES];

	if (kind_of(&store->disc, lba) != LATHE_EMULATOR_BLOCK_DATA)
		return false;
	if (store->ops->holds)
		return store->ops->holds(store, lba, data);
	return !store->ops->read(store, lba, 1, block) &&
	       !memcmp(block, data, sizeof(block));
}

const char *lathe_emulator_store_text(struct lathe_emulator_store *store)
{
	if (!store->text)
		store->text = lathep_emu_realloc(&store->hooks, NULL, 0,
						 EMU_TEXT_MAX);
	if (!store->text)
		return "";
	lathep_emu_disc_print(&store->disc, store->text, EMU_TEXT_MAX);
	return store->text;
}

static void random_state(const struct emu_disc *disc,
			 struct lathe_emulator_disc *out)
{
	out->overwritable = true;
	out->formatted = disc->formatted != 0 || disc->format_type;
	out->blank = !disc->recordings;
	out->free_blocks = disc->formatted;
}

void lathe_emulator_store_state(struct lathe_emulator_store *store,
				struct lathe_emulator_disc *out)
{
	const struct emu_disc *disc = &store->disc;
	uint32_t nwa;

	memset(out, 0, sizeof(*out));
	out->media = disc->kind;
	out->lead_out_limit = disc->limit;
	out->capacity = lathep_emu_capacity(disc);
	out->tracks = lathep_emu_complete_tracks(disc);
	out->sessions = disc->sessions;
	if (lathep_emu_random(disc)) {
		random_state(disc, out);
		return;
	}
	out->formatted = disc->formatted != 0;
	out->final = disc->final;
	out->blank = !disc->tracks;
	out->appendable = !out->blank && !out->final;
	out->track_open = disc->tracks > out->tracks;
	if (lathep_emu_next_writable(disc, &nwa)) {
		out->next_writable = nwa;
		out->free_blocks = disc->limit - nwa;
	}
}

int lathe_emulator_store_track(struct lathe_emulator_store *store,
			       uint32_t number,
			       struct lathe_emulator_track *out)
{
	const struct emu_track *track;

	if (number < 1 || number > lathep_emu_complete_tracks(&store->disc))
		return LATHE_ERR_NOT_FOUND;
	track = lathep_emu_track(&store->disc, number);
	memset(out, 0, sizeof(*out));
	out->session = track->session;
	out->start = track->start;
	out->blocks = lathep_emu_track_extent(track);
	out->data = true;
	out->mode = track->mode;
	return 0;
}
