/** @file Ready-made looks, all with 7 to 1 for what was said and 4.5 to 1 for what is being said. Pure. */

import { DEFAULT_STYLE } from "./caption-style.js";

/** @typedef {import("./caption-style.js").CaptionStyle} CaptionStyle */

/** What a look decides; the rest, such as size and place, stays as the listener has it. */
export const LOOK = Object.freeze(
  /** @type {const} */ ([
    "font",
    "weight",
    "case",
    "edge",
    "text_colour",
    "text_opacity",
    "background_colour",
    "background_opacity",
    "window_colour",
    "window_opacity",
    "line_height",
    "letter_spacing_em",
    "word_spacing_em",
    "paragraph_spacing_em",
  ]),
);

/**
 * Each look by what it has that the usual look has not. The one for dyslexic readers has the spacing
 * of WCAG 1.4.12 between letters, words and paragraphs.
 * @type {Readonly<Record<string, Partial<CaptionStyle>>>}
 */
export const PRESETS = Object.freeze({
  usual: {},
  "white-on-black": { text_colour: "#ffffff", window_colour: "#000000" },
  "black-on-white": { text_colour: "#000000", window_colour: "#ffffff" },
  "yellow-on-black": { text_colour: "#ffff00", window_colour: "#000000" },
  "high-contrast": {
    text_colour: "#ffffff",
    background_colour: "#000000",
    background_opacity: 1,
    window_colour: "#000000",
    weight: 700,
    line_height: 1.6,
  },
  dyslexia: {
    font: "opendyslexic",
    text_colour: "#1f1f1f",
    window_colour: "#fbf3dc",
    line_height: 1.8,
    letter_spacing_em: 0.12,
    word_spacing_em: 0.16,
    paragraph_spacing_em: 2,
  },
});

/**
 * Everything that a look changes in a style.
 * @param {string} name
 * @returns {Partial<CaptionStyle>}
 */
export function presetChanges(name) {
  const usual = Object.fromEntries(LOOK.map((field) => [field, DEFAULT_STYLE[field]]));
  return { ...usual, ...PRESETS[name] };
}

/**
 * The look that a style has.
 * @param {CaptionStyle} style
 * @returns {string} "" when it is the listener's own
 */
export function presetOf(style) {
  const has = (/** @type {string} */ name) => {
    const wanted = presetChanges(name);
    return LOOK.every((field) => style[field] === wanted[field]);
  };
  return Object.keys(PRESETS).find(has) ?? "";
}
