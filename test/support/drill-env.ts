import type { ScriptedModel } from '#assistant';
import { freePort } from './free-port.js';

/**
 * The settings of servers that are killed and started again: on one port, asking `model`, and with leases that run out while
 * a test can wait for it. `storage` says where the log is.
 */
export async function drillEnv<Storage extends object>(storage: Storage, model: ScriptedModel) {
  return {
    ...storage,
    PORT: String(await freePort()),
    ANTHROPIC_API_KEY: 'test-key',
    ANTHROPIC_BASE_URL: model.url,
    CHATLOG_LEASE_MS: '1500',
    CHATLOG_HEARTBEAT_MS: '500',
    CHATLOG_SWEEP_MS: '200',
    LOG_LEVEL: 'error',
  };
}
