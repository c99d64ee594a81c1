/** @file What the pages say about files that are imported, and about captions that are made after the room. */

import { listed, own, plural } from "./strings-amounts.js";

const megabytes = (/** @type {number} */ bytes, round = Math.floor) => `${round(bytes / 1e6).toLocaleString("en")} MB`;

export const importStrings = {
  import: {
    open: "Import a file",
    title: "Import an audio or video file",
    file: "File",
    fileHint: (/** @type {number} */ most) => `Any audio or video file of up to ${megabytes(most)}; of a video, its sound.`,
    captions: "Captions (optional)",
    captionsHint: "If you have them as WebVTT or SubRip (.vtt, .srt), they are used as they are, and no recogniser listens.",
    readingCaptions: "Reading the captions…",
    foundCaptions: (/** @type {number} */ count, /** @type {string[]} */ speakers) =>
      `${plural(count, "caption", "captions")}${speakers.length ? `. Speakers: ${listed(speakers)}` : ""}.`,
    wrongCaptions: (/** @type {string} */ name, /** @type {string} */ why) => `${own(name)} cannot be used: ${why}`,
    name: "Title",
    language: "Spoken language",
    private: "Only for me and those who I invite",
    submit: "Import",
    needFile: "Choose a file first.",
    tooLarge: (/** @type {number} */ size, /** @type {number} */ most) =>
      `This file has ${megabytes(size, Math.ceil)}. At most ${megabytes(most)} can be imported here.`,
    diskFull: (/** @type {number} */ size, /** @type {number} */ free) =>
      `The server's disk is too full: this file needs ${megabytes(size, Math.ceil)}, and ${megabytes(free)} are left.`,
    sending: (/** @type {string} */ name, /** @type {number} */ share) =>
      `Sending ${own(name)}: ${Math.floor(share * 100)} %. Stay on this page until it is there.`,
    checking: (/** @type {string} */ name) => `Looking for sound in ${own(name)}…`,
    begun: (/** @type {string} */ name) => `Sending ${own(name)}.`,
    done: (/** @type {string} */ title) => `${own(title)} is here. It is being made ready; you may close this page.`,
    cancel: "Cancel",
    cancelled: "Cancelled. Nothing of the file was kept.",
    failed: (/** @type {string} */ name, /** @type {string} */ why) => `${own(name)} was not imported: ${why}`,
    broken: "the connection was lost. Try again.",
    end: "End this import",
    endOf: (/** @type {string} */ title) => `End the import of ${title}`,
    endTitle: "End this import?",
    endText: "What was made of the file so far is deleted.",
    ended: (/** @type {string} */ title) => `The import of ${own(title)} was ended.`,
  },
  captioning: {
    /** @type {Record<string, string>} */
    steps: {
      captioning: "Captions are being made",
      improving: "Captions are being improved",
    },
    waiting: "Captions wait to be made",
    percent: (/** @type {string} */ step, /** @type {number} */ share) => `${step}: ${Math.floor(share * 100)} %`,
    failed: (/** @type {string} */ note) =>
      `Captions could not be made${note ? `: ${note}` : "."} The recording can be played, and it is tried again when the server starts.`,
    complete: "The captions are complete.",
    improved: (/** @type {number} */ changed, /** @type {number} */ added) =>
      `Improved after the room: ${[plural(changed, "caption", "captions"), added ? `${plural(added, "gap", "gaps")} filled` : ""].filter(Boolean).join(", ")}.`,
    showImproved: "Mark them",
    improvedMark: "(improved)",
  },
};
