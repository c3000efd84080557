/** What the exit code of a command says. */
export const exitCodes = {
  fine: 0,
  /** It failed, or found what it looked for: a difference, a parked event, a failed check. */
  problem: 1,
  usage: 2,
  cannotConnect: 3,
  /** Something stands in the way, such as a rebuild that runs. */
  conflict: 4,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** For the end of the root's help. */
export const exitCodesHelp =
  '0 fine · 1 failed, or found a problem · 2 usage · 3 cannot connect · 4 conflict, such as a rebuild that runs · 130 Ctrl-C';
