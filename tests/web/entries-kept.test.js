import assert from "node:assert/strict";
import { test } from "node:test";
import { CaptionStore } from "../../web/caption-store.js";
import { HeldEntries, MOST_KEPT, keptAround } from "../../web/entries-kept.js";

const final = (seq) => ({ type: "final", seq, id: `c${seq}`, rev: 1, start: seq, end: seq + 1, speaker: null, text: "" });
const correction = (seq, id, text) => ({ type: "correction", seq, id, rev: seq, text });

test("what stays is around the reader and at the live end", () => {
  assert.deepEqual(keptAround({ from: 5000, to: 5300 }, 20_000), [
    { from: 4600, to: 5700 },
    { from: 19_600, to: 20_000 },
  ]);
  assert.deepEqual(keptAround({ from: 19_000, to: 19_300 }, 20_000), [{ from: 18_600, to: 20_000 }]);
});

test("a page that has drawn nothing yet keeps the live end", () => {
  assert.deepEqual(keptAround({ from: 0, to: 0 }, 1000), [{ from: 600, to: 1000 }]);
  assert.deepEqual(keptAround({ from: 5000, to: 5300 }, 20_000, 100), [
    { from: -300, to: 500 },
    { from: 4600, to: 5700 },
    { from: 19_600, to: 20_000 },
  ]);
});

test("a day of captions leaves no more than a bound, wherever the reader is", () => {
  const store = new CaptionStore();
  let most = 0;
  for (let seq = 1; seq <= 20_000; seq++) {
    store.add({ ...final(seq), text: "words" });
    most = Math.max(most, store.entries.length);
    if (store.entries.length >= MOST_KEPT) store.release(keptAround({ from: 300, to: 600 }, seq));
  }
  assert.ok(most <= MOST_KEPT);
  assert.ok(store.has(300) && store.has(600) && store.has(20_000));
});

test("what waits is taken in order and once", () => {
  const held = new HeldEntries();
  for (const seq of [4, 5, 5, 4]) held.hold(final(seq));
  held.hold(correction(6, "c1", "better"));
  assert.deepEqual([held.finals, held.latestSeq], [2, 6]);

  assert.deepEqual(held.take().map(({ seq }) => seq), [4, 5, 6]);

  assert.deepEqual([held.finals, held.latestSeq, held.take().length], [0, 0, 0]);
});

test("however much waits, the newest is kept, all is counted, and no correction is lost", () => {
  const held = new HeldEntries();
  held.hold(correction(1, "c0", "better"));
  for (let seq = 2; seq <= 9001; seq++) held.hold(final(seq));
  held.hold(correction(9002, "c0", "best"));

  assert.equal(held.finals, 9000);
  assert.equal(held.latestSeq, 9002);
  const kept = held.take();
  assert.ok(kept.length <= 1001);
  assert.equal(kept.at(-1).text, "best");
  assert.equal(kept.at(-2).seq, 9001);
});
