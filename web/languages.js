/** @file The languages that can be chosen as the spoken one. */

import { make } from "./dom.js";
import { strings } from "./strings.js";

const LANGUAGES = ["en", "de", "es", "fr", "it", "nl", "pl", "pt", "ar", "hi", "ja", "zh"];

/** Options for a field, the last one of which finds the language out. */
export function languageOptions() {
  const names = new Intl.DisplayNames(["en"], { type: "language" });
  const options = LANGUAGES.map((code) => make("option", { value: code }, names.of(code) ?? code));
  return [...options, make("option", { value: "auto" }, strings.rooms.form.autoLanguage)];
}
