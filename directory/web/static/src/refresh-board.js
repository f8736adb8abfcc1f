// Keeps the bed board true while somebody looks at it: once a minute, and at a press of Refresh. What is read stays in
// its place: nothing scrolls, and the link that had the focus has it again.
const EVERY_MS = 60_000;

// The pages' policy lets nothing but this turn text into a document; what comes is from our own address alone.
const policy = window.trustedTypes?.createPolicy("bed-board", { createHTML: (text) => text });

export function refreshBoard(board) {
  async function refresh() {
    let response;
    try {
      // Who is no longer signed in is sent elsewhere; that is not followed, and counts as an answer that is not ok.
      response = await fetch(board.dataset.refresh, { headers: { Accept: "text/html" }, redirect: "manual" });
    } catch {
      return warn("No connection: these spaces may have changed.");
    }
    if (!response.ok) {
      return warn("This page can no longer be refreshed: open it again.");
    }
    const text = await response.text();
    const fresh = new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");
    const replacement = fresh.getElementById("board");
    if (replacement) {
      replace(replacement);
    }
  }

  function replace(replacement) {
    const focused = board.contains(document.activeElement) ? pathTo(document.activeElement) : null;
    const anchor = firstThatStays(board, replacement);
    const before = anchor?.getBoundingClientRect().top;
    warn("");
    board.replaceChildren(...replacement.childNodes);
    board.querySelector("#board-refresh")?.addEventListener("click", onClick);
    if (anchor) {
      window.scrollBy(0, document.getElementById(anchor.id).getBoundingClientRect().top - before);
    }
    focused && board.querySelector(focused)?.focus({ preventScroll: true });
  }

  function warn(text) {
    document.getElementById("board-warning").textContent = text;
  }

  function onClick(event) {
    event.preventDefault();
    refresh();
  }

  board.querySelector("#board-refresh")?.addEventListener("click", onClick);
  setInterval(() => document.visibilityState === "visible" && refresh(), EVERY_MS);
}

// The first entry on the screen that has a name of its own and is in the new board too, to hold the page still by.
// What is never drawn, such as the map's title, stands nowhere.
function firstThatStays(board, replacement) {
  return [...board.querySelectorAll("[id]")].find((element) => {
    const place = element.getBoundingClientRect();
    return place.height > 0 && place.top >= 0 && replacement.querySelector(`#${CSS.escape(element.id)}`);
  });
}

function pathTo(element) {
  if (element.id) {
    return `#${CSS.escape(element.id)}`;
  }
  const within = element.closest("[id]");
  if (within && element.matches("button[name]")) {
    return `#${CSS.escape(within.id)} button[name="${CSS.escape(element.name)}"]`;
  }
  const href = element.getAttribute("href");
  return within && href ? `#${CSS.escape(within.id)} a[href="${CSS.escape(href)}"]` : null;
}
