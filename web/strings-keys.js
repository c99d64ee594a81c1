/** @file What the pages say about their keys. */

export const keyStrings = {
  keys: {
    title: "Keyboard help",
    singleKeys: "Use single-key shortcuts",
    singleKeysHint:
      "Turn this off if keys are pressed by accident or by speech input. Keys with Ctrl or Alt go on working.",
    key: "Key",
    action: "What it does",
    change: "Change",
    none: "no key",
    reset: "Reset all keys",
    resetDone: "All keys are the usual ones again.",
    unchanged: "The key stays as it was.",
    changeKey: (/** @type {string} */ name) => `Change the key for: ${name}`,
    newKey: (/** @type {string} */ name) => `New key for: ${name}`,
    press: (/** @type {string} */ name) =>
      `Press the new key for: ${name}. Escape keeps the old key, Delete leaves it without a key.`,
    changed: (/** @type {string} */ key, /** @type {string} */ name) => `${key} is now the key for: ${name}.`,
    removed: (/** @type {string} */ name) => `There is no key any more for: ${name}.`,
    taken: (/** @type {string} */ key, /** @type {string} */ name) =>
      `${key} is the key for “${name}” already. Press another one, or change that one first.`,
    unusable: (/** @type {string} */ key) =>
      `${key} cannot be used. Press a letter, a digit or a sign, alone or with Ctrl or Alt.`,
    inCaptions: "While the captions are focused",
    anywhere: "Anywhere in the room",
    space: "Space",
    /** @type {Record<string, string>} */
    actions: {
      pause: "Pause captions, or jump to live",
      live: "Jump to live",
      captions: "Go to the captions",
      settings: "Caption settings",
      announce: "Screen reader announcements: off, captions, who speaks",
      braille: "Braille line, opened or closed",
      mute: "Mute or unmute the microphone",
      full: "Full screen on or off",
      help: "This help",
      quote: "Quote a moment",
      toTime: "Go to a time",
      toPlace: "Go to where you were",
      markPlace: "Mark where you are",
      alert: "Go to the alert",
      home: "To the first caption",
      end: "Jump to live",
      page: "A page up or down",
    },
  },
};
