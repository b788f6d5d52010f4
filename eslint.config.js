import wagtail from '@wagtail/eslint-config-wagtail';
import globals from 'globals';

export default [
  ...wagtail,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: 'module', globals: globals.browser },
    // There is none, and its plugin wants to know all the same.
    settings: { react: { version: '19.0' } },
    rules: {
      // Modules of the browser name its globals plainly; the rule is for bundled code.
      'no-restricted-globals': 'off',
      // Functions are hoisted, and a file reads from the whole to its parts.
      '@typescript-eslint/no-use-before-define': ['error', { functions: false, variables: false }],
    },
  },
];
