/** Where imported events come from. */
export const LOL = 'lol';

/** In the metadata of an imported event: its row's own time, and what the row was, to tell later whether it has changed. */
export type ImportMark = { importedFrom: typeof LOL; originalAt: string; sha256: string };
