/** @file How far a recording is on its way to being played, shown until it can be. */

import { make, setText } from "./dom.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Recording} Recording
 * @typedef {import("./types.js").Progress} Progress
 */

/**
 * What is seen of the progress; nothing when nothing is known.
 * @param {Progress | null | undefined} progress
 */
export function progressText(progress) {
  if (!progress) return "";
  const { steps, percent } = strings.player;
  return isCounted(progress) ? percent(steps[progress.step], progress.share) : steps[progress.step];
}

/** @param {Progress} progress */
function isCounted({ step }) {
  return ["converting", "joining", "measuring", "cutting"].includes(step);
}

/**
 * What a screen reader is told: that one has to wait, that it went wrong, or that the waiting is
 * over. The percentage is for the eyes, and for who goes to the bar.
 * @param {Recording} recording
 */
export function waitingText({ phase, progress }) {
  const { noMedia, finishing, steps } = strings.player;
  if (phase === "recording") return noMedia;
  return progress?.step === "failed" ? steps.failed : finishing;
}

export class RecordingProgress {
  /**
   * @param {HTMLElement} place where the bar is shown
   * @param {HTMLElement} status a polite live region
   */
  constructor(place, status) {
    this.place = place;
    this.status = status;
    this.words = make("span", {});
    this.bar = /** @type {HTMLProgressElement} */ (make("progress", { max: 1 }));
    this.label = make("label", {}, this.words, " ", this.bar);
  }

  /** @param {Recording} recording one that cannot be played yet */
  show(recording) {
    const text = waitingText(recording);
    if (this.status.textContent !== text) setText(this.status, text);
    const { progress } = recording;
    if (!progress || progress.step === "failed") return this.place.replaceChildren();
    setText(this.words, progressText(progress));
    this.bar.hidden = !isCounted(progress);
    this.bar.value = progress.share;
    if (!this.label.isConnected) this.place.replaceChildren(this.label);
  }

  /** Say that it can be played, if somebody has waited for that. */
  end() {
    this.place.replaceChildren();
    if (this.status.textContent) setText(this.status, strings.player.ready);
  }
}
