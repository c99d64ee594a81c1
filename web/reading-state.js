/**
 * @file Where the reader is: at the live end, stopped, reading on, or catching up. Pure.
 *
 * `live` follows the newest caption. `paused` is frozen; captions wait. `reading` has everything
 * that was missed below the place where the reader stopped, which stays where it is. `catching-up`
 * follows what the server sends at the reader's own speed.
 */

/**
 * @typedef {"live" | "paused" | "reading" | "catching-up"} Mode
 * @typedef {import("./captions-client.js").ResumeMode} ResumeMode
 * @typedef {{type: "pause"} | {type: "resume", mode: ResumeMode} | null} Request
 */

/** More captions than this that were missed are loaded as the reader comes to them. */
const MOST_AT_ONCE = 200;

/** The one place that knows what pausing, resuming and scrolling mean. */
export class ReadingState {
  /** @type {Mode} */
  mode = "live";
  /** The newest entry on the page when it was frozen. */
  frozenSeq = 0;
  /** Captions that the server holds back; corrections and gaps, which wait too, are not counted. */
  heldByServer = 0;
  /** The newest entry that the server holds back: catching up ends there. */
  #goalSeq = 0;
  #byScrolling = false;
  /** Whether a paused view stays frozen although its end comes into view. */
  held = false;
  /** How the reader went on before they stopped by scrolling: that is how they go on at the end. */
  #wasCatchingUp = false;
  /** Whether the server was last told not to send what was missed. */
  #skips = false;
  /** Up to this entry what is not here has to be loaded: the server was told not to send it. */
  skippedTo = 0;

  get paused() {
    return this.mode === "paused";
  }

  /** Whether the view keeps to its end. */
  get following() {
    return this.mode === "live" || this.mode === "catching-up";
  }

  /**
   * @param {number} latestSeq what the page shows
   * @param {"button" | "scroll"} by
   * @returns {Request}
   */
  pause(latestSeq, by) {
    if (this.paused) {
      if (by === "button") this.#byScrolling = false;
      return null;
    }
    this.#wasCatchingUp = this.mode === "catching-up";
    this.mode = "paused";
    this.#byScrolling = by === "scroll";
    this.frozenSeq = latestSeq;
    [this.heldByServer, this.#goalSeq] = [0, 0];
    return { type: "pause" };
  }

  /**
   * @param {ResumeMode} mode
   * @param {number} latestSeq the newest entry that the server has sent
   * @returns {Request}
   */
  resume(mode, latestSeq) {
    // To be live is always asked for: the server may hold something back that is not known here yet.
    const asks = mode === "live" || this.paused || this.mode === "catching-up";
    if (mode === "catch-up") {
      this.mode = this.#goalSeq > latestSeq ? "catching-up" : "live";
      return asks ? { type: "resume", mode } : null;
    }
    this.mode = mode === "live" ? "live" : "reading";
    this.heldByServer = 0;
    this.#skips = mode === "live" || this.#goalSeq - latestSeq > MOST_AT_ONCE;
    if (this.#skips) this.skippedTo = Math.max(this.skippedTo, this.#goalSeq);
    return asks ? { type: "resume", mode: this.#skips ? "live" : mode } : null;
  }

  /**
   * The reader moved the view.
   * @param {{up: boolean, atEnd: boolean, latestSeq: number}} move
   * @returns {Request}
   */
  scrolled({ up, atEnd, latestSeq }) {
    if (this.mode === "paused") {
      if (!atEnd || !this.#byScrolling || this.held) return null;
      return this.resume(this.#wasCatchingUp ? "catch-up" : "replay", latestSeq);
    }
    if (atEnd) {
      this.reachedEnd();
      return null;
    }
    return up ? this.pause(latestSeq, "scroll") : null;
  }

  /** The reader has everything before them: they follow from here on. */
  reachedEnd() {
    if (this.mode === "reading") this.mode = "live";
  }

  /**
   * The server counted what waits; while catching up it says again how far there is to go.
   * @param {{count: number, latest_seq: number}} pending
   */
  pending({ count, latest_seq }) {
    if (this.mode !== "paused" && this.mode !== "catching-up") {
      // Said before the server was asked to go on: it skipped this, too.
      if (this.#skips) this.skippedTo = Math.max(this.skippedTo, latest_seq);
      return;
    }
    this.heldByServer = count;
    this.#goalSeq = latest_seq;
  }

  /**
   * Entries came up to this number while catching up.
   * @param {number} latestSeq
   */
  caughtUpTo(latestSeq) {
    if (this.mode !== "catching-up") return;
    if (latestSeq < this.#goalSeq) return;
    this.heldByServer = 0;
    this.mode = "live";
  }

  /**
   * Another track is shown from its end; who has paused stays paused there.
   * @param {number} latestSeq
   */
  switched(latestSeq) {
    [this.heldByServer, this.#goalSeq, this.skippedTo] = [0, 0, 0];
    if (this.paused) this.frozenSeq = latestSeq;
    else this.mode = "live";
  }

  /** A new connection sends what the old one held back, all at once: who caught up reads it on. */
  reconnected() {
    [this.heldByServer, this.#goalSeq] = [0, 0];
    if (this.mode === "catching-up") this.mode = "reading";
  }
}
