import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AdminAudit, type AuditEntry } from '#admin';
import type { Principal } from '#commands';
import { auditEntrySchema, DEFAULT_PAGE_LIMIT, type ListAudit, listAuditSchema } from '#contracts';
import { Answers } from '../http/answers.decorator.js';
import { sendLinks } from '../http/page-links.js';
import { CurrentPrincipal } from '../http/principal.decorator.js';
import { RequireScope } from '../http/require-scope.decorator.js';

/** What administrators did. */
@ApiTags('admin')
@RequireScope('admin:read')
@Controller('api/admin/audit')
export class AuditController {
  constructor(private readonly audit: AdminAudit) {}

  @Get()
  @Answers(200, 'What administrators did, newest first', z.array(auditEntrySchema))
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query({ schema: listAuditSchema }) { before, limit = DEFAULT_PAGE_LIMIT }: ListAudit,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuditEntry[]> {
    const entries = await this.audit.list(tenantId, { before, limit });
    const oldest = entries.at(-1)?.seq ?? 1;
    if (oldest > 1) sendLinks(reply, '/api/admin/audit', [{ rel: 'next', query: { before: oldest, limit } }]);
    return entries;
  }
}
