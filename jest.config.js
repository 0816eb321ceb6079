// Two projects: `unit` tests stand beside their file and run in parallel; `system` tests cross rooms and start
// real processes from dist/, so they run one after another. `browser` tests want Chromium besides: npm run test:browser.
const rooms = 'core,impls,harness,nemesis,workloads,checker,results,cli';

const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022', // lowers `using`, which Node 20 does not know
          parser: { syntax: 'typescript', decorators: false, explicitResourceManagement: true },
        },
      },
    ],
  },
};

export default {
  maxConcurrency: 2, // of test.concurrent
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [`<rootDir>/{${rooms}}/**/*.test.ts`],
      setupFilesAfterEnv: ['<rootDir>/scripts/jest-unit-setup.mjs'],
    },
    {
      ...shared,
      displayName: 'system',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'],
      runner: '<rootDir>/scripts/jest-serial-runner.mjs',
      setupFilesAfterEnv: ['<rootDir>/scripts/jest-system-setup.mjs'],
    },
    {
      ...shared,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
      runner: '<rootDir>/scripts/jest-serial-runner.mjs',
      setupFilesAfterEnv: ['<rootDir>/scripts/jest-system-setup.mjs'],
    },
  ],
};
