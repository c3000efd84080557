import { DeleteTool } from './delete.tool.js';
import { EditTool } from './edit.tool.js';
import type { FileTool } from './file-tool.js';
import { GlobTool } from './glob.tool.js';
import { GrepTool } from './grep.tool.js';
import { ReadTool } from './read.tool.js';
import { WriteTool } from './write.tool.js';

/** All tools over a project's files, in the order in which Claude is told of them. */
export function fileTools(): FileTool[] {
  return [
    new ReadTool(),
    new WriteTool(),
    new EditTool(),
    new GlobTool(),
    new GrepTool(),
    new DeleteTool(),
  ] as FileTool[];
}
