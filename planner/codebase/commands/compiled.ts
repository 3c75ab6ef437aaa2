/** Commands of Go, Rust, Java and Ruby, whose tools come with the language or are named by the manifest. */
import type { ProjectCommands } from '../analysis.ts';
import type { Place } from './find-commands.ts';

export const goCommands = ({ has, names }: Place): ProjectCommands => {
  if (!has('go.mod')) return {};
  const lints = names.some((name) => /^\.golangci\.(?:ya?ml|toml|json)$/.test(name));
  return { test: 'go test ./...', build: 'go build ./...', testOnly: 'go test ./... -run {}', ...(lints && { lint: 'golangci-lint run' }) };
};

export const rustCommands = ({ configs, path, has }: Place): ProjectCommands => {
  if (!has('Cargo.toml')) return {};
  const manifest = configs.data(path('Cargo.toml'));
  const all = manifest.at('workspace').exists ? ' --workspace' : '';
  const lints = has('clippy.toml') || has('.clippy.toml') || manifest.at('lints', 'clippy').exists || manifest.at('workspace', 'lints', 'clippy').exists;
  return { test: `cargo test${all}`, typecheck: `cargo check${all}`, build: `cargo build${all}`, testOnly: `cargo test${all} {}`, ...(lints && { lint: `cargo clippy${all} -- -D warnings` }) };
};

export const javaCommands = ({ has }: Place): ProjectCommands => {
  if (has('pom.xml')) {
    const maven = has('mvnw') ? './mvnw' : 'mvn';
    return { test: `${maven} test`, build: `${maven} package`, typecheck: `${maven} compile`, testOnly: `${maven} test -Dtest={}` };
  }
  if (!has('build.gradle') && !has('build.gradle.kts')) return {};
  const gradle = has('gradlew') ? './gradlew' : 'gradle';
  return { test: `${gradle} test`, build: `${gradle} build`, testOnly: `${gradle} test --tests {}` };
};

export const rubyCommands = ({ configs, path, has, names }: Place): ProjectCommands => {
  if (!has('Gemfile')) return {};
  const gems = new Set(configs.text(path('Gemfile')).split('\n').flatMap((line) => /^\s*gem\s+['"]([\w-]+)['"]/.exec(line)?.[1] ?? []));
  const lint = gems.has('rubocop') || names.includes('.rubocop.yml') ? { lint: 'bundle exec rubocop' } : {};
  if (gems.has('rspec') || gems.has('rspec-rails') || names.includes('.rspec')) return { test: 'bundle exec rspec', testOnly: 'bundle exec rspec {}', ...lint };
  if (gems.has('rails') && has('bin/rails')) return { test: 'bin/rails test', testOnly: 'bin/rails test {}', ...lint };
  return { ...(has('Rakefile') && { test: 'bundle exec rake test' }), ...lint };
};
