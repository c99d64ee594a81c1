/**
 * @file What `GET /v1/search` answers, as the HTTP API describes it. Times are seconds, marks are
 * ranges of code points, dates are ISO 8601.
 *
 * @typedef {import("./types.js").Person} Person
 * @typedef {[start: number, end: number]} Mark
 *
 * @typedef {object} Hint what a query may not mean as it was typed
 * @property {string} text in words
 * @property {number} start the part of the query that it is about, in code points
 * @property {number} end
 * @property {string} [instead] what may stand there
 *
 * @typedef {object} AnsweredQuery
 * @property {string} text
 * @property {Hint[]} hints
 * @property {{word: string, as: string[]}[]} heard_as what was looked for besides
 * @property {boolean} exact whether all that was found has the words themselves
 * @property {string} [exact_url] what finds those alone
 *
 * @typedef {{speaker: Person | string | null, text: string, start: number}} Beside a caption before or after a hit
 *
 * @typedef {object} Hit
 * @property {string} caption its id
 * @property {number} seq
 * @property {number} start
 * @property {number} end
 * @property {number} at when the first word that matches is said, where it is played
 * @property {Person | null} speaker
 * @property {string} snippet
 * @property {Mark[]} marks
 * @property {Beside | null} before
 * @property {Beside | null} after
 * @property {string} language
 * @property {string} source
 * @property {boolean} corrected
 * @property {string} url
 * @property {string | null} recording
 *
 * @typedef {object} FoundRoom the hits of one instance of a room, in one language
 * @property {{id: string, title: string, state: string, private: boolean, host: Person, started_at: string | null}} room
 * @property {number} instance
 * @property {string | null} recording
 * @property {string} track
 * @property {Mark[]} title_marks
 * @property {Hit[]} hits
 * @property {number} more how many there are besides
 *
 * @typedef {object} Answer
 * @property {AnsweredQuery} query
 * @property {FoundRoom[]} rooms
 * @property {number} total
 * @property {"exact" | "at-least"} total_is
 * @property {string | null} cursor
 */

export {};
