/** @file The captions of a recording, to be quoted. */

import { quotable } from "./room-quotes.js";

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./types.js").Recording} Recording
 *
 * @typedef {object} Parts
 * @property {HTMLElement} region
 * @property {() => Recording | null} recording
 * @property {() => import("./transcript.js").Transcript} transcript
 * @property {import("./reader-view.js").ReaderView} view
 * @property {() => Caption | null} here the caption that the reader is at
 */

/**
 * @param {Parts} parts
 * @returns {import("./quote-mode.js").QuoteSource}
 */
export function recordingQuotes({ region, recording, transcript, view, here }) {
  const numberOf = (/** @type {string} */ id) => transcript().captions.find((one) => one.id === id)?.seq ?? 0;
  return {
    region,
    rows: () => quotable(transcript().entries),
    here() {
      const caption = here();
      return caption ? [caption.id] : [];
    },
    freeze() {
      const { place } = view;
      return () => view.backTo(place);
    },
    show(ids, head) {
      view.highlight("chosen", ids.size ? ({ id }) => ids.has(id) : null);
      if (head) view.bring(numberOf(head.id));
    },
    captionOf(target) {
      const caption = target.closest(".caption[data-seq]");
      return caption instanceof HTMLElement ? (caption.dataset.key ?? "") : "";
    },
    room() {
      const { room_id: roomId = "", title = "", cuts = [] } = recording() ?? {};
      return { roomId, title, cuts };
    },
  };
}
