// A button above the blocks of a timeline or of background links. Its dialog shows the result of
// pasting, and adds it as blocks.
(() => {
  // A pause in typing, in milliseconds.
  const TYPING = 300;
  // Large parts of pasted HTML that aren't needed: styles, and images as data URLs.
  const BALLAST = /<style[\s\S]*?<\/style>|\bsrc="data:[^"]*"/gi;
  const { StructBlockDefinition } = window.wagtailStreamField.blocks;

  const pageLanguage = () => window.wagtailConfig?.ACTIVE_CONTENT_LOCALE || '';

  // A new list has one empty block.
  const isBlank = ({ block }) => {
    const { title, date, url } = block.getState();
    return !title && !date && !url;
  };

  function add(list, { blocks, added }) {
    if (list.children.length === 1 && isBlank(list.children[0])) list.deleteBlock(0);
    const [first] = blocks.map(({ id, value }) =>
      list.insert({ ...list.blockDef.initialChildState, ...value }, list.children.length, {
        id,
        collapsed: true,
      }),
    );
    document.dispatchEvent(
      new CustomEvent('w-messages:add', { detail: { clear: true, text: added, type: 'success' } }),
    );
    return first;
  }

  async function open(list, paste, button) {
    const page = await fetch(paste.url);
    if (!page.ok) return;
    const dialog = document.createElement('dialog');
    dialog.className = 'petition-dialog';
    dialog.setAttribute('aria-labelledby', 'petition-paste-title');
    dialog.innerHTML = await page.text();
    const [text, status, preview, submit] = [
      'textarea',
      '[role=status]',
      '.petition-paste-preview',
      '[value=add]',
    ].map((selector) => dialog.querySelector(selector));
    let asked = 0;
    let timer;
    let html = '';
    let answer = null;

    async function show() {
      asked += 1;
      const mine = asked;
      const response = await fetch(paste.url, {
        method: 'POST',
        headers: { 'X-CSRFToken': document.querySelector('[name=csrfmiddlewaretoken]').value },
        body: new URLSearchParams({ text: text.value, html, language: pageLanguage() }),
      });
      // Only the response to the last request is shown.
      if (mine !== asked) return;
      if (!response.ok) {
        status.textContent = status.dataset.tooLong;
        return;
      }
      answer = await response.json();
      status.textContent = answer.status;
      preview.innerHTML = answer.preview;
      preview.hidden = !preview.children.length;
      submit.disabled = !answer.blocks.length;
      if (answer.blocks.length) submit.textContent = answer.add;
    }

    text.addEventListener('paste', (event) => {
      // Link URLs and table cells are only in the HTML.
      const isAlone = text.value === '' || text.selectionEnd - text.selectionStart === text.value.length;
      html = isAlone ? event.clipboardData.getData('text/html').replace(BALLAST, '') : '';
    });
    text.addEventListener('input', (event) => {
      submit.disabled = true;
      const isPasted = event.inputType === 'insertFromPaste';
      if (!isPasted) html = '';
      clearTimeout(timer);
      timer = setTimeout(show, isPasted ? 0 : TYPING);
    });
    dialog.addEventListener('close', () => {
      const first = dialog.returnValue === 'add' && answer ? add(list, answer) : null;
      dialog.remove();
      (first?.toggleElement || button).focus();
    });
    document.body.append(dialog);
    dialog.showModal();
    text.focus();
  }

  class PastedListDefinition extends StructBlockDefinition {
    render(...args) {
      const block = super.render(...args);
      const { paste, headings } = this.meta;
      const { heading, show_heading: choice } = block.childBlocks;
      heading.element.querySelector('input').placeholder = headings[pageLanguage()] || '';
      // The heading's field is visible only if the heading is shown.
      const box = choice.element.querySelector('input');
      const showHeading = () => {
        heading.element.closest('[data-contentpath=heading]').hidden = !box.checked;
      };
      box.addEventListener('change', showHeading);
      showHeading();
      const list = block.childBlocks[paste.child];
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'button button-small button-secondary petition-paste-button';
      button.textContent = paste.label;
      button.addEventListener('click', () => open(list, paste, button));
      list.container[0].before(button);
      return block;
    }
  }

  window.telepath.register('wagtail_petition.blocks.PastedList', PastedListDefinition);
})();
