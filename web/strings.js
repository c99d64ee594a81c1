/** @file Everything that the pages say, in one place. */

/**
 * @param {number} count
 * @param {string} one
 * @param {string} many
 */
const plural = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** @param {number} seconds */
const seconds = (seconds) =>
  seconds < 10 ? `${seconds.toFixed(1)} seconds` : plural(Math.round(seconds), "second", "seconds");

/** @type {Record<string, string>} */
const gapReasons = {
  overload: "the recogniser could not keep up",
  "engine-restart": "the recogniser had to start again",
  "tap-lost": "the room's sound could not be heard",
  "off-record": "the room was off the record",
  "not-translated": "it could not be translated",
};

export const strings = {
  brand: "Roomscribe",
  skip: "Skip to content",
  skipToCaptions: "Skip to captions",
  close: "Close",
  cancel: "Cancel",
  loading: "Loading…",
  tryAgain: "Try again",
  nav: { label: "Site", rooms: "Rooms", recordings: "Recordings" },
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
  rooms: {
    title: "Rooms",
    live: "Live now",
    scheduled: "Coming up",
    ended: "Ended",
    noneLive: "No room is live at the moment.",
    noneScheduled: "Nothing is planned.",
    noneEnded: "No room has ended yet.",
    host: (/** @type {string} */ name) => `Host: ${name}`,
    people: (/** @type {number} */ count) => plural(count, "person here", "people here"),
    join: (/** @type {string} */ title) => `Open ${title}`,
    transcript: "Transcript",
    transcriptOf: (/** @type {string} */ title) => `Transcript of ${title}`,
    recordings: "Recordings",
    recordingsOf: (/** @type {string} */ title) => `Recordings of ${title}`,
    startsAt: (/** @type {string} */ when) => `Starts ${when}`,
    noTime: "Not started yet",
    endedAt: (/** @type {string} */ when) => `Ended ${when}`,
    isPrivate: "Private",
    create: "New room",
    form: {
      title: "New room",
      name: "Title",
      needTitle: "Write a title first.",
      language: "Language spoken",
      autoLanguage: "Find out by listening",
      startsAt: "Starts at (leave empty to start now)",
      record: "Record the room",
      openFloor: "Everyone may speak",
      translate: "Offer English captions too",
      translateHint: "Translated by the recogniser, if it can, some seconds after what is said.",
      terms: "Names and words that captions should get right",
      termsHint: "One per line. You can change them later. Only you and your co-hosts see them.",
      submit: "Create the room",
    },
  },
  room: {
    title: "Room",
    state: { scheduled: "Not started", live: "Live", ended: "Ended" },
    recording: { on: "Recording", "off-record": "Off the record", off: "Not recorded" },
    people: (/** @type {number} */ count) => plural(count, "person here", "people here"),
    peopleTitle: "People here",
    nobody: "Nobody has joined yet.",
    speakingNow: (/** @type {string} */ names) => `Speaking now: ${names}`,
    silent: "Nobody is speaking",
    you: "you",
    muted: "muted",
    /** @type {Record<string, string>} */
    roles: {
      host: "host",
      cohost: "co-host",
      speaker: "speaker",
      listener: "listener",
      captioner: "captioner",
    },
    listen: "Listen",
    stopListening: "Stop listening",
    speak: "Speak",
    stopSpeaking: "Stop speaking",
    mute: "Mute",
    unmute: "Unmute",
    start: "Start the room",
    end: "End the room",
    endTitle: "End the room for everyone?",
    endText: "Captions and the recording stop. The transcript and the recording are kept.",
    endConfirm: "End the room",
    terms: {
      open: "Names and words",
      title: "Names and words that captions should get right",
      label: "One name or word per line",
      hint: "Names of people and places, products, technical words: up to 100, the important ones first. The room's title and the names of who is here count anyway. Only you and your co-hosts see this list.",
      save: "Save",
      saving: "Saving…",
      unsaved: "Not saved yet.",
      saved: "Saved. Captions will use these words.",
      savedLive: "Saved. Captions use these words from now on.",
    },
    missing: "This room does not exist.",
    noRight: "You need an invitation to this room. Sign in with the name that was invited.",
    audio: {
      connecting: "Connecting the sound…",
      listening: "You are listening.",
      speaking: "Your microphone is on. Everyone in the room can hear you.",
      muted: "You are muted. Nobody can hear you.",
      stopped: "The sound is off. Captions go on.",
      lost: "The sound was lost. Connecting again…",
      failed: "The sound could not be connected. Captions go on.",
      needName: "To listen, sign in with your name. Captions need no name.",
      blocked: "The browser did not start the sound. Choose Listen again.",
      microphoneRefused:
        "The microphone was refused. Allow it for this page in the browser's settings, then choose Speak again.",
      microphoneAbsent: "No microphone was found. Connect one, then choose Speak again.",
      microphoneBusy: "The microphone is used by another program. Close it there, then choose Speak again.",
      microphoneInsecure: "Browsers give the microphone to secure pages only. Open this page over https.",
    },
  },
  captions: {
    title: "Captions",
    history: "Caption history",
    emptyLive: "Captions appear here as soon as somebody speaks.",
    emptyScheduled: "The room has not started. Captions appear here by themselves when it does.",
    emptyEnded: "This room has ended, and nothing was said.",
    unknownSpeaker: "Unknown speaker",
    correctedMark: "(corrected)",
    gap: (/** @type {number} */ length, /** @type {string} */ reason) =>
      `${seconds(length)} without captions: ${gapReasons[reason] ?? "the reason is not known"}`,
    engine: (/** @type {string} */ name, /** @type {string} */ quality) =>
      quality === "basic" ? `Basic quality: ${name}. Expect many wrong words.` : `Captions by ${name}`,
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
    loadingOlder: "Loading earlier captions…",
    pause: "Pause",
    paused: "Paused",
    live: "Following live",
    ended: "The room has ended",
    reading: "Reading on. Live captions are added below.",
    catchingUp: (/** @type {number} */ waiting) =>
      waiting ? `Catching up: ${plural(waiting, "caption", "captions")} to go` : "Catching up",
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
    announce: "Read captions aloud with my screen reader",
    announceHint: "Whole captions only; late ones are left out.",
  },
  style: {
    title: "Caption settings",
    preview: "Preview",
    previewSpeaker: "Ada",
    previewFinal: "This is what a finished caption looks like.",
    previewInterim: "And this is still being spoken",
    contrast: (/** @type {string} */ final, /** @type {string} */ interim) =>
      `Contrast ${final} to 1; while being spoken ${interim} to 1.`,
    lowContrast: "This is hard to read for many people. 4.5 to 1 is the least that is advised.",
    goodContrast: "Easy to read.",
    fairContrast: "Readable. 7 to 1 is better.",
    reset: "Reset to defaults",
    notSaved: "Saved in this browser only: the server did not take the settings.",
    groups: {
      text: "Text",
      pace: "Words while they are being spoken",
      colours: "Colours",
      spacing: "Spacing",
      panel: "Panel",
    },
    /** @type {Record<string, string>} */
    paces: {
      fast: "Fast – words appear at once and may change",
      balanced: "Balanced – words appear at once and change less often",
      steady: "Steady – words appear later, once they will not change any more",
    },
    /** @type {Record<string, string>} */
    fields: {
      font: "Typeface",
      size_percent: "Size",
      weight: "Weight",
      case: "Letters",
      edge: "Edge of letters",
      text_colour: "Text colour",
      text_opacity: "Text opacity",
      background_colour: "Background colour",
      background_opacity: "Background opacity",
      window_colour: "Window colour",
      window_opacity: "Window opacity",
      line_height: "Line height",
      letter_spacing_em: "Letter spacing",
      word_spacing_em: "Word spacing",
      paragraph_spacing_em: "Paragraph spacing",
      lines: "Lines shown",
      line_length_ch: "Longest line",
    },
    /** @type {Record<string, string>} */
    choices: {
      sans: "Sans serif",
      serif: "Serif",
      "mono-sans": "Monospaced sans serif",
      "mono-serif": "Monospaced serif",
      casual: "Casual",
      cursive: "Cursive",
      "small-caps": "Small capitals",
      atkinson: "Atkinson Hyperlegible",
      opendyslexic: "OpenDyslexic",
      none: "None",
      raised: "Raised",
      depressed: "Depressed",
      uniform: "Outline",
      "drop-shadow": "Drop shadow",
      mixed: "As spoken",
      upper: "CAPITALS",
    },
    percent: (/** @type {number} */ value) => `${Math.round(value)} %`,
    em: (/** @type {number} */ value) => `${Number(value.toFixed(2))} em`,
    characters: (/** @type {number} */ value) => `${value} characters`,
    lines: (/** @type {number} */ value) => (value ? plural(value, "line", "lines") : "Fill the panel"),
  },
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
      announce: "Screen reader announcements on or off",
      mute: "Mute or unmute the microphone",
      help: "This help",
      home: "To the first caption",
      end: "Jump to live",
      page: "A page up or down",
    },
  },
  announce: {
    on: "Captions will be announced.",
    off: "Captions will not be announced.",
    said: (/** @type {string} */ speaker, /** @type {string} */ text) => `${speaker}: ${text}`,
  },
  recordings: {
    title: "Recordings",
    empty: "There are no recordings yet. A room that is recorded appears here.",
    open: (/** @type {string} */ title) => `Play ${title}`,
    inProgress: "Still being recorded",
    length: (/** @type {string} */ clock) => `Length ${clock}`,
    download: "Download",
    audioAs: (/** @type {string} */ format) => `Sound (${format})`,
    transcriptAs: (/** @type {string} */ format) => `Transcript (${format})`,
    of: (/** @type {string} */ what, /** @type {string} */ title) => `${what} of ${title}`,
    losses: (/** @type {number} */ length) => `${seconds(length)} of sound could not be recorded.`,
    missing: "This recording does not exist.",
  },
  player: {
    title: "Recording",
    audio: "Recording",
    transcript: "Transcript",
    words: "What was said",
    hint: "Choose a caption to hear it. Arrow keys move, Enter plays.",
    follow: "Keep the caption that is heard in view",
    noTranscript: "Nothing was said in this recording.",
    noMedia: "The recording is not finished yet. Come back in a moment.",
    failed: "The sound could not be played.",
    settings: "Caption settings",
  },
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
