import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { PRESETS, presetChanges } from "../../web/caption-presets.js";
import { DEFAULT_STYLE, legibility, speakerVariables, variables, variablesOverVideo } from "../../web/caption-style.js";
import { AAA, contrast, rgbOf } from "../../web/contrast.js";
import { SHAPE_COUNT, SPEAKER_COLOURS, lookOf } from "../../web/speaker-looks.js";

/** Any colour, the same ones in every run. */
function colours(count) {
  let state = 20260504;
  const next = () => (state = (state * 1103515245 + 12345) & 0x7fffffff);
  return Array.from({ length: count }, () => `#${(next() % 0x1000000).toString(16).padStart(6, "0")}`);
}

/** How far apart two colours are, 0 to 441. */
const distance = (one, other) => Math.hypot(...rgbOf(one).map((part, i) => part - rgbOf(other)[i]));

const drawn = (style, page) => {
  const named = variables(style, page);
  return { window: named["--cap-window"], colours: SPEAKER_COLOURS.map((_, i) => named[`--speaker-${i}`]) };
};

test("sixty-four speakers look different, and eight in a row differ in shape and in colour", () => {
  const looks = Array.from({ length: 64 }, (_, number) => lookOf(number));
  assert.ok(SHAPE_COUNT >= 8 && SPEAKER_COLOURS.length >= 8);
  assert.equal(new Set(looks.map(({ shape, colour }) => `${shape} ${colour}`)).size, 64);
  for (let first = 0; first + 8 <= 64; first += 8) {
    const eight = looks.slice(first, first + 8);
    assert.equal(new Set(eight.map(({ shape }) => shape)).size, 8);
    assert.equal(new Set(eight.map(({ colour }) => colour)).size, 8);
  }
});

test("in every ready-made look speakers' colours have 7 to 1 and can be told apart", () => {
  for (const name of Object.keys(PRESETS)) {
    for (const page of ["#fbfbf9", "#14181d"]) {
      const { window, colours } = drawn({ ...DEFAULT_STYLE, ...presetChanges(name) }, page);
      for (const colour of colours) {
        const ratio = contrast(rgbOf(colour), rgbOf(window));
        assert.ok(ratio >= 7, `${name}: ${colour} on ${window} has ${ratio}`);
        for (const other of colours) assert.ok(other === colour || distance(colour, other) > 40, `${colour} ${other}`);
      }
      assert.equal(new Set(colours).size, colours.length);
    }
  }
});

test("on any window speakers' colours have 4.5 to 1, and 7 to 1 where the text has", () => {
  const [windows, texts, pages] = [colours(300), colours(600).slice(300), colours(900).slice(600)];
  windows.forEach((window_colour, i) => {
    const style = { ...DEFAULT_STYLE, window_colour, text_colour: texts[i], window_opacity: (i % 5) / 4 };
    const { window, colours } = drawn(style, pages[i]);
    const least = contrast(rgbOf(variables(style, pages[i])["--cap-text"]), rgbOf(window)) >= 7 ? 7 : 4.5;
    for (const colour of colours) {
      const ratio = contrast(rgbOf(colour), rgbOf(window));
      assert.ok(ratio >= least, `${colour} on ${window} has ${ratio}, of ${least}`);
    }
  });
  assert.ok(windows.some((window_colour) => legibility({ ...DEFAULT_STYLE, window_colour }, "#ffffff").final < 7));
});

test("over a video speakers' colours are the text's", () => {
  const over = variablesOverVideo({ ...DEFAULT_STYLE, text_colour: "#ffff00" });
  for (const i of SPEAKER_COLOURS.keys()) assert.equal(over[`--speaker-${i}`], over["--cap-text"]);
});

test("on the page speakers' colours are those that its own colours ask for, light and dark", () => {
  const sheet = (name) => readFileSync(new URL(`../../web/${name}.css`, import.meta.url), "utf8");
  const pages = [...sheet("base").matchAll(/--page: (#[0-9a-f]{6});/g)].map(([, page]) => page);
  const written = [...sheet("speakers").matchAll(/--speaker-(\d): (#[0-9a-f]{6});/g)].map(([, , colour]) => colour);
  const wanted = pages.flatMap((page) => Object.values(speakerVariables(rgbOf(page), AAA)));

  assert.equal(pages.length, 2);
  assert.deepEqual(written, wanted);
});
