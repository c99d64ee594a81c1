/** @file When a listener's words are told: at once, once, and not when they were misheard. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { WordWatch } from "../../web/word-watch.js";

const ADA = { id: "a", name: "Ada" };
const BEN = { id: "b", name: "Ben" };

/** @param {string[]} words */
function watching(words, seq = 0) {
  const watch = new WordWatch();
  watch.use(words);
  hear(watch, { type: "welcome", seq, track: "" });
  return watch;
}

/**
 * @param {WordWatch} watch
 * @param {object} message
 */
function hear(watch, message) {
  const news = watch.hear(/** @type {any} */ (message));
  return news.map(({ said, isNew }) => `${isNew ? "new" : said.misheard ? "misheard" : "back"} ${said.words} ${said.id}`);
}

let rev = 0;
const interim = (/** @type {string} */ text, id = "c1", speaker = ADA) => ({ type: "interim", id, rev: rev++, start: 3, end: 4, speaker, text });
const final = (/** @type {number} */ seq, /** @type {string} */ text, id = `c${seq}`, speaker = ADA) => ({ type: "final", seq, id, rev: 99, start: 3, end: 4, speaker, text });

test("a word is told at the first interim that has it, and never again for that caption", () => {
  const watch = watching(["Ben", "tea"]);
  assert.deepEqual(hear(watch, interim("well")), []);
  assert.deepEqual(hear(watch, interim("well Ben")), ["new Ben c1"]);
  assert.deepEqual(hear(watch, interim("well then")), []);
  assert.deepEqual(hear(watch, interim("well Ben some tea")), ["new Ben,tea c1"]);
  assert.deepEqual(hear(watch, final(1, "Well, Ben, some tea?")), []);
  assert.deepEqual(hear(watch, final(2, "Ben!")), ["new Ben c2"]);
});

test("a word that only the final has is told with it, and what comes twice is told once", () => {
  const watch = watching(["Ben"]);
  assert.deepEqual(hear(watch, interim("when")), []);
  assert.deepEqual(hear(watch, final(1, "Ben")), ["new Ben c1"]);
  assert.deepEqual(hear(watch, final(1, "Ben")), []);
  assert.deepEqual(hear(watch, { type: "history", items: [final(1, "Ben"), final(2, "and Ben")] }), ["new Ben c2"]);
});

test("a word that the finished caption does not have was misheard, also where the caption is taken back", () => {
  const watch = watching(["Ben"]);
  hear(watch, interim("Ben"));
  assert.deepEqual(hear(watch, final(1, "When?")), ["misheard Ben c1"]);
  hear(watch, interim("Ben", "c2"));
  assert.deepEqual(hear(watch, interim("", "c2")), ["misheard Ben c2"]);
  assert.deepEqual(hear(watch, final(2, "Ben", "c2")), ["back Ben c2"]);
});

test("a correction may take a word back and bring another", () => {
  const watch = watching(["Ben", "Bea"]);
  hear(watch, final(1, "Ben"));
  assert.deepEqual(hear(watch, { type: "correction", seq: 2, id: "c1", rev: 100, text: "Bean" }), ["misheard Ben c1"]);
  assert.deepEqual(hear(watch, { type: "correction", seq: 3, id: "c1", rev: 101, text: "Bea" }), ["new Ben,Bea c1"]);
});

test("what was said before the listener came, or before they wrote the word, is not told", () => {
  const watch = watching(["Ben"], 2);
  assert.deepEqual(hear(watch, { type: "history", items: [final(1, "Ben"), final(2, "Ben")] }), []);
  hear(watch, final(3, "Bea"));
  watch.use(["Bea"]);
  assert.deepEqual(hear(watch, final(3, "Bea")), []);
  assert.deepEqual(hear(watch, final(4, "Bea")), ["new Bea c4"]);
});

test("what was missed while the connection was lost is told when it comes", () => {
  const watch = watching(["Ben"], 2);
  hear(watch, { type: "welcome", seq: 9, track: "" });
  assert.deepEqual(hear(watch, final(5, "Ben")), ["new Ben c5"]);
});

test("another track has numbers of its own", () => {
  const watch = watching(["Ben"], 20);
  hear(watch, { type: "track", track: "en", seq: 4 });
  assert.deepEqual(hear(watch, { type: "history", items: [final(4, "Ben")] }), []);
  assert.deepEqual(hear(watch, final(5, "Ben", "e5")), ["new Ben e5"]);
});

test("nobody is told of what they said themselves", () => {
  const watch = watching(["Ben"]);
  watch.me = "b";
  assert.deepEqual(hear(watch, final(1, "I am Ben", "c1", BEN)), []);
  assert.deepEqual(hear(watch, final(2, "Hello Ben")), ["new Ben c2"]);
});

test("a phrase is found over two captions of one speaker, and marked in both", () => {
  const watch = watching(["Ada Lovelace"]);
  hear(watch, final(1, "Written by Ada"));
  assert.deepEqual(hear(watch, interim("Lovelace in", "c2")), ["new Ada Lovelace c2"]);
  assert.deepEqual(hear(watch, final(2, "Lovelace in 1843.")), []);
  const marked = [["c1", "Written by Ada"], ["c2", "Lovelace in 1843."]].map(([id = "", text = ""]) =>
    watch.marks({ id, text }).map(({ start, end }) => text.slice(start, end)),
  );
  assert.deepEqual(marked, [["Ada"], ["Lovelace"]]);
  hear(watch, final(3, "This is Ada"));
  assert.deepEqual(hear(watch, final(4, "Lovelace, says Ben", "c4", BEN)), []);
});
