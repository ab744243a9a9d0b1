/* SPDX-License-Identifier: MIT */
/*
 * A cursor: one thread's way of reading an image. Any block can be read
 * alone; it only remembers where it was, so that the next one is found at
 * once, and keeps the file open that it read from.
 */
#include <stdio.h>
#include <string.h>

#include "iso9660/plan_internal.h"

struct lathe_iso9660_cursor {
	struct lathe_iso9660_image image;
	struct lathe_hooks hooks;
	struct lathe_iso9660_on_source_error on_error;
	uint32_t extent;	/* that was read last */

	/* The source that is open, or could not be opened. */
	uint32_t node;		/* 0: none */
	const struct lathe_iso9660_source *source;
	void *handle;
	bool opened;
	uint32_t told;		/* the last node whose failure was told */

	/* Collecting instead of telling. */
	struct lathep_iso9660_source_error *list;
	uint32_t room, *count;

	struct lathe_failure failure;
};

int lathe_iso9660_cursor_create(const struct lathe_iso9660_image *image,
				const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error,
				struct lathe_iso9660_cursor **out)
{
	struct lathe_hooks none;
	struct lathe_iso9660_cursor *cursor;

	memset(&none, 0, sizeof(none));
	if (!hooks)
		hooks = &none;
	cursor = lathep_iso9660_take_zeros(hooks, sizeof(*cursor));
	if (!cursor)
		return LATHE_ERR_MEMORY;
	cursor->image = *image;
	cursor->hooks = *hooks;
	if (on_error)
		cursor->on_error = *on_error;
	*out = cursor;
	return 0;
}

static void close_source(struct lathe_iso9660_cursor *cursor)
{
	if (cursor->node && cursor->opened)
		cursor->source->close(cursor->source->ctx, cursor->handle);
	cursor->node = 0;
	cursor->opened = false;
}

void lathe_iso9660_cursor_destroy(struct lathe_iso9660_cursor *cursor)
{
	if (!cursor)
		return;
	close_source(cursor);
	lathep_iso9660_give(&cursor->hooks, cursor, sizeof(*cursor));
}

const struct lathe_failure *
lathe_iso9660_cursor_failure(const struct lathe_iso9660_cursor *cursor)
{
	return &cursor->failure;
}

void lathep_iso9660_cursor_collect(struct lathe_iso9660_cursor *cursor,
				   struct lathep_iso9660_source_error *list,
				   uint32_t room, uint32_t *count)
{
	cursor->list = list;
	cursor->room = room;
	cursor->count = count;
}

/* ---- failing sources ---------------------------------------------------- */

int lathep_iso9660_report_source(
	const struct lathe_iso9660_plan *plan,
	const struct lathe_iso9660_on_source_error *on_error,
	const struct lathep_iso9660_source_error *error,
	struct lathe_failure *failure)
{
	char name[176], text[LATHE_FAILURE_TEXT];
	int err = error->err;

	lathep_iso9660_describe(plan->tree,
				lathep_iso9660_node(plan->tree, error->node),
				error->node, name, sizeof(name));
	snprintf(text, sizeof(text), "%s: %s, from byte %llu", name,
		 lathep_iso9660_meaning(error->err),
		 (unsigned long long)error->offset);
	if (on_error->failed) {
		err = on_error->failed(on_error->ctx, error->node,
				       error->offset, error->err, text);
		if (!err)
			return 0;
	}
	return lathep_iso9660_fail(failure, err, "%s", text);
}

/* Returns 0 to go on with zeros. Each file is told of once. */
static int source_failed(struct lathe_iso9660_cursor *cursor, uint32_t id,
			 uint64_t offset, int err)
{
	struct lathep_iso9660_source_error error = { id, err, offset };

	if (cursor->told == id)
		return 0;
	if (cursor->list) {
		cursor->told = id;
		if (*cursor->count < cursor->room)
			cursor->list[(*cursor->count)++] = error;
		return 0;
	}
	err = lathep_iso9660_report_source(cursor->image.plan,
					   &cursor->on_error, &error,
					   &cursor->failure);
	if (!err)
		cursor->told = id;
	return err;
}

/* ---- bytes of sources --------------------------------------------------- */

/* Open the source of a node, unless it is open already. One that can not be
 * opened stays so until another one was. */
static int open_source(struct lathe_iso9660_cursor *cursor, uint32_t id,
		       const struct lathep_iso9660_node *owner)
{
	size_t len;
	const char *name;
	int err;

	if (cursor->node == id)
		return 0;
	close_source(cursor);
	name = lathep_iso9660_source_name(cursor->image.plan->tree, owner,
					  &len);
	cursor->source = lathep_iso9660_source(cursor->image.plan->tree,
					       owner);
	cursor->handle = NULL;
	err = cursor->source->open(cursor->source->ctx, owner->u.file.cookie,
				   name, len, &cursor->handle);
	cursor->node = id;
	cursor->opened = err == 0 ||
			 (err == LATHE_ERR_CHANGED && cursor->handle);
	if (err)
		err = source_failed(cursor, id, 0, err);
	if (err)
		close_source(cursor);
	return err;
}

/* Read until 'bytes' are there, the source ends or fails. */
static int read_whole(struct lathe_iso9660_cursor *cursor, uint64_t offset,
		      uint64_t bytes, uint8_t *out, uint64_t *done)
{
	const struct lathe_iso9660_source *source = cursor->source;
	uint32_t part, got;
	int err;

	for (*done = 0; *done < bytes; *done += got) {
		part = bytes - *done < 0x40000000u ? (uint32_t)(bytes - *done)
						   : 0x40000000u;
		got = 0;
		err = source->read_at(source->ctx, cursor->handle,
				      offset + *done, part, out + *done,
				      &got);
		if (err)
			return err;
		if (got == 0 || got > part)
			return LATHE_ERR_CHANGED;
	}
	return 0;
}

/* *done gets the bytes that were there. */
static int read_source(struct lathe_iso9660_cursor *cursor, uint32_t id,
		       uint64_t offset, uint64_t bytes, uint8_t *out,
		       uint64_t *done)
{
	const struct lathep_iso9660_node *owner =
		lathep_iso9660_node(cursor->image.plan->tree, id);
	const struct lathe_iso9660_source *source;
	int err = open_source(cursor, id, owner);

	if (!err && cursor->opened) {
		source = cursor->source;
		err = read_whole(cursor, offset, bytes, out, done);
		/* What is read in parts may change between them. */
		if (!err && bytes < owner->size && source->still)
			err = source->still(source->ctx, owner->u.file.cookie,
					    cursor->handle);
		if (err)
			err = source_failed(cursor, id, offset + *done, err);
	}
	if (err || offset + bytes == owner->size)
		close_source(cursor);
	return err;
}

/* ---- the data area ------------------------------------------------------ */

static uint32_t first_of(const struct lathe_iso9660_plan *plan, uint32_t i)
{
	return lathep_iso9660_extent(plan, i)->u.file.lba;
}

/* The extent at 'block' or the last one before it; false if there is none.
 * Mostly it is the one that was read last, or the next. */
static bool seek(struct lathe_iso9660_cursor *cursor, uint32_t block)
{
	const struct lathe_iso9660_plan *plan = cursor->image.plan;
	uint32_t i = cursor->extent, used = plan->data.used, tries;

	for (tries = 0; tries < 2 && i < used; tries++, i++) {
		if (first_of(plan, i) > block)
			break;
		if (i + 1 == used || first_of(plan, i + 1) > block) {
			cursor->extent = i;
			return true;
		}
	}
	i = lathep_iso9660_extent_at(plan, block);
	if (i == UINT32_MAX)
		return false;
	cursor->extent = i;
	return true;
}

/* What lies at a block of the data area: 'bytes' of a file that begin at
 * 'offset' in it, in so many blocks; or a gap, with node 0. */
struct piece {
	uint32_t node, blocks;
	uint64_t offset, bytes;
};

static void find_piece(struct lathe_iso9660_cursor *cursor, uint32_t block,
		       uint32_t end, struct piece *out)
{
	const struct lathe_iso9660_plan *plan = cursor->image.plan;
	uint32_t next = 0;

	memset(out, 0, sizeof(*out));
	if (seek(cursor, block)) {
		const struct lathep_iso9660_node *owner =
			lathep_iso9660_extent(plan, cursor->extent);
		uint32_t in = block - owner->u.file.lba;
		uint64_t blocks = lathep_iso9660_blocks(owner->size);

		if (in < blocks) {
			out->node = lathep_iso9660_u32(&plan->data,
						       cursor->extent);
			out->blocks = (uint32_t)blocks - in;
			out->offset = (uint64_t)in * LATHE_BLOCK_BYTES;
			out->bytes = owner->size - out->offset;
			return;
		}
		next = cursor->extent + 1;
	}
	if (next < plan->data.used)
		end = first_of(plan, next);
	out->blocks = end - block;
}

static int read_data(struct lathe_iso9660_cursor *cursor, uint32_t block,
		     uint32_t count, uint32_t end, uint8_t *out)
{
	struct piece piece;
	uint64_t room, done;
	int err = 0;

	while (count && !err) {
		find_piece(cursor, block, end, &piece);
		if (piece.blocks > count)
			piece.blocks = count;
		room = (uint64_t)piece.blocks * LATHE_BLOCK_BYTES;
		if (piece.bytes > room)
			piece.bytes = room;
		done = 0;
		if (piece.node)
			err = read_source(cursor, piece.node, piece.offset,
					  piece.bytes, out, &done);
		memset(out + done, 0, (size_t)(room - done));
		out += room;
		block += piece.blocks;
		count -= piece.blocks;
	}
	return err;
}

/* ---- any block ---------------------------------------------------------- */

static bool inside(const struct lathe_iso9660_image *image, uint32_t lba,
		   uint32_t count)
{
	return lba >= image->start && lba - image->start < image->plan->blocks
	       && count <= image->plan->blocks - (lba - image->start);
}

int lathe_iso9660_cursor_read(struct lathe_iso9660_cursor *cursor,
			      uint32_t lba, uint32_t count, uint8_t *out)
{
	const struct lathe_iso9660_image *image = &cursor->image;
	uint32_t block = lba - image->start;
	int err = 0;

	cursor->failure.err = 0;
	if (!inside(image, lba, count))
		return lathep_iso9660_fail(&cursor->failure, LATHE_ERR_ARG,
					   "blocks outside the image");
	while (count && !err) {
		const struct lathep_iso9660_region *region =
			lathep_iso9660_region_at(image->plan, block);
		uint32_t end = region->first + region->blocks, i;
		uint32_t part = end - block < count ? end - block : count;

		if (region->provider->data)
			err = read_data(cursor, block, part, end, out);
		else
			for (i = 0; i < part; i++)
				lathep_iso9660_encode_block(
					image, region,
					block + i - region->first,
					out + (size_t)i * LATHE_BLOCK_BYTES);
		block += part;
		count -= part;
		out += (size_t)part * LATHE_BLOCK_BYTES;
	}
	return err;
}

int lathe_iso9660_cursor_segment(struct lathe_iso9660_cursor *cursor,
				 uint32_t lba,
				 struct lathe_iso9660_segment *out)
{
	const struct lathe_iso9660_image *image = &cursor->image;
	const struct lathep_iso9660_region *region;
	uint32_t block = lba - image->start;
	struct piece piece;

	cursor->failure.err = 0;
	if (!inside(image, lba, 1))
		return lathep_iso9660_fail(&cursor->failure, LATHE_ERR_ARG,
					   "a block outside the image");
	region = lathep_iso9660_region_at(image->plan, block);
	memset(out, 0, sizeof(*out));
	out->lba = lba;
	out->blocks = region->first + region->blocks - block;
	out->kind = region->provider->encode ? LATHE_ISO9660_SEGMENT_METADATA
					     : LATHE_ISO9660_SEGMENT_ZERO;
	if (!region->provider->data)
		return 0;
	find_piece(cursor, block, region->first + region->blocks, &piece);
	out->blocks = piece.blocks;
	if (piece.node) {
		out->kind = LATHE_ISO9660_SEGMENT_SOURCE;
		out->node = piece.node;
		out->offset = piece.offset;
		out->bytes = piece.bytes;
	}
	return 0;
}

int lathep_iso9660_cursor_descriptor(struct lathe_iso9660_cursor *cursor,
				     uint32_t lba, uint64_t *offset)
{
	struct lathe_iso9660_segment segment;
	const struct lathe_iso9660_source *source;

	*offset = 0;
	if (lathe_iso9660_cursor_segment(cursor, lba, &segment) ||
	    segment.kind != LATHE_ISO9660_SEGMENT_SOURCE ||
	    open_source(cursor, segment.node,
			lathep_iso9660_node(cursor->image.plan->tree,
					    segment.node)) ||
	    !cursor->opened)
		return -1;
	*offset = segment.offset;
	source = cursor->source;
	return source->descriptor ? source->descriptor(source->ctx,
						       cursor->handle)
				  : -1;
}
