import { arbiterContract } from "../contracts/arbiter.js";
import { loopDevice, loopSkip } from "../io/disk-storage.js";
import { onStorage } from "../io/disk-world.js";

for (const sector of [512, 4096])
  arbiterContract(
    `disk, a loop device with sectors of ${sector} bytes`,
    () => onStorage(loopDevice(sector)),
    loopSkip(),
  );
