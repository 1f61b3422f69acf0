import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readCell, type SectorWrite, writeOf } from "../../src/disklease/cell.js";
import { CELL, nodePlace, offsetOf, SECTOR } from "../../src/disklease/layout.js";
import { area, piece } from "./pretend-disk.js";

const place = nodePlace(3);
const payload = fc.uint8Array({ minLength: 1, maxLength: SECTOR - 44 });

/** The bytes of the cell after the writes; of the last one only so many bytes have arrived. */
function cellAfter(writes: readonly SectorWrite[], arrived = SECTOR): Uint8Array {
  const cell = new Uint8Array(CELL);
  for (const [i, { offset, bytes }] of writes.entries())
    cell.set(i === writes.length - 1 ? bytes.subarray(0, arrived) : bytes, offset - offsetOf(place));
  return cell;
}

describe("a record on the disk", () => {
  it("is the old one or the new one wherever its write was cut, and never anything else", () => {
    const histories = fc.array(payload, { minLength: 2, maxLength: 6 });
    const cuts = fc.property(histories, fc.nat(1_000), (payloads, first) => {
      const writes = payloads.map((one, i) => writeOf(place, { area, sequence: first + i, payload: one }));
      for (let arrived = 0; arrived <= SECTOR; arrived += piece) {
        const read = readCell(place, cellAfter(writes, arrived), area);
        const [old, fresh] = payloads.slice(-2);
        assert.ok(read !== undefined, `cut after ${arrived} bytes nothing was left`);
        const isOld = read.sequence === first + payloads.length - 2;
        assert.deepEqual(read.payload, isOld ? old : fresh);
        assert.ok(arrived > 0 || isOld);
        assert.ok(arrived < SECTOR || !isOld);
      }
    });
    fc.assert(cuts);
  });

  it("is not there when one bit of it has rotted, and the one before is", () => {
    const rot = fc.property(payload, fc.nat(), (one, where) => {
      const writes = [6, 7].map((sequence) => writeOf(place, { area, sequence, payload: one }));
      const cell = cellAfter(writes);
      const at = SECTOR + (Math.floor(where / 8) % (44 + one.length));
      cell[at] = (cell[at] ?? 0) ^ (1 << (where % 8));
      assert.equal(readCell(place, cell, area)?.sequence, 6);
    });
    fc.assert(rot);
  });

  it("of another place or another area is none", () => {
    const cell = cellAfter([writeOf(place, { area, sequence: 4, payload: new Uint8Array(9) })]);
    assert.equal(readCell(nodePlace(4), cell, area), undefined);
    assert.equal(readCell(place, cell, area.replace("0", "f")), undefined);
    assert.equal(readCell(place, cell, area)?.sequence, 4);
  });
});
