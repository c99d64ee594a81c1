import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthOf, toEdited, toRoom } from "../../web/edited-time.js";

const cuts = [
  { start_s: 0, end_s: 1 },
  { start_s: 4, end_s: 5.5 },
];

test("times of the room are those of the recording less what was cut before", () => {
  assert.deepEqual([0.5, 1, 3, 4, 5, 5.5, 7].map((time) => toEdited(time, cuts)), [0, 0, 2, 3, 3, 3, 4.5]);
});

test("times of the recording lead back to the room, a seam to what follows it", () => {
  assert.deepEqual([0, 2, 3, 4.5].map((time) => toRoom(time, cuts)), [1, 3, 5.5, 7]);
  for (let time = 0; time < 10; time += 0.25) assert.equal(toEdited(toRoom(time, cuts), cuts), time);
});

test("without cuts there is one time line", () => {
  assert.deepEqual([toEdited(3, []), toRoom(3, []), lengthOf([]), lengthOf(cuts)], [3, 3, 0, 2.5]);
});
