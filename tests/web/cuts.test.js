import assert from "node:assert/strict";
import { test } from "node:test";
import { acrossSeam, isCut, marksOf, parsePlace, place } from "../../web/cuts.js";

const cut = (start_s, end_s) => ({ start_s, end_s });
const words = ["one", "two", "three", "four"].map((text, n) => ({ from: n * 6, to: n * 6 + text.length, start: n, end: n + 1 }));

test("a place is read as it is written", () => {
  for (const time of [0, 4.2, 59.99, 62.5, 3600.25, 36_610.02]) assert.equal(parsePlace(place(time)), time);
  assert.deepEqual([4.2, 62.5, 3724.25].map(place), ["0:04.20", "1:02.50", "1:02:04.25"]);
  assert.deepEqual([" 62,5 ", "1:02.5", "75:00", "7"].map(parsePlace), [62.5, 62.5, 4500, 7]);
  for (const wrong of ["", "soon", "1:", "-4", "1:2:3:4", "1e3", "4.2.1"]) assert.equal(parsePlace(wrong), null, wrong);
});

test("a place at the end of a minute is the next minute", () => {
  assert.equal(place(59.999), "1:00.00");
});

test("a word beside a cut stays, and one that reaches into it is cut", () => {
  const cuts = [cut(1, 2)];
  const is = (/** @type {number} */ start, /** @type {number} */ end) => isCut({ start, end }, cuts);
  assert.deepEqual([is(0.5, 1.02), is(1.98, 2.5), is(0.5, 1.05), is(1.95, 4), is(0, 9), is(1.5, 1.5)], [
    ...[false, false, true, true, true, true],
  ]);
});

test("marks go from the first to the last word of a passage", () => {
  assert.deepEqual(marksOf(words, [cut(1, 3)], "cut"), [{ start: 6, end: 17, kind: "cut" }]);
  assert.deepEqual(marksOf(words, [cut(0, 1), cut(3, 4)], "cut"), [
    { start: 0, end: 3, kind: "cut" },
    { start: 18, end: 22, kind: "cut" },
  ]);
  assert.deepEqual(marksOf(words, [], "cut"), []);
});

test("a seam is heard from a little before it to a little behind it, within the recording", () => {
  assert.deepEqual(acrossSeam(cut(10, 20), 3, 60), { from: 7, until: 23 });
  assert.deepEqual(acrossSeam(cut(1, 59), 3, 60), { from: 0, until: 60 });
});
