import { Global, Module } from '@nestjs/common';
import { TURN_SIGNALS, type TurnSignals } from '#assistant';
import { Signals, StreamingModule } from '#streaming';

/** Lets a running turn hear of writes of other processes: a Stop then ends it at once, not at its next append. */
@Global()
@Module({
  imports: [StreamingModule],
  providers: [
    { provide: TURN_SIGNALS, inject: [Signals], useFactory: (signals: Signals): TurnSignals => signals },
  ],
  exports: [TURN_SIGNALS],
})
export class TurnSignalsModule {}
