#!/bin/sh
# Fetches what the lab's tests of Debian's resource agents need beside the agents themselves (those come with scripts/original.sh): apache2,
# iptables, modprobe and the drbddisk script. Unpacked into .cache/agents/root, nothing is installed. Says where it is; a second call is quick.
set -eu
cd "$(dirname "$0")/.."
target="$PWD/.cache/agents"
if [ -e "$target/complete" ]; then
  echo "$target/root"
  exit 0
fi
for tool in apt-get dpkg-deb; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: the packages are fetched from Debian's archive, which needs a Debian" >&2; exit 69; }
done
rm -rf "$target"
mkdir -p "$target/packages" "$target/root"
core="apache2-bin iptables kmod"
# Whatever this machine lacks of the dependencies.
needed() {
  LC_ALL=C apt-get install --simulate --no-install-recommends $core 2>/dev/null | sed -n 's/^Inst \([^ ]*\).*/\1/p' || true
}
[ -n "$(apt-cache show --no-all-versions apache2-bin 2>/dev/null)" ] || apt-get update >&2
# Of drbd-utils only the script is wanted: there is no DRBD in the kernels of test machines.
packages=$(printf '%s\n' $core drbd-utils $(needed) | sort -u)
(cd "$target/packages" && apt-get download $packages >&2)
for package in "$target"/packages/*.deb; do dpkg-deb -x "$package" "$target/root"; done
# Laid over a system with a merged /usr, a folder of these names would hide the link.
for folder in bin sbin lib lib64; do
  [ -d "$target/root/$folder" ] || continue
  mkdir -p "$target/root/usr/$folder"
  cp -a "$target/root/$folder/." "$target/root/usr/$folder/"
  rm -rf "${target:?}/root/$folder"
done
# iptables is a link of the alternatives, which dpkg makes; and the real drbdadm must not be called.
ln -sf iptables-nft "$target/root/usr/sbin/iptables"
rm -f "$target"/root/usr/sbin/drbd*
rm -rf "$target/packages" "$target/root/usr/share/doc" "$target/root/usr/share/man"
touch "$target/complete"
echo "$target/root"
