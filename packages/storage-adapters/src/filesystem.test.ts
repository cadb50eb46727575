import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Archive } from '@zhengpin/core';
import { archiveConformance } from '@zhengpin/core/conformance';
import type { ArchiveUnderTest } from '@zhengpin/core/conformance';
import { describe, it } from 'vitest';

import { filesystemArchive } from './filesystem.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'zp-archive-'));

function subject(): ArchiveUnderTest {
  const folders = new WeakMap<Archive, string>();
  const start = (directory: string): Archive => {
    const archive = filesystemArchive({ directory });
    folders.set(archive, directory);
    return archive;
  };
  return { create: async () => start(newFolder()), again: async (archive) => start(folders.get(archive) ?? '') };
}

describe('the filesystem archive', () => {
  for (const c of archiveConformance) it(c.name, () => c.run(subject()));
});
