import { adminWords } from './admin.words.js';
import { timeTravelWords } from './time-travel.words.js';
import { words as chatWords } from './words.js';

/** The whole catalogue of words, for the parts of the app that are loaded after the chat. A translation is another object of this type. */
export const words = { ...chatWords, admin: adminWords, timeTravel: timeTravelWords } as const;
