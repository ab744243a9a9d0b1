/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/sweep.h"

#define MOST_STEPS 4000u

struct swept swept;
static bool recording;
static uint64_t before[MOST_STEPS];

uint64_t sweep_mix(uint64_t sum, uint64_t with)
{
	return (sum ^ with) * UINT64_C(0x9E3779B97F4A7C15) + (sum >> 29);
}

struct fuzz_heap begin_peace(void)
{
	struct fuzz_heap heap = fuzz_heap;

	fuzz_heap.fail_at = 0;
	return heap;
}

void end_peace(struct fuzz_heap heap)
{
	fuzz_heap.fail_at = heap.fail_at;
	fuzz_heap.calls = heap.calls;
}

static uint64_t digest(void)
{
	struct fuzz_heap heap = begin_peace();
	uint64_t sum = swept.value;
	const char *p;
	char *list;

	if (swept.tree) {
		list = fuzz_list(swept.tree, true);
		for (p = list; *p; p++)
			sum = sweep_mix(sum, (uint8_t)*p);
		free(list);
		sum = sweep_mix(sum, lathe_iso9660_changed(swept.tree));
	}
	if (swept.plan) {
		sum = sweep_mix(sum, lathe_iso9660_plan_blocks(swept.plan));
		sum = sweep_mix(sum, lathe_iso9660_plan_metadata(swept.plan));
	}
	end_peace(heap);
	return sum;
}

bool sweep_has_failed(int err)
{
	if (recording || err == 0)
		return false;
	ck_assert_msg(err == LATHE_ERR_MEMORY, "step %u, allocation %lu: %d",
		      swept.step, (unsigned long)fuzz_heap.fail_at, err);
	ck_assert_uint_gt(fuzz_heap.failed, 0);
	fuzz_heap.fail_at = 0;
	ck_assert_msg(digest() == before[swept.step],
		      "step %u is not without a trace", swept.step);
	return true;
}

void sweep_begin_step(void)
{
	ck_assert_uint_lt(swept.step, MOST_STEPS);
	if (recording)
		before[swept.step] = digest();
}

static void run(void (*scenario)(void))
{
	swept.value = 0;
	swept.step = 0;
	swept.tree = NULL;
	swept.plan = NULL;
	scenario();
	fuzz_heap_end();
}

void sweep(void (*scenario)(void))
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
	want = swept.value;
	steps = swept.step;
	for (on = 0; on < 2; on++) {
		for (at = 1; at <= calls; at++) {
			memset(&fuzz_heap, 0, sizeof(fuzz_heap));
			fuzz_heap.fail_at = at;
			fuzz_heap.fail_on = on;
			run(scenario);
			ck_assert_uint_ge(fuzz_heap.failed, 1);
			ck_assert_uint_eq(swept.step, steps);
			ck_assert_msg(swept.value == want, "allocation %lu, %d",
				      (unsigned long)at, on);
		}
	}
}

/* ---- steps of several scenarios ----------------------------------------- */

int create(void)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .hooks = fuzz_hooks()
	};

	return lathe_iso9660_tree_create(&config, &swept.tree);
}

void drop_tree(void)
{
	swept.value = sweep_mix(swept.value, digest());
	lathe_iso9660_tree_destroy(swept.tree);
	swept.tree = NULL;
}

const struct lathe_iso9660_attributes attributes = {
	.date = { 126, 1, 2, 3, 4, 5, 0 }, .posix_given = true,
	.posix = { 0750, 1000, 100 }, .accessed = { 126, 1, 2, 3, 4, 6, 0 },
};

int add(uint32_t parent, const char *name, uint32_t flags,
	       uint32_t *node)
{
	return lathe_iso9660_add_memory(swept.tree, parent, name, strlen(name),
					&attributes, "data", 4, flags, node);
}

const struct lathe_iso9660_rock_ridge_options keep_all = {
	.keep_modes = true, .keep_owner = true, .all_times = true,
};

int make_plan(const struct lathe_iso9660_rock_ridge_options *system_use)
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
	return lathe_iso9660_plan_create(swept.tree, &options, &swept.plan);
}

void drop_plan(void)
{
	swept.value = sweep_mix(swept.value, digest());
	lathe_iso9660_plan_destroy(swept.plan);
	swept.plan = NULL;
}
