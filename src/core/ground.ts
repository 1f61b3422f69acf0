/** Why a group may be taken. */
export type Ground =
  /** Nobody holds it, everybody says so. */
  | "nobody-holds-it"
  /** The holder let go and named us. */
  | "holder-released"
  /** The holder shut down in order. */
  | "holder-left"
  /** The guardian of the holder told us that the daemon died and the addresses are withdrawn. */
  | "guardian-withdrew"
  /** The holder was silent, and a fencing device says that it reset it. */
  | "holder-fenced"
  /** The holder was silent, and an operator vouches for its death. */
  | "operator-confirmed"
  /** The holder was silent, and the arbiter has given its lease to us. */
  | "lease-won"
  /** The holder was silent for its deadtime: heartbeat's own rule, `takeover-on-silence`. */
  | "holder-silent";

/** Why it may not. */
export type Refusal =
  /** A living node holds it, or is about to. */
  | "holder-alive"
  /** A living node passed it to somebody else, or to a former incarnation of ours. */
  | "granted-elsewhere"
  /** A configured node was never heard and initdead is not over. */
  | "awaiting-first-heartbeat"
  /** A living node has not said yet what it holds. */
  | "awaiting-report"
  /** A living node was silent for warntime: what it said last, that it holds nothing, may be true no more. */
  | "awaiting-late-peer"
  /** A living node that said it holds nothing has not heard of the latest holding, which may be its own by now. */
  | "awaiting-news"
  /** This node has stood still: whoever was gone before is listened for anew, for a deadtime. */
  | "listening-anew"
  /** A node is silent and has not been fenced yet. */
  | "awaiting-fencing"
  /** The policy is `manual`: a node is silent, and an operator must vouch for its death. */
  | "awaiting-operator"
  /** A node has not been silent for as long as the policy's delay wants. */
  | "takeover-delayed"
  /** The segment is being asked who has the group's addresses. */
  | "asking-address"
  /** A silent node's addresses still answer on the service LAN: only its heartbeats are cut off. */
  | "address-answers"
  /** The arbiter has given the lease to another node. */
  | "lease-held"
  /** The arbiter has not given us the lease: it was not reached, or refuses. */
  | "lease-unavailable"
  /** No ping node answers: it may be this node that is cut off. */
  | "no-quorum"
  /** The ping nodes answer again only since a moment ago: a silent node that lives gets a deadtime to be heard. */
  | "quorum-regained"
  /** A newer incarnation of a node knocks; it is given a moment to prove itself. */
  | "peer-returning"
  /** A stop failed on the former holder: its service may still run there, and nothing has fenced it. */
  | "release-failed"
  /** Another living node is meant to have it. */
  | "preferred-elsewhere"
  /** A resource of the group failed to start here. */
  | "failed-here"
  /** The coming configuration has no such group, or has it with other resources. */
  | "not-configured"
  /** We are leaving, or not yet part of the cluster. */
  | "not-active";
