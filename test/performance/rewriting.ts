import type { NewEvent } from '#event-log';
import type { Database } from '#platform';
import type { Contestant } from './contestant.js';

const textOf = ({ data }: NewEvent): string => {
  const { delta } = data as { delta?: { text?: string } };
  return delta?.text ?? '';
};

/** What a chat does that saves an answer by its row, a token at a time; the table is the benchmark's own. */
export async function rewriteTable(database: Database): Promise<void> {
  await database.query(
    `create table if not exists bench_messages (
       id uuid primary key, role text not null, content text not null, updated_at timestamptz not null)`,
  );
}

/** Reads the message, then appends the chunk to its text. */
export function rewriteBySelect(database: Database, chars = 0): Contestant {
  return {
    ...opened(database, chars),
    name: 'rewrite: select, update',
    append: async (streamId, _seq, delta) => {
      await database.run({
        name: 'bench_rewrite_select',
        text: 'select id, role, content from bench_messages where id = $1',
        values: [streamId],
      });
      await database.run({
        name: 'bench_rewrite_append',
        text: 'update bench_messages set content = content || $2, updated_at = now() where id = $1',
        values: [streamId, textOf(delta)],
      });
    },
  };
}

/** Keeps the text so far, and writes all of it. */
export function rewriteWhole(database: Database, chars = 0): Contestant {
  const texts = new Map<string, string>();
  return {
    ...opened(database, chars),
    name: 'rewrite: whole text',
    append: async (streamId, _seq, delta) => {
      const content = (texts.get(streamId) ?? answer(chars)) + textOf(delta);
      texts.set(streamId, content);
      await database.run({
        name: 'bench_rewrite_whole',
        text: 'update bench_messages set content = $2, updated_at = now() where id = $1',
        values: [streamId, content],
      });
    },
  };
}

/** Its message has so many characters of an answer already. */
function opened(database: Database, chars: number): Omit<Contestant, 'name' | 'append'> {
  return {
    tables: ['bench_messages'],
    open: (streamId) =>
      database.query(`insert into bench_messages values ($1, 'assistant', $2, now())`, [
        streamId,
        answer(chars),
      ]),
  };
}

/** Of words that differ, as texts do: what is all alike is compressed to nothing. */
function answer(chars: number): string {
  let text = '';
  for (let n = 0; text.length < chars; n += 1) text += ` a button "${(n * 2_654_435_761) % 100_003}" that`;
  return text.slice(0, chars);
}
