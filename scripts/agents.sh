#!/bin/sh
# Fetches what the lab's tests of Debian's resource agents need beside the agents themselves (those come with scripts/original.sh): apache2,
# iptables, modprobe and the drbddisk script. Unpacked into .cache/agents/root, nothing is installed. Says where it is; a second call is quick.
set -eu
. "$(dirname "$0")/packages.sh"
begin agents apache2-bin "the packages are fetched"
# Of drbd-utils only the script is wanted: there is no DRBD in the kernels of test machines.
unpack $({ needed apache2-bin iptables kmod; echo drbd-utils; } | sort -u)
# iptables is a link of the alternatives, which dpkg makes; and the real drbdadm must not be called.
ln -sf iptables-nft "$target/root/usr/sbin/iptables"
rm -f "$target"/root/usr/sbin/drbd*
finish
