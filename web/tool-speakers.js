/** @file A tool for hosts: what each speaker sent, as files of their own. */

import { make, setText } from "./dom.js";
import { downloadLink } from "./recording-links.js";
import { strings } from "./strings.js";
import { clock } from "./times.js";
import { ToolSection } from "./tool-section.js";

/** @typedef {import("./types.js").Recording} Recording */

/** A list of links; not there for a recording without such files. */
export class SpeakersTool {
  #section;
  #hint = make("p", { class: "hint" });
  #list = make("ul", { class: "speaker-files" });
  #shown = "";

  constructor() {
    this.#section = new ToolSection("speakers", strings.tools.speakers.heading, this.#hint, this.#list);
  }

  get element() {
    return this.#section.element;
  }

  /**
   * Show what there is, made anew only when that has changed: a link may have the focus.
   * @param {Recording} recording
   */
  show({ speaker_tracks: tracks = [], cuts = [] }) {
    const { hint, whole } = strings.tools.speakers;
    this.element.hidden = tracks.length === 0;
    setText(this.#hint, cuts.length ? `${hint} ${whole}` : hint);
    const shown = JSON.stringify(tracks);
    if (shown !== this.#shown) this.#list.replaceChildren(...tracks.map(item));
    this.#shown = shown;
  }
}

/** @param {import("./types.js").SpeakerTrack} track */
function item({ speaker, url, losses }) {
  const { file, label, lost } = strings.tools.speakers;
  const href = `${url}${url.includes("?") ? "&" : "?"}download=1`;
  const link = downloadLink(href, file(speaker.name), "", label(file(speaker.name)));
  const length = losses.reduce((sum, loss) => sum + loss.duration_s, 0);
  return make("li", {}, make("bdi", {}, link), length ? ` (${lost(clock(length))})` : "");
}
