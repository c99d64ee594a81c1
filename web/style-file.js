/** @file A caption style as a file, to keep or to take to another place. Pure. */

import { CHOICES, DEFAULT_STYLE, RANGES, usable } from "./caption-style.js";
import { strings } from "./strings.js";

/** @typedef {import("./caption-style.js").CaptionStyle} CaptionStyle */

const FORMAT = "roomscribe-caption-style";
const VERSION = 1;
export const FILE_NAME = "caption-settings.json";
/** Far above any real file. */
export const MOST_BYTES = 16 * 1024;

/** A file that cannot be used; its message can be shown to people. */
export class StyleFileError extends Error {}

/**
 * @param {CaptionStyle} style
 * @returns {string}
 */
export function writeStyle(style) {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, style }, null, 2)}\n`;
}

/**
 * Read a file's text; what it leaves out is the default.
 * @param {string} text
 * @returns {CaptionStyle}
 * @throws {StyleFileError} when anything in it cannot be used
 */
export function readStyle(text) {
  const { file } = strings.style;
  const read = parse(text);
  if (read?.format !== FORMAT) throw new StyleFileError(file.notOurs);
  if (read.version !== VERSION) throw new StyleFileError(file.newer);
  const style = /** @type {unknown} */ (read.style);
  if (style === null || typeof style !== "object" || Array.isArray(style)) {
    throw new StyleFileError(file.notOurs);
  }
  for (const [name, value] of Object.entries(style)) {
    if (!Object.hasOwn(DEFAULT_STYLE, name)) throw new StyleFileError(file.unknown(name.slice(0, 40)));
    if (!usable(name, value)) throw new StyleFileError(file.bad(labelOf(name), possible(name)));
  }
  return { ...DEFAULT_STYLE, ...style };
}

/**
 * What a field may be, in words.
 * @param {string} name
 */
export function possible(name) {
  const { file } = strings.style;
  const range = /** @type {Record<string, readonly number[]>} */ (RANGES)[name];
  if (range) return file.number(range[0] ?? 0, range[1] ?? 0);
  const choices = CHOICES[name];
  if (choices) return file.choice(choices.join(", "));
  return name === "track" ? file.language : file.colour;
}

/** @param {string} name */
function labelOf(name) {
  return strings.style.fields[name] ?? name;
}

/**
 * @param {string} text
 * @returns {Record<string, unknown> | null}
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new StyleFileError(strings.style.file.notOurs);
  }
}
