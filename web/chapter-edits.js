/**
 * @file What a host does with a recording's chapters, and how two hosts' changes come together. Pure:
 * every function gives new chapters. The first one begins at 0, and each after the one before.
 */

import { rounded } from "./times.js";

/**
 * @typedef {{start_s: number, title: string}} Chapter
 * @typedef {readonly Chapter[]} Chapters
 * @typedef {{before: Chapters, after: Chapters}} Change
 */

/** The server keeps so many, with titles of so many characters. */
export const MOST = 300;
export const TITLE_CHARS = 120;
const SPOKEN_CHARS = 60;

/**
 * What a chapter could be called: who speaks and their first words, as the automatic ones are.
 * @param {import("./caption-store.js").Caption | null} caption
 */
export function chapterTitle(caption) {
  if (!caption) return "";
  const text = caption.text.replaceAll(/\s+/g, " ").trim();
  const name = caption.speaker?.name ? `${caption.speaker.name}: ` : "";
  const characters = [...text];
  if (characters.length <= SPOKEN_CHARS) return [...`${name}${text}`].slice(0, TITLE_CHARS).join("");
  const cut = characters.slice(0, SPOKEN_CHARS + 1).join("");
  const words = cut.slice(0, cut.lastIndexOf(" ")) || characters.slice(0, SPOKEN_CHARS).join("");
  return `${name}${words}…`;
}

/**
 * @param {Chapters} chapters
 * @param {Chapter} chapter
 * @param {string} opening what the recording's beginning is called, if nothing begins there yet
 */
export function added(chapters, { start_s, title }, opening) {
  const one = { start_s: rounded(start_s), title };
  const rest = chapters.length || !one.start_s ? chapters : [{ start_s: 0, title: opening }];
  return inOrder([...rest, one]);
}

/**
 * @param {Chapters} chapters
 * @param {number} index
 * @param {Partial<Chapter>} change
 */
export function changed(chapters, index, { start_s, title }) {
  return inOrder(
    chapters.map((chapter, at) => {
      if (at !== index) return chapter;
      return { start_s: start_s === undefined ? chapter.start_s : rounded(start_s), title: title ?? chapter.title };
    }),
  );
}

/**
 * What follows a removed first chapter begins at 0 in its place.
 * @param {Chapters} chapters
 * @param {number} index
 */
export function removed(chapters, index) {
  return fromZero(chapters.filter((_, at) => at !== index));
}

/**
 * Make a change that was made to other chapters than there are now: both people's changes are in it.
 * @param {Change} mine
 * @param {Chapters} now what somebody else has made of `before`
 * @returns {Chapters | null} null when both have changed the same in different ways
 */
export function merged({ before, after }, now) {
  const [mine, theirs] = [matches(before, after), matches(before, now)];
  const known = new Set([...mine.values(), ...theirs.values()]);
  const all = [...after, ...now].filter((chapter) => !known.has(chapter));
  for (const base of before) {
    const one = together(base, mine.get(base) ?? null, theirs.get(base) ?? null);
    if (one === undefined) return null;
    if (one) all.push(one);
  }
  const unique = inOrder(all).filter((one, at, sorted) => !at || !isSame(one, sorted[at - 1] ?? null));
  const apart = unique.every((one, at) => !at || one.start_s !== unique[at - 1]?.start_s);
  return apart ? fromZero(unique) : null;
}

/**
 * @param {Chapter} base
 * @param {Chapter | null} mine null when it is removed
 * @param {Chapter | null} theirs
 * @returns {Chapter | null | undefined} undefined when they are at odds
 */
function together(base, mine, theirs) {
  if (isSame(mine, theirs) || isSame(theirs, base)) return mine;
  if (isSame(mine, base)) return theirs;
  if (!mine || !theirs) return undefined;
  const start_s = agreed(base.start_s, mine.start_s, theirs.start_s);
  const title = agreed(base.title, mine.title, theirs.title);
  return start_s === undefined || title === undefined ? undefined : { start_s, title };
}

/**
 * @template T
 * @param {T} base
 * @param {T} mine
 * @param {T} theirs
 * @returns {T | undefined}
 */
function agreed(base, mine, theirs) {
  if (mine === base || mine === theirs) return theirs;
  return theirs === base ? mine : undefined;
}

/**
 * Which chapters became which: the same ones, else those at the same time, else of the same title.
 * @param {Chapters} before
 * @param {Chapters} after
 * @returns {Map<Chapter, Chapter>}
 */
function matches(before, after) {
  /** @type {Map<Chapter, Chapter>} */
  const found = new Map();
  const free = new Set(after);
  for (const keys of /** @type {const} */ ([["start_s", "title"], ["start_s"], ["title"]])) {
    for (const base of before) {
      if (found.has(base)) continue;
      const match = [...free].find((one) => keys.every((key) => one[key] === base[key]));
      if (!match) continue;
      found.set(base, match);
      free.delete(match);
    }
  }
  return found;
}

/**
 * @param {Chapter | null} one
 * @param {Chapter | null} other
 */
function isSame(one, other) {
  return one?.start_s === other?.start_s && one?.title === other?.title;
}

/** @param {Chapters} chapters */
function inOrder(chapters) {
  return [...chapters].sort((one, other) => one.start_s - other.start_s);
}

/** @param {Chapters} chapters */
function fromZero(chapters) {
  return chapters.map((chapter, at) => (at ? chapter : { ...chapter, start_s: 0 }));
}
