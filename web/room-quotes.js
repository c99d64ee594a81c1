/** @file The captions of a room's panel, to be quoted. */

import { byId } from "./dom.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./caption-panel.js").CaptionPanel} CaptionPanel
 * @typedef {import("./caption-store.js").Entry} Entry
 * @typedef {import("./caption-store.js").Hole} Hole
 * @typedef {import("./quote.js").Said} Said
 */

/**
 * What may be quoted of rows; gaps are passed over.
 * @param {readonly (Entry | Hole)[]} rows
 * @returns {(Said | null)[]}
 */
export function quotable(rows) {
  return rows.flatMap((row) => {
    if (row.kind === "gap") return [];
    if (row.kind === "hole") return [null];
    const { id, start, end, text, instance } = row;
    return [{ id, start, end, text, instance, speaker: row.speaker?.name ?? strings.captions.unknownSpeaker }];
  });
}

/**
 * @param {string} roomId
 * @param {CaptionPanel} panel
 * @returns {import("./quote-mode.js").QuoteSource}
 */
export function roomQuotes(roomId, panel) {
  const region = byId("captions");
  return {
    region,
    rows: () => quotable(panel.rows),
    here: () => selectedIn(region) ?? lastRead(panel),
    freeze: () => freeze(panel),
    show(ids, head) {
      panel.view.highlight("chosen", ids.size ? (caption) => ids.has(caption.id) : null);
      const seq = head ? seqOf(panel, head.id) : 0;
      if (seq) panel.view.bring(seq);
    },
    captionOf(target) {
      const caption = target.closest(".caption[data-seq]");
      return caption instanceof HTMLElement ? (caption.dataset.key ?? "") : "";
    },
    room: () => ({ roomId, title: byId("room-title").textContent ?? "" }),
  };
}

/**
 * The last caption that the reader has before them.
 * @param {CaptionPanel} panel
 * @returns {string[]}
 */
function lastRead(panel) {
  const seen = panel.seenSeq;
  const caption = panel.store.entries.findLast((one) => one.kind === "caption" && one.seq <= seen);
  return caption?.kind === "caption" ? [caption.id] : [];
}

/**
 * @param {CaptionPanel} panel
 * @param {string} id
 */
function seqOf({ store }, id) {
  return store.entries.findLast((one) => one.kind === "caption" && one.id === id)?.seq ?? 0;
}

/**
 * @param {HTMLElement} region
 * @returns {string[] | null} the captions in which a selection of text begins and ends
 */
function selectedIn(region) {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !region.contains(selection.anchorNode)) return null;
  const range = selection.getRangeAt(0);
  const captions = /** @type {HTMLElement[]} */ ([...region.querySelectorAll(".caption[data-seq]")]);
  const ids = captions.filter((one) => range.intersectsNode(one)).map((one) => one.dataset.key ?? "");
  return ids.length ? [ids[0] ?? "", ids.at(-1) ?? ""] : null;
}

/**
 * Keep the view still; what this gives lets it go on as it went, or brings it back.
 * @param {CaptionPanel} panel
 */
function freeze(panel) {
  const { reading, view } = panel;
  const [{ mode }, place] = [reading, view.place];
  if (!reading.paused) panel.pause("button");
  reading.held = true;
  return () => {
    reading.held = false;
    if (!reading.paused) return;
    if (mode === "live") panel.resume("live");
    else if (mode !== "paused") panel.resume("replay");
    if (mode !== "live") view.backTo(place);
  };
}
