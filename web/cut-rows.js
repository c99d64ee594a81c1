/** @file The passages that are cut, each with what can be done with it. */

import { shortened } from "./cut-choice.js";
import { place } from "./cuts.js";
import { make, reconcile } from "./dom.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./edited-time.js").Cut} Cut
 *
 * @typedef {object} Actions
 * @property {(cut: Cut) => void} across
 * @property {(cut: Cut) => void} playCut
 * @property {(cut: Cut) => void} bring
 */

const { cuts: texts } = strings;

/** @param {Cut} cut */
export function rangeOf({ start_s: start, end_s: end }) {
  return texts.range(place(start), place(end));
}

/**
 * @param {HTMLElement} list
 * @param {readonly Cut[]} cuts
 * @param {(cut: Cut) => string} said
 * @param {Actions} actions
 */
export function showCuts(list, cuts, said, actions) {
  reconcile(list, cuts, {
    key: ({ start_s: start, end_s: end }) => `${start} ${end}`,
    create: (cut) => row(cut, actions),
    update: (element, cut) => {
      const words = element.querySelector("bdi");
      if (words) words.textContent = shortened(said(cut));
    },
  });
}

/**
 * @param {Cut} cut
 * @param {Actions} actions
 */
function row(cut, actions) {
  const range = rangeOf(cut);
  const buttons = (/** @type {const} */ (["across", "playCut", "bring"])).map((name) => {
    const label = texts.names[name](range);
    const button = make("button", { type: "button", class: "button", "data-part": name, "aria-label": label }, texts[name]);
    button.addEventListener("click", () => actions[name](cut));
    return button;
  });
  return make("li", { class: "cut-row" }, make("p", {}, make("strong", {}, range), " ", make("bdi", {})), make("div", { class: "tool-line" }, ...buttons));
}
