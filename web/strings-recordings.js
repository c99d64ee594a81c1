/** @file What the pages say about recordings. */

import { seconds } from "./strings-amounts.js";

export const recordingStrings = {
  recordings: {
    title: "Recordings",
    empty: "There are no recordings yet. A room that is recorded appears here.",
    open: (/** @type {string} */ title) => `Play ${title}`,
    inProgress: "Still being recorded",
    length: (/** @type {string} */ clock) => `Length ${clock}`,
    download: "Download",
    audioAs: (/** @type {string} */ format) => `Sound (${format})`,
    transcriptAs: (/** @type {string} */ format) => `Transcript (${format})`,
    of: (/** @type {string} */ what, /** @type {string} */ title) => `${what} of ${title}`,
    /** @type {Record<string, string>} */
    lossReasons: {
      "disk full": "the disk was full",
      "disk error": "the disk failed",
      "not on disk": "it was not on the disk any more",
      "tap-lost": "the recorder could not keep up",
      "no usable packet": "it was damaged",
    },
    loss(/** @type {number} */ length, /** @type {string} */ reason) {
      return `${seconds(length)} without sound: ${this.lossReasons[reason] ?? "the reason is not known"}`;
    },
    startsAt: (/** @type {string} */ from) => `Recorded from ${from} on.`,
    span: (/** @type {string} */ from, /** @type {string} */ to) => `${from} to ${to}`,
    offRecord: (/** @type {string[]} */ spans) => `Off the record from ${spans.join(" and from ")}: silence.`,
    losses: (/** @type {number} */ length) => `${seconds(length)} of sound could not be recorded.`,
    missing: "This recording does not exist.",
  },
  player: {
    title: "Recording",
    audio: "Recording",
    transcript: "Transcript",
    words: "What was said",
    hint: "Choose a caption to hear it. Arrow keys move, Enter plays.",
    follow: "Keep the caption that is heard in view",
    noTranscript: "Nothing was said in this recording.",
    noMedia: "The recording is not finished yet. Come back in a moment.",
    failed: "The sound could not be played.",
    settings: "Caption settings",
  },
};
