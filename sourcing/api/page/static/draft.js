// The draft's form: dropped and pasted files, Ctrl+Enter, Esc, and a report that comes without a reload.
// Headline and outlet belong to a draft: another one begins without them.
import { say, send, swap } from "./send.js";

export function startDraft() {
  const form = document.getElementById("draft");
  if (!form) return;
  const { text, file, title, outlet } = form.elements;
  const most = Number(form.dataset.most); // bytes
  const problem = document.getElementById("problem");
  const stop = form.querySelector(".cancel");
  const progress = form.querySelector("progress");
  let running = null;
  let checked = false; // whether headline and outlet are those of a draft that was checked

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
  text.addEventListener("paste", (event) => {
    if (text.value && text.selectionStart === 0 && text.selectionEnd === text.value.length) begin();
    take(event, event.clipboardData);
  });
  file.addEventListener("change", () => checked && begin());
  for (const field of [title, outlet]) field.addEventListener("input", () => (checked = false));
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
    if (checked) begin();
    file.files = files;
    form.requestSubmit();
  }

  function begin() {
    title.value = outlet.value = "";
  }

  function tooLarge() {
    const size = file.files[0]?.size ?? new Blob([text.value]).size;
    return size > most ? `This is too large: at most ${Number((most / 2 ** 20).toFixed(2))} MiB are taken.` : "";
  }

  async function check() {
    running?.abort();
    const mine = (running = new AbortController());
    problem.textContent = tooLarge();
    if (problem.textContent) {
      outdate();
      return;
    }
    busy(true);
    try {
      const page = await send(form, { signal: mine.signal });
      const result = swap(page, "result");
      checked = true;
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
      outdate();
      problem.textContent = error.name === "AbortError" ? "Stopped. The draft is still in the box." : error.message;
    } finally {
      if (running === mine) {
        running = null;
        busy(false);
      }
    }
  }

  /** What is still shown is not the report of what is in the box. */
  function outdate() {
    const result = document.getElementById("result");
    if (!result.querySelector(".report") || result.classList.contains("stale")) return;
    const note = document.createElement("p");
    note.className = "alert";
    note.textContent = "This is the report of the draft before.";
    result.prepend(note);
    result.classList.add("stale");
  }

  function busy(on) {
    form.setAttribute("aria-busy", on);
    stop.hidden = progress.hidden = !on;
    if (on) say("Reading the draft.");
  }
}
