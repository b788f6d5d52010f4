// Asks for the publishing checklist again whenever Wagtail has saved a draft in the background.
(() => {
  let asked = 0;

  async function refresh(panel, pk) {
    asked += 1;
    const mine = asked;
    const response = await fetch(panel.dataset.petitionChecklist.replace("/0/", `/${pk}/`));
    if (!response.ok) return;
    const answer = document.createElement("template");
    answer.innerHTML = await response.text();
    // Of several answers the last one asked for is the one to show.
    if (mine !== asked) return;
    const [summary, checks] = answer.content.children;
    // The line stays where it is, so that its change is read out; the same words are no change.
    const shown = panel.querySelector("[role=status]");
    if (shown.textContent !== summary.textContent) shown.textContent = summary.textContent;
    panel.querySelector("ul").replaceWith(checks);
  }

  document.addEventListener("w-autosave:success", ({ detail }) => {
    const panel = document.querySelector("[data-petition-checklist]");
    if (panel && detail.response.pk) refresh(panel, detail.response.pk);
  });
})();
