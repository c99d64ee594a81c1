/** @file Filters as fields beside the query, and those in use as chips that can be taken away. */

import { languageName } from "./caption-track.js";
import { byId, make, reconcile } from "./dom.js";
import { languageOptions } from "./languages.js";
import { FILTERS, activeFilters } from "./search-address.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./search-address.js").Wanted} Wanted
 * @typedef {import("./search-address.js").Filter} Filter
 */

/** @type {Readonly<Partial<Record<Filter, string>>>} */
const TYPES = Object.freeze({ from: "date", to: "date" });

/** The fields and the chips. */
export class SearchFilters {
  #onChange;
  #chips = byId("active");
  /** @type {Map<Filter, HTMLInputElement | HTMLSelectElement>} */
  #fields = new Map();
  /** @type {Map<string, string>} the titles of rooms that are asked for by their ids */
  #titles = new Map();

  /** @param {(changes: Partial<Wanted>, typing: boolean) => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    byId("filter-fields").append(...FILTERS.map((name) => this.#field(name)));
  }

  /** @param {readonly import("./search-types.js").FoundRoom[]} rooms that were found */
  learn(rooms) {
    for (const { room } of rooms) this.#titles.set(room.id, room.title);
  }

  /**
   * Show what is asked for; a field that is being filled in is left alone.
   * @param {Wanted} wanted
   */
  show(wanted) {
    for (const [name, field] of this.#fields) {
      if (field.value !== wanted[name] && field !== document.activeElement) this.#fill(field, wanted[name]);
    }
    const active = activeFilters(wanted);
    this.#chips.hidden = active.length === 0;
    /** @type {(Filter | "all")[]} */
    const shown = active.length > 1 ? [...active, "all"] : active;
    reconcile(this.#chips, shown, {
      key: (name) => (name === "all" ? name : `${name} ${wanted[name]}`),
      create: (name) => this.#chip(name, wanted),
      update: () => {},
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
    const typed = !TYPES[name] && name !== "lang";
    field.addEventListener("input", () => this.#onChange({ [name]: field.value }, typed));
    field.addEventListener("change", () => this.#onChange({ [name]: field.value }, false));
    this.#fields.set(name, field);
    return make("div", { class: "filter-field" }, make("label", { for: id }, filters[name]), field);
  }

  /**
   * @param {Filter | "all"} name
   * @param {Wanted} wanted
   */
  #chip(name, wanted) {
    const { filters } = strings.finding;
    if (name === "all") {
      const all = make("button", { type: "button", class: "button plain" }, filters.removeAll);
      all.addEventListener("click", () => this.#remove(all, [...FILTERS]));
      return all;
    }
    const value = this.#valueOf(name, wanted);
    const chip = make(
      "button",
      { type: "button", class: "button filter-chip", "aria-label": filters.remove(filters.chips[name] ?? "", value) },
      `${filters.chips[name]}: `,
      make("bdi", {}, value),
      make("span", { "aria-hidden": "true" }, " ✕"),
    );
    chip.addEventListener("click", () => this.#remove(chip, [name]));
    return chip;
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
    this.#onChange(Object.fromEntries(names.map((name) => [name, ""])), false);
    if (next?.isConnected && !this.#chips.hidden) next.focus();
    else byId("q").focus();
  }
}

/** @param {string} id */
function languageField(id) {
  const options = languageOptions().filter(({ value }) => value !== "auto");
  return make("select", { id, name: "lang" }, make("option", { value: "" }, strings.finding.filters.anyLanguage), ...options);
}
