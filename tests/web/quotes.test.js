import assert from "node:assert/strict";
import { test } from "node:test";
import { QuoteChoice } from "../../web/quote-choice.js";
import { htmlText, linkTo, momentOf, partOf, plainText, quoteOf, rangeText, recordingLink, saidIn } from "../../web/quote.js";

const said = (id, start, over = {}) => ({
  id,
  start,
  end: start + 2.5,
  text: `Sentence ${id}.`,
  speaker: "Ada",
  instance: 1,
  ...over,
});
const room = { title: "Tea", roomId: "r1", origin: "https://example.org" };
const ids = (choice) => choice.captions.map(({ id }) => id).join("");

test("a quote has the words, who said them, the time, the room and a link", () => {
  const quote = quoteOf([said("a", 62.14), said("b", 65)], room);
  const link = "https://example.org/rooms/r1?instance=1&from=62.14&to=67.5";
  assert.equal(plainText(quote), `“Sentence a. Sentence b.”\n— Ada, Tea, 1:02–1:07\n${link}`);
  assert.deepEqual(momentOf(new URL(quote.link).search), quote.moment);
});

test("a quote of several speakers names each before their words", () => {
  const quote = quoteOf([said("a", 0), said("b", 3, { speaker: "Ben" }), said("c", 6, { speaker: "Ben" })], room);
  assert.deepEqual(plainText(quote).split("\n").slice(0, 3), [
    "Ada: Sentence a.",
    "Ben: Sentence b. Sentence c.",
    "— Tea, 0:00–0:08",
  ]);
});

test("captions that begin out of order make a moment that holds them all", () => {
  const { moment } = quoteOf([said("a", 9), said("b", 4, { end: 20 })], room);
  assert.deepEqual(moment, { instance: 1, from: 4, to: 20 });
});

test("words that look like markup stay words", () => {
  const quote = quoteOf([said("a", 0, { text: '<img src="x">&', speaker: "A<b>" })], room);
  const html = htmlText(quote);
  assert.ok(html.includes("&lt;img src=&quot;x&quot;&gt;&amp;") && html.includes("A&lt;b&gt;"));
  assert.ok(html.includes(`<a href="${quote.link.replaceAll("&", "&amp;")}">Tea, 0:00–0:02</a>`));
});

test("a link is read back, also one that was written by hand", () => {
  const moment = { instance: 2, from: 62.14, to: 64.9 };
  assert.deepEqual(momentOf(new URL(linkTo(moment, { roomId: "ü", origin: "https://x.org" })).search), moment);
  assert.deepEqual(momentOf("?from=1:02"), { instance: 0, from: 62, to: 62 });
  assert.deepEqual(momentOf("?from=9&to=3"), { instance: 0, from: 9, to: 9 });
  assert.equal(recordingLink({ id: "rec1" }, moment), "/recordings/rec1?t=62.14&to=64.9");
  assert.deepEqual(momentOf("?t=62.14&to=64.9", "t"), { ...moment, instance: 0 });
});

test("a link has the room's times, whatever is cut from its recording, which is opened at its own", () => {
  const cuts = [{ start_s: 10, end_s: 20 }];
  const quote = quoteOf([said("a", 12)], { ...room, cuts });
  assert.match(plainText(quote), /Tea, 0:12–0:14/);
  const there = momentOf(new URL(quote.link).search);
  assert.deepEqual(there, { instance: 1, from: 22, to: 24.5 });
  assert.equal(recordingLink({ id: "rec1", cuts }, there), "/recordings/rec1?t=12&to=14.5");
});

test("a link leads to the part of a recording that has its sound", () => {
  const late = { start_s: 0, duration_s: 60, reason: "not recorded yet" };
  const part = (id, duration_s, more = {}) => ({ id, instance: 1, duration_s, losses: [], ...more });
  const parts = [part("other", 99, { instance: 2 }), part("b", 90, { losses: [late] }), part("a", 30)];
  const at = (from, items = parts) => partOf(items, { instance: 1, from, to: from })?.id;
  assert.deepEqual([at(10), at(70), at(45), at(99)], ["a", "b", "b", "b"]);
  const trimmed = [part("b", 20, { cuts: [{ start_s: 0, end_s: 70 }] }), part("a", 30)];
  assert.deepEqual([at(10, trimmed), at(65, trimmed), at(75, trimmed)], ["a", "b", "b"]);
  assert.equal(at(10, []), undefined);
});

test("a link without a moment is none, and one that cannot be read says so", () => {
  assert.equal(momentOf("?instance=1"), undefined);
  for (const search of ["?from=", "?from=soon", "?from=1&to=x", "?from=-4", "?from=1&instance=first"]) {
    assert.equal(momentOf(search), null, search);
  }
});

test("a moment holds its own captions, not neighbours that overlap it", () => {
  const spans = [[7, 10.2], [9, 14], [10, 12], [12, 15.0004], [14.9, 18]].map(([start, end]) => ({ start, end }));
  assert.deepEqual(saidIn(spans, { from: 10, to: 15 }), [spans[2], spans[3]]);
});

test("where captions are cut elsewhere, a moment holds what was going on in its middle", () => {
  const spans = [{ start: 2, end: 11 }, { start: 11, end: 30 }];
  assert.deepEqual(saidIn(spans, { from: 10, to: 15 }), [spans[1]]);
  assert.deepEqual(saidIn(spans, { from: 4, to: 4 }), [spans[0]]);
  assert.deepEqual(saidIn(spans, { from: 40, to: 41 }), []);
});

test("a time within one second is written once", () => {
  assert.equal(rangeText({ from: 62.1, to: 62.9 }), "1:02");
  assert.equal(rangeText({ from: 3599, to: 3600 }), "59:59–1:00:00");
});

test("captions are chosen one by one, and extended from where the choice began", () => {
  const choice = new QuoteChoice([..."abcd"].map((id, i) => said(id, i * 3)), "c");
  assert.equal(choice.move(-1), "");
  assert.equal(ids(choice), "b");
  assert.equal(choice.extend(1), "");
  assert.equal(choice.extend(1), "");
  assert.equal(ids(choice), "bcd");
  assert.equal(choice.extend(1), "edge");
  assert.equal(choice.extend(-1), "");
  assert.equal(ids(choice), "bc");
  assert.equal(choice.widen(-1), "");
  assert.equal(ids(choice), "abc");
  assert.equal(choice.widen(1), "");
  assert.equal(ids(choice), "abcd");
  choice.pick("d");
  assert.equal(choice.extendTo("b"), "");
  assert.equal(ids(choice), "bcd");
  choice.move(-1);
  assert.equal(ids(choice), "a");
  assert.equal(choice.move(-1), "edge");
});

test("a choice stops at what is not loaded, and goes on once it is", () => {
  const choice = new QuoteChoice([null, said("b", 3), said("c", 6)], "b");
  assert.equal(choice.move(-1), "hole");
  assert.equal(choice.extend(-1), "hole");
  assert.equal(ids(choice), "b");
  choice.rowsAre([said("a", 0), said("b", 3), said("c", 6)]);
  assert.equal(choice.extend(-1), "");
  assert.equal(ids(choice), "ab");
});

test("a quote does not reach into another instance of the room", () => {
  const choice = new QuoteChoice([said("a", 900), said("b", 1, { instance: 2 })], "b");
  assert.equal(choice.extend(-1), "instance");
  assert.equal(ids(choice), "b");
  assert.equal(choice.move(-1), "");
  assert.equal(ids(choice), "a");
});

test("captions that are gone are not chosen any more", () => {
  const choice = new QuoteChoice([said("a", 0)], "a");
  choice.rowsAre([said("x", 0)]);
  assert.deepEqual([choice.captions, choice.head], [[], null]);
});
