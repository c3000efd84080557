import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, type ParameterObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { problemSchema } from '#contracts';

/** The description of every route, made from the schemas that validate them. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const options = new DocumentBuilder()
    .setTitle('LOL Chat Log')
    .setDescription(
      'Conversations as event logs: every token that Claude streams is one immutable event. See docs/protocol.md.',
    )
    .setVersion('1')
    .addBearerAuth()
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, options, {
    standardSchemaConverter: toJsonSchema,
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  return withSharedParts(document);
}

const idempotencyKey: ParameterObject = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A repeat with the same key, path and body gets the first answer and changes nothing.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** What holds for all routes: problems, and keys for every write. */
function withSharedParts(document: OpenAPIObject): OpenAPIObject {
  const { components } = toJsonSchema(problemSchema, { schemaType: 'output' }) ?? { components: {} };
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...components },
  };
  const problem = {
    description: 'A problem (RFC 9457)',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const path of Object.values(document.paths)) {
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete]) {
      if (operation) operation.responses = { ...operation.responses, default: problem };
    }
    for (const operation of [path.post, path.put, path.patch, path.delete])
      operation?.parameters?.push(idempotencyKey);
  }
  return document;
}

type Converted = { schema: Record<string, unknown>; components: Record<string, Record<string, unknown>> };

/**
 * Checks that JSON Schema cannot say are left out; their `meta` says what it can. The schema is converted as a property, so
 * that one with an id of its own becomes a reference.
 */
function toJsonSchema(
  schema: unknown,
  { schemaType }: { schemaType: 'input' | 'output' },
): Converted | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  const { definitions = {}, properties } = z.toJSONSchema(z.object({ schema }), {
    target: 'openapi-3.0',
    io: schemaType,
    unrepresentable: 'any',
  });
  return {
    schema: properties?.schema as Converted['schema'],
    components: withoutIds(definitions as Converted['components']),
  };
}

/** The name of a component is its key; an `id` inside is no keyword of OpenAPI. */
function withoutIds(definitions: Converted['components']): Converted['components'] {
  const text = JSON.stringify(definitions).replaceAll('#/definitions/', '#/components/schemas/');
  const copies = JSON.parse(text) as Converted['components'];
  for (const definition of Object.values(copies)) delete definition.id;
  return copies;
}

/** Where the document waits for the routes that serve it: it can be made only once the application is complete. */
export class OpenApiHolder {
  document: OpenAPIObject | null = null;
}
