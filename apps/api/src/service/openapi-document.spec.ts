import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { projectRoot } from '#platform';
import { describeApi } from './describe-api.js';

let document: OpenAPIObject;

beforeAll(async () => {
  document = await describeApi();
});

it('stands in docs/openapi.json as it is (after `npm run build`: node dist/apps/api/src/write-openapi.js)', () => {
  const written: unknown = JSON.parse(readFileSync(join(projectRoot(), 'docs', 'openapi.json'), 'utf8'));
  expect(JSON.parse(JSON.stringify(document))).toEqual(written);
});

it('says for every operation what it answers, and what a problem looks like', () => {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const operation of [item.get, item.post, item.put, item.patch, item.delete]) {
      if (!operation) continue;
      const { default: problem, ...answers } = operation.responses;
      expect([path, JSON.stringify(problem)]).toEqual([
        path,
        expect.stringContaining('#/components/schemas/Problem'),
      ]);
      for (const [status, answer] of Object.entries(answers)) {
        const isDescribed = status === '204' || 'content' in answer!;
        expect([operation.operationId, status, isDescribed]).toEqual([operation.operationId, status, true]);
      }
    }
  }
});

it('refers to nothing that is not there', () => {
  const names = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
    ([, name]) => name!,
  );
  expect(names.length).toBeGreaterThan(10);
  for (const name of new Set(names)) expect(Object.keys(document.components?.schemas ?? {})).toContain(name);
});

it('leaves no custom check as "anything" where a type is known', () => {
  const parameters = Object.values(document.paths).flatMap(({ get }) => get?.parameters ?? []);
  for (const parameter of parameters) {
    expect(parameter).toMatchObject({ schema: { type: expect.stringMatching(/string|integer|boolean/) } });
  }
});
