/* SPDX-License-Identifier: MIT */
/*
 * System use of an imported volume: whether there is any, and what a node
 * gets of it. ECMA-119 9.1.13, SUSP 1.12, RRIP 1.12.
 *
 * Where there is any, ISO 9660 is the hierarchy that becomes the nodes, since
 * only it knows links, devices and owners; so system use is read on one way
 * alone.
 */
#include <string.h>

#include "iso9660/reader_internal.h"

/* RRIP 4.1.1: the type in a mode, as POSIX has it. */
enum {
	TYPE = 0170000,
	TYPE_FILE = 0100000,
	TYPE_DIRECTORY = 0040000,
	TYPE_LINK = 0120000,
	TYPE_CHARACTER = 0020000,
	TYPE_BLOCK = 0060000,
	TYPE_PIPE = 0010000,
	TYPE_SOCKET = 0140000
};

/* The system use field of a record (9.1.13), which its identifier must still
 * stand in front of. */
static const uint8_t *field_of(const struct lathep_iso9660_record *record,
			       uint32_t *bytes)
{
	/* 9.1.12: behind an identifier of even length stands a pad byte. */
	uint32_t used = record->id_len + (record->id_len % 2 ? 0u : 1u);
	uint32_t room = record->record_len - 33u;

	*bytes = room > used ? room - used : 0;
	return record->id + used;
}

int lathep_iso9660_system_use_read(struct lathep_iso9660_import *imp,
				   const struct lathep_iso9660_record *record,
				   bool root_self)
{
	uint32_t bytes;
	const uint8_t *p = field_of(record, &bytes);

	return imp->options->system_use->read(imp, p, bytes, root_self,
					      imp->susp);
}

int lathep_iso9660_system_use_open(struct lathep_iso9660_import *imp)
{
	const struct lathe_iso9660_system_use *use = imp->options->system_use;
	struct lathep_iso9660_record self;
	const uint8_t *block;
	uint32_t bytes;
	int err;

	if (!use || !use->read || !(imp->heads.found.hierarchies & 1))
		return 0;
	err = lathep_iso9660_window_get(imp, imp->heads.root[0].lba, 0, &block);
	if (err)
		return err;
	if (lathep_iso9660_record_parse(block, LATHE_BLOCK_BYTES,
					imp->blocks->end, &self) ||
	    self.id_len != 1 || self.id[0] != 0)
		return 0;
	block = field_of(&self, &bytes);
	imp->susp = lathep_iso9660_take(&imp->tree->hooks, sizeof(*imp->susp));
	if (!imp->susp)
		return lathep_iso9660_import_no_memory(imp->tree);
	lathep_iso9660_susp_find(block, bytes, imp->susp);
	imp->heads.found.system_use = imp->susp->active;
	/* Areas of legal discs do not overlap. */
	imp->aside_bytes = ((uint64_t)imp->blocks->end + 512) * 2 *
			   LATHE_BLOCK_BYTES;
	return 0;
}

/* ---- what a node gets --------------------------------------------------- */

/* A file becomes what its mode says; content of what has none is not shown
 * by any system. */
static int apply_type(struct lathep_iso9660_import *imp, uint32_t id)
{
	struct lathep_iso9660_susp *s = imp->susp;
	struct lathep_iso9660_node *node = lathep_iso9660_node(imp->tree, id);
	uint32_t type = s->mode & TYPE;
	int err = 0;

	if (node->kind == LATHE_ISO9660_DIRECTORY)
		return type == TYPE_DIRECTORY
			       ? 0 : lathep_iso9660_odd_use(imp,
							    "a directory with "
							    "another type");
	if (type == TYPE_FILE || type == 0)
		return 0;
	if (type == TYPE_LINK && s->symlink_len == 0)
		return lathep_iso9660_odd(imp, LATHE_ISO9660_ODD_RECORD,
					  imp->at,
					  "a link's text: left out");
	if (type != TYPE_LINK && type != TYPE_CHARACTER && type != TYPE_BLOCK &&
	    type != TYPE_PIPE && type != TYPE_SOCKET)
		return lathep_iso9660_odd_use(imp,
					      "a file with another type");
	if (node->size)
		err = lathep_iso9660_odd_use(imp,
					     "a link or device with content: "
					     "left out");
	node->size = 0;
	node->u.file.lba = 0;
	if (!err && type == TYPE_LINK)
		return lathep_iso9660_set_symlink(imp->tree, id, s->symlink,
						  s->symlink_len);
	if (!err && !s->device_given &&
	    (type == TYPE_CHARACTER || type == TYPE_BLOCK))
		err = lathep_iso9660_odd_use(imp, "a device without a number");
	if (err)
		return err;
	return lathep_iso9660_set_special(imp->tree, id, type, s->dev_high,
					  s->dev_low);
}

int lathep_iso9660_system_use_apply(struct lathep_iso9660_import *imp,
				    uint32_t id, bool self)
{
	const struct lathep_iso9660_susp *s = imp->susp;
	struct lathep_iso9660_node *node = lathep_iso9660_node(imp->tree, id);
	int err = 0;

	if (s->foreign_bytes)
		err = lathep_iso9660_set_foreign(imp->tree, id, self,
						 s->foreign, s->foreign_bytes);
	/* The record in its parent says the rest; the root has none. */
	if (err || (self && id != LATHE_ISO9660_ROOT))
		return err;
	if (lathep_iso9660_is_date(s->modified))
		memcpy(node->date, s->modified, 7);
	err = lathep_iso9660_set_times(imp->tree, id, s->accessed, s->changed);
	if (err || !s->posix_given)
		return err;
	if (s->links > 1)
		node->flags |= LATHEP_ISO9660_SEVERAL_NAMES;
	err = lathep_iso9660_set_posix(imp->tree, id, &s->posix);
	return err ? err : apply_type(imp, id);
}
