/* SPDX-License-Identifier: MIT */
/*
 * store_digest.c - a disc of which little more than a digest of each block is
 * kept, so that tests can fill the largest ones. It notices any other data;
 * what it gives back are blocks it kept, zeros, and what a source makes again.
 */
#include <string.h>

#include "mmc/emulator/emu_store.h"

#define PAGE_BLOCKS 8192u
#define KEEP_BLOCKS 4096u

struct page {
	uint64_t digest[PAGE_BLOCKS];	/* 0: never written, zeros */
	uint8_t kept[PAGE_BLOCKS / 8];	/* bit n: block n is in 'blocks' */
};

struct digest {
	struct lathe_emulator_store head;
	struct lathe_emulator_store *blocks;	/* those that are kept */
	struct lathe_emulator_digest options;
	uint32_t run_end;	/* a WRITE here continues the run */
	uint32_t run_kept;	/* blocks of it that were kept */
	uint32_t pages;
	struct page *page[];
};

static const struct emu_store_ops digest_ops;

static struct digest *digest(struct lathe_emulator_store *store)
{
	return (struct digest *)(void *)store;
}

static size_t digest_bytes(uint32_t pages)
{
	return sizeof(struct digest) + pages * sizeof(struct page *);
}

/* ---- the digest --------------------------------------------------------- */

static uint64_t mix(uint64_t h, uint64_t value)
{
	h = (h ^ value) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 32;
}

/* Two words at a time, where the compiler knows how. */
#if defined(__GNUC__)
typedef uint64_t words __attribute__((vector_size(16)));
#define WORDS 2u
#else
typedef uint64_t words;
#define WORDS 1u
#endif

#define LANES 4u	/* of 'words' */

/*
 * Sums and sums of sums of each lane, as Fletcher has them: a change of any
 * words and any exchange of two shows in one or the other. Against accidents,
 * not against malice. It must be fast more than anything else: a BD holds
 * 25 GB.
 */
static uint64_t digest_of(const uint8_t *block)
{
	words a0 = { 0 }, a1 = { 0 }, a2 = { 0 }, a3 = { 0 };
	words b0 = { 0 }, b1 = { 0 }, b2 = { 0 }, b3 = { 0 };
	words lane[LANES];
	uint64_t sums[2u * LANES * WORDS], h = 0;
	uint32_t i;

	for (i = 0; i < LATHE_BLOCK_BYTES; i += sizeof(lane)) {
		memcpy(lane, block + i, sizeof(lane));
		a0 += lane[0];
		b0 += a0;
		a1 += lane[1];
		b1 += a1;
		a2 += lane[2];
		b2 += a2;
		a3 += lane[3];
		b3 += a3;
	}
	memcpy(sums, (const words[]){ a0, a1, a2, a3, b0, b1, b2, b3 },
	       sizeof(sums));
	/* Lanes are told apart by their place here. */
	for (i = 0; i < 2u * LANES * WORDS; i++)
		h = mix(h, sums[i] + i);
	return h ? h : 1;
}

/* ---- pages -------------------------------------------------------------- */

static struct page *own_page(struct digest *d, uint32_t lba)
{
	struct page **slot = &d->page[lba / PAGE_BLOCKS];

	if (!*slot) {
		*slot = lathep_emu_realloc(&d->head.hooks, NULL, 0,
					   sizeof(**slot));
		if (*slot)
			memset(*slot, 0, sizeof(**slot));
	}
	return *slot;
}

static const struct page *find_page(const struct digest *d, uint32_t lba)
{
	return lba / PAGE_BLOCKS < d->pages ? d->page[lba / PAGE_BLOCKS]
					    : NULL;
}

static bool is_kept(const struct page *page, uint32_t lba)
{
	uint32_t n = lba % PAGE_BLOCKS;

	return page->kept[n / 8] >> n % 8 & 1;
}

static int keep(struct digest *d, struct page *page, uint32_t lba,
		const uint8_t *data)
{
	uint32_t n = lba % PAGE_BLOCKS;

	page->kept[n / 8] = (uint8_t)(page->kept[n / 8] | 1u << n % 8);
	return d->blocks->ops->write(d->blocks, lba, 1, data);
}

/* ---- the operations ----------------------------------------------------- */

static int write_block(struct digest *d, uint32_t lba, const uint8_t *data)
{
	struct page *page = own_page(d, lba);

	if (!page)
		return LATHE_ERR_MEMORY;
	page->digest[lba % PAGE_BLOCKS] = digest_of(data);
	if (d->run_kept < d->options.keep_blocks) {
		d->run_kept++;
		return keep(d, page, lba, data);
	}
	/* Once kept, always kept. */
	return is_kept(page, lba) ? keep(d, page, lba, data) : 0;
}

static int digest_write(struct lathe_emulator_store *store, uint32_t lba,
			uint32_t count, const uint8_t *data)
{
	struct digest *d = digest(store);
	int err = 0;

	if (count > d->pages * PAGE_BLOCKS ||
	    lba > d->pages * PAGE_BLOCKS - count)
		return LATHE_ERR_LIMIT;
	if (lba != d->run_end)
		d->run_kept = 0;
	for (; count && !err; count--) {
		err = write_block(d, lba++, data);
		data += LATHE_BLOCK_BYTES;
	}
	d->run_end = lba;
	return err;
}

static int read_block(struct digest *d, uint32_t lba, uint8_t *out)
{
	const struct page *page = find_page(d, lba);
	uint64_t want = page ? page->digest[lba % PAGE_BLOCKS] : 0;

	memset(out, 0, LATHE_BLOCK_BYTES);
	if (!want)
		return 0;
	if (is_kept(page, lba))
		return d->blocks->ops->read(d->blocks, lba, 1, out);
	if (digest_of(out) == want)
		return 0;
	if (d->options.source &&
	    d->options.source(d->options.ctx, lba, out) == 0 &&
	    digest_of(out) == want)
		return 0;
	return LATHE_ERR_UNSUPPORTED;
}

static int digest_read(struct lathe_emulator_store *store, uint32_t lba,
		       uint32_t count, uint8_t *out)
{
	int err = 0;

	for (; count && !err; count--) {
		err = read_block(digest(store), lba++, out);
		out += LATHE_BLOCK_BYTES;
	}
	return err;
}

static bool digest_holds(struct lathe_emulator_store *store, uint32_t lba,
			 const uint8_t *data)
{
	static const uint8_t zeros[LATHE_BLOCK_BYTES];
	const struct page *page = find_page(digest(store), lba);
	uint64_t have = page ? page->digest[lba % PAGE_BLOCKS] : 0;

	return digest_of(data) == (have ? have : digest_of(zeros));
}

static int digest_zero(struct lathe_emulator_store *store, uint32_t lba,
		       uint32_t count)
{
	struct digest *d = digest(store);

	for (; count; count--, lba++) {
		uint32_t n = lba % PAGE_BLOCKS;
		struct page *page;

		if (!find_page(d, lba))
			continue;
		page = d->page[lba / PAGE_BLOCKS];
		page->digest[n] = 0;
		page->kept[n / 8] = (uint8_t)(page->kept[n / 8] &
					      ~(1u << n % 8));
	}
	return 0;
}

static int digest_discard(struct lathe_emulator_store *store)
{
	struct digest *d = digest(store);
	uint32_t i;

	for (i = 0; i < d->pages; i++) {
		if (d->page[i])
			lathep_emu_realloc(&d->head.hooks, d->page[i],
					   sizeof(*d->page[i]), 0);
		d->page[i] = NULL;
	}
	d->run_end = 0;
	d->run_kept = 0;
	return d->blocks->ops->discard(d->blocks);
}

static int digest_save(struct lathe_emulator_store *store)
{
	(void)store;	/* memory is all there is */
	return 0;
}

static void digest_close(struct lathe_emulator_store *store)
{
	struct digest *d = digest(store);
	struct lathe_hooks hooks = d->head.hooks;

	digest_discard(store);
	lathe_emulator_store_close(d->blocks);
	lathep_emu_realloc(&hooks, d, digest_bytes(d->pages), 0);
}

static const struct emu_store_ops digest_ops = {
	.read = digest_read,
	.write = digest_write,
	.holds = digest_holds,
	.zero = digest_zero,
	.discard = digest_discard,
	.save = digest_save,
	.mark = digest_save,
	.close = digest_close
};

int lathe_emulator_store_digest(const struct lathe_hooks *hooks,
				enum lathe_emulator_media media,
				const struct lathe_emulator_digest *options,
				struct lathe_emulator_store **out)
{
	static const struct lathe_hooks none;
	struct lathe_emulator_store *blocks;
	struct digest *d;
	uint32_t pages;
	int err;

	if (options && options->size != sizeof(*options))
		return LATHE_ERR_ARG;
	err = lathe_emulator_store_memory(hooks, media, &blocks);
	if (err)
		return err;
	if (!hooks)
		hooks = &none;
	/* As in memory, padding may lie a little beyond the limit. */
	pages = lathep_emu_media(media)->limit / PAGE_BLOCKS + 2;
	d = lathep_emu_realloc(hooks, NULL, 0, digest_bytes(pages));
	if (!d) {
		lathe_emulator_store_close(blocks);
		return LATHE_ERR_MEMORY;
	}
	memset(d, 0, digest_bytes(pages));
	if (options)
		d->options = *options;
	if (!d->options.keep_blocks)
		d->options.keep_blocks = KEEP_BLOCKS;
	d->blocks = blocks;
	d->pages = pages;
	d->head.ops = &digest_ops;
	d->head.hooks = *hooks;
	lathep_emu_disc_blank(&d->head.disc, media);
	*out = &d->head;
	return 0;
}
