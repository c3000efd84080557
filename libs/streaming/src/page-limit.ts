const mostEvents = 1000;

/**
 * How many events to read next so that a page stays near `targetBytes`: an event may be forty bytes or a megabyte, and
 * a page is all that a reader ever holds in memory. Starts low and follows the last page's average.
 */
export class PageLimit {
  private limit = 8;

  constructor(private readonly targetBytes: number) {}

  get events(): number {
    return this.limit;
  }

  sawPage(events: number, bytes: number): void {
    if (events === 0) return;
    const fitting = Math.floor((this.targetBytes * events) / Math.max(bytes, 1));
    // Growing by at most four at once: small events say little about the ones that follow.
    this.limit = Math.max(1, Math.min(fitting, this.limit * 4, mostEvents));
  }
}
