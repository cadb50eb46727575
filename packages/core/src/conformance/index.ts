export { archiveConformance } from './archive.ts';
export type { ArchiveConformanceCase, ArchiveUnderTest } from './archive.ts';
export { storeConformance } from './store.ts';
export type { StoreConformanceCase, StoreUnderTest } from './store.ts';
