// Keeps what is at work up to date without a reload that would take the focus away: the part
// marked with data-petition-live is fetched again until the server marks it no longer. Then the
// whole page is loaded once, since what can be done has changed.
(() => {
  const live = document.querySelector("[data-petition-live]");
  if (!live) return;

  const refresh = async () => {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-petition-live]");
    if (!fresh) {
      location.reload();
      return;
    }
    live.replaceChildren(...fresh.childNodes);
    setTimeout(refresh, 3000);
  };
  setTimeout(refresh, 3000);
})();
