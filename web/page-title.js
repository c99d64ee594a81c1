/** @file The title of the page's tab; while nobody looks at the page it says what there is to see. */

let usual = "";
let call = "";

/** @param {string} title */
export function setPageTitle(title) {
  usual = title;
  draw();
}

/**
 * Say something in the title until the page is looked at; nothing happens when it is.
 * @param {string} text
 */
export function callFromTitle(text) {
  if (!document.hidden) return;
  call = text;
  draw();
}

function draw() {
  document.title = call ? `● ${call} · ${usual}` : usual;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden || !call) return;
  call = "";
  draw();
});
