# SPDX-License-Identifier: MIT
# Targets of tests/portability: all Check programs on each target, larger
# trees. 'make check' runs the same scripts on less.

check-portable:
	$(MAKE) $(JOBS) --no-print-directory all
	BUILD='$(BUILD)' CC='$(CC)' PORTABLE=whole TEST_TIMEOUT=7200 \
		sh tests/run portability

.PHONY: check-portable
