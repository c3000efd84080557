/** What any request may be given. */
export type RequestOptions = {
  /** Ends the request; its reason is thrown. What was sent may still be done. */
  signal?: AbortSignal;
};

/** What a write may be given beside it. */
export type WriteOptions = RequestOptions & {
  /** A repeat with the same key and content gets the first answer and changes nothing. A new one when absent. */
  idempotencyKey?: string;
};

/** Parameters of a query string; those that are undefined are left out. */
export type QueryParameters = Record<string, string | number | boolean | undefined>;
