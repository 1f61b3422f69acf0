import * as libc from "./libc.js";

/**
 * The kernel's watchdog device: whoever opened it must write to it again and again, or the machine is reset. Our guardian writes while
 * its daemon beats: a machine on which neither of them works any more, and which therefore keeps addresses that nobody watches, goes.
 */
export interface Watchdog {
  feed(): void;
  /** The magic close: the machine is not reset although nobody writes any more. */
  disarm(): void;
}

export type OpenedWatchdog =
  | { readonly ok: true; readonly watchdog: Watchdog }
  | { readonly ok: false; readonly why: string };

const food = Uint8Array.of(0);
/** Any other last byte means that the writer died. */
const magicClose = Uint8Array.of("V".charCodeAt(0));

/** Opens the device, which arms it. Nothing of this ever waits. */
export function openWatchdog(path: string): OpenedWatchdog {
  const device = libc.open(path, libc.O_WRONLY | libc.O_NONBLOCK, 0);
  if (!device.ok) return { ok: false, why: libc.describeError(device) };
  let open = true;
  return {
    ok: true,
    watchdog: {
      feed: () => void (open && libc.write(device.value, food)),
      disarm() {
        if (!open) return;
        open = false;
        libc.write(device.value, magicClose);
        libc.close(device.value);
      },
    },
  };
}
