import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DEFAULT_STYLE, EDGES, FONTS, PACES, RANGES, legibility, parseStyle, variables } from "../../web/caption-style.js";
import { contrast, rgbOf } from "../../web/contrast.js";

const server = readFileSync(new URL("../../models/style.py", import.meta.url), "utf8");

test("the ranges are the server's", () => {
  const theirs = [...server.matchAll(/^ {4}"(\w+)": \(([\d.]+), ([\d.]+)\),$/gm)];
  const read = Object.fromEntries(theirs.map(([, name, low, high]) => [name, [Number(low), Number(high)]]));
  const ours = Object.entries(RANGES).map(([name, [low, high]]) => [name, [low, high]]);
  assert.deepEqual(Object.fromEntries(ours), read);
});

test("the defaults are the server's", () => {
  const theirs = [...server.matchAll(/^ {4}(\w+): (?:str|float|Pace) = "?([^"\n]*)"?$/gm)];
  const ours = Object.entries(DEFAULT_STYLE).map(([name, value]) => [name, String(value)]);
  assert.deepEqual(Object.fromEntries(ours), Object.fromEntries(theirs.map(([, name, value]) => [name, value])));
});

test("every typeface, edge and pace is the server's", () => {
  for (const name of [...Object.keys(FONTS), ...EDGES, ...PACES]) assert.ok(server.includes(`"${name}"`), name);
});

test("what cannot be used becomes the default and the rest is kept", () => {
  const style = parseStyle({ size_percent: 999, text_colour: "red", font: "serif", unknown: 1 });
  assert.deepEqual(style, { ...DEFAULT_STYLE, font: "serif" });
  assert.deepEqual(parseStyle(null), DEFAULT_STYLE);
});

test("black on white is 21 to 1", () => {
  assert.equal(contrast(rgbOf("#000000"), rgbOf("#ffffff")), 21);
});

test("by default finals have 7 to 1, interims 4.5 to 1 and are visibly lighter", () => {
  for (const page of ["#fbfbf9", "#14181d"]) {
    const { final, interim } = legibility(DEFAULT_STYLE, page);
    assert.ok(final >= 7 && interim >= 4.5, `${final} ${interim}`);
    assert.ok(interim < final * 0.6);
  }
});

test("an interim keeps 4.5 to 1 wherever its final has it", () => {
  const pairs = [["#ffff00", "#000000"], ["#000000", "#ffffff"], ["#5a5a5a", "#ffffff"], ["#00aa00", "#000000"]];
  for (const [text_colour, window_colour] of pairs) {
    const { final, interim } = legibility({ ...DEFAULT_STYLE, text_colour, window_colour }, "#ffffff");
    assert.ok(final < 4.5 || interim >= 4.5, `${text_colour} on ${window_colour}: ${interim}`);
  }
});

test("a see-through window shows the page, and the contrast knows", () => {
  const clear = { ...DEFAULT_STYLE, window_opacity: 0 };
  assert.ok(legibility(clear, "#ffffff").final < 1.1);
  assert.equal(legibility(clear, "#ffffff").readable, false);
});

test("speakers' names stay readable when the text's colour is not", () => {
  const style = { ...DEFAULT_STYLE, text_colour: "#101418" };
  const { "--cap-head": head, "--cap-window": window } = variables(style, "#ffffff");
  assert.ok(contrast(rgbOf(head), rgbOf(window)) >= 4.5);
});
