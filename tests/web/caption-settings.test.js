import assert from "node:assert/strict";
import { test } from "node:test";
import { LOOK, PRESETS, presetChanges, presetOf } from "../../web/caption-presets.js";
import { DEFAULT_STYLE, legibility, readable, variables, variablesOverVideo } from "../../web/caption-style.js";
import { contrast, rgbOf } from "../../web/contrast.js";
import { readStyle, writeStyle } from "../../web/style-file.js";
import { StyleHistory } from "../../web/style-history.js";
import { queryFor, readQuery } from "../../web/style-query.js";
import { strings } from "../../web/strings.js";

const PAGES = ["#fbfbf9", "#14181d", "#ffffff", "#000000"];

for (const name of Object.keys(PRESETS)) {
  test(`the look ${name} has 7 to 1 for finals, 4.5 to 1 for interims and all it writes beside them`, () => {
    for (const page of PAGES) {
      const style = { ...DEFAULT_STYLE, ...presetChanges(name) };
      const { final, interim } = legibility(style, page);
      assert.ok(final >= 7, `final ${final}`);
      assert.ok(interim >= 4.5 && interim < final * 0.75, `interim ${interim}`);
      const drawn = variables(style, page);
      const [head, quiet, window] = ["--cap-head", "--cap-quiet", "--cap-window"].map((key) => rgbOf(drawn[key]));
      assert.ok(contrast(head, window) >= 7 && contrast(quiet, window) >= 7);
    }
    assert.ok(strings.style.presets[name], "it has a name");
  });
}

test("a look replaces the one before and leaves size, place and language", () => {
  const mine = { ...DEFAULT_STYLE, size_percent: 200, lines: 3, track: "en", ...presetChanges("dyslexia") };
  const next = { ...mine, ...presetChanges("yellow-on-black") };
  assert.equal(presetOf(next), "yellow-on-black");
  assert.deepEqual([next.font, next.letter_spacing_em], [DEFAULT_STYLE.font, 0]);
  assert.deepEqual([next.size_percent, next.lines, next.track], [200, 3, "en"]);
  assert.equal(presetOf({ ...next, weight: 800 }), "");
  assert.ok(LOOK.every((field) => field in DEFAULT_STYLE));
});

test("making text readable reaches 4.5 to 1 on any background", () => {
  for (let grey = 0; grey < 256; grey += 5) {
    const hex = `#${grey.toString(16).padStart(2, "0").repeat(3)}`;
    const style = { ...DEFAULT_STYLE, window_colour: hex, text_colour: hex, text_opacity: 0.3 };
    const repaired = legibility({ ...style, ...readable(style, "#ffffff") }, "#ffffff");
    assert.ok(repaired.final >= 4.5 && repaired.interim >= 4.5, `${hex}: ${repaired.final}`);
  }
});

test("a change is undone and done again, and a slider's many changes are one step", () => {
  const history = new StyleHistory();
  let style = DEFAULT_STYLE;
  const change = (changes, nowMs) => {
    history.changed(style, changes, nowMs);
    style = { ...style, ...changes };
  };
  change({ size_percent: 110 }, 0);
  change({ size_percent: 120 }, 100);
  change({ size_percent: 130 }, 200);
  change({ font: "serif" }, 300);
  change({ font: "serif" }, 5000);
  style = { ...style, ...history.undo() };
  assert.deepEqual([style.size_percent, style.font], [130, "sans"]);
  style = { ...style, ...history.undo() };
  assert.deepEqual(style, DEFAULT_STYLE);
  assert.deepEqual(history.undo(), {});
  style = { ...style, ...history.redo() };
  assert.equal(style.size_percent, 130);
  change({ weight: 700 }, 9000);
  assert.equal(history.canRedo, false);
});

test("undoing leaves what was changed elsewhere meanwhile", () => {
  const history = new StyleHistory();
  history.changed(DEFAULT_STYLE, { font: "serif" }, 0);
  assert.deepEqual(history.undo(), { font: "sans" });
});

test("only so many steps are kept", () => {
  const history = new StyleHistory();
  for (let step = 1; step <= 80; step += 1) {
    history.changed({ ...DEFAULT_STYLE, lines: step - 1 }, { lines: step }, step * 5000);
  }
  assert.equal(history.past.length, 50);
});

test("a file gives back what was written", () => {
  const style = { ...DEFAULT_STYLE, size_percent: 250, text_colour: "#ffff00", track: "en" };
  assert.deepEqual(readStyle(writeStyle(style)), style);
});

test("a file with anything that cannot be used is refused with the reason", () => {
  const ours = (over) => JSON.stringify({ format: "roomscribe-caption-style", version: 1, style: {}, ...over });
  for (const [text, reason] of [
    ["", /not a file of caption settings/],
    ["null", /not a file of caption settings/],
    ['{"style": {}}', /not a file of caption settings/],
    [ours({ style: [] }), /not a file of caption settings/],
    [ours({ version: 2 }), /newer/],
    [ours({ style: { blink: true } }), /not known: blink/],
    [ours({ style: { size_percent: 500 } }), /“Size” .* number from 50 to 400/],
    [ours({ style: { size_percent: "100" } }), /“Size”/],
    [ours({ style: { text_colour: "red" } }), /“Text colour” .* colour like/],
    [ours({ style: { edge: "glow" } }), /one of none, raised/],
    [ours({ style: { __proto__: null, constructor: 1 } }), /not known: constructor/],
  ]) {
    assert.throws(() => readStyle(text), reason, text);
  }
});

test("an address gives back the style that it was made of", () => {
  const style = { ...DEFAULT_STYLE, font: "atkinson", text_colour: "#ffff00", lines: 2, position: "top" };
  const query = queryFor(style);
  assert.equal(query.toString(), "font=atkinson&text_colour=ffff00&lines=2&position=top");
  assert.deepEqual({ ...DEFAULT_STYLE, ...readQuery(query).style }, style);
  assert.equal(readQuery(queryFor(DEFAULT_STYLE)).style, null);
});

test("what an address cannot have is left out and told", () => {
  const read = readQuery(
    new URLSearchParams("size_percent=9&size=2&text_colour=%23FFF000&lines=&page=glass&names=no&preset=x&edge=raised"),
  );
  assert.deepEqual(read.style, { text_colour: "#fff000", edge: "raised" });
  assert.deepEqual(
    read.problems.map((problem) => problem.split(":")[0]),
    ["preset", "size_percent", "size", "lines", "page", "names"],
  );
});

test("a preset in an address is the ground that other fields change", () => {
  const { style, transparent, names } = readQuery(
    new URLSearchParams("window_opacity=0&preset=yellow-on-black&page=transparent&names=off"),
  );
  assert.deepEqual([style.text_colour, style.window_opacity, transparent, names], ["#ffff00", 0, true, false]);
});

test("over a video opacities stay, and interims are as strong as finals", () => {
  const style = { ...DEFAULT_STYLE, window_opacity: 0, background_opacity: 0.5 };
  const drawn = variablesOverVideo(style);
  assert.equal(drawn["--cap-window"], "rgb(16 20 24 / 0)");
  assert.equal(drawn["--cap-background"], "rgb(0 0 0 / 0.5)");
  assert.equal(drawn["--cap-interim"], drawn["--cap-text"]);
});
