import { textProblem } from '#contracts';
import { LogUnavailable } from '#event-log';
import {
  byPath,
  decideProject,
  DomainRefusal,
  fileAt,
  initialProject,
  newId,
  type ConversationState,
  type DomainEvent,
  type ProjectEvent,
  type ProjectState,
} from '#model';
import { projectPart, type ProjectPart } from '#projects';
import {
  FileRefusal,
  type FileAnswer,
  type FileChange,
  type FilesView,
  type FileTool,
} from '../tools/files/file-tool.js';
import type { ToolOutcome } from '../tools/tool-registry.js';
import type { ProjectPorts } from './project-ports.js';
import { restoreNote } from './restore-note.js';
import type { TurnIdentity } from './turn-log.js';

/** The project's tree at an event, as the event's data says it; empty without a project. */
export type ProjectPlace = {
  projectId?: string;
  projectSeq?: number;
  projectNote?: string;
  projectChanged?: boolean;
};

/** What a call on the files came to. Nothing of it has happened before the unit with its result is committed. */
export type FileWork = {
  outcome: ToolOutcome;
  place: ProjectPlace;
  /** The link to a project that the call makes, to stand before its result. */
  links: DomainEvent[];
  part: ProjectPart | null;
  /** To be called once the unit is committed: from now on the turn knows what it read and wrote. */
  committed: () => void;
};

type Project = { state: ProjectState; isNew: boolean };

/** The conversation's project as one running turn works on it, and what the turn knows of its files. */
export class TurnProject {
  /** By path, the hash of what the turn last read or wrote there. */
  private readonly seen = new Map<string, string>();

  constructor(
    private readonly ports: ProjectPorts,
    private readonly turn: TurnIdentity,
  ) {}

  /** Where the project is now, and what Claude must be told of it. @throws LogUnavailable */
  async place(state: ConversationState): Promise<ProjectPlace> {
    const { state: project, isNew } = await this.current(state);
    return isNew ? {} : this.placeAt(state, project, project.seq);
  }

  /**
   * Looks at the files as they are now and decides what the call does. Run it again when someone else wrote first.
   * @throws LogUnavailable, `signal`'s reason
   */
  async run(
    tool: FileTool,
    input: unknown,
    state: ConversationState,
    signal: AbortSignal,
  ): Promise<FileWork> {
    const project = await this.current(state);
    try {
      const answer = await tool.run(tool.input.parse(input), this.view(project.state), signal);
      return await this.succeeded(state, project, answer);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof LogUnavailable) throw error;
      return this.failed(state, project, error);
    }
  }

  /** The one that the turn has written to, else the conversation's; what is absent or another owner's is none. */
  private async current({ turn, projectId }: ConversationState): Promise<Project> {
    const id = turn?.changedProject ?? projectId;
    const loaded = id === null ? null : await this.ports.load(id);
    const { tenantId, ownerId } = this.turn;
    const own = loaded?.info.tenantId === tenantId && loaded.info.ownerId === ownerId;
    return own ? { state: loaded.state, isNew: false } : { state: initialProject(newId()), isNew: true };
  }

  private view({ files }: ProjectState): FilesView {
    const entries = new Map(Object.entries(files).toSorted(([a], [b]) => byPath(a, b)));
    const contents = async (paths: readonly string[]): Promise<Map<string, string>> => {
      const present = paths.filter((path) => entries.has(path));
      const hashes = present.map((path) => entries.get(path)!.sha256);
      const blobs = await this.ports.getMany(this.turn.tenantId, hashes);
      return new Map(present.map((path, index) => [path, blobs.get(hashes[index]!)!]));
    };
    return { entries, contents, seen: this.seen };
  }

  private async succeeded(state: ConversationState, project: Project, answer: FileAnswer): Promise<FileWork> {
    const known = new Map<string, string | null>();
    for (const path of answer.read ?? []) known.set(path, fileAt(project.state, path)?.sha256 ?? null);
    const events: ProjectEvent[] = [];
    for (const change of answer.changes ?? []) {
      const { event, sha256 } = await this.decide(project.state, change);
      events.push(...event);
      known.set(change.path, sha256);
    }
    const part = this.partOf(project, events, state.title);
    const changed = part !== null;
    const seq = part?.seqTo ?? project.state.seq;
    return {
      outcome: { ok: true, result: answer.result },
      place:
        project.isNew && !changed
          ? {}
          : {
              ...(await this.placeAt(state, project.state, seq)),
              ...(changed && { projectChanged: true }),
            },
      links: changed && project.isNew ? [linked(project.state.id, seq)] : [],
      part,
      committed: () => this.learn(known),
    };
  }

  private async failed(state: ConversationState, project: Project, error: unknown): Promise<FileWork> {
    const known = error instanceof FileRefusal && error.forget !== undefined ? [error.forget] : [];
    return {
      outcome: {
        ok: false,
        code: codeOf(error),
        error: error instanceof Error ? error.message : String(error),
      },
      place: project.isNew ? {} : await this.placeAt(state, project.state, project.state.seq),
      links: [],
      part: null,
      committed: () => this.learn(new Map(known.map((path) => [path, null]))),
    };
  }

  /** The content is durable before the event that names it is even decided. */
  private async decide(
    state: ProjectState,
    { path, content }: FileChange,
  ): Promise<{ event: ProjectEvent[]; sha256: string | null }> {
    // A project that comes to exist in this very unit is decided on as if it were there.
    const there = state.seq === 0 ? { ...state, seq: 1 } : state;
    if (content === null)
      return { event: decideProject(there, { type: 'deleteFile', path }).events, sha256: null };
    // What a person may not put may not be written either: the files that are read could not be put again.
    const problem = textProblem(content);
    if (problem) throw new FileRefusal('input_invalid', `The content of ${path} ${problem}.`);
    const size = Buffer.byteLength(content);
    // Refused before anything is stored; the hash is of no matter for that.
    decideProject(there, { type: 'writeFile', path, file: { sha256: '', size } });
    const [file] = await this.ports.put(this.turn.tenantId, [content]);
    const { events } = decideProject(there, { type: 'writeFile', path, file: file! });
    return { event: events, sha256: file!.sha256 };
  }

  private partOf(
    { state, isNew }: Project,
    changes: ProjectEvent[],
    title: string | null,
  ): ProjectPart | null {
    const { tenantId, ownerId, turnId } = this.turn;
    if (changes.length === 0) return null;
    if (!isNew) return projectPart({ tenantId, state }, { events: changes }, { turnId });
    const created = decideProject(state, { type: 'createProject', title: title ?? 'Untitled project' });
    const events = [...created.events, ...changes];
    return projectPart({ tenantId, ownerId, state }, { events }, { turnId });
  }

  private async placeAt(state: ConversationState, project: ProjectState, seq: number): Promise<ProjectPlace> {
    const known = state.project?.id === project.id ? state.project.toldSeq : null;
    const note = await restoreNote(this.ports, project, known);
    return { projectId: project.id, projectSeq: seq, ...(note !== null && { projectNote: note }) };
  }

  private learn(known: ReadonlyMap<string, string | null>): void {
    for (const [path, sha256] of known) {
      if (sha256 === null) this.seen.delete(path);
      else this.seen.set(path, sha256);
    }
  }
}

const linked = (projectId: string, projectSeq: number): DomainEvent => ({
  type: 'ConversationProjectLinked',
  data: { projectId, projectSeq },
});

function codeOf(error: unknown): string {
  return error instanceof FileRefusal || error instanceof DomainRefusal ? error.code : 'tool_failed';
}
