/** @file What the page of a recording says to its hosts alone. */

import { own, plural } from "./strings-amounts.js";

export const toolStrings = {
  keeping: {
    label: "Recordings are kept",
    asSite: (/** @type {string} */ usual) => `as on this site: ${usual}`,
    asSiteDoes: "as long as this site keeps them",
    days: (/** @type {number} */ count) => `for ${plural(count, "day", "days")}`,
    forEver: "for ever",
    saving: "Saving…",
    saved: "Saved. A week before a recording is deleted, its page and the list say so.",
  },
  tools: {
    title: "Tools for hosts",
    rename: {
      heading: "Rename",
      label: "Title",
      save: "Save the title",
      need: "Write a title first.",
      saving: "Saving…",
      saved: "The title is saved. Files that you download from now on have it.",
    },
    speakers: {
      heading: "Each speaker alone",
      hint: "What each speaker sent, at its own loudness. The files are as long as the recording, so that they stay in time below one another in an editor.",
      whole: "What was cut is still in them.",
      lost: (/** @type {string} */ length) => `${length} could not be recorded`,
      file: (/** @type {string} */ name) => `${name}, Ogg`,
      label: (/** @type {string} */ file) => `${file}: this speaker alone`,
    },
    publish: {
      heading: "Who can hear and read it",
      published: "Published: everybody who may read the room.",
      unpublished: "Not published: only hosts and co-hosts of the room.",
      hint: "What is not published is in no list, has no address that works for others, and its words are left out of the room's captions and files.",
      publish: "Publish",
      unpublish: "Keep to hosts",
      saving: "Saving…",
      nowPublished: "It is published.",
      nowUnpublished: "It is kept to hosts. Who has the page open, or a file, still has that.",
    },
    keep: {
      heading: "How long it is kept",
      hint: "The room's page says how long its recordings are kept. A week before one is deleted, its page and the list say so.",
      forEver: "It is kept for ever.",
      until: (/** @type {string} */ date) => `It will be deleted with its words on ${date}.`,
      announced: (/** @type {string} */ date) => `This recording will be deleted with its words on ${date}.`,
      keep: "Keep it",
      keepOf: (/** @type {string} */ title) => `Keep it: ${title}`,
      release: "Let the room decide",
      saving: "Saving…",
      kept: "It is kept for ever.",
      released: "It is kept as long as the room keeps its recordings.",
    },
    link: {
      heading: "Where it is kept, and links to it",
      kept: {
        here: "The sound is kept on this server.",
        waiting: "The sound is kept on this server, and will be moved to the store.",
        uploading: "The sound is being moved to the store.",
        stored: "The sound is in the store.",
      },
      /** @param {string} note */
      waits: (note) => `The sound is ${note}.`,
      hint: "A link works for an hour, for whoever has it, without signing in.",
      format: "Format",
      make: "Make a link",
      making: "The link is being made…",
      /** @param {Date} end */
      made: (end) =>
        `The link is ready. It works until ${end.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}.`,
      label: "Link",
      copy: "Copy the link",
      copied: "The link is on the clipboard.",
      copyYourself: "The link is selected: copy it with your keyboard or menu.",
    },
    remove: {
      heading: "Delete",
      hint: "The recording goes for good, for everybody. What others have downloaded stays with them.",
      open: "Delete…",
      title: (/** @type {string} */ title) => `Delete “${own(title)}”?`,
      text: (/** @type {string} */ length) => `${length} of sound are deleted for good. Nobody can bring them back.`,
      legend: "What is deleted",
      all: "Sound and words",
      allHint:
        "The sound in every format, its outline and chapters, and all captions of it with corrections and translations. The room's captions say that something was deleted here.",
      sound: "Sound only",
      soundHint: "The captions stay, and can be read on the room's page and as files.",
      notPublished: "Not possible while it is not published: without their recording, the captions would be public.",
      hasCuts: "Not possible while passages are cut: without their recording, the captions of those would be public.",
      yes: "Delete for good",
      deleting: "Deleting…",
    },
  },
};
