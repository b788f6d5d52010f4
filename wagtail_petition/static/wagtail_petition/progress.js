// Updates the progress of background work without a reload, which would move the focus. The part
// with data-petition-live is loaded again until the server no longer marks it. Then the whole page
// is loaded once, since the available actions have changed. While the server can't be reached, it
// keeps trying.
(() => {
  const live = document.querySelector("[data-petition-live]");
  if (!live) return;

  const refresh = async () => {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (response.status >= 500) throw new Error(response.statusText);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = response.ok && page.querySelector("[data-petition-live]");
    if (fresh) live.replaceChildren(...fresh.childNodes);
    return Boolean(fresh);
  };
  const goOn = () => {
    refresh().then(
      (isAtWork) => (isAtWork ? setTimeout(goOn, 3000) : location.reload()),
      () => setTimeout(goOn, 10_000)
    );
  };
  setTimeout(goOn, 3000);
})();
