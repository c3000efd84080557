import { z } from 'zod';

const time = z.iso.datetime();
const count = z.number().int().min(0);

/** How a file takes part in the page; extensions that are neither count as html. */
export const fileTypeSchema = z.enum(['html', 'css', 'javascript']);
export type FileType = z.infer<typeof fileTypeSchema>;

/** A file of a project; its name is its key. */
export const projectFileSchema = z.object({ content: z.string(), type: fileTypeSchema });
/** Files by their path. */
export const projectFilesSchema = z.record(z.string(), projectFileSchema);
export type ProjectFiles = z.infer<typeof projectFilesSchema>;

/** The version that a project was forked from. */
const forkedFrom = z.object({ projectId: z.guid(), version: count });

/** What lists show of a project: everything but its files. */
export const projectSummarySchema = z
  .object({
    id: z.guid(),
    title: z.string(),
    /** `views` is counted; the rest is the creator's own. */
    metadata: z.record(z.string(), z.json()),
    /** The newest version: 1, 2, 3 … */
    version: count,
    forkedFrom: forkedFrom.optional(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'ProjectSummary' });
export type ProjectSummary = z.infer<typeof projectSummarySchema>;

/** A project with its files, and the page that they make together. */
export const projectSchema = projectSummarySchema
  .extend({
    files: projectFilesSchema,
    /** One HTML page with all styles and scripts in it; empty where there is no HTML file. */
    compiled: z.string(),
    compiledAt: time.optional(),
    /** Why there is no page. */
    compileError: z.string().optional(),
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof projectSchema>;

/** What the home page shows while there is no project. */
export const welcomeProjectSchema = z
  .object({
    id: z.literal('default'),
    title: z.string(),
    compiled: z.string(),
    metadata: z.object({ views: z.literal(0) }),
  })
  .meta({ id: 'WelcomeProject' });
export type WelcomeProject = z.infer<typeof welcomeProjectSchema>;

/** One version of a project: what its files were after one change, or one turn. */
export const projectVersionSchema = z
  .object({
    projectId: z.guid(),
    version: z.number().int().min(1),
    /** The position in the project's own log that the version names. */
    seq: z.number().int().min(1),
    name: z.string().optional(),
    starred: z.boolean(),
    /** The turn that made it, the conversation that the turn was in, and the seq there. */
    turnId: z.guid().optional(),
    conversationId: z.guid().optional(),
    conversationSeq: z.number().int().min(1).optional(),
    /** How that turn ended: the version holds what it had finished. */
    outcome: z.enum(['completed', 'failed', 'cancelled', 'interrupted']).optional(),
    /** The version that this one brought back. */
    restoredFrom: z.number().int().min(1).optional(),
    createdAt: time,
  })
  .meta({ id: 'ProjectVersion' });
export type ProjectVersion = z.infer<typeof projectVersionSchema>;

/** A version whole: its files, and the page that they make. */
export const wholeVersionSchema = projectVersionSchema
  .extend({
    title: z.string(),
    files: projectFilesSchema,
    compiled: z.string(),
    compileError: z.string().optional(),
  })
  .meta({ id: 'WholeProjectVersion' });
export type WholeProjectVersion = z.infer<typeof wholeVersionSchema>;

/** One file as it was in a version. */
export const fileAtVersionSchema = z
  .object({
    projectId: z.guid(),
    version: z.number().int().min(1),
    path: z.string(),
    content: z.string(),
    type: fileTypeSchema,
    sha256: z.string(),
    /** In bytes of UTF-8. */
    size: count,
  })
  .meta({ id: 'FileAtVersion' });
export type FileAtVersion = z.infer<typeof fileAtVersionSchema>;

/** One file as it was at a place of its project's own log, between versions too. */
export const fileAtSeqSchema = fileAtVersionSchema
  .omit({ version: true })
  .extend({ seq: z.number().int().min(1) })
  .meta({ id: 'FileAtSeq' });
export type FileAtSeq = z.infer<typeof fileAtSeqSchema>;

const hunkSchema = z.object({
  oldStart: count,
  oldLines: count,
  newStart: count,
  newLines: count,
  /** Each begins with a space (in both), `-` (in `from` alone), `+` (in `to` alone), or `\`. */
  lines: z.array(z.string()),
});

/** What changed in one file. */
export const fileDiffSchema = z.object({
  path: z.string(),
  /** Of a renamed file: what it was called in `from`. */
  oldPath: z.string().optional(),
  status: z.enum(['added', 'deleted', 'modified', 'renamed']),
  additions: count,
  deletions: count,
  hunks: z.array(hunkSchema),
});
export type FileDiff = z.infer<typeof fileDiffSchema>;

/** What leads from one version to another, file by file in path order; unchanged files are left out. */
export const projectDiffSchema = z
  .object({ projectId: z.guid(), from: count, to: count, files: z.array(fileDiffSchema) })
  .meta({ id: 'ProjectDiff' });
export type ProjectDiff = z.infer<typeof projectDiffSchema>;
