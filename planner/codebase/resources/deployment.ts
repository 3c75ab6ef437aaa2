/** Pipelines that deploy, and what they deploy to: there is one slot, and whoever is in it must come out first. */
import { directoryOf } from '../../imports/project/paths.ts';
import type { Data } from '../configs/data.ts';
import { below, compare, filesMatching, slash } from './survey.ts';
import type { Candidate, Survey } from './survey.ts';

const DEPLOYS = /(?:^|[^a-z])(?:deploy\w*|release|publish|rollout|promote|ship|staging|production)(?:$|[^a-z])/i;
const ACTIONS = /(?:deploy|release|publish|helm|terraform|ecs|cloud-run|app-engine|pages|netlify|vercel|flyctl|heroku|firebase|pulumi|ansible|docker\/build-push)/i;
const WORDS = ['deploy', 'deployment', 'deployments', 'release pipeline', 'rollout', 'staging', 'production', 'ci/cd', 'pipeline'];

interface Pipeline {
  readonly home: string;
  readonly file: string;
  /** What it holds, or does, in a few words. */
  readonly what: string;
  readonly environments: readonly string[];
}

/** Files whose being there says it. */
const MARKERS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)Procfile$/, 'a Procfile'],
  [/(?:^|\/)fly\.toml$/, 'an application of Fly'],
  [/(?:^|\/)(?:vercel|now)\.json$/, 'a project of Vercel'],
  [/(?:^|\/)netlify\.toml$/, 'a site of Netlify'],
  [/(?:^|\/)render\.ya?ml$/, 'services of Render'],
  [/(?:^|\/)railway\.(?:json|toml)$/, 'a service of Railway'],
  [/(?:^|\/)app\.yaml$/, 'an application of App Engine'],
  [/(?:^|\/)cloudbuild\.ya?ml$/, 'a build of Cloud Build'],
  [/(?:^|\/)serverless\.(?:ya?ml|ts|js)$/, 'functions of Serverless'],
  [/(?:^|\/)skaffold\.ya?ml$/, 'a pipeline of Skaffold'],
  [/(?:^|\/)wrangler\.(?:toml|jsonc?)$/, 'a worker of Cloudflare'],
  [/(?:^|\/)firebase\.json$/, 'a project of Firebase'],
  [/(?:^|\/)appspec\.ya?ml$/, 'a deployment of CodeDeploy'],
  [/(?:^|\/)Capfile$|(?:^|\/)config\/deploy\.rb$/, 'a deployment of Capistrano'],
  [/(?:^|\/)config\/deploy\.ya?ml$/, 'a deployment of Kamal'],
  [/(?:^|\/)Jenkinsfile(?:\.\w+)?$/, 'a pipeline of Jenkins'],
  [/^(?:.*\/)?(?:ci|\.ci|scripts|bin|ops|tools)\/deploy[\w.-]*$|(?:^|\/)deploy\.(?:sh|py|rb|ts|js|mjs)$/, 'a program that deploys'],
  [/^(?:.*\/)?(?:ci|\.ci|ops)\/deploy\/[^/]+$/, 'programs that deploy'],
];

export const findDeployment = (survey: Survey): readonly Candidate[] => [...pipelines(survey), ...infrastructure(survey)];

const pipelines = (survey: Survey): readonly Candidate[] => {
  const found: Pipeline[] = [...workflows(survey), ...gitlab(survey), ...others(survey)];
  for (const [pattern, what] of MARKERS) for (const file of filesMatching(survey, pattern)) found.push({ home: homeOf(file), file, what, environments: [] });
  const homes = new Map<string, Pipeline[]>();
  for (const pipeline of found) homes.set(pipeline.home, [...(homes.get(pipeline.home) ?? []), pipeline]);
  return [...homes].map(([home, own]): Candidate => {
    const files = [...new Set(own.map(({ file }) => file))].sort(compare);
    const environments = [...new Set(own.flatMap((pipeline) => pipeline.environments))].sort(compare);
    const directories = new Set(files.map(directoryOf));
    const [first = home] = files;
    const what = [...new Set(own.map((pipeline) => pipeline.what))].join(', ');
    return {
      kind: 'deployment_pipeline',
      home,
      resource: {
        type: 'exclusive',
        location: files.length > 1 && directories.size === 1 ? slash(directoryOf(first)) : first,
        constraint: 'one_at_a_time',
        reason: `${what}${environments.length > 0 ? `, to ${environments.slice(0, 5).join(', ')}` : ''}: an environment takes one deployment at a time`,
      },
      paths: files,
      words: [...WORDS, ...environments.filter((name) => /^[a-z][\w-]{2,30}$/.test(name) && !WORDS.includes(name))],
    };
  });
};

/** Directories of pipelines belong to what lies around them. */
const homeOf = (file: string): string => {
  const directory = directoryOf(file);
  return /(?:^|\/)(?:config|ci|\.ci|scripts|bin|ops|tools|deploy|\.github|\.circleci)$/.test(directory) ? homeOf(directory) : directory;
};

const workflows = ({ configs }: Survey): readonly Pipeline[] =>
  configs.matching(/(?:^|\/)\.github\/workflows\//).flatMap((file) => {
    const jobs = configs.data(file).at('jobs').entries();
    const deploying = jobs.filter(([id, job]) => job.at('environment').exists || DEPLOYS.test(id) || DEPLOYS.test(job.text('name') ?? '') || usesOf(job).some((action) => ACTIONS.test(action)));
    if (deploying.length === 0) return [];
    const environments = deploying.flatMap(([, job]) => job.text('environment') ?? job.text('environment', 'name') ?? []).filter((name) => !name.includes('${{'));
    return [{ home: file.slice(0, file.indexOf('.github')).replace(/\/$/, '') || '.', file, what: jobsText(deploying.map(([id]) => id), 'of GitHub Actions'), environments }];
  });

const usesOf = (job: Data): readonly string[] => job.at('steps').items().flatMap((step) => step.text('uses')?.split('@')[0] ?? []);

const jobsText = (ids: readonly string[], where: string): string => `${ids.length === 1 ? 'the job' : 'the jobs'} ${ids.slice(0, 4).map((id) => id.slice(0, 40)).join(', ')}${ids.length > 4 ? ', …' : ''} ${where}`;

const GITLAB_WORDS = new Set(['stages', 'variables', 'default', 'include', 'workflow', 'image', 'services', 'cache', 'before_script', 'after_script']);

const gitlab = ({ configs }: Survey): readonly Pipeline[] =>
  configs.named('.gitlab-ci.yml').flatMap((file) => {
    const jobs = configs.data(file).entries().filter(([id]) => !GITLAB_WORDS.has(id) && !id.startsWith('.'));
    const deploying = jobs.filter(([id, job]) => job.at('environment').exists || DEPLOYS.test(job.text('stage') ?? '') || DEPLOYS.test(id));
    if (deploying.length === 0) return [];
    const environments = deploying.flatMap(([, job]) => job.text('environment') ?? job.text('environment', 'name') ?? []).filter((name) => !name.includes('$'));
    return [{ home: directoryOf(file), file, what: jobsText(deploying.map(([id]) => id), 'of GitLab'), environments }];
  });

/** CircleCI's and Bitbucket's. */
const others = ({ configs }: Survey): readonly Pipeline[] => [
  ...configs.matching(/(?:^|\/)\.circleci\/config\.ya?ml$/).flatMap((file): readonly Pipeline[] => {
    const ids = configs.data(file).at('jobs').entries().map(([id]) => id).filter((id) => DEPLOYS.test(id));
    return ids.length === 0 ? [] : [{ home: homeOf(file), file, what: jobsText(ids, 'of CircleCI'), environments: [] }];
  }),
  ...configs.named('bitbucket-pipelines.yml').flatMap((file): readonly Pipeline[] => {
    const steps = configs.data(file).at('pipelines').entries().flatMap(([, branches]) => [branches, ...branches.entries().map(([, list]) => list)]).flatMap((list) => list.items().map((item) => item.at('step')));
    const environments = [...new Set(steps.flatMap((step) => step.text('deployment') ?? []))];
    return environments.length === 0 ? [] : [{ home: directoryOf(file), file, what: 'deployments of Bitbucket', environments }];
  }),
];

/** State that a tool locks while it changes the world. */
const infrastructure = (survey: Survey): readonly Candidate[] => [
  ...byTop(filesMatching(survey, /\.(?:tf|tofu|tfvars)$/)).map(([home, files]): Candidate => ({
    kind: 'terraform_state',
    home,
    resource: { type: 'exclusive', location: slash(home), constraint: 'state_lock', reason: `${String(files.length)} file${files.length === 1 ? '' : 's'} of Terraform: its state is locked while one change is applied` },
    paths: home === '.' ? files : [below(home)],
    words: ['terraform', 'infrastructure as code', 'provision', 'infrastructure'],
  })),
  ...byTop(filesMatching(survey, /(?:^|\/)(?:k8s|kubernetes|kustomize|manifests|helm|charts?)\/.*\.(?:ya?ml|tpl)$/).filter((path) => !/(?:^|\/)\.github\//.test(path))).map(([home, files]): Candidate => ({
    kind: 'kubernetes_manifests',
    home,
    resource: { type: 'exclusive', location: slash(home), constraint: 'one_at_a_time', reason: `${String(files.length)} manifest${files.length === 1 ? '' : 's'} of one cluster: they are rolled out one change at a time` },
    paths: home === '.' ? files : [below(home)],
    words: ['kubernetes', 'k8s', 'helm', 'helm chart', 'cluster', 'rollout'],
  })),
];

/** Files by the outermost directory of their kind. */
const byTop = (files: readonly string[]): readonly (readonly [string, readonly string[]])[] => {
  const homes = new Map<string, string[]>();
  const directories = [...new Set(files.map(directoryOf))].sort((a, b) => a.length - b.length || compare(a, b));
  const tops: string[] = [];
  for (const directory of directories) if (!tops.some((top) => top !== '.' && (directory === top || directory.startsWith(`${top}/`)))) tops.push(directory);
  for (const file of files) {
    const top = tops.find((one) => one !== '.' && file.startsWith(`${one}/`)) ?? directoryOf(file);
    homes.set(top, [...(homes.get(top) ?? []), file]);
  }
  return [...homes].sort(([a], [b]) => compare(a, b));
};
