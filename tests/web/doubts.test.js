import assert from "node:assert/strict";
import { test } from "node:test";

import { CaptionStore } from "../../web/caption-store.js";
import { pieces } from "../../web/caption-text.js";
import { doubtMarks, doubtsOf } from "../../web/doubts.js";

/** Words as a final carries them, each with its confidence. */
const words = (...pairs) => pairs.map(([text, confidence], i) => [text, i, i + 1, confidence]);
const unsure = (text, ...pairs) => {
  const marks = doubtMarks({ doubts: doubtsOf(text, words(...pairs), 0.5) });
  return pieces(text, marks).filter(({ kinds }) => kinds.length).map((piece) => piece.text);
};

test("words of little confidence are marked, neighbours together", () => {
  assert.deepEqual(unsure("Good evening all", ["Good", 0.9], ["evening", 0.2], ["all", 0.8]), ["evening"]);
  const told = unsure("a b c d", ["a", 0.1], ["b", 0.2], ["c", 0.9], ["d", 0.1]);
  assert.deepEqual(told, ["a b", "d"]);
});

test("a caption whose words are all sure keeps nothing", () => {
  assert.deepEqual(doubtsOf("Good evening", words(["Good", 0.5], ["evening", 1]), 0.5), []);
  assert.deepEqual(doubtsOf("Good evening", [], 0.5), []);
});

test("words without spaces between them, and with more than one, are found", () => {
  assert.deepEqual(unsure("你好世界", ["你好", 0.9], ["世界", 0.1]), ["世界"]);
  assert.deepEqual(unsure("the  the the", ["the", 0.9], ["the", 0.1], ["the", 0.9]), ["the"]);
});

test("words that are not what the text says mark nothing", () => {
  assert.deepEqual(unsure("Good morning", ["Good", 0.1], ["evening", 0.1]), []);
  assert.deepEqual(unsure("Good evening all", ["Good", 0.1], ["evening", 0.1]), []);
  assert.deepEqual(unsure("evening", ["Good", 0.1], ["evening", 0.1]), []);
  assert.deepEqual(unsure("Good", ["", 0.1], ["Good", 0.1]), []);
});

test("a caption is marked by the engine's own threshold, and a correction takes the marks away", () => {
  const heard = { type: "final", rev: 1, start: 1, end: 2, speaker: null, text: "Good evening" };
  const said = (seq) => ({ ...heard, seq, id: `c${seq}`, words: words(["Good", 0.9], ["evening", 0.3]) });
  const store = new CaptionStore();
  store.add(said(1));
  store.unsureBelow = 0.4;
  store.add(said(2));
  store.add(said(3));
  store.add({ type: "correction", seq: 4, id: "c3", rev: 2, text: "Good morning" });

  assert.deepEqual(store.entries.map(({ doubts }) => doubts), [undefined, [5, 12], undefined]);
  assert.equal(Object.hasOwn(store.entries[2], "doubts"), false);
});
