/* SPDX-License-Identifier: MIT */
/* lib_image.c - images in memory. */
#include "tests/session/lib_image.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct lathe_hooks none;

int image_read(void *ctx, uint8_t *out, uint32_t count, uint32_t *got)
{
	struct image *image = ctx;

	if (image->fails_at && image->at >= image->fails_at)
		return LATHE_ERR_IO;
	if (image->piece && count > image->piece)
		count = image->piece;
	if (count > image->blocks - image->at)
		count = image->blocks - image->at;
	memcpy(out, image->data + (size_t)image->at * 2048,
	       (size_t)count * 2048);
	image->at += count;
	*got = count;
	return 0;
}

static void make(struct image *image, const struct model *model,
		 uint32_t start, uint32_t lead, uint32_t uses)
{
	struct lathe_iso9660_tree_config config = { .size = sizeof(config) };
	struct lathe_iso9660_use use = { &lathe_joliet_hierarchy, NULL };
	struct lathe_iso9660_plan_options options = {
		.size = sizeof(options), .uses = &use, .use_count = uses
	};
	struct lathe_iso9660_cursor *cursor;
	struct lathe_iso9660_image made;
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_tree *tree;
	uint32_t i, node, blocks;

	memset(image, 0, sizeof(*image));
	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	for (i = 0; i < model->count; i++)
		ck_assert_int_eq(lathe_iso9660_add_memory(
					 tree, LATHE_ISO9660_ROOT,
					 model->file[i].path,
					 strlen(model->file[i].path), NULL,
					 model->file[i].data,
					 model->file[i].size, 0, &node), 0);
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan), 0);
	blocks = lathe_iso9660_plan_blocks(plan);
	image->blocks = lead + blocks;
	image->data = calloc(image->blocks, 2048);
	ck_assert_ptr_nonnull(image->data);
	ck_assert_int_eq(lathe_iso9660_image_init(&made, plan, start), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&made, &none, NULL,
						     &cursor), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_read(
				 cursor, start, blocks,
				 image->data + (size_t)lead * 2048), 0);
	if (lead)
		memcpy(image->data + 16 * 2048,
		       image->data + (size_t)(lead + 16) * 2048, 3 * 2048);
	lathe_iso9660_cursor_destroy(cursor);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
}

void image_make(struct image *image, const struct model *model,
		uint32_t start, uint32_t lead)
{
	make(image, model, start, lead, 1);
}

void image_make_primary(struct image *image, const struct model *model)
{
	make(image, model, 0, 0, 0);
}

void image_free(struct image *image)
{
	free(image->data);
	image->data = NULL;
}

/* ECMA-119 8.4.32: application use, 512 bytes. */
void image_make_foreign(struct image *image)
{
	memset(image->data + 16 * 2048 + 883, 0, 512);
}

struct lathe_emulator_store *foreign_disc(enum lathe_emulator_media media,
					  struct model *model, uint32_t behind)
{
	struct lathe_emulator_store *store = blank_disc(media);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_failure failure;
	struct image image;
	struct rig rig;

	model_put(model, "theirs", 1, 70000);
	image_make(&image, model, 0, 0);
	image_make_foreign(&image);
	/* ECMA-119 8.4.8: volume space size, in both orders. */
	lathe_put_both32(image.data + 16 * 2048 + 80, image.blocks + behind);
	rig_create(&rig, store, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_msg(!lathe_session_record_stream(
			      &rig.mmc, NULL,
			      &(struct lathe_session_stream){
				      &image, image_read, image.blocks },
			      &options, &report, &failure),
		      "%s", failure.text);
	image_free(&image);
	rig_destroy(&rig);
	return store;
}

int continue_it(struct rig *rig, const struct model *model,
		struct lathe_session_report *report)
{
	struct model ours = { .count = model->count - 1 };
	struct lathe_session_record_options options =
		rig_options(rig, LATHE_SESSION_VERIFY_FULL);
	int err;

	memcpy(ours.file, model->file + 1, ours.count * sizeof(ours.file[0]));
	rig_master(rig, NULL);
	err = lathe_session_set_recorder(rig->master, &rig->mmc);
	if (!err)
		err = lathe_session_import(rig->master);
	if (!err)
		err = rig_add(rig, &ours);
	return err ? err :
		     lathe_session_record(rig->master, &options, report);
}
