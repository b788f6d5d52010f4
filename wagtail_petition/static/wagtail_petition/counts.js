// Fills in how many signatures each tab of the list has, once the list is there and whenever
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
      // Another list was asked for meanwhile, or the page was left: what was known stays.
    }
  };

  document.addEventListener("w-swap:success", count);
  count();
})();
