import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyMap, keyLabel, keyOf } from "../../web/key-map.js";
import { USUAL_KEYS, actionFor } from "../../web/shortcuts.js";
import { strings } from "../../web/strings.js";

const press = (key, over = {}) => ({ key, ctrlKey: false, altKey: false, metaKey: false, ...over });
const usual = { pause: "p", live: "l", help: "?" };

test("every action has a name, and no two have the same usual key", () => {
  for (const action of Object.keys(USUAL_KEYS)) assert.ok(strings.keys.actions[action], action);
  assert.equal(new Set(Object.values(USUAL_KEYS)).size, Object.keys(USUAL_KEYS).length);
});

test("single keys act unless somebody types, holds a modifier or turned them off", () => {
  const reading = { typing: false, singleKeys: true, keys: new KeyMap(usual, {}) };
  assert.equal(actionFor(press("P"), reading), "pause");
  assert.equal(actionFor(press("?"), reading), "help");
  assert.equal(actionFor(press("p", { ctrlKey: true }), reading), "");
  assert.equal(actionFor(press("p"), { ...reading, typing: true }), "");
  assert.equal(actionFor(press("p"), { ...reading, singleKeys: false }), "");
  assert.equal(actionFor(press("x"), reading), "");
});

test("keys with Ctrl or Alt act also while single keys are off", () => {
  const keys = new KeyMap(usual, { pause: "Alt+p" });
  const reading = { typing: false, singleKeys: false, keys };
  assert.equal(actionFor(press("p", { altKey: true }), reading), "pause");
  assert.equal(actionFor(press("l"), reading), "");
});

test("keys that controls and browsers need cannot be shortcuts", () => {
  for (const key of ["Tab", "Escape", "Enter", " ", "ArrowUp", "F5", "Shift", "Dead"]) {
    assert.equal(keyOf(press(key)), "", key);
  }
  assert.equal(keyOf(press("É", { altKey: true })), "Alt+é");
});

test("a key that another action has is refused and both keep theirs", () => {
  const keys = new KeyMap(usual, {});
  assert.deepEqual(keys.assign("pause", "l"), { done: false, takenBy: "live" });
  assert.deepEqual([keys.keyFor("pause"), keys.keyFor("live")], ["p", "l"]);
});

test("a changed key replaces the old one, and an action may have none", () => {
  const keys = new KeyMap(usual, {});
  keys.assign("pause", "x");
  keys.assign("live", "");
  assert.deepEqual(["x", "p", "l", ""].map((key) => keys.actionFor(key)), ["pause", "", "", ""]);
  assert.deepEqual(keys.asJson(), { pause: "x", live: "" });
  assert.deepEqual(new KeyMap(usual, keys.asJson()).asJson(), keys.asJson());
});

test("a freed key can be given to another action", () => {
  const keys = new KeyMap(usual, {});
  keys.assign("pause", "x");
  assert.deepEqual(keys.assign("live", "p"), { done: true });
  assert.equal(new KeyMap(usual, keys.asJson()).actionFor("p"), "live");
});

test("an action that is new does not take the key that a listener gave to another", () => {
  const keys = new KeyMap({ ...usual, braille: "b" }, { pause: "b" });
  assert.deepEqual([keys.actionFor("b"), keys.keyFor("braille")], ["pause", ""]);
});

test("kept keys that cannot be used are left out", () => {
  for (const kept of [null, 7, "p", [], { pause: "Tab" }, { pause: 1 }, { blink: "x" }]) {
    assert.deepEqual(new KeyMap(usual, kept).asJson(), {});
  }
  assert.deepEqual(new KeyMap(usual, { pause: "x", live: "x" }).asJson(), { pause: "x" });
});

test("keys read as they are printed", () => {
  assert.deepEqual(["p", "?", "Ctrl+Alt+p", ""].map(keyLabel), ["P", "?", "Ctrl+Alt+P", ""]);
});
