#!/bin/sh
# Fetches Debian's heartbeat 3.0.6 and what it needs into .cache/original-3.0.6/root, without installing anything: a lab node gets
# this tree laid over the host's files. Says where it is. Done once; a second call is quick.
set -eu
cd "$(dirname "$0")/.."
target="$PWD/.cache/original-3.0.6"
if [ -e "$target/complete" ]; then
  echo "$target/root"
  exit 0
fi
for tool in apt-get dpkg-deb; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: the original is fetched from Debian's archive, which needs a Debian" >&2; exit 69; }
done
rm -rf "$target"
mkdir -p "$target/packages" "$target/root"
core="heartbeat cluster-glue resource-agents libheartbeat2 libpils2 libplumb2 libplumbgpl2 liblrm2 libstonith1 net-tools"
# Whatever this machine lacks of the dependencies. Development packages come along for reasons of version only.
needed() {
  LC_ALL=C apt-get install --simulate --no-install-recommends $core 2>/dev/null | sed -n 's/^Inst \([^ ]*\).*/\1/p' | grep -v -e '-dev$' || true
}
[ -n "$(apt-cache show --no-all-versions heartbeat 2>/dev/null)" ] || apt-get update >&2
packages=$(printf '%s\n' $core $(needed) | sort -u)
(cd "$target/packages" && apt-get download $packages >&2)
for package in "$target"/packages/*.deb; do dpkg-deb -x "$package" "$target/root"; done
# Debian packages of that time still name /lib and /sbin; laid over a system with a merged /usr, such a folder would hide the link.
for folder in bin sbin lib lib64; do
  [ -d "$target/root/$folder" ] || continue
  mkdir -p "$target/root/usr/$folder"
  cp -a "$target/root/$folder/." "$target/root/usr/$folder/"
  rm -rf "${target:?}/root/$folder"
done
rm -rf "$target/packages" "$target/root/usr/share/doc" "$target/root/usr/share/man"
touch "$target/complete"
echo "$target/root"
