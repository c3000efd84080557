/** Nothing can be sealed or verified without the key. */
export class ChainKeyMissing extends Error {
  constructor() {
    super('CHATLOG_CHAIN_KEY is not set: the hash chain can be neither made nor verified without it');
    this.name = 'ChainKeyMissing';
  }
}
