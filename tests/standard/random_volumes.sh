#!/bin/sh
# SPDX-License-Identifier: MIT
# Images of seeded random trees, of each level and both lengths of Joliet
# names, are what ECMA-119, the Joliet Specification and SPEC.md demand.
. tests/tools/lib_tools.sh
need $PYTHON
SOURCE_DATE_EPOCH=1700000000 $PYTHON tests/standard/random_volumes.py "$scratch"
