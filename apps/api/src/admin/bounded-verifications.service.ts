import { Injectable } from '@nestjs/common';
import { AdminActions, type Administrator } from '#admin';
import type { Verify, VerifyReportResource } from '#contracts';
import type { Finding } from '#projections';

const DEFAULT_SAMPLE = 100;
/** Proxies cut requests that take longer than about half a minute. */
const LIMIT_MS = 25_000;
const MOST_FINDINGS = 100;

/** Verifications that fit into a request: a sample, or one stream, within 25 s. The command line has no such bounds. */
@Injectable()
export class BoundedVerifications {
  constructor(private readonly actions: AdminActions) {}

  /** `aborted` in the answer where time was up. @throws DomainRefusal `not_found` for a projection that there is not */
  async run(
    by: Administrator,
    { projection, conversationId, sample, deep }: { projection?: string } & NonNullable<Verify>,
  ): Promise<VerifyReportResource> {
    const what =
      conversationId === undefined ? { sample: sample ?? DEFAULT_SAMPLE } : { streamId: conversationId };
    const findings: Finding[] = [];
    const signal = AbortSignal.timeout(LIMIT_MS);
    const report = await this.actions.verify(by, { projection, ...what, deep, signal }, (finding) => {
      if (findings.length < MOST_FINDINGS) findings.push(finding);
    });
    return {
      ...report,
      findings: findings.map((finding) => ({ ...finding, differences: [...finding.differences] })),
    };
  }
}
