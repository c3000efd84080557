/** The last seal is not what this key gives. Nothing is sealed on top of it. */
export class ChainKeyWrong extends Error {
  constructor(readonly seal: number) {
    super(
      `seal ${seal} was not made with this CHATLOG_CHAIN_KEY, or was changed since: nothing more is sealed; ` +
        'verify the chain with the key that it was made with',
    );
    this.name = 'ChainKeyWrong';
  }
}
