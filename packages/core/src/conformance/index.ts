export { archiveConformance } from './archive.ts';
export type { ArchiveConformanceCase, ArchiveUnderTest } from './archive.ts';
export { storeCrashConformance } from './crash.ts';
export type { StoreCrashCase, StoreUnderCrash } from './crash.ts';
export { storeConformance } from './store.ts';
export type { StoreConformanceCase, StoreUnderTest } from './store.ts';
export { keysConformance } from './keys.ts';
export type { KeysConformanceCase, KeysUnderTest } from './keys.ts';
