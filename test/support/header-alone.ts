import { request } from 'node:http';

/**
 * Sends a request's header and nothing of its body, and gives what is answered to that: the server has decided without the
 * body.
 */
export function headerAlone(
  url: string,
  wanted: { method: string; path: string; headers: Record<string, string> },
): Promise<{ status: number; code: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ ...wanted, hostname, port, agent: false });
    sent.once('error', reject).once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.once('end', () => {
        sent.destroy();
        resolve({ status: response.statusCode ?? 0, code: JSON.parse(text).code });
      });
    });
    sent.flushHeaders();
  });
}
