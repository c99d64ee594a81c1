/** @file What the captions panel and the page of captions alone say. */

import { listed, plural, seconds } from "./strings-amounts.js";

/** @type {Record<string, string>} */
const gapReasons = {
  overload: "the recogniser could not keep up",
  "engine-restart": "the recogniser had to start again",
  "tap-lost": "the room's sound could not be heard",
  "not-translated": "it could not be translated",
};

export const captionStrings = {
  captions: {
    title: "Captions",
    history: "Caption history",
    emptyLive: "Captions appear here as soon as somebody speaks.",
    emptyScheduled: "The room has not started. Captions appear here by themselves when it does.",
    emptyEnded: "This room has ended, and nothing was said.",
    unknownSpeaker: "Unknown speaker",
    correctedMark: "(corrected)",
    overlap: (/** @type {string[]} */ names) => `(at the same time as ${listed(names)})`,
    gap: (/** @type {number} */ length, /** @type {string} */ reason) =>
      `${seconds(length)} without captions: ${gapReasons[reason] ?? "the reason is not known"}`,
    isOffRecord: (/** @type {string} */ from) => `Off the record from ${from}: what is said now is not kept.`,
    wasOffRecord: (/** @type {string} */ from, /** @type {string} */ to) => `Off the record from ${from} to ${to}`,
    notKept: "(not kept)",
    unpublished: (/** @type {string} */ from, /** @type {string} */ to) =>
      `Not published: what was said from ${from} to ${to}`,
    cut: (/** @type {string} */ from, /** @type {string} */ to) => `A host has cut what was said from ${from} to ${to}`,
    deleted: (/** @type {string} */ from, /** @type {string} */ to) => `Deleted: what was said from ${from} to ${to}`,
    engine: (/** @type {string} */ name, /** @type {string} */ quality) =>
      quality === "basic"
        ? `Basic quality: ${name}. Expect many wrong words.`
        : `Good quality: ${name}. Some words will be wrong.`,
    /** @type {Record<string, string>} */
    connection: {
      connecting: "Connecting…",
      lost: "Connection lost. Reconnecting…",
      closed: "Not connected",
    },
    restored: "Connected again. No caption was lost.",
    connectionLost: "The connection was lost. It is being restored, and no caption will be missing.",
    behind: (/** @type {number} */ delay) => `${delay.toFixed(1)} s behind`,
    down: "Captions have stopped",
    downNote: "Captions have stopped. They are being restarted.",
    back: "Captions are working again.",
    off: "Captions are off",
    beginning: "This is the beginning.",
    place: "You were here",
    loadingOlder: "Loading earlier captions…",
    pause: "Pause",
    paused: "Paused",
    live: "Following live",
    ended: "The room has ended",
    reading: "Reading on. Live captions are added below.",
    catchingUp: (/** @type {number} */ waiting) =>
      waiting ? `Catching up: ${plural(waiting, "caption", "captions")} to go` : "Catching up",
    catchingUpAt: (/** @type {number} */ wpm) => `Catching up at ${wpm} words per minute.`,
    pausedWith: (/** @type {number} */ count) =>
      count ? `Paused. ${plural(count, "new caption", "new captions")}.` : "Paused. No new captions yet.",
    backLive: "Back at live captions.",
    newCount: (/** @type {number} */ count) => plural(count, "new caption", "new captions"),
    toLive: "Jump to live",
    toEnd: "Jump to the end",
    more: "Other ways to go on",
    replay: (/** @type {number} */ count) =>
      count ? `Show ${plural(count, "missed caption", "missed captions")} at once` : "Show everything at once",
    catchUp: "Catch up at reading speed",
    catchUpSpeed: "Words per minute",
    settings: "Caption settings",
    language: "Language of captions",
    asSpoken: (/** @type {string} */ name) => (name ? `As spoken (${name})` : "As spoken"),
    translated: (/** @type {string} */ name) => `${name}, translated`,
    trackAsSpoken: "Captions are in the spoken language now.",
    trackTranslated: (/** @type {string} */ name) =>
      `Captions are in ${name} now. They come some seconds after what is said.`,
    keys: "Keyboard help",
  },
  goTo: {
    open: "Go to…",
    time: "Time in the room",
    hint: "Such as 1:02:03, 12:30, or 90 for seconds.",
    go: "Go",
    first: "The beginning",
    mark: "Mark where I am",
    place: "Go to where you were",
    notATime: "Write a time such as 12:30.",
    offline: "There is no connection now. Try again in a moment.",
    there: "You are there. Captions are paused.",
    nothing: "Nothing was said in this room yet.",
    since: "More was said since you were here. The button Go to where you were leads back.",
    noPlace: "You have no place in this room yet.",
    marked: "Your place is marked.",
  },
  screen: {
    room: "To the room",
    full: "Full screen",
    notFull: "Leave full screen",
    offRecord: "Off the record",
  },
  announce: {
    label: "Screen reader announcements",
    hint: "Late ones are left out. The history has everything.",
    choices: {
      off: "Screen reader: silent",
      sentences: "Screen reader: whole captions",
      speakers: "Screen reader: who speaks",
    },
    now: {
      off: "Captions are not announced.",
      sentences: "Whole captions are announced.",
      speakers: "Who speaks is announced.",
    },
    said: (/** @type {string} */ speaker, /** @type {string} */ text) => `${speaker}: ${text}`,
    speaker: (/** @type {string} */ name) => `${name} speaks.`,
    skipped: (/** @type {number} */ count) => `${plural(count, "caption", "captions")} left out.`,
  },
};
