/**
 * @file Looks through what the server holds back while the listener has paused, for who watches it. The
 * listener's words stay here: the server is asked for the captions alone, one short page for each count
 * of what waits.
 */

/**
 * @typedef {import("./types.js").ServerMessage} ServerMessage
 * @typedef {import("./types.js").HistoryMessage} HistoryMessage
 */

/** The server gives no more at once. */
const MOST = 500;

/** Asks, and knows its own answers: nobody else asks for just these entries. */
export class LookAhead {
  #ask;
  /** @type {{from: number, to: number}[]} what was asked for and has not come, the newest last */
  #asked = [];

  /** @param {(page: {before: number, limit: number}) => boolean} ask whether it could be asked */
  constructor(ask) {
    this.#ask = ask;
  }

  /**
   * The server counted what waits.
   * @param {number} seen the newest entry that was looked through
   * @param {number} latest the newest there is
   */
  waiting(seen, latest) {
    const known = Math.max(seen, this.#asked.at(-1)?.to ?? 0);
    if (latest <= known) return;
    const from = Math.max(known + 1, latest - MOST + 1);
    if (this.#ask({ before: latest + 1, limit: latest - from + 1 })) this.#asked.push({ from, to: latest });
  }

  /**
   * Whether a message is the answer: it is not to be shown.
   * @param {ServerMessage} message
   */
  takes(message) {
    if (message.type === "welcome" || message.type === "track") this.#asked = [];
    if (message.type !== "history") return false;
    const [first, last] = [message.items[0]?.seq, message.items.at(-1)?.seq];
    const answered = this.#asked.findIndex(({ from, to }) => from === first && to === last);
    if (answered < 0) return false;
    this.#asked.splice(answered, 1);
    return true;
  }
}
