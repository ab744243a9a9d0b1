#!/bin/sh
# SPDX-License-Identifier: MIT
# Random trees as images: what the standards say is in them is what the host
# had, and six programs read just that. DIFF_SEEDS=a-b: other seeds.
. tests/tools/lib_tools.sh
. tests/differential/lib_differential.sh
between trees.py "${DIFF_SEEDS:-1-300}"
finish
