import { lazy } from 'react';
import { loadPart } from './load-part.js';

/** A component that is loaded when it is first shown, through a network that comes and goes. */
export const lazyPart: typeof lazy = (load) => lazy(() => loadPart(load));
