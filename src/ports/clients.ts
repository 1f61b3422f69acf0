/** The respawned clients of ha.cf. They run under another process; calls only ask. */
export interface Clients {
  start(): void;
  stop(): void;
}
