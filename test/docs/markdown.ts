/** The project's own pages, and what may be linked to in them. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Of the repository; forward slashes. */
export function read(path: string): string {
  return readFileSync(`${root}${path}`, 'utf8');
}

/** Every page that people read here. The sample recipes' own are templates. */
export function pages(): readonly string[] {
  const top = readdirSync(root).filter((name) => name.endsWith('.md'));
  const docs = readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  return [...top, ...docs, 'examples/README.md'].sort();
}

/** The text without fenced blocks: what looks like a heading or a link in there is none. */
export function prose(text: string): string {
  return text.replaceAll(/^```[^\n]*\n[\s\S]*?^```$/gm, '');
}

/** Anchors as GitHub and Gitea make them of headings; a second one of a name gets `-1`. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of prose(text).matchAll(/^#{1,6} +(.*)$/gm)) {
    const base = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    let anchor = base;
    for (let more = 1; anchors.has(anchor); more += 1) anchor = `${base}-${more}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Targets of inline links, as written. */
export function linksOf(text: string): readonly string[] {
  const inline = prose(text).replaceAll(/`[^`\n]*`/g, '``');
  return [...inline.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}
