import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type Generate,
  type GeneratedProject,
  generatedSchema,
  generateSchema,
  type Iterate,
  iterateSchema,
  type IterateStream,
  iterateStreamSchema,
} from '#contracts';
import type { CommandContext } from '#conversations';
import { AlsoAnswers, Answers } from '../http/answers.decorator.js';
import { Context } from '../http/command-context.decorator.js';
import { LolStreams } from './lol-stream.service.js';
import { LolTurns } from './lol-turns.service.js';
import { TurnResults } from './turn-results.service.js';

/** The LOL app's own ways to ask Claude. */
@ApiTags('lol')
@Controller('api')
export class IterateController {
  constructor(
    private readonly turns: LolTurns,
    private readonly streams: LolStreams,
    private readonly results: TurnResults,
  ) {}

  @Post('iterate/claude/stream')
  @AlsoAnswers(200, 'text/event-stream', 'The turn, in the frames that the LOL app reads')
  @HttpCode(200)
  async stream(
    @Context() context: CommandContext,
    @Body({ schema: iterateStreamSchema }) body: IterateStream,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const turn = await this.turns.request(context, body);
    await this.streams.send(context.principal, turn, request, reply);
  }

  @Post('iterate/claude')
  @Answers(200, 'Changes a project, and answers once the turn has ended', generatedSchema)
  @HttpCode(200)
  async iterate(
    @Context() context: CommandContext,
    @Body({ schema: iterateSchema }) body: Iterate,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GeneratedProject> {
    const turn = await this.turns.request(context, body);
    return this.results.wait(context.principal, turn, reply);
  }

  @Post('ai/generate-claude')
  @Answers(200, 'Makes a new project, and answers once the turn has ended', generatedSchema)
  @HttpCode(200)
  async generate(
    @Context() context: CommandContext,
    @Body({ schema: generateSchema }) { prompt }: Generate,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GeneratedProject> {
    const turn = await this.turns.request(context, { prompt, title: generatedTitle(prompt) });
    return this.results.wait(context.principal, turn, reply);
  }
}

/** A project takes its title from the conversation that first wrote to it. */
function generatedTitle(prompt: string): string {
  return `Generated: ${prompt.slice(0, 50).replace(/[\uD800-\uDBFF]$/, '')}`;
}
