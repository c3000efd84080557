import { projectReducerVersion, reducerVersion } from '#model';
import type { AnyProjection } from './projection.js';

/** Which code folds for a projection: streams that other code parked are tried again. */
export function foldVersionOf({ name, version }: Pick<AnyProjection, 'name' | 'version'>): string {
  return `${name} ${version}, model ${reducerVersion}, projects ${projectReducerVersion}`;
}
