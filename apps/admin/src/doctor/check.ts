/** What one look found. `fail` needs someone now; `warn` needs someone some day. */
export type Verdict = 'ok' | 'warn' | 'fail';

/** One line of the doctor: what was looked at, what was found, and what to do about it. */
export type Check = { name: string; verdict: Verdict; found: string; remedy?: string };

export function ok(name: string, found: string): Check {
  return { name, verdict: 'ok', found };
}

export function warn(name: string, found: string, remedy: string): Check {
  return { name, verdict: 'warn', found, remedy };
}

export function fail(name: string, found: string, remedy: string): Check {
  return { name, verdict: 'fail', found, remedy };
}

/** A look that cannot be had is a finding too: the others go on. */
export async function checked(name: string, look: () => Promise<Check | Check[]>): Promise<Check[]> {
  try {
    const found = await look();
    return Array.isArray(found) ? found : [found];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [
      fail(
        name,
        `could not be looked at: ${message}`,
        'see the lines above; the log of the service may tell more',
      ),
    ];
  }
}
