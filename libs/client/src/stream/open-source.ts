import type { Environment } from '../environment/environment.js';
import type { Transport } from '../http/transport.js';
import { pathOf } from '../resources/conversations.api.js';
import type { EventSource, SourceListener } from './event-source.js';
import { ServerSource } from './server-source.js';
import { SharedSource } from './tabs/shared-source.js';

export type SourcePorts = {
  environment: Environment;
  transport: Transport;
  baseUrl: string;
  conversationId: string;
};

/** Where the events of a conversation come from here: one stream for all tabs, or, where tabs cannot talk, one a tab. */
export function openSource(ports: SourcePorts, listener: SourceListener): EventSource {
  const { locks, openChannel } = ports.environment;
  const path = `${pathOf(ports.conversationId)}/stream`;
  if (!locks || !openChannel) return new ServerSource({ ...ports, path }, listener);
  return new SharedSource({ ...ports, path, locks, openChannel }, listener);
}
