import 'reflect-metadata';
import { runLol } from './run-lol.js';

process.exit(await runLol());
