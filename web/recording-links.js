/** @file What can be said and downloaded of a recording, for the list and for its own page. */

import { make } from "./dom.js";
import { strings } from "./strings.js";

/** @typedef {import("./types.js").Recording} Recording */

const TRANSCRIPTS = ["txt", "vtt", "srt", "json"];

/**
 * What was lost of a recording, in words; null when nothing was.
 * @param {Recording} recording
 */
export function lossesOf(recording) {
  const lost = (recording.losses ?? []).reduce((sum, loss) => sum + loss.duration_s, 0);
  return lost ? make("p", { class: "facts" }, strings.recordings.losses(lost)) : null;
}

/**
 * Links to the sound and to the transcript in every format.
 * @param {Recording} recording
 */
export function downloads({ title, media, transcript_url: transcript }) {
  const { recordings } = strings;
  const sounds = (media ?? []).map(({ format, url }) =>
    downloadLink(url, recordings.audioAs(format), title),
  );
  const texts = TRANSCRIPTS.map((format) => {
    const url = new URL(transcript, location.href);
    url.searchParams.set("format", format);
    url.searchParams.set("download", "1");
    return downloadLink(url.href, recordings.transcriptAs(format), title);
  });
  return make("p", { class: "links" }, ...sounds, ...texts);
}

/**
 * @param {string} href
 * @param {string} what
 * @param {string} title
 */
function downloadLink(href, what, title) {
  const label = strings.recordings.of(what, title);
  return make("a", { href, download: true, "aria-label": label }, what);
}
