import assert from "node:assert/strict";
import { test } from "node:test";
import { type Clearance, clearance, holderOf, isEligible, peerHolds, preferredNode } from "../../src/core/clearance.js";
import { type Group, idleGroup } from "../../src/core/group.js";
import type { Liveness } from "../../src/core/liveness.js";
import { generation, nodeName, term } from "../../src/core/names.js";
import { start } from "../../src/core/node.js";
import type { Exchange, NodePhase, NodeState, Transition } from "../../src/core/node-state.js";
import { nothingShared, type OriginalShares, type Peer, unseenPeer } from "../../src/core/peer.js";
import type { ReportedGroup, ReportedState } from "../../src/core/report.js";
import { instant } from "../../src/core/time.js";
import { groupOf, identityOf, settingsOf } from "./rig.js";

const now = instant(100_000);
const bravo = nodeName("bravo");

const livenesses: Readonly<Record<string, Liveness>> = {
  unseen: { kind: "unseen", deadAt: instant(200_000) },
  up: { kind: "up", heardAt: now },
  late: { kind: "late", heardAt: instant(96_000) },
  dead: { kind: "dead", since: now },
  "left in order": { kind: "left", since: now, how: "shutdown" },
  "daemon died": { kind: "left", since: now, how: "daemon-died" },
};
const phases: readonly NodePhase[] = [
  { kind: "up" },
  { kind: "active", since: instant(0) },
  { kind: "leaving", since: now, goodbyeAt: undefined, remindAt: instant(0) },
];

const nodeOf = (owner: string, nodes = ["alpha", "bravo"]): NodeState => {
  const settings = settingsOf("alpha", { nodes, groups: [`${owner}: vip1 svc1`] });
  return start({
    settings,
    identity: identityOf("alpha"),
    seed: 1,
    nonce: "0123456789abcdef",
    at: instant(0),
    wall: 0,
  })[0];
};
const highest = 7;
const groupFor = (owner: string, failed: boolean): Group => ({
  ...idleGroup(groupOf(`${owner}: vip1 svc1`), instant(0)),
  highestTerm: term(highest),
  failedHere: failed ? { resource: "svc1", since: now, how: "start", retryAt: undefined } : undefined,
});
const reportOf = (state: ReportedState, n = highest, more: Partial<ReportedGroup> = {}): ReportedGroup => ({
  state,
  term: term(n),
  failed: undefined,
  to: undefined,
  ...more,
});
const withPeer = (state: NodeState, patch: Partial<Peer>): NodeState => ({
  ...state,
  peers: new Map(state.peers).set(bravo, { ...unseenPeer(bravo, now), generation: generation(1), ...patch }),
});
const said = (verdict: Clearance): string =>
  verdict.granted ? `yes: ${verdict.because} ${verdict.term}` : `no: ${verdict.because} (${verdict.about})`;

/** Everything one of ours may say about a group, and what follows while it is alive: `yes <ground> [term]` or `no <reason>`. */
const reports: Readonly<
  Record<string, { readonly says: ReportedGroup | "nothing" | "not this group"; readonly alive: string }>
> = {
  "no report yet": { says: "nothing", alive: "no awaiting-report" },
  "does not know the group": { says: "not this group", alive: "yes nobody-holds-it" },
  idle: { says: reportOf("idle"), alive: "yes nobody-holds-it" },
  "idle, of the holding before": { says: reportOf("idle", highest - 1), alive: "no awaiting-news" },
  "idle, failed there": { says: reportOf("idle", highest, { failed: "start" }), alive: "yes nobody-holds-it" },
  acquiring: { says: reportOf("acquiring"), alive: "no holder-alive" },
  held: { says: reportOf("held"), alive: "no holder-alive" },
  doubted: { says: reportOf("doubted"), alive: "no holder-alive" },
  releasing: { says: reportOf("releasing"), alive: "no holder-alive" },
  "granted to us": {
    says: reportOf("granted", highest + 1, { to: { node: nodeName("alpha"), generation: generation(1) } }),
    alive: `yes holder-released ${highest + 1}`,
  },
  "granted to us long ago": {
    says: reportOf("granted", highest, { to: { node: nodeName("alpha"), generation: generation(1) } }),
    alive: "no awaiting-report",
  },
  "granted to our former incarnation": {
    says: reportOf("granted", highest + 1, { to: { node: nodeName("alpha"), generation: generation(9) } }),
    alive: "no granted-elsewhere",
  },
  "granted to charlie": {
    says: reportOf("granted", highest + 1, { to: { node: nodeName("charlie"), generation: generation(1) } }),
    alive: "no granted-elsewhere",
  },
  stuck: { says: reportOf("stuck"), alive: "no release-failed" },
};

/** What a node's absence means, whatever it said last; a stuck group stays where it is. */
const absent: Readonly<Record<string, string>> = {
  unseen: "no awaiting-first-heartbeat",
  dead: "yes holder-silent",
  "left in order": "yes holder-left",
  "daemon died": "yes guardian-withdrew",
};

test("every combination of liveness, report and eligibility gets the verdict of the table (our program)", () => {
  let combinations = 0;
  for (const [livenessName, liveness] of Object.entries(livenesses))
    for (const [reportName, report] of Object.entries(reports))
      for (const phase of phases)
        for (const owner of ["alpha", "bravo"])
          for (const failedHere of [false, true])
            for (const leaving of [false, true])
              for (const returning of [undefined, "over", 99_999, 100_001] as const) {
                const group = groupFor(owner, failedHere);
                const { says } = report;
                const state = withPeer(
                  { ...nodeOf(owner), phase },
                  {
                    liveness,
                    leaving,
                    program: { kind: "ours", version: "1", strong: true },
                    report:
                      says === "nothing" ? undefined : new Map(says === "not this group" ? [] : [[group.id, says]]),
                    returningUntil: typeof returning === "number" ? instant(returning) : returning,
                  },
                );
                const alive = livenessName === "up" || livenessName === "late";
                let expected = alive ? report.alive : (absent[livenessName] ?? "?");
                if (!alive && livenessName !== "unseen") {
                  if (returning === 100_001) expected = "no peer-returning";
                  if (reportName === "stuck") expected = "no release-failed";
                }
                // Everybody is out of the way, but who should have it? The owner, unless he cannot.
                const bravoAble = alive && !leaving && reportName !== "idle, failed there";
                if (expected.startsWith("yes") && !expected.includes("holder-released")) {
                  if (failedHere) expected = `no failed-here ${bravoAble ? "bravo" : "alpha"}`;
                  else if (owner === "bravo" && bravoAble) expected = "no preferred-elsewhere";
                }
                if (expected === "no awaiting-news") {
                  if (failedHere) expected = `no failed-here ${bravoAble ? "bravo" : "alpha"}`;
                  else if (owner === "bravo" && bravoAble) expected = "no preferred-elsewhere";
                }
                // What a late node said last may be out of date; only its grant is for good.
                if (livenessName === "late" && expected.startsWith("yes") && !expected.includes("holder-released"))
                  expected = "no awaiting-late-peer";
                if (phase.kind !== "active") expected = "no not-active alpha";
                const [answer, because, detail] = expected.split(" ");
                const text =
                  answer === "yes"
                    ? `yes: ${because} ${detail ?? highest + 1}`
                    : `no: ${because} (${detail ?? "bravo"})`;
                const situation = [livenessName, reportName, phase.kind, owner, failedHere, leaving, returning].join(
                  ", ",
                );
                assert.equal(said(clearance(state, group, now)), text, situation);
                combinations++;
              }
  assert.equal(combinations, 6 * 14 * 3 * 2 * 2 * 2 * 4);
});

const transitions: readonly Transition[] = [
  { kind: "init" },
  { kind: "starting" },
  { kind: "received", deadline: now },
  { kind: "stable" },
];
const offered = { id: undefined, peer: bravo, generation: generation(1), since: now, reason: "operator" } as const;
const exchanges: readonly Exchange[] = [
  { kind: "none" },
  { ...offered, share: "all", kind: "offered", begun: false, answerBy: undefined, deadline: now },
  { ...offered, share: "all", kind: "taking" },
  { ...offered, share: "local", kind: "taking" },
  { ...offered, share: "foreign", kind: "taking" },
  { ...offered, share: "all", kind: "taking", peer: nodeName("charlie") },
];

test("every combination of what an original says and where we stand with it gets the verdict of the table", () => {
  let combinations = 0;
  for (const local of [false, true])
    for (const foreign of [false, true])
      for (const releasing of [false, true])
        for (const stable of [undefined, false, true])
          for (const transition of transitions)
            for (const exchange of exchanges)
              for (const owner of ["alpha", "bravo"])
                for (const failedHere of [false, true]) {
                  const shares: OriginalShares = { local, foreign, releasing, stable, tookOver: false };
                  const state = withPeer(
                    { ...nodeOf(owner), phase: { kind: "active", since: instant(0) }, transition, exchange },
                    { liveness: livenesses["up"]!, program: { kind: "original" }, shares },
                  );
                  const given =
                    exchange.kind === "taking" &&
                    exchange.peer === "bravo" &&
                    (exchange.share === "all" || exchange.share === (owner === "bravo" ? "local" : "foreign"));
                  const rows: readonly (readonly [boolean, string])[] = [
                    [owner === "bravo" ? local : foreign, "no: holder-alive (bravo)"],
                    [given && !failedHere, "yes: holder-released 8"],
                    [releasing, "no: holder-alive (bravo)"],
                    [transition.kind !== "stable" || stable === undefined, "no: awaiting-report (bravo)"],
                    [failedHere, "no: failed-here (bravo)"],
                    [owner === "bravo", "no: preferred-elsewhere (bravo)"],
                    [true, "yes: nobody-holds-it 8"],
                  ];
                  const situation = JSON.stringify({ shares, transition, exchange, owner, failedHere });
                  assert.equal(
                    said(clearance(state, groupFor(owner, failedHere), now)),
                    rows.find(([holds]) => holds)?.[1],
                    situation,
                  );
                  combinations++;
                }
  assert.equal(combinations, 2 * 2 * 2 * 3 * 4 * 6 * 2 * 2);
});

test("with three nodes each one has a say: one living holder is enough for a no, and the strongest ground names a yes", () => {
  const state = nodeOf("alpha", ["alpha", "bravo", "charlie"]);
  const group = groupFor("alpha", false);
  const ours = { kind: "ours", version: "1", strong: true } as const;
  const kinds: Readonly<Record<string, Partial<Peer>>> = {
    idle: { liveness: livenesses["up"]!, program: ours, report: new Map([[group.id, reportOf("idle")]]) },
    held: { liveness: livenesses["up"]!, program: ours, report: new Map([[group.id, reportOf("held")]]) },
    grant8: {
      liveness: livenesses["up"]!,
      program: ours,
      report: new Map([
        [group.id, reportOf("granted", 8, { to: { node: nodeName("alpha"), generation: generation(1) } })],
      ]),
    },
    grant9: {
      liveness: livenesses["up"]!,
      program: ours,
      report: new Map([
        [group.id, reportOf("granted", 9, { to: { node: nodeName("alpha"), generation: generation(1) } })],
      ]),
    },
    dead: { liveness: livenesses["dead"]! },
    left: { liveness: livenesses["left in order"]! },
  };
  const verdict = (first: string, second: string) => {
    const peers = new Map(state.peers);
    for (const [name, kind] of [
      ["bravo", first],
      ["charlie", second],
    ] as const)
      peers.set(nodeName(name), { ...unseenPeer(nodeName(name), now), ...kinds[kind] });
    return said(clearance({ ...state, phase: { kind: "active", since: now }, peers }, group, now));
  };
  const expected: readonly (readonly [string, string, string])[] = [
    ["idle", "idle", "yes: nobody-holds-it 8"],
    ["idle", "dead", "yes: holder-silent 8"],
    ["dead", "left", "yes: holder-silent 8"],
    ["idle", "left", "yes: holder-left 8"],
    ["grant8", "dead", "yes: holder-released 8"],
    ["grant8", "grant9", "yes: holder-released 9"],
    ["grant9", "grant8", "yes: holder-released 9"],
  ];
  for (const [first, second, text] of expected) {
    assert.equal(verdict(first, second), text, `${first} ${second}`);
    assert.equal(verdict(second, first), text, `${second} ${first}`);
  }
  for (const other of Object.keys(kinds)) {
    assert.equal(verdict("held", other), "no: holder-alive (bravo)");
    assert.equal(verdict(other, "held"), `no: holder-alive (${other === "held" ? "bravo" : "charlie"})`);
  }
});

test("the preferred node is the owner, else the next able one in the order of ha.cf, for two to five nodes", () => {
  const all = ["alpha", "bravo", "charlie", "delta", "echo"];
  const ours = { kind: "ours", version: "1", strong: true } as const;
  let combinations = 0;
  for (let count = 2; count <= 5; count++) {
    const nodes = all.slice(0, count);
    for (const owner of [...nodes, "zulu"]) {
      const state = nodeOf(owner, nodes);
      for (let able = 0; able < 2 ** count; able++) {
        const isAble = (i: number) => (able & (1 << i)) !== 0;
        const group = groupFor(owner, !isAble(0));
        // A node may be unable for three reasons; each takes its turn.
        const reasons: readonly Partial<Peer>[] = [
          { liveness: livenesses["dead"]! },
          { liveness: livenesses["up"]!, leaving: true },
          {
            liveness: livenesses["late"]!,
            program: ours,
            report: new Map([[group.id, reportOf("idle", 1, { failed: "start" })]]),
          },
        ];
        const peers = new Map(state.peers);
        nodes.slice(1).forEach((name, i) => {
          const patch = isAble(i + 1) ? { liveness: livenesses["up"]!, program: ours } : reasons[(able + i) % 3];
          peers.set(nodeName(name), { ...unseenPeer(nodeName(name), now), ...patch });
        });
        const from = Math.max(0, nodes.indexOf(owner));
        const order = [...nodes.slice(from), ...nodes.slice(0, from)];
        const expected = order.find((name) => isAble(nodes.indexOf(name)));
        const active: NodeState = { ...state, peers, phase: { kind: "active", since: now } };
        assert.equal(preferredNode(active, group), expected, `${nodes} owner ${owner} able ${able.toString(2)}`);
        for (const name of nodes) assert.equal(isEligible(active, nodeName(name), group), isAble(nodes.indexOf(name)));
        combinations++;
      }
    }
  }
  assert.equal(combinations, 3 * 4 + 4 * 8 + 5 * 16 + 6 * 32);
});

test("a node that is leaving prefers somebody else; nobody is preferred where nobody is able", () => {
  const state: NodeState = {
    ...nodeOf("alpha"),
    phase: { kind: "leaving", since: now, goodbyeAt: undefined, remindAt: instant(0) },
  };
  const group = groupFor("alpha", false);
  assert.equal(preferredNode(state, group), undefined);
  assert.equal(preferredNode(withPeer(state, { liveness: livenesses["up"]! }), group), "bravo");
});

test("what a peer reported before this node slept is no news; what it says afterwards is", () => {
  const group = groupFor("alpha", false);
  const ours = { kind: "ours", version: "1", strong: true } as const;
  const slept: NodeState = { ...nodeOf("alpha"), phase: { kind: "active", since: now }, wokeAt: now };
  const heard = (reportAt: number) =>
    said(
      clearance(
        withPeer(slept, {
          liveness: livenesses["up"]!,
          program: ours,
          report: new Map([[group.id, reportOf("idle")]]),
          reportAt: instant(reportAt),
        }),
        group,
        now,
      ),
    );
  assert.deepEqual(
    [heard(now - 1), heard(now), heard(now + 1)],
    ["no: awaiting-report (bravo)", "no: awaiting-report (bravo)", "yes: nobody-holds-it 8"],
  );
});

test("who was dead before this node slept is listened for anew: a deadtime from the waking on (--plan short --seed 8015862)", () => {
  const group = groupFor("bravo", false);
  const { deadtime } = nodeOf("alpha").settings.timing;
  const slept: NodeState = { ...nodeOf("alpha"), phase: { kind: "active", since: instant(0) }, wokeAt: now };
  const verdict = (liveness: Liveness, later: number) =>
    said(clearance(withPeer(slept, { liveness }), group, instant(now + later)));
  const before = instant(now - 1);
  const anew = "no: listening-anew (bravo)";
  assert.deepEqual(
    [verdict({ kind: "dead", since: before }, deadtime - 1), verdict({ kind: "dead", since: before }, deadtime)],
    [anew, "yes: holder-silent 8"],
  );
  assert.equal(verdict({ kind: "left", since: before, how: "shutdown" }, 0), anew, "it may have come back meanwhile");
  assert.equal(verdict({ kind: "left", since: now, how: "shutdown" }, 0), "yes: holder-left 8", "that is news");
});

test("a lease that a third node has stands in the way of a grant until that node says that it holds nothing (--plan short --seed 8009594)", () => {
  const ours = { kind: "ours", version: "1", strong: true } as const;
  const nodes = ["alpha", "bravo", "charlie"];
  const group: Group = {
    ...groupFor("bravo", false),
    settings: { ...groupFor("bravo", false).settings, policy: "lease" },
  };
  const charlie = nodeName("charlie");
  const alive: Partial<Peer> = {
    liveness: livenesses["up"]!,
    program: ours,
    confirmedAt: now,
    generation: generation(1),
  };
  const to = { node: nodeName("alpha"), generation: generation(1) };
  const state: NodeState = {
    ...withPeer(nodeOf("alpha", nodes), { ...alive, report: new Map([[group.id, reportOf("granted", 8, { to })]]) }),
    phase: { kind: "active", since: instant(0) },
  };
  const verdict = (third: Partial<Peer>, by: string) => {
    const peers = new Map(state.peers).set(charlie, { ...unseenPeer(charlie, now), ...alive, ...third });
    const lease = {
      until: instant(0),
      verdict: "held",
      by: nodeName(by),
      why: "",
      askAgainAt: now,
      toldAt: now,
    } as const;
    return said(clearance({ ...state, peers, leases: new Map([[group.id, lease]]) }, group, now));
  };
  const idle = new Map([[group.id, reportOf("idle")]]);
  assert.equal(verdict({ report: idle, reportAt: instant(now - 1) }, "charlie"), "no: lease-held (charlie)");
  assert.equal(verdict({ report: idle, reportAt: instant(now + 1) }, "charlie"), "yes: holder-released 8");
  assert.equal(verdict({ report: idle, reportAt: instant(now - 1) }, "bravo"), "yes: holder-released 8", "its giver's");
  // What it still had to say when it fell silent confirms that it heard us, and not that it has nothing.
  const silent: Partial<Peer> = { liveness: { kind: "dead", since: now }, report: idle, reportAt: instant(now - 1) };
  assert.match(verdict(silent, "bravo"), /^no: lease-/);
});

test("the holder is whoever says so and lives", () => {
  const group = groupFor("bravo", false);
  const held = new Map([[group.id, reportOf("held")]]);
  const ours = { kind: "ours", version: "1", strong: true } as const;
  const holder = (patch: Partial<Peer>) => holderOf(withPeer(nodeOf("bravo"), patch), group);
  assert.equal(holder({ liveness: livenesses["up"]!, program: ours, report: held }), "bravo");
  assert.equal(holder({ liveness: livenesses["dead"]!, program: ours, report: held }), undefined);
  assert.equal(holder({ liveness: livenesses["up"]!, program: ours }), undefined);
  const original = (shares: Partial<OriginalShares>) =>
    holder({
      liveness: livenesses["up"]!,
      program: { kind: "original" },
      shares: { ...nothingShared, stable: true, ...shares },
    });
  assert.deepEqual([original({ local: true }), original({ foreign: true })], ["bravo", undefined]);
  assert.ok(!peerHolds({ ...unseenPeer(bravo, now), report: new Map([[group.id, reportOf("granted")]]) }, group));
});
