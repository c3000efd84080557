import type { EventData } from '#model';
import type { ProjectPorts } from './project-ports.js';

type Result = Pick<EventData<'ToolCallSucceeded'>, 'result' | 'resultBlob'>;

/** Of the result's JSON; a larger one would fill most of a context, and every read of the conversation. */
const largestBytes = 64 * 1024;

/**
 * The result as its event holds it: whole, or its beginning, which is what Claude is sent, and the name of the blob that holds the
 * JSON of the whole. @throws LogUnavailable
 */
export async function keepResult(
  result: Result['result'],
  tenantId: string,
  { put }: Pick<ProjectPorts, 'put'>,
): Promise<Result> {
  const json = JSON.stringify(result);
  const bytes = Buffer.byteLength(json);
  if (bytes <= largestBytes) return { result };
  const [resultBlob] = await put(tenantId, [json]);
  const text = typeof result === 'string' ? result : json;
  const beginning = text.slice(0, largestBytes / 2).replace(/[\uD800-\uDBFF]$/, '');
  return {
    result: `${beginning}\n(The result goes on: these are the first ${beginning.length} of ${text.length} characters. Ask for less at once.)`,
    resultBlob,
  };
}
