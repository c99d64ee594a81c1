/** @file Keeps the caption style: in this browser always, on the server for who is signed in. */

import { DEFAULT_STYLE, parseStyle, variables } from "./caption-style.js";
import { api, token } from "./http.js";
import { StyleHistory } from "./style-history.js";

/** @typedef {import("./caption-style.js").CaptionStyle} CaptionStyle */

const KEY = "roomscribe.caption-style";
/** Who made choices that no account has yet: "guest" or "account". */
const UNSAVED_KEY = "roomscribe.caption-style.unsaved";
const HISTORY_KEY = "roomscribe.caption-style.steps";
const SAVE_AFTER_MS = 400;

/** One style for every page of this browser, and of the signed-in listener's other devices. */
export class StyleKeeper {
  style = read();
  #history = new StyleHistory(readHistory());
  /** @type {(() => void)[]} */
  #listeners = [];
  #timer = 0;
  #uploads = 0;
  /** Told when the server did not take the style. */
  onUnsaved = () => {};
  /** Told when an account's style took the place of what a guest had chosen here. */
  onReplaced = () => {};

  constructor() {
    addEventListener("storage", (event) => {
      if (event.key === KEY) this.#use(read());
    });
    addEventListener("online", () => void this.fetch());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.fetch();
    });
    const theme = matchMedia("(prefers-color-scheme: dark)");
    theme.addEventListener("change", () => this.#use(this.style));
  }

  get canUndo() {
    return this.#history.canUndo;
  }

  get canRedo() {
    return this.#history.canRedo;
  }

  /** @param {() => void} listener called after every change, and now */
  onChange(listener) {
    this.#listeners.push(listener);
    listener();
  }

  /** @param {Partial<CaptionStyle>} changes */
  change(changes) {
    this.#history.changed(this.style, changes, performance.now());
    this.#set(changes);
  }

  undo() {
    this.#set(this.#history.undo());
  }

  redo() {
    this.#set(this.#history.redo());
  }

  /**
   * Give captions, or one setting, their first looks back; the language that they are read in stays.
   * @param {keyof CaptionStyle} [name]
   */
  reset(name) {
    if (name) this.change({ [name]: DEFAULT_STYLE[name] });
    else this.change({ ...DEFAULT_STYLE, track: this.style.track });
  }

  /**
   * Take the style that the server keeps for who is signed in. What was chosen here and is not there
   * yet goes there; only where both a guest and the account have made choices the account's count,
   * and the guest's can be had back by undoing.
   * @param {unknown} values
   */
  fromServer(values) {
    if (!token() || this.#timer || this.#uploads) return;
    const theirs = parseStyle(values);
    const unsaved = localStorage.getItem(UNSAVED_KEY);
    if (same(theirs, this.style)) {
      localStorage.removeItem(UNSAVED_KEY);
    } else if (unsaved === "account" || (unsaved === "guest" && same(theirs, DEFAULT_STYLE))) {
      void this.#upload();
    } else {
      if (unsaved) this.#history.changed(this.style, theirs, performance.now());
      localStorage.removeItem(UNSAVED_KEY);
      this.#keep(theirs);
      if (unsaved) this.onReplaced();
    }
  }

  /** Ask the server for the style of who is signed in; without anybody the style is this browser's. */
  async fetch() {
    if (!token()) {
      if (!same(this.style, DEFAULT_STYLE)) localStorage.setItem(UNSAVED_KEY, "guest");
      return;
    }
    const answer = await api("GET", "/me/caption-style").catch(() => null);
    if (answer) this.fromServer(answer.style ?? answer);
  }

  /** @param {Partial<CaptionStyle>} changes */
  #set(changes) {
    localStorage.setItem(UNSAVED_KEY, token() ? "account" : "guest");
    this.#keep({ ...this.style, ...changes });
    clearTimeout(this.#timer);
    // A guest's choice must not reach an account by being late: `fromServer` decides about it.
    this.#timer = token() ? Number(setTimeout(() => void this.#upload(), SAVE_AFTER_MS)) : 0;
  }

  /** @param {CaptionStyle} style */
  #keep(style) {
    localStorage.setItem(KEY, JSON.stringify(style));
    sessionStorage.setItem(HISTORY_KEY, JSON.stringify(this.#history.past));
    this.#use(style);
  }

  /** @param {CaptionStyle} style */
  #use(style) {
    this.style = style;
    for (const listener of this.#listeners) listener();
  }

  async #upload() {
    this.#timer = 0;
    if (!token()) return;
    this.#uploads += 1;
    const sent = this.style;
    try {
      await api("PUT", "/me/caption-style", sent);
      if (same(sent, this.style)) localStorage.removeItem(UNSAVED_KEY);
    } catch {
      this.onUnsaved();
    } finally {
      this.#uploads -= 1;
    }
  }
}

/**
 * Dress an element in a style.
 * @param {HTMLElement} element
 * @param {CaptionStyle} style
 * @param {Record<string, string>} [drawn] how, when not as on this page's background
 */
export function dress(element, style, drawn = variables(style, pageColour())) {
  for (const [name, value] of Object.entries(drawn)) element.style.setProperty(name, value);
  element.classList.toggle("few-lines", style.lines > 0);
  element.dataset.doubts = style.doubts;
}

/** @returns {string} the page's own background, `#rrggbb` */
export function pageColour() {
  const value = getComputedStyle(document.documentElement).getPropertyValue("--page").trim();
  return /^#[0-9a-f]{6}$/i.test(value) ? value : "#ffffff";
}

function read() {
  try {
    return parseStyle(JSON.parse(localStorage.getItem(KEY) ?? "{}"));
  } catch {
    return parseStyle({});
  }
}

/** @returns {import("./style-history.js").Step[]} */
function readHistory() {
  try {
    return JSON.parse(sessionStorage.getItem(HISTORY_KEY) ?? "[]");
  } catch {
    return [];
  }
}

/**
 * @param {CaptionStyle} one
 * @param {CaptionStyle} other
 */
function same(one, other) {
  const names = /** @type {(keyof CaptionStyle)[]} */ (Object.keys(DEFAULT_STYLE));
  return names.every((name) => one[name] === other[name]);
}
