import { describeLeases } from '../conformance/leases.ts';
import { MemoryLeaseStore } from './memory-leases.ts';

const store = new MemoryLeaseStore();

describeLeases(
  () => store.way(),
  () => Promise.resolve(),
);
