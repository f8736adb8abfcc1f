// The pocket page: has itself kept by its worker, says until when, filters its own list, and is gone when its time is up.
// What is typed is neither stored nor sent, and stands in no address.

const root = document.getElementById("pocket");
const contacts = document.getElementById("contacts");
const saved = document.getElementById("saved");
const { path, worker, assets } = root.dataset;
const until = Date.parse(root.dataset.until);
const LOOK_EVERY = 30_000;

const inLondon = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "long",
  timeStyle: "short",
  timeZone: "Europe/London",
});
const words = (date) => inLondon.format(new Date(date));

// --- the list

const box = document.getElementById("filter");
const input = document.getElementById("find");
const found = document.getElementById("found");
const entries = [...document.querySelectorAll("#contacts li")];
const texts = entries.map((entry) => entry.textContent.toLowerCase());

function narrow() {
  const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  entries.forEach((entry, place) => {
    entry.hidden = !wanted.every((word) => texts[place].includes(word));
    shown += entry.hidden ? 0 : 1;
  });
  for (const group of document.querySelectorAll("#contacts section")) {
    group.hidden = !group.querySelector("li:not([hidden])");
  }
  found.textContent = wanted.length ? `${shown} of ${entries.length} contacts contain this` : "";
}

box.hidden = entries.length === 0;
input.addEventListener("input", narrow);
// Browsers put back what was typed when somebody comes back.
for (const event of ["pageshow", "pagehide"]) {
  addEventListener(event, () => {
    input.value = "";
    narrow();
  });
}

// --- keeping it

// Asks the worker, and gives its answer; null where there is none.
async function ask(question) {
  const registration = await navigator.serviceWorker.ready;
  const channel = new MessageChannel();
  const answer = new Promise((resolve) => {
    channel.port1.onmessage = (event) => resolve(event.data);
  });
  registration.active.postMessage({ path, assets: assets.split(" "), ...question }, [channel.port2]);
  return answer;
}

function tell(kept) {
  saved.textContent = kept
    ? `Saved on this phone on ${words(kept.saved)}. Works offline until ${words(kept.until)}.`
    : "Not saved on this phone: it needs a connection.";
  document.getElementById("remove").hidden = !kept;
}

function isOver() {
  if (Date.now() < until) return false;
  contacts.remove();
  document.getElementById("remove").hidden = true;
  saved.textContent = `These contacts ran out on ${words(until)} and are no longer shown. Open this page again with a connection.`;
  return true;
}

const policy = globalThis.trustedTypes?.createPolicy("pocket", { createScriptURL: (url) => (url === worker ? url : "") });

async function start() {
  await navigator.serviceWorker.register(policy ? policy.createScriptURL(worker) : worker, { scope: "/pocket/" });
  if (isOver()) {
    await ask({ ask: "forget" });
    return;
  }
  // Without a connection nothing new can be kept, and what is there stays.
  tell((await ask({ ask: "keep" })) ?? (await ask({ ask: "kept" })));
}

document.querySelector("#remove button").addEventListener("click", async () => {
  await ask({ ask: "forget" });
  document.getElementById("remove").hidden = true;
  saved.textContent = "Removed from this phone. It is saved again when you open this page again.";
  saved.tabIndex = -1;
  saved.focus();
});

function look() {
  if (contacts.isConnected && isOver() && navigator.serviceWorker) ask({ ask: "forget" });
}

setInterval(look, LOOK_EVERY);
addEventListener("visibilitychange", look);

if (navigator.serviceWorker) {
  // A browser may refuse to keep anything, such as in a private window: the list is there all the same.
  start().catch(() => tell(null));
} else {
  isOver();
}
