import { TestEnvironment } from 'jest-environment-jsdom';

/** What a browser has and jsdom has not; Node's own fit together, and jsdom's signals do not fit Node's `fetch`. */
const fromNode = [
  'AbortController',
  'AbortSignal',
  'Headers',
  'ReadableStream',
  'Request',
  'Response',
  'TextDecoder',
  'TextEncoder',
  'fetch',
  'structuredClone',
];

/** jsdom for the tests of hooks; name it in a `@jest-environment` comment. */
export default class BrowserEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of fromNode) this.global[name] = globalThis[name];
    // what React asks for before it lets a test await its work
    this.global.IS_REACT_ACT_ENVIRONMENT = true;
  }
}
