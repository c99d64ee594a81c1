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

/** @type {WeakMap<HTMLElement, Hit>} what each element shows */
const shownIn = new WeakMap();

/**
 * @param {Hit} hit
 * @param {HitParts} parts
 */
export function hitElement(hit, parts) {
  const element = make("li", { class: "hit" });
  element.append(
    make("p", { class: "hit-beside before" }),
    make("p", { class: "hit-head" }),
    make("p", { class: "hit-text", dir: "auto" }),
    make("p", { class: "hit-beside after" }),
    actions(hit, parts, element),
  );
  return element;
}

/**
 * Show a hit as it is in the newest answer; what is the same is not touched.
 * @param {HTMLElement} element
 * @param {Hit} hit
 * @param {Pick<HitParts, "found" | "marks">} parts
 */
export function updateHit(element, hit, { found, marks }) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
  if (JSON.stringify(shownIn.get(element)) !== JSON.stringify(hit)) {
    shownIn.set(element, hit);
    part(".hit-head").replaceChildren(...headOf(hit));
    const text = part(".hit-text");
    if (hit.language) text.lang = hit.language;
    text.replaceChildren(...nodesOf(hit.snippet, textMarks(hit.snippet, hit.marks)));
    for (const place of /** @type {const} */ (["before", "after"])) drawBeside(part(`.${place}`), place, hit[place]);
    drawActions(element, hit, found);
  }
  marks.draw(part(".marked-name"), hit.speaker);
}

/** @param {Hit} hit */
function headOf({ speaker, at, corrected }) {
  const name = make("bdi", { class: "speaker" }, speaker?.name || strings.captions.unknownSpeaker);
  const time = make("time", { datetime: isoDuration(at) }, clock(at));
  const more = corrected ? [" · ", make("span", { class: "quiet" }, strings.finding.corrected)] : [];
  return [make("span", { class: "marked-name" }, markPlace(), name), " · ", time, ...more];
}

/**
 * @param {HTMLElement} element
 * @param {"before" | "after"} place
 * @param {Beside | null} beside
 */
function drawBeside(element, place, beside) {
  element.hidden = !beside;
  if (!beside) return element.replaceChildren();
  const name = typeof beside.speaker === "string" ? beside.speaker : beside.speaker?.name;
  element.replaceChildren(
    make("span", { class: "visually-hidden" }, `${strings.finding[place]} `),
    make("bdi", {}, name || strings.captions.unknownSpeaker),
    ": ",
    make("bdi", { class: "beside-text" }, beside.text),
  );
}

/**
 * @param {Hit} hit
 * @param {HitParts} parts
 * @param {HTMLElement} element
 */
function actions(hit, { found, onPlay }, element) {
  const { finding } = strings;
  const place = make("div", { class: "hit-actions" });
  if (!hit.recording) {
    const isLive = found.room.state === "live";
    const link = make("a", { class: "button handle" }, isLive ? finding.toRoom : finding.transcript);
    place.append(...(isLive ? [] : [make("span", { class: "quiet" }, finding.noRecording)]), link);
    return place;
  }
  const play = make("button", { type: "button", class: "button handle play" });
  play.addEventListener("click", () => onPlay(shownIn.get(element) ?? hit, found, element));
  place.append(play, make("a", { class: "button plain" }, finding.open));
  return place;
}

/**
 * Where what can be done leads to: another word of the same caption may be what matches.
 * @param {HTMLElement} element
 * @param {Hit} hit
 * @param {FoundRoom} found
 */
function drawActions(element, hit, { room }) {
  const { finding } = strings;
  const at = clock(hit.at);
  const link = /** @type {HTMLAnchorElement} */ (element.querySelector(".hit-actions a"));
  const elsewhere = room.state === "live" ? finding.toRoomOf(room.title) : `${finding.noRecording} ${finding.transcriptAt(at)}`;
  link.href = hit.url;
  link.setAttribute("aria-label", hit.recording ? finding.openAt(at) : elsewhere);
  if (!element.classList.contains("playing")) showPlaying(element, null);
}

/**
 * Show whether a hit is played.
 * @param {HTMLElement} element
 * @param {Hit | null} playing as it was when it began; null where it is not
 */
export function showPlaying(element, playing) {
  const { finding } = strings;
  const hit = playing ?? shownIn.get(element);
  const button = element.querySelector(".play");
  if (!button || !hit) return;
  const at = clock(hit.at);
  const who = hit.speaker?.name || strings.captions.unknownSpeaker;
  element.classList.toggle("playing", playing !== null);
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
