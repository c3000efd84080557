import { projectReducerVersion, reducerVersion } from '#model';

/** Which code folds: streams that another one parked are tried again. */
export const foldVersion = `model ${reducerVersion}, projects ${projectReducerVersion}`;
