/**
 * Things filed under the directories that their patterns begin with: what two patterns say of a common path can only be
 * when the directories of one begin those of the other, so nothing else is looked at.
 */

/** Characters by which a directory's or file's name says more than itself. */
const DYNAMIC = /[*?[\]{}()!+@\\]/;

/** `./src/`, `src` and `src/**` say the same: the path, and everything below it. */
export const scopeKey = (text: string): string =>
  text
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
    .replace(/(?:^|\/)(?:\*\*\/?)+$/, '');

/** A glob that only takes away. */
export const isNegated = (text: string): boolean => text.startsWith('!') && !text.startsWith('!(');

/** The leading parts of a path or a pattern that are plain text. */
export const plainHead = (parts: readonly string[]): readonly string[] => {
  const dynamic = parts.findIndex((part) => DYNAMIC.test(part));
  return dynamic < 0 ? parts : parts.slice(0, dynamic);
};

interface Node<T> {
  readonly children: Map<string, Node<T>>;
  readonly items: T[];
}

const newNode = <T>(): Node<T> => ({ children: new Map(), items: [] });

export class PathTree<T> {
  readonly #root = newNode<T>();

  add(head: readonly string[], item: T): void {
    let node = this.#root;
    for (const part of head) {
      const child = node.children.get(part) ?? newNode<T>();
      node.children.set(part, child);
      node = child;
    }
    node.items.push(item);
  }

  /** What is filed under these directories, or under those that they begin with. */
  *along(head: readonly string[]): Generator<T> {
    let node: Node<T> | undefined = this.#root;
    yield* node.items;
    for (const part of head) {
      node = node.children.get(part);
      if (!node) return;
      yield* node.items;
    }
  }

  /** What is filed under directories that these begin. */
  *below(head: readonly string[]): Generator<T> {
    let node: Node<T> | undefined = this.#root;
    for (const part of head) node = node?.children.get(part);
    if (!node) return;
    for (const pending = [...node.children.values()]; pending.length > 0; ) {
      const at = pending.pop();
      if (!at) return;
      yield* at.items;
      pending.push(...at.children.values());
    }
  }
}
