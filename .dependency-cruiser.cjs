// Who may import whom. `npm run check` fails on every arrow that is not in these tables, and
// test/house/import-rules.int.test.ts plants one violation of each rule to prove that the rule fires.
// The picture and the reasons are in docs/architecture.md. To allow a new arrow, change a row here in a commit of its own.

/** Domain modules, oldest first: a module may use only those that stand before it. */
const MODULES = [
  'audit',
  'agencies',
  'pilot',
  'documents',
  'registers',
  'signing',
  'validation',
  'exchange',
  'archive',
  'reports',
];

const SHARED = '^server/shared/';
const RUNTIME_FACE = '^server/runtime/index[.]ts$';
const ENGINE_FACE = '^server/engine/index[.]ts$';
const AUTHORING_FACE = '^server/authoring/index[.]ts$';
const FLOW_FACE = '^server/flow/index[.]ts$';
const MODULE_FACES = '^server/modules/[^/]+/index[.]ts$';
const PORTS = '^server/(runtime|modules/[^/]+)/ports[.]ts$';

/**
 * One row per folder. `ours`: files of this repository that it may import besides itself. `npm`: the only packages
 * that it may import (a row without `npm` is restricted by PACKAGE_HOMES alone). `advice`: what to do when the rule fires.
 */
const ROWS = {
  'server/shared': {
    ours: [],
    npm: [],
    advice:
      'Either the code belongs to the folder that it wants to import, or the value should come in as an argument.',
  },
  'server/engine': {
    ours: [SHARED],
    npm: ['bpmn-moddle', 'zeebe-bpmn-moddle'],
    advice: 'The engine decides and never acts. Return an effect and let server/runtime carry it out.',
  },
  'server/engine/expressions/feel': {
    ours: [SHARED],
    npm: ['lezer-feel', 'decimal.js', 're2js'],
    advice:
      'The expression language stands alone, so that the designer can use it in the browser. Take it as an argument.',
  },
  'server/authoring': {
    // What a modeler says while a flow is drawn. It runs on the server and in a web worker, so it touches nothing outside.
    ours: [ENGINE_FACE, SHARED],
    npm: ['bpmn-moddle', 'zeebe-bpmn-moddle', 'bpmnlint', 'bpmn-js-differ'],
    advice: 'Authoring is pure and runs in a browser: catalogues come in as an argument, answers go out as data.',
  },
  'server/runtime': {
    ours: ['^server/engine/index[.]ts$', SHARED],
    npm: [],
    advice:
      'The runtime knows processes, not documents. Take a port from runtime/ports.ts, or do the work in server/flow.',
  },
  'server/flow': {
    ours: [RUNTIME_FACE, MODULE_FACES, SHARED],
    npm: [],
    advice: 'A step calls public faces only. Export what is missing from the index.ts of the module or of the runtime.',
  },
  'server/api/contract': {
    ours: [],
    npm: ['typebox'],
    advice:
      'The contract is shipped to the browser as types, so it must stand alone. Describe the shape here in TypeBox.',
  },
  'server/api': {
    ours: [FLOW_FACE, RUNTIME_FACE, AUTHORING_FACE, MODULE_FACES, SHARED],
    advice:
      'A route translates. Move the decision or the SQL into a module and import that module through its index.ts.',
  },
  'server/workers': {
    ours: [FLOW_FACE, RUNTIME_FACE, MODULE_FACES, SHARED],
    npm: ['pino'],
    advice: 'A worker is a loop around one call. Move the work into server/flow or a module and call its index.ts.',
  },
  'server/adapters': {
    ours: [PORTS, SHARED],
    advice:
      'An adapter implements a port. Put the types that it needs into that ports.ts and leave the decision outside.',
  },
  'server/adapters/postgres': {
    ours: [PORTS, SHARED, '^migrations/'],
    advice: 'The database adapter runs the migrations and implements ports; it knows no module from the inside.',
  },
  'server/cli': {
    // The engine for `tram decision`: evaluating a table needs no server and no database.
    ours: [PORTS, SHARED, '^server/adapters/(pdf|signing)/', '^server/engine/index[.]ts$'],
    npm: [],
    advice:
      'The command line reads arguments and calls the signing adapters or the engine. It knows no module from the inside.',
  },
  'server/main': { ours: ['^server/', '^migrations/'], advice: 'main wires the server and nothing else.' },
  migrations: {
    ours: [],
    npm: ['knex'],
    advice: 'A migration must run the same in ten years, so it uses no code of ours.',
  },
  'designer/src': {
    ours: ['^server/api/contract/', AUTHORING_FACE],
    advice:
      'The browser sees the contract and no more. Add the type to server/api/contract and fetch the value over HTTP.',
  },
  'test/engine': {
    ours: ['^server/(engine|shared)/', '^test/(support|fixtures)/'],
    advice: 'Engine tests prove that the engine is pure. A test that needs more belongs to test/runtime or test/flow.',
  },
};
MODULES.forEach((name, index) => {
  ROWS[`server/modules/${name}`] = {
    ours: [SHARED, ...MODULES.slice(0, index).map((earlier) => `^server/modules/${earlier}/index[.]ts$`)],
    npm: [],
    advice: `Modules build on earlier ones (${MODULES.join(' → ')}) through index.ts. What joins two subjects belongs to server/flow; what leaves the process needs a port.`,
  };
});

/** Every package with side effects or with a large surface has one home. */
const PACKAGE_HOMES = [
  {
    packages: ['pg', 'knex'],
    homes: ['server/adapters/postgres', 'server/main', 'migrations', 'scripts', 'bench', 'test'],
  },
  // Global registries and default collectors: one file decides what is counted and how many names there may be.
  { packages: ['prom-client'], homes: ['server/adapters/metrics', 'test'] },
  { packages: ['bullmq', 'ioredis'], homes: ['server/adapters/queue', 'test'] },
  { packages: ['fastify', 'fastify-plugin', '@fastify'], homes: ['server/api', 'server/main', 'bench', 'test'] },
  { packages: ['typebox'], homes: ['server/api', 'test'] },
  {
    packages: ['bpmn-moddle', 'zeebe-bpmn-moddle'],
    homes: ['server/engine', 'server/authoring', 'designer', 'scripts', 'test'],
  },
  { packages: ['bpmnlint', 'bpmn-js-differ'], homes: ['server/authoring', 'designer', 'test'] },
  // A second opinion on FEEL and the rival of bench/feel, never part of the product.
  { packages: ['feelin'], homes: ['test', 'bench'] },
  { packages: ['lezer-feel', 'decimal.js', 're2js'], homes: ['server/engine/expressions/feel', 'test'] },
  {
    packages: ['vue', 'vue-router', 'vue-i18n', 'naive-ui', 'bpmn-js', 'diagram-js', 'pdfjs-dist'],
    homes: ['designer', 'test/designer'],
  },
  {
    packages: ['node-forge', '@cantoo/pdf-lib', 'fontkit', 'fflate', 'fast-xml-parser', '@node-rs/argon2'],
    homes: ['server/adapters', 'bench', 'test'],
  },
  {
    // Chains, CRLs and OCSP answers are judged in one folder; the page opens PKCS#12 with it, so that no PIN leaves it.
    packages: ['pkijs', 'asn1js'],
    homes: ['server/adapters/signing', 'designer', 'test'],
  },
  {
    // Tokens are opened in one file; the package is optional.
    packages: ['pkcs11js'],
    homes: ['server/adapters/signing', 'test'],
  },
  {
    // Another signer: a second opinion and a rival, never part of the product.
    packages: ['@libpdf/core'],
    homes: ['bench', 'test'],
  },
];

const OURS = '^(server|designer|test|bench|scripts|workflows|migrations)/';
const inside = (folder) => `^${folder}/`;
const packagePath = (name) => `(^|/)node_modules/${name}/`;

/** A folder with a row of its own (server/api/contract) does not inherit the rights of the folder around it. */
const fromRow = (folder) => {
  const nested = Object.keys(ROWS).filter((other) => other.startsWith(`${folder}/`));
  return { path: inside(folder), ...(nested.length > 0 ? { pathNot: nested.map(inside) } : {}) };
};

const layerRules = Object.entries(ROWS).map(([folder, { ours, advice }]) => ({
  name: `layer: ${folder}`,
  comment: advice,
  severity: 'error',
  from: fromRow(folder),
  to: { path: OURS, pathNot: [inside(folder), ...ours] },
}));

const npmRules = Object.entries(ROWS)
  .filter(([, row]) => row.npm !== undefined)
  .map(([folder, { npm, advice }]) => ({
    name: `npm: ${folder}`,
    comment: `Packages allowed here: ${npm.join(', ') || 'none'}. ${advice}`,
    severity: 'error',
    from: fromRow(folder),
    to: { path: '(^|/)node_modules/', ...(npm.length > 0 ? { pathNot: npm.map(packagePath) } : {}) },
  }));

const homeRules = PACKAGE_HOMES.map(({ packages, homes }) => ({
  name: `home of ${packages.join(', ')}`,
  comment: `Only ${homes.join(', ')} may import it. Describe what you need as a port and implement it there.`,
  severity: 'error',
  from: { path: OURS, pathNot: homes.map(inside) },
  to: { path: packages.map(packagePath) },
}));

const otherRules = [
  {
    name: 'a folder without a row may import nothing',
    comment: 'A new folder is a decision about architecture: give it a row in .dependency-cruiser.cjs and say why.',
    from: { path: '^server/', pathNot: Object.keys(ROWS).map(inside) },
    to: { path: [OURS, '(^|/)node_modules/'] },
  },
  {
    name: 'no Node I/O below the adapters',
    comment:
      'Only node:assert is allowed here. Describe what you need in ports.ts and implement it in server/adapters.',
    from: { path: '^(server/(shared|engine|authoring|runtime|modules|flow|api/contract)|migrations)/' },
    to: { dependencyTypes: ['core'], pathNot: '^(node:)?assert(/strict)?$' },
  },
  {
    name: 'designer areas are islands',
    comment: 'Move what two areas share to designer/src/components or designer/src/composables.',
    from: { path: '^designer/src/areas/([^/]+)/' },
    to: { path: '^designer/src/areas/', pathNot: '^designer/src/areas/$1/' },
  },
  {
    name: 'designer takes only types of the contract',
    comment: 'Write `import type`: a schema object would pull the validator of the server into the browser.',
    from: { path: '^designer/' },
    to: { path: '^server/', pathNot: AUTHORING_FACE, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'nobody imports test',
    comment: 'Move what the product needs into the product. Benchmarks may use test/support for their database.',
    from: { path: '.', pathNot: '^(test|bench)/' },
    to: { path: '^test/' },
  },
  {
    name: 'nobody imports main',
    comment: 'Composition roots are started, not imported. Take the object that main builds as an argument.',
    from: { path: '.', pathNot: '^(server/main|scripts|bench|test)/' },
    to: { path: '^server/main/' },
  },
  {
    name: 'no unresolvable imports',
    comment: 'The file or package does not exist, or package.json does not name it.',
    from: { path: '.' },
    to: { couldNotResolve: true },
  },
  {
    name: 'no cycles',
    comment: 'Move what both files need into a third one that imports neither.',
    from: { path: '.' },
    to: { circular: true },
  },
].map((rule) => ({ severity: 'error', ...rule }));

module.exports = {
  forbidden: [...layerRules, ...npmRules, ...homeRules, ...otherRules],
  options: {
    tsPreCompilationDeps: true, // type-only imports are arrows as well
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^([.][.]/)*dist/' }, // what the build made; it may not be there yet
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
      extensions: ['.ts', '.vue', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
    },
  },
};
