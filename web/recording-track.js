/** @file A recording's captions as a track of its player, for who reads them with the browser's own tools. */

import { make } from "./dom.js";
import { authorization, request } from "./http.js";
import { strings } from "./strings.js";

/**
 * Give a player its captions when it first plays. A private room's need who is signed in, which a
 * browser would not say: they are fetched, and given as a file of this page.
 * @param {HTMLMediaElement} player
 * @param {string} transcriptUrl
 * @param {string} language of what was said, empty when it is not known
 */
export function captionsTrack(player, transcriptUrl, language) {
  player.addEventListener("play", () => void addTrack(player, transcriptUrl, language), { once: true });
}

/**
 * @param {HTMLMediaElement} player
 * @param {string} transcriptUrl
 * @param {string} language
 */
async function addTrack(player, transcriptUrl, language) {
  const url = new URL(transcriptUrl, location.href);
  url.searchParams.set("format", "vtt");
  const response = await request(url.href, { headers: authorization() }).catch(() => null);
  if (!response) return; // the transcript is on the page
  const src = URL.createObjectURL(await response.blob());
  player.append(make("track", { kind: "captions", src, srclang: language || null, label: strings.player.captions }));
}
