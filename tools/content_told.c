/* SPDX-License-Identifier: MIT */
/*
 * What is told about the content: what was left out, what was recorded under
 * another name, what an update found.
 */
#include <inttypes.h>
#include <string.h>

#include "tools/content.h"
#include "tools/json.h"

static const char *skip_reason(const struct content *content,
			       enum lathe_iso9660_skipped why)
{
	switch (why) {
	case LATHE_ISO9660_SKIPPED_SPECIAL:
		return "no regular file";
	case LATHE_ISO9660_SKIPPED_LINK_DIRECTORY:
		return "a symbolic link to a directory";
	case LATHE_ISO9660_SKIPPED_LINK_DANGLING:
		return "a symbolic link to nothing";
	case LATHE_ISO9660_SKIPPED_UNREADABLE:
		return "can not be read";
	case LATHE_ISO9660_SKIPPED_NAME:
		return content->charset
			       ? "its name is not in the character set"
			       : "its name is no UTF-8";
	case LATHE_ISO9660_SKIPPED_LINK:
		return "a symbolic link";
	case LATHE_ISO9660_SKIPPED_LOOP:
		return "a symbolic link to a directory that it is in";
	case LATHE_ISO9660_SKIPPED_OUTPUT:
		return "it is to be written";
	}
	return "unknown";
}

void content_skipped(void *ctx, enum lathe_iso9660_skipped why,
		     const char *path, int sys_errno)
{
	struct content *content = ctx;
	bool always = true, refused = why == LATHE_ISO9660_SKIPPED_UNREADABLE ||
				      why == LATHE_ISO9660_SKIPPED_NAME;

	if (why == LATHE_ISO9660_SKIPPED_UNREADABLE) {
		content->unreadable++;
	} else if (why == LATHE_ISO9660_SKIPPED_NAME) {
		content->bad_names++;
	} else if (why != LATHE_ISO9660_SKIPPED_OUTPUT) {
		content->left_out++;
		always = content->tool->verbose;
	}
	/* What is refused is told now, all else with what is recorded. */
	if (content->rehearsal &&
	    (content->options->skip_unreadable || !refused))
		return;
	if (always && sys_errno)
		note(content->tool, "left out: %s: %s: %s", path,
		     skip_reason(content, why), strerror(sys_errno));
	else if (always)
		note(content->tool, "left out: %s: %s", path,
		     skip_reason(content, why));
}

void content_without_joliet(struct content *content, const char *name)
{
	content->no_joliet = true;
	note(content->tool,
	     "%s: there is no room for a Joliet descriptor in front of the "
	     "first session's directories: the new session has none",
	     name);
}

/* ECMA-167 2/9.1.2: one of the blocks behind the descriptors. */
void content_tell_udf(const struct content *content, const char *name,
		      const uint8_t *blocks, uint32_t count)
{
	while (count-- > 0)
		if (memcmp(blocks + (size_t)count * LATHE_BLOCK_BYTES + 1,
			   "NSR0", 4) == 0) {
			note(content->tool,
			     "%s: its UDF volume stays as it is: systems that "
			     "read that one do not see the new session",
			     name);
			return;
		}
}

void content_renamed(void *ctx, const struct lathe_iso9660_renamed *what)
{
	struct content *content = ctx;
	char path[1024], name[LATHE_ISO9660_NAME_MAX + 1];
	int len;

	bool only = content->no_joliet && content->options->no_rock_ridge;

	/* ISO 9660's own names nearly always differ; readers of today show
	 * those of Rock Ridge or of the other hierarchy. */
	if ((what->hierarchy == 0 && !what->system_use && !only) ||
	    content->names_told)
		return;
	content->renamed++;
	if (what->changes & LATHE_ISO9660_CHANGE_CLASH)
		content->numbered++;
	if (!content->tool->verbose)
		return;
	len = what->id_len;
	if (what->system_use || what->hierarchy == 0)
		memcpy(name, what->id, what->id_len);
	else
		len = lathe_joliet_utf8_from_utf16(what->id, what->id_len,
						   name, sizeof(name) - 1);
	name[len > 0 ? len : 0] = '\0';
	lathe_iso9660_path(content->tree, what->node, path, sizeof(path));
	note(content->tool, "recorded as %s: %s", name, path);
}

static void tell_update(struct content *content)
{
	const struct lathe_iso9660_host_totals *t = &content->totals;

	if (!content->options->update && !content->options->mirror)
		return;
	content_tell_changes(content);
	note(content->tool,
	     "%s new, %s changed, %s gone, %s with other attributes, %s as "
	     "they were",
	     grouped(t->added).text, grouped(t->replaced).text,
	     grouped(t->removed).text, grouped(t->attributes).text,
	     grouped(t->kept).text);
	if (content->lacks_names && t->added > 0)
		note(content->tool, "what is there has names of ISO 9660 "
				    "alone: others are new, however alike");
}

/* A name of the disc's Joliet is compared from then on: one with a number
 * would never be found again. */
static int refuse_numbered(struct content *content)
{
	const struct content_options *options = content->options;

	if (content->numbered == 0 || !options->no_rock_ridge ||
	    !content->lacks_joliet || !(options->update || options->mirror))
		return STATUS_OK;
	return complain_why(content->tool, LATHE_ERR_EXISTS,
			    "choose other names, or leave out "
			    "--no-rock-ridge",
			    "%s the same as others in Joliet%s",
			    counted(content->numbered, "name becomes",
				    "names become").text,
			    content->tool->verbose ? "" : "; -v lists them");
}

/* Without Rock Ridge a link or special file of the disc that no other
 * hierarchy shows goes. */
static int lost(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct content *content = ctx;
	char path[1024];

	if ((entry->kind != LATHE_ISO9660_SYMLINK &&
	     entry->kind != LATHE_ISO9660_SPECIAL) ||
	    entry->present > 1 || entry->link)
		return 0;
	content->left_out++;
	lathe_iso9660_path(content->tree, entry->node, path, sizeof(path));
	if (content->tool->verbose)
		note(content->tool, "left out: %s of the disc: no Rock Ridge",
		     path);
	return 0;
}

static int tell_twins(struct content *content, uint32_t twins)
{
	struct counted differ = counted(twins, "name differs", "names differ");

	if (twins == 0)
		return STATUS_OK;
	if (content->options->strict_case)
		return complain_why(content->tool, LATHE_ERR_NAME,
				    "rename them or leave out --strict-case",
				    "%s from another one in case alone",
				    differ.text);
	note(content->tool,
	     "%s from another one in case alone: some systems will show only "
	     "one of two",
	     differ.text);
	return STATUS_OK;
}

int content_refuse_twins(struct content *content)
{
	return content->options->strict_case
		       ? tell_twins(content, content_case_twins(content->tree))
		       : STATUS_OK;
}

int content_told(struct content *content)
{
	struct tool *tool = content->tool;
	const char *more = tool->verbose ? "" : "; -v lists them";

	content->names_told = true;
	tell_update(content);
	content_tell_landed(content);
	if (refuse_numbered(content))
		return status_of(LATHE_ERR_EXISTS);
	if (content->options->no_rock_ridge)
		lathe_iso9660_walk(content->tree, LATHE_ISO9660_ROOT, lost,
				   content);
	if (content->left_out > 0)
		note(tool, "%s left out%s",
		     counted(content->left_out, "link or special file",
			     "links or special files")
			     .text,
		     more);
	if (content->renamed > 0)
		note(tool, "%s recorded differently%s",
		     counted(content->renamed, "name", "names").text, more);
	return tell_twins(content, content_case_twins(content->tree));
}

/* A backup that lacks something should not look like a whole one. */
int content_refuse_gaps(struct content *content)
{
	if (content->options->skip_unreadable)
		return STATUS_OK;
	if (content->unreadable > 0)
		return complain_why(content->tool, LATHE_ERR_IO,
				    "make them readable, or leave them out "
				    "with --skip-unreadable",
				    "%s can not be read; nothing was written",
				    counted(content->unreadable, "file",
					    "files")
					    .text);
	if (content->bad_names > 0)
		return complain_why(content->tool, LATHE_ERR_NAME,
				    "rename them, or leave them out with "
				    "--skip-unreadable",
				    "%s can not be recorded; nothing was "
				    "written",
				    counted(content->bad_names, "name", "names")
					    .text);
	return STATUS_OK;
}

/* ---- --print-size, and --plan of an image ------------------------------- */

void content_show_size(uint32_t blocks, bool as_json)
{
	struct json json = { .out = stdout };

	if (!as_json) {
		printf("%" PRIu32 "\n", blocks);
		return;
	}
	json_object(&json, NULL);
	json_text(&json, "event", "size");
	json_number(&json, "blocks", blocks);
	json_object_end(&json);
	json_line(&json);
}

static void plan_json(const struct lathe_iso9660_plan *plan, uint32_t start,
		      const struct lathe_iso9660_counts *count)
{
	struct json json = { .out = stdout };

	json_object(&json, NULL);
	json_text(&json, "event", "plan");
	json_number(&json, "start", start);
	json_number(&json, "directories", count->directories);
	json_number(&json, "files", count->files);
	json_number(&json, "new_files", count->new_files);
	json_number(&json, "new_bytes", count->new_bytes);
	json_number(&json, "volume_blocks",
		    plan ? lathe_iso9660_plan_blocks(plan) : 0);
	json_number(&json, "metadata_blocks",
		    plan ? lathe_iso9660_plan_metadata(plan) : 0);
	json_object_end(&json);
	json_line(&json);
}

void content_show_count(const struct lathe_iso9660_counts *count)
{
	printf("files     %s in %s; %s new with %s\n",
	       grouped(count->files).text,
	       counted(count->directories, "directory", "directories").text,
	       grouped(count->new_files).text,
	       counted(count->new_bytes, "byte", "bytes").text);
}

void content_show_plan(struct content *content,
		       const struct lathe_iso9660_plan *plan, uint32_t start,
		       bool as_json)
{
	struct lathe_iso9660_counts count;
	uint32_t blocks;

	lathe_iso9660_count(content->tree, &count);
	if (as_json) {
		plan_json(plan, start, &count);
		return;
	}
	blocks = lathe_iso9660_plan_blocks(plan);
	printf("volume    from block %s, %s blocks (%s), %s of them "
	       "directories\n",
	       grouped(start).text, grouped(blocks).text, sized(blocks).text,
	       grouped(lathe_iso9660_plan_metadata(plan)).text);
	content_show_count(&count);
}
