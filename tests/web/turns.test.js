import assert from "node:assert/strict";
import { test } from "node:test";
import { extend, tailWith } from "../../web/turns.js";

const ada = { id: "u1", name: "Ada" };
const ben = { id: "u2", name: "Ben" };

const caption = (id, start, speaker = ada) => ({ kind: "caption", id, start, end: start + 2, speaker });
const shape = (blocks) =>
  blocks.map((block) => (block.kind === "gap" ? "gap" : block.captions.map(({ id }) => id).join(" ")));

test("what one person says in a row is one turn", () => {
  const blocks = extend([], [caption("a", 0), caption("b", 2), caption("c", 4, ben)]);
  assert.deepEqual(shape(blocks), ["a b", "c"]);
});

test("a long pause begins a new turn", () => {
  assert.deepEqual(shape(extend([], [caption("a", 0), caption("b", 9)])), ["a", "b"]);
});

test("a long speech is cut into paragraphs", () => {
  const speech = Array.from({ length: 40 }, (_, i) => caption(`c${i}`, i * 2));
  assert.equal(extend([], speech).length, 2);
});

test("unknown speakers are one speaker", () => {
  assert.deepEqual(shape(extend([], [caption("a", 0, null), caption("b", 2, null)])), ["a b"]);
});

test("a gap stands between turns", () => {
  const gap = { kind: "gap", seq: 2, start: 2, end: 4, reason: "overload" };
  assert.deepEqual(shape(extend([], [caption("a", 0), gap, caption("b", 4)])), ["a", "gap", "b"]);
});

test("an interim goes on in its speaker's turn and leaves the settled turns alone", () => {
  const settled = extend([], [caption("a", 0)]);
  const tail = tailWith(settled, 0, [caption("b", 2), caption("c", 2.5, ben)]);
  assert.deepEqual(shape(tail), ["a b", "c"]);
  assert.deepEqual(shape(settled), ["a"]);
});

test("a turn keeps its key from its first interim on", () => {
  const [interim] = tailWith([], 0, [caption("a", 0)]);
  const [final] = extend([], [caption("a", 0)]);
  assert.equal(interim.key, final.key);
});

test("a caption that began before a gap stands before it though it came later", () => {
  const gap = { kind: "gap", seq: 2, start: 52, end: 58, reason: "overload" };
  const blocks = extend([], [caption("a", 40), gap, caption("b", 48, ben), caption("c", 60, ben)]);
  assert.deepEqual(shape(blocks), ["a", "b", "gap", "c"]);
});

test("a line stands where the reader was, once something follows it", () => {
  const numbered = (id, seq, start) => ({ ...caption(id, start), seq });
  const kinds = (blocks) => blocks.map((block) => (block.kind === "turn" ? shape([block])[0] : block.kind));
  const [a, b, c] = [numbered("a", 1, 0), numbered("b", 2, 2), numbered("c", 3, 4)];

  assert.deepEqual(kinds(extend([], [a, b], 2)), ["a b"]);
  assert.deepEqual(kinds(extend([], [a, b, c], 2)), ["a b", "place", "c"]);
  assert.deepEqual(kinds(extend(extend([], [a, b], 2), [c], 2)), ["a b", "place", "c"]);
  assert.deepEqual(kinds(tailWith(extend([], [a, b], 2), 0, [numbered("i", 0, 4)], 2)), ["a b", "place", "i"]);
  assert.deepEqual(kinds(extend([], [a, { kind: "hole", from: 2, to: 9 }], 5)), ["a", "hole"]);
});
