/** @file A recording's captions as tracks of its player, for who reads them with the browser's own tools. */

import { languageName } from "./caption-track.js";
import { make } from "./dom.js";
import { authorization, request } from "./http.js";
import { transcriptUrl } from "./recording-links.js";
import { strings } from "./strings.js";

/** @typedef {import("./types.js").Recording} Recording */

let asked = new AbortController();

/**
 * Give a player its captions when it first plays. A private room's need who is signed in, which a
 * browser would not say: they are fetched, and given as a file of this page. Those of what it played
 * before are taken away.
 * @param {HTMLMediaElement} player
 * @param {Recording} recording
 * @param {string} language of what was said, empty when it is not known
 */
export function captionsTrack(player, { transcript_url: url, tracks = [] }, language) {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const modes = takeAway(player);
  const add = async () => {
    await addTrack(player, url, { kind: "captions", srclang: language || null, label: strings.player.captions }, "", signal);
    for (const track of tracks) {
      const label = strings.captions.translated(languageName(track));
      await addTrack(player, url, { kind: "subtitles", srclang: track, label }, track, signal);
    }
  };
  if (player.paused) player.addEventListener("play", () => void add(), { once: true, signal });
  else void add();

  /** What was being read goes on being shown. */
  player.textTracks.addEventListener(
    "addtrack",
    ({ track }) => {
      const mode = track && modes.get(track.label);
      if (track && mode) track.mode = mode;
    },
    { signal },
  );
}

/**
 * @param {HTMLMediaElement} player
 * @returns {Map<string, TextTrackMode>} how each track was shown, by its label
 */
function takeAway(player) {
  const modes = new Map();
  for (const element of player.querySelectorAll("track")) {
    modes.set(element.label, element.track.mode);
    URL.revokeObjectURL(element.src);
    element.remove();
  }
  return modes;
}

/**
 * @param {HTMLMediaElement} player
 * @param {string} transcript
 * @param {Record<string, string | null>} attributes
 * @param {string} track
 * @param {AbortSignal} signal
 */
async function addTrack(player, transcript, attributes, track, signal) {
  const url = transcriptUrl(transcript, { format: "vtt", track });
  const response = await request(url, { headers: authorization(), signal }).catch(() => null);
  if (!response) return; // the transcript is on the page
  const file = await response.blob();
  if (!signal.aborted) player.append(make("track", { ...attributes, src: URL.createObjectURL(file) }));
}
