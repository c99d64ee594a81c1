import assert from "node:assert/strict";
import { test } from "node:test";
import { CaptionStore } from "../../web/caption-store.js";

const ada = { id: "u1", name: "Ada" };

/** A final with this number; `over` replaces any field. */
function final(seq, over = {}) {
  const times = { start: seq * 3, end: seq * 3 + 2 };
  return { type: "final", seq, id: `c${seq}`, rev: 3, ...times, speaker: ada, text: `text ${seq}`, ...over };
}

const interim = (id, rev, text, start = 1) => ({ id, rev, start, end: start + 1, speaker: ada, text });
const texts = (store) => store.entries.map((entry) => entry.text ?? entry.reason);

test("an interim becomes its final and is gone", () => {
  const store = new CaptionStore();
  store.setInterim(interim("c1", 1, "good"));
  store.setInterim(interim("c1", 2, "good morning"));

  const change = store.add(final(1, { text: "Good morning." }));

  assert.equal(change, "appended");
  assert.deepEqual(texts(store), ["Good morning."]);
  assert.deepEqual(store.interims, []);
});

test("a span that is not published is told once, and every number of it is known", () => {
  const store = new CaptionStore();
  const gap = { type: "gap", instance: 1, start: 0, end: 60, reason: "unpublished" };
  for (const seq of [3, 4, 1, 2]) store.add({ ...gap, seq });
  store.add({ ...gap, seq: 5, start: 80, end: 90 });

  assert.deepEqual(store.rows(1, 5).map(({ kind, seq }) => [kind, seq]), [["gap", 3], ["gap", 5]]);
  assert.equal(store.journalAt(2), "nothing");
});

test("a stale interim changes nothing", () => {
  const store = new CaptionStore();
  store.setInterim(interim("c1", 5, "new words"));

  assert.equal(store.setInterim(interim("c1", 4, "old words")), "none");
  assert.equal(store.interims[0].text, "new words");
});

test("an interim that comes after its final is ignored", () => {
  const store = new CaptionStore();
  store.add(final(1));

  assert.equal(store.setInterim(interim("c1", 9, "late")), "none");
  assert.equal(store.interims.length, 0);
});

test("an interim without text is withdrawn", () => {
  const store = new CaptionStore();
  store.setInterim(interim("c1", 1, "uh"));

  assert.equal(store.setInterim(interim("c1", 2, "")), "interims");
  assert.equal(store.interims.length, 0);
});

test("the same entry twice is shown once", () => {
  const store = new CaptionStore();
  store.add(final(1));

  assert.equal(store.add(final(1)), "none");
  assert.equal(store.entries.length, 1);
});

test("entries stand in the order of their numbers however they come", () => {
  const store = new CaptionStore();
  for (const seq of [4, 2, 3, 1]) store.add(final(seq));

  assert.deepEqual(texts(store), ["text 1", "text 2", "text 3", "text 4"]);
});

test("a correction replaces a caption's text in its place", () => {
  const store = new CaptionStore();
  store.add(final(1));
  store.add(final(2));

  const change = store.add({ type: "correction", seq: 3, id: "c1", rev: 4, text: "better" });

  assert.equal(change, "revised");
  assert.deepEqual(texts(store), ["better", "text 2"]);
  assert.equal(store.entries[0].corrected, true);
});

test("a correction that is older than the text changes nothing", () => {
  const store = new CaptionStore();
  store.add(final(1, { rev: 7 }));

  assert.equal(store.add({ type: "correction", seq: 2, id: "c1", rev: 6, text: "worse" }), "none");
  assert.deepEqual(texts(store), ["text 1"]);
});

test("a correction waits for a caption that is loaded later", () => {
  const store = new CaptionStore();
  store.add({ type: "correction", seq: 9, id: "c1", rev: 4, text: "better" });

  store.addHistory({ type: "history", items: [final(1), final(2)], more: false });

  assert.deepEqual(texts(store), ["better", "text 2"]);
});

test("a gap stands in its place and ends what was being said in it", () => {
  const store = new CaptionStore();
  store.add(final(1));
  store.setInterim(interim("c2", 1, "never finished", 7));

  store.add({ type: "gap", seq: 2, start: 6, end: 18, reason: "overload" });

  assert.deepEqual(texts(store), ["text 1", "overload"]);
  assert.equal(store.interims.length, 0);
});

test("a stretch that was not loaded is a hole in its place until it is filled", () => {
  const store = new CaptionStore();
  for (const seq of [4, 5, 9]) store.add(final(seq));
  const shape = (last) => store.rows(1, last).map((row) => (row.kind === "hole" ? [row.from, row.to] : row.seq));
  assert.deepEqual(shape(10), [[1, 3], 4, 5, [6, 8], 9, [10, 10]]);
  assert.deepEqual(shape(5), [[1, 3], 4, 5]);

  store.addHistory({ type: "history", items: [6, 7, 8].map((seq) => final(seq)), more: true });

  assert.deepEqual(shape(9), [[1, 3], 4, 5, 6, 7, 8, 9]);
  assert.equal(store.complete, false);
});

test("an old page comes with what was corrected since, and the correction comes again in its place", () => {
  const store = new CaptionStore();
  const correction = { type: "correction", seq: 90, id: "c2", rev: 4, text: "better" };

  store.addHistory({ type: "history", items: [final(1), final(2)], more: false, corrections: [correction] });

  assert.deepEqual(texts(store), ["text 1", "better"]);
  assert.equal(store.latestSeq, 2);
  assert.equal(store.add(correction), "none");
  assert.equal(store.latestSeq, 90);
});

test("a correction from what was jumped over fills no hole but its own place", () => {
  const store = new CaptionStore();
  store.add(final(1));
  store.add({ type: "correction", seq: 4, id: "c1", rev: 4, text: "Put right.", by: ada, replaces: 1 });

  const rows = store.rows(1, 6);
  assert.deepEqual(rows.slice(1), [
    { kind: "hole", from: 2, to: 3 },
    { kind: "hole", from: 5, to: 6 },
  ]);
  assert.equal(rows[0]?.kind === "caption" && rows[0].text, "Put right.");
});

test("an entry is found by its number, and a correction's number leads to the one before it", () => {
  const store = new CaptionStore();
  for (const seq of [1, 2, 4]) store.add(final(seq));
  store.add({ type: "correction", seq: 3, id: "c1", rev: 4, text: "better" });

  assert.equal(store.entryAt(4).seq, 4);
  assert.equal(store.entryAt(3).seq, 2);
});

test("a page with nothing older before it completes the room", () => {
  const store = new CaptionStore();
  store.add(final(3));

  store.addHistory({ type: "history", items: [final(1), final(2)], more: false });

  assert.equal(store.complete, true);
});

test("a caption knows who spoke at the same time, where anybody did", () => {
  const store = new CaptionStore();
  const ben = { id: "u2", name: "Ben" };
  store.add(final(1));
  store.add(final(2, { overlap: [ben] }));
  store.add({ type: "correction", seq: 3, id: "c2", rev: 4, text: "text two" });

  assert.equal(Object.hasOwn(store.entries[0], "overlap"), false);
  assert.deepEqual(store.entries[1].overlap, [ben]);
});

test("what is far from the reader is let go, is a hole again, and can be loaded anew", () => {
  const store = new CaptionStore();
  for (let seq = 1; seq <= 20; seq++) store.add(final(seq));
  const shape = () => store.rows(1, 20).map((row) => (row.kind === "hole" ? [row.from, row.to] : row.seq));

  store.release([{ from: 9, to: 10 }, { from: 19, to: 20 }]);

  assert.deepEqual(shape(), [[1, 8], 9, 10, [11, 18], 19, 20]);
  assert.equal(store.has(5), false);
  assert.equal(store.latestSeq, 20);
  const page = Array.from({ length: 8 }, (_, i) => final(11 + i));
  assert.equal(store.addHistory({ type: "history", items: page, more: true }), "inserted");
  assert.deepEqual(shape(), [[1, 8], 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
});

test("a new connection goes on at the newest entry, also when that was let go", () => {
  const store = new CaptionStore();
  for (const seq of [1, 2, 3]) store.add(final(seq));
  store.release([{ from: 1, to: 1 }]);
  assert.equal(store.latestSeq, 3);
});

test("a caption that was let go comes back as it was corrected meanwhile", () => {
  const store = new CaptionStore();
  for (const seq of [1, 2, 3]) store.add(final(seq));
  store.release([{ from: 3, to: 3 }]);
  const correction = { type: "correction", seq: 4, id: "c1", rev: 4, text: "better" };
  store.add(correction);

  store.addHistory({ type: "history", items: [final(1), final(2)], more: false, corrections: [correction] });

  assert.deepEqual(texts(store), ["better", "text 2", "text 3"]);
  assert.equal(store.complete, true);
});

test("a room whose beginning was let go is not complete", () => {
  const store = new CaptionStore();
  store.addHistory({ type: "history", items: [final(1), final(2)], more: false });
  store.release([{ from: 2, to: 2 }]);
  assert.equal(store.complete, false);
});

test("what is said off the record stands where it was said, and has no number", () => {
  const store = new CaptionStore();
  store.add(final(1));
  store.setInterim({ ...interim("p1", 1, "between us"), kept: false });

  const change = store.setInterim({ ...interim("p1", 2, "between us two"), kept: false, done: true });
  store.add({ type: "gap", seq: 2, start: 0, end: 9, reason: "off-record" });
  store.add(final(3));

  assert.equal(change, "passed");
  assert.deepEqual(store.interims, []);
  const rows = store.rows(1, 3).map((row) => row.text ?? row.reason);
  assert.deepEqual(rows, ["text 1", "between us two", "off-record", "text 3"]);
  assert.equal(store.latestSeq, 3);
  assert.equal(store.setInterim({ ...interim("p1", 2, "between us two"), kept: false, done: true }), "none");
});

test("what was said off the record survives a lost connection, and what went on does not", () => {
  const store = new CaptionStore();
  store.setInterim({ ...interim("p1", 1, "whole"), kept: false, done: true });
  store.setInterim({ ...interim("p2", 1, "half"), kept: false });

  store.clearInterims();

  assert.deepEqual(store.rows(1, 0).map((row) => row.text), ["whole"]);
});
