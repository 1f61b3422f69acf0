/** One run of a script of rc.d. */
export interface Hook {
  /** The message's type, and the file's name. */
  readonly type: string;
  /** Its text fields and a few facts more; the script sees each as `HA_<name>`. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Runs the hooks of rc.d in another process. A call only asks; nobody hears of the end. */
export interface Hooks {
  run(hook: Hook): void;
}
