import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { faultsOf } from './fault.js';
import { ProblemError } from './problem.error.js';

/** Most faults that one answer lists. */
const MAX_FAULTS = 20;

const places: Record<string, string> = { body: 'body', query: 'query', param: 'path', custom: 'headers' };

/**
 * Validates every parameter that has a schema and hands on what the schema made of it. Refusals are 400 problems that
 * name the field; the code is that of the first fault.
 *
 * Not Nest's own pipe: that one deletes every key `constructor` and `prototype` before it validates, so an unknown field
 * would pass, and a tool's input would be stored without them. `__proto__` does not get past the parser of bodies.
 */
@Injectable()
export class RequestValidationPipe implements PipeTransform {
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { schema, data, type } = metadata;
    if (!schema) return value;
    const result = await schema['~standard'].validate(value);
    if (!result.issues) return result.value;
    const root = data ?? places[type] ?? type;
    const errors = faultsOf(result.issues, root, data ? [data] : []).slice(0, MAX_FAULTS);
    const first = errors[0] ?? { field: root, code: 'invalid_field', message: 'is not valid' };
    const { field, code, message } = first;
    throw new ProblemError(400, code, `${field} ${message}`, { field, errors });
  }
}
