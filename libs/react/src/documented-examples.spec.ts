import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '..', '..', '..');
const page = join(root, 'docs', 'hooks.md');

/** All that the examples take for granted: a page shows them one by one. */
const header = `
import { memo, useEffect } from 'react';
import type { Message } from '#contracts';
import { useClaudeStream, useConnection, useConversation, useConversationList, useDraft, useMessage, useMessages, useOutbox } from '#react';
`;

/** The examples of docs/hooks.md as one program, without the imports that the page repeats. */
function examples(): string {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^```tsx\n(.*?)^```/gms)].map(
    ([, code]) => code ?? '',
  );
  return blocks.map((code) => code.replace(/^import \{ use[^\n]*\n/m, '')).join('\n');
}

it('the examples of docs/hooks.md are programs that the compiler accepts', () => {
  const name = join(root, 'apps', 'web', 'src', 'documented-examples.tsx');
  const { config } = ts.readConfigFile(join(root, 'tsconfig.web.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [name] }, ts.sys, root);
  const host = ts.createCompilerHost(options);
  host.fileExists = (path) => path === name || ts.sys.fileExists(path);
  host.readFile = (path) => (path === name ? header + examples() : ts.sys.readFile(path));
  const program = ts.createProgram([name], options, host);
  const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(name));
  expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  expect(examples()).toContain('useMessages(conversationId');
}, 120_000);
