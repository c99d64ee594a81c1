import assert from "node:assert/strict";
import { test } from "node:test";
import { LineBook, ShortNames, cutLines } from "../../web/braille-lines.js";
import { BraillePlace } from "../../web/braille-place.js";
import { CaptionStore } from "../../web/caption-store.js";

const ADA = { id: "a", name: "Ada" };
const BEN = { id: "b", name: "Ben" };

function chances(seed) {
  return () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
}

function someText(chance) {
  const letters = [..."abcdefghijklmnopqrstuvwxyz.,ü字", "👩‍👩‍👧", "e\u0301"];
  const word = () =>
    Array.from({ length: 1 + Math.floor(chance() ** 3 * 60) }, () => letters[Math.floor(chance() * letters.length)]).join("");
  return Array.from({ length: Math.floor(chance() * 30) }, word).join(chance() < 0.2 ? "  \n " : " ");
}

const graphemes = (text) => [...new Intl.Segmenter().segment(text)].length;

test("lines give back every word in order, none is too long, and no word is broken that fits a line", () => {
  const chance = chances(3);
  for (let i = 0; i < 500; i++) {
    const cells = 18 + Math.floor(chance() * 63);
    const text = someText(chance);
    const lines = cutLines(text, cells);
    const joined = lines.map((line) => line.text).join(" ");
    assert.equal(joined.replace(/\s/g, ""), text.replace(/\s/g, ""));
    let from = 0;
    const words = lines.flatMap((line) => line.text.split(" "));
    for (const word of text.split(/\s+/).filter((one) => one && graphemes(one) <= cells)) {
      from = words.indexOf(word, from) + 1;
      assert.ok(from > 0, `“${word}” is broken or out of order`);
    }
    for (const line of lines) assert.ok(graphemes(line.text) <= cells && line.text.trim() === line.text);
  }
});

test("lines are filled, and a word longer than a line goes over as many as it needs", () => {
  const text = (lines) => lines.map((line) => line.text);
  assert.deepEqual(text(cutLines("The quick brown fox jumps over it", 18)), ["The quick brown", "fox jumps over it"]);
  assert.deepEqual(text(cutLines("Ada: " + "x".repeat(30) + " end", 18)), [
    `Ada: ${"x".repeat(13)}`,
    `${"x".repeat(17)}`,
    "end",
  ]);
  assert.deepEqual(cutLines("  ", 18), []);
});

test("names are short, and no two speakers have the same", () => {
  const names = new ShortNames();
  const short = ["Ada", "Dr. Ada Lovelace", "Ada Byron", "Maximiliana Mustermann", "Ada", "Ada"].map((name, i) =>
    names.of({ id: String(i), name }),
  );
  assert.equal(new Set(short).size, short.length);
  assert.deepEqual(short.slice(0, 4), ["Ada", "Ada L", "Ada Byron", "Maximilian"]);
  for (const one of short) assert.ok(one.length <= 14);
  assert.equal(names.of({ id: "0", name: "Ada" }), "Ada");
});

/** A room, and who reads it with a braille line of 20 cells. */
function reader(cells = 20) {
  const store = new CaptionStore();
  let seq = 0;
  const room = {
    store,
    say(text, speaker = ADA, id = `c${seq + 1}`) {
      seq += 1;
      store.add({ type: "final", seq, id, rev: 1, start: seq, end: seq + 1, speaker, text });
    },
    correct(id, text) {
      seq += 1;
      store.add({ type: "correction", seq, id, rev: 2, text });
    },
    gap() {
      seq += 1;
      store.add({ type: "gap", seq, start: seq, end: seq + 12, reason: "overload" });
    },
    lose(count) {
      seq += count;
    },
  };
  const book = new LineBook((one) => store.journalAt(one), cells);
  const place = new BraillePlace(book, () => ({ first: seq ? 1 : 0, newest: seq }));
  const readOn = () => {
    const lines = [];
    for (let moved = "moved"; moved === "moved"; moved = place.step(1)) lines.push(place.text);
    return lines;
  };
  return { room, place, readOn };
}

test("names stand at turns, gaps are said, and every line comes once", () => {
  const { room, place, readOn } = reader();
  room.say("One two three four five six.");
  room.say("Seven.");
  room.say("Eight.", BEN);
  room.gap();
  room.say("Nine.", BEN);
  place.toFirst();
  assert.deepEqual(readOn(), [
    "Ada: One two three",
    "four five six.",
    "Seven.",
    "Ben: Eight.",
    "12 seconds without",
    "captions: the",
    "recogniser could not",
    "keep up",
    "Ben: Nine.",
  ]);
  assert.equal(place.step(1), "end");
  assert.equal(place.text, "Ben: Nine.");
});

test("nothing changes a line that was shown; a correction is a line of its own", () => {
  const { room, place, readOn } = reader();
  room.say("The cat sat.");
  place.toNewest();
  const before = place.text;
  room.correct("c1", "The bat sat.");
  room.say("Then it flew.");
  assert.equal(place.text, before);
  assert.deepEqual(readOn(), ["Ada: The cat sat.", "Corrected: The bat", "sat.", "Then it flew."]);
  place.toFirst();
  assert.equal(place.text, before);
});

test("who comes to a caption after its correction reads it right, once", () => {
  const { room, place, readOn } = reader(80);
  room.say("The cat sat.");
  room.correct("c1", "The bat sat.");
  room.say("Then it flew.");
  place.toFirst();
  assert.deepEqual(readOn(), ["Ada: The bat sat. (corrected)", "Then it flew."]);
});

test("lines that wait are counted", () => {
  const { room, place } = reader();
  room.say("One two three four five six.");
  place.toNewest();
  assert.deepEqual(place.waiting, { lines: 1, more: false });
  room.say("Seven.");
  assert.deepEqual(place.waiting, { lines: 2, more: false });
  room.lose(3);
  assert.deepEqual(place.waiting, { lines: 2, more: true });
  place.step(1);
  place.step(1);
  assert.deepEqual(place.step(1), { missing: 3 });
  assert.equal(place.text, "Seven.");
});

test("another length of lines keeps the words under the fingers, and a mark leads back to them", () => {
  const chance = chances(11);
  const { room, place } = reader(24);
  for (let i = 0; i < 40; i++) room.say(someText(chance) || "word", chance() < 0.5 ? ADA : BEN);
  place.toFirst();
  for (let i = 0; i < 300 && place.step(1) === "moved"; i++) {
    const { mark, text } = place;
    place.recut(18 + Math.floor(chance() * 63));
    const from = place.mark.at;
    assert.ok(from <= mark.at && mark.at < from + graphemes(place.text.replace(/\s/g, "")));
    place.recut(24);
    place.to(mark);
    assert.deepEqual([place.text, place.mark], [text, mark]);
  }
});

test("forward and back lead over the same lines, whatever comes meanwhile", () => {
  const chance = chances(5);
  const { room, place } = reader(30);
  const shown = [];
  room.say("The beginning.");
  place.toFirst();
  for (let i = 0; i < 600; i++) {
    const what = chance();
    if (what < 0.3) room.say(someText(chance) || "word", chance() < 0.5 ? ADA : BEN);
    else if (what < 0.35) room.correct(`c${1 + Math.floor(chance() * 40)}`, someText(chance) || "right");
    else if (what < 0.38) room.gap();
    if (place.step(1) === "moved") shown.push(place.text);
  }
  assert.ok(shown.length > 200);
  for (const text of shown.slice(0, -1).reverse()) {
    assert.equal(place.step(-1), "moved");
    assert.equal(place.text, text);
  }
});

test("what is said off the record is read after the entry before it, and no line that was read changes", () => {
  const store = new CaptionStore();
  store.add({ type: "gap", seq: 1, start: 65, end: 65, reason: "off-record" });
  const place = new BraillePlace(
    new LineBook((seq) => store.journalAt(seq), 40, (seq) => store.passedAfter(seq)),
    () => ({ first: 1, newest: store.latestSeq }),
  );
  place.toFirst();
  const read = [place.text];
  const readOn = () => {
    while (place.step(1) === "moved") read.push(place.text);
  };
  readOn();

  for (const text of ["Between us.", "Nobody else."]) {
    const said = { id: text, rev: 1, start: 66, end: 67, speaker: ADA, text, kept: false, done: true };
    store.setInterim(said);
    readOn();
  }
  store.add({ type: "gap", seq: 2, start: 65, end: 90, reason: "off-record" });
  readOn();

  assert.deepEqual(read, [
    "Off the record from 1:05: what is said",
    "now is not kept.",
    "Ada: Between us. (not kept)",
    "Ada: Nobody else. (not kept)",
    "Off the record from 1:05 to 1:30",
  ]);
});
