/** @file What a corrected caption was before: behind the "corrected" mark. */

import { make, setText } from "./dom.js";
import { api } from "./http.js";
import { strings } from "./strings.js";
import { dateText } from "./times.js";

/**
 * The mark behind a corrected caption.
 * @param {string} captionId
 */
export function correctedMark(captionId) {
  return make(
    "button",
    { type: "button", class: "mark", "data-caption": captionId, "aria-haspopup": "dialog" },
    strings.captions.correctedMark,
  );
}

/**
 * The mark behind a caption that a second pass has improved; seen where marks are asked for.
 * @param {string} captionId
 */
export function improvedMark(captionId) {
  const mark = correctedMark(captionId);
  mark.classList.add("improved");
  setText(mark, strings.captioning.improvedMark);
  return mark;
}

/**
 * Open a caption's history wherever its mark is chosen.
 * @param {string} roomId
 * @param {HTMLElement} place where captions with marks are
 */
export function revisionsBehindMarks(roomId, place) {
  place.addEventListener("click", (event) => {
    const mark = /** @type {HTMLElement} */ (event.target).closest(".mark");
    const id = mark instanceof HTMLElement ? mark.dataset.caption : "";
    if (id) void showRevisions(roomId, id);
  });
}

/**
 * @param {string} roomId
 * @param {string} captionId
 */
async function showRevisions(roomId, captionId) {
  const { revisions } = strings;
  const path = `/rooms/${encodeURIComponent(roomId)}/captions/${encodeURIComponent(captionId)}/revisions`;
  const answer = await api("GET", path).catch(() => null);
  /** @type {import("./types.js").EntryMessage[]} */
  const items = answer?.items ?? [];
  const close = make("button", { type: "button", class: "button primary" }, strings.close);
  const dialog = make(
    "dialog",
    { class: "dialog", "aria-labelledby": "revisions-title" },
    make("h2", { id: "revisions-title" }, revisions.title),
    items.length
      ? make("ol", { class: "revisions", reversed: true }, ...items.toReversed().map((item, index) => revision(item, index === 0)))
      : make("p", { role: "alert" }, revisions.missing),
    make("div", { class: "dialog-actions" }, close),
  );
  document.body.append(dialog);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}

/**
 * @param {import("./types.js").EntryMessage} item
 * @param {boolean} newest
 */
function revision(item, newest) {
  const { revisions } = strings;
  const text = item.type === "gap" ? "" : item.text;
  const by = item.type === "correction" ? item.by?.name : "";
  const when = item.type === "correction" ? dateText(item.at) : "";
  const said = by ? revisions.by(by, when) : revisions.first;
  return make("li", {}, make("p", { dir: "auto" }, newest ? make("strong", {}, text) : text), make("p", { class: "hint" }, said));
}
