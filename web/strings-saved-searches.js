/** @file What the pages say about saved searches, and about what people are told because of them. */

import { own } from "./strings-amounts.js";

export const savedSearchStrings = {
  email: {
    confirm: {
      title: "Confirm your e-mail address",
      text: "When you confirm it, you are told at this address when something that you look for is mentioned in a public room.",
      yes: "Confirm this address",
      done: (/** @type {string} */ address) => `${own(address)} is confirmed. You can close this page.`,
    },
    stop: {
      title: "Get no e-mails from here",
      text: "Nothing more is sent to this address. Notifications on the page go on.",
      yes: "Stop these e-mails",
      done: (/** @type {string} */ address) => `Nothing more is sent to ${own(address)}. You can close this page.`,
    },
    unknown: {
      title: "This link is not whole",
      text: "Open it from the e-mail again, or copy all of it.",
      yes: "",
      done: () => "",
    },
  },
};
