#!/bin/sh
# Fetches Debian's keepalived and the libraries that this machine lacks into .cache/keepalived/root, without installing anything: the lab lays this
# tree over the files of a node, to measure a rival under the same faults. Says where it is. Done once; a second call is quick.
set -eu
. "$(dirname "$0")/packages.sh"
begin keepalived keepalived "keepalived is fetched"
unpack $(needed keepalived | grep -v -e '-dev$' | sort -u)
finish
