/** What the daemon arranges for itself before it beats; each in a process of its own, because it lasts as long as the process. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { temporaryDirectory } from "./temporary.js";

const at = (module: string): string => new URL(`../../src/io/${module}.js`, import.meta.url).href;
const inProcess = (script: string): string =>
  execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8", timeout: 20_000 }).trim();
const limits = `(await import("node:fs")).readFileSync("/proc/self/limits", "utf8").match(/core file size +(\\S+)/)[1]`;

describe("core dumps", () => {
  it("are allowed up to the hard limit, or not at all", () => {
    const allow = (allowed: boolean) =>
      inProcess(
        `const m = await import("${at("core-dumps")}"); const why = m.allowCoreDumps(${allowed}); console.log(why ?? ${limits})`,
      );
    assert.equal(allow(false), "0");
    assert.equal(
      allow(true),
      inProcess(
        `console.log((await import("node:fs")).readFileSync("/proc/self/limits", "utf8").match(/core file size +\\S+ +(\\S+)/)[1])`,
      ),
    );
  });

  it("land in a directory of the user below coreroot that nobody else can read", () => {
    const root = join(temporaryDirectory(), "cores");
    const place = inProcess(
      `const m = await import("${at("core-dumps")}"); m.workWhereCoresLand("${root}"); console.log(process.cwd())`,
    );
    assert.equal(place, join(root, "root"));
    assert.equal(statSync(place).mode & 0o777, 0o700);
    const elsewhere = inProcess(
      `const m = await import("${at("core-dumps")}"); m.workWhereCoresLand("/etc/passwd"); console.log(process.cwd())`,
    );
    assert.equal(elsewhere, "/");
  });
});

describe("memreserve", { skip: existsSync("/lib/ld-musl-x86_64.so.1") ? "musl keeps no freed memory" : false }, () => {
  it("leaves so much memory in the heap that later allocations need none from the kernel", () => {
    const figures = inProcess(`
      const { reserveMemory } = await import("${at("memory-reserve")}");
      const libc = await import("${at("libc")}");
      const { readFileSync } = await import("node:fs");
      const faults = () => Number(readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ")[7]);
      const blocks = () => { const all = []; for (let i = 0; i < 400; i++) all.push(libc.touchedBlock(65536)); for (const one of all) libc.freeBlock(one); };
      const cold = faults(); const had = reserveMemory(32 * 1024); const warm = faults(); blocks(); const after = faults();
      console.log(JSON.stringify({ had, cost: warm - cold, later: after - warm }));`);
    const { had, cost, later } = JSON.parse(figures) as { had: number; cost: number; later: number };
    assert.equal(had, 32 * 1024);
    assert.ok(cost > 4000, `the reserve touched ${cost} pages`);
    // 25 MiB are 6400 pages.
    assert.ok(later < 500, `${later} page faults afterwards`);
  });
});
