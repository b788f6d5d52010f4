module.exports = {
  extends: '@wagtail/stylelint-config-wagtail',
  rules: {
    // Wagtail's own variables and its order of rules: ours is the order of the page.
    'scale-unlimited/declaration-strict-value': null,
    'no-descending-specificity': null,
    'rule-empty-line-before': null,
    // These are for SCSS; ours is the nesting and the media features of CSS itself.
    'scss/media-feature-value-dollar-variable': null,
    'scss/selector-no-redundant-nesting-selector': null,
    // A petition holds out against the style of any site: see the head of petition.css.
    'selector-max-specificity': '0,5,2',
    // A field's class ends with the field's name, which is one of Python.
    'selector-class-pattern': [
      '^[a-z]+(-[a-z0-9_]+)*(__[a-z-]+)?$',
      { resolveNestedSelectors: true },
    ],
    // Newer than the linter.
    'selector-pseudo-element-no-unknown': [true, { ignorePseudoElements: ['details-content'] }],
    'property-no-unknown': [
      true,
      { ignoreProperties: ['field-sizing', 'font-synthesis-weight', 'text-wrap'] },
    ],
  },
};
