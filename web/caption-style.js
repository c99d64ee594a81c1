/**
 * @file How one listener wants captions to look: the same fields and ranges that the server keeps.
 * Pure: it turns a style into CSS custom properties and says how well it can be read.
 */

import { AA, AAA, contrast, fainter, hexOf, legible, luminance, over, rgbOf } from "./contrast.js";
import { SPEAKER_COLOURS } from "./speaker-looks.js";

/**
 * @typedef {object} CaptionStyle
 * @property {string} font
 * @property {number} size_percent
 * @property {number} weight
 * @property {string} text_colour
 * @property {number} text_opacity
 * @property {string} background_colour
 * @property {number} background_opacity
 * @property {string} window_colour
 * @property {number} window_opacity
 * @property {string} edge
 * @property {string} case
 * @property {number} line_height
 * @property {number} letter_spacing_em
 * @property {number} word_spacing_em
 * @property {number} paragraph_spacing_em
 * @property {number} lines 0 fills the panel
 * @property {number} line_length_ch
 * @property {number} width_percent of what there is
 * @property {string} position where captions stand that do not fill the panel, down
 * @property {string} align and across
 * @property {string} track the language to read captions in where it is offered; "" as spoken
 * @property {string} pace how soon words that may still change are shown; the server sees to it
 * @property {string} speakers what marks a speaker beside their name
 * @property {string} doubts whether words are marked that the recogniser is unsure of
 */

/** @type {Readonly<CaptionStyle>} */
export const DEFAULT_STYLE = Object.freeze({
  font: "sans",
  size_percent: 100,
  weight: 400,
  text_colour: "#ffffff",
  text_opacity: 1,
  background_colour: "#000000",
  background_opacity: 0,
  window_colour: "#101418",
  window_opacity: 1,
  edge: "none",
  case: "mixed",
  line_height: 1.5,
  letter_spacing_em: 0,
  word_spacing_em: 0,
  paragraph_spacing_em: 0.5,
  lines: 0,
  line_length_ch: 60,
  width_percent: 100,
  position: "bottom",
  align: "start",
  track: "",
  pace: "balanced",
  speakers: "names",
  doubts: "off",
});

/** The least, the most and one step of each number. */
export const RANGES = Object.freeze(
  /** @type {const} */ ({
    size_percent: [50, 400, 10],
    text_opacity: [0.25, 1, 0.05],
    background_opacity: [0, 1, 0.05],
    window_opacity: [0, 1, 0.05],
    weight: [300, 900, 100],
    line_height: [1, 3, 0.1],
    letter_spacing_em: [0, 0.5, 0.01],
    word_spacing_em: [0, 1, 0.02],
    paragraph_spacing_em: [0, 4, 0.25],
    lines: [0, 12, 1],
    line_length_ch: [20, 100, 5],
    width_percent: [30, 100, 5],
  }),
);

/** Each typeface and the families that stand for it, best first. */
export const FONTS = Object.freeze({
  sans: 'system-ui, "Noto Sans", Arial, sans-serif',
  serif: 'Georgia, "Noto Serif", "Times New Roman", serif',
  "mono-sans": '"Cascadia Mono", Menlo, "DejaVu Sans Mono", monospace',
  "mono-serif": '"Courier New", "Liberation Mono", Courier, monospace',
  casual: '"Comic Neue", "Comic Sans MS", "Chalkboard SE", "Segoe Print", cursive',
  cursive: '"Snell Roundhand", "Segoe Script", "Z003", "Brush Script MT", cursive',
  "small-caps": 'system-ui, "Noto Sans", Arial, sans-serif',
  atkinson: '"Atkinson Hyperlegible", Verdana, sans-serif',
  opendyslexic: '"OpenDyslexic", "Comic Sans MS", sans-serif',
});

export const EDGES = Object.freeze(["none", "raised", "depressed", "uniform", "drop-shadow"]);
export const CASES = Object.freeze(["mixed", "upper"]);
export const POSITIONS = Object.freeze(["top", "middle", "bottom"]);
export const ALIGNS = Object.freeze(["start", "centre", "end"]);
export const SPEAKERS = Object.freeze(["names", "shapes", "shapes-colours"]);
export const DOUBTS = Object.freeze(["off", "marked"]);
export const PACES = Object.freeze(["fast", "balanced", "steady"]);

/**
 * What may be chosen where it is one of a few.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const CHOICES = Object.freeze({
  font: Object.keys(FONTS),
  edge: EDGES,
  case: CASES,
  position: POSITIONS,
  align: ALIGNS,
  pace: PACES,
  speakers: SPEAKERS,
  doubts: DOUBTS,
});
const COLOUR = /^#[0-9a-f]{6}$/;
const TRACK = /^([a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$/;
/** An interim keeps this much of the text's colour at least, and WCAG's contrast in any case. */
const INTERIM_SHARE = 0.62;
const INTERIM_CONTRAST = 4.6;

/**
 * Read a style from anywhere; what is missing or cannot be used is the default.
 * @param {unknown} values
 * @returns {CaptionStyle}
 */
export function parseStyle(values) {
  const given = /** @type {Record<string, unknown>} */ (
    values !== null && typeof values === "object" ? values : {}
  );
  const read = Object.entries(DEFAULT_STYLE).map(([name, standard]) => {
    const value = given[name];
    return [name, usable(name, value) ? value : standard];
  });
  return Object.fromEntries(read);
}

/**
 * Whether a field may have a value; no field that is unknown may.
 * @param {string} name
 * @param {unknown} value
 */
export function usable(name, value) {
  const range = /** @type {Record<string, readonly number[]>} */ (RANGES)[name];
  if (range) {
    const [least = 0, most = 0] = range;
    return typeof value === "number" && least <= value && value <= most;
  }
  if (typeof value !== "string" || !(name in DEFAULT_STYLE)) return false;
  if (name === "track") return TRACK.test(value);
  return CHOICES[name]?.includes(value) ?? COLOUR.test(value);
}

/**
 * How well finals and interims can be read on a page of this colour.
 * @param {CaptionStyle} style
 * @param {string} page `#rrggbb`
 */
export function legibility(style, page) {
  const { background, text, interim } = colours(style, page);
  const window = over(rgbOf(style.window_colour), rgbOf(page), style.window_opacity);
  return {
    final: contrast(text, background),
    interim: contrast(interim, background),
    window: hexOf(window),
    readable: contrast(text, background) >= AA,
  };
}

/**
 * @param {CaptionStyle} style
 * @param {string} page `#rrggbb`
 */
function colours(style, page) {
  const window = over(rgbOf(style.window_colour), rgbOf(page), style.window_opacity);
  const background = over(rgbOf(style.background_colour), window, style.background_opacity);
  const text = over(rgbOf(style.text_colour), background, style.text_opacity);
  const interim = fainter(text, background, INTERIM_CONTRAST, INTERIM_SHARE);
  return { window, background, text, interim };
}

/**
 * The custom properties that captions.css draws a style from.
 * @param {CaptionStyle} style
 * @param {string} page the colour behind the panel, `#rrggbb`
 * @returns {Record<string, string>}
 */
export function variables(style, page) {
  const { window, background, text, interim } = colours(style, page);
  const faint = fainter(text, window, AAA, INTERIM_SHARE);
  return {
    "--cap-font": FONTS[/** @type {keyof typeof FONTS} */ (style.font)],
    "--cap-variant": style.font === "small-caps" ? "small-caps" : "normal",
    "--cap-size": `${style.size_percent / 100}`,
    "--cap-weight": `${style.weight}`,
    "--cap-text": hexOf(text),
    "--cap-interim": hexOf(interim),
    "--cap-head": hexOf(contrast(text, window) >= AA ? text : contrastingWith(window)),
    "--cap-quiet": hexOf(contrast(faint, window) >= AA ? faint : contrastingWith(window)),
    "--cap-background": style.background_opacity > 0 ? hexOf(background) : "transparent",
    "--cap-window": hexOf(window),
    "--cap-edge": edgeShadow(style.edge, luminance(text) > 0.3),
    "--cap-case": style.case === "upper" ? "uppercase" : "none",
    "--cap-line-height": `${style.line_height}`,
    "--cap-letter-spacing": `${style.letter_spacing_em}em`,
    "--cap-word-spacing": `${style.word_spacing_em}em`,
    "--cap-paragraph-spacing": `${style.paragraph_spacing_em}em`,
    "--cap-lines": `${style.lines}`,
    "--cap-line-length": `${style.line_length_ch}ch`,
    "--cap-width": `${style.width_percent}%`,
    "--cap-align": { start: "flex-start", centre: "center", end: "flex-end" }[style.align] ?? "",
    "--cap-above": style.position === "top" ? "0" : "auto",
    "--cap-below": style.position === "bottom" ? "0" : "auto",
    ...speakerVariables(window, contrast(rgbOf(hexOf(text)), rgbOf(hexOf(window))) >= AAA ? AAA : AA),
  };
}

/**
 * The same over something that is not known, such as a video: opacities stay what they are, and what
 * is still being spoken is not made fainter.
 * @param {CaptionStyle} style
 * @returns {Record<string, string>}
 */
export function variablesOverVideo(style) {
  const seenThrough = (/** @type {string} */ colour, /** @type {number} */ opacity) =>
    `rgb(${rgbOf(colour).join(" ")} / ${opacity})`;
  const text = seenThrough(style.text_colour, style.text_opacity);
  return {
    ...variables(style, "#000000"),
    "--cap-text": text,
    "--cap-interim": text,
    "--cap-head": text,
    "--cap-quiet": text,
    "--cap-background": seenThrough(style.background_colour, style.background_opacity),
    "--cap-window": seenThrough(style.window_colour, style.window_opacity),
    "--cap-edge": edgeShadow(style.edge, luminance(rgbOf(style.text_colour)) > 0.3),
    // No colour is sure to be seen over it, but the text's own has what the listener gave it.
    ...Object.fromEntries(SPEAKER_COLOURS.map((_, i) => [`--speaker-${i}`, text])),
  };
}

/**
 * The custom properties of speakers' colours on a background.
 * @param {import("./contrast.js").Rgb} background
 * @param {number} atLeast the contrast that they are to have, where there is such a colour
 * @returns {Record<string, string>}
 */
export function speakerVariables(background, atLeast) {
  const seen = rgbOf(hexOf(background));
  const colours = SPEAKER_COLOURS.map((colour) => legible(rgbOf(colour), seen, atLeast));
  return Object.fromEntries(colours.map((colour, i) => [`--speaker-${i}`, hexOf(colour)]));
}

/**
 * What to change so that captions can be read: their text becomes black or white, and solid.
 * @param {CaptionStyle} style
 * @param {string} page `#rrggbb`
 * @returns {Partial<CaptionStyle>}
 */
export function readable(style, page) {
  const { background } = colours(style, page);
  return { text_colour: hexOf(contrastingWith(background)), text_opacity: 1 };
}

/** @param {import("./contrast.js").Rgb} background */
function contrastingWith(background) {
  return /** @type {import("./contrast.js").Rgb} */ (
    luminance(background) > 0.179 ? [0, 0, 0] : [255, 255, 255]
  );
}

/**
 * FCC 79.103's edges as shadows.
 * @param {string} edge
 * @param {boolean} lightText
 */
function edgeShadow(edge, lightText) {
  const [near, far] = lightText ? ["#000", "#555"] : ["#fff", "#bbb"];
  switch (edge) {
    case "raised":
      return `1px 1px ${near}, 2px 2px ${far}`;
    case "depressed":
      return `-1px -1px ${near}, 1px 1px ${far}`;
    case "uniform":
      return `0 0 2px ${near}, 0 0 2px ${near}, 0 0 3px ${near}, 0 0 4px ${near}`;
    case "drop-shadow":
      return `2px 2px 3px ${near}, 3px 3px 5px ${near}`;
    default:
      return "none";
  }
}
