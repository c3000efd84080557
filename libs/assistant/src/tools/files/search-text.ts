import { Worker } from 'node:worker_threads';
import { FileRefusal } from './file-tool.js';

/** A pattern, its flags, and the texts by path. */
export type SearchRequest = { source: string; flags: string; files: [path: string, content: string][] };
/** How many lines of a file match, and the numbers (from 0) of the first of them. */
export type SearchHit = { path: string; count: number; lines: number[] };

/** Numbers given of all files together: every line of a project may match, and nobody reads millions. */
export const mostNumbers = 1_000;

/** A pattern that takes longer than this over one project backtracks without end. */
const limitMs = 5_000;

/** Plain JavaScript, as it runs beside the compiled and the uncompiled program alike. */
const program = `
  const { parentPort, workerData: { source, flags, files, mostNumbers } } = require('node:worker_threads');
  const pattern = new RegExp(source, flags);
  let left = mostNumbers;
  parentPort.postMessage(files.flatMap(([path, content]) => {
    const hit = { path, count: 0, lines: [] };
    for (const [number, line] of content.split('\\n').entries()) {
      if (!pattern.test(line)) continue;
      hit.count += 1;
      if (left-- > 0) hit.lines.push(number);
    }
    return hit.count > 0 ? [hit] : [];
  }));
`;

/**
 * The lines that match, in the order of the files. The pattern runs in a thread of its own that is killed when it takes too long
 * or `signal` fires: a regular expression can cost 2^n steps for a line of n characters, and nothing else could stop it.
 * @throws FileRefusal for a pattern that is none or takes too long; `signal`'s reason
 */
export async function searchText(
  request: SearchRequest,
  signal: AbortSignal,
  withinMs = limitMs,
): Promise<SearchHit[]> {
  refuseBadPattern(request);
  const late = AbortSignal.timeout(withinMs);
  const stop = AbortSignal.any([signal, late]);
  stop.throwIfAborted();
  const worker = new Worker(program, {
    eval: true,
    workerData: { ...request, mostNumbers },
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  try {
    return await new Promise<SearchHit[]>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the search ended without an answer')));
      stop.addEventListener('abort', () => reject(stop.reason), { once: true });
    });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (late.aborted)
      throw new FileRefusal(
        'input_invalid',
        `The pattern took longer than ${withinMs} ms. Use a simpler one.`,
      );
    throw error;
  } finally {
    await worker.terminate();
  }
}

function refuseBadPattern({ source, flags }: SearchRequest): void {
  try {
    void new RegExp(source, flags);
  } catch (error) {
    if (error instanceof SyntaxError) throw new FileRefusal('input_invalid', `pattern: ${error.message}`);
    throw error;
  }
}
