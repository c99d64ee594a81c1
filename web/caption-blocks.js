/** @file How the blocks of a caption history look: turns, gaps, the reader's place, what is not loaded. */

import { drawText, signatureOf } from "./caption-text.js";
import { make, reconcile, setText } from "./dom.js";
import { gapText } from "./gap-text.js";
import { correctedMark, improvedMark } from "./revisions.js";
import { markPlace } from "./speaker-marks.js";
import { strings } from "./strings.js";
import { clock, isoDuration } from "./times.js";

/**
 * @typedef {import("./caption-store.js").Caption} Caption
 * @typedef {import("./caption-text.js").Marker} Marker
 * @typedef {import("./caption-text.js").TextMark} TextMark
 * @typedef {import("./turns.js").Block} Block
 *
 * @typedef {object} Drawing who has a say in how captions are drawn
 * @property {readonly Marker[]} markers they mark words
 * @property {import("./speaker-marks.js").SpeakerMarks | null} speakers
 * @property {(caption: Caption) => string} highlightOf the class of a caption that is highlighted
 * @property {(element: HTMLElement, caption: Caption, marks: readonly TextMark[]) => void} write puts a
 *   caption's text into its element
 */

/**
 * The element of a block; what a turn says is put in by `updateTurn`.
 * @param {Block} block
 */
export function createBlock(block) {
  if (block.kind === "turn") return createTurn(block);
  if (block.kind === "gap") return createGap(block.gap);
  if (block.kind === "place") return make("li", { class: "place" }, make("span", {}, strings.captions.place));
  return make("li", { class: "hole" }, make("span", {}, strings.captions.loadingOlder));
}

/** @param {import("./caption-store.js").Gap} gap */
function createGap(gap) {
  return make("li", { class: "gap", "data-seq": gap.seq }, time(gap.start), " ", gapText(gap));
}

/** @param {import("./turns.js").Turn} turn */
function createTurn(turn) {
  const name = turn.speaker?.name ?? strings.captions.unknownSpeaker;
  return make(
    "li",
    { class: "turn" },
    make("p", { class: "turn-head" }, markPlace(), make("bdi", { class: "speaker" }, name), " ", time(turn.start)),
    make("p", { class: "turn-text", dir: "auto" }),
  );
}

/**
 * What is still being said would change under the finger, or while it is read: screen readers are
 * given whole captions alone.
 * @param {HTMLElement} element
 * @param {boolean} hidden
 */
function hideFromReaders(element, hidden) {
  if (hidden) element.setAttribute("aria-hidden", "true");
  else element.removeAttribute("aria-hidden");
}

/** @param {number} seconds */
function time(seconds) {
  return make("time", { datetime: isoDuration(seconds) }, clock(seconds));
}

/**
 * @param {HTMLElement} element
 * @param {import("./turns.js").Turn} block
 * @param {Drawing} drawing
 */
export function updateTurn(element, block, { markers, speakers, highlightOf, write }) {
  const [head, text] = /** @type {[HTMLElement, HTMLElement]} */ (
    /** @type {unknown} */ (element.children)
  );
  setText(/** @type {HTMLElement} */ (head.lastElementChild), clock(block.start));
  const speaker = block.speaker?.name ?? strings.captions.unknownSpeaker;
  setText(/** @type {HTMLElement} */ (head.querySelector(".speaker")), speaker);
  speakers?.draw(head, block.speaker);
  hideFromReaders(element, !block.captions.some(({ final }) => final));
  reconcile(text, block.captions, {
    key: (caption) => caption.id,
    create: () => make("span", { class: "caption" }, ""),
    update(span, caption) {
      updateCaption(span, caption, markers, write);
      highlightAs(span, highlightOf(caption));
    },
  });
}

/** @type {WeakMap<HTMLElement, string>} what each caption's element shows */
const shownIn = new WeakMap();

/**
 * @param {HTMLElement} element
 * @param {Caption} caption
 * @param {readonly Marker[]} markers
 * @param {Drawing["write"]} write
 */
function updateCaption(element, caption, markers, write) {
  const marks = markers.flatMap((marksOf) => marksOf(caption));
  // What is cut out of a caption leaves its number and revision as they are.
  const shown = `${caption.seq} ${caption.rev} ${caption.final} ${signatureOf(marks)} ${caption.text}`;
  if (shownIn.get(element) === shown) return;
  shownIn.set(element, shown);
  if (caption.seq) element.dataset.seq = String(caption.seq);
  element.classList.toggle("interim", !caption.final);
  element.classList.toggle("passing", caption.kept === false);
  hideFromReaders(element, !caption.final);
  element.lang = caption.language;
  if (!caption.language) element.removeAttribute("lang"); // unknown: the page's
  write(element, caption, marks);
  if (caption.overlap) element.append(overlapMark(caption.overlap), " ");
  if (caption.corrected) element.append(correctedMark(caption.id), " ");
  else if (caption.improved) element.append(improvedMark(caption.id), " ");
  if (caption.final && caption.kept === false) element.append(notKeptMark(), " ");
}

/**
 * @param {HTMLElement} element
 * @param {string} name a class, empty for none
 */
function highlightAs(element, name) {
  const { highlight = "" } = element.dataset;
  if (highlight === name) return;
  if (highlight) element.classList.remove(highlight);
  if (name) element.classList.add(name);
  element.dataset.highlight = name;
  if (name) element.setAttribute("role", "mark");
  else element.removeAttribute("role");
}

/** @type {Drawing["write"]} a caption as a whole */
export function writeText(element, { text }, marks) {
  drawText(element, `${text} `, marks);
}

/** @param {readonly import("./types.js").Person[]} others who spoke at the same time */
export function overlapMark(others) {
  const names = others.map(({ name }) => name || strings.captions.unknownSpeaker);
  return make("span", { class: "overlap" }, strings.captions.overlap(names));
}

function notKeptMark() {
  return make("span", { class: "not-kept" }, strings.captions.notKept);
}
