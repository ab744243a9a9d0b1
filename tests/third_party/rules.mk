# SPDX-License-Identifier: MIT
# Targets of tests/third_party: other people's programs on the emulated
# recorder, and lathe on theirs, in every order. 'make check' runs the same
# scripts on fewer orders. At the end it says who took part, in which version.

check-cross:
	$(MAKE) $(JOBS) --no-print-directory all check-programs
	BUILD='$(BUILD)' CROSS=whole TEST_TIMEOUT=3600 \
		sh tests/run third_party; status=$$?; \
	echo 'Took part:'; \
	sed -n 's/^with //p' '$(BUILD)'/log/third_party_*.log | \
		tr , '\n' | sed 's/^ */  /' | sort -u; \
	exit $$status

.PHONY: check-cross
