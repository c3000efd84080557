import type { LoggerService } from '@nestjs/common';
import type { Config } from './config.js';
import { redactor } from './redact.js';
import { contextFields, type WorkFields } from './work-context.js';

const LEVELS = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'] as const;
type Level = (typeof LEVELS)[number];

type LoggerOptions = Partial<
  Pick<Config, 'logLevel' | 'token' | 'adminToken' | 'adminReadToken' | 'anthropicApiKey' | 'chainKey'>
> & {
  /** Readable lines instead of JSON; default: where the output is a terminal. */
  pretty?: boolean;
  write?: (line: string) => void;
};

/**
 * The Nest logger of a process: one JSON object a line (`at`, `level`, `context`, `message`, `stack`, and of what it
 * belongs to `requestId`, `conversationId`, `seq`), readable lines on a terminal; secrets of the configuration and passwords in URLs never appear.
 */
export function createLogger(options: LoggerOptions = {}): LoggerService {
  const write = options.write ?? ((line: string) => void process.stdout.write(line));
  const pretty = options.pretty ?? process.stdout.isTTY;
  const shown = LEVELS.slice(0, LEVELS.indexOf(options.logLevel ?? 'log') + 1);
  const redact = redactor(options);
  const emit = (level: Level, message: unknown, rest: unknown[]) => {
    if (!shown.includes(level)) return;
    const entry = toEntry(level, message, rest);
    write(`${redact(pretty ? toLine(entry) : JSON.stringify(entry))}\n`);
  };
  return Object.fromEntries(
    LEVELS.map((level) => [level, (message: unknown, ...rest: unknown[]) => emit(level, message, rest)]),
  ) as unknown as LoggerService;
}

type Entry = WorkFields & { at: string; level: Level; context?: string; message: string; stack?: string };

/** Nest passes the context last, and before it, for errors, the stack. */
function toEntry(level: Level, message: unknown, rest: unknown[]): Entry {
  const texts = rest.filter((part) => part !== undefined).map(describeValue);
  const context = texts.pop();
  const stack = message instanceof Error ? message.stack : texts.shift();
  const more = texts.length > 0 ? ` ${texts.join(' ')}` : '';
  return {
    at: new Date().toISOString(),
    level,
    context,
    message: describeValue(message) + more,
    ...contextFields(),
    stack,
  };
}

function describeValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // a cycle or a BigInt: a log line is not worth an exception
    return String(value);
  }
}

function toLine({ at, level, context, message, stack }: Entry): string {
  const mark = level === 'log' ? '' : `${level.toUpperCase()} `;
  return `${at.slice(11, 23)} ${mark}${context ? `[${context}] ` : ''}${message}${stack && level !== 'log' ? `\n${stack}` : ''}`;
}
