/** @file The settings of a caption style as form fields, each with a button that resets it. */

import { CHOICES, DEFAULT_STYLE, FONTS, PACES, RANGES } from "./caption-style.js";
import { make, setText } from "./dom.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./caption-style.js").CaptionStyle} CaptionStyle
 * @typedef {import("./style-keeper.js").StyleKeeper} StyleKeeper
 * @typedef {keyof typeof RANGES} NumberField
 * @typedef {"text_colour" | "background_colour" | "window_colour"} ColourField
 * @typedef {"font" | "edge" | "case" | "position" | "align" | "speakers" | "doubts"} ChoiceField
 * @typedef {{row: HTMLElement, show: (style: CaptionStyle) => void}} Field
 */

const share = (/** @type {number} */ value) => strings.style.percent(value * 100);
/** @type {Record<NumberField, (value: number) => string>} */
const UNITS = {
  size_percent: strings.style.percent,
  text_opacity: share,
  background_opacity: share,
  window_opacity: share,
  weight: String,
  line_height: (value) => String(Number(value.toFixed(1))),
  letter_spacing_em: strings.style.em,
  word_spacing_em: strings.style.em,
  paragraph_spacing_em: strings.style.em,
  lines: strings.style.lines,
  line_length_ch: strings.style.characters,
  width_percent: strings.style.percent,
};
/**
 * Typefaces that are files of this server, unless it was set up without them.
 * @type {Record<string, string>}
 */
const FILES = { atkinson: "Atkinson Hyperlegible", opendyslexic: "OpenDyslexic" };
/** The eight colours of FCC 79.103, offered first wherever a colour is chosen. */
const SWATCHES = ["#ffffff", "#000000", "#ff0000", "#00ff00", "#0000ff", "#ffff00", "#ff00ff", "#00ffff"];
const SWATCHES_ID = "style-swatches";

/**
 * Build all fields in their groups.
 * @param {StyleKeeper} keeper
 * @returns {{all: Field[], groups: HTMLElement[]}}
 */
export function makeFields(keeper) {
  const number = (/** @type {NumberField} */ name) => numberField(name, keeper);
  const colour = (/** @type {ColourField} */ name) => colourField(name, keeper);
  const choice = (/** @type {ChoiceField} */ name) => choiceField(name, keeper);
  const { groups, marksHint, placeHint } = strings.style;
  /** @type {[string, Field[], string][]} */
  const parts = [
    [
      groups.text,
      [number("size_percent"), fontField(keeper), number("weight"), choice("case"), choice("edge")],
      "",
    ],
    [groups.pace, PACES.map((value) => paceField(value, keeper)), ""],
    [
      groups.colours,
      [
        colour("text_colour"),
        number("text_opacity"),
        colour("background_colour"),
        number("background_opacity"),
        colour("window_colour"),
        number("window_opacity"),
      ],
      "",
    ],
    [
      groups.spacing,
      [
        number("line_height"),
        number("letter_spacing_em"),
        number("word_spacing_em"),
        number("paragraph_spacing_em"),
      ],
      "",
    ],
    [groups.marks, [choice("speakers"), choice("doubts")], marksHint],
    [
      groups.panel,
      [
        number("lines"),
        number("line_length_ch"),
        number("width_percent"),
        choice("align"),
        choice("position"),
      ],
      placeHint,
    ],
  ];
  const swatches = SWATCHES.map((value) => make("option", { value }));
  return {
    all: parts.flatMap(([, fields]) => fields),
    groups: [
      make("datalist", { id: SWATCHES_ID }, ...swatches),
      ...parts.map(([legend, fields, hint]) => group(legend, fields, hint)),
    ],
  };
}

/**
 * @param {string} legend
 * @param {Field[]} fields
 * @param {string} hint
 */
function group(legend, fields, hint) {
  const rows = fields.map((field) => field.row);
  const below = hint ? make("p", { class: "hint" }, hint) : null;
  return make("fieldset", {}, make("legend", {}, legend), ...rows, below);
}

/**
 * @param {NumberField} name
 * @param {StyleKeeper} keeper
 * @returns {Field}
 */
function numberField(name, keeper) {
  const [min, max, step] = RANGES[name];
  const id = `style-${name}`;
  const input = make("input", { id, type: "range", min, max, step });
  const output = make("output", { for: id, "aria-live": "off" }); // the input says it already
  input.addEventListener("input", () => keeper.change({ [name]: Number(input.value) }));
  return resettable(name, keeper, [input, output], (style) => {
    const value = style[name];
    if (Number(input.value) !== value) input.value = String(value);
    input.setAttribute("aria-valuetext", UNITS[name](value));
    setText(output, UNITS[name](value));
  });
}

/**
 * @param {ColourField} name
 * @param {StyleKeeper} keeper
 * @returns {Field}
 */
function colourField(name, keeper) {
  const id = `style-${name}`;
  const input = make("input", { id, type: "color", list: SWATCHES_ID });
  const output = make("output", { for: id, "aria-live": "off" });
  input.addEventListener("input", () => keeper.change({ [name]: input.value }));
  return resettable(name, keeper, [input, output], (style) => {
    input.value = style[name];
    setText(output, style[name]);
  });
}

/**
 * @param {ChoiceField} name
 * @param {StyleKeeper} keeper
 * @returns {Field}
 */
function choiceField(name, keeper) {
  const id = `style-${name}`;
  const options = (CHOICES[name] ?? []).map((value) =>
    make("option", { value, style: optionStyle(name, value) }, strings.style.choices[value] ?? value),
  );
  const select = make("select", { id, class: "wide" }, ...options);
  select.addEventListener("change", () => keeper.change({ [name]: select.value }));
  return resettable(name, keeper, [select], (style) => void (select.value = style[name]));
}

/**
 * The typeface, and a word when another one has to stand for it.
 * @param {StyleKeeper} keeper
 * @returns {Field}
 */
function fontField(keeper) {
  const { row, show } = choiceField("font", keeper);
  const missing = make("p", { class: "hint wide", role: "status" });
  row.append(missing);
  let chosen = "";
  return {
    row,
    show(style) {
      show(style);
      if (style.font === chosen) return;
      chosen = style.font;
      void canBeShown(style.font).then((can) => {
        if (style.font === chosen) setText(missing, can ? "" : strings.style.missingFont);
      });
    },
  };
}

/** @param {string} font */
async function canBeShown(font) {
  const family = FILES[font];
  if (!family) return true;
  try {
    return (await document.fonts.load(`1em "${family}"`)).length > 0;
  } catch {
    return false;
  }
}

/**
 * Typefaces are offered in their own letters.
 * @param {ChoiceField} name
 * @param {string} value
 */
function optionStyle(name, value) {
  return name === "font" ? `font-family: ${FONTS[/** @type {keyof typeof FONTS} */ (value)]}` : null;
}

/**
 * One of the three ways in which words may appear.
 * @param {string} value
 * @param {StyleKeeper} keeper
 * @returns {Field}
 */
function paceField(value, keeper) {
  const id = `style-pace-${value}`;
  const input = make("input", { id, type: "radio", name: "style-pace", value });
  input.addEventListener("change", () => keeper.change({ pace: value }));
  const label = make("label", { for: id }, strings.style.paces[value] ?? value);
  return {
    row: make("div", { class: "option" }, input, label),
    show: (style) => void (input.checked = style.pace === value),
  };
}

/**
 * A row with its label, and a button that is there while the setting is not the usual one.
 * @param {NumberField | ColourField | ChoiceField} name
 * @param {StyleKeeper} keeper
 * @param {HTMLElement[]} parts the control first
 * @param {Field["show"]} show
 * @returns {Field}
 */
function resettable(name, keeper, parts, show) {
  const label = strings.style.fields[name] ?? name;
  const control = /** @type {HTMLElement} */ (parts[0]);
  const title = strings.style.resetOne(label);
  const reset = make("button", { type: "button", class: "button undo-one", title, "aria-label": title }, "↺");
  reset.addEventListener("click", () => {
    keeper.reset(name);
    control.focus();
  });
  return {
    row: make("div", { class: "field" }, make("label", { for: control.id }, label), ...parts, reset),
    show(style) {
      show(style);
      reset.classList.toggle("invisible", style[name] === DEFAULT_STYLE[name]);
    },
  };
}
