/** @file What can be said and downloaded of a recording, for the list and for its own page. */

import { languageName } from "./caption-track.js";
import { make } from "./dom.js";
import { NOT_YET, lengthOf, soundStart } from "./edited-time.js";
import { signed } from "./http.js";
import { strings } from "./strings.js";
import { clock } from "./times.js";

/** @typedef {import("./types.js").Recording} Recording */

const OFF_RECORD = "off-record";
const TRANSCRIPTS = ["txt", "docx", "vtt", "srt", "ttml", "json"];

/**
 * What was lost of a recording, in words; null when nothing was.
 * @param {Recording} recording
 */
export function lossesOf(recording) {
  const { recordings } = strings;
  const lost = soundLost(recording).reduce((sum, loss) => sum + loss.duration_s, 0);
  const spans = (recording.losses ?? []).filter(({ reason }) => reason === OFF_RECORD).map(spanOf);
  const start = soundStart(recording);
  const facts = [
    start ? recordings.startsAt(clock(start)) : "",
    spans.length ? recordings.offRecord(spans) : "",
    lost ? recordings.losses(lost) : "",
    recording.cuts?.length ? recordings.cut(recording.cuts.length, lengthOf(recording.cuts)) : "",
  ].filter(Boolean);
  return facts.length ? make("p", { class: "facts" }, facts.join(" ")) : null;
}

/**
 * What could not be recorded; neither what was off the record nor what came before the start.
 * @param {Recording | null} recording
 */
export function soundLost(recording) {
  return (recording?.losses ?? []).filter(({ reason }) => reason !== OFF_RECORD && reason !== NOT_YET);
}

/** @param {import("./types.js").Loss} loss */
function spanOf({ start_s: start, duration_s: length }) {
  return strings.recordings.span(clock(start), clock(start + length));
}

/**
 * Links to the sound and to the transcript in every format, and to each translation.
 * @param {Recording} recording
 */
export function downloads({ title, media, transcript_url: transcript, tracks = [] }) {
  const { recordings } = strings;
  const sounds = (media ?? []).map(({ format, url }) =>
    downloadLink(url, recordings.audioAs(format), title),
  );
  const texts = ["", ...tracks].map((track) => TRANSCRIPTS.map((format) => {
    const kind = recordings.kinds[format] ?? format;
    const what = track ? `${kind}, ${languageName(track)}` : kind;
    return downloadLink(transcriptUrl(transcript, { format, track, download: "1" }), recordings.transcriptAs(what), title);
  }));
  const [spoken = [], ...translated] = texts;
  const lines = [[...sounds, ...spoken], ...translated];
  return make("div", {}, ...lines.map((links) => make("p", { class: "links" }, ...links)));
}

/**
 * @param {string} transcript where a recording's transcripts are
 * @param {Record<string, string>} wanted empty values are left out
 */
export function transcriptUrl(transcript, wanted) {
  const url = new URL(transcript, location.href);
  for (const [name, value] of Object.entries(wanted)) if (value) url.searchParams.set(name, value);
  return url.href;
}

/**
 * @param {string} href
 * @param {string} what
 * @param {string} title
 * @param {string} [label] by which it is known where its text does not say enough
 */
export function downloadLink(href, what, title, label = strings.recordings.of(what, title)) {
  const link = make("a", { href, download: true, "aria-label": label }, what);
  // Only while it is followed: who copies the address does not give away who they are.
  link.addEventListener("click", () => {
    const now = link.getAttribute("href") ?? href;
    link.href = signed(now);
    setTimeout(() => link.setAttribute("href", now));
  });
  return link;
}
