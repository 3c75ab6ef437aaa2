/** The Python projects of a tree: every directory with a manifest, for there is no list of them as npm has one. */
import { basename, join } from 'node:path';
import type { Problem } from '../../../model/problem.ts';
import { parseAll } from '../parse/parse-all.ts';
import { directoryOf, joined, staysInside, upwards } from '../project/paths.ts';
import { readProjectFile } from '../project/read-file.ts';
import type { Tree } from '../project/walk.ts';
import { parsePipfile, parsePyproject, parseSetupCfg } from './manifest.ts';
import type { PythonManifest } from './manifest.ts';
import { byName, parseRequirement, parseRequirements } from './requirement.ts';
import type { Requirement } from './requirement.ts';

export interface PythonProject {
  /** Relative to the root of the tree. */
  readonly directory: string;
  readonly name: string;
  /** By the name that indexes compare. */
  readonly declared: ReadonlyMap<string, Requirement>;
  /** Directories that modules are imported from, relative to the root of the tree. */
  readonly roots: readonly string[];
  /** The file that an installed package is added to, relative to the root of the tree. */
  readonly requirementsFile?: string;
}

export interface PythonProjects {
  readonly projects: readonly PythonProject[];
  /** By the directory of the manifest that does not parse. */
  readonly broken: ReadonlyMap<string, readonly Problem[]>;
}

interface Found {
  readonly directory: string;
  readonly manifest: PythonManifest;
}

const REQUIREMENTS = /requirements[^/]*\.(?:txt|in)$|(?:^|\/)requirements\/[^/]+$/;

export const findPythonProjects = async (root: string, tree: Tree): Promise<PythonProjects> => {
  const broken = new Map<string, readonly Problem[]>();
  const found: Found[] = [];
  const lists: { readonly path: string; readonly requirements: readonly Requirement[] }[] = [];
  for (const path of tree.manifests) {
    const read = REQUIREMENTS.test(path) || /(?:pyproject\.toml|setup\.cfg|Pipfile)$/.test(path) ? await readProjectFile(join(root, path), path) : undefined;
    if (!read) continue;
    if (!read.ok) broken.set(directoryOf(path), [read.error]);
    else if (read.value === undefined) continue;
    else if (REQUIREMENTS.test(path)) lists.push({ path, requirements: parseRequirements(read.value) });
    else {
      const manifest = readManifest(join(root, path), read.value);
      if (!manifest.ok) broken.set(directoryOf(path), manifest.error);
      else if (manifest.value.isProject) found.push({ directory: directoryOf(path), manifest: manifest.value });
    }
  }
  found.push(...(await setupPrograms(root, tree)));
  const homes = new Set(found.map(({ directory }) => directory));
  // A list of requirements belongs to the project around it, and is one by itself where there is none.
  const withHome = lists.map((list) => ({ ...list, home: [...upwards(homeOf(list.path))].find((directory) => homes.has(directory)) ?? homeOf(list.path) }));
  for (const { home } of withHome) homes.add(home);
  const projects = [...homes].sort().map((directory): PythonProject => {
    const manifests = found.filter((one) => one.directory === directory).map(({ manifest }) => manifest);
    const own = withHome.filter(({ home }) => home === directory);
    const file = joined(directory, 'requirements.txt');
    return {
      directory,
      name: manifests.find(({ name }) => name !== undefined)?.name ?? basename(join(root, directory)),
      declared: byName([...manifests, ...own].flatMap(({ requirements }) => requirements)),
      roots: [...new Set([...manifests.flatMap(({ roots }) => roots), '.', 'src'].filter(staysInside).map((path) => joined(directory, path)))],
      ...(own.some(({ path }) => path === file) && { requirementsFile: file }),
    };
  });
  return { projects, broken };
};

const readManifest = (path: string, text: string) => {
  if (path.endsWith('.toml')) return parsePyproject(path, text);
  return path.endsWith('Pipfile') ? parsePipfile(path, text) : ({ ok: true, value: parseSetupCfg(text) } as const);
};

const homeOf = (path: string): string => {
  const directory = directoryOf(path);
  return basename(directory) === 'requirements' ? directoryOf(directory) : directory;
};

/** `setup.py`: what stands in it as text; what it computes is not known. */
const setupPrograms = async (root: string, tree: Tree): Promise<readonly Found[]> => {
  const paths = tree.sources.filter((path) => basename(path) === 'setup.py');
  if (paths.length === 0) return [];
  const parsed = await parseAll({ files: paths.map((path) => join(root, path)) });
  return paths.flatMap((path) => {
    const setup = parsed.get(join(root, path))?.setup;
    if (!setup) return [];
    const requirements = setup.requires.flatMap((text) => parseRequirement(text) ?? []);
    return [{ directory: directoryOf(path), manifest: { ...(setup.name !== undefined && { name: setup.name }), requirements, roots: [], isProject: true } }];
  });
};
