import { startScriptedModel, defaultScript, type Script, type ScriptedModel } from '#assistant';
import { ApiClient } from '../../support/api-client.js';
import { freePort } from '../../support/free-port.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { startServer, type TestServer } from '../../support/server.js';

/** The built server on a port that it keeps, over a model whose script a test may replace; to be killed and started again. */
export class ServedChat {
  /** What the model answers from now on. */
  script: Script = defaultScript;
  private server: TestServer | undefined;

  private constructor(
    readonly url: string,
    readonly api: ApiClient,
    readonly mode: TestMode,
    private model: ScriptedModel | undefined,
    private readonly env: Record<string, string>,
  ) {}

  /** `speed`: deltas a second, where a script does not say. */
  static async start(env: Record<string, string> = {}, speed = 200): Promise<ServedChat> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const served = new ServedChat(url, new ApiClient(url), await startMode(), undefined, {
      ...env,
      PORT: String(port),
    });
    try {
      served.model = await startScriptedModel({
        speed,
        script: (request, call) => served.script(request, call),
      });
      await served.up();
      return served;
    } catch (error) {
      await served.stop();
      throw error;
    }
  }

  /** The scripted model, which outlives the server. */
  get scripted(): ScriptedModel {
    if (!this.model) throw new Error('the model has not started');
    return this.model;
  }

  /** Starts the server where it does not run; resolves when it is ready. */
  async up(): Promise<void> {
    if (this.server && this.server.exitCode() === null) return;
    this.server = await startServer({
      env: { ...this.mode.env, ANTHROPIC_BASE_URL: this.scripted.url, ...this.env },
    });
  }

  /** As the kernel's OOM killer ends it. */
  async kill9(): Promise<void> {
    await this.server?.kill9();
    this.server = undefined;
  }

  /** A kill, and a start on the same port. */
  async restart(): Promise<void> {
    await this.kill9();
    await this.up();
  }

  async stop(): Promise<void> {
    await this.server?.stop();
    await this.model?.close();
    await this.mode.stop();
  }
}
