import { ApiClient } from './api-client.js';
import { startMode, type TestMode } from './mode.js';
import { startServer, type TestServer } from './server.js';

const tokens = {
  CHATLOG_TOKEN: 'token-of-everyone',
  CHATLOG_ADMIN_TOKEN: 'token-of-admins',
  CHATLOG_ADMIN_READ_TOKEN: 'token-of-watchers',
};

/** The HTTP side alone, with a token of each kind: a rebuild stands where it was begun, for want of a worker. */
export class AdminServer {
  readonly everyone = this.withToken('CHATLOG_TOKEN');
  readonly admin = this.withToken('CHATLOG_ADMIN_TOKEN');
  readonly watcher = this.withToken('CHATLOG_ADMIN_READ_TOKEN');

  private constructor(
    readonly mode: TestMode,
    readonly server: TestServer,
  ) {}

  static async start(): Promise<AdminServer> {
    const mode = await startMode();
    const server = await startServer({ role: 'api', env: { ...mode.env, ...tokens } });
    return new AdminServer(mode, server);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.mode.stop();
  }

  private withToken(name: keyof typeof tokens): ApiClient {
    return new ApiClient(this.server.url, { authorization: `Bearer ${tokens[name]}` });
  }
}
