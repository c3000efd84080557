import { createHash } from 'node:crypto';
import { CommandBus } from '@nestjs/cqrs';
import {
  type CommandContext,
  ConversationRepository,
  ForkConversation,
  type Principal,
  RenameConversation,
  StartConversation,
} from '#conversations';
import { EventLog } from '#event-log';
import { ProjectCommands } from '#projects';
import type { Session } from '../../session/session.js';
import type { DemoPlot, DemoStep } from './demo-plot.js';
import type { DemoTurns } from './demo-turns.js';

/** What a plot is told of as it goes. */
type Scene = {
  conversationId: string;
  turns: number;
  /** By the number of a turn: the message that its question answers, and the head after it. */
  parents: (string | null)[];
  heads: number[];
};

/**
 * Performs demo conversations by the commands that people give, each under a key of its own: repeated, it finds all of them done, and
 * one that was cut off goes on.
 */
export class DemoStage {
  constructor(
    private readonly session: Session,
    private readonly turns: DemoTurns,
    private readonly principal: Principal,
  ) {}

  /** Gives the conversations that it made, or found. `onStep` is called after each step. */
  async perform({ key, title, steps }: DemoPlot, onStep: () => void): Promise<string[]> {
    const start = new StartConversation(this.context(key, 0), { title });
    const { streamId } = await this.session.get(CommandBus).execute(start);
    let scene: Scene = { conversationId: streamId, turns: 0, parents: [], heads: [] };
    const made = [streamId];
    for (const [index, step] of steps.entries()) {
      scene = await this.step(step, scene, this.context(key, index + 1));
      if (scene.conversationId !== made.at(-1)) made.push(scene.conversationId);
      onStep();
    }
    return made;
  }

  private async step(step: DemoStep, scene: Scene, context: CommandContext): Promise<Scene> {
    const { conversationId } = scene;
    switch (step.do) {
      case 'turn': {
        const parentId = step.instead === undefined ? undefined : scene.parents[step.instead];
        const asked = await this.turns.run(step, { conversationId, parentId }, context);
        const [parents, heads] = [[...scene.parents], [...scene.heads]];
        const turns = scene.turns + 1;
        parents[turns] = asked.parentId;
        heads[turns] = await this.session.get(EventLog).head(conversationId);
        return { conversationId, turns, parents, heads };
      }
      case 'fork': {
        const at = scene.heads[step.afterTurn]!;
        const fork = new ForkConversation(context, { conversationId, at, withProject: true });
        const { streamId } = await this.session.get(CommandBus).execute(fork);
        const named = { ...context, commandId: `${context.commandId}:name` };
        const rename = new RenameConversation(named, { conversationId: streamId, title: step.title });
        await this.session.get(CommandBus).execute(rename);
        return { ...scene, conversationId: streamId };
      }
      case 'label': {
        const { version, name, starred } = step;
        const projectId = await this.projectOf(conversationId);
        await this.session.get(ProjectCommands).labelVersion(context, { projectId, version, name, starred });
        return scene;
      }
      case 'restore': {
        const projectId = await this.projectOf(conversationId);
        await this.session.get(ProjectCommands).restore(context, { projectId, version: step.version });
        return scene;
      }
      default:
        return step satisfies never;
    }
  }

  private async projectOf(conversationId: string): Promise<string> {
    const loaded = await this.session.get(ConversationRepository).load(conversationId);
    const id = loaded?.state.project?.id;
    if (id === undefined) throw new Error(`conversation ${conversationId} has no project yet`);
    return id;
  }

  private context(key: string, step: number): CommandContext {
    const commandId = `seed:demo:${key}:${step}`;
    return {
      principal: this.principal,
      commandId,
      bodySha256: createHash('sha256').update(commandId).digest('hex'),
    };
  }
}
