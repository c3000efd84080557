import teardown from '../../support/run-teardown.mjs';

/** Waits until the run's keeper has stopped what the run started. */
export default teardown;
