/** @file What the page of a recording says to its hosts alone. */

export const toolStrings = {
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
    remove: {
      heading: "Delete",
      hint: "The recording goes for good, for everybody. What others have downloaded stays with them.",
      open: "Delete…",
      title: (/** @type {string} */ title) => `Delete “${title}”?`,
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
