/**
 * Walks the syntax tree of a shell command once. Whatever it does not know makes it say less, never more: a call
 * that may not be reached does not *decide*, a word that is not literal is unknown.
 */
import { join } from 'node:path/posix';
import type { AndOr, ArithmeticExpression, Assignment, Command, CommandArgument, CompoundList, ParameterExpansionPart, PipelineNode, Redirection, Script, Statement, TestExpression, Word, WordPart } from 'unbash';
import { literalOf } from './literal.ts';
import type { Call } from './shell-command.ts';

interface Place {
  /** Where this part of the command runs. */
  directory: string | undefined;
  readonly decides: boolean;
  /** Only under `set -e`: of a chain of `&&` then only the last one decides. */
  readonly byErrexit?: boolean;
}

/** Words that name variables in the arguments of these set them. */
const SETTERS: ReadonlySet<string> = new Set(['read', 'getopts', 'mapfile', 'readarray', 'printf']);
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/u;
const NAMES = /[A-Za-z_][A-Za-z0-9_]*/gu;

export class Walk {
  readonly calls: Call[] = [];
  readonly functions = new Set<string>();
  readonly sets = new Set<string>();
  /** Read where an unset one is thought of: with a default, or in a test. */
  readonly guarded = new Set<string>();
  readonly required = new Set<string>();
  readonly read = new Set<string>();
  nounset = false;
  isOpaque = false;
  #errexit = false;
  #ended = false;

  script(script: Script | CompoundList, place: Place): void {
    const last = script.commands.length - 1;
    for (const [at, statement] of script.commands.entries()) this.#statement(statement, place, at === last);
  }

  #statement({ command, background }: Statement, place: Place, isLast: boolean): void {
    const byErrexit = !isLast && this.#errexit;
    const decides = place.decides && !background && (isLast || byErrexit);
    // A change of directory holds for what follows in the same shell.
    const here: Place = { directory: place.directory, decides, byErrexit: place.byErrexit === true || byErrexit };
    if (command.type === 'AndOr') this.#chain(command, here);
    else this.#pipeline(command, here);
    if (!background) place.directory = here.directory;
  }

  #chain({ commands, operators }: AndOr, place: Place): void {
    const hasWayOut = operators.includes('||');
    for (const [at, command] of commands.entries()) {
      const decides = place.decides && !hasWayOut && (!place.byErrexit || at === commands.length - 1);
      const here: Place = { ...place, decides };
      this.#pipeline(command, here);
      place.directory = here.directory;
    }
  }

  #pipeline(node: PipelineNode, place: Place): void {
    if (node.type !== 'Pipeline') return this.#command(node, place);
    const isNegated = node.prefixes.some(({ type }) => type === 'Negation');
    const [only, ...others] = node.commands;
    if (only && others.length === 0) {
      const here: Place = { ...place, decides: place.decides && !isNegated };
      this.#command(only, here);
      place.directory = here.directory;
      return;
    }
    // Each in a shell of its own; the last one's end is the pipeline's.
    for (const [at, command] of node.commands.entries()) this.#command(command, { ...place, decides: place.decides && !isNegated && at === node.commands.length - 1 });
  }

  #command(node: Exclude<PipelineNode, { type: 'Pipeline' }>, place: Place): void {
    const maybe: Place = { ...place, decides: false };
    switch (node.type) {
      case 'Command':
        return this.#simple(node, place);
      case 'Redirected':
        this.#redirects(node.redirects);
        return this.#command(node.command, place);
      case 'Subshell':
        return this.script(node.body, { ...place });
      case 'BraceGroup':
        return this.script(node.body, place);
      case 'Function': {
        const name = literalOf(node.name);
        if (name !== undefined) this.functions.add(name);
        if (node.body.type === 'CompoundList') this.script(node.body, maybe);
        else this.#command(node.body, maybe);
        return undefined;
      }
      case 'If':
        for (const list of [node.clause, node.then, ...node.elif.flatMap(({ clause, then }) => [clause, then]), ...(node.else ? [node.else] : [])]) this.script(list, maybe);
        break;
      case 'While':
        this.script(node.clause, maybe);
        this.script(node.body, maybe);
        break;
      case 'For':
      case 'Select':
        this.sets.add(node.name.value);
        for (const word of node.wordlist ?? []) this.#word(word);
        this.script(node.body, maybe);
        break;
      case 'Case':
        this.#word(node.word, true);
        for (const { pattern, body } of node.items) {
          for (const word of pattern) this.#word(word);
          this.script(body, maybe);
        }
        break;
      case 'TestCommand':
        this.#test(node.expression);
        break;
      case 'ArithmeticCommand':
        this.#numbers(node.body);
        break;
      case 'ArithmeticFor':
        for (const part of [node.initialize, node.test, node.update]) this.#arithmetic(part);
        this.script(node.body, maybe);
        break;
      case 'Coproc':
        if (node.body.type === 'CompoundList') this.script(node.body, maybe);
        else this.#command(node.body, maybe);
        break;
      default:
        this.isOpaque = true;
    }
    // Who knows where such a part leaves the shell.
    if (maybe.directory !== place.directory) place.directory = undefined;
    return undefined;
  }

  #simple({ name, prefix, suffix }: Command, place: Place): void {
    for (const part of [...prefix, ...suffix]) {
      if (part.type === 'Assignment') this.#assignment(part);
      else if (part.type !== 'Word') this.#redirects([part]);
    }
    const words = suffix.filter((part): part is CommandArgument => part.type === 'Word' || part.type === 'Assignment');
    const called = name && literalOf(name);
    const isTest = called === '[' || called === 'test';
    if (name) this.#word(name);
    for (const word of words) if (word.type === 'Word') this.#word(word, isTest);
    if (called === undefined) return;
    const args = words.map((word) => (word.type === 'Word' ? literalOf(word) : undefined));
    this.calls.push({ name: called, args, directory: place.directory, decides: place.decides && !this.#ended });
    this.#effects(called, args, place);
  }

  /** What some built-in commands mean for the rest. */
  #effects(name: string, args: readonly (string | undefined)[], place: Place): void {
    const [first] = args;
    if (name === 'cd') place.directory = place.directory === undefined || first === undefined || first.startsWith('/') || first === '-' ? undefined : join(place.directory, first);
    if (name === 'pushd' || name === 'popd') place.directory = undefined;
    if (name === '.' || name === 'source' || name === 'eval') this.isOpaque = true;
    // Whatever comes after it may not be reached.
    if (name === 'exit' || name === 'exec' || name === 'return') this.#ended = true;
    if (SETTERS.has(name)) for (const arg of args) if (arg !== undefined && NAME.test(arg)) this.sets.add(arg);
    if (name !== 'set') return;
    for (const [at, arg] of args.entries()) {
      if (arg === undefined) continue;
      if (/^-[a-z]*e/u.test(arg) || (arg === 'errexit' && args[at - 1] === '-o')) this.#errexit = true;
      if (/^-[a-z]*u/u.test(arg) || (arg === 'nounset' && args[at - 1] === '-o')) this.nounset = true;
    }
  }

  #assignment({ name, value, index }: Assignment): void {
    this.sets.add(name);
    if (index) this.#word(index);
    if (value.type === 'Word') this.#word(value);
    else for (const element of value.elements) this.#word(element);
  }

  #redirects(list: readonly Redirection[]): void {
    for (const redirect of list) {
      if (redirect.type === 'HereDoc') this.#parts(redirect.body.parts ?? [], false);
      else if (redirect.target) this.#word(redirect.target);
      if (redirect.descriptor?.type === 'FileDescriptorVariable') this.sets.add(redirect.descriptor.name);
    }
  }

  #word(word: Word, inTest = false): void {
    this.#parts(word.parts ?? [], inTest);
  }

  #parts(parts: readonly WordPart[], inTest: boolean): void {
    for (const part of parts) {
      switch (part.type) {
        case 'SimpleExpansion':
          this.#use(part.text.slice(1), inTest);
          break;
        case 'ParameterExpansion':
          this.#expansion(part, inTest);
          break;
        case 'CommandExpansion':
        case 'ProcessSubstitution':
          if (part.script) this.script(part.script, { directory: undefined, decides: false });
          break;
        case 'ArithmeticExpansion':
          this.#arithmetic(part.expression);
          break;
        case 'DoubleQuoted':
        case 'LocaleString':
        case 'ExtendedGlob':
        case 'BraceExpansion':
          this.#parts(part.parts ?? [], inTest);
          break;
        case 'Glob':
        case 'Literal':
        case 'SingleQuoted':
        case 'AnsiCQuoted':
        default:
      }
    }
  }

  #expansion({ parameter, operation, index, prefix }: ParameterExpansionPart, inTest: boolean): void {
    if (index) this.#word(index);
    // `${!name}` reads another one, whose name is a value.
    if (prefix === '!') return;
    if (operation?.type !== 'Default') return this.#use(parameter, inTest);
    this.#word(operation.operand);
    if (operation.operator.endsWith('?')) this.required.add(parameter);
    else this.guarded.add(parameter);
    if (operation.operator.endsWith('=')) this.sets.add(parameter);
    return this.#use(parameter, inTest);
  }

  #use(name: string, inTest: boolean): void {
    if (!NAME.test(name)) return;
    this.read.add(name);
    if (inTest) this.guarded.add(name);
  }

  #test(expression: TestExpression): void {
    switch (expression.type) {
      case 'TestUnary':
        return this.#word(expression.operand, true);
      case 'TestBinary':
        this.#word(expression.left, true);
        return this.#word(expression.right, true);
      case 'TestLogical':
        for (const operand of expression.operands) this.#test(operand);
        return undefined;
      case 'TestNot':
        return this.#test(expression.operand);
      case 'TestGroup':
        return this.#test(expression.expression);
      default:
        this.isOpaque = true;
        return undefined;
    }
  }

  /** In arithmetic an unset variable is 0, and may be set. */
  #arithmetic(expression: ArithmeticExpression | undefined): void {
    if (!expression) return;
    if (expression.type === 'ArithmeticWord') this.#numbers(expression.value);
    else if (expression.type === 'ArithmeticBinary') for (const side of [expression.left, expression.right]) this.#arithmetic(side);
    else if (expression.type === 'ArithmeticUnary') this.#arithmetic(expression.operand);
    else if (expression.type === 'ArithmeticTernary') for (const part of [expression.test, expression.consequent, expression.alternate]) this.#arithmetic(part);
    else if (expression.type === 'ArithmeticGroup') this.#arithmetic(expression.expression);
    else if (expression.script) this.script(expression.script, { directory: undefined, decides: false });
  }

  #numbers(text: string): void {
    for (const [name] of text.matchAll(NAMES)) this.sets.add(name);
  }
}
