import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { directives } from "../../src/config/directives.js";
import { ipv4, ipv4Prefix, ipv4Text, ipv6, sameAddress } from "../../src/config/ip-address.js";
import type { Problem } from "../../src/config/problem.js";
import { editDistance } from "../../src/config/suggest.js";
import { writeFiles } from "../../src/config/write-files.js";
import { check, goodAuthkeys, goodHaCf, goodHaresources, type Texts } from "./cluster.js";

const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`# SEED=${seed}`);
const property = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void, numRuns = 500): void =>
  fc.assert(fc.property(arbitrary, holds), { seed, numRuns });

/** Text that looks like configuration often enough to reach the deep places. */
const word = fc.oneof(
  fc.constantFrom(
    ...directives.keys(),
    "auth",
    "crc",
    "md5",
    "sha1",
    "master1",
    "master2",
    "ens33",
    "172.30.106.102",
    "on",
    "off",
    "IPaddr::",
    "::",
    "/",
    "\\",
    "__proto__",
    "constructor",
  ),
  fc.constantFrom(
    "1",
    "0",
    "-1",
    "2.5",
    "16",
    "1ms",
    "225.0.0.1",
    "root",
    "uid=root",
    "A=b",
    "ocf:a:b::c=d",
    "2001:db8::1/64",
    "10.0.0.1/24/ens38",
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const line = fc
  .array(fc.tuple(word, fc.constantFrom(" ", "\t", ",", "#", "::", "/", "\r")), { maxLength: 8 })
  .map((parts) => parts.flat().join(""));
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(line, { maxLength: 12 }).map((lines) => lines.join("\n")),
);
const mixed = (good: string) =>
  fc.oneof(
    text,
    text.map((more) => good + more),
    fc.constant(good),
    fc.constant(undefined),
  );
const texts: fc.Arbitrary<Texts> = fc.record({
  haCf: mixed(goodHaCf),
  authkeys: mixed(goodAuthkeys),
  haresources: mixed(goodHaresources),
  mode: fc.nat(0o777),
});

function lineAt(texts: Texts, { file, line }: Problem): string | undefined {
  const source = {
    "/etc/ha.d/ha.cf": texts.haCf,
    "/etc/ha.d/authkeys": texts.authkeys,
    "/etc/ha.d/haresources": texts.haresources,
  }[file];
  return source?.split("\n")[line - 1];
}

test("no text whatever makes the check throw, and every problem stands inside its file", () => {
  property(
    texts,
    (given) => {
      const { config, problems } = check(given);
      assert.equal(
        config === undefined,
        problems.some((problem) => problem.severity === "error"),
      );
      for (const problem of problems) {
        if (problem.line === 0) assert.equal(problem.column, 0);
        else {
          const found = lineAt(given, problem);
          assert.ok(
            found !== undefined && problem.column >= 1 && problem.column <= Math.max(1, found.length),
            JSON.stringify(problem),
          );
        }
      }
    },
    2000,
  );
});

test("no message about authkeys repeats a key", () => {
  const secret = fc.stringMatching(/^[A-Z][A-Za-z0-9+]{11,40}$/).map((tail) => `K3y${tail}`);
  const around = fc.constantFrom(
    "auth 1\n1 sha1 K",
    "auth 1\n1 K",
    "auth K",
    "K",
    "1 crc K",
    "auth 1\n1 md5 a K",
    "auth 1\n99 sha1 K",
    "sha1 K",
    "auth 1\n1 sha1K",
    "aK",
  );
  property(fc.tuple(secret, around), ([key, frame]) => {
    const { problems } = check({ authkeys: `${frame.replace("K", () => key)}\n` });
    assert.ok(!JSON.stringify(problems).includes(key));
  });
});

test("a value that was read is one that the core can live with", () => {
  property(
    fc.tuple(fc.double({ min: 0, max: 1e7, noNaN: true }), fc.constantFrom("", "s", "ms", "us")),
    ([number, unit]) => {
      const { config } = check({ haCf: goodHaCf.replace("keepalive 1", `keepalive ${number.toFixed(3)}${unit}`) });
      const { keepalive = 1, deadtime = 3 } = config?.settings.timing ?? {};
      assert.ok(Number.isInteger(keepalive) && keepalive > 0 && deadtime > 2 * keepalive);
    },
  );
});

test("IPv4 addresses and masks survive being written and read", () => {
  property(fc.nat(2 ** 32 - 1), (number) => assert.equal(ipv4(ipv4Text(number)), number));
  for (let bits = 1; bits <= 32; bits += 1) assert.equal(ipv4Prefix(ipv4Text(2 ** 32 - 2 ** (32 - bits))), bits);
});

test("every way to write an IPv6 address names the same one", () => {
  property(fc.ipV6(), (address) => {
    assert.notEqual(ipv6(address), undefined, address);
    assert.ok(sameAddress(address, address.toUpperCase()));
    assert.ok(
      sameAddress(address, (ipv6(address) ?? []).map((group) => group.toString(16).padStart(4, "0")).join(":")),
    );
  });
  for (const wrong of [
    "",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "12345::",
    "g::",
    "1.2.3.4",
    "::1.2.3",
    "1:2:3:4:5:6:7:8::",
  ])
    assert.equal(ipv6(wrong), undefined, wrong);
});

test("the distance between words is a distance", () => {
  const short = fc.string({ maxLength: 8 });
  property(fc.tuple(short, short), ([a, b]) => {
    assert.equal(editDistance(a, b), editDistance(b, a));
    assert.equal(editDistance(a, b) === 0, a === b);
    assert.ok(editDistance(a, b) <= Math.max(a.length, b.length));
  });
  assert.deepEqual(
    [editDistance("deadtiem", "deadtime"), editDistance("node", "nodes"), editDistance("ca", "abc")],
    [1, 1, 3],
  );
});

test("what heartbeat init writes passes the check without a word, on every node", () => {
  const octet = fc.integer({ min: 1, max: 99 });
  const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?$/);
  const plan = fc.record({
    names: fc.uniqueArray(name, { minLength: 2, maxLength: 2 }),
    key: fc.stringMatching(/^[A-Za-z0-9]{40}$/).filter((key) => new Set(key).size > 8),
    net: octet,
    vips: fc.uniqueArray(octet, { maxLength: 6 }),
    services: fc.uniqueArray(name, { maxLength: 3 }),
    v6: fc.boolean(),
  });
  property(
    plan,
    ({ names, key, net, vips, services, v6 }) => {
      const [one = "", two = ""] = names;
      const own = (index: number) => [
        `10.${net}.1.${201 + index}`,
        `10.${net}.2.${201 + index}`,
        ...(v6 ? [`fd00:${net}::${index + 1}`] : []),
      ];
      const written = writeFiles({
        nodes: names,
        links: [
          { device: "ens33", addresses: [`10.${net}.1.201`, `10.${net}.1.202`] },
          { device: "ens38", addresses: [`10.${net}.2.201`, `10.${net}.2.202`] },
          ...(v6 ? [{ device: "ens33", addresses: [`fd00:${net}::1`, `fd00:${net}::2`] }] : []),
        ],
        vips: vips.map((octet, index) => ({
          owner: index % 2 === 0 ? one : two,
          address: v6 && index === 5 ? `fd00:${net}::1:${octet}/64` : `10.${net}.2.${octet}/24`,
          device: "ens38",
        })),
        services: services.map((service, index) => ({ owner: index % 2 === 0 ? one : two, name: service })),
        ping: [`10.${net}.2.254`],
        key,
      });
      names.forEach((unameNode, index) => {
        const addresses = own(index).map((address) => ({ address, prefix: 24 }));
        const interfaces = ["ens33", "ens38"].map((nic) => ({ name: nic, addresses, broadcast: true }));
        const { config, problems } = check(
          { ...written, mode: 0o600 },
          { unameNode, interfaces, scripts: () => "init.d", users: () => true },
        );
        assert.deepEqual(problems, []);
        assert.equal(config?.media.length, v6 ? 3 : 2);
        assert.deepEqual(
          config?.settings.groups.flatMap((group) => group.resources).length,
          vips.length + services.length,
        );
      });
    },
    200,
  );
});
