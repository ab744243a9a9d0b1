/* SPDX-License-Identifier: MIT */
/* Memory runs out while discs are imported and host files added. */
#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fuzz/sweep.h"
#include "tests/suite.h"

/* ---- imports ------------------------------------------------------------ */

static struct lathe_iso9660_image image;
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
	int err = lathe_iso9660_import(swept.tree, &disc->source, start,
				       &options, &found);

	if (!err)
		swept.value = sweep_mix(swept.value, found.hierarchies);
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
		STEP(lathe_iso9660_image_init(&image, swept.plan, 1000));
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
		swept.value = sweep_mix(
			swept.value, lathe_iso9660_chain_link(chain, i)->start);
	err = lathe_iso9660_chain_append(chain, disc->blocks, &where);
	if (!err)
		swept.value = sweep_mix(swept.value, where.start);
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
	err = lathe_iso9660_save(swept.tree, &save);
	if (!err)
		err = lathe_iso9660_host_add(host, swept.tree, 1, NULL, folder,
					     flags);
	if (!err) {
		err = lathe_iso9660_host_finish(host, swept.tree, &totals);
		if (err)
			lathe_iso9660_rollback(swept.tree, &save);
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
	STEP(lathe_iso9660_save(swept.tree, &save));
	STEP(add(1, "away", 0, &node));
	lathe_iso9660_rollback(swept.tree, &save);
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

/* ---- the tests ---------------------------------------------------------- */

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

int main(void)
{
	Suite *suite =
		suite_create("memory that runs out: what is there already");
	TCase *tc = tcase_create("sweep");

	tcase_set_timeout(tc, 600);
	tcase_add_loop_test(tc, imports, 0, VOLUMES);
	tcase_add_test(tc, host_files);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
