// Placeholders with the texts that readers see while fields of a block are blank, in the language
// of the page.
(() => {
  const { StructBlockDefinition } = window.wagtailStreamField.blocks;

  class DefaultedDefinition extends StructBlockDefinition {
    render(...args) {
      const block = super.render(...args);
      const language = window.wagtailConfig?.ACTIVE_CONTENT_LOCALE;
      for (const [name, texts] of Object.entries(this.meta.defaults)) {
        const input = block.childBlocks[name].element.querySelector("input");
        input.placeholder = texts[language] || "";
      }
      return block;
    }
  }

  window.telepath.register("wagtail_petition.blocks.Defaulted", DefaultedDefinition);
})();
