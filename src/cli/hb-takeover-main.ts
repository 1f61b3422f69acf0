import { controlSocketPath } from "./control-client.js";
import { hbTool } from "./hb-tool.js";

/** Entry of `bin/hb_takeover`. */
const output = await hbTool({
  verb: "takeover",
  program: process.env["HEARTBEAT_CALLED_AS"] ?? "hb_takeover",
  args: process.argv.slice(2),
  socket: controlSocketPath(process.env),
  now: () => new Date(),
});
process.stdout.write(output.stdout);
process.stderr.write(output.stderr);
process.exitCode = output.exit;
