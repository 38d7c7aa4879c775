// Tables of a corpus: what is typed or chosen in a filter shows at once, without a reload.
import { receive, say, swap } from "./send.js";
import { startWaiting } from "./waiting.js";

const PAUSE = 250; // ms after the last key
const timers = new Map();
const running = new Map();

export function startTables() {
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form.filter");
    if (!form) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => show(form), event.target.type === "search" ? PAUSE : 0));
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.filter")) return;
    event.preventDefault();
    clearTimeout(timers.get(event.target));
    show(event.target);
  });
}

async function show(form) {
  running.get(form)?.abort();
  const mine = new AbortController();
  running.set(form, mine);
  const id = form.dataset.list;
  const address = addressOf(form);
  document.getElementById(id).ariaBusy = "true";
  try {
    const page = await receive(address, { signal: mine.signal });
    const list = swap(page, id);
    // the other filter may have been used meanwhile
    history.replaceState(null, "", addressOf(form));
    startWaiting();
    say(list.querySelector("caption, .total")?.textContent.trim() ?? "");
  } catch (error) {
    if (error.name !== "AbortError") complain(id, error.message);
  } finally {
    if (running.get(form) === mine) document.getElementById(id).ariaBusy = null;
  }
}

/** The page's address with what this form says; the other form's fields stay, this list begins on its first page. */
function addressOf(form) {
  const address = new URL(location.href);
  address.hash = "";
  address.searchParams.delete(form.dataset.cursor);
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden") continue;
    if (field.value) address.searchParams.set(field.name, field.value);
    else address.searchParams.delete(field.name);
  }
  return address;
}

/** What is still shown is not what was asked for. */
function complain(id, words) {
  const list = document.getElementById(id);
  list.querySelector(":scope > .alert.failed")?.remove();
  const note = document.createElement("p");
  note.className = "alert failed";
  note.textContent = `${words} This is the list of before.`;
  list.prepend(note);
  say(words);
}
