/** @file What the pages say about recordings. */

import { seconds } from "./strings-amounts.js";

export const recordingStrings = {
  recordings: {
    title: "Recordings",
    empty: "There are no recordings yet. A room that is recorded appears here.",
    open: (/** @type {string} */ title) => `Play ${title}`,
    inProgress: "Still being recorded",
    finishing: "Being made ready",
    length: (/** @type {string} */ clock) => `Length ${clock}`,
    download: "Download",
    audioAs: (/** @type {string} */ format) => `Sound (${format})`,
    /** @type {Record<string, string>} of files that are known by another name than their ending */
    kinds: { docx: "Word" },
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
    cut: (/** @type {number} */ count, /** @type {number} */ length) =>
      count === 1 ? `A host has cut a passage of ${seconds(length)}.` : `A host has cut ${count} passages, ${seconds(length)} in all.`,
    missing: "This recording does not exist.",
    isUnpublished: "Not published: only hosts have it",
    notPublished:
      "This recording is not published. Its hosts keep it to themselves, and may publish it later. If you are one of them, sign in.",
    all: "See all recordings",
    deleted: "The recording was deleted.",
    archive: {
      legend: "All in one file, with sound as",
      hint: "With transcripts, translations, chapters, the outline, and a list of what is in it and what is not. A format that nobody asked for before is made first: hours of sound take minutes.",
      download: "Download all (zip)",
    },
  },
  player: {
    title: "Recording",
    audio: "Recording",
    transcript: "Transcript",
    words: "What was said",
    hint: "Choose a word to hear it. Arrow keys move, Enter plays.",
    follow: "Follow along: mark the word that is heard, and keep it in view",
    toHeard: "Go to what is heard",
    controls: "Sound",
    place: "Place in the recording",
    position: (/** @type {string} */ at, /** @type {string} */ length, /** @type {string} */ speaker) =>
      `${at} of ${length}${speaker ? `, ${speaker}` : ""}`,
    chapters: "Chapters",
    farBack: "15 s back",
    back: "5 s back",
    forward: "5 s forward",
    farForward: "15 s forward",
    speed: "Speed",
    times: (/** @type {number} */ speed) => `${speed} ×`,
    speedIs: (/** @type {number} */ speed) => `Speed: ${speed} times`,
    skipSilence: "Skip silence",
    skipping: "Silence is skipped.",
    notSkipping: "Silence is heard.",
    skipped: (/** @type {number} */ length) => `${seconds(length)} of silence skipped`,
    skippedSoFar: (/** @type {number} */ length) => `${seconds(length)} skipped so far`,
    downloads: "Downloads",
    captions: "Captions",
    noTranscript: "Nothing was said in this recording.",
    noMedia: "The room is still live. Its recording can be played when it has ended.",
    finishing: "The recording is being made ready. It can be played here in a moment.",
    ready: "The recording is ready to play.",
    steps: {
      waiting: "Waiting for other recordings to be made ready",
      converting: "Converting the file",
      joining: "Joining the recording",
      measuring: "Measuring how loud it is",
      cutting: "Taking out what a host has cut",
      failed: "It could not be made ready yet. What was recorded is safe, and it is tried again.",
    },
    percent: (/** @type {string} */ step, /** @type {number} */ share) =>
      `${step}: ${Math.floor(share * 100)} %`,
    failed: "The sound could not be played.",
    changed: "A host has changed this recording meanwhile. This is how it is now.",
    settings: "Caption settings",
  },
  search: {
    open: "Search",
    field: "Find",
    next: "Next",
    previous: "Previous",
    close: "End search",
    none: "Nothing was found.",
    count: (/** @type {number} */ at, /** @type {number} */ all, /** @type {boolean} */ more) =>
      `${at} of ${all}${more ? " or more" : ""}`,
  },
};
