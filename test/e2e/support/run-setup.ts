import setup from '../../support/run-setup.mjs';

/** What Jest's runs share, shared by these too: a folder, and a keeper that clears up. */
export default setup;
