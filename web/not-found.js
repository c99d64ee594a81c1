/** @file The page for an address that leads nowhere. */

import { fillTexts } from "./dom.js";

fillTexts(document);
