/** The guestbook as a page for people. Text from visitors is escaped, always. */

export function renderPage(
  title: string,
  entries: readonly Readonly<Record<string, unknown>>[],
): string {
  const items = entries
    .map((entry) => {
      const author = escapeHtml(text(entry['author'] ?? 'somebody'));
      const message = escapeHtml(text(entry['message']));
      return `<li><p>${message}</p><small>${author}, ${escapeHtml(text(entry['signedAt']))}</small></li>`;
    })
    .join('\n');
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<h1>${escapeHtml(title)}</h1>
<ul>
${items}
</ul>
</html>
`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function escapeHtml(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
