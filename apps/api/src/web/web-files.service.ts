import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { projectRoot } from '#platform';

/** A file of the built web app: its bytes as they are, and packed where that makes them smaller, when first asked for. */
export type WebFile = { type: string; bytes: Buffer; packed(): Buffer | undefined };

const types: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

/**
 * The built web app, read once: a process serves the app that it was started with, whole, whatever is built beside it
 * meanwhile. Only these files can be asked for, so no path leads out of the folder.
 */
@Injectable()
export class WebFiles {
  private readonly files = read(join(projectRoot(), 'dist', 'web'));

  /** By its path in the folder, with slashes. */
  get(path: string): WebFile | undefined {
    return this.files.get(path);
  }
}

function read(folder: string): Map<string, WebFile> {
  const found = new Map<string, WebFile>();
  if (!existsSync(folder)) return found;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const type = types[entry.name.slice(entry.name.lastIndexOf('.') + 1)];
    if (!entry.isFile() || type === undefined) continue;
    found.set(relative(folder, path).split(sep).join('/'), webFile(type, readFileSync(path)));
  }
  return found;
}

function webFile(type: string, bytes: Buffer): WebFile {
  let packed: Buffer | undefined;
  return {
    type,
    bytes,
    packed() {
      if (type.startsWith('font/')) return undefined;
      packed ??= gzipSync(bytes);
      return packed.length < bytes.length ? packed : undefined;
    },
  };
}
