/** Opens a lab, says where it is, and waits to be killed: the victim of the clean-up tests. */
import { openLab } from "../../src/lab/lab.js";

const file = { haCf: "", authkeys: "", haresources: "" };
const lab = await openLab({ files: { master1: file, master2: file } });
await lab.node("master1").run("setsid sleep 1000 >/dev/null 2>&1 </dev/null &");
console.log(JSON.stringify({ pids: lab.nodes.map((node) => node.pid), directory: lab.container.directory }));
setInterval(() => undefined, 1000);
if (process.argv[2] === "throw") throw new Error("an error that nobody catches");
