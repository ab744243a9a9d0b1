/* SPDX-License-Identifier: MIT */
/*
 * Files that the tree holds already, by device and inode: only those with
 * several names, and those that a symbolic link led to, are remembered.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include "iso9660/lathe_iso9660.h"

#if defined(__unix__) || defined(__APPLE__)

#include <string.h>

#include "iso9660/host_posix.h"

void lathep_iso9660_identify(const struct stat *st,
			     struct lathep_iso9660_identity *out)
{
	out->dev = (uint64_t)st->st_dev;
	out->ino = (uint64_t)st->st_ino;
	out->stamp = lathep_iso9660_stamp(st);
}

static uint32_t start_of(const struct lathe_iso9660_host *host, uint64_t dev,
			 uint64_t ino)
{
	uint64_t key[2] = { dev, ino };

	return (uint32_t)lathep_iso9660_hash(0, 1, key, sizeof(key)) &
	       (host->known_size - 1);
}

/* The slot of a file, or the free one where it would be. */
static struct lathep_iso9660_known *slot_of(struct lathe_iso9660_host *host,
					    uint64_t dev, uint64_t ino)
{
	uint32_t i = start_of(host, dev, ino);

	while (host->known[i].node &&
	       (host->known[i].dev != dev || host->known[i].ino != ino))
		i = (i + 1) & (host->known_size - 1);
	return &host->known[i];
}

static int grow(struct lathe_iso9660_host *host)
{
	struct lathep_iso9660_known *old = host->known;
	uint32_t size = host->known_size, i;
	uint32_t bigger = size ? size * 2 : 64;
	void *p = lathep_iso9660_take_zeros(&host->config.hooks,
					    bigger * sizeof(*old));

	if (!p)
		return LATHE_ERR_MEMORY;
	host->known = p;
	host->known_size = bigger;
	for (i = 0; i < size; i++)
		if (old[i].node)
			*slot_of(host, old[i].dev, old[i].ino) = old[i];
	lathep_iso9660_give(&host->config.hooks, old, size * sizeof(*old));
	return 0;
}

bool lathep_iso9660_is_at(struct lathe_iso9660_host *host, uint64_t number,
			  const char *name, size_t len,
			  const struct lathep_iso9660_identity *is)
{
	struct stat now;

	return lathep_iso9660_file_stat(host, number, name, len, &now) == 0 &&
	       (uint64_t)now.st_dev == is->dev &&
	       (uint64_t)now.st_ino == is->ino;
}

bool lathep_iso9660_same_file(struct lathe_iso9660_host *host,
			      const struct lathe_iso9660_tree *tree,
			      uint32_t id,
			      const struct lathep_iso9660_identity *is)
{
	const struct lathep_iso9660_node *node;
	const char *name;
	size_t len;

	if (!lathep_iso9660_alive(tree, id))
		return false;
	node = lathep_iso9660_owner(tree, lathep_iso9660_node(tree, id));
	if (!lathep_iso9660_has_source(node) ||
	    (uint32_t)node->u.file.cookie != is->stamp ||
	    lathep_iso9660_source(tree, node) != &host->source)
		return false;
	name = lathep_iso9660_source_name(tree, node, &len);
	return lathep_iso9660_is_at(host, node->u.file.cookie, name, len, is);
}

uint32_t lathep_iso9660_known_find(struct lathe_iso9660_host *host,
				   const struct lathe_iso9660_tree *tree,
				   const struct lathep_iso9660_identity *is)
{
	const struct lathep_iso9660_known *slot;
	uint32_t node;

	if (!host->known)
		return 0;
	slot = slot_of(host, is->dev, is->ino);
	node = slot->node;
	/* After a rollback a new node may have the number of another one. */
	if (slot->stamp && node < tree->imported_nodes)
		return slot->stamp == is->stamp &&
				       lathep_iso9660_alive(tree, node)
			       ? node : 0;
	return lathep_iso9660_same_file(host, tree, node, is) ? node : 0;
}

int lathep_iso9660_known_add(struct lathe_iso9660_host *host,
			     const struct lathep_iso9660_identity *is,
			     uint32_t node, uint32_t stamp)
{
	struct lathep_iso9660_known *slot;
	int err = 0;

	if ((host->known_used + 1) * 2 > host->known_size)
		err = grow(host);
	if (err)
		return err;
	slot = slot_of(host, is->dev, is->ino);
	if (!slot->node)
		host->known_used++;
	slot->dev = is->dev;
	slot->ino = is->ino;
	slot->node = node;
	slot->stamp = stamp;
	return 0;
}

/* Asked for its state, an imported node is no file of this host. */
void lathep_iso9660_known_forget(struct lathe_iso9660_host *host)
{
	uint32_t i;

	for (i = 0; i < host->known_size; i++)
		host->known[i].stamp = 0;
}

#else
/* ISO C wants something in each file. */
typedef int lathep_iso9660_no_posix;
#endif
