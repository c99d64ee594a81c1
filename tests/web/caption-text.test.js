import assert from "node:assert/strict";
import { test } from "node:test";

import { pieces, signatureOf } from "../../web/caption-text.js";

/** @type {(start: number, end: number, kind?: string) => any} */
const mark = (start, end, kind = "doubt") => ({ start, end, kind });

test("a text without marks is one piece", () => {
  assert.deepEqual(pieces("Good evening.", []), [{ text: "Good evening.", kinds: [] }]);
});

test("an empty text has no pieces", () => {
  assert.deepEqual(pieces("", [mark(0, 3)]), []);
});

test("a text is cut where a mark begins and ends", () => {
  const made = pieces("Good evening all", [mark(5, 12)]);
  assert.deepEqual(made, [
    { text: "Good ", kinds: [] },
    { text: "evening", kinds: ["doubt"] },
    { text: " all", kinds: [] },
  ]);
});

test("marks may lie over each other", () => {
  const made = pieces("abcdef", [mark(0, 4), mark(2, 6, "alert")]);
  assert.deepEqual(
    made.map(({ text, kinds }) => [text, ...kinds]),
    [["ab", "doubt"], ["cd", "doubt", "alert"], ["ef", "alert"]],
  );
});

test("no mark can lose, change or add a letter", () => {
  const text = "Wörter, שלום und 😀!";
  const spoilt = [mark(-5, 3), mark(4, 4), mark(9, 2), mark(12, 999), mark(30, 40), mark(0, text.length)];
  for (const one of [...spoilt, ...spoilt.map((same) => ({ ...same, kind: "alert" }))]) {
    const whole = pieces(text, [one, ...spoilt]).map((piece) => piece.text);
    assert.equal(whole.join(""), text);
    assert.ok(whole.every((part) => part.length > 0));
  }
});

test("marks have a signature that changes with them", () => {
  assert.equal(signatureOf([]), "");
  assert.notEqual(signatureOf([mark(0, 4)]), signatureOf([mark(0, 5)]));
  assert.notEqual(signatureOf([mark(0, 4)]), signatureOf([mark(0, 4, "alert")]));
});
