import { createHash } from 'node:crypto';
import {
  DomainRefusal,
  decideProject,
  evolveProject,
  initialProject,
  type LoggedEvent,
  type NewFiles,
  type ProjectCommand,
  type ProjectState,
} from '#model';
import type { Prng } from './prng.js';

/** Any text's hash: the name of its content. */
export function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function logged(seq: number, type: string, data: unknown): LoggedEvent {
  const at = new Date(Date.UTC(2026, 0, 1) + seq * 1_000).toISOString();
  return { seq, type, at, schemaVersion: 1, data, metadata: {} };
}

/** A project's past: commands are decided and folded one after another. */
export class ProjectStory {
  state = initialProject('00000000-0000-7000-8000-00000000000a');
  readonly events: LoggedEvent[] = [];
  /** Trees by version, for restores. */
  readonly trees = new Map<number, NewFiles>();

  tell(command: ProjectCommand): void {
    for (const { type, data } of decideProject(this.state, command).events) {
      const event = logged(this.state.seq + 1, type, data);
      this.events.push(event);
      this.state = evolveProject(this.state, event);
      if (this.state.versionSeq === event.seq) this.trees.set(this.state.version, { ...this.state.files });
    }
  }

  /** As `tell`; a refusal changes nothing. */
  try(command: ProjectCommand): void {
    const known =
      command.type === 'restoreVersion'
        ? { ...command, files: this.trees.get(command.version) ?? null }
        : command;
    try {
      this.tell(known);
    } catch (error) {
      if (!(error instanceof DomainRefusal)) throw error;
    }
  }
}

/** The state at the end of a story. */
export function projectStory(tell: (story: ProjectStory) => void): ProjectState {
  const story = new ProjectStory();
  tell(story);
  return story.state;
}

const paths = ['index.html', 'a.css', 'a.js', 'lib/b.js', 'lib/c.js', 'constructor', 'ü/é.html', '1', '2'];

/** Something to do next; where there is no project yet, to create it. A restore's tree is the caller's to look up. */
export function randomCommand(prng: Prng, state: ProjectState): ProjectCommand {
  if (state.seq === 0) return { type: 'createProject', title: 'Project', files: randomFiles(prng) };
  const version = prng.between(1, state.version + 1);
  const chance = prng.next();
  if (chance < 0.35) return { type: 'writeFile', path: prng.pick(paths), file: randomFile(prng) };
  if (chance < 0.5) return { type: 'deleteFile', path: prng.pick(paths) };
  if (chance < 0.65)
    return { type: 'commitVersion', outcome: prng.pick(['completed', 'cancelled', undefined]) };
  if (chance < 0.72) return { type: 'putProject', files: randomFiles(prng) };
  if (chance < 0.8) return { type: 'restoreVersion', version, files: null };
  if (chance < 0.87) return { type: 'renameProject', title: `Title ${prng.between(1, 3)}` };
  const name = prng.pick(['One', 'Two', null, undefined]);
  return { type: 'labelVersion', version, name, starred: prng.pick([true, false, undefined]) };
}

/** The texts that random files have: few, so that contents come again. */
export const contentOf = (n: number): string => `content ${n}\n`.repeat(n);
export const contentCount = 6;

function randomFile(prng: Prng): { sha256: string; size: number } {
  const content = contentOf(prng.between(1, contentCount));
  return { sha256: sha(content), size: content.length };
}

function randomFiles(prng: Prng): NewFiles {
  const count = prng.between(0, 4);
  return Object.fromEntries(Array.from({ length: count }, () => [prng.pick(paths), randomFile(prng)]));
}
