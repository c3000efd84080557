import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

export type ApiRequest = {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  /** A string or bytes are sent as they are; anything else as JSON. */
  body?: unknown;
  /** Send the body in chunks, without Content-Length. */
  chunked?: boolean;
};

export type ApiAnswer = {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // a test knows what it asked for, and fails where it is not so
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  json: any;
};

/** Plain HTTP without a client library's kindness: any Host, any method, any bytes. */
export class ApiClient {
  constructor(
    readonly url: string,
    private readonly always: Record<string, string> = {},
  ) {}

  async send(wanted: ApiRequest): Promise<ApiAnswer> {
    const response = await this.open(wanted);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const isJson =
      /json/.test(response.headers['content-type'] ?? '') &&
      !/ndjson/.test(response.headers['content-type'] ?? '');
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      text,
      json: isJson && text ? JSON.parse(text) : undefined,
    };
  }

  /** The answer once its headers are there: for streams. */
  open({ method = 'GET', path, headers = {}, body, chunked }: ApiRequest): Promise<IncomingMessage> {
    const bytes =
      body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      const sent = httpRequest({
        method,
        path,
        hostname,
        port,
        agent: false,
        headers: {
          ...this.always,
          ...(bytes === undefined ? {} : { 'content-type': 'application/json' }),
          ...(bytes === undefined || chunked ? {} : { 'content-length': String(Buffer.byteLength(bytes)) }),
          ...headers,
        },
      });
      sent.once('response', resolve).once('error', reject);
      if (bytes !== undefined && chunked) {
        const all = Buffer.from(bytes);
        for (let at = 0; at < all.length; at += 65_536) sent.write(all.subarray(at, at + 65_536));
      } else if (bytes !== undefined) sent.write(bytes);
      sent.end();
    });
  }

  get(path: string, headers?: Record<string, string>): Promise<ApiAnswer> {
    return this.send({ path, headers });
  }

  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer> {
    return this.send({ method: 'POST', path, body, headers });
  }

  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer> {
    return this.send({ method: 'PATCH', path, body, headers });
  }

  delete(path: string, headers?: Record<string, string>): Promise<ApiAnswer> {
    return this.send({ method: 'DELETE', path, headers });
  }
}
