# SPDX-License-Identifier: MIT
# Lines and branches of iso9660/ and joliet/ that are run by the Check
# programs and by the scripts that work with volumes.

COVERAGE = $(BUILD)/coverage
COVERAGE_AREAS = import standard

# The question whether there is libiscsi would leave notes of its own behind.
coverage:
	$(MAKE) $(JOBS) --no-print-directory BUILD='$(COVERAGE)' CC=gcc \
		LDFLAGS=--coverage SANITIZE= COVERED=yes ISCSI=no \
		all check-programs
	find '$(COVERAGE)' -name '*.gcda' -exec rm {} +
	-BUILD='$(COVERAGE)' CC=gcc CK_FORK=no sh tests/run --programs \
		$(COVERAGE_AREAS)
	python3 tests/house/coverage.py '$(COVERAGE)'

# Only these: a burn of many sessions in slow motion shows nothing more.
ifdef COVERED
$(call objects,$(LATHE_ISO9660_SRC) $(LATHE_JOLIET_SRC)): \
	override CFLAGS = -O0 -g --coverage
endif

.PHONY: coverage
