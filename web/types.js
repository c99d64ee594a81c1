/**
 * @file The shapes that cross the wire, as the captions protocol and the HTTP API describe them.
 * Times are seconds in the room clock; dates are ISO 8601.
 *
 * @typedef {{id: string, name: string}} Person
 *
 * @typedef {[text: string, start: number, end: number, confidence: number, glued?: boolean]} Word
 *
 * @typedef {object} Interim
 * @property {string} id
 * @property {number} rev
 * @property {number} start
 * @property {number} end
 * @property {Person | null} speaker
 * @property {string} text
 * @property {string} [language]
 * @property {boolean} [kept] false where it is said off the record
 * @property {boolean} [done] whole: no more comes of it
 *
 * @typedef {object} FinalMessage
 * @property {"final"} type
 * @property {number} seq
 * @property {number} [instance]
 * @property {string} id
 * @property {number} rev
 * @property {number} start
 * @property {number} end
 * @property {Person | null} speaker
 * @property {string} text
 * @property {string} [language]
 * @property {string} [source]
 * @property {string} [track]
 * @property {Word[]} [words]
 * @property {Person[]} [overlap] who else spoke at the same time
 *
 * @typedef {object} CorrectionMessage
 * @property {"correction"} type
 * @property {number} seq
 * @property {string} id
 * @property {number} rev
 * @property {string} text
 * @property {Person} [by]
 * @property {string | null} [at] when it was written
 *
 * @typedef {object} GapMessage
 * @property {"gap"} type
 * @property {number} seq
 * @property {number} [instance]
 * @property {number} start
 * @property {number} end
 * @property {string} reason
 *
 * @typedef {FinalMessage | CorrectionMessage | GapMessage} EntryMessage
 *
 * @typedef {object} HistoryMessage
 * @property {"history"} type
 * @property {EntryMessage[]} items
 * @property {number} [before]
 * @property {boolean} more
 * @property {CorrectionMessage[]} [corrections] later ones of captions in `items`
 * @property {number} [at] the time that was asked for
 * @property {number} [seq] the entry of that time
 *
 * @typedef {object} WelcomeMessage
 * @property {"welcome"} type
 * @property {string} room
 * @property {string} [title]
 * @property {number} instance
 * @property {number} seq
 * @property {number} first_seq
 * @property {boolean} live
 * @property {string} [language]
 * @property {{name: string, model: string, quality: string, unsure_below?: number,
 *   captioner?: Person | null} | null} [engine]
 * @property {Record<string, unknown> | null} [style]
 * @property {string[]} [tracks] languages that captions are offered in beside what is said
 * @property {string} [track] the one that is sent
 * @property {string} [note] what is wrong with the recording, in words
 * @property {string} [state]
 * @property {string} [recording]
 * @property {boolean} [speaker_tracks] whether each speaker is recorded as a file of their own, too
 * @property {number} [participants]
 *
 * @typedef {{type: "interim"} & Interim} InterimMessage
 * @typedef {{type: "speaking", speaker: Person, on: boolean, t: number}} SpeakingMessage
 * @typedef {{type: "status", delay: number, state: string, note?: string, rung?: string,
 *   captioner?: Person | null}} StatusMessage
 * @typedef {{type: "captioning", captioner: Person | null}} CaptioningMessage
 * @typedef {{type: "pending", count: number, latest_seq: number}} PendingMessage `count` is of finals
 * @typedef {{type: "room", state: string, participants: number, recording: string, note?: string,
 *   speaker_tracks?: boolean, language?: string, tracks?: string[]}} RoomMessage
 * @typedef {{type: "you", role: string, muted: boolean, invited_by: Person | null, by: Person | null}} YouMessage
 *   what this page's person is in the room; `role` is empty while they have not joined
 * @typedef {{type: "track", track: string, seq: number, first_seq: number}} TrackMessage
 * @typedef {{type: "style", style: Record<string, unknown>}} StyleMessage
 * @typedef {{type: "error", code: string, message: string, fatal?: boolean}} ErrorMessage
 * @typedef {{type: "pong"}} PongMessage
 *
 * @typedef {WelcomeMessage | InterimMessage | EntryMessage | HistoryMessage | SpeakingMessage
 *   | StatusMessage | PendingMessage | RoomMessage | YouMessage | TrackMessage | StyleMessage | ErrorMessage
 *   | PongMessage | CaptioningMessage} ServerMessage
 *
 * @typedef {object} Room
 * @property {string} id
 * @property {string} title
 * @property {string} language
 * @property {"scheduled" | "live" | "ended"} state
 * @property {Person} host
 * @property {boolean} record
 * @property {string} [recording] `on`, `off-record` or `off`
 * @property {boolean} [speaker_tracks] whether each speaker is recorded as a file of their own, too
 * @property {boolean} open_floor
 * @property {boolean} private
 * @property {string | null} starts_at
 * @property {string | null} started_at
 * @property {string | null} ended_at
 * @property {number} instance
 * @property {number} participants
 * @property {boolean} translate whether English captions are asked for
 * @property {string[]} tracks languages that captions are offered in beside what is said
 * @property {number | null} [keep_days] how long recordings are kept: 0 for ever, null as the site does
 * @property {string[]} [terms] for who manages the room alone
 *
 * @typedef {{user: Person, role: string, muted: boolean, speaking: boolean, invited?: boolean}} Participant
 *
 * @typedef {{step: "waiting" | "converting" | "joining" | "measuring" | "cutting" | "failed", share: number}} Progress
 *
 * @typedef {object} Captioning
 * @property {"waiting" | "captioning" | "improving" | "failed"} step
 * @property {"captions" | "second-pass"} purpose
 * @property {number} share
 * @property {string} note
 *
 * @typedef {{at: string, engine: string, model: string, changed: number, added: number}} Improved
 */

/**
 * @typedef {object} Recording
 * @property {string} id
 * @property {string} room_id
 * @property {number} instance
 * @property {string} title
 * @property {string} started_at
 * @property {"recording" | "finishing" | "finished"} phase
 * @property {Progress | null} [progress]
 * @property {object | null} [loudness] null until it is measured
 * @property {number} duration_s
 * @property {{format: string, url: string}[]} media
 * @property {string} transcript_url
 * @property {Loss[]} losses
 * @property {string[]} [tracks] the languages of its translations
 * @property {boolean} [kept] whether hosts keep it, whatever its room wants
 * @property {string | null} [delete_at] when it will be deleted
 * @property {boolean} [delete_soon] whether that is announced
 * @property {boolean} [published] false where it is for hosts alone
 * @property {import("./edited-time.js").Cut[]} [cuts] what is missing from it, in the room clock
 * @property {Captioning | null} [captioning] how far captions that are made after the room are
 * @property {Improved | null} [improved] what a second pass has made better
 * @property {boolean} [may_decide] whether who asked is a host of its room
 * @property {{state: "here" | "waiting" | "uploading" | "stored", share: number, note: string}} [storage] where it is kept
 * @property {SpeakerTrack[]} [speaker_tracks] what each speaker sent, for hosts
 *
 * @typedef {{id: string, speaker: Person, url: string, losses: Loss[]}} SpeakerTrack
 *
 * @typedef {{start_s: number, duration_s: number, reason: string}} Loss sound that is silence instead
 */

export {};
