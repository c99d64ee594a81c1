/** @file Everything that the pages say, in one place: the files `strings-*.js`, a part of the pages each. */

import { alertStrings } from "./strings-alerts.js";
import { brailleStrings } from "./strings-braille.js";
import { byHandStrings } from "./strings-by-hand.js";
import { captionStrings } from "./strings-captions.js";
import { chapterStrings } from "./strings-chapters.js";
import { cutStrings } from "./strings-cuts.js";
import { importStrings } from "./strings-import.js";
import { keyStrings } from "./strings-keys.js";
import { quoteStrings } from "./strings-quotes.js";
import { recordingStrings } from "./strings-recordings.js";
import { roomStrings } from "./strings-rooms.js";
import { savedSearchStrings } from "./strings-saved-searches.js";
import { searchStrings } from "./strings-search.js";
import { styleStrings } from "./strings-style.js";
import { toolStrings } from "./strings-tools.js";

export const strings = {
  brand: "Roomscribe",
  skip: "Skip to content",
  skipToCaptions: "Skip to captions",
  close: "Close",
  dismissNotice: "Dismiss this message",
  cancel: "Cancel",
  loading: "Loading…",
  tryAgain: "Try again",
  nav: { label: "Site", rooms: "Rooms", recordings: "Recordings", search: "Search" },
  notFound: {
    title: "Page not found",
    text: "There is nothing at this address. The room or recording may have been removed.",
    back: "See all rooms",
  },
  session: {
    signIn: "Sign in",
    signOut: "Sign out",
    title: "Sign in with your name",
    name: "Your name",
    hint: "Others in the room see this name, and captions of what you say carry it.",
    signedInAs: (/** @type {string} */ name) => `Signed in as ${name}`,
    expired: "You were signed out. Sign in again to take part; captions go on.",
  },
  errors: {
    network: "The server cannot be reached. Check your connection and try again.",
    server: "Something went wrong on the server. Try again in a moment.",
    needName: "Write a name first.",
  },
  ...roomStrings,
  ...captionStrings,
  ...cutStrings,
  ...brailleStrings,
  ...byHandStrings,
  ...alertStrings,
  ...styleStrings,
  ...importStrings,
  ...keyStrings,
  ...recordingStrings,
  ...toolStrings,
  ...chapterStrings,
  ...quoteStrings,
  ...searchStrings,
  ...savedSearchStrings,
};

/**
 * Look a text up by its dotted path.
 * @param {string} path
 * @returns {string}
 */
export function text(path) {
  /** @type {unknown} */
  let found = strings;
  for (const part of path.split(".")) found = /** @type {Record<string, unknown>} */ (found)?.[part];
  if (typeof found !== "string") throw new Error(`no text is called ${path}`);
  return found;
}
