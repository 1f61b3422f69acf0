# For scripts that fetch Debian packages into .cache/NAME/root without installing anything: they source this file. A lab node gets such a
# tree laid over the host's files.

# begin NAME PACKAGE WHAT: makes an empty tree, or says where it is and ends when it is complete already. PACKAGE tells whether apt's lists
# are there; WHAT is for the complaint. Of two calls at once the second waits for the first: each would empty the other's tree.
begin() {
  cd "$(dirname "$0")/.."
  target="$PWD/.cache/$1"
  mkdir -p .cache
  exec 9>"$target.lock"
  flock 9
  if [ -e "$target/complete" ]; then
    echo "$target/root"
    exit 0
  fi
  for tool in apt-get dpkg-deb; do
    command -v "$tool" >/dev/null || { echo "$tool is missing: $3 from Debian's archive, which needs a Debian" >&2; exit 69; }
  done
  rm -rf "$target"
  mkdir -p "$target/packages" "$target/root"
  [ -n "$(apt-cache show --no-all-versions "$2" 2>/dev/null)" ] || apt-get update >&2
}

# needed PACKAGE …: these and whatever this machine lacks of their dependencies.
needed() {
  LC_ALL=C apt-get install --simulate --no-install-recommends "$@" 2>/dev/null | sed -n 's/^Inst \([^ ]*\).*/\1/p' || true
  printf '%s\n' "$@"
}

# unpack PACKAGE …: fetches them and lays them one over the other.
unpack() {
  (cd "$target/packages" && apt-get download "$@" >&2)
  for package in "$target"/packages/*.deb; do dpkg-deb -x "$package" "$target/root"; done
  # Debian packages of that time still name /lib and /sbin; laid over a system with a merged /usr, such a folder would hide the link.
  for folder in bin sbin lib lib64; do
    [ -d "$target/root/$folder" ] || continue
    mkdir -p "$target/root/usr/$folder"
    cp -a "$target/root/$folder/." "$target/root/usr/$folder/"
    rm -rf "${target:?}/root/$folder"
  done
  rm -rf "$target/packages" "$target/root/usr/share/doc" "$target/root/usr/share/man"
}

# finish: from now on a call is quick.
finish() {
  touch "$target/complete"
  echo "$target/root"
}
