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
  },
};
