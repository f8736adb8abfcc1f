// A hold's page: how many minutes are left, said aloud twice and not each minute, and a look once a minute at whether the
// service has ended the hold. The page turns at the end by itself, because the server told the browser to.
const LOOK_MS = 60_000;
const SHOW_MS = 5_000;
const SAID_ALOUD = [15, 5];

export function holdCountdown(root) {
  const ends = Date.now() + Number(root.dataset.seconds) * 1000;
  const left = root.querySelector("[data-hold-left]");
  const announcement = root.querySelector("[data-hold-announce]");
  let before = Math.floor((ends - Date.now()) / 60_000);

  function show() {
    const minutes = Math.floor((ends - Date.now()) / 60_000);
    if (minutes < 0) {
      // A phone that has slept does not turn the page in time.
      window.location.reload();
      return;
    }
    const text = minutes < 1 ? "less than a minute left" : `${minutes} minute${minutes === 1 ? "" : "s"} left`;
    if (left.textContent !== text) {
      left.textContent = text;
    }
    root.classList.toggle("app-held--short", minutes < SAID_ALOUD.at(-1));
    const passed = SAID_ALOUD.find((mark) => before > mark && minutes <= mark);
    if (passed) {
      announcement.textContent = `This hold has ${text}.`;
    }
    before = minutes;
  }

  async function look() {
    try {
      const response = await fetch(window.location.href, { headers: { Accept: "text/html" }, redirect: "manual" });
      if (response.ok && !(await response.text()).includes('data-module="hold-countdown"')) {
        window.location.reload();
      }
    } catch {
      // Without a connection the page stays what it is: the hold ends when it says, whoever looks.
    }
  }

  window.setInterval(show, SHOW_MS);
  window.setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", () => document.hidden || show());
}
