// Updates the progress of background work without a reload, which would move the focus. The part
// with data-petition-live is loaded again until the server no longer marks it. Then the whole page
// is loaded once, since the available actions have changed.
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
