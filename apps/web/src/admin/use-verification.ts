import { useState } from 'react';
import type { VerifyReportResource } from '#contracts';
import { useAdminAction } from './use-admin-action.js';

export type UseVerification = {
  isRunning: boolean;
  report: VerifyReportResource | null;
  start: (projection: string, body: { sample: number; deep?: boolean }) => void;
  close: () => void;
};

/** A comparison of rows with the log, and what it found. */
export function useVerification(): UseVerification {
  const { run, isBusy } = useAdminAction();
  const [report, setReport] = useState<VerifyReportResource | null>(null);
  return {
    isRunning: isBusy,
    report,
    close: () => setReport(null),
    start: (projection, body) => {
      setReport(null);
      void run(async (client, once) => setReport(await client.admin.verify(projection, body, once)));
    },
  };
}
