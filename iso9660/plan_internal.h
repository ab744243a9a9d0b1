/* SPDX-License-Identifier: MIT */
/*
 * plan_internal.h - a plan and how its blocks are made. All of it is fixed
 * when lathe_iso9660_plan_create() returns; encoding only reads it, so that
 * any number of threads may.
 */
#ifndef LATHE_ISO9660_PLAN_INTERNAL_H
#define LATHE_ISO9660_PLAN_INTERNAL_H

#include "iso9660/iso9660_internal.h"

#define LATHEP_ISO9660_SYSTEM_BLOCKS 16u /* 6.2.1 */
#define LATHEP_ISO9660_REGIONS 32u

/* A directory in one hierarchy; in the order of path tables, 6.9.1. */
struct lathep_iso9660_dir {
	uint32_t node;
	uint32_t parent;	/* its place in this order, from 0 */
	uint32_t first;		/* of its records in 'order' */
	uint32_t count;		/* children in 'order' */
	uint32_t first_block;	/* in its region */
	uint32_t blocks;
	uint32_t links;		/* directories in it */
	uint32_t named;		/* the node whose identifier it has */
};

/* What stands first in a block of a directory. */
struct lathep_iso9660_dir_block {
	uint32_t dir;		/* place in the order of path tables */
	uint32_t child;		/* 0 ".", 1 "..", 2 the first of 'order' */
	uint32_t section;	/* of that child's file */
	uint32_t area;		/* the byte of the directory's continuation
				 * areas that is free before its records get
				 * theirs */
};

/* As 'child': a block of continuation areas, which follow their directory. */
#define LATHEP_ISO9660_AREA_BLOCK UINT32_MAX

/* What stands first in a block of a path table. */
struct lathep_iso9660_path_block {
	uint32_t dir;
	uint32_t skip;		/* bytes of its record in the block before */
};

#define LATHEP_ISO9660_NO_PLACE UINT32_MAX

/* A hierarchy, laid out. */
struct lathep_iso9660_laid {
	const struct lathe_iso9660_hierarchy *hierarchy;
	const void *options;
	uint8_t known;		/* its bit in 'present' and 'pinned', or 0xff */
	struct lathep_iso9660_store order;	/* uint32_t: nodes, by folder */
	struct lathep_iso9660_store dirs;	/* struct dir */
	struct lathep_iso9660_store place;	/* uint32_t: folder's row to
						 * its place in dirs, or
						 * NO_PLACE */
	struct lathep_iso9660_store dir_blocks;
	struct lathep_iso9660_store path_blocks;
	uint64_t path_bytes;
	uint64_t blocks;	/* of all its directories */
	/* The first blocks of its path tables, directories and the table
	 * that tells which of these are which, relative to the volume. */
	uint32_t path_l, path_m, first, map;
	uint8_t descriptor[2048]; /* all that needs no address */
};

struct lathep_iso9660_region;

/* How the blocks of a region are counted and made. */
struct lathep_iso9660_provider {
	/* Blocks of the region; those before it have their places. */
	uint64_t (*measure)(struct lathe_iso9660_plan *plan,
			    const struct lathep_iso9660_region *region);
	/* Fill in block 'i' of the region, all of it. NULL: zeros. */
	void (*encode)(const struct lathe_iso9660_image *image,
		       const struct lathep_iso9660_region *region, uint32_t i,
		       uint8_t *out);
	bool data;		/* bytes of sources instead */
};

struct lathep_iso9660_region {
	uint32_t first, blocks;	/* relative to the volume */
	uint32_t h;		/* hierarchy, where it has one */
	const struct lathep_iso9660_provider *provider;
};

/* What is used most is in front, what is large at the end: shorter code. */
struct lathe_iso9660_plan {
	struct lathe_iso9660_tree *tree;
	struct lathep_iso9660_store data; /* uint32_t: owners of extents, by
					   * address */
	uint64_t data_blocks, align_from_bytes;
	uint32_t metadata, blocks;
	uint64_t end;		/* blocks of the regions that have places */
	uint32_t rows;		/* folders */
	uint32_t made;		/* newest identifier made, or 0 */
	uint32_t arena_used;	/* of the tree, before the plan */
	uint32_t home;		/* of directories that moved, or 0 */
	bool empty_files;	/* there are some */
	uint32_t empty_block;	/* where files without content lie */
	uint32_t regions;
	uint32_t hierarchies;
	uint8_t known_bits;	/* of all of them, as in laid->known */
	uint32_t pad_blocks;
	const struct lathe_iso9660_system_use *system_use; /* or NULL */
	const void *system_use_options;
	struct lathe_hooks hooks;
	struct lathe_iso9660_primary_options primary;
	struct lathe_iso9660_session previous;
	struct lathep_iso9660_region region[LATHEP_ISO9660_REGIONS];
	struct lathep_iso9660_laid laid[LATHE_ISO9660_HIERARCHIES];
};

/* ---- records: directory_record.c ---------------------------------------- */

struct lathep_iso9660_record {
	uint32_t lba, bytes;
	const uint8_t *date, *id;
	uint8_t id_len, flags, xar;
};

/*
 * A directory record, 9.1. Returns its length; with 'out' NULL it is only
 * counted, and then nothing but 'id_len' is looked at. Its identifier may be
 * in its place already, 33 bytes behind 'out'.
 */
uint32_t lathep_iso9660_emit_record(const struct lathep_iso9660_record *record,
				    uint8_t *out);

/* An identifier of a node in hierarchy h of a plan; 'out' has room for
 * LATHE_ISO9660_ID_MAX. Returns its length. */
uint8_t lathep_iso9660_identifier(const struct lathe_iso9660_plan *plan,
				  uint32_t h,
				  const struct lathep_iso9660_node *node,
				  uint8_t *out);

/* ---- naming: naming.c, clash.c ------------------------------------------ */

/* How a child came to its identifier. */
enum lathep_iso9660_named_state {
	LATHEP_ISO9660_NAME,	/* derived, and nothing was lost */
	LATHEP_ISO9660_DERIVED,
	LATHEP_ISO9660_PINNED,	/* an earlier session recorded it */
	LATHEP_ISO9660_CLASHING, /* somebody else has it */
	LATHEP_ISO9660_NUMBERED
};

/* A child while its folder is laid out. */
struct lathep_iso9660_named {
	uint32_t node;
	uint32_t id;		/* in the scratch arena; 0: as its name */
	uint8_t len;
	uint8_t state;		/* enum lathep_iso9660_named_state */
	uint16_t changes;	/* LATHE_ISO9660_CHANGE_ bits */
};

/* Scratch of plan_create: as large as the largest folder. */
struct lathep_iso9660_naming {
	struct lathe_iso9660_plan *plan;
	const struct lathe_iso9660_plan_options *options;
	uint32_t h;
	const struct lathep_iso9660_laid *laid;	/* hierarchy h of the plan */
	struct lathep_iso9660_named *child;
	uint32_t *sorted;	/* places in 'child', in the order of records */
	uint32_t count, room;
	bool plain;		/* in order as they are, or recorded as their
				 * names are: no identifiers were made */
	struct lathep_iso9660_store ids;
};

/*
 * Give each child of a folder its identifier, and put them in order. Only
 * children that hierarchy has are in it.
 */
int lathep_iso9660_name_folder(struct lathep_iso9660_naming *naming,
			       uint32_t folder);
void lathep_iso9660_naming_free(struct lathep_iso9660_naming *naming);

/* Set of identifiers with a number each: idset.c */
struct lathep_iso9660_idset {
	const struct lathe_hooks *hooks;
	struct lathep_iso9660_store *arena;
	uint32_t *slot, size, used;
	uint64_t seed;
};

/* In the scratch arena. */
struct lathep_iso9660_idset_entry {
	uint32_t value;
	uint8_t len;		/* bytes, of which the first 'key' count */
	uint8_t key;
	/* the bytes follow */
};

int lathep_iso9660_idset_init(struct lathep_iso9660_idset *set,
			      struct lathep_iso9660_store *arena,
			      uint64_t seed, uint32_t expected);
void lathep_iso9660_idset_free(struct lathep_iso9660_idset *set);
struct lathep_iso9660_idset_entry *
lathep_iso9660_idset_find(const struct lathep_iso9660_idset *set,
			  const uint8_t *key, uint8_t len);
/* Put in an entry of the arena; it must not be there. */
int lathep_iso9660_idset_add(struct lathep_iso9660_idset *set, uint32_t at);
/* A new entry of the arena, in no set; 0: no memory. */
uint32_t lathep_iso9660_idset_entry(struct lathep_iso9660_store *arena,
				    const uint8_t *id, uint8_t len,
				    uint8_t key);

static inline const uint8_t *
lathep_iso9660_id_bytes(const struct lathep_iso9660_idset_entry *entry)
{
	return (const uint8_t *)(entry + 1);
}

static inline struct lathep_iso9660_idset_entry *
lathep_iso9660_entry_of(const struct lathep_iso9660_naming *naming,
			uint32_t child)
{
	return lathep_iso9660_byte_at(&naming->ids, naming->child[child].id);
}

/* How much of an identifier tells it apart. */
uint8_t lathep_iso9660_key_length(const struct lathep_iso9660_naming *naming,
				  const uint8_t *id, uint8_t len);

/* naming_quick.c: where nobody has to be told of anything, identifiers may
 * not have to be made to see that they are in order and do not clash. Fills
 * in lengths alone. */
bool lathep_iso9660_name_quickly(const struct lathep_iso9660_naming *naming);

bool lathep_iso9660_any_clash(const struct lathep_iso9660_naming *naming);
int lathep_iso9660_settle_clashes(struct lathep_iso9660_naming *naming);

/* ---- layout ------------------------------------------------------------- */

/* directories.c: lay out hierarchy h. */
int lathep_iso9660_lay_directories(struct lathe_iso9660_plan *plan, uint32_t h,
				   struct lathep_iso9660_naming *naming);
extern const struct lathep_iso9660_provider lathep_iso9660_directories;

/* layout.c: how the records of a folder were spread over blocks when it was
 * read; NULL where that has to be found out. '*blocks' if asked for. */
const struct lathep_iso9660_layout *
lathep_iso9660_layout_of(const struct lathe_iso9660_plan *plan, uint32_t h,
			 const struct lathep_iso9660_node *folder,
			 uint32_t *blocks);
/* Is that known in all hierarchies? Then a plan looks at none of its files,
 * all of which are on the disc. */
bool lathep_iso9660_stays(const struct lathe_iso9660_plan *plan,
			  const struct lathep_iso9660_node *folder);

/* relocate.c: what lies too deep moves; where something did, it goes back. */
int lathep_iso9660_relocate_deep(struct lathe_iso9660_plan *plan);
void lathep_iso9660_forget_relocated(struct lathe_iso9660_plan *plan);

/* directory_map.c */
extern const struct lathep_iso9660_provider lathep_iso9660_directory_map;

/* path_table.c */
int lathep_iso9660_lay_path_table(struct lathe_iso9660_plan *plan, uint32_t h);
extern const struct lathep_iso9660_provider lathep_iso9660_path_table_l;
extern const struct lathep_iso9660_provider lathep_iso9660_path_table_m;

/* volume_descriptor.c */
void lathep_iso9660_prepare_descriptor(
	struct lathep_iso9660_laid *laid,
	const struct lathe_iso9660_volume *volume);
extern const struct lathep_iso9660_provider lathep_iso9660_descriptors;

/* data_area.c */
int lathep_iso9660_lay_data(struct lathe_iso9660_plan *plan, uint32_t first);
void lathep_iso9660_forget_data(struct lathe_iso9660_plan *plan);
extern const struct lathep_iso9660_provider lathep_iso9660_data;

/* The owner of extent 'i' in the order of addresses. */
static inline struct lathep_iso9660_node *
lathep_iso9660_extent(const struct lathe_iso9660_plan *plan, uint32_t i)
{
	return lathep_iso9660_node(plan->tree,
				   lathep_iso9660_u32(&plan->data, i));
}

/* The last extent that begins at 'block' (relative) or before it, counting
 * from 0; UINT32_MAX if none does. */
uint32_t lathep_iso9660_extent_at(const struct lathe_iso9660_plan *plan,
				  uint32_t block);

static inline uint64_t lathep_iso9660_blocks(uint64_t bytes)
{
	return bytes / LATHE_BLOCK_BYTES + (bytes % LATHE_BLOCK_BYTES != 0);
}

/* The region that holds 'block' (relative). */
const struct lathep_iso9660_region *
lathep_iso9660_region_at(const struct lathe_iso9660_plan *plan,
			 uint32_t block);

/* ---- reading: image.c, cursor.c ----------------------------------------- */

/* A metadata block, or zeros; not for regions of data. */
void lathep_iso9660_encode_block(const struct lathe_iso9660_image *image,
				 const struct lathep_iso9660_region *region,
				 uint32_t i, uint8_t *out);

/* A source that failed, before anybody is told. */
struct lathep_iso9660_source_error {
	uint32_t node;
	int err;
	uint64_t offset;	/* in the file, of the first byte missing */
};

/*
 * Make a cursor note source errors in 'list' and go on with zeros, instead
 * of telling; for threads that are not the caller's. *count is not reset;
 * what is beyond 'room' is not noted.
 */
void lathep_iso9660_cursor_collect(struct lathe_iso9660_cursor *cursor,
				   struct lathep_iso9660_source_error *list,
				   uint32_t room, uint32_t *count);

/* Tell 'on_error' of a failed source, with its name in the text; or note it
 * in 'failure' and return its error if there is none to tell. */
int lathep_iso9660_report_source(
	const struct lathe_iso9660_plan *plan,
	const struct lathe_iso9660_on_source_error *on_error,
	const struct lathep_iso9660_source_error *error,
	struct lathe_failure *failure);

/* The system's descriptor of the source whose bytes are at 'lba', -1 if it
 * has none or fails; *offset is theirs in it, or 0. */
int lathep_iso9660_cursor_descriptor(struct lathe_iso9660_cursor *cursor,
				     uint32_t lba, uint64_t *offset);

#endif
