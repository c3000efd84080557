import { Module } from '@nestjs/common';
import { ConversationsModule } from '#conversations';
import { EventLogModule } from '#event-log';
import { CONFIG, type Config } from '#platform';
import { ProjectsModule } from '#projects';
import { ClaudeClient } from './claude/claude-client.js';
import { ModelEndpoint } from './claude/model-endpoint.js';
import { TurnReaper } from './recovery/turn-reaper.js';
import { ClockTool } from './tools/clock.tool.js';
import { fileTools } from './tools/files/file-tools.js';
import { ToolRegistry } from './tools/tool-registry.js';
import { TurnProjects } from './turns/turn-projects.js';
import { TurnRunner } from './turns/turn-runner.js';

/**
 * Everything that runs turns. For processes that take turns from the queue; it needs the global PlatformModule, and
 * listens to `TURN_SIGNALS` where a global module provides them.
 */
@Module({
  imports: [ConversationsModule, EventLogModule, ProjectsModule],
  providers: [
    { provide: ModelEndpoint, inject: [CONFIG], useFactory: (config: Config) => ModelEndpoint.open(config) },
    {
      provide: ClaudeClient,
      inject: [CONFIG, ModelEndpoint],
      useFactory: ({ upstreamIdleMs }: Config, { apiKey, baseUrl }: ModelEndpoint) =>
        new ClaudeClient({ apiKey, baseUrl, idleMs: upstreamIdleMs }),
    },
    { provide: ToolRegistry, useFactory: () => new ToolRegistry([...fileTools(), new ClockTool()]) },
    TurnProjects,
    TurnRunner,
    TurnReaper,
  ],
  exports: [ModelEndpoint, ClaudeClient, ToolRegistry, TurnRunner, TurnReaper],
})
export class AssistantModule {}
