import type { Store, StoredRecord } from '../../kernel/store.ts';
import { readable } from './reading.ts';
import type { Read } from './reading.ts';
import { keyOf } from './values.ts';
import type { RecordName } from './values.ts';

type Found = Read<StoredRecord | undefined> | undefined;

/** Records read before they are asked for (预读), several at a time: over a network each would be waited for by itself. */
export interface ReadAhead {
  /** Read these; what was read before is forgotten. @throws ZP_STORE_UNAVAILABLE when the store is down */
  fetch(names: Iterable<RecordName>): Promise<void>;
  /** As read ahead, else read now. Absent: the store answers and cannot hand this one out. */
  get(name: RecordName): Promise<Found>;
}

/** Fewer than the connections a store has, so that a verification leaves some to others. */
const AT_ONCE = 8;

export function createReadAhead(store: Store): ReadAhead {
  let known = new Map<string, Found>();
  const read = ({ collection, id }: RecordName): Promise<Found> => readable(store, () => store.get(collection, id));
  return {
    async fetch(names) {
      const next = new Map<string, Found>();
      // One list for all of them: each takes the next.
      const waiting = [...names].values();
      const one = async (): Promise<void> => {
        for (const name of waiting) {
          const key = keyOf(name.collection, name.id);
          if (next.has(key)) continue;
          next.set(key, undefined);
          next.set(key, await read(name));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, one));
      known = next;
    },
    async get(name) {
      const key = keyOf(name.collection, name.id);
      return known.has(key) ? known.get(key) : read(name);
    },
  };
}
