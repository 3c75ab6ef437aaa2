/** Tools that a Python project is set up for. */
import type { ProjectCommands } from '../analysis.ts';
import type { Place } from './find-commands.ts';

export const pythonCommands = (place: Place): ProjectCommands => {
  const { configs, path, has, names } = place;
  const project = configs.data(path('pyproject.toml'));
  const runner = runnerOf(place);
  const named = requirementsOf(place);
  const ini = (file: string, section: string): boolean => has(file) && new RegExp(`^\\[${section}\\b`, 'm').test(configs.text(path(file)));
  const hasTool = (tool: string, ...files: readonly string[]): boolean => project.at('tool', tool).exists || files.some(has) || named.has(tool);
  const tests = hasTool('pytest', 'pytest.ini', 'conftest.py') || ini('tox.ini', 'pytest') || ini('setup.cfg', 'tool:pytest');
  const isDjango = !tests && names.includes('manage.py');
  const lint = hasTool('ruff', 'ruff.toml', '.ruff.toml') ? 'ruff check .' : hasTool('flake8', '.flake8') || ini('setup.cfg', 'flake8') ? 'flake8' : hasTool('pylint', '.pylintrc') ? 'pylint .' : undefined;
  const types = hasTool('mypy', 'mypy.ini', '.mypy.ini') || ini('setup.cfg', 'mypy') ? 'mypy .' : hasTool('pyright', 'pyrightconfig.json') ? 'pyright' : undefined;
  return {
    ...(tests && { test: `${runner}pytest`, testOnly: `${runner}pytest {}` }),
    ...(isDjango && { test: `${runner}python manage.py test`, testOnly: `${runner}python manage.py test {}` }),
    ...(lint !== undefined && { lint: `${runner}${lint}` }),
    ...(types !== undefined && { typecheck: `${runner}${types}` }),
    ...(project.at('build-system').exists && { build: runner.startsWith('uv') ? 'uv build' : runner.startsWith('poetry') ? 'poetry build' : 'python -m build' }),
  };
};

const runnerOf = ({ configs, path, has }: Place): string => {
  if (has('uv.lock')) return 'uv run ';
  if (has('poetry.lock') || configs.data(path('pyproject.toml')).at('tool', 'poetry').exists) return 'poetry run ';
  if (has('pdm.lock')) return 'pdm run ';
  return has('Pipfile') ? 'pipenv run ' : '';
};

/** Names of what it depends upon, for development as well. */
const requirementsOf = ({ configs, path, names }: Place): ReadonlySet<string> => {
  const project = configs.data(path('pyproject.toml'));
  const lists = [project.at('project', 'dependencies'), ...[project.at('project', 'optional-dependencies'), project.at('dependency-groups')].flatMap((groups) => groups.entries().map(([, list]) => list))];
  const tables = [project.at('tool', 'poetry', 'dependencies'), project.at('tool', 'poetry', 'dev-dependencies'), ...project.at('tool', 'poetry', 'group').entries().map(([, group]) => group.at('dependencies')), configs.data(path('Pipfile')).at('dev-packages')];
  const lines = names.filter((name) => /requirements.*\.txt$/.test(name)).flatMap((name) => configs.text(path(name)).split('\n'));
  const texts = [...lists.flatMap((list) => list.texts()), ...lines];
  return new Set([...texts.flatMap((text) => /^\s*([A-Za-z0-9][\w.-]{0,100})/.exec(text)?.[1]?.toLowerCase() ?? []), ...tables.flatMap((table) => table.entries().map(([name]) => name.toLowerCase()))]);
};
