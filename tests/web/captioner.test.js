import assert from "node:assert/strict";
import { test } from "node:test";
import { expand, readAbbreviations } from "../../web/abbreviations.js";
import { LineWriter, cutPieces, cutSentences } from "../../web/line-writer.js";

const list = readAbbreviations("rs = Roomscribe\n nothing here\nbtw=by the way\n= x\nada = Ada Lovelace");

const typed = (text) => expand(text, text.length, list)?.text ?? text;

test("an abbreviation is written out when its word ends", () => {
  assert.equal(typed("I use rs "), "I use Roomscribe ");
  assert.equal(typed("rs."), "Roomscribe.");
  assert.equal(typed("I use rs"), "I use rs");
});

test("an abbreviation with a capital begins with one", () => {
  assert.equal(typed("Btw,"), "By the way,");
});

test("letters inside a word are no abbreviation", () => {
  assert.equal(typed("cars "), "cars ");
  assert.equal(typed("e.rs "), "e.rs ");
});

test("text after the cursor stays where it is", () => {
  assert.deepEqual(expand("rs is good", 3, list), { text: "Roomscribe is good", cursor: 11 });
});

test("finished sentences are cut off what is typed", () => {
  assert.deepEqual(cutSentences("One. Two! Thr"), { texts: ["One.", "Two!"], rest: "Thr" });
  assert.deepEqual(cutSentences("3.5 metres"), { texts: [], rest: "3.5 metres" });
  assert.deepEqual(cutSentences("Done."), { texts: [], rest: "Done." });
});

test("a text that is too long for the server is cut at spaces, and no word is lost", () => {
  const text = "some words ".repeat(100).trim();
  const pieces = cutPieces(text);
  assert.equal(pieces.join(" "), text);
  assert.ok(pieces.every((piece) => piece.length <= 500 && piece.length > 0));
  assert.deepEqual(cutPieces("short "), ["short "]);
});

test("a text without spaces is cut, but through no character", () => {
  const text = `x${"😀".repeat(400)}`;
  const pieces = cutPieces(text);
  assert.equal(pieces.join(""), text);
  assert.ok(pieces.every((piece) => piece.length <= 500 && piece.isWellFormed()));
});

test("of a line that is too long the first piece is shown while it is typed", () => {
  const writer = new LineWriter("x");
  writer.type("word ".repeat(200));
  assert.ok((writer.news()?.text.length ?? 0) <= 500);
});

test("a line is sent when it changed, and finished under the same name", () => {
  const writer = new LineWriter("x");
  writer.type("He");
  assert.deepEqual(writer.news(), { type: "line", line: "x-1", text: "He", done: false });
  assert.equal(writer.news(), null);
  assert.deepEqual(writer.finish("Hello. "), { type: "line", line: "x-1", text: "Hello.", done: true });
  writer.type("W");
  assert.equal(writer.news()?.line, "x-2");
});

test("a line that was emptied is taken back, and one that never was is nothing", () => {
  const writer = new LineWriter("x");
  assert.equal(writer.finish(" "), null);
  writer.type("Oops");
  writer.news();
  assert.deepEqual(writer.finish(""), { type: "line", line: "x-1", text: "", done: true });
  assert.deepEqual(writer.unsure, []);
});

test("a finished line is sent again until its final has come", () => {
  const writer = new LineWriter("x");
  writer.finish("One.");
  writer.finish("Two.");
  writer.isFinal("i1c-u1-x-1", "One.");
  assert.deepEqual(writer.again(), [{ type: "line", line: "x-2", text: "Two.", done: true }]);
  writer.isFinal("i1c-u1-x-2", "Two.");
  assert.deepEqual(writer.again(), []);
});

test("lines that are refused go back to who wrote them", () => {
  const writer = new LineWriter("x");
  writer.finish("One.");
  assert.equal(writer.refused(), "One.");
  assert.deepEqual(writer.again(), []);
});

test("what is being typed is sent again after an outage", () => {
  const writer = new LineWriter("x");
  writer.type("Hel");
  writer.news();
  writer.again();
  assert.equal(writer.news()?.text, "Hel");
});

test("what was typed of a line after the server had cut it off is a line of its own", () => {
  const writer = new LineWriter("x");
  writer.type("Two and");
  writer.news();
  writer.finish("Two  and three. ");
  writer.finish("Four.");

  assert.equal(writer.isFinal("i1c-u1-x-1", "Two and"), null);

  assert.deepEqual(
    writer.again().map(({ line, text }) => [line, text]),
    [
      ["x-1-r", "three."],
      ["x-2", "Four."],
    ],
  );
});

test("a line that is being typed when the server cuts it off goes on as another one", () => {
  const writer = new LineWriter("x");
  writer.type("Two and");
  writer.news();
  writer.type("Two and thr");

  assert.equal(writer.isFinal("i1c-u1-x-1", "Two and"), "thr");

  assert.deepEqual(writer.news(), { type: "line", line: "x-2", text: "thr", done: false });
});

test("a line whose beginning was changed since it was cut off is rather there twice than lost", () => {
  const writer = new LineWriter("x");
  writer.type("Tow and");
  writer.news();
  writer.type("Two and three");
  assert.equal(writer.isFinal("i1c-u1-x-1", "Tow and"), "Two and three");
});
