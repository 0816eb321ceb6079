// The import table of docs/ARCHITECTURE.md as rules. `npm run deps` fails on any other edge and on any cycle.
const rooms = ['core', 'impls', 'harness', 'nemesis', 'workloads', 'checker', 'results', 'cli'];
const test = '[.]test[.]ts$';

/** What each room may import besides itself; cli/ is the composition root and sees everything. */
const mayImport = {
  core: [],
  impls: ['core'], // and less for child-side code, below
  harness: ['core'],
  nemesis: ['core'],
  workloads: ['core', 'checker'],
  checker: ['core'],
  results: ['core'],
};

const roomRules = Object.entries(mayImport).map(([room, others]) => ({
  name: `${room}-imports`,
  comment: `${room}/ may import only ${[room, ...others].map((name) => `${name}/`).join(', ')}`,
  severity: 'error',
  from: { path: `^${room}/`, pathNot: test },
  to: {
    path: `^(${[...rooms, 'test', 'bench', 'scripts', 'dist'].join('|')})/`,
    pathNot: `^(${[room, ...others].join('|')})/`,
  },
}));

/** Child-side code: all of impls/ but the declarations read by the harness (impl.ts) and the simulator. */
const childSide = { path: '^impls/', pathNot: [test, '/impl[.]ts$', '^impls/sim/'] };

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    ...roomRules,
    {
      name: 'system-shares-no-code-with-its-judge',
      comment: 'child-side code imports only what describes the wire and the machine: see the list',
      severity: 'error',
      from: childSide,
      to: { path: '^core/', pathNot: '^core/(protocol|ids|units|json|assert|machine|child)[.]ts$' },
    },
    {
      name: 'children-start-fast',
      comment: 'packages cost a child process more than its own start: node: modules only',
      severity: 'error',
      from: childSide,
      to: { dependencyTypesNot: ['core', 'local'], pathNot: '^(core|impls)/' },
    },
    {
      name: 'children-do-not-reach-the-simulator',
      comment: 'neither a core nor its shell may import what only the harness side loads',
      severity: 'error',
      from: childSide,
      to: { path: ['/impl[.]ts$', '^impls/sim/'] },
    },
    {
      name: 'page-imports',
      comment: 'the script of report.html: itself, uPlot, and how its data lies in the page',
      severity: 'error',
      from: { path: '^results/page/', pathNot: test },
      to: {
        pathNot: '^(results/page/|results/report/(report-data|column-layout)[.]ts$|node_modules/uplot/)',
      },
    },
    {
      name: 'page-is-no-module',
      comment: 'what runs in Node takes the page as a built file',
      severity: 'error',
      from: { pathNot: '^results/page/' },
      to: { path: '^results/page/' },
    },
    {
      name: 'no-dev-dependencies',
      comment: 'what is published runs without devDependencies; the page is bundled with its own',
      severity: 'error',
      from: { path: `^(${rooms.join('|')})/`, pathNot: [test, '^results/page/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-tests',
      comment: 'only tests import tests',
      severity: 'error',
      from: { pathNot: [test, '^(test|bench)/'] },
      to: { path: [test, '^test/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|ftcheck-runs|ftcheck-failover|examples|scratch)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
