#!/bin/sh
# Fetches Debian's heartbeat 3.0.6 and what it needs into .cache/original-3.0.6/root, without installing anything: a lab node gets
# this tree laid over the host's files. Says where it is. Done once; a second call is quick.
set -eu
. "$(dirname "$0")/packages.sh"
begin original-3.0.6 heartbeat "the original is fetched"
core="heartbeat cluster-glue resource-agents libheartbeat2 libpils2 libplumb2 libplumbgpl2 liblrm2 libstonith1 net-tools"
# Development packages come along for reasons of version only.
unpack $(needed $core | grep -v -e '-dev$' | sort -u)
finish
