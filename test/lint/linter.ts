/** The project's own linter over a text that stands in no file. */
import { fileURLToPath } from 'node:url';

import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';

const root = fileURLToPath(new URL('../..', import.meta.url));

const untyped = new ESLint({
  cwd: root,
  overrideConfig: tseslint.configs.disableTypeChecked as Linter.Config,
});

/** For the rules that read the text alone: hundreds of samples a second. */
export async function lint(file: string, text: string): Promise<readonly Linter.LintMessage[]> {
  const [result] = await untyped.lintText(text, { filePath: file });
  return result?.messages ?? [];
}

/** With types: seconds for the first sample. `file` must be in `folder`, and must not exist. */
export function typedLinter(folder: string): typeof lint {
  const typed = new ESLint({
    cwd: root,
    overrideConfig: {
      files: [`${folder}/*.ts`],
      languageOptions: {
        parserOptions: { projectService: { allowDefaultProject: [`${folder}/*.ts`] } },
      },
    },
  });
  return async (file, text) => {
    const [result] = await typed.lintText(text, { filePath: file });
    return result?.messages ?? [];
  };
}
