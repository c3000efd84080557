import type { ApiClient, ApiRequest } from './api-client.js';

/** One frame as it came: `raw` are its bytes without the empty line that ends it. */
export type SseFrame = {
  raw: string;
  event: string | null;
  id: string | null;
  data: string;
  comment: boolean;
  json: unknown;
};

export function parseFrame(raw: string): SseFrame {
  const lines = raw.split('\n');
  const field = (name: string) =>
    lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null;
  const data = lines
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice(6))
    .join('\n');
  return {
    raw,
    event: field('event'),
    id: field('id'),
    data,
    comment: lines.every((line) => line.startsWith(':')),
    json: data ? JSON.parse(data) : undefined,
  };
}

/**
 * Reads a stream until `enough` says so of the newest frame, the server ends it, or time is up (an error). Gives the frames,
 * and whether the server ended it.
 */
export async function readStream(
  client: ApiClient,
  request: ApiRequest,
  enough: (frame: SseFrame, all: SseFrame[]) => boolean,
  timeoutMs = 20_000,
): Promise<{ frames: SseFrame[]; ended: boolean; status: number; headers: Record<string, unknown> }> {
  const response = await client.open(request);
  const frames: SseFrame[] = [];
  const about = { status: response.statusCode ?? 0, headers: response.headers as Record<string, unknown> };
  const timer = setTimeout(
    () => response.destroy(new Error(`no end after ${timeoutMs} ms: ${frames.at(-1)?.raw}`)),
    timeoutMs,
  );
  let rest = '';
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      rest += chunk as string;
      const parts = rest.split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const frame = parseFrame(part);
        frames.push(frame);
        if (enough(frame, frames)) return { frames, ended: false, ...about };
      }
    }
    return { frames, ended: true, ...about };
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
}
