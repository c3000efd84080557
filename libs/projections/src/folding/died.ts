/** Why a stream is parked whose next event ends the process that folds it: it is never folded again, by reads neither. */
export const DIED = 'the process that folded it died';
