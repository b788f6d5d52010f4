// Shows the number of signatures in each tab of the list, when the list is loaded and whenever
// Wagtail has loaded it again for a search or a filter.
(() => {
  let asked;

  const show = ({ heading, tabs }) => {
    for (const place of document.querySelectorAll("[data-petition-heading]")) {
      place.textContent = heading;
    }
    for (const place of document.querySelectorAll("[data-petition-tab]")) {
      place.textContent = tabs[place.dataset.petitionTab] ?? "";
    }
  };

  const count = async () => {
    asked?.abort();
    const url = document.querySelector("[data-petition-counts]")?.dataset.petitionCounts;
    if (!url) return;
    asked = new AbortController();
    try {
      const response = await fetch(url, { signal: asked.signal });
      if (response.ok) show(await response.json());
    } catch {
      // Another list was requested meanwhile, or the page was left. The known counts stay.
    }
  };

  document.addEventListener("w-swap:success", count);
  count();
})();
