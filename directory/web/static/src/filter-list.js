// Narrows a long list to the entries that contain what is typed. The box stays hidden without JavaScript.
//
// <div data-module="filter-list"><div data-filter-box hidden><input>…<p data-filter-count role="status"></div>
//   <section data-filter-group> <div data-filter-entry data-filter-words="…"> … </div> </section></div>

export function filterList(root) {
  const box = root.querySelector("[data-filter-box]");
  const input = box.querySelector("input");
  const count = box.querySelector("[data-filter-count]");
  const entries = [...root.querySelectorAll("[data-filter-entry]")];
  // `data-filter-words` holds what people also call it and the entry does not show.
  const texts = entries.map((entry) => `${entry.textContent} ${entry.dataset.filterWords ?? ""}`.toLowerCase());
  const groups = [...root.querySelectorAll("[data-filter-group]")];

  function narrow() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    entries.forEach((entry, index) => {
      entry.hidden = !words.every((word) => texts[index].includes(word));
      shown += entry.hidden ? 0 : 1;
    });
    for (const group of groups) {
      group.hidden = !group.querySelector("[data-filter-entry]:not([hidden])");
      // A group that is folded away shows what was found in it, and what is ticked in it.
      if (group instanceof HTMLDetailsElement) {
        group.open = words.length > 0 || group.querySelector("input:checked") !== null;
      }
    }
    count.textContent = words.length ? `${shown} of ${entries.length} terms contain this` : "";
  }

  box.hidden = false;
  input.addEventListener("input", narrow);
  narrow();
}
