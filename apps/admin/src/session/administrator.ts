import { userInfo } from 'node:os';
import { type Administrator, commandLineAdministrator } from '#admin';

/** Who runs this command, as the machine knows them: for the audit. */
export function administrator(): Administrator {
  return commandLineAdministrator(nameOfUser());
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // a container may run as a number that has no name
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
