/**
 * Who may import whom. Each rule is an error, and its comment says what it protects.
 * Nothing here is checked for spec files' own helpers, except that production code may not import tests.
 */
const lib = (...names) => `^libs/(${names.join('|')})/`;
const npm = (...names) => `node_modules/(${names.join('|')})/`;

/** A lib and the libs that it may import; anything else is an error. */
const ALLOWED = {
  contracts: {
    libs: [],
    why: 'The wire format is the one thing that everyone shares: it depends on nobody.',
  },
  platform: {
    libs: [],
    why: 'Configuration, database and queue know nothing of the product, so each lib can be read on its own.',
  },
  model: {
    libs: ['contracts'],
    why: 'Events and the fold run in browsers too and are tested without anything running.',
  },
  'event-log': {
    libs: ['platform'],
    why: 'The log stores any event: a rule of the product in it would be decided twice.',
  },
  commands: {
    libs: ['model', 'event-log', 'contracts', 'platform'],
    why: 'Who may, which answer a key got and whose turn it is to write are the same for every write side.',
  },
  projects: {
    libs: ['commands', 'model', 'event-log', 'contracts', 'platform'],
    why: 'Files have no conversation: a turn joins the two. It decides from the log alone, as conversations do.',
  },
  conversations: {
    libs: ['commands', 'model', 'event-log', 'contracts', 'platform'],
    why: 'The write side decides from the log alone. If it read a read model, lag would change decisions.',
  },
  projections: {
    libs: ['model', 'event-log', 'contracts', 'platform'],
    why: 'The read side folds what was logged. If it used the write side, a rebuild would depend on commands.',
  },
  streaming: {
    libs: ['event-log', 'model', 'platform'],
    why: 'Delivery follows the log, not the code that wrote to it.',
  },
  archive: {
    libs: ['event-log', 'platform'],
    why: 'A backup is of the log, whatever it means: it must be readable by a program that folds it otherwise.',
  },
  admin: {
    libs: ['archive', 'commands', 'projections', 'event-log', 'model', 'contracts', 'platform'],
    why: 'What an administrator does is done by its owner; this records it, for the API and the command line alike.',
  },
  client: {
    libs: ['model', 'contracts'],
    why: 'It runs in browsers, and sees the service as everyone else does: through the protocol.',
  },
  react: {
    libs: ['client', 'model', 'contracts'],
    why: 'Hooks show what the client knows. A hook that speaks HTTP itself has no retries, no sharing and no types.',
  },
  assistant: {
    libs: ['commands', 'conversations', 'projects', 'model', 'event-log', 'platform', 'contracts'],
    why: 'A turn acts through commands; it must not know how reads are made.',
  },
};

const layers = Object.entries(ALLOWED).map(([name, { libs, why }]) => ({
  name: `layer-${name}`,
  comment: `${why} Allowed: ${libs.length > 0 ? libs.join(', ') : 'no lib'}.`,
  severity: 'error',
  from: { path: lib(name), pathNot: '\\.spec\\.ts$' },
  to: { path: '^libs/', pathNot: [lib(name, ...libs)] },
}));

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'libs-never-apps',
      comment: 'Apps are put together from libs. A lib that imports an app cannot be used by the other apps.',
      severity: 'error',
      from: { path: '^(libs|migrations)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'production-never-tests',
      comment: 'Test helpers kill servers and plant faults: none of that may ship.',
      severity: 'error',
      from: { path: '^(apps|libs|migrations)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^test/|\\.spec\\.ts$' },
    },
    {
      name: 'libs-through-their-index',
      comment:
        'What a lib promises is its index.ts. Reaching behind it makes every file of it public. The launcher runs before ' +
        'there is an index to import, and takes the one file that is plain JavaScript.',
      severity: 'error',
      from: { path: '^(apps|libs/([^/]+))/', pathNot: ['\\.spec\\.ts$', '^apps/launcher/'] },
      to: { path: '^libs/([^/]+)/src/', pathNot: ['^libs/[^/]+/src/index\\.ts$', '^libs/$2/'] },
    },
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one idea in two places, and load in an order that nobody chose.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'pure-libs-stay-pure',
      comment:
        'contracts, model, client and react are loaded by browsers, the first two by the fold thread too: no framework of the ' +
        'server, no database, no Node.',
      severity: 'error',
      from: { path: lib('contracts', 'model', 'client', 'react'), pathNot: '\\.spec\\.ts$' },
      to: { path: npm('@nestjs/[^/]+', 'typeorm', 'pg', 'bullmq', 'ioredis', 'rxjs', '@anthropic-ai/sdk') },
    },
    {
      name: 'pure-libs-without-node',
      comment: "A browser has no node: modules. Hashes and files are the caller's.",
      severity: 'error',
      from: { path: lib('contracts', 'model', 'client', 'react'), pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'sdk-only-in-assistant',
      comment:
        'One place speaks to Claude, so retries, time-outs and what is logged before a call are decided once.',
      severity: 'error',
      from: { pathNot: [lib('assistant'), '\\.spec\\.ts$', '^test/'] },
      to: { path: npm('@anthropic-ai/sdk') },
    },
    {
      name: 'sdk-accumulator-only-in-tests',
      comment:
        "Our fold makes the messages; the SDK's accumulator is its oracle. Used in production it would judge itself.",
      severity: 'error',
      from: { path: '^(apps|libs|migrations)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '@anthropic-ai/sdk/lib/(Beta)?MessageStream' },
    },
    {
      name: 'typeorm-only-where-tables-are',
      comment: 'Tables belong to the log, the read models and the migrations; everyone else asks those.',
      severity: 'error',
      from: {
        path: '^(apps|libs)/',
        pathNot: [lib('platform', 'event-log', 'projections'), '\\.spec\\.ts$'],
      },
      to: { path: npm('typeorm', '@nestjs/typeorm') },
    },
    {
      name: 'pg-only-where-tables-are',
      comment:
        "As for TypeORM: a query elsewhere would bypass the log's rules and the tenant's filter. The archive copies whole tables " +
        'as they are, which is what it is for.',
      severity: 'error',
      from: {
        path: '^(apps|libs)/',
        pathNot: [lib('platform', 'event-log', 'projections', 'archive'), '\\.spec\\.ts$'],
      },
      to: { path: npm('pg', 'pg-copy-streams') },
    },
    {
      name: 'bullmq-only-in-platform-and-worker',
      comment:
        'Jobs are hints that may be lost. Code that cannot reach the queue cannot come to depend on it.',
      severity: 'error',
      from: { pathNot: [lib('platform'), '^apps/worker/', '\\.spec\\.ts$', '^test/'] },
      to: { path: npm('bullmq', '@nestjs/bullmq') },
    },
    {
      name: 'telemetry-only-in-platform',
      comment:
        'Names of metrics, their labels, and what is traced at all are decided in one place; elsewhere one counts and times.',
      severity: 'error',
      from: { pathNot: [lib('platform'), '\\.spec\\.ts$', '^test/'] },
      to: { path: npm('prom-client', '@opentelemetry/[^/]+') },
    },
    {
      name: 'tracing-sdk-loaded-last',
      comment:
        'Whoever exports no traces loads nothing of the SDK: one file imports it, and is imported only then.',
      severity: 'error',
      from: { pathNot: ['^libs/platform/src/tracing/export-spans\\.ts$', '^test/'] },
      to: {
        path: npm('@opentelemetry/(sdk-trace-node|sdk-trace-base|resources|exporter-trace-otlp-http)'),
      },
    },
    {
      name: 'migrations-know-no-lib',
      comment: "A migration that calls today's code does something else tomorrow. platform alone runs them.",
      severity: 'error',
      from: { path: '^migrations/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/' },
    },
    {
      name: 'migrations-only-from-platform',
      comment: 'Whoever migrates does it under the advisory lock, which is in platform.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [lib('platform')] },
      to: { path: '^migrations/' },
    },
    {
      name: 'no-unlisted-packages',
      comment:
        'A package that package.json does not name is there by luck. Types are let pass: those of Fastify must be of the very ' +
        'version that @nestjs/platform-fastify brings.',
      severity: 'error',
      from: { path: '^(apps|libs|migrations)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-dev-packages-in-production',
      comment:
        'The image installs without development packages. What only a browser loads is bundled before, out of them.',
      severity: 'error',
      from: {
        path: '^(apps|libs|migrations)/',
        pathNot: ['\\.spec\\.ts$', '^apps/(launcher|web)/', lib('react')],
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      comment: 'An import that resolves to nothing fails at the start of the program.',
      severity: 'error',
      // programs that tests start run from dist, which may not be built yet; the rivals are installed where they are measured
      from: { pathNot: '^test/support/[^/]+\\.mjs$|^test/performance/rivals/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'sources-not-build',
      comment:
        "A lib found in dist is one that no rule above has seen: the condition of package.json's imports has changed.",
      severity: 'error',
      from: { pathNot: '^test/support/[^/]+\\.mjs$' },
      to: { path: '^dist/' },
    },
    {
      name: 'web-app-speaks-http',
      comment:
        'The web app runs in a browser and knows of the server what a client knows: the libs for browsers, nothing else.',
      severity: 'error',
      from: { path: '^apps/web/', pathNot: '\\.spec\\.ts$|vite\\.config\\.ts$' },
      to: {
        path: '^(apps|libs|migrations)/',
        pathNot: ['^apps/web/', lib('client', 'react', 'model', 'contracts')],
      },
    },
    {
      name: 'launcher-before-install',
      comment:
        'The launcher runs on a bare machine: before npm ci there is nothing but Node and our sources.',
      severity: 'error',
      from: { path: '^apps/launcher/' },
      to: { path: 'node_modules/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['chatlog-source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.css'],
    },
  },
};
