/** The Engine's edge against the real Engine. */
import { describeEngine } from '../conformance/engine.ts';
import { openEngineWorld } from './engine-world.ts';

describeEngine(openEngineWorld);
