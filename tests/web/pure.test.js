import assert from "node:assert/strict";
import { test } from "node:test";
import { indexAt } from "../../web/playback.js";
import { wordCount } from "../../web/reading-length.js";
import { SeqRanges } from "../../web/seq-ranges.js";
import { text } from "../../web/strings.js";
import { clock, parseTime } from "../../web/times.js";

test("times read as people write them", () => {
  assert.equal(clock(5.9), "0:05");
  assert.equal(clock(3725), "1:02:05");
});

test("a place in an address may be written in several ways", () => {
  assert.equal(parseTime("90.5"), 90.5);
  assert.equal(parseTime("1:30"), 90);
  assert.equal(parseTime("1:02:05"), 3725);
  assert.equal(parseTime("1h2m5s"), 3725);
  assert.equal(parseTime("soon"), null);
  assert.equal(parseTime(null), null);
});

test("the caption that is heard is the last that has begun", () => {
  const items = [{ start: 1 }, { start: 4 }, { start: 9 }];
  assert.deepEqual([0, 1, 3.9, 4, 99].map((time) => indexAt(items, time)), [-1, 0, 0, 1, 2]);
});

test("numbers merge into ranges and the newest hole is found", () => {
  const ranges = new SeqRanges();
  for (const seq of [5, 6, 9, 1, 2]) ranges.add(seq);
  assert.deepEqual(ranges.holes(ranges.lowest, ranges.highest).at(-1), { from: 7, to: 8 });
  assert.equal(ranges.add(6), false);
  for (const seq of [7, 8]) ranges.add(seq);
  assert.deepEqual(ranges.holes(ranges.lowest, ranges.highest).at(-1), { from: 3, to: 4 });
  assert.deepEqual([ranges.lowest, ranges.highest], [1, 9]);
});

test("a text that is missing is a mistake", () => {
  assert.equal(text("captions.title"), "Captions");
  assert.throws(() => text("captions.nothing"), /no text/);
});

test("words are counted by how long they take, also where no spaces part them", () => {
  const texts = ["one two three", "今天我们来谈谈字幕。", "Python を使う。", "ขอบคุณมากครับ", "。", ""];
  assert.deepEqual(texts.map(wordCount), [3, 5, 3, 3, 0, 0]);
});
