import { controlSocketPath } from "./control-client.js";
import { hbTool } from "./hb-tool.js";

/** Entry of `bin/hb_standby`. */
const output = await hbTool({
  verb: "standby",
  program: process.env["HEARTBEAT_CALLED_AS"] ?? "hb_standby",
  args: process.argv.slice(2),
  socket: controlSocketPath(process.env),
  now: () => new Date(),
});
process.stdout.write(output.stdout);
process.stderr.write(output.stderr);
process.exitCode = output.exit;
