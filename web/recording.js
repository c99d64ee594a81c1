/** @file A recording: its sound, and the captions that lead through it. */

import { overlapMark } from "./caption-blocks.js";
import { byId, fillTexts, make, setText } from "./dom.js";
import { gapText } from "./gap-text.js";
import { ApiError, api, request, authorization } from "./http.js";
import { indexAt } from "./playback.js";
import { momentOf, rangeText, saidIn } from "./quote.js";
import { QuoteMode } from "./quote-mode.js";
import { downloads, lossesOf, soundLost } from "./recording-links.js";
import { RecordingProgress } from "./recording-progress.js";
import { recordingQuotes } from "./recording-quotes.js";
import { SessionUi } from "./session-ui.js";
import { listenForShortcuts } from "./shortcuts.js";
import { SpeakerMarks, markPlace } from "./speaker-marks.js";
import { strings } from "./strings.js";
import { styleDialog } from "./style-dialog.js";
import { StyleKeeper, dress } from "./style-keeper.js";
import { clock, dateText, isoDuration } from "./times.js";

/**
 * @typedef {import("./types.js").Recording} Recording
 * @typedef {{id: string, start: number, end: number, text: string,
 *   language?: string, speaker: import("./types.js").Person | string | null,
 *   overlap?: import("./types.js").Person[]}} Item
 * @typedef {{start: number, end: number, reason: string}} Gap
 * @typedef {{items?: Item[], captions?: Item[], gaps?: Gap[]}} Transcript
 */

const id = decodeURIComponent(location.pathname.split("/").filter(Boolean)[1] ?? "");
fillTexts(document);
const session = new SessionUi(byId("session"));
const keeper = new StyleKeeper();
const marks = new SpeakerMarks("");
const player = byId("player", HTMLAudioElement);
const list = byId("turns");
const region = byId("captions");
/** @type {Item[]} */
let items = [];
/** @type {HTMLButtonElement[]} */
let buttons = [];
let heard = -1;
/** @type {Recording | null} */
let recording = null;
const progress = new RecordingProgress(byId("player-progress"), byId("player-status"));
const quoteSource = recordingQuotes({ region, recording: () => recording, items: () => items, buttons: () => buttons });
const quotes = new QuoteMode(quoteSource, (text) => setText(byId("status"), text));

async function load() {
  try {
    /** @type {Recording} */
    const found = await api("GET", `/recordings/${encodeURIComponent(id)}`);
    recording = found;
    byId("page-error").hidden = true;
    showRecording(found);
    marks.roomIs(found.room_id);
    await loadTranscript(found);
    if (found.phase !== "finished") void untilFinished(found);
  } catch (error) {
    const missing = error instanceof ApiError && error.status === 404;
    setText(byId("page-error"), missing ? strings.recordings.missing : /** @type {Error} */ (error).message);
    byId("page-error").hidden = false;
  }
  byId("loading").hidden = true;
}

/** @param {Recording} recording */
function showRecording(recording) {
  setText(byId("title"), recording.title);
  document.title = `${recording.title} · ${strings.brand}`;
  const length = strings.recordings.length(clock(recording.duration_s));
  setText(byId("facts"), `${dateText(recording.started_at)} · ${length}`);
  showDownloads(recording);
  const sources = recording.media.map(({ url }) => make("source", { src: url }));
  const playable = recording.phase === "finished" && sources.length > 0;
  player.hidden = !playable;
  if (!playable) return progress.show(recording);
  progress.end();
  player.append(...sources);
  player.load();
}

/** @param {Recording} recording */
function showDownloads(recording) {
  const place = byId("downloads");
  const focused = place.contains(document.activeElement) && document.activeElement;
  const losses = lossesOf(recording);
  place.replaceChildren(...(losses ? [losses] : []), downloads(recording));
  if (!(focused instanceof HTMLAnchorElement)) return;
  [...place.querySelectorAll("a")].find(({ href }) => href === focused.href)?.focus({ preventScroll: true });
}

/**
 * Ask again until the recording can be played.
 * @param {Recording} before
 */
async function untilFinished(before) {
  const wait = before.phase === "recording" ? 5000 : 1000;
  await new Promise((resume) => setTimeout(resume, wait));
  /** @type {Recording} */
  const now = await api("GET", `/recordings/${encodeURIComponent(id)}`).catch(() => before);
  if (now.phase === "finished") {
    recording = now;
    showRecording(now);
    await renewTranscript(now);
    return;
  }
  progress.show(now);
  void untilFinished(now);
}

/**
 * Show what was said since the page was opened, and leave the reader where they are.
 * @param {Recording} recording
 */
async function renewTranscript(recording) {
  const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  const transcript = await transcriptOf(recording);
  if ((transcript.items ?? transcript.captions ?? []).length === items.length) return;
  showTranscript(transcript);
  if (at >= 0) focusable(at)?.focus({ preventScroll: true });
}

/** @param {Recording} recording */
async function loadTranscript(recording) {
  showTranscript(await transcriptOf(recording));
  goToMoment(recording.duration_s);
}

/**
 * @param {Recording} recording
 * @returns {Promise<Transcript>}
 */
async function transcriptOf(recording) {
  const url = new URL(recording.transcript_url, location.href);
  url.searchParams.set("format", "json");
  const response = await request(url.href, { headers: authorization() });
  return response.json();
}

/**
 * Stand at the moment that the address asks for, with its captions marked and focused.
 * @param {number} lengthS
 */
function goToMoment(lengthS) {
  const wanted = momentOf(location.search, "t");
  if (wanted === undefined) return;
  byId("moment").hidden = false;
  if (wanted === null) {
    setText(byId("moment"), strings.moment.unreadable);
    return;
  }
  seek(wanted.from);
  const said = saidIn(items, wanted);
  for (const item of said) markQuoted(items.indexOf(item));
  const at = said[0] ? items.indexOf(said[0]) : Math.max(0, indexAt(items, wanted.from));
  buttons[at]?.scrollIntoView({ block: "center" });
  focusable(at)?.focus({ preventScroll: true });
  setText(byId("moment"), momentText(wanted, said.map(speakerOf), lengthS));
}

/** @param {number} index */
function markQuoted(index) {
  const caption = buttons[index]?.querySelector(".caption");
  caption?.classList.add("quoted");
  caption?.setAttribute("role", "mark");
}

/**
 * @param {{from: number, to: number}} moment
 * @param {string[]} speakers
 * @param {number} lengthS
 */
function momentText(moment, speakers, lengthS) {
  const { recording: there, recordingNothing, recordingEnds } = strings.moment;
  const range = rangeText(moment);
  if (speakers.length) return there([...new Set(speakers)].join(", "), range);
  return moment.from > lengthS ? recordingEnds(range, clock(lengthS)) : recordingNothing(range);
}

/** @param {Transcript} transcript */
function showTranscript(transcript) {
  const all = transcript.items ?? transcript.captions ?? [];
  items = all.filter((item) => item.text).sort((one, other) => one.start - other.start);
  buttons = items.map((item, i) => captionButton(item, i));
  const rows = items.map((item, i) => ({ start: item.start, row: captionRow(item, i) }));
  for (const gap of transcript.gaps ?? []) rows.push({ start: gap.start, row: gapRow(gap) });
  for (const loss of soundLost(recording)) rows.push({ start: loss.start_s, row: lossRow(loss) });
  rows.sort((one, other) => one.start - other.start);
  list.replaceChildren(...rows.map(({ row }) => row));
  byId("empty").hidden = rows.length > 0;
}

/** @param {import("./types.js").Loss} loss */
function lossRow({ start_s: start, duration_s: length, reason }) {
  const time = make("time", { datetime: isoDuration(start) }, clock(start));
  return make("li", { class: "gap" }, time, " ", strings.recordings.loss(length, reason));
}

/** @param {Gap} gap */
function gapRow(gap) {
  const time = make("time", { datetime: isoDuration(gap.start) }, clock(gap.start));
  return make("li", { class: "gap" }, time, " ", gapText(gap));
}

/**
 * @param {Item} item
 * @param {number} index
 */
function captionButton(item, index) {
  const time = make("time", { datetime: isoDuration(item.start) }, clock(item.start));
  const text = make("span", { class: "caption", dir: "auto", lang: item.language || null }, item.text);
  const button = make("button", { type: "button", class: "cue", tabindex: index ? -1 : 0 }, time, " ", text);
  if (item.overlap?.length) button.append(" ", overlapMark(item.overlap));
  button.addEventListener("click", () => {
    seek(item.start);
    focusable(index);
    void player.play().catch(() => setText(byId("player-status"), strings.player.failed));
  });
  return button;
}

/**
 * @param {Item} item
 * @param {number} index
 */
function captionRow(item, index) {
  const [name, before] = [speakerOf(item), index ? speakerOf(/** @type {Item} */ (items[index - 1])) : ""];
  const head = make("p", { class: "turn-head" }, markPlace(), make("bdi", { class: "speaker" }, name));
  if (typeof item.speaker === "object") marks.draw(head, item.speaker);
  return make("li", { class: "turn" }, name === before ? null : head, /** @type {Node} */ (buttons[index]));
}

/** @param {Item} item */
function speakerOf({ speaker }) {
  const name = typeof speaker === "string" ? speaker : speaker?.name;
  return name || strings.captions.unknownSpeaker;
}

/** @param {number} time */
function seek(time) {
  player.currentTime = time;
  highlight(time);
}

/** @param {number} time */
function highlight(time) {
  const now = indexAt(items, time);
  if (now === heard) return;
  buttons[heard]?.removeAttribute("aria-current");
  heard = now;
  const button = buttons[now];
  button?.setAttribute("aria-current", "true");
  const follows = byId("follow", HTMLInputElement).checked && !quotes.active;
  if (button && follows) keepInView(button);
}

/** @param {HTMLElement} element */
function keepInView(element) {
  const [box, view] = [element.getBoundingClientRect(), region.getBoundingClientRect()];
  const outside = box.top < view.top || box.bottom > view.bottom;
  if (outside) region.scrollTop += box.top - view.top - view.height / 3;
}

/**
 * Only one caption is a tab stop; arrow keys move it.
 * @param {number} index
 */
function focusable(index) {
  for (const button of buttons) button.tabIndex = -1;
  const button = buttons[index];
  if (button) button.tabIndex = 0;
  return button;
}

/** @param {KeyboardEvent} event */
function moveInList(event) {
  const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  if (at < 0) return;
  const last = buttons.length - 1;
  /** @type {Record<string, number>} */
  const places = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last };
  const to = places[event.key];
  if (to === undefined) return;
  event.preventDefault();
  focusable(Math.min(last, Math.max(0, to)))?.focus();
}

list.addEventListener("keydown", moveInList);
player.addEventListener("timeupdate", () => highlight(player.currentTime));
player.addEventListener("error", () => setText(byId("player-status"), strings.player.failed), true);
marks.onChange = () => {
  items.forEach(({ speaker }, i) => {
    const head = /** @type {HTMLElement | null} */ (buttons[i]?.parentElement?.querySelector(".turn-head"));
    if (head && typeof speaker === "object") marks.draw(head, speaker);
  });
};
keeper.onChange(() => {
  dress(byId("panel"), keeper.style);
  marks.styleIs(keeper.style.speakers);
});
const settings = { opener: byId("settings"), captions: region };
byId("settings").addEventListener("click", styleDialog(keeper, settings));
listenForShortcuts({ quote: () => quotes.toggle() });
session.onChange = () => {
  void keeper.fetch();
  if (!recording) void load(); // it may be one that only who is signed in may hear
};
await session.restore();
await Promise.all([keeper.fetch(), load()]);
