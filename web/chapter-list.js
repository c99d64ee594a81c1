/** @file A recording's chapters: a list that leads to each, and says which one is heard. */

import { byId, make } from "./dom.js";
import { indexAt } from "./playback.js";
import { clock, isoDuration } from "./times.js";

/** @typedef {{start_s: number, title: string}} Chapter */

/** The list; it is hidden while there are no chapters. */
export class ChapterList {
  #list = byId("chapter-list");
  #choose;
  /** @type {{start: number}[]} */
  #starts = [];
  #heard = -1;
  #time = 0;
  /** What is listed, as JSON. */
  #listed = "";

  /** @param {(time: number) => void} choose */
  constructor(choose) {
    this.#choose = choose;
  }

  /** @param {readonly Chapter[]} chapters in their order */
  show(chapters) {
    const listed = JSON.stringify(chapters);
    if (listed === this.#listed) return;
    this.#listed = listed;
    this.#starts = chapters.map(({ start_s: start }) => ({ start }));
    const focused = [...this.#list.querySelectorAll("button")].indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    this.#list.replaceChildren(...chapters.map((chapter) => make("li", {}, this.#button(chapter))));
    byId("chapters").hidden = chapters.length === 0;
    if (focused >= 0) [...this.#list.querySelectorAll("button")].slice(0, focused + 1).at(-1)?.focus({ preventScroll: true });
    this.#heard = -1;
    this.at(this.#time);
  }

  /** @param {number} time what is heard now, in seconds */
  at(time) {
    this.#time = time;
    const now = indexAt(this.#starts, time);
    if (now === this.#heard) return;
    const buttons = this.#list.querySelectorAll("button");
    buttons[this.#heard]?.removeAttribute("aria-current");
    buttons[now]?.setAttribute("aria-current", "true");
    this.#heard = now;
  }

  /** @param {Chapter} chapter */
  #button({ start_s: start, title }) {
    const time = make("time", { datetime: isoDuration(start) }, clock(start));
    const button = make("button", { type: "button", class: "chapter" }, time, " ", make("bdi", {}, title));
    button.addEventListener("click", () => this.#choose(start));
    return button;
  }
}
