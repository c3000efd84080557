import type { RecordedEvent } from '#event-log';
import { evolve, evolveProject, fileAt, initialProject, initialState, type ProjectState } from '#model';

type Data = Record<string, any>;
type ToolInput = { file_path?: string };

/** Everything that two streams must say together about the turns that wrote files. */
export type FileHistory = {
  projectId: string;
  project: readonly RecordedEvent[];
  /** The conversations that write to it. */
  conversations: readonly { streamId: string; log: readonly RecordedEvent[] }[];
  contents: (sha256: string) => string;
};

/** The project's tree right after each of its events; the first is the empty one. */
function treesOf(projectId: string, events: readonly RecordedEvent[]): ProjectState['files'][] {
  const trees: ProjectState['files'][] = [{}];
  let state = initialProject(projectId);
  for (const event of events) {
    state = evolveProject({ ...state, files: { ...state.files } }, event);
    trees.push({ ...state.files });
  }
  return trees;
}

/** Every broken promise, in words; none when it is sound. */
export function checkFiles(history: FileHistory): string[] {
  const { projectId, project, conversations } = history;
  const trees = treesOf(projectId, project);
  return [
    ...versionsInOrder(project),
    ...conversations.flatMap(({ streamId, log }) => [
      ...placesRise(streamId, log, project.length),
      ...oneVersionATurn(streamId, log, project),
      ...changesWithTheirResults(streamId, log, project),
      ...nothingOverwritten(streamId, log, project, trees),
      ...readsAreTrue(history, log, trees),
    ]),
  ];
}

/** 1, 2, 3 …, each once. */
function versionsInOrder(project: readonly RecordedEvent[]): string[] {
  const versions = project
    .filter(({ type }) => type === 'ProjectVersionCommitted' || type === 'ProjectVersionRestored')
    .map(({ data }) => (data as Data).version as number);
  return versions.every((version, index) => version === index + 1)
    ? []
    : [`versions are not 1, 2, 3 …: ${versions.join(' ')}`];
}

/** Each seq of the conversation maps to one tree, which is there, and never an older one than the seq before. */
function placesRise(streamId: string, log: readonly RecordedEvent[], head: number): string[] {
  const found: string[] = [];
  let before = 0;
  for (let seq = 1; seq <= log.length; seq += 1) {
    const { projectSeq } = log[seq - 1]!.data as Data;
    if (projectSeq === undefined) continue;
    if (projectSeq < before || projectSeq > head)
      found.push(`${streamId} at ${seq}: project seq ${projectSeq} after ${before}, head ${head}`);
    before = projectSeq;
  }
  return found;
}

/** A turn that changed files has one version, made by its end, which is where its end says. */
function oneVersionATurn(
  streamId: string,
  log: readonly RecordedEvent[],
  project: readonly RecordedEvent[],
): string[] {
  const found: string[] = [];
  for (const { type, data, seq } of log) {
    const match = /^Turn(Completed|Failed|Cancelled|Interrupted)$/.exec(type);
    if (!match) continue;
    const { turnId, projectSeq, projectVersion } = data as Data;
    const changed = project.some(
      (event) => event.type.startsWith('File') && (event.metadata as Data).turnId === turnId,
    );
    const versions = project.filter(
      (event) => event.type === 'ProjectVersionCommitted' && (event.data as Data).turnId === turnId,
    );
    if (versions.length !== (changed ? 1 : 0))
      found.push(`turn ${turnId} (${type}) changed files: ${changed}, versions: ${versions.length}`);
    for (const version of versions) {
      const expected = { version: projectVersion, conversationId: streamId, conversationSeq: seq };
      const outcome = match[1]!.toLowerCase();
      const is = version.data as Data;
      if (version.seq !== projectSeq || is.outcome !== outcome)
        found.push(`turn ${turnId}: version at ${version.seq} (${is.outcome}), end says ${projectSeq}`);
      for (const [field, value] of Object.entries(expected))
        if (is[field] !== value)
          found.push(`turn ${turnId}: version's ${field} is ${is[field]}, not ${value}`);
    }
  }
  return found;
}

/** A file event of a turn stands at the place of a result that says so, and the other way round. */
function changesWithTheirResults(
  streamId: string,
  log: readonly RecordedEvent[],
  project: readonly RecordedEvent[],
): string[] {
  const turnIds = new Set(log.flatMap(({ data }) => (data as Data).turnId ?? []));
  const written = project
    .filter(({ type, metadata }) => type.startsWith('File') && turnIds.has((metadata as Data).turnId))
    .map(({ seq }) => seq);
  const told = log
    .filter(({ data }) => (data as Data).projectChanged)
    .map(({ data }) => (data as Data).projectSeq);
  const same = written.length === told.length && written.every((seq, index) => seq === told[index]);
  return same ? [] : [`${streamId}: files at ${written.join(' ')}, results at ${told.join(' ')}`];
}

/** Whoever wrote over a file knew what it held: it had read or written exactly that in the same turn. */
function nothingOverwritten(
  streamId: string,
  log: readonly RecordedEvent[],
  project: readonly RecordedEvent[],
  trees: readonly ProjectState['files'][],
): string[] {
  const found: string[] = [];
  const inputs = new Map<string, ToolInput>();
  let known = new Map<string, string | undefined>();
  for (const { type, data } of log) {
    const { toolUseId, input, projectSeq, projectChanged } = data as Data;
    if (type === 'TurnStarted') known = new Map();
    if (type === 'ToolCallStarted') inputs.set(toolUseId, input as ToolInput);
    if (type !== 'ToolCallSucceeded') continue;
    const path = inputs.get(toolUseId)!.file_path;
    if (path === undefined || projectSeq === undefined) continue;
    if (projectChanged) {
      const before = fileAt({ files: trees[projectSeq - 1]! }, path)?.sha256;
      if (before !== undefined && before !== known.get(path))
        found.push(`${streamId}: ${project[projectSeq - 1]!.type} at ${projectSeq} lost what ${path} held`);
    }
    known.set(path, fileAt({ files: trees[projectSeq]! }, path)?.sha256);
  }
  return found;
}

/** What Claude was shown of a file is what the tree at that place holds. */
function readsAreTrue(
  { contents }: FileHistory,
  log: readonly RecordedEvent[],
  trees: readonly ProjectState['files'][],
): string[] {
  const calls = new Map<string, Data>();
  return log.flatMap(({ type, data }) => {
    const { toolUseId, projectSeq, result } = data as Data;
    if (type === 'ToolCallStarted') calls.set(toolUseId, data as Data);
    const call = calls.get(toolUseId);
    if (type !== 'ToolCallSucceeded' || call?.toolName !== 'Read') return [];
    const file = fileAt({ files: trees[projectSeq]! }, call.input.file_path as string);
    const shown = String(result).replaceAll(/^ *\d+\t/gm, '');
    if (file && contents(file.sha256) === shown) return [];
    return [`Read ${call.input.file_path} at ${projectSeq} showed ${JSON.stringify(shown)}`];
  });
}

/** The fold of the conversation at each seq is at the place that the last event up to there tells. */
export function checkPlaces(streamId: string, log: readonly RecordedEvent[]): string[] {
  let place: { id: string; seq: number } | null = null;
  let state = initialState(streamId);
  return log.flatMap((event) => {
    const { projectId, projectSeq } = event.data as Data;
    if (projectId != null && projectSeq != null) place = { id: projectId, seq: projectSeq };
    state = evolve(state, event);
    const { project } = state;
    if (place === null || (project?.id === place.id && project?.seq === place.seq)) return [];
    return [`${streamId} at ${event.seq}: the fold is at ${JSON.stringify(project)}`];
  });
}
