import {
  answerWith,
  hasToolResult,
  promptOf,
  startScriptedModel,
  type Reply,
  type Script,
  type ScriptedModel,
} from '#assistant';
import { ApiClient } from './api-client.js';
import { startMode, type TestMode } from './mode.js';
import { startServer, type TestServer } from './server.js';
import { readStream, type SseFrame } from './sse-client.js';

/** A built server with workers, over a model whose answers the prompts choose. */
export class ConformanceServer {
  private constructor(
    readonly mode: TestMode,
    readonly model: ScriptedModel,
    readonly server: TestServer,
    readonly api: ApiClient,
  ) {}

  static async start(
    env: Record<string, string> = {},
    script: Script = (request) => reply(lastLine(promptOf(request)), hasToolResult(request)),
  ): Promise<ConformanceServer> {
    const mode = await startMode();
    const model = await startScriptedModel({ speed: 0, script });
    const running = startServer({ env: { ...mode.env, ANTHROPIC_BASE_URL: model.url, ...env } });
    const server = await running.catch(async (error: unknown) => {
      // what is left open would keep the whole run from ending
      await model.close();
      await mode.stop();
      throw error;
    });
    return new ConformanceServer(mode, model, server, new ApiClient(server.url));
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.model.close();
    await this.mode.stop();
  }

  /** An empty conversation's id. */
  async conversation(body: object = {}): Promise<string> {
    return (await this.api.post('/api/conversations', body)).json.id;
  }

  /** The frames of a whole turn, to the end of its answer. */
  async turn(conversationId: string, prompt: string): Promise<SseFrame[]> {
    const path = `/api/conversations/${conversationId}/turns`;
    const headers = { accept: 'text/event-stream' };
    return (await readStream(this.api, { method: 'POST', path, body: { prompt }, headers }, () => false))
      .frames;
  }
}

/** `hang`: no answer; `slow`: a word every 50 ms; `clock`: a tool call, then a text; anything else: a short text. */
function reply(prompt: string, afterTool: boolean): Reply {
  if (prompt === 'hang') return { kind: 'hang' };
  if (prompt === 'slow') return { ...answerWith([{ text: 'word '.repeat(600) }]), speed: 20 };
  if (prompt === 'clock' && !afterTool)
    return answerWith([{ text: 'Let me look.' }, { tool: 'Clock', input: {} }]);
  return answerWith([{ text: `You said: ${prompt}` }]);
}

/** A prompt that follows an unanswered message arrives with it, as one user message. */
function lastLine(prompt: string): string {
  return prompt.slice(prompt.lastIndexOf('\n') + 1);
}
