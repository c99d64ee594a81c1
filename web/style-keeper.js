/** @file Keeps the caption style: in this browser always, on the server for who is signed in. */

import { DEFAULT_STYLE, parseStyle, variables } from "./caption-style.js";
import { api, token } from "./http.js";

/** @typedef {import("./caption-style.js").CaptionStyle} CaptionStyle */

const KEY = "roomscribe.caption-style";
const SAVE_AFTER_MS = 400;

/** One style for every page of this browser. */
export class StyleKeeper {
  style = read();
  /** @type {(() => void)[]} */
  #listeners = [];
  #timer = 0;
  /** Told when the server did not take the style. */
  onUnsaved = () => {};

  constructor() {
    addEventListener("storage", (event) => {
      if (event.key === KEY) this.#use(read());
    });
    const theme = matchMedia("(prefers-color-scheme: dark)");
    theme.addEventListener("change", () => this.#use(this.style));
  }

  /** @param {() => void} listener called after every change, and now */
  onChange(listener) {
    this.#listeners.push(listener);
    listener();
  }

  /** @param {Partial<CaptionStyle>} changes */
  change(changes) {
    this.#keep({ ...this.style, ...changes });
    clearTimeout(this.#timer);
    this.#timer = Number(setTimeout(() => void this.#upload(), SAVE_AFTER_MS));
  }

  /** Give captions their first looks back; the language that they are read in stays. */
  reset() {
    this.change({ ...DEFAULT_STYLE, track: this.style.track });
  }

  /**
   * Take the style that the server keeps; one that was never set there gives way to this browser's.
   * @param {unknown} values
   */
  fromServer(values) {
    const theirs = parseStyle(values);
    if (!same(theirs, DEFAULT_STYLE)) this.#keep(theirs);
    else if (token() && !same(this.style, DEFAULT_STYLE)) void this.#upload();
  }

  /** Ask the server for the style of who is signed in. */
  async fetch() {
    if (!token()) return;
    const answer = await api("GET", "/me/caption-style").catch(() => null);
    if (answer) this.fromServer(answer.style ?? answer);
  }

  /** @param {CaptionStyle} style */
  #keep(style) {
    localStorage.setItem(KEY, JSON.stringify(style));
    this.#use(style);
  }

  /** @param {CaptionStyle} style */
  #use(style) {
    this.style = style;
    for (const listener of this.#listeners) listener();
  }

  async #upload() {
    if (!token()) return;
    await api("PUT", "/me/caption-style", this.style).catch(() => this.onUnsaved());
  }
}

/**
 * Dress an element in a style.
 * @param {HTMLElement} element
 * @param {CaptionStyle} style
 */
export function dress(element, style) {
  const properties = Object.entries(variables(style, pageColour()));
  for (const [name, value] of properties) element.style.setProperty(name, value);
  element.classList.toggle("few-lines", style.lines > 0);
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

/**
 * @param {CaptionStyle} one
 * @param {CaptionStyle} other
 */
function same(one, other) {
  const names = /** @type {(keyof CaptionStyle)[]} */ (Object.keys(DEFAULT_STYLE));
  return names.every((name) => one[name] === other[name]);
}
