import type { DemoPlot } from '../demo-plot.js';
import { allotment } from './allotment.plot.js';
import { birthdayCard } from './birthday-card.plot.js';
import { closures } from './closures.plot.js';
import { nightSky } from './night-sky.plot.js';
import { synthesizer } from './synthesizer.plot.js';
import { teaTimer } from './tea-timer.plot.js';

/** Six conversations that show what this service remembers. */
export const demoPlots: readonly DemoPlot[] = [
  teaTimer,
  birthdayCard,
  nightSky,
  synthesizer,
  allotment,
  closures,
];
