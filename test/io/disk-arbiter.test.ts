import { arbiterContract } from "../contracts/arbiter.js";
import { sharedFile } from "./disk-storage.js";
import { onStorage } from "./disk-world.js";

arbiterContract("disk, a shared file", () => onStorage(sharedFile()), undefined, 2);
