/**
 * What a machine of the lab sees as its disk: the host's files, with everything it writes going to a layer of its own. That layer
 * outlives a power loss and ends with the lab. As root this is an overlay over `/`. An ordinary user may not put an overlay over files
 * of root, so there `/etc` is a copy, `/usr` is the host's, read-only, and the rest starts empty.
 *
 * /run, /tmp and /dev are new at every power-on, as they are on a real machine; /dev has its own /dev/log.
 */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { quote } from "./child.js";
import { checkout } from "./tree.js";

/** What the script that builds a machine's view has to know. */
export interface ViewPlan {
  /** Folder of the machine within the lab's memory file system. */
  readonly directory: string;
  readonly rootless: boolean;
  /** Unpacked packages laid over the host's files in this machine only, the first one on top. */
  readonly packages: readonly string[];
}

const DEVICES = "null zero full random urandom tty net/tun watchdog kmsg";

/** Shell lines that build the view and make it the root; they run as first process of the machine's own namespaces. */
export function viewScript(plan: ViewPlan): string {
  const root = `${plan.directory}/root`;
  return [
    `cd /; R=${quote(root)}; D=${quote(plan.directory)}`,
    'mkdir -p "$R" "$D/upper" "$D/work" "$D/disk"',
    ...(plan.rootless ? copiedRoot(plan.packages) : overlaidRoot(plan.packages)),
    ...visibleAsItIs(),
    ...volatile(),
    'mkdir -p "$R/old-root"; cd "$R"; pivot_root . old-root; cd /; umount -l /old-root; rmdir /old-root',
    "mkdir -p /var/log /run/lock",
  ].join("\n");
}

function overlaidRoot(packages: readonly string[]): readonly string[] {
  const lower = [...packages, "/"].join(":");
  // A machine that has just lost its power may hold the layer a moment longer, until the kernel has put its namespaces away.
  const mount = `mount -t overlay overlay -o ${quote(`lowerdir=${lower}`)},upperdir="$D/upper",workdir="$D/work" "$R"`;
  return [`n=0; until ${mount}; do n=$((n+1)); [ $n -lt 50 ] || exit 1; sleep 0.05; done`];
}

function copiedRoot(packages: readonly string[]): readonly string[] {
  const usr = [...packages.map((folder) => `${folder}/usr`), "/usr"].join(":");
  return [
    'mount --bind "$R" "$R"',
    'for e in /*; do [ -L "$e" ] && cp -P "$e" "$R/" 2>/dev/null; done; true',
    'mkdir -p "$R/usr" "$R/etc" "$R/var" "$R/proc" "$R/sys" "$R/dev" "$R/run" "$R/tmp" "$R/root" "$R/home" "$R/opt" "$R/mnt"',
    packages.length === 0
      ? 'mount --rbind /usr "$R/usr"'
      : `mount -t overlay overlay -o ${quote(`lowerdir=${usr}`)} "$R/usr"`,
    // Unreadable files (shadow, keys) stay behind, and that is right.
    'if [ ! -e "$D/disk/etc" ]; then mkdir "$D/disk/etc"; cp -r --preserve=mode,links /etc/. "$D/disk/etc" 2>/dev/null || true',
    ...packages.map(
      (folder) => `  cp -r --preserve=mode,links ${quote(folder)}/etc/. "$D/disk/etc" 2>/dev/null || true`,
    ),
    'mkdir -p "$D/disk/var/log" "$D/disk/var/lib" "$D/disk/var/tmp" "$D/disk/var/cache" "$D/disk/local"; ln -s /run "$D/disk/var/run"; fi',
    'mount --bind "$D/disk/etc" "$R/etc"; mount --bind "$D/disk/var" "$R/var"',
    'for e in /usr/local/*; do [ -d "$e" ] || continue; t="$D/disk/local/$(basename "$e")"; mkdir -p "$t"; mount --rbind "$e" "$t"; done',
    'mount --rbind "$D/disk/local" "$R/usr/local"',
    'mount --rbind /opt "$R/opt" 2>/dev/null || true',
  ];
}

/** The checkout and the running `node` are the same for everybody; read-only, so that no machine of the lab can spoil them. */
function visibleAsItIs(): readonly string[] {
  const folders = new Set([checkout]);
  if (!process.execPath.startsWith("/usr/")) folders.add(dirname(dirname(process.execPath)));
  for (const point of separateDisks()) folders.add(point);
  return [...folders].map((folder) => {
    const at = quote(folder);
    return `mkdir -p "$R"${at} 2>/dev/null; mount --rbind ${at} "$R"${at} 2>/dev/null && mount -o remount,bind,ro "$R"${at} 2>/dev/null || true`;
  });
}

/** An overlay over `/` shows only that one file system; what is mounted below it is shown as well, but read-only. */
function separateDisks(): readonly string[] {
  const own = /^\/(proc|sys|dev|run|tmp|mnt)(\/|$)/;
  const points = readFileSync("/proc/self/mountinfo", "utf8")
    .trim()
    .split("\n")
    .map((line) => (line.split(" ")[4] ?? "/").replaceAll("\\040", " "));
  const wanted = /^\/(usr|opt|home|srv|root|work|builds|workspace|nix)(\/|$)/;
  return [...new Set(points)].filter((point) => point !== "/" && !own.test(point) && wanted.test(point));
}

function volatile(): readonly string[] {
  return [
    'mkdir -p "$R/run" "$R/tmp" "$R/dev" "$R/proc" "$R/sys"',
    'mount -t tmpfs -o mode=0755 run "$R/run"',
    // The checkout may lie below /tmp: then the folder stays what it is.
    `case ${quote(checkout)} in /tmp/*) ;; *) mount -t tmpfs -o mode=1777 tmp "$R/tmp";; esac`,
    'mount -t tmpfs -o mode=0755 dev "$R/dev"; mkdir "$R/dev/pts" "$R/dev/shm" "$R/dev/net"',
    `for n in ${DEVICES}; do [ -e "/dev/$n" ] || continue; : >"$R/dev/$n"; mount --bind "/dev/$n" "$R/dev/$n" || rm -f "$R/dev/$n"; done`,
    'mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$R/dev/pts" && ln -s pts/ptmx "$R/dev/ptmx"',
    'mount -t tmpfs -o mode=1777 shm "$R/dev/shm"; ln -s /proc/self/fd "$R/dev/fd"',
    'ln -s fd/0 "$R/dev/stdin"; ln -s fd/1 "$R/dev/stdout"; ln -s fd/2 "$R/dev/stderr"',
    'mount -t proc proc "$R/proc"; mount -t sysfs sysfs "$R/sys" 2>/dev/null || mount --rbind /sys "$R/sys"',
  ];
}
