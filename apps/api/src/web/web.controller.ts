import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { idSchema } from '#contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AsPage } from '../http/as-page.decorator.js';
import { entityTag, isUnchanged } from '../http/entity-tag.js';
import { OpenRoute } from '../http/open-route.decorator.js';
import { notFound } from '../http/problem.error.js';
import { RequireScope } from '../http/require-scope.decorator.js';
import { pageHeaders } from './security-headers.js';
import { type WebFile, WebFiles } from './web-files.service.js';

const YEAR_S = 31_536_000;

/** The web app: one page at each of its addresses, and the files that it loads. */
@ApiExcludeController()
@AsPage()
@Controller()
export class WebController {
  constructor(private readonly files: WebFiles) {}

  @Get(['/', 'projects/:id'])
  page(
    @Query('conversation') conversation: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const { success, data } = idSchema.safeParse(conversation);
    if (success) void reply.header('Link', preloadOf(data));
    this.sendPage(request, reply);
  }

  @Get('admin')
  @RequireScope('admin:read')
  adminPage(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.sendPage(request, reply);
  }

  @Get('icon.svg')
  @OpenRoute()
  icon(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    void reply.header('Cache-Control', 'max-age=86400');
    send(present(this.files.get('icon.svg')), request, reply);
  }

  /** Their names are made of their contents: one that was fetched is never asked for again. */
  @Get('assets/:name')
  @OpenRoute()
  asset(@Param('name') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const file = present(this.files.get(`assets/${name}`));
    void reply.header('Cache-Control', `public, max-age=${YEAR_S}, immutable`);
    send(file, request, reply);
  }

  /** Asked for anew at each visit, so that a new release is seen at once. */
  private sendPage(request: FastifyRequest, reply: FastifyReply): void {
    const file = present(this.files.get('index.html'));
    void reply.headers({ ...pageHeaders, 'Cache-Control': 'no-cache' });
    if (isUnchanged(request, reply, entityTag(file.bytes.toString()))) void reply.send();
    else send(file, request, reply);
  }
}

/**
 * The browser asks for the messages with the app itself, not only once that runs: the very request that the app will make
 * (`TAIL` in libs/client/src/live/live-conversation.ts).
 */
function preloadOf(conversationId: string): string {
  return `</api/conversations/${conversationId}/state?limit=50>; rel=preload; as=fetch; crossorigin`;
}

function present(file: WebFile | undefined): WebFile {
  if (!file) throw notFound('file');
  return file;
}

function send(file: WebFile, request: FastifyRequest, reply: FastifyReply): void {
  void reply.type(file.type).header('Vary', 'Accept-Encoding');
  const small = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '') ? file.packed() : undefined;
  if (small) void reply.header('Content-Encoding', 'gzip').send(small);
  else void reply.send(file.bytes);
}
