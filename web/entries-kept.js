/** @file Which entries a page keeps, however long its room is and however much is read. Pure. */

/** Entries are let go when there are more than this. */
export const MOST_KEPT = 2000;
/** Letting go that frees less than this is not tried again before as many came. */
export const WORTH_IT = 500;
/** So many stay on each side of what is drawn, and at the live end. */
const BEYOND = 400;
/** No more finals than this wait for a reader who has paused; the others can be loaded. */
const MOST_HELD = 500;

/**
 * @typedef {import("./types.js").EntryMessage} EntryMessage
 * @typedef {{from: number, to: number}} Stretch
 */

/**
 * What stays: around the reader, and at the live end.
 * @param {Stretch} drawn the entries that are on the page
 * @param {number} latestSeq
 * @param {number} [fingers] the entry that is read beside the page, as on a braille display
 * @returns {Stretch[]} ascending, and apart from each other
 */
export function keptAround(drawn, latestSeq, fingers = 0) {
  const near = drawn.to ? [{ from: drawn.from - BEYOND, to: drawn.to + BEYOND }] : [];
  if (fingers) near.push({ from: fingers - BEYOND, to: fingers + BEYOND });
  near.push({ from: latestSeq - BEYOND, to: latestSeq });
  /** @type {Stretch[]} */
  const apart = [];
  for (const { from, to } of near.sort((a, b) => a.from - b.from)) {
    const last = apart.at(-1);
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to);
    else apart.push({ from, to: Math.min(to, latestSeq) });
  }
  return apart;
}

/** What came while the view was frozen, as after a lost connection: the newest, and all corrections. */
export class HeldEntries {
  /** The newest entry that was held: where a new connection goes on. */
  latestSeq = 0;
  /** How many finals came. */
  finals = 0;
  /** @type {EntryMessage[]} */
  #messages = [];
  /** @type {Map<string, EntryMessage>} the newest correction of each caption */
  #corrections = new Map();

  /** @param {EntryMessage} message */
  hold(message) {
    if (message.seq <= this.latestSeq) return;
    this.latestSeq = message.seq;
    if (message.type === "final") this.finals++;
    if (message.type === "correction") this.#corrections.set(message.id, message);
    else this.#messages.push(message);
    if (this.#messages.length > 2 * MOST_HELD) this.#messages.splice(0, MOST_HELD);
  }

  /** @returns {EntryMessage[]} what waited, ascending; nothing waits any more */
  take() {
    const all = [...this.#messages, ...this.#corrections.values()].sort((a, b) => a.seq - b.seq);
    this.clear();
    return all;
  }

  clear() {
    [this.latestSeq, this.finals, this.#messages] = [0, 0, []];
    this.#corrections.clear();
  }
}
