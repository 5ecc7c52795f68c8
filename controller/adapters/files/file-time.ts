/** A time as it stands in file names: `20261121T093000Z`. The text is RFC 3339, in any zone. */
export function fileTime(at: string): string {
  const iso = new Date(at).toISOString();
  return `${iso.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}
