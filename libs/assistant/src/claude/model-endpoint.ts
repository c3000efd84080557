import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '#platform';
import { startScriptedModel, type ScriptedModel } from '../scripted-model/scripted-model.js';

/** Sent where a server is named and no key: a scripted model or a proxy that has its own. */
const noKey = 'none';

/** Which model server this process talks to: Anthropic's or another one, or a scripted model of its own. */
@Injectable()
export class ModelEndpoint implements OnApplicationShutdown {
  private constructor(
    readonly apiKey: string,
    /** Undefined: Anthropic's. */
    readonly baseUrl: string | undefined,
    private readonly own: ScriptedModel | null,
  ) {}

  /** Starts a scripted model exactly when neither a key nor another server is configured. */
  static async open(config: Pick<Config, 'anthropicApiKey' | 'anthropicBaseUrl'>): Promise<ModelEndpoint> {
    const { anthropicApiKey, anthropicBaseUrl } = config;
    if (anthropicApiKey !== undefined || anthropicBaseUrl !== undefined)
      return new ModelEndpoint(anthropicApiKey ?? noKey, anthropicBaseUrl, null);
    const own = await startScriptedModel({ remember: 0 });
    return new ModelEndpoint(noKey, own.url, own);
  }

  /** Answers are scripted: no model is asked. */
  get scripted(): boolean {
    return this.own !== null;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.own?.close();
  }
}
