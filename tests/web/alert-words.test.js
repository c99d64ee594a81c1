/** @file A listener's own words in what is said, in any script. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { AlertWords } from "../../web/alert-words.js";

/**
 * @param {string | string[]} words
 * @param {string} text
 */
const found = (words, text) =>
  new AlertWords([words].flat()).find(text).map(({ start, end }) => text.slice(start, end));

test("a name is found whatever its case, accents and neighbours, and only as a whole word", () => {
  const text = "José, JOSE and josé's dog; not Josephine, nor Maria_Jose. “jose”";
  assert.deepEqual(found("Jose", text), ["José", "JOSE", "josé", "jose"]);
  assert.deepEqual(found("josé", "Jose\u0301 came"), ["Jose\u0301"]);
  assert.deepEqual(found("Łukasz", "łukasz"), ["łukasz"]);
  assert.deepEqual(found("STRASSE", "die Straße hier"), ["Straße"]);
  assert.deepEqual(found("s", "die Straße"), []);
  assert.deepEqual(found("O'Brien", "Mr O’Brien’s turn"), ["O’Brien"]);
});

for (const [script, word, text, hits] of /** @type {[string, string, string, string[]][]} */ ([
  ["Greek", "Νίκος", "Ο ΝΙΚΟΣ και ο Νίκος", ["ΝΙΚΟΣ", "Νίκος"]],
  ["Cyrillic", "Алёна", "это алена и АЛЁНА, не аленами", ["алена", "АЛЁНА"]],
  ["Arabic with its vowels", "محمد", "قال مُحَمَّد إن محمدا", ["مُحَمَّد"]],
  ["Hebrew with its points", "שרה", "אמרה שָׂרָה היום", ["שָׂרָה"]],
  ["Hindi, where vowel signs make other words", "राम", "राम और रामा और रोम", ["राम"]],
  ["Chinese, which has no spaces", "小明", "我觉得小明说得对", ["小明"]],
  ["Japanese kanji and kana", "田中", "そして田中さんは", ["田中"]],
  ["katakana, within no longer word", "マリ", "マリさんとマリア", ["マリ"]],
  ["kana, where a mark makes another sound", "はな", "ばなな、はなさん", ["はな"]],
  ["half-width katakana", "マリア", "ﾏﾘｱさん", ["ﾏﾘｱ"]],
  ["full-width Latin", "Ben", "Ｂｅｎさん", ["Ｂｅｎ"]],
  ["Latin within Japanese", "Ben", "それはBenさん", ["Ben"]],
  ["Korean, whose particles follow at once", "민수", "민수가 말했다", ["민수"]],
  ["Thai", "สมชาย", "คุณสมชายพูดว่า", ["สมชาย"]],
  ["letters beyond the first plane", "𐐀𐐁", "say 𐐨𐐩 now, 𐐨𐐩𐐪 not", ["𐐨𐐩"]],
])) {
  test(`a name is found in ${script}`, () => assert.deepEqual(found(word, text), hits));
}

test("a phrase is found over any space, line end or hyphen, and as a whole", () => {
  assert.deepEqual(found("new york", "New\n  York and New-York, not New Yorker"), ["New\n  York", "New-York"]);
  assert.deepEqual(found("  well-known ", "a well known fact"), ["well known"]);
});

test("of words that lie within each other the longer one is told, and each once", () => {
  assert.deepEqual(found(["Ben", "Ben Hur", "ben"], "Ben Hur met Ben"), ["Ben Hur", "Ben"]);
});

test("nothing is found where there is nothing to find", () => {
  assert.equal(new AlertWords(["", " ", "-"]).none, true);
  assert.deepEqual(found([""], "anything"), []);
  assert.deepEqual(found("a", ""), []);
});

/** A small generator of numbers below a bound, the same at every run. */
function chance() {
  let state = 7;
  return (/** @type {number} */ below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % below;
  };
}

test("whatever is written as a word is compared and never run as a pattern", () => {
  const next = chance();
  const signs = [..."abAé ß.*+?^${}()|[]\\/-'’_٣山がｶ\u0301\u{1f600}\ud800"];
  for (let i = 0; i < 3000; i++) {
    const make = (/** @type {number} */ most) => Array.from({ length: 1 + next(most) }, () => signs[next(signs.length)]).join("");
    const [word, text] = [make(6), make(30)];
    const hits = new AlertWords([word]).find(text);
    for (const { start, end } of hits) {
      assert.ok(start >= 0 && start < end && end <= text.length);
      assert.deepEqual(new AlertWords([word]).find(text.slice(start, end)).length >= 1, true, JSON.stringify([word, text]));
    }
    const alone = new AlertWords([word]);
    if (!alone.none) assert.equal(alone.find(`! ${word} !`).length, 1, JSON.stringify(word));
  }
});

test("no word makes the search slow", () => {
  const words = Array.from({ length: 50 }, (_, i) => "a".repeat(79) + i);
  const started = performance.now();
  new AlertWords(words).find("a".repeat(5000));
  assert.ok(performance.now() - started < 500);
});
