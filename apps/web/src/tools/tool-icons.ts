import { Clock, FilePen, FilePlus, FileText, FileX, Search, Wrench, type LucideIcon } from 'lucide-react';
import type { ToolSummary } from './tool-summary.js';

/** The picture of each kind of call. */
export const toolIcons: Record<ToolSummary['kind'], LucideIcon> = {
  read: FileText,
  write: FilePlus,
  edit: FilePen,
  delete: FileX,
  search: Search,
  clock: Clock,
  other: Wrench,
};
