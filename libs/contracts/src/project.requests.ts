import { z } from 'zod';
import { jsonObjectSchema } from './json-value.js';
import { limitSchema, offsetSchema, pageCursorSchema, seqSchema, versionNumberSchema } from './parameters.js';
import { fileTypeSchema } from './project.resources.js';
import { issue, textSchema, titleSchema } from './text.js';

/** A file as a client sends it. Its type follows from its path: one that is sent is not looked at. */
const newFileSchema = z.strictObject({ content: textSchema, type: fileTypeSchema.optional() });
const newFilesSchema = z.record(textSchema, newFileSchema);
const metadata = jsonObjectSchema.optional();

function refuseBlank(title: string, context: z.RefinementCtx): void {
  if (title.trim() !== '') return;
  context.addIssue({ ...issue('blank', 'must not be empty or white space only'), input: title });
}
const projectTitle = titleSchema.superRefine(refuseBlank);

/** `POST /api/projects` */
export const createProjectSchema = z.strictObject({
  title: projectTitle,
  files: newFilesSchema.optional(),
  metadata,
});
export type CreateProject = z.output<typeof createProjectSchema>;

/** `PUT /api/projects/:id`: `files` is the whole set, one that is left out is deleted. */
export const putProjectSchema = z
  .strictObject({ title: projectTitle.optional(), files: newFilesSchema.optional() })
  .refine((body) => body.title !== undefined || body.files !== undefined, {
    error: 'must change title or files',
    params: { code: 'nothing_to_change' },
  });
export type PutProject = z.output<typeof putProjectSchema>;

/** `PATCH /api/projects/:id/versions/:n`: a name of null takes the name away. */
export const updateVersionSchema = z
  .strictObject({ name: projectTitle.nullish(), starred: z.boolean().optional() })
  .refine((body) => body.name !== undefined || body.starred !== undefined, {
    error: 'must change name or starred',
    params: { code: 'nothing_to_change' },
  });
export type UpdateVersion = z.output<typeof updateVersionSchema>;

const version = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** `POST /api/projects/:id/restore` */
export const restoreVersionSchema = z.strictObject({ version });
export type RestoreVersion = z.output<typeof restoreVersionSchema>;

/** `POST /api/projects/:id/fork`: the newest version where none is named. */
export const forkProjectSchema = z
  .strictObject({ version: version.optional(), title: projectTitle.optional() })
  .nullish();
export type ForkProject = z.output<typeof forkProjectSchema>;

/** `GET /api/projects` */
export const listProjectsSchema = z
  .object({
    limit: limitSchema.optional(),
    offset: offsetSchema.optional(),
    before: pageCursorSchema.optional(),
    after: pageCursorSchema.optional(),
  })
  .refine(
    ({ offset, before, after }) => [offset, before, after].filter((one) => one !== undefined).length <= 1,
    {
      error: 'give one of before, after and offset',
      params: { code: 'ambiguous_page' },
    },
  );
export type ListProjects = z.output<typeof listProjectsSchema>;

/** `GET /api/projects/:id/versions`: newest first; `before` is a version's number. */
export const listVersionsSchema = z.object({
  before: versionNumberSchema.optional(),
  limit: limitSchema.optional(),
});
export type ListVersions = z.output<typeof listVersionsSchema>;

const filePath = z
  .custom<string>((value) => typeof value === 'string' && value !== '', {
    error: 'must be the path of a file, given once',
    params: { code: 'invalid_path' },
  })
  .meta({ type: 'string' });

/** `GET /preview/:projectId`: the page as it was right after an event of the project's log; at the head when `at` is absent. */
export const previewSchema = z.object({ at: seqSchema.optional() });
export type PreviewQuery = z.output<typeof previewSchema>;

/** `GET /api/projects/:id/files`: as the file was after the event `at` of the project's own log, its head when absent. */
export const getFileSchema = z.object({ path: filePath, at: seqSchema.optional() });
export type GetFile = z.output<typeof getFileSchema>;

/** `GET /api/projects/:id/versions/:n`: one file of it where `path` names one. */
export const getVersionSchema = z.object({ path: filePath.optional() });
export type GetVersion = z.output<typeof getVersionSchema>;

const diffFormats = ['json', 'unified'] as const;

/** `GET /api/projects/:id/diff` */
export const diffQuerySchema = z.object({
  from: versionNumberSchema,
  to: versionNumberSchema,
  format: z
    .custom<(typeof diffFormats)[number]>((value) => (diffFormats as readonly unknown[]).includes(value), {
      error: `must be one of ${diffFormats.join(', ')}, given once`,
      params: { code: 'invalid_format' },
    })
    .meta({ type: 'string', enum: diffFormats })
    .optional(),
});
export type DiffQuery = z.output<typeof diffQuerySchema>;
