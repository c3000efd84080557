import type { Fault } from '#contracts';

/** The fields of zod's issues that matter here; a Standard Schema issue carries them beside `message` and `path`. */
type Issue = {
  message: string;
  path?: readonly unknown[];
  code?: string;
  params?: { code?: unknown };
  format?: string;
  keys?: string[];
  origin?: string;
  errors?: Issue[][];
};

function pathText(path: readonly unknown[] | undefined): string {
  return (path ?? [])
    .map((step) =>
      step !== null && typeof step === 'object' && 'key' in step ? String(step.key) : String(step),
    )
    .join('.');
}

function codeOf(issue: Issue): string {
  if (typeof issue.params?.code === 'string') return issue.params.code;
  if (issue.code === 'unrecognized_keys') return 'unknown_field';
  if (issue.code === 'too_big') return issue.origin === 'string' ? 'too_long' : 'too_big';
  if (issue.code === 'too_small') return issue.origin === 'string' ? 'too_short' : 'too_small';
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'missing_field';
  return 'invalid_field';
}

/** Of a union's alternatives the one that the caller most likely meant: of the right kind, with the deepest faults. */
function likeliest(alternatives: Issue[][]): Issue[] {
  const rank = (issues: Issue[]) =>
    Math.max(
      0,
      ...issues.map((issue) => (issue.path?.length ?? 0) + (issue.code === 'invalid_type' ? 0 : 1)),
    );
  return alternatives.reduce(
    (best, issues) => (rank(issues) > rank(best) ? issues : best),
    alternatives[0] ?? [],
  );
}

/** Names every fault of a request by field and stable code. `root` names the place when a fault has no path. */
export function faultsOf(issues: readonly unknown[], root: string, prefix: readonly unknown[] = []): Fault[] {
  return (issues as Issue[]).flatMap((issue) => {
    const path = [...prefix, ...(issue.path ?? [])];
    if (issue.code === 'invalid_union' && issue.errors?.length) {
      return faultsOf(likeliest(issue.errors), root, path);
    }
    if (issue.code === 'unrecognized_keys') {
      return (issue.keys ?? []).map((key) => ({
        field: pathText([...path, key]),
        code: 'unknown_field',
        message: 'is not a field of this request',
      }));
    }
    return [{ field: pathText(path) || root, code: codeOf(issue), message: issue.message }];
  });
}
