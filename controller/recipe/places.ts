/** Where in the compose files the value stands that counts: of several files the last one's, as Docker merges them. */
import { isNode, isSeq } from 'yaml';

import type { MountStructure, Place } from '../model/structure.ts';
import { lineOf, type ComposeFile } from './compose-file.ts';
import { readServicePart } from './compose-part.ts';
import type { Service } from './project.ts';
import { memberOf } from './yaml-value.ts';

/** Of one key of the service; where the service is first spoken of, when no file says it in so many words. */
export function placeOfKey(
  files: readonly ComposeFile[],
  service: Service,
  ...path: readonly string[]
): Place {
  const at = ['services', service.name, ...path];
  const last = files.findLast((file) => memberOf(file.content, ...at) !== undefined);
  return last === undefined
    ? { file: service.file, line: service.line }
    : { file: last.path, line: lineOf(last, at) };
}

/** The volumes that the service mounts, each with the line of its list; not anonymous ones, and not the host's folders. */
export function mountsOf(
  files: readonly ComposeFile[],
  service: Service,
): readonly MountStructure[] {
  const byTarget = new Map<string, MountStructure>();
  const at = ['services', service.name, 'volumes'];
  for (const file of files) {
    const { mounts } = readServicePart(memberOf(file.content, 'services', service.name));
    for (const [index, { kind, source, target }] of mounts.entries()) {
      if (kind !== 'volume' || source === '') byTarget.delete(target);
      else {
        const line = lineOfMember(file, at, index) ?? lineOf(file, at);
        byTarget.set(target, { volume: source, target, file: file.path, line });
      }
    }
  }
  return [...byTarget.values()];
}

function lineOfMember(
  file: ComposeFile,
  path: readonly string[],
  index: number,
): number | undefined {
  const list: unknown = file.document?.getIn(path, true);
  const member = isSeq(list) ? list.items[index] : undefined;
  const start = isNode(member) ? member.range?.[0] : undefined;
  return start === undefined ? undefined : file.lines.linePos(start).line;
}
