import type { Config } from '#platform';

/** What a person should know after `npm start`: where it is, what runs, where the data is, how to get the real model. */
export function bannerLines(url: string, config: Config): string[] {
  const storage =
    config.databaseUrl === undefined
      ? `embedded PostgreSQL, data in ${config.dataDir}`
      : 'PostgreSQL at DATABASE_URL';
  const queue = config.redisUrl === undefined ? 'jobs in PostgreSQL' : 'jobs in Redis';
  const model =
    config.anthropicApiKey === undefined
      ? 'scripted answers, no real model. For the real one: ANTHROPIC_API_KEY=… npm start'
      : `${config.model} with your ANTHROPIC_API_KEY`;
  return [
    '',
    `  LOL Chat Log  ${url}`,
    `  mode          API and workers in one process; ${queue}`,
    `  storage       ${storage}`,
    `  model         ${model}`,
    `  API           ${url}/docs`,
    '  stop          Ctrl-C',
    '',
  ];
}
