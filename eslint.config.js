// Correctness rules only; layout is prettier's. Rules that a reader would find surprising say why.
import { builtinModules } from 'node:module';
import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const timeAndChance = 'time and chance are arguments: see core/random.ts and harness/clock.ts';

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'ftcheck-runs/', 'ftcheck-failover/', 'docs/'] },
  eslint.configs.recommended,
  {
    languageOptions: {
      ecmaVersion: 2024,
      sourceType: 'module',
      globals: {
        console: 'readonly',
        process: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs', globals: { module: 'writable' } } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { requireDefaultForNonUnion: true, considerDefaultExhaustiveForUnions: false },
      ],
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        {
          argsIgnorePattern: '^_',
          varsIgnorePattern: '^_', // await using _fault = ...
          destructuredArrayIgnorePattern: '^_',
          ignoreRestSiblings: true,
        },
      ],
      // `throw signal.reason` and a rethrown `unknown` are what they are.
      '@typescript-eslint/only-throw-error': [
        'error',
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      eqeqeq: ['error', 'always'],
      'no-console': 'off',

      // Noise for this house.
      '@typescript-eslint/restrict-template-expressions': 'off', // numbers and branded ids are what we print
      '@typescript-eslint/no-confusing-void-expression': 'off', // () => close() reads well
      '@typescript-eslint/no-unnecessary-condition': 'off', // `while (true)` and checks at edges that types call settled
      '@typescript-eslint/require-await': 'off', // an interface may want a promise from pure code
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off', // brands and phantom types
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off', // Promise<void> | void
      'require-yield': 'off', // an application's `apply` is a generator, with or without a choice

      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: timeAndChance },
        { object: 'Date', property: 'now', message: timeAndChance },
        { object: 'performance', property: 'now', message: timeAndChance },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'use a union of literals' },
        { selector: 'ExportDefaultDeclaration', message: 'export it by name' },
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: timeAndChance },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'DisposableStack', message: 'Node 20 does not have it' },
        { name: 'AsyncDisposableStack', message: 'Node 20 does not have it' },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: builtinModules
            .filter((name) => !name.startsWith('node:'))
            .map((name) => ({ name, message: `write node:${name}` })),
        },
      ],
    },
  },
  {
    // The page of report.html runs in a browser; performance.mark is how it tells a test what took how long.
    files: ['results/page/**/*.ts'],
    languageOptions: {
      parserOptions: { project: './results/page/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
  },
  {
    files: ['core/random.ts', 'harness/clock.ts'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off', // a test that is wrong here fails by itself
      '@typescript-eslint/unbound-method': 'off', // expect(object.method)
      'no-restricted-properties': 'off', // a test may measure itself
    },
  },
);
