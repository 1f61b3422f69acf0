/** Entry of the script runner's process; see `script-runner.ts`. */
import { runScriptRunner } from "./script-runner.js";

runScriptRunner();
