/** @file The dialog in which a listener sets how captions look, with a live preview. */

import { AA, AAA } from "./contrast.js";
import { CASES, EDGES, FONTS, PACES, RANGES, legibility } from "./caption-style.js";
import { make, setText } from "./dom.js";
import { strings } from "./strings.js";
import { dress, pageColour } from "./style-keeper.js";

/**
 * @typedef {import("./caption-style.js").CaptionStyle} CaptionStyle
 * @typedef {import("./style-keeper.js").StyleKeeper} StyleKeeper
 * @typedef {keyof typeof RANGES} NumberField
 * @typedef {"text_colour" | "background_colour" | "window_colour"} ColourField
 * @typedef {"font" | "edge" | "case"} ChoiceField
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
};

/**
 * Build the dialog at the end of the page.
 * @param {StyleKeeper} keeper
 * @returns {() => void} opens it
 */
export function styleDialog(keeper) {
  const preview = makePreview();
  const verdict = make("p", { class: "verdict", role: "status" });
  const fields = makeFields(keeper);
  const reset = make("button", { type: "button", class: "button" }, strings.style.reset);
  const close = make("button", { type: "button", class: "button primary" }, strings.close);
  const dialog = make(
    "dialog",
    { class: "dialog side", "aria-labelledby": "style-title" },
    make("h2", { id: "style-title" }, strings.style.title),
    make("div", { class: "preview-box" }, preview, verdict),
    ...fields.groups,
    make("div", { class: "dialog-actions" }, reset, close),
  );
  document.body.append(dialog);
  reset.addEventListener("click", () => keeper.reset());
  close.addEventListener("click", () => dialog.close());
  keeper.onChange(() => {
    dress(preview, keeper.style);
    setText(verdict, verdictOn(keeper.style));
    for (const field of fields.all) field.show(keeper.style);
  });
  return () => dialog.showModal();
}

function makePreview() {
  return make(
    "div",
    { class: "captions preview", role: "group", "aria-label": strings.style.preview },
    make("p", { class: "turn-head" }, make("span", { class: "speaker" }, strings.style.previewSpeaker)),
    make(
      "p",
      { class: "turn-text" },
      make("span", { class: "caption" }, `${strings.style.previewFinal} `),
      make("span", { class: "caption interim" }, strings.style.previewInterim),
    ),
  );
}

/** @param {CaptionStyle} style */
function verdictOn(style) {
  const { final, interim } = legibility(style, pageColour());
  const figures = strings.style.contrast(final.toFixed(1), interim.toFixed(1));
  const { lowContrast, fairContrast, goodContrast } = strings.style;
  return `${figures} ${final < AA ? lowContrast : final < AAA ? fairContrast : goodContrast}`;
}

/** @param {StyleKeeper} keeper */
function makeFields(keeper) {
  const number = (/** @type {NumberField} */ name) => numberField(name, keeper);
  const colour = (/** @type {ColourField} */ name) => colourField(name, keeper);
  const choice = (/** @type {ChoiceField} */ name, /** @type {readonly string[]} */ values) =>
    choiceField(name, values, keeper);
  const { text, pace, colours, spacing, panel } = strings.style.groups;
  /** @type {[string, Field[]][]} */
  const groups = [
    [
      text,
      [
        number("size_percent"),
        choice("font", Object.keys(FONTS)),
        number("weight"),
        choice("case", CASES),
        choice("edge", EDGES),
      ],
    ],
    [pace, PACES.map((value) => paceField(value, keeper))],
    [
      colours,
      [
        colour("text_colour"),
        number("text_opacity"),
        colour("background_colour"),
        number("background_opacity"),
        colour("window_colour"),
        number("window_opacity"),
      ],
    ],
    [
      spacing,
      [
        number("line_height"),
        number("letter_spacing_em"),
        number("word_spacing_em"),
        number("paragraph_spacing_em"),
      ],
    ],
    [panel, [number("lines"), number("line_length_ch")]],
  ];
  return {
    all: groups.flatMap(([, fields]) => fields),
    groups: groups.map(([legend, fields]) =>
      make("fieldset", {}, make("legend", {}, legend), ...fields.map((field) => field.row)),
    ),
  };
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
  const output = make("output", { for: id });
  input.addEventListener("input", () => keeper.change({ [name]: Number(input.value) }));
  return {
    row: make("div", { class: "field" }, labelFor(id, name), input, output),
    show(style) {
      const value = style[name];
      if (Number(input.value) !== value) input.value = String(value);
      input.setAttribute("aria-valuetext", UNITS[name](value));
      setText(output, UNITS[name](value));
    },
  };
}

/**
 * @param {ColourField} name
 * @param {StyleKeeper} keeper
 * @returns {Field}
 */
function colourField(name, keeper) {
  const id = `style-${name}`;
  const input = make("input", { id, type: "color" });
  const output = make("output", { for: id });
  input.addEventListener("input", () => keeper.change({ [name]: input.value }));
  return {
    row: make("div", { class: "field" }, labelFor(id, name), input, output),
    show(style) {
      input.value = style[name];
      setText(output, style[name]);
    },
  };
}

/**
 * @param {ChoiceField} name
 * @param {readonly string[]} values
 * @param {StyleKeeper} keeper
 * @returns {Field}
 */
function choiceField(name, values, keeper) {
  const id = `style-${name}`;
  const options = values.map((value) =>
    make("option", { value }, strings.style.choices[value] ?? value),
  );
  const select = make("select", { id }, ...options);
  select.addEventListener("change", () => keeper.change({ [name]: select.value }));
  return {
    row: make("div", { class: "field" }, labelFor(id, name), select),
    show: (style) => void (select.value = style[name]),
  };
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
 * @param {string} id
 * @param {string} name
 */
function labelFor(id, name) {
  return make("label", { for: id }, strings.style.fields[name] ?? name);
}
