// Keeps the selected rows when the search field loses the focus.
//
// Browsers then send a "change" event, on which Wagtail searches for the same words again and loads
// new rows, which aren't selected. The words in the URL have already been searched for.
(() => {
  const getSearched = () => new URLSearchParams(location.search).get("q") ?? "";

  document.addEventListener(
    "change",
    (event) => {
      const isSearch = event.target.matches("form[role=search] input[name=q]");
      if (isSearch && event.target.value.trim() === getSearched().trim()) event.stopPropagation();
    },
    { capture: true },
  );
})();
