/**
 * @file The sheet in which a listener sets how captions look. It stands beside the captions, or below
 * them on a small screen, and is not modal: what it changes is seen at once on the room's own captions.
 */

import { drawText } from "./caption-text.js";
import { AA, AAA } from "./contrast.js";
import { PRESETS, presetChanges, presetOf } from "./caption-presets.js";
import { DEFAULT_STYLE, legibility, readable } from "./caption-style.js";
import { make, setText } from "./dom.js";
import { lookOf, shapeOf } from "./speaker-looks.js";
import { markPlace } from "./speaker-marks.js";
import { strings } from "./strings.js";
import { makeFields } from "./style-fields.js";
import { FILE_NAME, MOST_BYTES, StyleFileError, readStyle, writeStyle } from "./style-file.js";
import { dress, pageColour } from "./style-keeper.js";
import { queryFor } from "./style-query.js";

/**
 * @typedef {import("./caption-style.js").CaptionStyle} CaptionStyle
 * @typedef {import("./style-keeper.js").StyleKeeper} StyleKeeper
 * @typedef {{elements: HTMLElement[], show: (style: CaptionStyle) => void}} Part
 *
 * @typedef {object} SheetOptions
 * @property {HTMLElement} opener the button that opens and closes the sheet
 * @property {HTMLElement} captions what must stay in view
 * @property {string} [screen] the address of the page that shows the captions alone
 */

/**
 * Build the sheet at the end of the page.
 * @param {StyleKeeper} keeper
 * @param {SheetOptions} options
 * @returns {() => void} opens it, or closes it when it is open
 */
export function styleDialog(keeper, { opener, captions, screen }) {
  const { style } = strings;
  const title = make("h2", { id: "style-title", tabindex: -1 }, style.title);
  const close = iconButton("✕", strings.close);
  const fields = makeFields(keeper);
  const parts = [previewPart(keeper), presetPart(keeper)];
  const ends = [filePart(keeper), ...(screen ? [screenPart(screen)] : [])];
  const sheet = make(
    "dialog",
    { id: "style-sheet", class: "sheet", "aria-labelledby": "style-title" },
    make("div", { class: "sheet-head" }, title, ...undoButtons(keeper), close),
    ...parts.flatMap((part) => part.elements),
    ...fields.groups,
    ...ends.flatMap((part) => part.elements),
  );
  document.body.append(sheet);
  keeper.onChange(() => {
    for (const part of [...parts, ...ends, ...fields.all]) part.show(keeper.style);
  });
  sheet.addEventListener("keydown", (event) => sheetKeys(event, keeper, () => sheet.close()));
  close.addEventListener("click", () => sheet.close());
  return opening(sheet, title, opener, captions);
}

/**
 * @param {HTMLDialogElement} sheet
 * @param {HTMLElement} title
 * @param {HTMLElement} opener
 * @param {HTMLElement} captions
 */
function opening(sheet, title, opener, captions) {
  let before = opener;
  opener.setAttribute("aria-expanded", "false");
  opener.setAttribute("aria-controls", sheet.id);
  sheet.addEventListener("close", () => {
    opener.setAttribute("aria-expanded", "false");
    before.focus();
  });
  return () => {
    if (sheet.open) return sheet.close();
    const { activeElement } = document;
    before = activeElement instanceof HTMLElement && activeElement !== document.body ? activeElement : opener;
    sheet.show();
    opener.setAttribute("aria-expanded", "true");
    captions.scrollIntoView({ block: "start" });
    title.focus({ preventScroll: true });
  };
}

/**
 * @param {KeyboardEvent} event
 * @param {StyleKeeper} keeper
 * @param {() => void} close
 */
function sheetKeys(event, keeper, close) {
  const undoing = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z";
  if (event.key === "Escape") close();
  else if (undoing && event.shiftKey) keeper.redo();
  else if (undoing) keeper.undo();
  else return;
  event.preventDefault();
}

/** @param {StyleKeeper} keeper */
function undoButtons(keeper) {
  const undo = iconButton("↶", strings.style.undo);
  const redo = iconButton("↷", strings.style.redo);
  undo.addEventListener("click", () => keeper.undo());
  redo.addEventListener("click", () => keeper.redo());
  // Disabled in name only: a button that can be pressed no more would lose the focus.
  keeper.onChange(() => {
    undo.setAttribute("aria-disabled", String(!keeper.canUndo));
    redo.setAttribute("aria-disabled", String(!keeper.canRedo));
  });
  return [undo, redo];
}

/**
 * A sample for when nobody has spoken yet, and how well captions can be read.
 * @param {StyleKeeper} keeper
 * @returns {Part}
 */
function previewPart(keeper) {
  const { style } = strings;
  const preview = make(
    "div",
    { class: "captions preview", role: "group", "aria-label": style.preview },
    previewHead(),
    make(
      "p",
      { class: "turn-text" },
      previewText(),
      make("span", { class: "caption interim" }, style.previewInterim),
    ),
  );
  const verdict = make("p", { class: "verdict", role: "status" });
  const repair = button(style.makeReadable);
  repair.addEventListener("click", () => keeper.change(readable(keeper.style, pageColour())));
  return {
    elements: [make("div", { class: "preview-box" }, preview, verdict, repair)],
    show(now) {
      dress(preview, now);
      setText(verdict, verdictOn(now));
      repair.hidden = legibility(now, pageColour()).readable;
    },
  };
}

/** A finished caption with a word that may be wrong. */
function previewText() {
  const { previewFinal, previewDoubt } = strings.style;
  const start = previewFinal.indexOf(previewDoubt);
  const text = make("span", { class: "caption" });
  drawText(text, `${previewFinal} `, [{ start, end: start + previewDoubt.length, kind: "doubt" }]);
  return text;
}

/** The name of who is first captioned in a room. */
function previewHead() {
  const mark = markPlace();
  const { shape, colour } = lookOf(0);
  mark.append(shapeOf(shape));
  const name = make("span", { class: "speaker" }, strings.style.previewSpeaker);
  return make("p", { class: "turn-head", "data-colour": colour }, mark, name);
}

/** @param {CaptionStyle} now */
function verdictOn(now) {
  const { final, interim } = legibility(now, pageColour());
  const { contrast, lowContrast, fairContrast, goodContrast } = strings.style;
  const figures = contrast(final.toFixed(1), interim.toFixed(1));
  return `${figures} ${final < AA ? lowContrast : final < AAA ? fairContrast : goodContrast}`;
}

/**
 * Ready-made looks, each shown in its own colours.
 * @param {StyleKeeper} keeper
 * @returns {Part}
 */
function presetPart(keeper) {
  const { presets, groups } = strings.style;
  const buttons = Object.keys(PRESETS).map((name) => {
    const sample = make("span", { class: "sample", "aria-hidden": "true" }, strings.style.sample);
    dress(sample, { ...DEFAULT_STYLE, ...presetChanges(name) });
    const choose = make("button", { type: "button", class: "button preset" }, sample, presets[name] ?? name);
    choose.addEventListener("click", () => keeper.change(presetChanges(name)));
    return { name, choose };
  });
  const row = make("div", { class: "presets" }, ...buttons.map(({ choose }) => choose));
  return {
    elements: [make("fieldset", {}, make("legend", {}, groups.presets), row)],
    show(now) {
      const has = presetOf(now);
      for (const { name, choose } of buttons) choose.setAttribute("aria-pressed", String(name === has));
    },
  };
}

/**
 * Reset, and taking the settings elsewhere.
 * @param {StyleKeeper} keeper
 * @returns {Part}
 */
function filePart(keeper) {
  const { style } = strings;
  const reset = button(style.reset);
  const save = button(style.file.save);
  const load = button(style.file.load);
  const input = make("input", { type: "file", accept: ".json,application/json", hidden: true });
  const said = make("p", { class: "file-said", role: "status" });
  reset.addEventListener("click", () => keeper.reset());
  save.addEventListener("click", () => download(writeStyle(keeper.style)));
  load.addEventListener("click", () => input.click());
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    input.value = "";
    if (file) setText(said, await useFile(file, keeper));
  });
  const row = make("div", { class: "sheet-actions" }, reset, save, load, input);
  return {
    elements: [make("fieldset", {}, make("legend", {}, style.groups.file), row, said)],
    show: () => {},
  };
}

/**
 * @param {File} file
 * @param {StyleKeeper} keeper
 * @returns {Promise<string>} what came of it, in words
 */
async function useFile(file, keeper) {
  const { loaded, notOurs, failed } = strings.style.file;
  if (file.size > MOST_BYTES) return failed(notOurs);
  try {
    keeper.change(readStyle(await file.text()));
    return loaded;
  } catch (error) {
    return failed(error instanceof StyleFileError ? error.message : notOurs);
  }
}

/** @param {string} text */
function download(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  make("a", { href: url, download: FILE_NAME }).click();
  URL.revokeObjectURL(url);
}

/**
 * The way to the page that shows the captions alone, in this style.
 * @param {string} screen
 * @returns {Part}
 */
function screenPart(screen) {
  const { groups, address } = strings.style;
  const link = make("a", { class: "screen-link", href: screen, target: "_blank" }, address.open);
  const copy = button(address.copy);
  const said = make("p", { class: "file-said", role: "status" });
  copy.addEventListener("click", async () => {
    const copied = await navigator.clipboard?.writeText(link.href).then(
      () => true,
      () => false,
    );
    setText(said, copied ? address.copied : link.href);
  });
  const hint = make("p", { class: "hint" }, address.hint);
  const row = make("div", { class: "sheet-actions" }, link, copy);
  return {
    elements: [make("fieldset", {}, make("legend", {}, groups.screen), row, said, hint)],
    show(now) {
      const query = queryFor(now).toString();
      link.href = query ? `${screen}?${query}` : screen;
    },
  };
}

/** @param {string} text */
function button(text) {
  return make("button", { type: "button", class: "button" }, text);
}

/**
 * @param {string} icon
 * @param {string} name
 */
function iconButton(icon, name) {
  return make("button", { type: "button", class: "button icon", title: name, "aria-label": name }, icon);
}
