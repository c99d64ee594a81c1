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

  /** @param {(time: number) => void} choose */
  constructor(choose) {
    this.#choose = choose;
  }

  /** @param {readonly Chapter[]} chapters in their order */
  show(chapters) {
    this.#starts = chapters.map(({ start_s: start }) => ({ start }));
    this.#heard = -1;
    this.#list.replaceChildren(...chapters.map((chapter) => make("li", {}, this.#button(chapter))));
    byId("chapters").hidden = chapters.length === 0;
  }

  /** @param {number} time what is heard now, in seconds */
  at(time) {
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
