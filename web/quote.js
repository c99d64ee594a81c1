/** @file A moment of a room: what was said in it, the link that leads to it, and where that leads. Pure. */

import { soundStart, toEdited, toRoom } from "./edited-time.js";
import { clock, parseTime } from "./times.js";

/**
 * @typedef {import("./edited-time.js").Cut} Cut
 *
 * @typedef {object} Said a caption, live or in a recording
 * @property {string} id
 * @property {number} start
 * @property {number} end
 * @property {string} text
 * @property {string} speaker a name
 * @property {number} instance
 *
 * @typedef {{instance: number, from: number, to: number}} Moment seconds in an instance's clock;
 *   instance 0 is the newest one
 *
 * @typedef {object} Quote
 * @property {Moment} moment
 * @property {{speaker: string, text: string}[]} turns
 * @property {string} title the room's
 * @property {string} link
 */

/** Times in links have three decimals. */
const ROUNDING_S = 0.002;

/**
 * @param {readonly Said[]} captions one at least, of one instance, in their order
 * @param {{title: string, roomId: string, origin: string, cuts?: readonly Cut[]}} room its link has the
 *   room's times, whatever is cut from the recording that the captions are of
 * @returns {Quote}
 */
export function quoteOf(captions, { title, roomId, origin, cuts = [] }) {
  const moment = {
    instance: captions[0]?.instance ?? 0,
    from: Math.min(...captions.map(({ start }) => start)),
    to: Math.max(...captions.map(({ end }) => end)),
  };
  const there = { ...moment, from: toRoom(moment.from, cuts), to: toRoom(moment.to, cuts) };
  return { moment, turns: turnsOf(captions), title, link: linkTo(there, { roomId, origin }) };
}

/** @param {readonly Said[]} captions */
function turnsOf(captions) {
  /** @type {{speaker: string, text: string}[]} */
  const turns = [];
  for (const { speaker, text } of captions) {
    const last = turns.at(-1);
    if (last?.speaker === speaker) last.text += ` ${text.trim()}`;
    else turns.push({ speaker, text: text.trim() });
  }
  return turns;
}

/**
 * A moment's link: it does not change when the room ends.
 * @param {Moment} moment
 * @param {{roomId: string, origin: string}} room
 */
export function linkTo({ instance, from, to }, { roomId, origin }) {
  const query = new URLSearchParams({ instance: String(instance), from: number(from), to: number(to) });
  return `${origin}/rooms/${encodeURIComponent(roomId)}?${query}`;
}

/**
 * The recording of an instance that leads to a moment: the part that has its sound, else the newest.
 * @param {readonly import("./types.js").Recording[]} recordings the newest first
 * @param {Moment} moment
 */
export function partOf(recordings, { instance, from }) {
  const parts = recordings.filter((one) => one.instance === instance);
  const holds = (/** @type {import("./types.js").Recording} */ one) => {
    const { duration_s: length, cuts = [] } = one;
    return toRoom(soundStart(one), cuts) <= from && from < toRoom(length, cuts);
  };
  return parts.find(holds) ?? parts[0];
}

/**
 * Where a recording's page shows the moment.
 * @param {{id: string, cuts?: readonly Cut[]}} recording
 * @param {Moment} moment
 */
export function recordingLink({ id, cuts = [] }, { from, to }) {
  const query = new URLSearchParams({ t: number(toEdited(from, cuts)), to: number(toEdited(to, cuts)) });
  return `/recordings/${encodeURIComponent(id)}?${query}`;
}

/** @param {number} seconds */
function number(seconds) {
  return String(Number(seconds.toFixed(3)));
}

/**
 * The moment that an address asks for.
 * @param {string} search
 * @param {string} [begin] the name of its beginning
 * @returns {Moment | null | undefined} null when it cannot be read, undefined when there is none
 */
export function momentOf(search, begin = "from") {
  const query = new URLSearchParams(search);
  if (!query.has(begin)) return undefined;
  const from = parseTime(query.get(begin));
  const to = query.has("to") ? parseTime(query.get("to")) : from;
  const instance = query.get("instance") ?? "0";
  if (from === null || to === null || !/^\d{1,9}$/.test(instance)) return null;
  return { instance: Number(instance), from, to: Math.max(from, to) };
}

/**
 * Whether something was said from its beginning to its end in a moment.
 * @param {{start: number, end: number}} said
 * @param {{from: number, to: number}} moment
 */
export function isWithin({ start, end }, { from, to }) {
  return start > from - ROUNDING_S && end < to + ROUNDING_S;
}

/**
 * What was said in a moment. Where nothing was from beginning to end, as translations are cut
 * elsewhere, it is what was going on in the moment's middle.
 * @template {{start: number, end: number}} T
 * @param {readonly T[]} captions
 * @param {{from: number, to: number}} moment
 * @returns {T[]}
 */
export function saidIn(captions, moment) {
  const within = captions.filter((one) => isWithin(one, moment));
  const middle = (moment.from + moment.to) / 2;
  return within.length ? within : captions.filter(({ start, end }) => start <= middle && middle < end);
}

/**
 * @param {{from: number, to: number}} moment
 * @returns {string} such as `1:02–1:05`
 */
export function rangeText({ from, to }) {
  const [first, last] = [clock(from), clock(to)];
  return first === last ? first : `${first}–${last}`;
}

/**
 * Who speaks in a quote, each once.
 * @param {Quote} quote
 */
export function speakersOf({ turns }) {
  return [...new Set(turns.map(({ speaker }) => speaker))];
}

/** @param {Quote} quote */
export function plainText(quote) {
  const { turns, title, moment, link } = quote;
  const [only] = turns.length === 1 ? turns : [];
  const words = only ? `“${only.text}”` : turns.map(({ speaker, text }) => `${speaker}: ${text}`).join("\n");
  const from = only ? `${only.speaker}, ` : "";
  return `${words}\n— ${from}${title}, ${rangeText(moment)}\n${link}`;
}

/** @param {Quote} quote */
export function htmlText(quote) {
  const { turns, title, moment, link } = quote;
  const [only] = turns.length === 1 ? turns : [];
  const words = turns.map(({ speaker, text }) => {
    const name = only ? "" : `<b>${escaped(speaker)}:</b> `;
    return `<p dir="auto">${name}${escaped(text)}</p>`;
  });
  const from = only ? `${escaped(only.speaker)}, ` : "";
  const source = `<a href="${escaped(link)}">${escaped(title)}, ${rangeText(moment)}</a>`;
  return `<blockquote cite="${escaped(link)}">${words.join("")}</blockquote><p>— ${from}${source}</p>`;
}

/** @param {string} text */
function escaped(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
