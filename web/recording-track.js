/** @file A recording's captions as tracks of its player, for who reads them with the browser's own tools. */

import { languageName } from "./caption-track.js";
import { make } from "./dom.js";
import { authorization, request } from "./http.js";
import { transcriptUrl } from "./recording-links.js";
import { strings } from "./strings.js";

/** @typedef {import("./types.js").Recording} Recording */

let asked = new AbortController();
/** @type {Map<string, TextTrackMode>} what was last shown of each, also where it is taken away until it plays */
const modes = new Map();

/**
 * Give a player its captions when it first plays. A private room's need who is signed in, which a
 * browser would not say: they are fetched, and given as a file of this page. They take the place of
 * those of what it played before.
 * @param {HTMLMediaElement} player
 * @param {Recording} recording
 * @param {string} language of what was said, empty when it is not known
 */
export function captionsTrack(player, { transcript_url: url, tracks = [] }, language) {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const wanted = [
    { track: "", kind: "captions", srclang: language || null, label: strings.player.captions },
    ...tracks.map((track) => ({ track, kind: "subtitles", srclang: track, label: strings.captions.translated(languageName(track)) })),
  ];
  const add = async () => {
    const files = await Promise.all(wanted.map(({ track }) => fileOf(url, track, signal)));
    if (signal.aborted) return;
    const made = wanted.flatMap(({ track: _, ...attributes }, index) => {
      const file = files[index];
      return file ? make("track", { ...attributes, src: URL.createObjectURL(file) }) : [];
    });
    replaceTracks(player, made);
  };
  if (!player.paused) return void add();
  replaceTracks(player, []);
  player.addEventListener("play", () => void add(), { once: true, signal });
}

/**
 * @param {string} transcript
 * @param {string} track
 * @param {AbortSignal} signal
 */
async function fileOf(transcript, track, signal) {
  const url = transcriptUrl(transcript, { format: "vtt", track });
  try {
    const response = await request(url, { headers: authorization(), signal });
    return await response.blob();
  } catch {
    return null; // the transcript is on the page
  }
}

/**
 * Take a player's tracks away, and show of the new ones what was shown before.
 * @param {HTMLMediaElement} player
 * @param {readonly HTMLTrackElement[]} made
 */
function replaceTracks(player, made) {
  const key = (/** @type {HTMLTrackElement} */ one) => `${one.kind} ${one.srclang}`;
  for (const old of player.querySelectorAll("track")) {
    modes.set(key(old), old.track.mode);
    URL.revokeObjectURL(old.src);
    old.remove();
  }
  player.append(...made);
  for (const one of made) one.track.mode = modes.get(key(one)) ?? one.track.mode;
}
