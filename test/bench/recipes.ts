/** The bench's own image and recipes: as small as a real service can be, so that what is measured is the controller. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const IMAGE = 'ci-warm-bench/web:1.0.0';

/** The service that every recipe here has, by its short name. */
const SERVICE = 'app';
export const PORT = 8080;

const BUSYBOX = '/bin/busybox';
const APPLETS = ['sh', 'httpd', 'mkdir', 'dd', 'wait', 'kill'];
/** Says its version at /version; fills its volume at the first start; ends at once when it is told to. */
const START = `#!/bin/sh
mkdir -p /tmp/www
echo "$VERSION" > /tmp/www/version
echo ok > /tmp/www/index.html
if [ -d /data ] && [ ! -e /data/blob ]; then
  dd if=/dev/urandom of=/data/.blob bs=1048576 count="$FILL_MIB" 2>/dev/null && mv /data/.blob /data/blob
fi
httpd -f -p ${PORT} -h /tmp/www &
trap 'kill $!; exit 0' TERM
wait $!
`;

/** Made of the host's static busybox; nothing is pulled. */
export function makeImage(folder: string): void {
  const tree = join(folder, 'image');
  for (const directory of ['bin', 'tmp', 'etc'])
    mkdirSync(join(tree, directory), { recursive: true });
  copyFileSync(BUSYBOX, join(tree, 'bin/busybox'));
  for (const applet of [...APPLETS, 'mv']) symlinkSync('busybox', join(tree, 'bin', applet));
  writeFileSync(join(tree, 'start'), START, { mode: 0o755 });
  const archive = `${tree}.tar`;
  execFileSync('tar', ['-c', '-f', archive, '-C', tree, '.']);
  execFileSync('docker', ['import', '--change', 'CMD ["/start"]', archive, IMAGE]);
  rmSync(tree, { recursive: true });
  rmSync(archive);
}

export function removeImage(): void {
  execFileSync('docker', ['image', 'rm', '--force', IMAGE], { stdio: 'ignore' });
}

export interface RecipeOptions {
  /** One commit and tag for each, in this order. */
  readonly tags: readonly string[];
  /** What its volume is filled with at the first start; without it, it has none. */
  readonly dataMiB?: number;
}

/** A bare repository at `into`. */
export function makeRecipe(into: string, { tags, dataMiB }: RecipeOptions): void {
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', into]);
  const input = tags.map((tag, index) => release(tag, index + 1, composeOf(tag, dataMiB))).join('');
  execFileSync('git', ['--git-dir', into, 'fast-import', '--quiet'], { input });
}

/** What the recipe says at a tag. */
export function composeOf(tag: string, dataMiB: number | undefined): string {
  const hasData = dataMiB !== undefined;
  return `version: '3.8'
services:
  ${SERVICE}:
    image: ${IMAGE}
    environment:
      VERSION: '${tag}'
      FILL_MIB: '${dataMiB ?? 0}'
    networks: [internal]
${hasData ? '    volumes: [data:/data]\n' : ''}    deploy:
      endpoint_mode: dnsrr
      update_config: { failure_action: rollback, order: stop-first }
      labels:
        - 'coop-cloud.\${STACK_NAME}.version=${tag}'
        - 'traefik.http.services.\${STACK_NAME}.loadbalancer.server.port=${PORT}'
networks:
  internal:
${hasData ? 'volumes:\n  data:\n' : ''}`;
}

/** One release in the language of `git fast-import`. */
function release(tag: string, mark: number, compose: string): string {
  const who = `Bench <bench@example.org> ${1_767_268_800 + mark * 86_400} +0000`;
  const files = { 'compose.yml': compose, '.env.sample': 'DOMAIN=bench.example.org\n' };
  return [
    ...['commit refs/heads/main', `mark :${mark}`, `committer ${who}`, data(`release ${tag}\n`)],
    ...['deleteall'],
    ...Object.entries(files).flatMap(([path, text]) => [`M 100644 inline ${path}`, data(text)]),
    ...[`tag ${tag}`, `from :${mark}`, `tagger ${who}`, data(`release ${tag}\n`)],
    '',
  ].join('\n');
}

/** A counted text. */
function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}
