/** What is missing in Python projects: real files, scanned and compared. */
import { expect, test } from 'vitest';
import { scanImports } from '../../../../planner/imports/scan-imports.ts';
import { census, missing, problems, project, summary } from '../project-rig.ts';
import type { Files } from '../project-rig.ts';

const missingIn = async (files: Files) => {
  await using directory = await project(files);
  return summary(await missing(directory.root));
};
const lines = (...names: readonly string[]) => names.map((name) => `import ${name}\n`).join('');

test.each<readonly [string, Files]>([
  ['PEP 621 and 735', { 'pyproject.toml': '[project]\nname = "app"\ndependencies = ["A.One>=1", "b_two[x]; python_version > \'3\'"]\noptional-dependencies = { z = ["c @ https://x/c.whl"] }\n[dependency-groups]\ndev = ["d~=1", {include-group = "x"}]\n' }],
  ['Poetry', { 'pyproject.toml': '[tool.poetry]\nname = "app"\n[tool.poetry.dependencies]\npython = "^3.11"\na-one = "^1"\nB-Two = {version = "1"}\n[tool.poetry.group.dev.dependencies]\nc = "*"\nd = "*"\n' }],
  ['requirements files', { 'requirements.txt': '# all\na-one==1 # why\nb_two[x] ; python_version > "3"\n-r more.txt\n--hash=x\n', 'requirements/dev.txt': 'c>=1 \\\n  ,<2\n-e git+https://x/y.git#egg=d\n' }],
  ['setup.cfg', { 'setup.cfg': '[metadata]\nname = app\n[options]\ninstall_requires =\n    a-one>=1\n    b_two\n[options.extras_require]\nz = c; d\nz2 =\n    d\n' }],
  ['setup.py', { 'setup.py': 'from setuptools import setup\nsetup(name="app", install_requires=["a-one", "b_two"], extras_require={"z": ["c", "d"]})\n' }],
  ['Pipfile', { Pipfile: '[packages]\na-one = "*"\nb_two = {version = "==1"}\n[dev-packages]\nc = "*"\nd = ">=1"\n' }],
])('declared by %s', async (_name, manifest) => {
  expect(await missingIn({ ...manifest, 'main.py': lines('a_one', 'b_two.x', 'c', 'd', 'e') })).toEqual(['. e']);
});

test('what Python has, what the project has and what is relative is not missing', async () => {
  const files = {
    'pyproject.toml': '[project]\nname = "my-app"\n[tool.setuptools.packages.find]\nwhere = ["code"]\n',
    'src/my_app/__init__.py': 'import os, asyncio.subprocess, distutils, annotationlib, my_app.x, other, third, helpers, _private\nfrom . import x\nfrom .y import z\n',
    'src/my_app/x.py': '',
    'code/third/__init__.py': '',
    'other/deep/file.py': '',
    'helpers.py': '',
    'tests/conftest.py': 'import fixtures_here, pytest\n',
    'tests/fixtures_here.py': '',
    'scripts/run.py': 'import beside\n',
    'scripts/beside.py': '',
    'lib/python/site-packages/x.py': 'import sitepackage\n',
    'odd-name-env/pyvenv.cfg': '',
    'odd-name-env/x.py': 'import inenv\n',
  };
  expect(await missingIn(files)).toEqual(['. pytest dev']);
});

test('a module has the distribution that it is known to come from', async () => {
  const files = {
    'pyproject.toml': '[project]\nname = "app"\ndependencies = ["opencv-python-headless", "google-cloud-storage", "psycopg2", "types-requests", "djangorestframework"]\n',
    'main.py': lines('PIL.Image', 'yaml', 'cv2', 'sklearn', 'bs4', 'dateutil.parser', 'psycopg2', 'rest_framework', 'typing_extensions') + 'from google.cloud import storage, bigquery\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import requests\n',
  };
  expect(await missingIn(files)).toEqual(['. Pillow', '. PyYAML', '. beautifulsoup4', '. google-cloud-bigquery ?guessed', '. python-dateutil', '. scikit-learn', '. typing-extensions']);
});

test('what is caught, conditional, or stands where nothing leads, is only likely', async () => {
  const files = {
    'pyproject.toml': '[project]\nname = "app"\n',
    'app/__init__.py': 'from .used import x\ntry:\n    import tomllib\nexcept ImportError:\n    import tomli\nimport sys\nif sys.platform == "win32":\n    import wexpect\n',
    'app/used.py': 'from app.sub import leaf\nimport used_here\n',
    'app/sub/leaf.py': 'import leafy\n',
    'app/lost.py': 'import lost\n',
    'app/program.py': 'import program_needs\nif __name__ == "__main__":\n    pass\n',
  };
  expect(await missingIn(files)).toEqual(['. leafy', '. lost ?unreached', '. program-needs', '. tomli ?optional', '. used-here', '. wexpect ?optional']);
});

test('every directory with a manifest is a project, and a list of requirements belongs to the one around it', async () => {
  const files = {
    'package.json': { name: 'web' },
    'index.ts': "import 'x';",
    'services/api/pyproject.toml': '[project]\nname = "api"\ndependencies = ["flask>=3"]\n',
    'services/api/src/api/__init__.py': lines('flask', 'core', 'attr'),
    'services/api/docs/requirements.txt': 'sphinx\n',
    'services/api/docs/conf.py': lines('sphinx', 'furo'),
    'services/core/pyproject.toml': '[project]\nname = "shop-core"\ndependencies = ["attrs>=23,<25"]\n',
    'services/core/src/core/__init__.py': lines('flask'),
  };
  await using directory = await project(files);
  const found = await missing(directory.root);
  expect(summary(found)).toEqual(['. x', 'services/api attrs', 'services/api furo dev', 'services/api shop-core ?sibling', 'services/core flask']);
  expect(found.map(({ range }) => range)).toEqual([undefined, '>=23,<25', undefined, undefined, '>=3']);
});

test('a manifest that does not parse is refused at the top, and a warning below it', async () => {
  await using directory = await project({ 'pyproject.toml': '[project]\nname = \n' });
  expect(problems(await scanImports({ root: directory.root })).map(({ code, place }) => [code, place?.line])).toEqual([['TASKS5003', 2]]);
  await using nested = await project({ 'requirements.txt': 'a\n', 'main.py': '', 'test/fixtures/pyproject.toml': 'x = = 1\n' });
  expect((await census(nested.root)).warnings.map(({ code, place }) => [code, place?.line])).toEqual([['TASKS5003', 1]]);
});
