# SPDX-License-Identifier: MIT
# Targets of tests/kernel. 'make check' runs the same scripts where user-mode
# Linux is installed; deps-kernel gets it into the build directory, without
# root.

deps-kernel:
	BUILD='$(BUILD)' sh tests/kernel/run_deps.sh

check-kernel:
	$(MAKE) $(JOBS) --no-print-directory all $(BUILD)/tests/kernel/tool_guest
	BUILD='$(BUILD)' sh tests/run kernel

.PHONY: deps-kernel check-kernel
