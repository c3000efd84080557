/** What someone has begun to write. It outlives the page. */
export type UseDraftResult = {
  draft: string;
  setDraft: (text: string) => void;
  clearDraft: () => void;
};
