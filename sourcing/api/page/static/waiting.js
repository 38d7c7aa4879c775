// Parts that the server is still working out are asked for again until they are there.
import { receive, say, swap } from "./send.js";

const FIRST = 2000; // ms
const LONGEST = 10000;
let pause = FIRST;
let timer = null;

/** Look for such parts soon; to be called again when a part was drawn anew. */
export function startWaiting() {
  pause = FIRST;
  clearTimeout(timer);
  timer = setTimeout(again, pause);
}

async function again() {
  const parts = [...document.querySelectorAll("[data-waiting]")].map((note) => note.closest("[id]").id);
  if (!parts.length) return;
  try {
    const page = await receive(location.href);
    const there = parts.filter((id) => !page.getElementById(id).querySelector("[data-waiting]"));
    for (const id of there) swap(page, id);
    if (there.length) say("More of the page is there.");
  } catch {
    // the server may be busy or starting anew: it is asked later
  }
  pause = Math.min(1.25 * pause, LONGEST);
  timer = setTimeout(again, pause);
}
