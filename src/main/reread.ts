import type { ConfigFiles } from "../config/check.js";
import type { Config, Keys } from "../config/config.js";
import { formatProblem } from "../config/problem.js";
import type { ConfigurationTexts, KeysInOrder } from "../io/guardian-protocol.js";
import type { Paths } from "../io/paths.js";
import { loadConfig } from "./load.js";

/**
 * What a look at the three files brings. The original found errors only after it had given up its processes (weaknesses.md A6); here texts
 * are checked before anything is touched. As with the original, an ha.cf or haresources that was only touched asks for another daemon: after an
 * upgrade of the program, or to have names looked up again.
 */
export type Reread =
  | { readonly kind: "unchanged" }
  /** One line per problem. */
  | { readonly kind: "refused"; readonly problems: readonly string[] }
  /** Only authkeys is another one. */
  | { readonly kind: "rekeyed"; readonly texts: ConfigurationTexts; readonly keys: KeysInOrder }
  | { readonly kind: "changed"; readonly texts: ConfigurationTexts; readonly config: Config };

/** Reads the files again. May wait for the name service: not for the beating daemon. */
export async function reread(paths: Paths, accepted: ConfigurationTexts): Promise<Reread> {
  const { files, config, problems } = await loadConfig(paths);
  const differ = (["haCf", "authkeys", "haresources"] as const).filter((name) => !isSame(files[name], accepted[name]));
  const touched = (["haCf", "haresources"] as const).some((name) => files[name].changedAt !== accepted[name].changedAt);
  if (differ.length === 0 && !touched) return { kind: "unchanged" };
  if (config === undefined) return { kind: "refused", problems: problems.map(formatProblem) };
  if (differ.length === 1 && differ[0] === "authkeys" && !touched)
    return { kind: "rekeyed", texts: files, keys: keysInOrder(config.keys) };
  return { kind: "changed", texts: files, config };
}

/** Permissions count too: a readable authkeys is an error that the operator wants to have taken notice of, and so is its cure. */
const isSame = (now: ConfigFiles["haCf"], before: ConfigurationTexts["haCf"]): boolean =>
  now.text === before.text && now.mode === before.mode;

function keysInOrder({ sendIndex, byIndex }: Keys): KeysInOrder {
  const entries = [...byIndex.values()].map(({ index, method, secret }) => ({
    index,
    method,
    secret: Buffer.from(secret).toString("hex"),
  }));
  return { sendIndex, entries };
}

/** @returns the keys as the codec wants them. */
export function keysFromOrder({ sendIndex, entries }: KeysInOrder): Keys {
  const byIndex = new Map(
    entries.map(({ index, method, secret }) => [
      index,
      { index, method: method as "sha1", secret: new Uint8Array(Buffer.from(secret, "hex")) },
    ]),
  );
  return { sendIndex, byIndex };
}
