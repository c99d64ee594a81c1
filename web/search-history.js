/** @file The page's address while somebody searches: typing makes one step back of all its letters. */

import { addressOf, wantedOf } from "./search-address.js";

/** @typedef {import("./search-address.js").Wanted} Wanted */

/** Keeps the address true. */
export class SearchHistory {
  /** Whether the newest step is of what is still being typed. */
  #typing = false;

  /** @param {(wanted: Wanted) => void} onGone the reader has gone back or forward */
  constructor(onGone) {
    addEventListener("popstate", () => {
      this.#typing = false;
      onGone(this.wanted);
    });
  }

  get wanted() {
    return wantedOf(location.search);
  }

  /**
   * @param {Wanted} wanted
   * @param {boolean} typing whether more may come
   */
  note(wanted, typing) {
    const address = addressOf(wanted);
    if (address === addressOf(this.wanted)) this.#typing &&= typing;
    else {
      if (typing && this.#typing) history.replaceState(null, "", address);
      else history.pushState(null, "", address);
      this.#typing = typing;
    }
  }

  /** What was typed is as it is meant: what comes now is another step. */
  settle() {
    this.#typing = false;
  }
}
