/** @file Copies the typefaces and their licences beside the page: `npm run vendor`. */

import { copyFile, mkdir, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const FAMILIES = ["atkinson-hyperlegible", "opendyslexic"];
const packages = new URL("../node_modules/@fontsource/", import.meta.url);
const vendor = new URL("vendor/", import.meta.url);

await mkdir(vendor, { recursive: true });
for (const family of FAMILIES) {
  const files = new URL(`${family}/files/`, packages);
  const wanted = (await readdir(files)).filter((name) => /-(400|700)-normal\.woff2$/.test(name));
  for (const name of wanted) await copyFile(new URL(name, files), new URL(name, vendor));
  await copyFile(new URL(`${family}/LICENSE`, packages), new URL(`${family}-LICENSE`, vendor));
}
console.log(`typefaces are in ${fileURLToPath(vendor)}`);
