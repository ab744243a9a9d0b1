#!/bin/sh
# SPDX-License-Identifier: MIT
# Images that grow by sessions of lathe, xorriso and genisoimage in turn: each
# holds what a model has, six programs read just that, and what lathe does not
# touch keeps its identifiers. DIFF_SEEDS=a-b: other seeds.
. tests/tools/lib_tools.sh
. tests/differential/lib_differential.sh
between histories.py "${DIFF_SEEDS:-1-100}"
finish
