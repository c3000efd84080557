/** An accepted turn of the LOL app's; its first event stands right after `after`. */
export type LolTurn = { conversationId: string; turnId: string; after: number };
