import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ProcessReports } from '#platform';
import { EventLog } from './event-log.js';

/** Has the process report how long its commits take: what runs in the background makes way by that. */
@Injectable()
export class FlushReports implements OnModuleInit, OnModuleDestroy {
  private end: (() => void) | null = null;

  constructor(
    private readonly log: EventLog,
    private readonly reports: ProcessReports,
  ) {}

  onModuleInit(): void {
    this.end = this.log.onFlushed((ms) => this.reports.observeCommit(ms));
  }

  onModuleDestroy(): void {
    this.end?.();
  }
}
