/** @file The captions of a recording, to be quoted. */

import { strings } from "./strings.js";

/**
 * @typedef {import("./quote.js").Said} Said
 * @typedef {import("./recording.js").Item} Item
 * @typedef {import("./types.js").Recording} Recording
 *
 * @typedef {object} Parts
 * @property {HTMLElement} region
 * @property {() => Recording | null} recording
 * @property {() => Item[]} items
 * @property {() => HTMLButtonElement[]} buttons one for each item
 */

/**
 * @param {Parts} parts
 * @returns {import("./quote-mode.js").QuoteSource}
 */
export function recordingQuotes({ region, recording, items, buttons }) {
  const instance = () => recording()?.instance ?? 0;
  return {
    region,
    rows: () => items().map((item) => said(item, instance())),
    here: () => here(items(), buttons()),
    freeze() {
      const top = region.scrollTop;
      return () => {
        region.scrollTop = top;
      };
    },
    show(ids, head) {
      for (const [i, button] of buttons().entries()) {
        const item = /** @type {Item} */ (items()[i]);
        button.querySelector(".caption")?.classList.toggle("chosen", ids.has(item.id));
        if (item.id === head?.id) button.scrollIntoView({ block: "nearest" });
      }
    },
    captionOf(target) {
      const cue = target.closest(".cue");
      return items()[buttons().findIndex((button) => button === cue)]?.id ?? "";
    },
    room: () => ({ roomId: recording()?.room_id ?? "", title: recording()?.title ?? "" }),
  };
}

/**
 * The caption that is focused, else the one that is heard, else the first.
 * @param {Item[]} items
 * @param {HTMLButtonElement[]} buttons
 */
function here(items, buttons) {
  const focused = buttons.findIndex((button) => button === document.activeElement);
  const heard = buttons.findIndex((button) => button.getAttribute("aria-current") === "true");
  const item = items[focused >= 0 ? focused : Math.max(0, heard)];
  return item ? [item.id] : [];
}

/**
 * @param {Item} item
 * @param {number} instance
 * @returns {Said}
 */
function said({ id, start, end, text, speaker }, instance) {
  const name = typeof speaker === "string" ? speaker : speaker?.name;
  return { id, start, end, text, instance, speaker: name || strings.captions.unknownSpeaker };
}
