/** Waits until the keeper has stopped what the run started. */
export default async function teardown() {
  const keeper = globalThis.chatlogTestKeeper;
  const gone = new Promise((resolve) => keeper.once('exit', resolve));
  keeper.ref();
  keeper.disconnect();
  await gone;
}
