import type { Message } from '#contracts';
import { useState } from 'react';
import { useChatLog } from '#react';
import { formatBytes } from '../words/format.js';
import { words } from '../words/words.js';

type Blob = { size: number };

const isBlob = (value: unknown): value is Blob =>
  typeof value === 'object' && value !== null && typeof (value as Blob).size === 'number';
const shown = (result: Message['toolResult']): string =>
  typeof result === 'string' ? result : JSON.stringify(result, null, 2);

/** What a call gave. Of a large result the log shows the beginning; the rest is read when it is asked for. */
export function ToolResult({ message }: { message: Message }) {
  const { client } = useChatLog();
  const [whole, setWhole] = useState<Message['toolResult']>();
  const { resultBlob } = message.metadata;
  const result = whole ?? message.toolResult;
  if (result === undefined) return <p className="text-soft">{words.tools.noResult}</p>;
  const load = async () => {
    const found = await client.messages.get(message.conversationId, message.id);
    setWhole(found.toolResult);
  };
  return (
    <>
      <pre className="tool-text" tabIndex={0} dir="auto">
        {shown(result)}
      </pre>
      {whole === undefined && isBlob(resultBlob) && (
        <p className="text-soft">
          {words.tools.partial(formatBytes(resultBlob.size))}{' '}
          <button type="button" className="text-live underline" onClick={() => void load()}>
            {words.tools.whole}
          </button>
        </p>
      )}
    </>
  );
}
