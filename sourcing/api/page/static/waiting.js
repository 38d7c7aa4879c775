// Parts that the server is still working out are asked for again until they are there.
import { receive, say, swap } from "./send.js";

const FIRST = 2000; // ms
const LONGEST = 10000;
let pause = FIRST;
let timer = null;
let running = null;

/** Look for such parts soon; to be called again when a part was drawn anew, or the page's address is another. */
export function startWaiting() {
  running?.abort();
  pause = FIRST;
  clearTimeout(timer);
  timer = setTimeout(again, pause);
}

async function again() {
  const parts = [...document.querySelectorAll("[data-waiting]")].map((note) => note.closest("[id]").id);
  if (!parts.length) return;
  const mine = (running = new AbortController());
  try {
    const page = await receive(location.href, { signal: mine.signal });
    if (mine.signal.aborted) return;
    const there = parts.filter((id) => !page.getElementById(id).querySelector("[data-waiting]"));
    for (const id of there) put(page, id);
    if (there.length) say("More of the page is there.");
  } catch (error) {
    if (mine.signal.aborted) return;
    if (error.final) {
      giveUp(error.message);
      return;
    }
    // the server may be busy or starting anew: it is asked later
  }
  pause = Math.min(1.25 * pause, LONGEST);
  timer = setTimeout(again, pause);
}

/** Swap a part; what is open, scrolled to or focused in it stays so. */
function put(page, id) {
  const old = document.getElementById(id);
  const open = [...old.querySelectorAll("details")].map((box) => box.open);
  const places = [...old.querySelectorAll(".scroll")].map((box) => [box.scrollLeft, box.scrollTop]);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const fresh = swap(page, id);
  fresh.querySelectorAll("details").forEach((box, n) => (box.open = open[n] ?? box.open));
  fresh.querySelectorAll(".scroll").forEach((box, n) => box.scrollTo(...(places[n] ?? [0, 0])));
  if (!focused) return;
  const same = [...fresh.querySelectorAll("a, summary, [tabindex]")].find(
    (element) => element.getAttribute("href") === focused.getAttribute("href") && element.textContent === focused.textContent,
  );
  const target = same ?? fresh.querySelector("h2") ?? fresh;
  if (!same) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

/** Nothing more will come: the corpus is gone, or nobody is signed in. */
function giveUp(words) {
  for (const note of document.querySelectorAll("[data-waiting]")) {
    note.removeAttribute("data-waiting");
    note.className = "alert";
    note.textContent = words;
  }
  say(words);
}
