/** @file What a listener does with a recording's sound: jump, change the speed, skip silence. */

import { byId, make, setText } from "./dom.js";
import { silenceAt } from "./silences.js";
import { strings } from "./strings.js";

/** @typedef {import("./silences.js").Stretch} Stretch */

const SPEED_KEY = "roomscribe.speed";
const SILENCE_KEY = "roomscribe.skip-silence";
const SPEEDS = Object.freeze([0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3]);
/** A shorter jump is shown, but not spoken over what follows it, in seconds. */
const SPOKEN_S = 5;

/** The controls beside the browser's own. */
export class PlayerControls {
  #player;
  #say;
  #speed = byId("speed", HTMLSelectElement);
  #skip = byId("skip-silence", HTMLInputElement);
  #skipped = 0;
  /** @type {readonly Stretch[]} */
  silences = [];

  /**
   * @param {HTMLMediaElement} player
   * @param {(text: string) => void} say
   */
  constructor(player, say) {
    this.#player = player;
    this.#say = say;
    this.#speed.append(...SPEEDS.map((speed) => make("option", { value: speed }, strings.player.times(speed))));
    this.#speed.addEventListener("change", () => this.#runAt(Number(this.#speed.value)));
    this.#runAt(Number(localStorage.getItem(SPEED_KEY)));
    this.#skip.checked = localStorage.getItem(SILENCE_KEY) === "on";
    this.#skip.addEventListener("change", () => localStorage.setItem(SILENCE_KEY, this.#skip.checked ? "on" : "off"));
    for (const button of byId("controls").querySelectorAll("button")) {
      button.addEventListener("click", () => this.jump(Number(button.dataset.jump)));
    }
  }

  async play() {
    await this.#player.play().catch(() => setText(byId("player-status"), strings.player.failed));
  }

  toggle() {
    if (this.#player.paused) void this.play();
    else this.#player.pause();
  }

  /** @param {number} seconds */
  jump(seconds) {
    this.#player.currentTime = Math.max(0, this.#player.currentTime + seconds);
  }

  /** @param {1 | -1} step */
  changeSpeed(step) {
    const at = SPEEDS.indexOf(this.#player.playbackRate) + step;
    const speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at))] ?? 1;
    this.#runAt(speed);
    this.#say(strings.player.speedIs(speed));
  }

  toggleSilence() {
    this.#skip.click();
    this.#say(this.#skip.checked ? strings.player.skipping : strings.player.notSkipping);
  }

  /** @param {number} time what is heard now, in seconds */
  at(time) {
    if (!this.#skip.checked || this.#player.paused || this.#player.seeking) return;
    const silence = silenceAt(this.silences, time);
    if (!silence) return;
    const length = silence.end - time;
    this.#player.currentTime = silence.end;
    this.#skipped += length;
    setText(byId("skipped"), strings.player.skippedSoFar(this.#skipped));
    if (length >= SPOKEN_S) this.#say(strings.player.skipped(length));
  }

  /** @param {number} speed one that is not offered is the usual one */
  #runAt(speed) {
    const usable = SPEEDS.includes(speed) ? speed : 1;
    this.#speed.value = String(usable);
    this.#player.defaultPlaybackRate = usable; // loading goes back to it
    this.#player.playbackRate = usable;
    this.#player.preservesPitch = true;
    localStorage.setItem(SPEED_KEY, String(usable));
  }
}

/**
 * Tell what is heard, often while it plays: words are shorter than the quarter of a second between
 * the browser's own events, which come also while nobody sees the page.
 * @param {HTMLMediaElement} player
 * @param {(time: number) => void} heard
 */
export function listenToTime(player, heard) {
  let frame = 0;
  const tell = () => heard(player.currentTime);
  const tick = () => {
    tell();
    frame = player.paused || player.ended ? 0 : requestAnimationFrame(tick);
  };
  player.addEventListener("play", () => {
    if (!frame) frame = requestAnimationFrame(tick);
  });
  for (const event of ["timeupdate", "seeking"]) player.addEventListener(event, tell);
}
