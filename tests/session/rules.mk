# SPDX-License-Identifier: MIT
# The table of media in README.md, from a run of the tests.

MEDIA_TABLE = $(BUILD)/media-table.md

media-table: $(BUILD)/tests/session/check_media_table
	LATHE_MEDIA_TABLE='$(MEDIA_TABLE)' CK_DEFAULT_TIMEOUT=120 $<
	sh tests/session/run_media_table.sh '$(MEDIA_TABLE)' README.md

.PHONY: media-table
