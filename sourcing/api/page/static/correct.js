// Corrections in place: the form that the server has for a passage or a source opens as a dialog, and the report is drawn anew.
import { say, send, swap } from "./send.js";

export function startCorrections() {
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name === "about") take(event, ask);
    else if (button?.name === "undo") take(event, redraw);
  });
}

async function take(event, step) {
  const [form, button] = [event.target, event.submitter];
  event.preventDefault();
  if (button.ariaBusy === "true") return; // a second click opens no second dialog
  button.ariaBusy = "true";
  try {
    await step(form, button);
  } catch (error) {
    complain(button, error.message);
  } finally {
    button.ariaBusy = null;
  }
}

/** Show the form for this passage or source. */
async function ask(form, button) {
  const page = await send(form, { submitter: button });
  const correction = document.adoptNode(page.getElementById("correction"));
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "correction-title");
  dialog.append(correction);
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  correction.querySelector("a.back").addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
  });
  correction.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    try {
      await redraw(correction, event.submitter);
      dialog.close();
      find(button)?.focus({ preventScroll: true });
    } catch (error) {
      correction.querySelector("[role=alert]").textContent = error.message;
    }
  });
  // to give another speaker or type is to say which of the answers is meant
  correction.addEventListener("input", (event) => {
    if (!event.target.value) return;
    const choice = event.target.closest("[data-choice]")?.querySelector("input[name=kind]");
    if (choice) choice.checked = true;
  });
  dialog.showModal();
}

/** Send a correction, or take one back, and draw the report that comes. */
async function redraw(form, button) {
  const page = await send(form, { submitter: button });
  const shown = new Map([...document.querySelectorAll("[data-show]")].map((box) => [box.dataset.show, box.checked]));
  const [x, y] = [scrollX, scrollY];
  const result = swap(page, "result");
  for (const box of result.querySelectorAll("[data-show]")) box.checked = shown.get(box.dataset.show) ?? box.checked;
  scrollTo(x, y);
  say(button.name === "undo" ? "The correction is taken back." : "The correction is kept.");
}

/** The same control in the report that was drawn anew. */
function find(button) {
  return document.querySelector(`button[name="about"][value="${CSS.escape(button.value)}"]`);
}

function complain(button, words) {
  say(words);
  const note = document.createElement("span");
  note.className = "problem";
  note.textContent = ` ${words}`;
  button.after(note);
  setTimeout(() => note.remove(), 8000);
}
