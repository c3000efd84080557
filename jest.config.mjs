import { readFileSync } from 'node:fs';

const swc = JSON.parse(readFileSync(new URL('./.swcrc.jest.json', import.meta.url), 'utf8'));

/** What every project shares: Jest runs CommonJS, so packages that are ESM only are compiled too. */
const base = {
  rootDir: import.meta.dirname,
  transform: { '^.+\\.m?[jt]s$': ['@swc/jest', { ...swc, swcrc: false }] },
  transformIgnorePatterns: ['/node_modules/(?!@nestjs/|content-disposition/)'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['chatlog-source', 'node', 'node-addons'] },
  setupFilesAfterEnv: ['<rootDir>/test/support/test-timeout.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
};

/** Suites with PostgreSQL share one server and one migrated template database a run (plain JavaScript: Jest does not map modules there). */
const withServer = {
  globalSetup: '<rootDir>/test/support/run-setup.mjs',
  globalTeardown: '<rootDir>/test/support/run-teardown.mjs',
};

export default {
  // the suites share one database server and drive whole services: more at once than this measure the machine, not the code
  maxWorkers: 2,
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/{libs,apps,migrations,test/support}/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.db\\.spec\\.ts$'],
    },
    {
      ...base,
      ...withServer,
      displayName: 'integration',
      testMatch: [
        '<rootDir>/libs/**/*.db.spec.ts',
        '<rootDir>/test/{integration,conformance,client}/**/*.spec.ts',
      ],
    },
    { ...base, ...withServer, displayName: 'crash', testMatch: ['<rootDir>/test/crash/**/*.spec.ts'] },
  ],
};
