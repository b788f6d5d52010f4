// Loads the publishing checklist again after each autosave, and moves the focus from its lines to
// their fields.
(() => {
  let asked = 0;

  async function refresh(panel, pk) {
    asked += 1;
    const mine = asked;
    const response = await fetch(panel.dataset.petitionChecklist.replace('/0/', `/${pk}/`));
    if (!response.ok) return;
    const answer = document.createElement('template');
    answer.innerHTML = await response.text();
    // Only the response to the last request is shown.
    if (mine !== asked) return;
    const [summary, checks, ...defaults] = answer.content.children;
    // The element stays, so that screen readers announce changes. The same text is not a change.
    const shown = panel.querySelector('[role=status]');
    shown.className = summary.className;
    if (shown.textContent !== summary.textContent) shown.textContent = summary.textContent;
    // The default texts shown for blank fields.
    defaults.forEach((each) => {
      const { petitionDefault } = each.dataset;
      document
        .querySelector(`[data-petition-default="${CSS.escape(petitionDefault)}"]`)
        ?.replaceWith(each);
    });
    const before = panel.querySelector('[data-petition-checks]');
    if (before.innerHTML === checks.innerHTML) return;
    const details = checks.querySelector('details');
    if (details) details.open = before.querySelector('details')?.open ?? false;
    before.replaceWith(checks);
  }

  document.addEventListener('w-autosave:success', ({ detail }) => {
    const panel = document.querySelector('[data-petition-checklist]');
    if (panel && detail.response.pk) refresh(panel, detail.response.pk);
  });

  // The element of a field, or of a block in it: for as much of the path as exists.
  const find = (path) =>
    path.split('.').reduce(
      (found, name) =>
        found.querySelector(`[data-contentpath="${CSS.escape(name)}"]`) ||
        (found === document ? null : found),
      document,
    );

  // The input, or the button that adds one.
  const INPUTS = [
    'input:not([type=hidden], :disabled), select:enabled, textarea:enabled, [contenteditable=true]',
    'button:enabled',
  ];

  // Tabs and collapsed panels need some frames to open.
  function enter(field, patience = 60) {
    const inputs = INPUTS.flatMap((selector) => [...field.querySelectorAll(selector)]);
    const input = inputs.find((each) => each.checkVisibility());
    if (input) {
      field.scrollIntoView({ block: 'center' });
      input.focus({ preventScroll: true });
    } else if (patience) {
      requestAnimationFrame(() => enter(field, patience - 1));
    }
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest('[data-petition-field]');
    const field = link && find(link.dataset.petitionField);
    if (!field) return;
    event.preventDefault();
    const tab = field.closest('[role=tabpanel]');
    if (tab?.hidden) document.querySelector(`[role=tab][href="#${tab.id}"]`).click();
    // Wagtail opens collapsed panels around the target of a link.
    field.dispatchEvent(new Event('beforematch', { bubbles: true }));
    enter(field);
  });
})();
