/** Every driver, by the name that a manifest has for it: what one of them took, any process can put back. */
import { reflinkDriver } from './reflink-driver.ts';
import { tarDriver } from './tar-driver.ts';
import type { DriverName, VolumeDriver } from './volume-driver.ts';

const drivers: Readonly<Record<DriverName, VolumeDriver>> = {
  tar: tarDriver,
  reflink: reflinkDriver,
};

export function driverOf(name: DriverName): VolumeDriver {
  return drivers[name];
}
