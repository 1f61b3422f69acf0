import type { LinkFacts } from "../../ports/survey.js";
import type { System } from "./system.js";
import { numberAt } from "./system.js";

type Addresses = LinkFacts["addresses"];

/** @param addressesOf the addresses of an interface now. */
export function surveyLinks(system: System, addressesOf: (name: string) => Addresses): readonly LinkFacts[] {
  return system.entries("/sys/class/net").map((name) => {
    const flags = Number(system.text(`/sys/class/net/${name}/flags`)?.trim() ?? 0);
    return {
      name,
      up: (flags & 1) !== 0,
      // The file cannot be read while the interface is down.
      carrier: numberAt(system, `/sys/class/net/${name}/carrier`) === 1,
      addresses: addressesOf(name),
      ...managerOf(system, numberAt(system, `/sys/class/net/${name}/ifindex`)),
    };
  });
}

function managerOf(system: System, index: number | undefined): Pick<LinkFacts, "manager" | "keepsForeign"> {
  const nobody = { manager: undefined, keepsForeign: false };
  if (index === undefined) return nobody;
  if (/^managed=true$/m.test(system.text(`/run/NetworkManager/devices/${index}`) ?? ""))
    return { manager: "NetworkManager", keepsForeign: false };
  const state = system.text(`/run/systemd/netif/links/${index}`) ?? "";
  if (!/^ADMIN_STATE=config/m.test(state)) return nobody;
  const [, file] = /^NETWORK_FILE=(.+)$/m.exec(state) ?? [];
  return { manager: "systemd-networkd", keepsForeign: file !== undefined && keepsForeign(system, file) };
}

/** `KeepConfiguration=` in the file of the interface or in a drop-in of it. */
function keepsForeign(system: System, file: string): boolean {
  const name = file.split("/").at(-1) ?? "";
  const dropIns = ["/etc", "/run", "/usr/lib"].flatMap((base) => {
    const directory = `${base}/systemd/network/${name}.d`;
    return system.entries(directory).map((entry) => `${directory}/${entry}`);
  });
  return [file, ...dropIns].some((path) => /^KeepConfiguration=(yes|true|static)/m.test(system.text(path) ?? ""));
}
