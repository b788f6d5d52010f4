// Keeps what is selected in the list when the search field is left.
//
// The browser then says "change", on which Wagtail looks for the same words again, and its new rows
// are not selected. What was typed was looked for as it was typed: the address has it.
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
