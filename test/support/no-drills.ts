/** The port of drills where nobody asks for one. */
import type { Drills } from '../../controller/ports/drills.ts';

const refuse = (): Promise<never> => Promise.reject(new Error('nobody asked for a drill'));

export const noDrills: Drills = { read: refuse, volumes: refuse, deploy: refuse, clear: refuse };
