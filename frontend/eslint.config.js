import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Arrows point one way, app → features → shared, and no feature knows another. */
const closed = (files, group, message) => ({
  files: [files],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
});

const features = ['session', 'farm', 'workers', 'history', 'events', 'sites', 'logs', 'config', 'access', 'explain'];

export default tseslint.config(
  { ignores: ['target', 'node_modules', 'src/shared/api.d.ts'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  reactHooks.configs.flat['recommended-latest'],
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-syntax': [
        'error',
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Text is rendered, never HTML.' },
        {
          selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]',
          message: 'Text is rendered, never HTML.',
        },
      ],
    },
  },
  closed('src/shared/**', ['**/features/**', '**/app/**'], 'shared knows neither features nor app'),
  ...features.map((feature) =>
    closed(
      `src/features/${feature}/**`,
      ['**/app/**', ...features.filter((other) => other !== feature).map((other) => `**/${other}/**`)],
      'a feature knows shared, and no other feature',
    ),
  ),
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
);
