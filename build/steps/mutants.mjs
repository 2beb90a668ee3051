// @ts-check
import { parseSync } from 'vite';

/** @typedef {Record<string, unknown> & { type: string, start: number, end: number }} Node */
/**
 * One change of one source.
 *
 * @typedef {object} Mutant
 * @property {number} start Offset of what is replaced.
 * @property {number} end
 * @property {string} replacement
 * @property {number} line From 1.
 * @property {string} lineText The source's line, trimmed.
 * @property {string} change In one line, for people: `a < b -> a <= b`.
 */

/** @type {Readonly<Record<string, readonly string[]>>} */
const OTHER_OPERATORS = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '**': ['*'],
  '+=': ['-='],
  '-=': ['+='],
};

/** @type {Readonly<Record<string, string>>} */
const OTHER_METHODS = { min: 'max', max: 'min', some: 'every', every: 'some' };

/** Number of characters that are shown before a change, and after it. */
const CONTEXT_CHARACTERS = 25;
/** Length limit of the old text of a change, and of its new text, in characters. */
const TOLD_CHARACTERS = 70;

/**
 * All changes that are tried on a source, in the order of the source. Types, imports and strings are not changed.
 *
 * @param {string} name Ends in .ts.
 * @param {string} source
 * @returns {Mutant[]}
 * @throws {Error} When the source is not TypeScript.
 */
export function mutantsOf(name, source) {
  const { program, errors } = parseSync(name, source);
  const [wrong] = errors;
  if (wrong !== undefined) throw new Error(`${name}: ${wrong.message}`);
  /** @type {Mutant[]} */
  const mutants = [];
  /**
   * @param {number} start
   * @param {number} end
   * @param {string} replacement
   * @param {{ start: number, end: number }} [told] The part of the source that is shown with the change. Its line if omitted.
   */
  const replace = (start, end, replacement, told) => {
    if (
      mutants.some(
        (mutant) => mutant.start === start && mutant.end === end && mutant.replacement === replacement,
      )
    )
      return;
    const lineStart = source.lastIndexOf('\n', start - 1) + 1;
    const lineBreak = source.indexOf('\n', start);
    const lineEnd = lineBreak === -1 ? source.length : lineBreak;
    const around = { start: Math.min(start, lineStart), end: Math.max(end, lineEnd) };
    const from = Math.max((told ?? around).start, start - CONTEXT_CHARACTERS);
    const to = Math.min((told ?? around).end, end + CONTEXT_CHARACTERS);
    const changed = source.slice(from, start) + replacement + source.slice(end, to);
    mutants.push({
      start,
      end,
      replacement,
      line: source.slice(0, start).split('\n').length,
      lineText: source.slice(lineStart, lineEnd).trim(),
      change: `${shortened(source.slice(from, to))} -> ${shortened(changed)}`,
    });
  };
  visit(/** @type {Node} */ (/** @type {unknown} */ (program)), null, source, replace);
  return mutants.sort((a, b) => a.start - b.start || a.end - b.end);
}

/**
 * @param {string} source
 * @param {Mutant} mutant
 */
export function mutated(source, { start, end, replacement }) {
  return source.slice(0, start) + replacement + source.slice(end);
}

/**
 * Draws `count` of the mutants at random, each at most once.
 *
 * @template T
 * @param {readonly T[]} all
 * @param {number} count
 * @param {number} seed An integer: the same seed draws the same mutants of the same sources.
 * @returns {T[]} In the order of `all`.
 */
export function sampleOf(all, count, seed) {
  const random = randomOf(seed);
  const drawn = all.map((_, index) => ({ index, lot: random() })).sort((a, b) => a.lot - b.lot);
  const chosen = new Set(drawn.slice(0, count).map(({ index }) => index));
  return all.filter((_, index) => chosen.has(index));
}

/**
 * @param {Node} node
 * @param {Node | null} returnType The declared return type of the function around it.
 * @param {string} source
 * @param {(start: number, end: number, replacement: string, told?: Node) => void} replace
 */
function visit(node, returnType, source, replace) {
  if (node.type === 'ImportDeclaration' || isType(node)) return;
  mutate(node, returnType, source, replace);
  const within = 'returnType' in node ? typeOf(node.returnType) : returnType;
  for (const child of Object.values(node).flat()) if (isNode(child)) visit(child, within, source, replace);
}

/** @type {typeof visit} */
function mutate(node, returnType, source, replace) {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'AssignmentExpression': {
      const [left, right] = [asNode(node.left), asNode(node.right)];
      const operator = String(node.operator);
      const at = source.indexOf(operator, left.end);
      for (const other of OTHER_OPERATORS[operator] ?? []) replace(at, at + operator.length, other, node);
      if (operator === '??') replace(node.start, node.end, source.slice(right.start, right.end));
      return;
    }
    case 'UnaryExpression':
      if (node.operator === '!') replace(node.start, asNode(node.argument).start, '', node);
      return;
    case 'IfStatement':
    case 'ConditionalExpression': {
      const test = asNode(node.test);
      for (const fixed of ['true', 'false']) replace(test.start, test.end, fixed);
      return;
    }
    case 'Literal':
      if (typeof node.value === 'boolean') replace(node.start, node.end, String(!node.value));
      if (typeof node.value === 'number')
        for (const other of new Set([node.value + 1, 2 * node.value]))
          if (other !== node.value) replace(node.start, node.end, String(other));
      return;
    case 'MemberExpression': {
      const property = asNode(node.property);
      const other = node.computed ? undefined : OTHER_METHODS[String(property.name)];
      if (other !== undefined) replace(property.start, property.end, other, node);
      return;
    }
    case 'ExpressionStatement':
      replace(node.start, node.end, ';');
      return;
    case 'ReturnStatement':
      if (isNode(node.argument)) emptyReturn(node.argument, returnType, source, replace);
      return;
    case 'ArrowFunctionExpression':
      if (isNode(node.body) && node.body.type !== 'BlockStatement')
        emptyReturn(node.body, typeOf(node.returnType), source, replace);
      return;
  }
}

/** Puts the plainest values of the declared type in the place of what is returned. @type {typeof visit} */
function emptyReturn(argument, returnType, source, replace) {
  for (const value of plainValues(returnType)) {
    if (source.slice(argument.start, argument.end) !== value) replace(argument.start, argument.end, value);
  }
}

/**
 * @param {Node | null} type
 * @returns {string[]}
 */
function plainValues(type) {
  switch (type?.type) {
    case 'TSBooleanKeyword':
    case 'TSTypePredicate':
      return ['true', 'false'];
    case 'TSNumberKeyword':
      return ['0'];
    case 'TSNullKeyword':
      return ['null'];
    case 'TSArrayType':
    case 'TSTypeOperator':
      return ['[]'];
    case 'TSUnionType':
      return /** @type {Node[]} */ (type.types).flatMap(plainValues);
    default:
      return [];
  }
}

/** @param {Node} node */
function isType({ type }) {
  // These three kinds of nodes contain an expression, and only state its type.
  const wrapsValue = ['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression'].includes(type);
  return type.startsWith('TS') && !wrapsValue && type !== 'TSParameterProperty';
}

/**
 * @param {unknown} annotation
 * @returns {Node | null}
 */
function typeOf(annotation) {
  return isNode(annotation) ? asNode(annotation.typeAnnotation) : null;
}

/**
 * @param {unknown} value
 * @returns {value is Node}
 */
function isNode(value) {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/**
 * @param {unknown} value
 * @returns {Node}
 */
function asNode(value) {
  if (!isNode(value)) throw new Error('the parser’s tree is not what it was: a node is missing');
  return value;
}

/** @param {string} text */
function shortened(text) {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= TOLD_CHARACTERS) return line === '' ? 'nothing' : line;
  return `${line.slice(0, TOLD_CHARACTERS - 1)}…`;
}

/**
 * The generator known as mulberry32.
 *
 * @param {number} seed
 * @returns {() => number} From 0 up to 1.
 */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
