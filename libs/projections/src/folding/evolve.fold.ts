import { copyState, evolve, type ConversationState } from '#model';
import { refuseMarker, type FoldedChanges, type ProjectionFold } from '../projection.js';

export type EvolveChanges = FoldedChanges & { state: ConversationState };

/** The model's own fold, for what is no projection: an answer in flight, the state at a seq. */
export const evolveFold: ProjectionFold<{ state: ConversationState }, EvolveChanges> = {
  fold(context, events, options) {
    let state = copyState(context.state);
    for (const [index, event] of events.entries()) {
      options.begin?.(index);
      state = evolve(state, event);
      refuseMarker(state, options);
    }
    return { state, markers: state.markers };
  },
};
