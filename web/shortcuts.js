/** @file Shortcuts: single keys can be turned off and every key can be changed (WCAG 2.1.4). */

import { KeyMap, isSingle, keyOf } from "./key-map.js";

/**
 * @typedef {keyof typeof USUAL_KEYS} Action
 * @typedef {Partial<Record<Action, () => void>>} Actions
 */

const SINGLE_KEY = "roomscribe.single-keys";
const KEYS_KEY = "roomscribe.keys";

/**
 * Every action and its usual key. A new action is one entry here, its name in
 * `strings.keys.actions`, and what it does where a page lists its `Actions`.
 */
export const USUAL_KEYS = Object.freeze({
  pause: "p",
  live: "l",
  captions: "c",
  settings: "s",
  announce: "a",
  braille: "r",
  mute: "m",
  full: "f",
  toTime: "t",
  toPlace: "g",
  markPlace: "b",
  quote: "q",
  alert: "n",
  play: "k",
  back: "4",
  forward: "6",
  farBack: "1",
  farForward: "3",
  slower: "<",
  faster: ">",
  silence: "i",
  search: "/",
  nextHit: "j",
  previousHit: "u",
  heard: "h",
  help: "?",
});

/** @returns {boolean} */
export function singleKeysOn() {
  return localStorage.getItem(SINGLE_KEY) !== "off";
}

/** @param {boolean} on */
export function useSingleKeys(on) {
  localStorage.setItem(SINGLE_KEY, on ? "on" : "off");
}

/** @returns {KeyMap} the keys as this browser keeps them */
export function keptKeys() {
  try {
    return new KeyMap(USUAL_KEYS, JSON.parse(localStorage.getItem(KEYS_KEY) ?? "{}"));
  } catch {
    return new KeyMap(USUAL_KEYS, {});
  }
}

/** @param {KeyMap} keys */
export function keepKeys(keys) {
  localStorage.setItem(KEYS_KEY, JSON.stringify(keys.asJson()));
}

/**
 * What a key press asks for, or "".
 * @param {import("./key-map.js").Press} press
 * @param {{typing: boolean, singleKeys: boolean, keys: KeyMap}} context
 */
export function actionFor(press, { typing, singleKeys, keys }) {
  const key = keyOf(press);
  if (typing || (isSingle(key) && !singleKeys)) return "";
  return keys.actionFor(key);
}

/**
 * Listen for shortcuts on the whole page; modal dialogs keep their own keys.
 * @param {Actions} actions
 */
export function listenForShortcuts(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog:modal")) return;
    const context = { typing: isTyping(event.target), singleKeys: singleKeysOn(), keys: keptKeys() };
    const run = actions[/** @type {Action} */ (actionFor(event, context))];
    if (!run) return;
    event.preventDefault();
    run();
  });
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("input:is([type=checkbox], [type=radio], [type=range], [type=color])")) return false;
  return target.matches("input, textarea, select, [contenteditable]");
}
