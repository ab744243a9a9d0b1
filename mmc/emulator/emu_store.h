/* SPDX-License-Identifier: MIT */
/* emu_store.h - what a store of blocks has to do, and the head of each. */
#ifndef LATHEP_EMULATOR_STORE_H
#define LATHEP_EMULATOR_STORE_H

#include "mmc/emulator/emu_disc.h"

struct emu_store_ops {
	/* All return 0 or a negative enum lathe_err. */
	int (*read)(struct lathe_emulator_store *store, uint32_t lba,
		    uint32_t count, uint8_t *out);
	int (*write)(struct lathe_emulator_store *store, uint32_t lba,
		     uint32_t count, const uint8_t *data);
	/* May be missing: then what read() gives is compared. */
	bool (*holds)(struct lathe_emulator_store *store, uint32_t lba,
		      const uint8_t *data);
	int (*zero)(struct lathe_emulator_store *store, uint32_t lba,
		    uint32_t count);
	int (*discard)(struct lathe_emulator_store *store);
	int (*save)(struct lathe_emulator_store *store);	/* all state */
	int (*mark)(struct lathe_emulator_store *store);	/* NWA only */
	int (*snapshot)(struct lathe_emulator_store *store,
			struct lathe_emulator_store **out);
	void (*close)(struct lathe_emulator_store *store);
};

/* The head of each store; the kinds put their own fields behind it. */
struct lathe_emulator_store {
	const struct emu_store_ops *ops;
	struct lathe_hooks hooks;
	char *text;		/* EMU_TEXT_MAX bytes, when first asked for */
	struct emu_disc disc;
	bool unsaved;		/* what was kept last is another state */
};

/* Save the state, or how far the open track has got. */
int lathep_emu_save(struct lathe_emulator_store *store);
int lathep_emu_mark(struct lathe_emulator_store *store);

void *lathep_emu_realloc(const struct lathe_hooks *hooks, void *p,
			 size_t old_bytes, size_t new_bytes);

#endif
