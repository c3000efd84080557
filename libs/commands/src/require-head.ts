import { DomainRefusal } from '#model';
import type { CommandContext } from './command-context.js';

/** @throws DomainRefusal `wrong_expected_seq` when the client has folded another head than the log's. */
export function requireHead({ expectedSeq }: CommandContext, head: number): void {
  if (expectedSeq === undefined || expectedSeq === head) return;
  throw new DomainRefusal(
    'wrong_expected_seq',
    409,
    `the log is at seq ${head}, not at ${expectedSeq}`,
    'expectedSeq',
  );
}
