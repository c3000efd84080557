import { memo } from 'react';
import { Block, detectTextDirection, type BlockProps } from 'streamdown';

/**
 * One block of a text that is being written, and which way it is read. The library finds that out anew for all blocks with
 * each token, 2.6 ms of a frame at 85 KB; here for the block that has grown.
 */
export const DirectedBlock = memo(
  function DirectedBlock(props: BlockProps) {
    return <Block {...props} dir={detectTextDirection(props.content)} />;
  },
  // all else is the same for every text
  (a, b) => a.content === b.content && a.index === b.index && a.isIncomplete === b.isIncomplete,
);
