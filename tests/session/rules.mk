# SPDX-License-Identifier: MIT
# The table of media in README.md, from a run of the tests; faults of media.

MEDIA_TABLE = $(BUILD)/media-table.md

media-table: $(BUILD)/tests/session/check_media_table
	LATHE_MEDIA_TABLE='$(MEDIA_TABLE)' CK_DEFAULT_TIMEOUT=120 $<
	sh tests/session/run_media_table.sh '$(MEDIA_TABLE)' README.md

# Every fault at every command of a burn, on every medium.
check-faults: $(BUILD)/tests/session/check_faults_of_media
	sh tests/session/run_faults.sh $< '$(BUILD)/faults' 20000

.PHONY: media-table check-faults
