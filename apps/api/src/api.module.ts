import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { ConversationsModule } from '#conversations';
import { EventLogModule } from '#event-log';
import { ProjectionsModule } from '#projections';
import { StreamingModule } from '#streaming';
import { CommandGateway } from './commands/command-gateway.service.js';
import { CommandsController } from './commands/commands.controller.js';
import { InPlaceProjector } from './commands/in-place-projector.service.js';
import { ConversationAccess } from './conversations/conversation-access.service.js';
import { ConversationPages } from './conversations/conversation-pages.service.js';
import { ConversationViews } from './conversations/conversation-views.service.js';
import { ConversationsController } from './conversations/conversations.controller.js';
import { HostGuard } from './http/host.guard.js';
import { OriginGuard } from './http/origin.guard.js';
import { PrincipalGuard } from './http/principal.guard.js';
import { ProblemFilter } from './http/problem.filter.js';
import { RequestValidationPipe } from './http/validation.pipe.js';
import { EventPages } from './log/event-pages.service.js';
import { EventStreams } from './log/event-stream.service.js';
import { LogController } from './log/log.controller.js';
import { StateViews } from './log/state-views.service.js';
import { ConversationMessagesController } from './messages/conversation-messages.controller.js';
import { MessagePages } from './messages/message-pages.service.js';
import { MessageViews } from './messages/message-views.service.js';
import { MessagesController } from './messages/messages.controller.js';
import { DocsController } from './service/docs.controller.js';
import { HealthController } from './service/health.controller.js';
import { OpenApiHolder } from './service/openapi-document.js';
import { Readiness } from './service/readiness.service.js';
import { ConversationTurnsController } from './turns/conversation-turns.controller.js';
import { TurnAnswers } from './turns/turn-answers.service.js';
import { TurnsController } from './turns/turns.controller.js';

/** The HTTP side. Needs the global PlatformModule. Guards run in this order, before pipes and handlers. */
@Module({
  imports: [ConversationsModule, EventLogModule, ProjectionsModule, StreamingModule],
  controllers: [
    ConversationsController,
    ConversationMessagesController,
    MessagesController,
    ConversationTurnsController,
    TurnsController,
    CommandsController,
    LogController,
    HealthController,
    DocsController,
  ],
  providers: [
    { provide: APP_GUARD, useClass: HostGuard },
    { provide: APP_GUARD, useClass: OriginGuard },
    { provide: APP_GUARD, useClass: PrincipalGuard },
    { provide: APP_PIPE, useClass: RequestValidationPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
    CommandGateway,
    InPlaceProjector,
    ConversationAccess,
    ConversationPages,
    ConversationViews,
    MessagePages,
    MessageViews,
    EventPages,
    EventStreams,
    StateViews,
    TurnAnswers,
    Readiness,
    OpenApiHolder,
  ],
})
export class ApiModule {}
