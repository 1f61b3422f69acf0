#!/bin/sh
# The main job on this machine: a pair of servers in network namespaces, everything that can happen to them, and the gaps a client saw.
#   scripts/demo.sh [--keep]     --keep leaves the cluster up and says how to look at it
set -eu
cd "$(dirname "$0")/.."
scripts/setup.sh
exec node dist/src/lab/demo-main.js "$@"
