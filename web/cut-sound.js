/** @file Passages played for who cuts: what is cut, and what listeners hear instead. */

import { acrossSeam } from "./cuts.js";

/** @typedef {import("./edited-time.js").Cut} Cut */

/** So much is heard before and behind a seam, in seconds. */
const AROUND_S = 3;
/** Who is further away has gone elsewhere. */
const NEAR_S = 1;

/** Plays up to a place, over a cut or not. */
export class CutSound {
  #player;
  /** @type {{until: number, over: Cut | null, at: number} | null} */
  #playing = null;

  /** @param {HTMLMediaElement} player */
  constructor(player) {
    this.#player = player;
  }

  /** Whether it says what is played now. */
  get playing() {
    return this.#playing !== null;
  }

  /** @param {Cut} cut */
  across(cut) {
    const { from, until } = acrossSeam(cut, AROUND_S, this.#player.duration || cut.end_s);
    // Where there is nothing on one side, the other side is heard.
    const over = cut.start_s > 0 && until > cut.end_s ? cut : null;
    if (over) this.#play(from, until, over);
    else if (cut.start_s > 0) this.#play(from, cut.start_s, null);
    else this.#play(cut.end_s, until, null);
  }

  /** @param {Cut} cut */
  inside({ start_s: start, end_s: end }) {
    this.#play(start, end, null);
  }

  /** @param {number} time what is heard now, in seconds */
  at(time) {
    const playing = this.#playing;
    if (!playing || this.#player.seeking) return;
    const { over, until, at } = playing;
    if (this.#player.paused || Math.abs(time - at) > NEAR_S) {
      this.#playing = null; // somebody else says what is played
      return;
    }
    playing.at = time;
    if (over && time >= over.start_s && time < over.end_s) {
      playing.at = over.end_s;
      this.#player.currentTime = over.end_s;
    } else if (time >= until) {
      this.#playing = null;
      this.#player.pause();
    }
  }

  /**
   * @param {number} from
   * @param {number} until
   * @param {Cut | null} over
   */
  #play(from, until, over) {
    const playing = { until, over, at: from };
    this.#player.currentTime = from;
    const begun = this.#player.play();
    this.#playing = playing;
    begun.catch(() => {
      if (this.#playing === playing) this.#playing = null; // the page says that the sound cannot be played
    });
  }
}
