/** @file A caption style in an address, for a second screen or a video mixer. Pure. */

import { PRESETS, presetChanges } from "./caption-presets.js";
import { DEFAULT_STYLE, RANGES, parseStyle, usable } from "./caption-style.js";
import { possible } from "./style-file.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./caption-style.js").CaptionStyle} CaptionStyle
 *
 * @typedef {object} Screen
 * @property {Partial<CaptionStyle> | null} style what the address says; null when it says nothing
 * @property {boolean} transparent whether what is behind the page shows through
 * @property {boolean} names whether speakers are named
 * @property {boolean} marked whether a mark stands there while the room is off the record
 * @property {boolean} speaking whether it says who speaks now; over a video only when asked for
 * @property {string[]} problems what could not be used, in words
 */

/**
 * Read an address's query. What cannot be used is left out and told.
 * @param {URLSearchParams} query
 * @returns {Screen}
 */
export function readQuery(query) {
  /** @type {Screen} */
  const screen = { style: null, transparent: false, names: true, marked: true, speaking: true, problems: [] };
  const { address } = strings.style;
  const preset = query.get("preset");
  if (preset !== null) {
    if (Object.hasOwn(PRESETS, preset)) screen.style = presetChanges(preset);
    else screen.problems.push(address.bad("preset", Object.keys(PRESETS).join(", ")));
  }
  for (const [name, text] of query) {
    if (name === "page") {
      screen.transparent = text === "transparent";
      if (!screen.transparent && text !== "solid") screen.problems.push(address.bad(name, "solid, transparent"));
    } else if (name === "names") {
      screen.names = text !== "off";
      if (screen.names && text !== "on") screen.problems.push(address.bad(name, "on, off"));
    } else if (name === "off_record") {
      screen.marked = text !== "off";
      if (screen.marked && text !== "on") screen.problems.push(address.bad(name, "on, off"));
    } else if (name === "speaking") {
      if (text !== "on" && text !== "off") screen.problems.push(address.bad(name, "on, off"));
    } else if (name !== "preset") readField(screen, name, text);
  }
  const usual = screen.transparent || !screen.names ? "off" : "on";
  screen.speaking = (query.get("speaking") ?? usual) === "on";
  return screen;
}

/**
 * @param {Screen} screen
 * @param {string} name
 * @param {string} text
 */
function readField(screen, name, text) {
  const { address } = strings.style;
  const value = name in RANGES && text.trim() ? Number(text) : name.endsWith("_colour") ? colour(text) : text;
  if (!Object.hasOwn(DEFAULT_STYLE, name)) screen.problems.push(address.unknown(name.slice(0, 40)));
  else if (!usable(name, value)) screen.problems.push(address.bad(name, possible(name)));
  else screen.style = { ...screen.style, [name]: value };
}

/**
 * A `#` ends an address's query, so colours may be written without it.
 * @param {string} text
 */
function colour(text) {
  return `#${text.replace(/^#/, "").toLowerCase()}`;
}

/**
 * The query that gives a style: what differs from the usual.
 * @param {CaptionStyle} style
 * @returns {URLSearchParams}
 */
export function queryFor(style) {
  const query = new URLSearchParams();
  const whole = parseStyle(style);
  for (const [name, value] of Object.entries(whole)) {
    if (value === DEFAULT_STYLE[/** @type {keyof CaptionStyle} */ (name)]) continue;
    query.set(name, String(value).replace(/^#/, ""));
  }
  return query;
}
