// Tables of a corpus: what is typed or chosen in a filter shows at once, without a reload.
import { say, send, swap } from "./send.js";
import { startWaiting } from "./waiting.js";

const PAUSE = 250; // ms after the last key

export function startTables() {
  let timer = null;
  let running = null;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form.filter");
    if (!form) return;
    clearTimeout(timer);
    timer = setTimeout(() => show(form), event.target.type === "search" ? PAUSE : 0);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.filter")) return;
    event.preventDefault();
    clearTimeout(timer);
    show(event.target);
  });

  async function show(form) {
    running?.abort();
    const mine = (running = new AbortController());
    const id = form.dataset.list;
    document.getElementById(id).setAttribute("aria-busy", "true");
    try {
      const page = await send(form, { signal: mine.signal });
      const list = swap(page, id);
      startWaiting();
      history.replaceState(null, "", `?${new URLSearchParams(new FormData(form))}`);
      say(list.querySelector("caption, .total")?.textContent.trim() ?? "");
    } catch (error) {
      if (error.name !== "AbortError") say(error.message);
    } finally {
      if (running === mine) document.getElementById(id).removeAttribute("aria-busy");
    }
  }
}
