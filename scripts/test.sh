#!/bin/sh
# All tests, from quick to slow.   scripts/test.sh [all|quick|lab]
#   quick  compiler, formatter, rooms, units, properties, stories, a short simulation; needs no root
#   lab    real daemons in network namespaces (root or user namespaces; says loudly what is skipped and why)
set -eu
cd "$(dirname "$0")/.."
what=${1:-all}
scripts/setup.sh

# A file that hangs is named and ended after ten minutes; should something that it left behind keep the runner waiting, that ends too.
run() { # run NAME FILES...
  name=$1; shift
  printf '\n== %s\n' "$name"
  timeout --foreground 25m node --test --test-timeout=600000 --test-reporter=spec "$@"
}

if [ "$what" != lab ]; then
  printf '== compiler, formatter, rooms\n'
  npm run --silent check
  run "quick tests" --test-concurrency=2 $(find dist/test -name '*.test.js' -not -path 'dist/test/lab/*' | sort)
fi
if [ "$what" != quick ]; then
  # What measures milliseconds has the machine to itself; the others mostly wait for deadtimes, two at a time.
  exact='chaos|clients|faults|io-.*|pair|reload'
  labs=$(find dist/test/lab -name '*.test.js' | sort)
  # Both are played whatever came of the first: who mends one fault should know of all.
  failed=0
  run "lab tests" --test-concurrency=2 $(printf '%s\n' $labs | grep -vE "/($exact)\.test\.js$") || failed=1
  run "lab tests that measure" --test-concurrency=1 $(printf '%s\n' $labs | grep -E "/($exact)\.test\.js$") || failed=1
  exit $failed
fi
