/** @file What the pages say about quotes, and about moments that links lead to. */

import { plural } from "./strings-amounts.js";

export const quoteStrings = {
  quotes: {
    open: "Quote",
    copiedShort: "Quote copied",
    name: "Quote a moment",
    choose: "Chosen captions",
    hint: "Choose with the arrow keys, a click or a tap. Shift adds captions, Enter copies, Escape leaves.",
    copy: "Copy",
    share: "Share…",
    earlier: "Add the one before",
    later: "Add the one after",
    leave: "Cancel",
    nothing: "There is nothing to quote yet.",
    entered: (/** @type {string} */ chosen) => `Quote a moment. ${chosen}`,
    one: (/** @type {string} */ speaker, /** @type {string} */ time, /** @type {string} */ text) =>
      `${speaker}, ${time}: ${text}`,
    several: (/** @type {number} */ count, /** @type {string} */ last) =>
      `${plural(count, "caption", "captions")} chosen. ${last}`,
    heading: (/** @type {string} */ speakers, /** @type {string} */ range) => `${speakers} · ${range}`,
    /** @type {Record<string, string>} */
    refused: {
      edge: "There are no more captions this way.",
      hole: "Captions are still being loaded here. Try again in a moment.",
      instance: "A quote cannot go on into another time that the room was live.",
    },
    copied: (/** @type {string} */ speakers, /** @type {string} */ range) =>
      `The quote is copied, with its link: ${speakers}, ${range}.`,
    left: "Nothing was quoted.",
    wentOn: "Captions go on; nothing was quoted.",
    copyYourself: "Copy this quote",
    text: "The browser did not let the page copy it. The text is selected:",
  },
  moment: {
    live: (/** @type {string} */ who, /** @type {string} */ range) =>
      `A link led you to this moment: ${who}, ${range}. Captions are paused; “Jump to live” leads to what is said now.`,
    over: (/** @type {string} */ who, /** @type {string} */ range) =>
      `A link led you to this moment: ${who}, ${range}.`,
    beingFinished: "The recording is still being finished. Open the link again in a moment to hear it.",
    noRecording: "There is no recording of it; these are its captions.",
    gap: (/** @type {string} */ range) => `The link leads to ${range}, where there are no captions.`,
    nothing: (/** @type {string} */ range) =>
      `Nothing was said at ${range}, where the link leads. This is what was said nearest to it.`,
    noSuch: "The link leads to a moment that does not exist in this room.",
    unreadable: "The moment in this link cannot be read. Ask for the link again.",
    recording: (/** @type {string} */ who, /** @type {string} */ range) =>
      `A link led you to this moment: ${who}, ${range}. Press Enter or Play to hear it from there.`,
    recordingNothing: (/** @type {string} */ range) =>
      `Nothing was said at ${range}, where the link leads. Play begins there.`,
    recordingEnds: (/** @type {string} */ range, /** @type {string} */ length) =>
      `The link leads to ${range}, but the recording ends at ${length}.`,
  },
};
