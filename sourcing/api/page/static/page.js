// The page works without scripts. These add: no reload, progress, keys, and passages that lead to their cards and back.
import { startCorrections } from "./correct.js";
import { startDraft } from "./draft.js";
import { startReading } from "./reading.js";
import { startTables } from "./tables.js";
import { startWaiting } from "./waiting.js";

for (const element of document.querySelectorAll(".scripted[hidden]")) element.hidden = false;
startDraft();
startReading();
startCorrections();
startTables();
startWaiting();
