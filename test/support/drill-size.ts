/** How much a long test does: `usual` in `npm test`, `whole` where CHATLOG_TEST_LONG is 1, as in `.ci/run`. */
export const drillSize = (usual: number, whole: number): number =>
  process.env.CHATLOG_TEST_LONG === '1' ? whole : usual;
