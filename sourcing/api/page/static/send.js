// Send a form as the browser would, and take what is needed out of the page that comes back.

/** The page that a form's answer is; throws an Error with words for a person, or an AbortError. */
export async function send(form, { submitter = null, signal = null } = {}) {
  const url = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  const get = form.method === "get";
  const data = new FormData(form, submitter);
  const target = new URL(url, location.href);
  if (get) target.search = new URLSearchParams(data);
  return receive(target, { method: form.method, body: get ? null : data, signal });
}

/** The page at an address; throws as `send` does, with `final` on an Error that asking again would not change. */
export async function receive(target, options = {}) {
  let answer;
  try {
    answer = await fetch(target, { ...options, credentials: "same-origin" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server cannot be reached.");
  }
  const final = answer.status >= 400 && answer.status < 500 && answer.status !== 429;
  const kind = answer.headers.get("content-type") ?? "";
  if (!kind.includes("html")) throw fault(await reason(answer), final);
  if (answer.redirected && new URL(answer.url).pathname === "/login") throw fault("You are signed out. Sign in again in another tab.", true);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok) throw fault(page.querySelector("[role=alert]:not(:empty)")?.textContent.trim() || `The server answered ${answer.status}.`, final);
  return page;
}

function fault(words, final) {
  return Object.assign(new Error(words), { final });
}

/** Put the part of a fetched page with this id in the place of ours. */
export function swap(page, id) {
  const fresh = document.adoptNode(page.getElementById(id));
  document.getElementById(id).replaceWith(fresh);
  for (const element of fresh.querySelectorAll(".scripted[hidden]")) element.hidden = false;
  return fresh;
}

/** Say something to a screen reader. */
export function say(words) {
  document.getElementById("said").textContent = words;
}

async function reason(answer) {
  const problem = await answer.json().catch(() => ({}));
  if (answer.status === 401) return "You are not signed in. Sign in again in another tab.";
  return problem.detail ?? `The server answered ${answer.status}.`;
}
