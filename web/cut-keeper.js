/** @file A recording's cuts as the server keeps them; each change is kept at once. */

import { ApiError, api } from "./http.js";

/**
 * @typedef {import("./edited-time.js").Cut} Cut
 *
 * @typedef {object} Edits as the API has them
 * @property {number} rev
 * @property {Cut[]} cuts in the room clock, ascending and apart from each other
 * @property {number} duration_s of the whole recording
 * @property {number} left_s of what listeners have
 * @property {boolean} can_undo
 * @property {boolean} can_redo
 */

/** @type {Edits} */
const NOTHING = { rev: 0, cuts: [], duration_s: 0, left_s: 0, can_undo: false, can_redo: false };

export class CutKeeper {
  #path;
  #changed;
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();
  now = NOTHING;

  /**
   * @param {string} id of the recording
   * @param {() => void} changed
   */
  constructor(id, changed) {
    this.#path = `/recordings/${encodeURIComponent(id)}/edits`;
    this.#changed = changed;
  }

  /** Ask for the cuts as they are now. */
  read() {
    return this.#take(() => api("GET", this.#path));
  }

  /** @param {(cuts: readonly Cut[]) => readonly Cut[]} change gives all of them; the server makes one of those that touch */
  keep(change) {
    return this.#take(({ rev, cuts: before }) => {
      const cuts = change(before);
      const isSame = cuts.length === before.length && cuts.every((cut, at) => cut === before[at]);
      return isSame ? null : api("PUT", this.#path, { rev, cuts });
    });
  }

  undo() {
    return this.#take(({ rev, can_undo: can }) => (can ? api("POST", `${this.#path}/undo`, { rev }) : null));
  }

  redo() {
    return this.#take(({ rev, can_redo: can }) => (can ? api("POST", `${this.#path}/redo`, { rev }) : null));
  }

  /**
   * One after the other: each change is one of what the change before it has left.
   * @param {(now: Edits) => Promise<Edits> | null} ask null where nothing is left to be done
   */
  #take(ask) {
    const turn = this.#last.then(() => this.#ask(ask));
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** @param {(now: Edits) => Promise<Edits> | null} ask */
  async #ask(ask) {
    try {
      this.now = (await ask(this.now)) ?? this.now;
    } catch (error) {
      if (isStale(error)) this.now = await api("GET", this.#path);
      throw error;
    } finally {
      this.#changed();
    }
  }
}

/**
 * Whether somebody else has changed the cuts since they were read.
 * @param {unknown} error
 */
export function isStale(error) {
  return error instanceof ApiError && error.type.endsWith(":stale-revision");
}
