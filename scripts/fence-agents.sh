#!/bin/sh
# Fetches Debian's fence agents, and the few Python modules that the simple ones need, into .cache/fence-agents/root, without installing
# anything: a lab node gets this tree laid over the host's files. Says where it is. Done once; a second call is quick.
set -eu
. "$(dirname "$0")/packages.sh"
begin fence-agents fence-agents "fence agents are fetched"
# The package depends on the clients of all clouds as well; fence_ipmilan needs none of them.
unpack fence-agents python3-pexpect python3-ptyprocess python3-pycurl
finish
