import { type AddressAgent, addressOf } from "./address-resource.js";
import type { ResourceConfig } from "./config.js";
import { ipv6 } from "./ip-address.js";
import { bad, type Reading, read } from "./reading.js";

/** @returns the resource that a word of haresources names (resources.md 1), or why it names none. */
export function resourceOf(text: string): Reading<ResourceConfig> {
  // A bare IPv6 address is ours alone; it must be seen before `::` is taken for the sign between arguments.
  if (ipv6(text.split("/")[0] ?? "") !== undefined) return address(text, "IPv6addr", text);
  if (/^[\d.]+(\/|$)/.test(text)) return address(text, "IPaddr", text);
  const cut = text.indexOf("::");
  const script = cut < 0 ? text : text.slice(0, cut);
  const rest = cut < 0 ? "" : text.slice(cut + 2);
  if (isAddressAgent(script)) return addressWithScript(text, script, rest);
  const args = rest.split("::").filter((arg) => arg !== "");
  return scriptFault(script, args) ?? read({ kind: "script", text, script, args });
}

const isAddressAgent = (script: string): script is AddressAgent => ["IPaddr", "IPaddr2", "IPv6addr"].includes(script);

function addressWithScript(text: string, agent: AddressAgent, rest: string): Reading<ResourceConfig> {
  if (rest === "")
    return bad(
      "bad-address",
      `${agent} needs an address.`,
      `Like: ${agent}::${agent === "IPv6addr" ? "2001:db8::201/64/ens38" : "172.30.105.201/24/ens38"}`,
    );
  if (agent !== "IPv6addr" && rest.includes("::"))
    return bad(
      "bad-address",
      `${agent} takes one argument; [${rest}] has more.`,
      "Parts of an address are separated by /, like 172.30.105.201/24/ens38.",
    );
  return address(text, agent, rest);
}

function address(text: string, agent: AddressAgent, argument: string): Reading<ResourceConfig> {
  const reading = addressOf(agent, argument);
  return reading.ok ? read({ kind: "address", text, agent, address: reading.value }) : reading;
}

/** Why a script of this name cannot be called, whatever is installed. */
function scriptFault(script: string, args: readonly string[]): Reading<never> | undefined {
  if (script.toLowerCase() === "ocf") {
    const form = ["ocf", ...args.slice(0, 2)].join(":");
    return bad(
      "bad-ocf",
      "An OCF agent is written with single colons between its three names.",
      `Like: ${args.length < 2 ? "ocf:heartbeat:nginx" : form}::parameter=value`,
    );
  }
  if (script.startsWith("ocf:")) return ocfFault(script, args);
  if (script === "" || script.includes("/"))
    return bad(
      "bad-script-name",
      `[${script}] is not the name of a script.`,
      "Write the file name only; it is looked for in resource.d and in /etc/init.d.",
    );
  return undefined;
}

function ocfFault(script: string, args: readonly string[]): Reading<never> | undefined {
  if (!/^ocf:[\w.-]+:[\w.-]+$/.test(script))
    return bad("bad-ocf", `[${script}] does not name an OCF agent.`, "Like: ocf:heartbeat:nginx::parameter=value");
  const wrong = args.find((arg) => !/^[A-Za-z_][\w-]*=/.test(arg));
  return wrong === undefined
    ? undefined
    : bad(
        "bad-ocf",
        `[${wrong}] is not a parameter of an OCF agent.`,
        "Parameters are written name=value, each behind ::.",
      );
}
