import { useMessage } from '#react';
import { useMemo } from 'react';
import { MessageRow } from './message-row.js';
import type { Row } from './rows.js';

/** The row of a message that is being written: with each frame it alone renders. */
export function LiveRow({ row }: { row: Row }) {
  const message = useMessage(row.message);
  const live = useMemo(() => ({ ...row, message }), [row, message]);
  return <MessageRow row={live} />;
}
