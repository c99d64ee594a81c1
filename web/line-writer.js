/**
 * @file What a captioner types, line by line, until the server has it. Pure: no page, no clock.
 * A finished line is kept, and sent again after an outage, until its final comes back.
 */

/**
 * @typedef {{type: "line", line: string, text: string, done: boolean}} LineMessage
 * @typedef {{texts: string[], rest: string}} Cut
 */

const SENTENCE_END = /([.!?…]["”’')\]]*)\s+/u;
/** A line that is longer than this is refused by the server. */
const LONGEST = 500;

/**
 * Cut finished sentences off what is typed.
 * @param {string} text
 * @returns {Cut} whole sentences, and what is still being typed
 */
export function cutSentences(text) {
  const texts = [];
  let rest = text;
  for (let match = SENTENCE_END.exec(rest); match; match = SENTENCE_END.exec(rest)) {
    const end = match.index + (match[1] ?? "").length;
    texts.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trimStart();
  }
  return { texts, rest };
}

/**
 * Cut a text into pieces that the server takes, at spaces where there are any.
 * @param {string} text
 * @returns {string[]} one piece or more
 */
export function cutPieces(text) {
  const pieces = [];
  let rest = text;
  while (rest.length > LONGEST) {
    const space = rest.slice(0, LONGEST + 1).search(/\s\S*$/u);
    const half = /[\ud800-\udbff]$/.test(rest.slice(0, LONGEST)) ? 1 : 0;
    const at = space > 0 ? space : LONGEST - half;
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  return [...pieces, rest];
}

/** Names lines, and remembers those that the server may not have. */
export class LineWriter {
  #name;
  #number = 1;
  /** @type {Map<string, string>} finished lines without a final yet */
  #unsure = new Map();
  #text = "";
  #sent = "";

  /** @param {string} name makes this page's lines different from those of another visit */
  constructor(name) {
    this.#name = name;
  }

  /** @returns {string[]} finished lines that the server may not have */
  get unsure() {
    return [...this.#unsure.values()];
  }

  get #line() {
    return `${this.#name}-${this.#number}`;
  }

  /** @param {string} text what the line is by now */
  type(text) {
    this.#text = text;
  }

  /**
   * The line as it is now, when that is news to the server.
   * @returns {LineMessage | null}
   */
  news() {
    const text = cutPieces(this.#text)[0] ?? "";
    if (text === this.#sent) return null;
    this.#sent = text;
    return { type: "line", line: this.#line, text, done: false };
  }

  /**
   * Finish the line; an empty one is nothing.
   * @param {string} text
   * @returns {LineMessage | null}
   */
  finish(text) {
    const said = text.trim();
    const line = this.#line;
    const seen = this.#sent !== "";
    this.#text = this.#sent = "";
    if (!said && !seen) return null;
    this.#number++;
    if (said) this.#unsure.set(line, said);
    return { type: "line", line, text: said, done: true };
  }

  /**
   * A final came. When the server let the recogniser go on, as after an outage, it is a line as far
   * as it had it: what was typed since then is another line.
   * @param {string} id
   * @param {string} text
   * @returns {string | null} what is left of the line that is being typed, when the final was that
   */
  isFinal(id, text) {
    const unsure = [...this.#unsure];
    this.#unsure.clear();
    for (const [line, said] of unsure) {
      const isIt = id.endsWith(`-${line}`);
      const rest = isIt ? restOf(said, text) : said;
      if (rest) this.#unsure.set(isIt ? `${line}-r` : line, rest);
    }
    if (!id.endsWith(`-${this.#line}`)) return null;
    this.#number++;
    this.#sent = "";
    this.#text = restOf(this.#text, text);
    return this.#text;
  }

  /** @returns {LineMessage[]} what to send after coming back */
  again() {
    this.#sent = "";
    return [...this.#unsure].map(([line, text]) => ({ type: "line", line, text, done: true }));
  }

  /**
   * The server takes no more lines: give up what it does not have.
   * @returns {string} these lines, for the captioner to keep
   */
  refused() {
    const lost = this.unsure.join(" ");
    this.#unsure.clear();
    this.#sent = "";
    return lost;
  }
}

/**
 * @param {string} typed
 * @param {string} kept what the server has of it
 * @returns {string} the rest; all of it when it begins in another way: rather twice than lost
 */
function restOf(typed, kept) {
  const words = typed.trim().replace(/\s+/gu, " ");
  return words.startsWith(kept) ? words.slice(kept.length).trimStart() : words;
}
