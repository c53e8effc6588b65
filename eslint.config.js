// What the compiler cannot check: purity of the core, one home for SQL, sizes, forgotten promises. Import rules live in
// .dependency-cruiser.cjs, formatting in .prettierrc.json. test/house/lint-rules.int.test.ts plants a violation of each.

import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import house from './scripts/eslint-house-rules.mjs';

// `no-restricted-syntax` holds one list per file: a later block replaces an earlier one. The lists are therefore
// put together here, from the widest to the narrowest, and each folder gets exactly one of them.
const ON_THE_SERVER = [
  {
    selector: 'CatchClause > BlockStatement[body.length=0]',
    message: 'Catch only what you can name, and do something about it. An empty catch hides the next bug.',
  },
];
const SQL_HAS_A_HOME = {
  selector: 'CallExpression[callee.property.name="query"]',
  message: 'SQL lives in store.ts, in a store/ folder or in adapters/postgres/.',
};
const ENVIRONMENT_HAS_A_HOME = {
  selector: 'MemberExpression[object.name="process"][property.name="env"]',
  message: 'Only server/main reads the environment. Take the setting as an argument.',
};
const TIME_IS_AN_ARGUMENT = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Business time is an argument: take `now: Instant` or the Clock port.',
  },
  {
    selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
    message: 'Business time is an argument: take `now: Instant` or the Clock port.',
  },
  {
    selector: 'CallExpression[callee.name=/^(setTimeout|setInterval|setImmediate)$/]',
    message: 'Business time lives in the timers table; waiting belongs to workers and adapters.',
  },
];
const PURE = [
  { selector: 'AwaitExpression', message: 'Pure code is synchronous. Do the waiting outside and pass the value in.' },
  {
    selector: ':function[async=true]',
    message: 'Pure code is synchronous. Do the waiting outside and pass the value in.',
  },
  {
    selector: 'CallExpression[callee.object.name="Math"][callee.property.name="random"]',
    message: 'Same input, same answer. Take an id source as an argument.',
  },
];
const IMPURE_GLOBALS = [
  'process',
  'fetch',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'crypto',
  'performance',
].map((name) => ({ name, message: 'Pure code has no side effects. Return a value and let the caller act.' }));

const only = (...restrictions) => ['error', ...ON_THE_SERVER, ...restrictions];

// Signs, keys of the keyboard and names that are the same in every language; everything else goes through t().
const LANGUAGE_FREE = [
  ...'()[]{}<>,.:;!?&+-=*/#%|·•×–—−‹›«»“”…→←↑↓✓✗',
  'Trạm',
  'SHA-256',
  'PDF',
  'J',
  'K',
  'Enter',
  'Esc',
];

const TYPED_RULES = {
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};
const TYPESCRIPT_RULES = {
  '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/ban-ts-comment': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
};
const LANGUAGE_RULES = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-var': 'error',
  'prefer-const': 'error',
  'no-fallthrough': 'error',
  'no-self-compare': 'error',
  'no-unreachable': 'error',
  'no-irregular-whitespace': ['error', { skipStrings: true, skipTemplates: true, skipRegExps: true }],
  'no-warning-comments': ['error', { terms: ['fixme', 'xxx', 'hack'], location: 'start' }],
  'no-empty': 'error', // a comment that names what is ignored is the least
  'house/todo-has-issue': 'error',
  'house/no-commented-out-code': 'error',
};
const SIZE_RULES = {
  'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
  'max-params': ['error', 4],
};

const typed = { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.vue'] };
// One program for the web app and its tests; with the project service, the tests would need one of their own.
const typedDesigner = { ...typed, projectService: false, project: ['designer/tsconfig.json'] };

export default tseslint.config(
  { ignores: ['node_modules/', '**/dist/', '.dist-*/', '.data/', 'coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' }, plugins: { house } },

  { files: ['**/*.{js,mjs,cjs,ts,vue}'], rules: LANGUAGE_RULES },
  { files: ['**/*.ts'], extends: [tseslint.configs.base], rules: TYPESCRIPT_RULES },
  {
    files: ['{server,migrations,test,bench,designer/src}/**/*.ts'],
    languageOptions: { parserOptions: typed },
    rules: TYPED_RULES,
  },
  {
    // Component tests belong to the project of the designer: they know the browser and `.vue` files.
    files: ['{designer/src,test/designer}/**/*.ts'],
    languageOptions: { parserOptions: typedDesigner },
  },

  // Sizes. A test file may hold long suites, but a long file is hard to find one's way in there, too.
  { files: ['{server,designer/src}/**/*.ts', 'scripts/**/*.mjs'], rules: SIZE_RULES },
  {
    files: ['{test,bench,migrations}/**/*.ts'],
    rules: { 'max-lines': SIZE_RULES['max-lines'], 'max-params': SIZE_RULES['max-params'] },
  },
  {
    // Commands of a module take their arguments in one order everywhere: tx, ports, actor, subject, input, now.
    files: ['server/modules/*/commands.ts', 'server/modules/*/commands/*.ts'],
    rules: { 'max-params': ['error', 6] },
  },
  { files: ['server/**/*.ts', 'scripts/**/*.mjs'], rules: { 'house/file-begins-with-comment': 'error' } },

  // The server: every folder gets one list of restrictions.
  {
    files: ['server/**/*.ts'],
    rules: { 'no-console': 'error', 'no-restricted-syntax': only(SQL_HAS_A_HOME, ENVIRONMENT_HAS_A_HOME) },
  },
  { files: ['server/main/**/*.ts'], rules: { 'no-console': 'off', 'no-restricted-syntax': only(SQL_HAS_A_HOME) } },
  {
    // Adapters start other programs and hand their own environment on; settings still come in as arguments.
    files: ['server/adapters/**/*.ts'],
    rules: { 'no-restricted-syntax': only(SQL_HAS_A_HOME) },
  },
  { files: ['server/adapters/postgres/**/*.ts'], rules: { 'no-restricted-syntax': only() } },
  {
    files: ['server/{runtime,modules,flow}/**/*.ts'],
    rules: { 'no-restricted-syntax': only(SQL_HAS_A_HOME, ENVIRONMENT_HAS_A_HOME, ...TIME_IS_AN_ARGUMENT) },
  },
  {
    files: ['server/{runtime,modules}/**/store.ts', 'server/{runtime,modules}/**/store/**/*.ts'],
    rules: { 'no-restricted-syntax': only(ENVIRONMENT_HAS_A_HOME, ...TIME_IS_AN_ARGUMENT) },
  },
  {
    files: [
      'server/{engine,shared}/**/*.ts',
      'server/modules/*/{rules,lifecycle}.ts',
      'server/modules/*/rules/**/*.ts',
    ],
    rules: {
      'no-restricted-globals': ['error', ...IMPURE_GLOBALS],
      'no-restricted-syntax': only(SQL_HAS_A_HOME, ENVIRONMENT_HAS_A_HOME, ...TIME_IS_AN_ARGUMENT, ...PURE),
    },
  },
  {
    // The XML parser of bpmn-moddle answers with a promise; reading a model is still free of side effects.
    files: ['server/engine/model/parse.ts', 'server/engine/model/compile-definitions.ts'],
    rules: { 'no-restricted-syntax': only(SQL_HAS_A_HOME, ENVIRONMENT_HAS_A_HOME, ...TIME_IS_AN_ARGUMENT) },
  },

  // The designer: components show, composables hold state, and only designer/src/api talks to the server.
  {
    files: ['designer/src/**/*.vue'],
    extends: [tseslint.configs.base, ...vue.configs['flat/recommended'], vue.configs['no-layout-rules']],
    languageOptions: { parserOptions: { ...typedDesigner, parser: tseslint.parser } },
    rules: {
      ...LANGUAGE_RULES,
      ...TYPESCRIPT_RULES,
      '@typescript-eslint/no-floating-promises': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/multi-word-component-names': 'off',
      'vue/no-bare-strings-in-template': ['error', { allowlist: LANGUAGE_FREE }],
      'vue/no-v-html': 'error',
    },
  },
  {
    files: ['designer/src/**/*.{ts,vue}'],
    ignores: ['designer/src/api/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['fetch', 'XMLHttpRequest', 'EventSource', 'WebSocket'].map((name) => ({
          name,
          message: 'Only designer/src/api talks to the server.',
        })),
      ],
    },
  },
);
