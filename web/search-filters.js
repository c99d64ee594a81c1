/** @file Filters as fields beside the query, and those in use as chips that can be taken away. */

import { languageName } from "./caption-track.js";
import { byId, make, reconcile, setText } from "./dom.js";
import { languageOptions } from "./languages.js";
import { FILTERS, activeFilters } from "./search-address.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./search-address.js").Wanted} Wanted
 * @typedef {import("./search-address.js").Filter} Filter
 */

/** @type {Readonly<Partial<Record<Filter, string>>>} */
const TYPES = Object.freeze({ from: "date", to: "date" });
/** While a year is typed it is one of the first thousand. */
const UNFINISHED = /^0/;

/**
 * @typedef {object} FilterParts
 * @property {(changes: Partial<Wanted>, typing: boolean) => void} onChange
 * @property {() => void} onLeave a field is as it is meant
 */

/** The fields and the chips. */
export class SearchFilters {
  #parts;
  #chips = byId("active");
  /** @type {Map<Filter, HTMLInputElement | HTMLSelectElement>} */
  #fields = new Map();
  /** @type {Map<string, string>} the titles of rooms that are asked for by their ids */
  #titles = new Map();

  /** @param {FilterParts} parts */
  constructor(parts) {
    this.#parts = parts;
    byId("filter-fields").append(...FILTERS.map((name) => this.#field(name)));
  }

  /** @param {readonly import("./search-types.js").FoundRoom[]} rooms that were found */
  learn(rooms) {
    for (const { room } of rooms) this.#titles.set(room.id, room.title);
  }

  /**
   * Put into the fields what is asked for.
   * @param {Wanted} wanted
   */
  fill(wanted) {
    for (const [name, field] of this.#fields) if (field.value !== wanted[name]) this.#fill(field, wanted[name]);
  }

  /**
   * Show which are in use; the fields are their reader's.
   * @param {Wanted} wanted
   */
  show(wanted) {
    const active = activeFilters(wanted);
    this.#chips.hidden = active.length === 0;
    /** @type {(Filter | "all")[]} */
    const shown = active.length > 1 ? [...active, "all"] : active;
    reconcile(this.#chips, shown, {
      key: (name) => (name === "all" ? name : `${name} ${wanted[name]}`),
      create: (name) => this.#chip(name),
      update: (chip, name) => name === "all" || this.#name(chip, name, this.#valueOf(name, wanted)),
    });
  }

  /**
   * A language may be asked for that is not offered.
   * @param {HTMLInputElement | HTMLSelectElement} field
   * @param {string} value
   */
  #fill(field, value) {
    field.value = value;
    if (!(field instanceof HTMLSelectElement) || field.value === value) return;
    field.append(make("option", { value }, languageName(value) || value));
    field.value = value;
  }

  /** @param {Filter} name */
  #field(name) {
    const { filters } = strings.finding;
    const id = `filter-${name}`;
    const field = name === "lang" ? languageField(id) : make("input", { id, name, type: TYPES[name] ?? "text", autocomplete: "off", dir: TYPES[name] ? null : "auto" });
    field.addEventListener("input", () => {
      if (!UNFINISHED.test(field.value) || !TYPES[name]) this.#parts.onChange({ [name]: field.value }, name !== "lang");
    });
    field.addEventListener("blur", () => this.#parts.onLeave());
    this.#fields.set(name, field);
    return make("div", { class: "filter-field" }, make("label", { for: id }, filters[name]), field);
  }

  /** @param {Filter | "all"} name */
  #chip(name) {
    const { filters } = strings.finding;
    if (name === "all") {
      const all = make("button", { type: "button", class: "button plain" }, filters.removeAll);
      all.addEventListener("click", () => this.#remove(all, [...FILTERS]));
      return all;
    }
    const chip = make(
      "button",
      { type: "button", class: "button filter-chip" },
      `${filters[name]}: `,
      make("bdi"),
      make("span", { "aria-hidden": "true" }, " ✕"),
    );
    chip.addEventListener("click", () => this.#remove(chip, [name]));
    return chip;
  }

  /**
   * @param {HTMLElement} chip
   * @param {Filter} name
   * @param {string} value which may be known in better words by now
   */
  #name(chip, name, value) {
    const { filters } = strings.finding;
    setText(/** @type {HTMLElement} */ (chip.querySelector("bdi")), value);
    chip.setAttribute("aria-label", filters.remove(filters[name], value));
  }

  /**
   * @param {Filter} name
   * @param {Wanted} wanted
   */
  #valueOf(name, wanted) {
    if (name === "lang") return languageName(wanted.lang) || wanted.lang;
    return (name === "room" && this.#titles.get(wanted.room)) || wanted[name];
  }

  /**
   * Take filters away; the focus goes to the next one, or back to the query.
   * @param {HTMLElement} chip
   * @param {Filter[]} names
   */
  #remove(chip, names) {
    const next = /** @type {HTMLElement | null} */ (chip.nextElementSibling ?? chip.previousElementSibling);
    for (const name of names) if (this.#fields.has(name)) /** @type {HTMLInputElement} */ (this.#fields.get(name)).value = "";
    this.#parts.onChange(Object.fromEntries(names.map((name) => [name, ""])), false);
    if (next?.isConnected && !this.#chips.hidden) next.focus();
    else byId("q").focus();
  }
}

/** @param {string} id */
function languageField(id) {
  const options = languageOptions().filter(({ value }) => value !== "auto");
  return make("select", { id, name: "lang" }, make("option", { value: "" }, strings.finding.filters.anyLanguage), ...options);
}
