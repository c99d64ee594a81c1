/** @file One caption that was found: what was said, who said it, what stands around it, and how to hear it. */

import { languageName } from "./caption-track.js";
import { nodesOf } from "./caption-text.js";
import { make } from "./dom.js";
import { textMarks } from "./search-marks.js";
import { markPlace } from "./speaker-marks.js";
import { strings } from "./strings.js";
import { clock, isoDuration } from "./times.js";

/**
 * @typedef {import("./search-types.js").Hit} Hit
 * @typedef {import("./search-types.js").FoundRoom} FoundRoom
 * @typedef {import("./search-types.js").Beside} Beside
 *
 * @typedef {object} HitParts
 * @property {FoundRoom} found
 * @property {import("./speaker-marks.js").SpeakerMarks} marks
 * @property {(hit: Hit, found: FoundRoom, element: HTMLElement) => void} onPlay
 */

/**
 * @param {Hit} hit
 * @param {HitParts} parts
 */
export function hitElement(hit, parts) {
  const element = make("li", { class: "hit" });
  element.append(
    besideElement("before", hit.before),
    make("p", { class: "hit-head" }),
    make("p", { class: "hit-text", dir: "auto" }),
    besideElement("after", hit.after),
    actions(hit, parts, element),
  );
  return element;
}

/** @type {WeakMap<HTMLElement, string>} what each element shows */
const shownIn = new WeakMap();

/**
 * Show a hit as it is in the newest answer; what is the same is not touched.
 * @param {HTMLElement} element
 * @param {Hit} hit
 * @param {import("./speaker-marks.js").SpeakerMarks} marks
 */
export function updateHit(element, hit, marks) {
  const [head, text] = /** @type {[HTMLElement, HTMLElement]} */ ([element.querySelector(".hit-head"), element.querySelector(".hit-text")]);
  const shown = JSON.stringify([hit.snippet, hit.marks, hit.corrected]);
  if (shownIn.get(element) !== shown) {
    shownIn.set(element, shown);
    head.replaceChildren(...headOf(hit));
    if (hit.language) text.lang = hit.language;
    text.replaceChildren(...nodesOf(hit.snippet, textMarks(hit.snippet, hit.marks)));
  }
  marks.draw(/** @type {HTMLElement} */ (head.querySelector(".marked-name")), hit.speaker);
}

/** @param {Hit} hit */
function headOf({ speaker, at, corrected }) {
  const name = make("bdi", { class: "speaker" }, speaker?.name || strings.captions.unknownSpeaker);
  const time = make("time", { datetime: isoDuration(at) }, clock(at));
  const more = corrected ? [" · ", make("span", { class: "quiet" }, strings.finding.corrected)] : [];
  return [make("span", { class: "marked-name" }, markPlace(), name), " · ", time, ...more];
}

/**
 * @param {"before" | "after"} place
 * @param {Beside | null} beside
 */
function besideElement(place, beside) {
  const element = make("p", { class: `hit-beside ${place}`, hidden: !beside });
  if (!beside) return element;
  const name = typeof beside.speaker === "string" ? beside.speaker : beside.speaker?.name;
  element.append(
    make("span", { class: "visually-hidden" }, `${strings.finding[place]} `),
    make("bdi", {}, name || strings.captions.unknownSpeaker),
    ": ",
    make("bdi", { class: "beside-text" }, beside.text),
  );
  return element;
}

/**
 * @param {Hit} hit
 * @param {HitParts} parts
 * @param {HTMLElement} element
 */
function actions(hit, { found, onPlay }, element) {
  const { finding } = strings;
  const at = clock(hit.at);
  const place = make("div", { class: "hit-actions" });
  if (!hit.recording) {
    const label = `${finding.noRecording} ${finding.transcriptAt(at)}`;
    const isLive = found.room.state === "live";
    const link = isLive
      ? make("a", { href: hit.url, class: "button handle", "aria-label": finding.toRoomOf(found.room.title) }, finding.toRoom)
      : make("a", { href: hit.url, class: "button handle", "aria-label": label }, finding.transcript);
    place.append(...(isLive ? [] : [make("span", { class: "quiet" }, finding.noRecording)]), link);
    return place;
  }
  const who = hit.speaker?.name || strings.captions.unknownSpeaker;
  const play = make("button", { type: "button", class: "button handle play", "aria-label": finding.playOf(at, who) }, finding.play(at));
  play.addEventListener("click", () => onPlay(hit, found, element));
  place.append(play, make("a", { href: hit.url, class: "button plain", "aria-label": finding.openAt(at) }, finding.open));
  return place;
}

/**
 * Show whether a hit is played.
 * @param {HTMLElement} element
 * @param {Hit} hit
 * @param {boolean} playing
 */
export function showPlaying(element, hit, playing) {
  const { finding } = strings;
  const at = clock(hit.at);
  const who = hit.speaker?.name || strings.captions.unknownSpeaker;
  const button = element.querySelector(".play");
  if (!button) return;
  element.classList.toggle("playing", playing);
  button.textContent = playing ? finding.stop : finding.play(at);
  button.setAttribute("aria-label", playing ? finding.stopOf(at) : finding.playOf(at, who));
}

/**
 * The facts of a room, as nodes with dots between.
 * @param {FoundRoom} found
 * @param {string} date
 */
export function factsOf({ room, track }, date) {
  const { finding, rooms } = strings;
  const facts = [
    make("span", {}, rooms.host(""), make("bdi", {}, room.host.name)),
    date,
    room.private ? finding.private : "",
    track ? finding.translation(languageName(track)) : "",
  ].filter(Boolean);
  return facts.flatMap((fact, index) => (index ? [" · ", fact] : [fact]));
}
