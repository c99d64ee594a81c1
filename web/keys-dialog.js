/** @file The keyboard help: every shortcut, a way to change each, and the switch for single keys. */

import { make, setText } from "./dom.js";
import { KeyMap, keyLabel, keyOf } from "./key-map.js";
import { USUAL_KEYS, keepKeys, keptKeys, singleKeysOn, useSingleKeys } from "./shortcuts.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./shortcuts.js").Action} Action
 * @typedef {import("./shortcuts.js").Actions} Actions
 *
 * @typedef {object} PageKeys
 * @property {string} anywhere where the shortcuts work, in words
 * @property {string} place where the keys that cannot be changed work
 * @property {[key: string, action: string][]} fixed
 */

/** @returns {PageKeys} */
function roomKeys() {
  const { actions: names, space, anywhere, inCaptions } = strings.keys;
  return {
    anywhere,
    place: inCaptions,
    fixed: [
      [space, names.pause ?? ""],
      ["Home", names.home ?? ""],
      ["End", names.end ?? ""],
      ["Page Up, Page Down", names.page ?? ""],
    ],
  };
}

/**
 * Build the help dialog at the end of the page.
 * @param {Actions} actions only these are listed
 * @param {PageKeys} [page] the room's, unless told
 * @returns {() => void} opens it
 */
export function keysDialog(actions, page = roomKeys()) {
  const table = new KeyTable(
    /** @type {Action[]} */ (Object.keys(USUAL_KEYS)).filter((action) => actions[action]),
    page.anywhere,
  );
  const switchBox = make("input", { type: "checkbox", id: "single-keys" });
  switchBox.addEventListener("change", () => useSingleKeys(switchBox.checked));
  const close = make("button", { type: "button", class: "button primary" }, strings.close);
  const dialog = make(
    "dialog",
    { class: "dialog", "aria-labelledby": "keys-title" },
    make("h2", { id: "keys-title" }, strings.keys.title),
    table.element,
    table.said,
    make("div", { class: "dialog-actions" }, table.reset),
    fixedTable(page.place, page.fixed),
    make("label", { class: "check", for: "single-keys" }, switchBox, strings.keys.singleKeys),
    make("p", { class: "hint" }, strings.keys.singleKeysHint),
    make("div", { class: "dialog-actions" }, close),
  );
  document.body.append(dialog);
  close.addEventListener("click", () => dialog.close());
  return () => {
    switchBox.checked = singleKeysOn();
    table.draw();
    dialog.showModal();
  };
}

/** The actions with their keys; one at a time can be given another. */
class KeyTable {
  #actions;
  #keys = keptKeys();
  #rows = make("tbody");
  element;
  said = make("p", { class: "keys-said", role: "status" });
  reset = make("button", { type: "button", class: "button" }, strings.keys.reset);

  /**
   * @param {Action[]} actions
   * @param {string} where they work, in words
   */
  constructor(actions, where) {
    this.#actions = actions;
    this.element = make("table", { class: "keys" }, make("caption", {}, where));
    const { key, action, change } = strings.keys;
    this.element.append(head(key, action, change), this.#rows);
    this.reset.addEventListener("click", () => {
      this.#keys = new KeyMap(USUAL_KEYS, {});
      this.#keep(strings.keys.resetDone);
    });
  }

  /** Show the keys as this browser keeps them. */
  draw() {
    this.#keys = keptKeys();
    setText(this.said, "");
    this.#drawRows();
  }

  #drawRows() {
    this.#rows.replaceChildren(...this.#actions.map((action) => this.#row(action)));
    this.reset.disabled = this.#keys.isUsual;
  }

  /** @param {Action} action */
  #row(action) {
    const key = keyLabel(this.#keys.keyFor(action)) || strings.keys.none;
    const name = strings.keys.actions[action] ?? action;
    const change = make(
      "button",
      { type: "button", class: "button", "aria-label": strings.keys.changeKey(name) },
      strings.keys.change,
    );
    const place = make("th", { scope: "row" }, make("kbd", {}, key));
    change.addEventListener("click", () => this.#ask(action, place));
    return make("tr", { "data-action": action }, place, make("td", {}, name), make("td", {}, change));
  }

  /**
   * Wait for the new key in a field, where screen readers pass keys on.
   * @param {Action} action
   * @param {HTMLElement} place
   */
  #ask(action, place) {
    const name = strings.keys.actions[action] ?? action;
    const input = make("input", {
      class: "key-input",
      size: 6,
      readonly: true,
      autocomplete: "off",
      "aria-label": strings.keys.newKey(name),
      placeholder: "…",
    });
    place.replaceChildren(input);
    setText(this.said, strings.keys.press(name));
    input.addEventListener("blur", () => input.isConnected && this.#drawRows());
    input.addEventListener("keydown", (event) => {
      if (event.key === "Tab") return;
      event.preventDefault();
      event.stopPropagation();
      this.#pressed(action, event);
    });
    input.focus();
  }

  /**
   * @param {Action} action
   * @param {KeyboardEvent} event
   */
  #pressed(action, event) {
    const { keys } = strings;
    const name = keys.actions[action] ?? action;
    if (["Shift", "Control", "Alt", "Meta", "AltGraph"].includes(event.key)) return;
    if (event.key === "Escape") return this.#done(action, keys.unchanged);
    const key = ["Delete", "Backspace"].includes(event.key) ? "" : keyOf(event);
    if (!key && !["Delete", "Backspace"].includes(event.key)) {
      setText(this.said, keys.unusable(event.key === " " ? keys.space : event.key));
      return;
    }
    const assigned = this.#keys.assign(action, key);
    if (!assigned.done) {
      setText(this.said, keys.taken(keyLabel(key), keys.actions[assigned.takenBy] ?? assigned.takenBy));
      return;
    }
    keepKeys(this.#keys);
    this.#done(action, key ? keys.changed(keyLabel(key), name) : keys.removed(name));
  }

  /**
   * @param {Action} action
   * @param {string} text
   */
  #done(action, text) {
    this.#drawRows();
    setText(this.said, text);
    /** @type {HTMLElement | null} */ (
      this.#rows.querySelector(`[data-action="${action}"] button`)
    )?.focus();
  }

  /** @param {string} text */
  #keep(text) {
    keepKeys(this.#keys);
    this.#drawRows();
    setText(this.said, text);
  }
}

/** @param {...string} names */
function head(...names) {
  const cells = names.map((name) => make("th", { scope: "col" }, name));
  return make("thead", {}, make("tr", {}, ...cells));
}

/**
 * @param {string} caption
 * @param {[key: string, action: string][]} rows
 */
function fixedTable(caption, rows) {
  const body = rows.map(([key, action]) =>
    make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, key)), make("td", {}, action)),
  );
  return make(
    "table",
    { class: "keys" },
    make("caption", {}, caption),
    head(strings.keys.key, strings.keys.action),
    make("tbody", {}, ...body),
  );
}
