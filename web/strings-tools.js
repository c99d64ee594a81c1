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
  },
};
