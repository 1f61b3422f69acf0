/** What `heartbeat disk …` asks for; the work is done where the hands are (`main/disk/`). */
export type DiskRequest =
  | { readonly verb: "init"; readonly path: string; readonly directory: string; readonly force: boolean }
  | { readonly verb: "show"; readonly path: string; readonly observe: number; readonly json: boolean }
  | { readonly verb: "release"; readonly path: string; readonly group: string; readonly yes: boolean }
  | { readonly verb: "poison"; readonly path: string; readonly node: string; readonly timeout: number };
