/** @file What the pages say about a listener's own words, and about invitations to speak. */

import { own, plural } from "./strings-amounts.js";

const quoted = (/** @type {readonly string[]} */ words) => words.map((word) => `“${own(word)}”`).join(", ");

export const alertStrings = {
  alerts: {
    region: "Alerts",
    dismiss: "Dismiss",
    goThere: "Go there",
    said: (/** @type {readonly string[]} */ words, /** @type {string} */ name, /** @type {string} */ at) =>
      `${quoted(words)} ${words.length > 1 ? "were" : "was"} said by ${own(name)} at ${at}.`,
    nameSaid: (/** @type {string} */ name, /** @type {string} */ at) =>
      `Your name was said by ${own(name)} at ${at}.`,
    more: (/** @type {number} */ count) => `${plural(count, "earlier time", "earlier times")} before that.`,
    misheard: (/** @type {readonly string[]} */ words) =>
      `${quoted(words)} was misheard: the finished caption does not have it.`,
    trial: "This is an alert. It stays until you dismiss it.",
  },
  words: {
    open: "My name and words",
    title: "My name and my words",
    label: "My words, one per line",
    hint: "When one of them is said you are alerted at once, and it is marked in the captions. Up to 50; phrases count too. Nobody else sees them.",
    pausedHint: "While you have paused, the alert comes when the sentence is finished, and nothing moves.",
    addName: (/** @type {string} */ name) => `Add my name: ${own(name)}`,
    how: "How to alert me",
    flash: "The frame of the captions flashes (where motion is reduced it stays still)",
    vibrate: "The device vibrates",
    noVibration: "This browser cannot vibrate.",
    notify: "A notification while this page is in the background",
    noNotifications: "This browser has no notifications for this page.",
    refused: "Notifications were refused. Allow them for this page in the browser's settings.",
    tryIt: "Try it",
    save: "Save",
    saving: "Saving…",
    unsaved: "Not saved yet.",
    tooMany: (/** @type {number} */ most) => `There can be ${most} words.`,
    tooLong: (/** @type {number} */ line, /** @type {number} */ longest) =>
      `The word in line ${line} has more than ${longest} characters.`,
    savedHere: "Saved in this browser.",
    saved: "Saved. They follow you to your other rooms and devices.",
    notSaved: (/** @type {string} */ why) => `They count in this browser, but the server did not keep them. ${why}`,
  },
  standing: {
    invited: (/** @type {string} */ name) => `${own(name)} invites you to speak.`,
    elsewhere: "Answer on the room's page.",
    speak: "Speak",
    type: "Type",
    notNow: "Not now",
    declined: "You go on listening.",
    muted: (/** @type {string} */ name) => `${own(name)} muted your microphone.`,
    lost: (/** @type {string} */ name) => `${own(name)} made you a listener: you cannot speak now.`,
    removed: (/** @type {string} */ name) => `${own(name)} removed you from the room.`,
    someone: "The host",
    join: "Join without sound",
    joinHint: "You are shown among the people here, and the host can invite you to speak.",
    leave: "Leave",
    joined: "You have joined. The host can invite you to speak.",
    left: "You have left. Captions go on.",
  },
  people: {
    invited: "invited",
    invite: "Invite to speak",
    inviteOf: (/** @type {string} */ name) => `Invite to speak: ${own(name)}`,
    demote: "Make a listener again",
    demoteOf: (/** @type {string} */ name) => `Make a listener again: ${own(name)}`,
    mute: "Mute",
    muteOf: (/** @type {string} */ name) => `Mute: ${own(name)}`,
    isMuted: "Muted",
    isMutedOf: (/** @type {string} */ name) => `Muted: ${own(name)}`,
    declined: (/** @type {string} */ name) => `${own(name)} goes on listening.`,
    accepted: (/** @type {string} */ name) => `${own(name)} accepts your invitation.`,
  },
};
