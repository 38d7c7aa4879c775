// The draft's form: dropped and pasted files, Ctrl+Enter, Esc, and a report that comes without a reload.
import { say, send, swap } from "./send.js";

export function startDraft() {
  const form = document.getElementById("draft");
  if (!form) return;
  const { text, file } = form.elements;
  const problem = document.getElementById("problem");
  const stop = form.querySelector(".cancel");
  const progress = form.querySelector("progress");
  let running = null;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });
  stop.addEventListener("click", () => running?.abort());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") running?.abort();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form.contains(event.target)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  text.addEventListener("input", () => (file.value = "")); // what was touched last is what is meant
  text.addEventListener("paste", (event) => take(event, event.clipboardData));
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    form.classList.remove("over");
    take(event, event.dataTransfer);
  });

  function take(event, { files }) {
    if (!files.length) return;
    event.preventDefault();
    if (files.length > 1) {
      problem.textContent = "One file at a time, please.";
      return;
    }
    file.files = files;
    form.requestSubmit();
  }

  async function check() {
    running?.abort();
    const mine = (running = new AbortController());
    problem.textContent = "";
    busy(true);
    try {
      const page = await send(form, { signal: mine.signal });
      const result = swap(page, "result");
      document.title = page.title;
      form.classList.add("done");
      document.getElementById("lead").className = "unseen";
      const heading = result.querySelector("h2");
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      result.scrollIntoView();
      say(`The report is ready: score ${result.querySelector(".score strong").textContent}, ${result.querySelector(".step").textContent}.`);
    } catch (error) {
      if (running !== mine) return; // a later check took over
      problem.textContent = error.name === "AbortError" ? "Stopped. The draft is still in the box." : error.message;
    } finally {
      if (running === mine) {
        running = null;
        busy(false);
      }
    }
  }

  function busy(on) {
    form.setAttribute("aria-busy", on);
    stop.hidden = progress.hidden = !on;
    if (on) say("Reading the draft.");
  }
}
