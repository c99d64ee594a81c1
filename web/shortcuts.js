/** @file Single-key shortcuts, which can be turned off (WCAG 2.1.4), and their help. */

import { make } from "./dom.js";
import { strings } from "./strings.js";

/**
 * @typedef {"pause" | "live" | "captions" | "settings" | "announce" | "mute" | "help"} Action
 * @typedef {Partial<Record<Action, () => void>>} Actions
 */

const KEY = "roomscribe.single-keys";
/** @type {Readonly<Record<string, Action>>} */
export const SHORTCUTS = Object.freeze({
  p: "pause",
  l: "live",
  c: "captions",
  s: "settings",
  a: "announce",
  m: "mute",
  "?": "help",
});

/**
 * What a key press asks for, or null.
 * @param {{key: string, ctrlKey: boolean, altKey: boolean, metaKey: boolean}} press
 * @param {{typing: boolean, enabled: boolean}} context
 * @returns {Action | null}
 */
export function actionFor(press, { typing, enabled }) {
  if (!enabled || typing || press.ctrlKey || press.altKey || press.metaKey) return null;
  return SHORTCUTS[press.key.toLowerCase()] ?? null;
}

/** @returns {boolean} */
export function singleKeysOn() {
  return localStorage.getItem(KEY) !== "off";
}

/**
 * Listen for shortcuts on the whole page; dialogs keep their own keys.
 * @param {Actions} actions
 */
export function listenForShortcuts(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const action = actionFor(event, { typing: isTyping(event.target), enabled: singleKeysOn() });
    const run = action && actions[action];
    if (!run) return;
    event.preventDefault();
    run();
  });
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

/**
 * Build the help dialog at the end of the page.
 * @param {Actions} actions only these are listed
 * @returns {() => void} opens it
 */
export function keysDialog(actions) {
  const switchBox = make("input", { type: "checkbox", id: "single-keys", checked: singleKeysOn() });
  switchBox.addEventListener("change", () =>
    localStorage.setItem(KEY, switchBox.checked ? "on" : "off"),
  );
  const close = make("button", { type: "button", class: "button primary" }, strings.close);
  const { actions: names, space } = strings.keys;
  const anywhere = Object.entries(SHORTCUTS).filter(([, action]) => actions[action]);
  const dialog = make(
    "dialog",
    { class: "dialog", "aria-labelledby": "keys-title" },
    make("h2", { id: "keys-title" }, strings.keys.title),
    keyTable(
      strings.keys.anywhere,
      anywhere.map(([key, action]) => [key.toUpperCase(), names[action] ?? action]),
    ),
    keyTable(strings.keys.inCaptions, [
      [space, names.pause ?? ""],
      ["Home", names.home ?? ""],
      ["End", names.end ?? ""],
      ["Page Up, Page Down", names.page ?? ""],
    ]),
    make("label", { class: "check", for: "single-keys" }, switchBox, strings.keys.singleKeys),
    make("p", { class: "hint" }, strings.keys.singleKeysHint),
    make("div", { class: "dialog-actions" }, close),
  );
  document.body.append(dialog);
  close.addEventListener("click", () => dialog.close());
  return () => dialog.showModal();
}

/**
 * @param {string} caption
 * @param {string[][]} rows
 */
function keyTable(caption, rows) {
  const head = make(
    "tr",
    {},
    make("th", { scope: "col" }, strings.keys.key),
    make("th", { scope: "col" }, strings.keys.action),
  );
  const body = rows.map(([key = "", action = ""]) =>
    make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, key)), make("td", {}, action)),
  );
  return make(
    "table",
    { class: "keys" },
    make("caption", {}, caption),
    make("thead", {}, head),
    make("tbody", {}, ...body),
  );
}
