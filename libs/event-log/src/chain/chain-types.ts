/** The last seal of a chain, to be kept where whoever can change the database cannot: what was cut off after it shows then. */
export type ChainAnchor = { seal: number; mac: string };

export type ChainFindingKind =
  'altered' | 'missing' | 'swapped' | 'cut_off' | 'unknown_stream' | 'seal_broken';

/** What is wrong with a stream, at its first bad event, or with a seal. */
export type ChainFinding = {
  kind: ChainFindingKind;
  /** Null: the seal is meant. */
  streamId: string | null;
  /** The first bad event. */
  seq: number | null;
  /** The seal that vouches for it; null: none does. */
  seal: number | null;
  /** A sentence for a person. */
  what: string;
};

export type ChainProgress = { events: number; seals: number; sealsTotal: number; bad: number };

/** What a whole verification found. The log is as it was sealed exactly when `bad` is 0. */
export type ChainReport = {
  seals: number;
  streams: number;
  /** Events that were compared with their links. */
  events: number;
  /** Events that no seal covers yet: nothing vouches for them, and nothing is wrong with them. */
  unsealed: number;
  bad: number;
  /** The first 1,000. */
  findings: ChainFinding[];
  /** Keep it: it is the next verification's anchor. */
  lastSeal: ChainAnchor | null;
};
