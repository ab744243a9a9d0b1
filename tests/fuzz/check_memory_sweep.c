/* SPDX-License-Identifier: MIT */
/*
 * Memory runs out, at each allocation once, for that one or from there on: in
 * each public call of iso9660/ and joliet/ that takes any. The call says so
 * (LATHE_ERR_MEMORY) or does without; what it worked on is as before; the
 * same call repeated with memory succeeds, and all that follows comes to the
 * same as if nothing had happened; nothing leaks.
 *
 * A scenario is a sequence of steps. It runs once in peace, for the number of
 * allocations and for what there is before each step, then for each of them.
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "tests/suite.h"

#define MOST_STEPS 4000u

/* ---- steps -------------------------------------------------------------- */

static struct lathe_iso9660_tree *tree;
static struct lathe_iso9660_plan *plan;
static struct lathe_iso9660_image image;
static uint64_t value;		/* of what was read */
static uint32_t step;
static bool recording;
static uint64_t before[MOST_STEPS];

static uint64_t mix(uint64_t sum, uint64_t with)
{
	return (sum ^ with) * UINT64_C(0x9E3779B97F4A7C15) + (sum >> 29);
}

/* What the test itself does takes memory that is there and does not count. */
static struct fuzz_heap begin_peace(void)
{
	struct fuzz_heap heap = fuzz_heap;

	fuzz_heap.fail_at = 0;
	return heap;
}

static void end_peace(struct fuzz_heap heap)
{
	fuzz_heap.fail_at = heap.fail_at;
	fuzz_heap.calls = heap.calls;
}

static uint64_t digest(void)
{
	struct fuzz_heap heap = begin_peace();
	uint64_t sum = value;
	const char *p;
	char *list;

	if (tree) {
		list = fuzz_list(tree, true);
		for (p = list; *p; p++)
			sum = mix(sum, (uint8_t)*p);
		free(list);
		sum = mix(sum, lathe_iso9660_changed(tree));
	}
	if (plan) {
		sum = mix(sum, lathe_iso9660_plan_blocks(plan));
		sum = mix(sum, lathe_iso9660_plan_metadata(plan));
	}
	end_peace(heap);
	return sum;
}

/* In peace: how it was. Else: did it fail, and is all as it was? */
static bool has_failed(int err)
{
	if (recording || err == 0)
		return false;
	ck_assert_msg(err == LATHE_ERR_MEMORY, "step %u, allocation %lu: %d",
		      step, (unsigned long)fuzz_heap.fail_at, err);
	ck_assert_uint_gt(fuzz_heap.failed, 0);
	fuzz_heap.fail_at = 0;
	ck_assert_msg(digest() == before[step],
		      "step %u is not without a trace", step);
	return true;
}

static void begin_step(void)
{
	ck_assert_uint_lt(step, MOST_STEPS);
	if (recording)
		before[step] = digest();
}

#define STEP(call)                                                             \
	do {                                                                   \
		int err_;                                                      \
		begin_step();                                                  \
		err_ = (call);                                                 \
		if (has_failed(err_))                                          \
			err_ = (call);                                         \
		ck_assert_msg(err_ == 0, "step %u: %d", step, err_);           \
		step++;                                                        \
	} while (0)

static void run(void (*scenario)(void))
{
	value = 0;
	step = 0;
	tree = NULL;
	plan = NULL;
	scenario();
	fuzz_heap_end();
}

static void sweep(void (*scenario)(void))
{
	uint64_t calls, at, want;
	uint32_t steps;
	int on;

	memset(&fuzz_heap, 0, sizeof(fuzz_heap));
	run(scenario);
	calls = fuzz_heap.calls;
	ck_assert_uint_gt(calls, 0);
	recording = true;
	run(scenario);
	recording = false;
	want = value;
	steps = step;
	for (on = 0; on < 2; on++) {
		for (at = 1; at <= calls; at++) {
			memset(&fuzz_heap, 0, sizeof(fuzz_heap));
			fuzz_heap.fail_at = at;
			fuzz_heap.fail_on = on;
			run(scenario);
			ck_assert_uint_ge(fuzz_heap.failed, 1);
			ck_assert_uint_eq(step, steps);
			ck_assert_msg(value == want, "allocation %lu, %d",
				      (unsigned long)at, on);
		}
	}
}

/* ---- trees -------------------------------------------------------------- */

static int create(void)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .hooks = fuzz_hooks()
	};

	return lathe_iso9660_tree_create(&config, &tree);
}

static void drop_tree(void)
{
	value = mix(value, digest());
	lathe_iso9660_tree_destroy(tree);
	tree = NULL;
}

static const struct lathe_iso9660_attributes attributes = {
	.date = { 126, 1, 2, 3, 4, 5, 0 }, .posix_given = true,
	.posix = { 0750, 1000, 100 }, .accessed = { 126, 1, 2, 3, 4, 6, 0 },
};

static int add(uint32_t parent, const char *name, uint32_t flags,
	       uint32_t *node)
{
	return lathe_iso9660_add_memory(tree, parent, name, strlen(name),
					&attributes, "data", 4, flags, node);
}

/* So long that each few of them take a chunk of memory. */
static void add_many(uint32_t parent, uint32_t count)
{
	char name[1000];
	uint32_t i, node;

	for (i = 0; i < count; i++) {
		memset(name, 'n', 900);
		snprintf(name + 900, sizeof(name) - 900, "%u", i);
		STEP(add(parent, name, 0, &node));
	}
}

static int read_nothing(void *ctx, void *handle, uint64_t offset,
			uint32_t bytes, uint8_t *out, uint32_t *got)
{
	(void)ctx, (void)handle, (void)offset, (void)bytes, (void)out;
	*got = 0;
	return 0;
}

static int visit(void *ctx, const struct lathe_iso9660_entry *entry)
{
	(void)ctx;
	value = mix(value, entry->node);
	return 0;
}

/* A walk that fails half way has visited some. */
static int walk(void)
{
	uint64_t old = value;
	int err = lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, visit, NULL);

	if (err)
		value = old;
	return err;
}

static void adding(void)
{
	static struct lathe_iso9660_source source = {
		.read_at = read_nothing
	};
	uint32_t dir, file, node;

	STEP(create());
	STEP(lathe_iso9660_add_directory(tree, 1, "dir", 3, &attributes,
					 &dir));
	STEP(add(1, "file", 0, &file));
	add_many(dir, 300);
	STEP(lathe_iso9660_add_file(tree, dir, "source", 6, NULL, &source, 7,
				    9, 0, &node));
	STEP(lathe_iso9660_add_link(tree, dir, "link", 4, NULL, file, 0,
				    &node));
	STEP(lathe_iso9660_add_symlink(tree, dir, "symlink", 7, &attributes,
				       "../file", 7, file, 0, &node));
	STEP(lathe_iso9660_add_symlink(tree, 1, "dangling", 8, NULL, "x", 1,
				       0, 0, &node));
	STEP(lathe_iso9660_add_special(tree, 1, "null", 4, &attributes,
				       0020000, 1, 3, 0, &node));
	STEP(add(dir, "source", LATHE_ISO9660_REPLACE, &node));
	STEP(walk());
	STEP(lathe_iso9660_check_sources(tree, NULL, NULL));
	drop_tree();
}

static void changing(void)
{
	struct lathe_iso9660_savepoint save;
	uint32_t dir, other, node, i;
	char name[40];

	STEP(create());
	STEP(lathe_iso9660_add_directory(tree, 1, "dir", 3, NULL, &dir));
	STEP(lathe_iso9660_add_directory(tree, 1, "other", 5, NULL, &other));
	for (i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "file %u", i * 7 % 300);
		STEP(add(dir, name, 0, &node));
	}
	STEP(lathe_iso9660_save(tree, &save));
	for (i = 0; i < 300; i += 3) {
		snprintf(name, sizeof(name), "file %u", i);
		STEP(lathe_iso9660_find_child(tree, dir, name, strlen(name),
					      &node));
		if (i % 2)
			STEP(lathe_iso9660_remove(tree, node));
		else
			STEP(lathe_iso9660_rename(tree, node, other, name,
						  strlen(name)));
	}
	for (i = 1; i < 300; i += 3) {
		snprintf(name, sizeof(name), "/dir/file %u", i);
		STEP(lathe_iso9660_find(tree, name, &node));
		STEP(lathe_iso9660_set_attributes(tree, node, &attributes));
	}
	STEP(walk());
	lathe_iso9660_rollback(tree, &save);
	STEP(walk());
	drop_tree();
}

/* ---- plans and images --------------------------------------------------- */

static const struct lathe_iso9660_rock_ridge_options keep_all = {
	.keep_modes = true, .keep_owner = true, .all_times = true,
};
static const struct lathe_iso9660_rock_ridge_options relocate = {
	.relocate = true,
};

static int make_plan(const struct lathe_iso9660_rock_ridge_options *system_use)
{
	static const struct lathe_iso9660_primary_options level_1 = {
		.level = LATHE_ISO9660_LEVEL_1
	};
	struct lathe_iso9660_plan_options options = {
		.size = sizeof(options), .primary = &level_1,
		.uses = fuzz_joliet, .use_count = 1,
	};

	if (system_use) {
		options.system_use = &lathe_iso9660_rock_ridge;
		options.system_use_options = system_use;
	}
	return lathe_iso9660_plan_create(tree, &options, &plan);
}

/* Clashing names, a long one, deep folders, one of each kind. */
static void fill(void)
{
	uint32_t parent = 1, node, file, i;
	char name[300];

	ck_assert_int_eq(create(), 0);
	ck_assert_int_eq(add(1, "file", 0, &file), 0);
	for (i = 0; i < 120; i++) {
		snprintf(name, sizeof(name), "same stem of names %u.text", i);
		ck_assert_int_eq(add(1, name, 0, &node), 0);
	}
	memset(name, 'l', 250);
	name[250] = '\0';
	ck_assert_int_eq(add(1, name, 0, &node), 0);
	ck_assert_int_eq(lathe_iso9660_add_symlink(tree, 1, "link", 4, NULL,
						   name, 250, file, 0, &node),
			 0);
	ck_assert_int_eq(lathe_iso9660_add_special(tree, 1, "pipe", 4, NULL,
						   0010000, 0, 0, 0, &node),
			 0);
	for (i = 0; i < 12; i++)
		ck_assert_int_eq(lathe_iso9660_add_directory(
					 tree, parent, "deeper", 6,
					 &attributes, &parent), 0);
}

static void drop_plan(void)
{
	value = mix(value, digest());
	lathe_iso9660_plan_destroy(plan);
	plan = NULL;
}

/* The tree itself is made before memory gets short. */
static void with_tree(void)
{
	struct fuzz_heap heap = begin_peace();

	fill();
	end_peace(heap);
}

static void planning(void)
{
	with_tree();
	STEP(make_plan(NULL));
	STEP(lathe_iso9660_image_init(&image, plan, 0));
	drop_plan();
	STEP(make_plan(&keep_all));
	STEP(lathe_iso9660_image_init(&image, plan, 77));
	drop_plan();
	STEP(make_plan(&relocate));
	STEP(lathe_iso9660_image_init(&image, plan, 0));
	drop_plan();
	drop_tree();
}

static uint64_t sum_of(uint64_t sum, const uint8_t *data, size_t bytes)
{
	return mix(sum, lathe_iso9660_crc32c(0, data, bytes));
}

static struct lathe_iso9660_cursor *cursor;

static int read_block(uint32_t lba)
{
	uint8_t block[LATHE_BLOCK_BYTES];
	int err = lathe_iso9660_cursor_read(cursor, lba, 1, block);

	if (!err)
		value = sum_of(value, block, sizeof(block));
	return err;
}

static int look_at(uint32_t lba)
{
	struct lathe_iso9660_segment segment;
	int err = lathe_iso9660_cursor_segment(cursor, lba, &segment);

	if (!err)
		value = mix(value, segment.lba);
	return err;
}

static void reading(void)
{
	struct lathe_hooks hooks = fuzz_hooks();
	uint32_t blocks, lba;

	with_tree();
	STEP(make_plan(&keep_all));
	STEP(lathe_iso9660_image_init(&image, plan, 0));
	blocks = lathe_iso9660_plan_blocks(plan);
	STEP(lathe_iso9660_cursor_create(&image, &hooks, NULL, &cursor));
	for (lba = 0; lba < blocks; lba++) {
		STEP(read_block(lba));
		STEP(look_at(lba));
	}
	lathe_iso9660_cursor_destroy(cursor);
	drop_plan();
	drop_tree();
}

static int feed_all(uint32_t threads)
{
	struct lathe_iso9660_feed_options options = {
		.threads = threads, .chunk_blocks = 4, .ring_chunks = 2,
	};
	struct lathe_hooks hooks = fuzz_hooks();
	struct lathe_iso9660_feed *feed;
	uint32_t lba, blocks;
	uint64_t sum = 0;
	const uint8_t *data;
	int err = lathe_iso9660_feed_create(&image, 0,
					    lathe_iso9660_plan_blocks(plan),
					    &options, &hooks, NULL, &feed);

	if (err)
		return err;
	do {
		err = lathe_iso9660_feed_next(feed, &data, &lba, &blocks);
		if (!err && blocks)
			sum = sum_of(sum, data, blocks * (size_t)2048);
	} while (!err && blocks);
	lathe_iso9660_feed_destroy(feed);
	if (!err)
		value = mix(value, sum);
	return err;
}

static FILE *output;

static int write_all(bool at_once)
{
	struct lathe_hooks hooks = fuzz_hooks();
	int fd = fileno(output);

	if (ftruncate(fd, 0) != 0)
		return LATHE_ERR_IO;
	return at_once ? lathe_iso9660_plan_write(plan, 0, fd, 0, NULL, &hooks,
						  NULL, NULL)
		       : lathe_iso9660_image_write(&image, fd, 0, NULL, &hooks,
						   NULL);
}

static void sum_output(void)
{
	uint8_t block[LATHE_BLOCK_BYTES];

	rewind(output);
	while (fread(block, sizeof(block), 1, output) == 1)
		value = sum_of(value, block, sizeof(block));
}

static void writing(void)
{
	with_tree();
	STEP(make_plan(&keep_all));
	STEP(lathe_iso9660_image_init(&image, plan, 0));
	STEP(feed_all(0));
	STEP(feed_all(2));
	STEP(write_all(false));
	sum_output();
	STEP(write_all(true));
	sum_output();
	drop_plan();
	drop_tree();
}

/* ---- imports ------------------------------------------------------------ */

static struct fuzz_disc *disc;
static uint32_t start;

static int import(uint32_t names_from)
{
	struct lathe_iso9660_import_options options = {
		.size = sizeof(options), .uses = fuzz_joliet, .use_count = 1,
		.system_use = &lathe_iso9660_rock_ridge,
		.names_from = names_from,
	};
	struct lathe_iso9660_found found;
	int err = lathe_iso9660_import(tree, &disc->source, start, &options,
				       &found);

	if (!err)
		value = mix(value, found.hierarchies);
	return err;
}

/* What was imported is changed and planned as well: identifiers that are
 * pinned, entries that are kept. */
static void importing(void)
{
	uint32_t names_from, node;

	for (names_from = 0; names_from < 3; names_from++) {
		STEP(create());
		STEP(import(names_from));
		STEP(add(1, "README.TXT", LATHE_ISO9660_REPLACE, &node));
		STEP(make_plan(&keep_all));
		STEP(lathe_iso9660_image_init(&image, plan, 1000));
		drop_plan();
		drop_tree();
	}
}

static int read_chain(void)
{
	struct lathe_iso9660_chain_options options = {
		.size = sizeof(options), .hooks = fuzz_hooks(),
		.uses = fuzz_joliet, .use_count = 1,
	};
	struct lathe_iso9660_append where;
	struct lathe_iso9660_chain *chain;
	uint32_t i;
	int err = lathe_iso9660_chain_read(&disc->source, &options, &chain);

	if (err)
		return err;
	for (i = 0; i < lathe_iso9660_chain_count(chain); i++)
		value = mix(value, lathe_iso9660_chain_link(chain, i)->start);
	err = lathe_iso9660_chain_append(chain, disc->blocks, &where);
	if (!err)
		value = mix(value, where.start);
	lathe_iso9660_chain_destroy(chain);
	return err;
}

static void chaining(void)
{
	STEP(read_chain());
}

static const char *const volumes[] = { "lathe", "lathe-long", "lathe-two",
	"gen-j", "gen-rj", "gen-two", "xor-two", "bsd" };
enum { VOLUMES = sizeof(volumes) / sizeof(volumes[0]) };

/* ---- host files --------------------------------------------------------- */

static char folder[128];

static bool exclude_nothing(void *ctx, const char *path, bool directory)
{
	(void)ctx, (void)path, (void)directory;
	return false;
}

/* With a host of its own, whose failure is that of the call. What was added
 * goes again where the end of an update fails. */
static int add_host(uint32_t flags)
{
	struct lathe_iso9660_host_config config = {
		.size = sizeof(config), .hooks = fuzz_hooks(), .posix = true,
		.all_times = true, .specials = true,
		.symlinks = LATHE_ISO9660_LINKS_RECORD,
		.excluded = exclude_nothing,
	};
	struct lathe_iso9660_host *host;
	struct lathe_iso9660_host_totals totals;
	struct lathe_iso9660_savepoint save;
	int err = lathe_iso9660_host_create(&config, &host);

	if (err)
		return err;
	err = lathe_iso9660_save(tree, &save);
	if (!err)
		err = lathe_iso9660_host_add(host, tree, 1, NULL, folder,
					     flags);
	if (!err) {
		err = lathe_iso9660_host_finish(host, tree, &totals);
		if (err)
			lathe_iso9660_rollback(tree, &save);
		else if (flags & LATHE_ISO9660_MIRROR)
			ck_assert(totals.added > 0 && totals.removed > 0);
	}
	lathe_iso9660_host_destroy(host);
	return err;
}

static void hosting(void)
{
	struct lathe_iso9660_savepoint save;
	uint32_t node;

	STEP(create());
	STEP(add_host(0));
	STEP(lathe_iso9660_save(tree, &save));
	STEP(add(1, "away", 0, &node));
	lathe_iso9660_rollback(tree, &save);
	STEP(add_host(LATHE_ISO9660_REPLACE));
	drop_tree();
}

/* What the folder has not goes, what it has comes. */
static void updating(void)
{
	STEP(create());
	STEP(import(0));
	STEP(add_host(LATHE_ISO9660_UPDATE | LATHE_ISO9660_MIRROR));
	drop_tree();
}

static void make_folder(void)
{
	const char *tmp = getenv("TMPDIR");
	char path[400];
	int i, fd;

	snprintf(folder, sizeof(folder), "%.100s/sweep.XXXXXX",
		 tmp ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	for (i = 0; i < 40; i++) {
		snprintf(path, sizeof(path), "%s/%0200d", folder, i);
		fd = open(path, O_WRONLY | O_CREAT, 0600);
		ck_assert_int_ge(fd, 0);
		close(fd);
	}
	snprintf(path, sizeof(path), "%s/link", folder);
	ck_assert_int_eq(symlink("target", path), 0);
	snprintf(path, sizeof(path), "%s/dir", folder);
	ck_assert_int_eq(mkdir(path, 0700), 0);
}

static void drop_folder(void)
{
	char path[400];
	int i;

	for (i = 0; i < 40; i++) {
		snprintf(path, sizeof(path), "%s/%0200d", folder, i);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/link", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/dir", folder);
	rmdir(path);
	ck_assert_int_eq(rmdir(folder), 0);
}

/* ---- character sets ----------------------------------------------------- */

static int convert(void)
{
	struct lathe_hooks hooks = fuzz_hooks();
	struct lathe_joliet_charset *set;
	char out[8];
	int err = lathe_joliet_charset_open(&hooks, "ISO-8859-1", &set);

	if (err)
		return err;
	err = lathe_joliet_charset_to_utf8(set, "\xE4", 1, out, sizeof(out));
	lathe_joliet_charset_close(set);
	return err == 2 ? 0 : err;
}

static void converting(void)
{
	STEP(convert());
}

/* ---- the tests ---------------------------------------------------------- */

START_TEST(trees)
{
	sweep(adding);
	sweep(changing);
}
END_TEST

START_TEST(plans_and_images)
{
	sweep(planning);
	sweep(reading);
}
END_TEST

START_TEST(feeds_and_files)
{
	output = tmpfile();
	ck_assert_ptr_nonnull(output);
	sweep(writing);
	fclose(output);
}
END_TEST

START_TEST(imports)
{
	disc = fuzz_disc_load(volumes[_i]);
	start = fuzz_disc_last(disc);
	sweep(importing);
	sweep(chaining);
	fuzz_disc_close(disc);
}
END_TEST

START_TEST(host_files)
{
	make_folder();
	sweep(hosting);
	disc = fuzz_disc_load("lathe");
	start = fuzz_disc_last(disc);
	sweep(updating);
	fuzz_disc_close(disc);
	drop_folder();
}
END_TEST

START_TEST(character_sets)
{
	sweep(converting);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory that runs out");
	TCase *tc = tcase_create("sweep");

	tcase_set_timeout(tc, 600);
	tcase_add_test(tc, trees);
	tcase_add_test(tc, plans_and_images);
	tcase_add_test(tc, feeds_and_files);
	tcase_add_loop_test(tc, imports, 0, VOLUMES);
	tcase_add_test(tc, host_files);
	tcase_add_test(tc, character_sets);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
