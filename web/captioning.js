/** @file Captions that are made, or made better, when a room is over: how far that is, and what came of it. */

import { byId, make, setText } from "./dom.js";
import { ApiError, api } from "./http.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Recording} Recording
 * @typedef {import("./types.js").Captioning} Captioning
 */

const POLL_MS = { captions: 2000, "second-pass": 10_000 };
export const MORE_LOOKS = 2; // between being measured and being captioned nothing may be known of it

/**
 * Whether something is on its way by itself.
 * @param {Recording} recording
 */
export function isGoingOn({ phase, progress, captioning }) {
  return phase === "finishing" || [progress, captioning].some((one) => one && one.step !== "failed");
}

/**
 * How far captions are, in words; nothing where there is nothing to wait for.
 * @param {Captioning | null | undefined} captioning
 */
export function captioningText(captioning) {
  const { steps, percent, failed, waiting } = strings.captioning;
  if (!captioning) return "";
  if (captioning.step === "failed") return captioning.purpose === "captions" ? failed(captioning.note) : "";
  if (captioning.step === "waiting") return captioning.purpose === "captions" ? waiting : "";
  const step = steps[captioning.step];
  return step ? percent(step, captioning.share) : "";
}

/**
 * What is known when asking fails: nothing of a recording that is not there any more.
 * @param {Recording} before
 * @returns {(error: unknown) => Recording | null}
 */
function kept(before) {
  return (error) => (error instanceof ApiError && error.status === 404 ? null : before);
}

/** The lines above a recording's transcript. */
export class CaptioningView {
  #place = byId("captioning");
  #status = byId("captioning-status");
  #words = make("span", {});
  #bar = make("progress", { max: 1 });
  #label = make("label", {}, this.#words, " ", this.#bar);
  #marks = make("input", { type: "checkbox" });
  #improved = make("span", {});
  #result = make("span", {}, this.#improved, " ", make("label", { class: "check" }, this.#marks, ` ${strings.captioning.showImproved}`));
  #parts;
  #waits = false;
  #looks = 0;

  /**
   * @param {object} parts
   * @param {(recording: Recording) => Promise<void>} parts.onWords there are other captions now
   * @param {(shown: boolean) => void} parts.onMarks improved captions are to be marked, or no more
   */
  constructor(parts) {
    this.#parts = parts;
    this.#marks.addEventListener("change", () => parts.onMarks(this.#marks.checked));
  }

  /** @param {Recording} recording one that is finished */
  show(recording) {
    const { captioning, improved } = recording;
    const text = captioningText(captioning);
    setText(this.#words, text);
    this.#bar.hidden = captioning?.step === "failed" || captioning?.step === "waiting";
    this.#bar.value = captioning?.share ?? 0;
    const changed = improved && improved.changed + improved.added > 0;
    if (improved) setText(this.#improved, strings.captioning.improved(improved.changed, improved.added));
    const shown = text ? this.#label : changed ? this.#result : null;
    if (shown ? !shown.isConnected : this.#place.childElementCount) this.#place.replaceChildren(...(shown ? [shown] : []));
    this.#place.hidden = !shown;
    this.#looks = isGoingOn(recording) ? MORE_LOOKS : this.#looks - 1;
    if (this.#looks > 0 && !this.#waits) void this.#wait(recording);
  }

  /**
   * Ask again until nothing is left to be done; words that come meanwhile are shown.
   * @param {Recording} before
   */
  async #wait(before) {
    this.#waits = true;
    const { purpose = "captions", share = 0 } = before.captioning ?? {};
    await new Promise((resume) => setTimeout(resume, POLL_MS[purpose]));
    /** @type {Recording | null} */
    let now = await api("GET", `/recordings/${encodeURIComponent(before.id)}`).catch(kept(before));
    if (!now) return; // it has been deleted
    const isOver = before.captioning && !now.captioning;
    if (isOver || (now.captioning?.share ?? 0) !== share) {
      const isShown = await this.#parts.onWords(now).then(() => true, () => false);
      if (!isShown) now = before; // asked for again
      else if (isOver) setText(this.#status, strings.captioning.complete);
    }
    this.#waits = false;
    this.show(now);
  }
}
