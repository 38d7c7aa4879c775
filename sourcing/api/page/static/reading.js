// Reading a report: links arrive with the keyboard's focus, F8 goes from finding to finding, a passage brings its card into sight.
import { say } from "./send.js";

export function startReading() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".report a[href^='#'], .tools a[href^='#'], .alarm a[href^='#']");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault(); // the browser's own jump would take the focus away again
      location.hash = link.hash;
      arrive(link.hash);
    }
    const step = event.target.closest?.("[data-step]");
    if (step) goOn(Number(step.dataset.step));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8" || !findings().length) return;
    event.preventDefault();
    goOn(event.shiftKey ? -1 : 1);
  });
  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const passage = event.target.closest?.(".text [data-s]");
      if (passage) bringIntoSight(document.querySelector(`.card[data-s="${CSS.escape(passage.dataset.s)}"]`));
    });
  }
  if (location.hash) arrive(location.hash);
}

/** Go to the finding after, or before, the last one gone to; round and round. */
function goOn(step) {
  const links = findings();
  const at = links.findIndex((link) => link.hash === location.hash);
  const next = at < 0 && step < 0 ? links.length - 1 : (at + step + links.length) % links.length;
  const link = links[next];
  if (!link) return;
  location.replace(link.hash);
  arrive(link.hash);
  say(link.closest(".finding").innerText);
}

function findings() {
  return [...document.querySelectorAll(".finding a.words")];
}

/** Open what hides the place, give it the focus, and let it flash. */
function arrive(hash) {
  const target = document.getElementById(decodeURIComponent(hash.slice(1)));
  const place = target?.closest(".anchor") ? target.parentElement : target;
  if (!place?.closest(".report")) return;
  const folded = place.closest("details:not([open])");
  if (folded) folded.open = true;
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
  if (folded) place.scrollIntoView({ block: "center" });
  place.classList.remove("flash");
  void place.offsetWidth; // begins the animation anew
  place.classList.add("flash");
  mark(hash);
}

/** Scroll the margin, and only it, until a card or a finding can be seen. */
function bringIntoSight(item) {
  const margin = item?.closest(".margin");
  if (!margin || margin.scrollHeight <= margin.clientHeight) return;
  const [inner, outer] = [item.getBoundingClientRect(), margin.getBoundingClientRect()];
  if (inner.top < outer.top) margin.scrollTop -= outer.top - inner.top + 8;
  else if (inner.bottom > outer.bottom) margin.scrollTop += inner.bottom - outer.bottom + 8;
}

/** Mark the finding in the list that belongs to the place gone to. */
function mark(hash) {
  for (const finding of document.querySelectorAll(".finding")) {
    const now = finding.querySelector("a.words")?.hash === hash;
    finding.classList.toggle("now", now);
    if (now) bringIntoSight(finding);
  }
}
