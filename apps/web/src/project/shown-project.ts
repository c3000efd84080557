/** A file as the pane lists it; its content is read when it is opened, where it is not there yet. */
export type ShownFile = { path: string; type: string; content?: string; sha256?: string };

/** A project at the moment that is shown. */
export type ShownProject = {
  id: string;
  title: string;
  version: number;
  /** Of a moment that is past: the place in the project's own log, between versions too. */
  seq?: number;
  files: readonly ShownFile[];
  /** Where its page runs, alone and unable to reach us. */
  previewUrl: string;
  hasPage: boolean;
};
