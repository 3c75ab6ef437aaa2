/** Which files only development uses: their packages belong among the development dependencies. */
const DIRECTORIES = new Set(['test', 'tests', 'spec', 'specs', 'e2e', 'cypress', 'playwright', 'fixtures', 'bench', 'benchmarks', 'benchmark', 'examples', 'example', 'docs', 'doc', 'scripts', 'tools', 'stories', '.storybook']);
const NAMES = [
  /\.(?:test|tests|spec|specs|bench|stories|story|e2e|cy|setup|fixture)\.[cm]?[jt]sx?$/,
  /\.config\.[cm]?[jt]sx?$/,
  /^\.[^/]*rc\.[cm]?[jt]s$/,
  /^(?:gulpfile|gruntfile|jakefile)\.[cm]?[jt]s$/i,
  /^(?:test_.*|.*_test|conftest|setup|noxfile|fabfile)\.py$/,
];

/** `path` is relative to the package. */
export const isDevFile = (path: string): boolean => {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  return parts.some((part) => DIRECTORIES.has(part) || /^__.*(?:test|mock|fixture|spec).*__$/.test(part)) || NAMES.some((pattern) => pattern.test(name));
};
