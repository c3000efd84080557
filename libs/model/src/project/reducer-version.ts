/** Changes whenever `evolveProject` makes another state of the same events: snapshots of another one are not read. */
export const projectReducerVersion = 1;
