import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { ConversationsModule } from '#conversations';
import { EventLogModule } from '#event-log';
import { ProjectionsModule } from '#projections';
import { ProjectsModule } from '#projects';
import { StreamingModule } from '#streaming';
import { AdminApiModule } from './admin/admin-api.module.js';
import { CommandGateway } from './commands/command-gateway.service.js';
import { CommandsController } from './commands/commands.controller.js';
import { InPlaceProjector } from './commands/in-place-projector.service.js';
import { ConversationAccess } from './conversations/conversation-access.service.js';
import { ConversationPages } from './conversations/conversation-pages.service.js';
import { ConversationViews } from './conversations/conversation-views.service.js';
import { ConversationsController } from './conversations/conversations.controller.js';
import { ForkedProjectsModule } from './forks/forked-projects.module.js';
import { ForksController } from './forks/forks.controller.js';
import { HostGuard } from './http/host.guard.js';
import { OriginGuard } from './http/origin.guard.js';
import { PrincipalGuard } from './http/principal.guard.js';
import { ProblemFilter } from './http/problem.filter.js';
import { RequestValidationPipe } from './http/validation.pipe.js';
import { EventPages } from './log/event-pages.service.js';
import { EventStreams } from './log/event-stream.service.js';
import { LogController } from './log/log.controller.js';
import { ConversationProjects } from './lol/conversation-projects.service.js';
import { IterateController } from './lol/iterate.controller.js';
import { LolStreams } from './lol/lol-stream.service.js';
import { LolTurns } from './lol/lol-turns.service.js';
import { TurnFollower } from './lol/turn-follower.service.js';
import { TurnResults } from './lol/turn-results.service.js';
import { ConversationMessagesController } from './messages/conversation-messages.controller.js';
import { MessagePages } from './messages/message-pages.service.js';
import { MessageViews } from './messages/message-views.service.js';
import { MessageWritingController } from './messages/message-writing.controller.js';
import { MessagesController } from './messages/messages.controller.js';
import { WholeResults } from './messages/whole-results.service.js';
import { ExportTexts } from './export/export-texts.service.js';
import { Exports } from './export/exports.service.js';
import { MomentResolver } from './moments/moment-resolver.service.js';
import { MomentsController } from './moments/moments.controller.js';
import { StateViews } from './moments/state-views.service.js';
import { TimelineViews } from './moments/timeline-views.service.js';
import { MetricsController } from './observability/metrics.controller.js';
import { QueueBoard } from './observability/queue-board.service.js';
import { RequestObserver } from './observability/request-observer.service.js';
import { ProjectGateway } from './projects/project-gateway.service.js';
import { ProjectFilesController } from './projects/project-files.controller.js';
import { ProjectVersionsController } from './projects/project-versions.controller.js';
import { ProjectViews } from './projects/project-views.service.js';
import { ProjectsController } from './projects/projects.controller.js';
import { SearchController } from './search/search.controller.js';
import { SearchPages } from './search/search-pages.service.js';
import { DocsController } from './service/docs.controller.js';
import { HealthController } from './service/health.controller.js';
import { OpenApiHolder } from './service/openapi-document.js';
import { Readiness } from './service/readiness.service.js';
import { ConversationTurnsController } from './turns/conversation-turns.controller.js';
import { TurnAnswers } from './turns/turn-answers.service.js';
import { TurnsController } from './turns/turns.controller.js';
import { PreviewController } from './web/preview.controller.js';
import { WebController } from './web/web.controller.js';
import { WebFiles } from './web/web-files.service.js';

/** The HTTP side. Needs the global PlatformModule. Guards run in this order, before pipes and handlers. */
@Module({
  imports: [
    AdminApiModule,
    ConversationsModule,
    EventLogModule,
    ForkedProjectsModule,
    ProjectionsModule,
    ProjectsModule,
    StreamingModule,
    // what is down is told to whoever asks, and logged by whoever fails by it
    TerminusModule.forRoot({ logger: false }),
  ],
  controllers: [
    ConversationsController,
    ForksController,
    ConversationMessagesController,
    MessageWritingController,
    MessagesController,
    ConversationTurnsController,
    TurnsController,
    CommandsController,
    LogController,
    MomentsController,
    ProjectsController,
    ProjectVersionsController,
    ProjectFilesController,
    SearchController,
    IterateController,
    HealthController,
    MetricsController,
    DocsController,
    PreviewController,
    WebController,
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
    WholeResults,
    EventPages,
    EventStreams,
    ExportTexts,
    Exports,
    MomentResolver,
    StateViews,
    TimelineViews,
    TurnAnswers,
    ProjectGateway,
    ProjectViews,
    SearchPages,
    ConversationProjects,
    LolTurns,
    LolStreams,
    TurnFollower,
    TurnResults,
    Readiness,
    RequestObserver,
    QueueBoard,
    OpenApiHolder,
    WebFiles,
  ],
})
export class ApiModule {}
