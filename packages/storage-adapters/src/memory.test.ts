import { storeConformance } from '@zhengpin/core/conformance';
import { describe, expect, it } from 'vitest';

import { memoryStore } from './memory.ts';

describe('the memory store', () => {
  for (const c of storeConformance) it(c.name, () => c.run({ create: async (collections) => memoryStore({ collections }) }));

  it('refuses unknown options', () => {
    const unknown = { path: 'x', collections: [] };
    expect(() => memoryStore(unknown)).toThrow(/ZP_OPTION_INVALID: not valid: option path/);
  });
});
