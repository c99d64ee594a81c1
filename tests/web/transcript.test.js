import assert from "node:assert/strict";
import { test } from "node:test";
import { beginnings, heightsOf, speakersOf } from "../../web/outline.js";
import { silenceAt, silencesOf } from "../../web/silences.js";
import { TranscriptSearch, marksOf, matchFrom } from "../../web/transcript-search.js";
import { timedWords, wordAt } from "../../web/transcript-words.js";
import { Transcript } from "../../web/transcript.js";

const said = (start, text, over = {}) => ({
  id: `c${start}`,
  start,
  end: start + 2,
  speaker: { id: "a", name: "Ada" },
  text,
  ...over,
});
const kept = (captions, { gaps = [], losses = [] } = {}) => new Transcript({ captions, gaps }, { instance: 3, losses });

test("words stand where the text has them, also without spaces between them", () => {
  const caption = { text: "再见 Ada", start: 1, end: 3 };
  const words = [["再", 1, 1.5, 0.9], ["见", 1.5, 2, 0.9, true], ["Ada", 2, 3, 0.9]];
  assert.deepEqual(
    timedWords(caption, words).map(({ from, to, start }) => [caption.text.slice(from, to), start]),
    [["再", 1], ["见", 1.5], ["Ada", 2]],
  );
});

test("where the words are not the text's, their times are spread over it", () => {
  const words = timedWords({ text: "one three", start: 0, end: 9 }, [["two", 0, 9, 0.9]]);
  assert.deepEqual(words, [{ from: 0, to: 3, start: 0, end: 3 }, { from: 4, to: 9, start: 4, end: 9 }]);
});

test("a word is heard until the next one begins, and none well after the last", () => {
  const words = [{ from: 0, to: 1, start: 1, end: 1.2 }, { from: 2, to: 3, start: 2, end: 3 }];
  assert.deepEqual([0.5, 1, 1.9, 2, 3.2, 4].map((time) => wordAt(words, time)), [-1, 0, 0, 1, 1, -1]);
});

test("what is missing has its place among what was said", () => {
  const { entries } = kept([said(20, "Later."), said(0, "First.")], {
    gaps: [{ start: 10, end: 12, reason: "off-record" }],
    losses: [{ start_s: 5, duration_s: 1, reason: "disk full" }],
  });
  assert.deepEqual(entries.map(({ seq, kind, start, reason }) => [seq, kind, start, reason]), [
    [1, "caption", 0, undefined],
    [2, "gap", 5, "disk full"],
    [3, "gap", 10, "off-record"],
    [4, "caption", 20, undefined],
  ]);
});

test("the neighbours of a caption are found also where two begin at once", () => {
  const transcript = kept([said(0, "a"), said(2, "b"), said(2, "c", { id: "x" }), said(4, "d")]);
  const [, b] = transcript.captions;
  assert.deepEqual([-9, -1, 1, Infinity].map((step) => transcript.beside(b, step).text), ["a", "a", "c", "d"]);
});

test("words are found whatever their case and accents, across captions of one speaker", () => {
  const captions = kept([said(0, "Un CAFÉ noir,"), said(3, "s'il vous plaît."), said(6, "Du thé", { speaker: null })]).captions;
  const search = new TranscriptSearch(captions);
  assert.deepEqual(search.find("café"), [[{ seq: 1, start: 3, end: 7 }]]);
  assert.deepEqual(search.find(" noir,  S'IL "), [[{ seq: 1, start: 8, end: 13 }, { seq: 2, start: 0, end: 4 }]]);
  assert.deepEqual(search.find("plait. du"), [], "two people said that");
  assert.deepEqual([search.find("  "), search.find("tea")], [[], []]);
});

test("letters that are written in two ways are found where they stand", () => {
  const [caption] = kept([said(0, "İki e\u0301te\u0301s 😀 fin")]).captions;
  const [[part]] = new TranscriptSearch([caption]).find("fin");
  assert.equal(caption.text.slice(part.start, part.end), "fin");
  const [[accents]] = new TranscriptSearch([caption]).find("étés");
  assert.equal(caption.text.slice(accents.start, accents.end), "e\u0301te\u0301s");
});

test("a search begins where the reader is, and comes round", () => {
  const matches = [2, 5, 9].map((seq) => [{ seq, start: 0, end: 1 }]);
  assert.deepEqual([0, 5, 6, 10].map((seq) => matchFrom(matches, seq)), [0, 1, 2, 0]);
  assert.equal(matchFrom([], 1), -1);
  assert.equal(marksOf(matches, 1).get(5)?.[0]?.kind, "found-here");
});

test("eight hours are searched in no time", () => {
  const captions = Array.from({ length: 12_000 }, (_, i) => said(i * 2.4, `This is what was said at number ${i}.`));
  const search = new TranscriptSearch(kept(captions).captions);
  assert.equal(search.find("NUMBER 119").length, 111);
});

test("silence is what lies between captions, with off-record spans, and never where somebody may have spoken", () => {
  const { entries } = kept([said(1, "a"), said(3.5, "b"), said(20, "c", { end: 30 }), said(22, "d")], {
    gaps: [{ start: 6, end: 12, reason: "overload" }, { start: 13, end: 19, reason: "off-record" }],
  });
  const silences = silencesOf(entries, 60);
  assert.deepEqual(silences.map(({ start, end }) => [start, end]), [[12.3, 19.7], [30.3, 59.7]]);
  assert.deepEqual([12, 12.3, 19.5, 40].map((time) => silenceAt(silences, time)?.end), [undefined, 19.7, undefined, 59.7]);
});

test("bars are as high as the loudest of their points, and know who speaks in them", () => {
  const peaks = { bits: 8, length: 4, duration_s: 8, data: [-64, 10, 0, 0, -1, 32, -128, 127] };
  assert.deepEqual(heightsOf(peaks, 2), [0.5, 1]);
  assert.equal(heightsOf(peaks, 9).length, 9);
  const [ada, ben] = [{ id: "a" }, { id: "b" }];
  const speakers = speakersOf([{ start: 0, end: 3, speaker: ada }, { start: 4.5, end: 5, speaker: ben }], 8, 8);
  assert.deepEqual(speakers.map((one) => one?.id ?? ""), ["a", "a", "a", "a", "b", "b", "", ""]);
  assert.deepEqual(beginnings(speakers, 1).map(({ bar }) => bar), [0, 4]);
  assert.deepEqual(beginnings(speakers, 5).map(({ bar }) => bar), [0]);
});
