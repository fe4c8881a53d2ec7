// The page asks for itself again whenever the server says that something is new, and takes over the parts that differ.
"use strict";

const told = document.getElementById("told");
// What the server said of each part: answers that were given and what was unfolded are no news.
const said = new Map([...document.querySelectorAll("[data-live]")].map((part) => [part.id, part.innerHTML]));

// One at a time: an older reply must not come after a newer one.
let running = null;
let again = false;
function refresh() {
  again = true;
  running ??= (async () => {
    while (again) {
      again = false;
      await ask().catch(() => {}); // no server: the events say so
    }
    running = null;
  })();
  return running;
}

async function ask() {
  const reply = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!reply.ok) return;
  const other = new DOMParser().parseFromString(await reply.text(), "text/html");
  const key = (page) => page.querySelector('meta[name="kata-key"]');
  key(document).content = key(other).content;
  for (const part of document.querySelectorAll("[data-live]")) takeOver(part, other.getElementById(part.id));
}

function takeOver(part, other) {
  if (!other || said.get(part.id) === other.innerHTML) return;
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...part.querySelectorAll("details[open]")].map((each) => each.id);
  said.set(part.id, other.innerHTML);
  part.replaceChildren(...document.importNode(other, true).childNodes);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) goOn(focused, part);
}

// The part is new: whoever uses the keyboard goes on from the same place, or near it if what had the focus is gone.
function goOn(id, part) {
  const places = "button, a, [tabindex]";
  const there = document.getElementById(id) ?? part.querySelector(places) ?? part.parentElement.querySelector(places);
  there?.focus({ preventScroll: true });
}

async function act(button) {
  const { do: action, then, ...values } = button.dataset;
  const part = button.closest("[data-live]");
  button.disabled = true;
  told.textContent = "…";
  try {
    const reply = await fetch(`/do/${action}`, {
      method: "POST",
      headers: { "X-Kata-Key": document.querySelector('meta[name="kata-key"]').content },
      body: new URLSearchParams(values),
    });
    told.textContent = (await reply.json()).told;
    if (reply.ok && then) location.assign(then);
  } catch {
    told.textContent = "The page has lost its server. Start it again: kata open";
  }
  button.disabled = false;
  goOn(button.id, part); // if news came before the reply, the button is another one, or gone
  await refresh();
}

function answer(button) {
  const question = button.closest("fieldset");
  for (const each of question.querySelectorAll("button")) {
    each.setAttribute("aria-pressed", String(each === button));
    each.className = each === button ? button.dataset.choice : "";
  }
  const why = question.querySelector(".why");
  const because = question.querySelector("template").content.cloneNode(true);
  why.replaceChildren(button.dataset.choice === "right" ? "Yes. " : "No. ", because);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.do) act(button);
  else if (button?.dataset.choice) answer(button);
});

const events = new EventSource("/events");
let lost = false;
events.onmessage = refresh;
events.onopen = () => {
  if (lost) told.textContent = "";
  lost = false;
  refresh(); // something may have happened since the page was made
};
events.onerror = () => {
  lost = true;
  told.textContent = "The page has lost its server. Start it again: kata open";
};
