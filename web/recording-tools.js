/** @file What hosts can do with a recording: one closed section, with one module a tool. */

import { byId } from "./dom.js";

/**
 * @typedef {import("./types.js").Recording} Recording
 *
 * @typedef {object} Tool a new one is a module with its strings, and an entry where the page lists its tools
 * @property {HTMLElement} element what `toolSection` makes; hidden while there is nothing to do
 * @property {(recording: Recording) => void} show is told what the recording is like, whenever that is read anew
 */

/** The section; nobody but hosts is shown it. */
export class RecordingTools {
  #place = byId("tools", HTMLDetailsElement);
  #tools;

  /** @param {readonly Tool[]} tools in their order */
  constructor(tools) {
    this.#tools = tools;
    byId("tool-list").append(...tools.map(({ element }) => element));
  }

  /** @param {Recording} recording */
  show(recording) {
    this.#place.hidden = !recording.may_decide;
    if (recording.may_decide) for (const tool of this.#tools) tool.show(recording);
  }
}
