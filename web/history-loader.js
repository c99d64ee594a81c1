/** @file Asks for the captions that the reader is about to see, one page at a time. */

/**
 * @typedef {import("./captions-client.js").CaptionsClient} CaptionsClient
 * @typedef {import("./caption-store.js").Hole} Hole
 *
 * @typedef {{seconds: number, instance?: number | undefined}} Moment a time of an instance of the
 *   room, by default of the newest one that has captions
 */

const PAGE = 200;

/** At most one question is open: the answers do not say which one they belong to. */
export class HistoryLoader {
  busy = false;
  /** @type {CaptionsClient | null} */
  #client = null;

  /** @param {CaptionsClient} client */
  attach(client) {
    this.#client = client;
  }

  /** The answer has come, or will never come. */
  reset() {
    this.busy = false;
  }

  /**
   * @param {Hole} hole
   * @param {number} seq the entry in it that is nearest to the reader
   */
  fill(hole, seq) {
    const { before, limit } = pageOf(hole, seq);
    this.#ask({ before, limit });
  }

  /**
   * @param {number} seq
   * @returns {boolean} whether it could be asked
   */
  around(seq) {
    return this.#ask({ before: seq + PAGE / 2, limit: PAGE });
  }

  /**
   * @param {Moment} moment
   * @returns {boolean} whether it could be asked
   */
  findTime({ seconds, instance }) {
    this.busy = false;
    const asked = instance ? { at: seconds, instance } : { at: seconds };
    return this.#ask({ ...asked, limit: PAGE });
  }

  /** @param {{before?: number, at?: number, instance?: number, limit: number}} page */
  #ask(page) {
    if (this.busy) return false;
    this.busy = this.#client?.scrollback(page) ?? false;
    return this.busy;
  }
}

/**
 * The page of a hole around an entry; at the hole's ends no more than belongs to it.
 * @param {Hole} hole
 * @param {number} seq
 * @returns {{before: number, limit: number}}
 */
export function pageOf({ from, to }, seq) {
  const first = Math.max(from, Math.min(seq - PAGE / 2, to + 1 - PAGE));
  const before = Math.min(to + 1, first + PAGE);
  return { before, limit: before - first };
}
