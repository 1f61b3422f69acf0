#!/bin/sh
# Fetches Debian's keepalived and the libraries that this machine lacks into .cache/keepalived/root, without installing anything: the lab lays this
# tree over the files of a node, to measure a rival under the same faults. Says where it is. Done once; a second call is quick.
set -eu
cd "$(dirname "$0")/.."
target="$PWD/.cache/keepalived"
if [ -e "$target/complete" ]; then
  echo "$target/root"
  exit 0
fi
for tool in apt-get dpkg-deb; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: keepalived is fetched from Debian's archive, which needs a Debian" >&2; exit 69; }
done
rm -rf "$target"
mkdir -p "$target/packages" "$target/root"
[ -n "$(apt-cache show --no-all-versions keepalived 2>/dev/null)" ] || apt-get update >&2
needed=$(LC_ALL=C apt-get install --simulate --no-install-recommends keepalived 2>/dev/null | sed -n 's/^Inst \([^ ]*\).*/\1/p')
(cd "$target/packages" && apt-get download $(printf '%s\n' keepalived $needed | sort -u) >&2)
for package in "$target"/packages/*.deb; do dpkg-deb -x "$package" "$target/root"; done
# Laid over a system with a merged /usr, a folder /lib or /sbin would hide the link of that name.
for folder in bin sbin lib lib64; do
  [ -d "$target/root/$folder" ] || continue
  mkdir -p "$target/root/usr/$folder"
  cp -a "$target/root/$folder/." "$target/root/usr/$folder/"
  rm -rf "${target:?}/root/$folder"
done
rm -rf "$target/packages" "$target/root/usr/share/doc" "$target/root/usr/share/man"
touch "$target/complete"
echo "$target/root"
