/* SPDX-License-Identifier: MIT */
/* Inputs, the heap, discs. */
#include <string.h>

#include "tests/fuzz/fuzz.h"

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif
#ifdef WATCHED
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
/* gcc has these without the header. */
int __sanitizer_get_ownership(const volatile void *p);
size_t __sanitizer_get_allocated_size(const volatile void *p);
#else
#define __sanitizer_set_death_callback(callback) ((void)(callback))
#define __sanitizer_get_ownership(p) ((void)(p), 0)
#define __sanitizer_get_allocated_size(p) ((void)(p), 0u)
#define ASAN_POISON_MEMORY_REGION(p, bytes) ((void)(p), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(p, bytes) ((void)(p), (void)(bytes))
#endif

char fuzz_context[200];

static void tell_context(void)
{
	if (fuzz_context[0])
		printf("%s\n", fuzz_context);
	fflush(stdout);
}

_Noreturn void fuzz_finding(const char *file, int line, const char *what)
{
	printf("%s:%d: does not hold: %s\n", file, line, what);
	tell_context();
	abort();
}

/* ---- inputs ------------------------------------------------------------- */

uint8_t fuzz_byte(struct fuzz_input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->p++;
}

uint32_t fuzz_u16(struct fuzz_input *in)
{
	uint32_t low = fuzz_byte(in);

	return low | (uint32_t)fuzz_byte(in) << 8;
}

uint8_t *fuzz_bytes(struct fuzz_input *in, size_t most, size_t *len)
{
	size_t want = most > 255 ? fuzz_u16(in) : fuzz_byte(in);
	uint8_t *out;

	if (want > most)
		want = most;
	if (want > in->left)
		want = in->left;
	/* A block of no bytes would do, but not everywhere. */
	out = malloc(want ? want : 1);
	FUZZ_CHECK(out != NULL);
	if (want)
		memcpy(out, in->p, want);
	in->p += want;
	in->left -= want;
	*len = want;
	return out;
}

/* ---- the heap ----------------------------------------------------------- */

struct fuzz_heap fuzz_heap;

/* What is poison behind the block that the disc read last, and the heap block
 * that both are in. */
static uint8_t *poisoned, *poison;
static size_t poison_bytes;

static void unpoison(void)
{
	if (poisoned)
		ASAN_UNPOISON_MEMORY_REGION(poison, poison_bytes);
	poisoned = NULL;
}

/* 'bytes' at 'p' are good; what else there is of the heap block is not. */
static void poison_behind(uint8_t *p, size_t bytes)
{
	size_t all = 0;

	if (__sanitizer_get_ownership(p))
		all = __sanitizer_get_allocated_size(p);
	if (all <= bytes)
		return;
	poisoned = p;
	poison = p + bytes;
	poison_bytes = all - bytes;
	ASAN_POISON_MEMORY_REGION(poison, poison_bytes);
}

static void *watched_realloc(void *ctx, void *p, size_t old_bytes,
			     size_t new_bytes)
{
	uint8_t *now;

	(void)ctx;
	FUZZ_CHECK(old_bytes <= fuzz_heap.live);
	FUZZ_CHECK((p == NULL) == (old_bytes == 0));
	if (new_bytes) {
		fuzz_heap.calls++;
		if (fuzz_heap.fail_at && fuzz_heap.calls >= fuzz_heap.fail_at &&
		    (fuzz_heap.fail_on || !fuzz_heap.failed)) {
			fuzz_heap.failed++;
			return NULL;
		}
	}
	if (p && p == poisoned)
		unpoison();
	fuzz_heap.live += new_bytes - old_bytes;
	FUZZ_CHECK(fuzz_heap.live <= FUZZ_MEMORY);
	if (new_bytes == 0) {
		free(p);
		return NULL;
	}
	/* Always moved: no pointer into the old block may be in use. */
	now = malloc(new_bytes);
	FUZZ_CHECK(now != NULL);
	/* Nobody may count on zeros. */
	memset(now, 0xA5, new_bytes);
	if (p)
		memcpy(now, p, old_bytes < new_bytes ? old_bytes : new_bytes);
	free(p);
	return now;
}

struct lathe_hooks fuzz_hooks(void)
{
	struct lathe_hooks hooks = { .realloc = watched_realloc };

	return hooks;
}

void fuzz_heap_end(void)
{
	FUZZ_CHECK(fuzz_heap.live == 0);
}

/* ---- discs -------------------------------------------------------------- */

static struct fuzz_disc the_disc;

static int read_blocks(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct fuzz_disc *disc = ctx;
	uint32_t i;

	FUZZ_CHECK(count >= 1);
	FUZZ_CHECK((uint64_t)lba + count <= disc->source.end);
	unpoison();
	if (disc->single && count > 1)
		return LATHE_ERR_IO;
	disc->blocks_read += count;
	for (i = 0; i < count; i++) {
		const uint8_t *from = disc->block[lba + i];
		uint8_t *to = out + (size_t)i * LATHE_BLOCK_BYTES;

		if (from)
			memcpy(to, from, LATHE_BLOCK_BYTES);
		else
			memset(to, 0, LATHE_BLOCK_BYTES);
	}
	if (disc->single)
		poison_behind(out, LATHE_BLOCK_BYTES);
	return 0;
}

struct fuzz_disc *fuzz_disc_empty(uint32_t blocks, bool single)
{
	struct fuzz_disc *disc = &the_disc;

	FUZZ_CHECK(disc->blocks == 0);
	__sanitizer_set_death_callback(tell_context);
	disc->single = single;
	disc->blocks_read = 0;
	disc->source.ctx = disc;
	disc->source.read = read_blocks;
	fuzz_disc_grow(disc, blocks ? blocks : 1);
	return disc;
}

static void take_piece(struct fuzz_disc *disc, struct fuzz_input *in)
{
	uint32_t lba = fuzz_u16(in), at = fuzz_u16(in), len = fuzz_u16(in);
	bool fill = at & 0x8000u;
	uint8_t *p;

	lba %= disc->blocks;
	at %= LATHE_BLOCK_BYTES;
	if (len > LATHE_BLOCK_BYTES - at)
		len = LATHE_BLOCK_BYTES - at;
	p = fuzz_disc_block(disc, lba) + at;
	if (fill) {
		memset(p, fuzz_byte(in), len);
		return;
	}
	if (len > in->left)
		len = (uint32_t)in->left;
	if (len)
		memcpy(p, in->p, len);
	in->p += len;
	in->left -= len;
}

struct fuzz_disc *fuzz_disc_open(struct fuzz_input *in, bool single)
{
	struct fuzz_disc *disc =
		fuzz_disc_empty(fuzz_u16(in) % FUZZ_BLOCKS, single);

	while (in->left > 6)
		take_piece(disc, in);
	return disc;
}

struct fuzz_disc *fuzz_disc_load(const char *name)
{
	static uint8_t bytes[1 << 16];
	struct fuzz_input in = { bytes, 0 };
	char path[100];
	FILE *file;

	snprintf(path, sizeof(path), "tests/fuzz/volumes/%.40s", name);
	file = fopen(path, "rb");
	FUZZ_CHECK(file != NULL);
	in.left = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	return fuzz_disc_open(&in, false);
}

uint32_t fuzz_disc_last(const struct fuzz_disc *disc)
{
	uint32_t lba, start = 0;

	for (lba = 16; lba < disc->blocks; lba++)
		if (disc->block[lba] &&
		    memcmp(disc->block[lba], "\1CD001\1", 7) == 0)
			start = lba - 16;
	return start;
}

void fuzz_disc_close(struct fuzz_disc *disc)
{
	uint32_t i;

	unpoison();
	for (i = 0; i < disc->blocks; i++) {
		free(disc->block[i]);
		disc->block[i] = NULL;
	}
	disc->blocks = 0;
}

uint8_t *fuzz_disc_block(struct fuzz_disc *disc, uint32_t lba)
{
	FUZZ_CHECK(lba < disc->blocks);
	if (!disc->block[lba])
		disc->block[lba] = calloc(1, LATHE_BLOCK_BYTES);
	FUZZ_CHECK(disc->block[lba] != NULL);
	return disc->block[lba];
}

void fuzz_disc_grow(struct fuzz_disc *disc, uint32_t blocks)
{
	FUZZ_CHECK(blocks <= FUZZ_ROOM && blocks >= disc->blocks);
	disc->blocks = disc->source.end = blocks;
}

/* SPEC.md 1.6: 'S' at 895, metadata at 903, the checksum at 951. */
void fuzz_disc_seal(struct fuzz_disc *disc, uint32_t pvd)
{
	static const uint8_t zeros[LATHE_BLOCK_BYTES];
	uint32_t start, metadata, lba, crc = 0;
	uint8_t *p;

	if (pvd >= disc->blocks || !disc->block[pvd])
		return;
	p = disc->block[pvd];
	start = lathe_get_le32(p + 895);
	metadata = lathe_get_le32(p + 903);
	if (memcmp(p + 883, "LATHE", 5) != 0 || start >= disc->blocks ||
	    metadata <= 16 || metadata > disc->blocks - start)
		return;
	lathe_put_le32(p + 951, 0);
	for (lba = start + 16; lba < start + metadata; lba++)
		crc = lathe_iso9660_crc32c(crc,
					   disc->block[lba] ? disc->block[lba]
							    : zeros,
					   LATHE_BLOCK_BYTES);
	lathe_put_le32(p + 951, crc);
}

uint32_t fuzz_record(uint8_t *p, const void *id, uint8_t len, uint32_t lba,
		     uint32_t bytes, uint8_t flags)
{
	memset(p, 0, 33);
	p[0] = (uint8_t)(33 + len + (len % 2 == 0));
	lathe_put_both32(p + 2, lba);
	lathe_put_both32(p + 10, bytes);
	p[25] = flags;
	lathe_put_both16(p + 28, 1);
	p[32] = len;
	memcpy(p + 33, id, len);
	return p[0];
}

static uint8_t *put_head(struct fuzz_disc *disc, uint32_t lba, uint8_t type)
{
	uint8_t *d = fuzz_disc_block(disc, lba);

	memset(d, 0, LATHE_BLOCK_BYTES);
	d[0] = type;
	memcpy(d + 1, "CD001", 5);
	d[6] = 1;
	return d;
}

static void put_volume(struct fuzz_disc *disc, uint32_t lba, uint8_t type,
		       uint32_t root, uint32_t bytes)
{
	uint8_t *d = put_head(disc, lba, type);

	lathe_put_both32(d + 80, disc->blocks);
	lathe_put_both16(d + 120, 1);
	lathe_put_both16(d + 124, 1);
	lathe_put_both16(d + 128, LATHE_BLOCK_BYTES);
	fuzz_record(d + 156, "", 1, root, bytes, 2);
	d[881] = 1;
	if (type == 2)
		memcpy(d + 88, "%/E", 3);
}

void fuzz_disc_heads(struct fuzz_disc *disc, uint32_t root,
		     uint32_t root_bytes, uint32_t joliet_root,
		     uint32_t joliet_bytes)
{
	uint32_t lba = 16;

	put_volume(disc, lba++, 1, root, root_bytes);
	if (joliet_root)
		put_volume(disc, lba++, 2, joliet_root, joliet_bytes);
	put_head(disc, lba, 255);
}
