/** Builds the script-tag card from Preact's own sources without what no card uses: one table of cuts, each found exactly or the build fails. */
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, type Plugin } from 'vite'

/** One thing that is taken out of Preact. */
export interface Cut {
  /** What no card needs, and why. */
  why: string
  /** Under `preact/src`. */
  file: string
  /** Text of the source, found exactly once. White space in it stands for any white space. */
  from: string
  /** All up to this text, which stays, goes too. Without it only `from` goes. */
  upTo?: string
  /** What stands there instead. */
  put?: string
  /** Tags and attributes that the sources of a card therefore must not have. */
  without?: RegExp
}

/** A parameter that is handed all the way down and always has the same value in a card. */
export interface Fixed {
  why: string
  name: string
  value: string
}

const noComponents = 'nothing in a card is a component: the functions that draw are called, and give elements'
const noOptions = 'nothing can set an option of this copy of Preact'
const noRefs = 'no card asks for the element of a vnode'
const emptyRoot = 'the shadow root is empty when a card is drawn first, so there is nothing to take over'
const noMarkers = 'no server has drawn a card, so there are no comments among its nodes'
const shorter = 'a field that is not there is as good as one that says nothing'
const noMarkup = 'a card never draws markup, only elements and text'
const fewChildren = 'how many are left to match only saves a look at a few children'
const flat = 'an element has its children in one flat list, so each of them is an element or a text'
const ownChildren =
  'all that is in a shadow root and in its elements was drawn there, so the first of it is where drawing begins'
const samePlace =
  'what has no key is at the place among its siblings where it was, or the only one of its tag'
const order =
  'no card puts its children in another order while it is there, so any way to put them right is as good'

/** What is dropped from every list of parameters and arguments. */
export const fixed: readonly Fixed[] = [
  { name: 'globalContext', value: 'undefined', why: noComponents },
  { name: 'commitQueue', value: 'undefined', why: noComponents },
  { name: 'refQueue', value: 'undefined', why: noRefs },
  { name: 'excessDomChildren', value: 'null', why: emptyRoot },
  { name: 'isHydrating', value: 'false', why: emptyRoot },
  { name: 'remainingOldChildren', value: 'true', why: fewChildren },
]

/** Table of all cuts, by file and from its top to its end. */
export const cuts: readonly Cut[] = [
  {
    file: 'index.js',
    why: 'a card imports nothing else',
    from: 'export { render, hydrate }',
    upTo: "export { default as options } from './options';",
    put: "export { render } from './render'; export { createElement as h } from './create-element';",
  },
  {
    file: 'index.js',
    why: noOptions,
    from: "export { default as options } from './options';",
  },

  // Where a card is drawn.
  {
    file: 'render.js',
    why: 'the root of a card is a shadow root, which has no namespace',
    from: "import { EMPTY_OBJ, MODE_HYDRATE, NULL } from './constants'; import { commitRoot, diff } from './diff/index';",
    put: "import { EMPTY_OBJ, XHTML_NAMESPACE } from './constants'; import { diffChildren } from './diff/children';",
  },
  {
    file: 'render.js',
    why: `${noOptions}; the root of a card is no document; ${emptyRoot}; and ${noComponents}`,
    from: 'if (options._root)',
    upTo: '/** * Update an existing DOM element',
    put: 'let oldVNode = parentDom._children || EMPTY_OBJ; diffChildren(parentDom, [vnode], (parentDom._children = createVNode()), oldVNode, XHTML_NAMESPACE); }',
  },

  // Elements as values.
  {
    file: 'create-element.js',
    why: `${noRefs}; and ${flat}`,
    from: 'export function createElement(type, props, children) {',
    upTo: '/** * Clones the given VNode',
    put: 'export function createElement(type, props, ...children) { const vnode = createVNode(type, props || EMPTY_OBJ, props?.key); vnode._flat = children.flat(Infinity); return vnode; }',
    without: /^(ref|children)$/,
  },
  {
    file: 'create-element.js',
    why: flat,
    from: "import { NULL, UNDEFINED, VNODE_MARKER } from './constants';",
    put: "import { EMPTY_OBJ, NULL, UNDEFINED, VNODE_MARKER } from './constants';",
  },
  {
    file: 'create-element.js',
    why: `${shorter}; ${noRefs}; and ${noComponents}`,
    from: 'ref, _children: NULL, _parent: NULL, _depth: 0, _dom: NULL, _component: NULL, constructor: VNODE_MARKER, _original: original || ++vnodeId, _index: -1, _flags: 0',
    put: 'constructor: VNODE_MARKER',
  },
  {
    file: 'create-element.js',
    why: noOptions,
    from: 'if (!original && options.vnode) options.vnode(vnode);',
  },

  // Components, their queue and their errors.
  {
    file: 'options.js',
    why: `${noOptions}; and ${noComponents}`,
    from: "import { _catchError } from './diff/catch-error';",
  },
  {
    file: 'options.js',
    why: noOptions,
    from: 'const options = { _catchError };',
    put: 'const options = {};',
  },

  // Children.
  {
    file: 'diff/children.js',
    why: `${ownChildren}; and ${noComponents}`,
    from: "import { isArray } from '../util'; import { getDomSibling } from '../component';",
    put: "import { removeNode } from '../util';",
  },
  {
    file: 'diff/children.js',
    why: ownChildren,
    from: 'commitQueue, oldDom, isHydrating, refQueue ) { let i,',
    put: ') { let i, oldDom,',
  },
  {
    file: 'diff/children.js',
    why: ownChildren,
    from: 'oldDom = constructNewChildrenArray( newParentVNode, renderResult, oldChildren, oldDom, newChildrenLength );',
    put: 'constructNewChildrenArray(newParentVNode, renderResult, oldChildren, newChildrenLength); oldDom = parentDom.firstChild;',
  },
  {
    file: 'diff/children.js',
    why: 'no list is so long that the speed of a look beside it counts, and where a vnode is among the others nobody asks',
    from: '(~childVNode._index && oldChildren[childVNode._index]) || EMPTY_OBJ; // Update childVNode._index to its final index childVNode._index = i;',
    put: 'oldChildren[childVNode._index] || EMPTY_OBJ;',
  },
  {
    file: 'diff/children.js',
    why: `${noComponents}; and ${ownChildren}`,
    from: 'let result = diff( parentDom, childVNode, oldVNode, globalContext, namespace, excessDomChildren, commitQueue, oldDom, isHydrating, refQueue );',
    put: 'diff(childVNode, oldVNode, namespace);',
  },
  {
    file: 'diff/children.js',
    why: `${noRefs}; ${noMarkers}; an old vnode is asked for nothing but whether it found its match; and ${order}`,
    from: '// A ref detached while its subtree was parked',
    upTo: '/** * @param {VNode} newParentVNode',
    put: 'if (newDom == oldDom) oldDom = oldDom && oldDom.nextSibling; else if (newDom) parentDom.insertBefore(newDom, oldDom); } }',
  },
  {
    file: 'diff/children.js',
    why: ownChildren,
    from: 'oldChildren, oldDom, newChildrenLength ) {',
    put: 'oldChildren, newChildrenLength) {',
  },
  {
    file: 'diff/children.js',
    why: fewChildren,
    from: 'oldChildrenLength = oldChildren.length, remainingOldChildren = oldChildrenLength;',
    put: 'oldChildrenLength = oldChildren.length;',
  },
  {
    file: 'diff/children.js',
    why: samePlace,
    from: 'let skew = 0;',
  },
  {
    file: 'diff/children.js',
    why: order,
    from: 'let moved = 0;',
  },
  {
    file: 'diff/children.js',
    why: `text is a string or a number, never a String object; ${flat}; and each is made for one place and one drawing`,
    from: "typeof childVNode != 'object' || childVNode.constructor === String",
    upTo: 'else { newChildren[i] = childVNode; }',
    put: "typeof childVNode != 'object' ) { childVNode = newChildren[i] = createVNode(NULL, childVNode); }",
  },
  {
    file: 'diff/children.js',
    why: ownChildren,
    from: 'childVNode._parent = newParentVNode; childVNode._depth = newParentVNode._depth + 1;',
  },
  {
    file: 'diff/children.js',
    why: samePlace,
    from: 'const skewedIndex = i + skew;',
    put: 'const skewedIndex = i;',
  },
  {
    file: 'diff/children.js',
    why: `${samePlace}; and ${order}`,
    from: '// Here, we define isMounting for the purposes of the skew diffing',
    upTo: '// Remove remaining oldChildren if there are any.',
    put: '}',
  },
  {
    file: 'diff/children.js',
    why: `${ownChildren}; and ${noComponents}: what goes with its parent needs nothing done`,
    from: 'if (oldVNode._dom == oldDom) { oldDom = getDomSibling(oldVNode); } unmount(oldVNode, oldVNode); } } } return oldDom; }',
    put: 'removeNode(oldVNode._dom); } } } }',
  },
  {
    file: 'diff/children.js',
    why: 'in lean children there is one place that inserts',
    from: '/** * @param {VNode} parentVNode * @param {PreactElement} oldDom',
    upTo: '/** * Flatten and loop through the children of a virtual node * @param {ComponentChildren} children',
  },
  {
    file: 'diff/children.js',
    why: `${fewChildren}; and ${samePlace}`,
    from: 'let oldVNode = oldChildren[skewedIndex]; const matched = oldVNode && !(oldVNode._flags & MATCHED);',
    upTo: 'if ( (oldVNode === NULL && key == NULL)',
    put: 'const oldVNode = oldChildren[skewedIndex]; const fits = (old) => old && !old._flags && key == old.key && type == old.type;',
  },
  {
    file: 'diff/children.js',
    why: `${fewChildren}; and ${samePlace}`,
    from: '(matched && key == oldVNode.key && type == oldVNode.type) ) { return skewedIndex; } else if (shouldSearch) {',
    upTo: 'return -1;',
    put: 'fits(oldVNode)) return skewedIndex;',
  },
  {
    file: 'diff/children.js',
    why: `${fewChildren}; and ${samePlace}`,
    from: 'return -1;',
    put: 'return oldChildren.findIndex(fits);',
  },
  {
    file: 'diff/children.js',
    why: 'what is not there has no match',
    from: 'oldVNode = NULL; // ~matchingIndex is only falsy for -1, i.e. when no match was found if (~matchingIndex) { oldVNode = oldChildren[matchingIndex];',
    upTo: 'if (oldVNode) { oldVNode._flags |= MATCHED;',
    put: '{ oldVNode = oldChildren[matchingIndex];',
  },
  {
    file: 'diff/children.js',
    why: 'data has no functions, and no card draws one',
    from: "typeof childVNode == 'boolean' || typeof childVNode == 'function'",
    put: "typeof childVNode == 'boolean'",
  },

  // One vnode.
  {
    file: 'diff/index.js',
    why: 'what is a field is known in one place',
    from: "import { setProperty } from './props';",
    put: "import { isField, setProperty } from './props';",
  },
  {
    file: 'diff/index.js',
    why: noComponents,
    from: "import { BaseComponent, getDomSibling } from '../component';",
  },
  {
    file: 'diff/index.js',
    why: `${ownChildren}; and ${noComponents}`,
    from: 'export function diff( parentDom, newVNode, oldVNode, globalContext, namespace, excessDomChildren, commitQueue, oldDom, isHydrating, refQueue )',
    put: 'export function diff(newVNode, oldVNode, namespace)',
  },
  {
    file: 'diff/index.js',
    why: `${noComponents}; and nothing waits`,
    from: '// If the previous diff bailed out, resume',
    upTo: 'let oldProps = oldVNode.props || EMPTY_OBJ;',
    put: 'let dom = oldVNode._dom;',
  },
  {
    file: 'diff/index.js',
    why: noComponents,
    from: 'return doc.createTextNode(newProps);',
    put: 'return (newVNode._dom = doc.createTextNode(newProps));',
  },
  {
    file: 'diff/index.js',
    why: 'no card has formulas',
    from: "else if (nodeType == 'math') namespace = MATH_NAMESPACE; else if (!namespace) namespace = XHTML_NAMESPACE;",
    without: /^<math$/,
  },
  {
    file: 'diff/index.js',
    why: 'a card is in the document of its script, and has no elements of its own make',
    from: 'const doc = parentDom.ownerDocument || document;',
    put: 'const doc = document;',
  },
  {
    file: 'diff/index.js',
    why: 'a card has no elements of its own make; and ' + emptyRoot,
    from: '// Without `is`, the parent doubles as the creation options',
    upTo: '} if (!nodeType) { // During hydration',
    put: 'dom = doc.createElementNS(namespace, nodeType);',
    without: /^is$/,
  },
  {
    file: 'diff/index.js',
    why: 'no card has a template; and ' + emptyRoot,
    from: '// A <template> holds its children in a separate document-fragment',
    upTo: 'for (i in oldProps) {',
    without: /^<template$/,
  },
  {
    file: 'diff/index.js',
    why: `${noMarkup}; and no control of a card has a value to begin with besides its value`,
    from: "if (i == 'dangerouslySetInnerHTML') { oldHtml = value; } else if ( i != 'children' && !(i in newProps) && !(i == 'value' && 'defaultValue' in newProps) && !(i == 'checked' && 'defaultChecked' in newProps) ) {",
    put: 'if (!(i in newProps)) {',
    without: /^(dangerouslySetInnerHTML|default(Value|Checked))$/,
  },
  {
    file: 'diff/index.js',
    why: `${noMarkup}; a handler is always there or never; and what is typed or ticked hangs neither on children nor on an attribute that comes later`,
    from: "for (i in newProps) { value = newProps[i]; if (i == 'children') {",
    upTo: "// If the new vnode didn't have dangerouslySetInnerHTML",
    put: "for (i in newProps) { value = newProps[i]; if (i != 'key' && (isField(i) ? value != UNDEFINED && value !== dom[i] : oldProps[i] !== value)) setProperty(dom, i, value); }",
    without: /^<(select|option|progress)$/,
  },
  {
    file: 'diff/index.js',
    why: `${noMarkup}, no formulas, and nothing of HTML inside of a drawing`,
    from: "// If the new vnode didn't have dangerouslySetInnerHTML, diff its children",
    upTo: 'isArray(newChildren) ? newChildren',
    put: '{ diffChildren( dom,',
    without: /^<foreignObject$/,
  },
  {
    file: 'diff/index.js',
    why: flat,
    from: 'isArray(newChildren) ? newChildren : [newChildren],',
    put: 'newVNode._flat,',
  },
  {
    file: 'diff/index.js',
    why: ownChildren,
    from: 'excessDomChildren ? excessDomChildren[0] : oldVNode._children && getDomSibling(oldVNode, 0),',
  },
  {
    file: 'diff/index.js',
    why: 'what is typed or ticked has its place among the attributes',
    from: "// As above, don't diff props during hydration",
    upTo: '/** * Invoke or update a ref',
    put: '} newVNode._dom = dom; }',
  },
  {
    file: 'util.js',
    why: 'to take away what is away already does nothing',
    from: 'if (node && node.parentNode) node.remove();',
    put: 'if (node) node.remove();',
  },

  // Attributes and events.
  {
    file: 'diff/props.js',
    why: 'a card sets attributes as HTML has them, and of the fields of an element what is typed, what is ticked, and who hears: none of its events comes on the way down or has a name of its own, and no element that is there begins to hear',
    from: 'export function setProperty(dom, name, value, oldValue, namespace) { let useCapture;',
    upTo: '/** * Create an event proxy function.',
    put: "export const isField = (name) => name == 'value' || name == 'checked' || name.startsWith('on'); export function setProperty(dom, name, value) { if (isField(name)) dom[name.toLowerCase()] = value ?? ''; else if (value != NULL && (value !== false || name[4] == '-')) dom.setAttribute(name, value); else dom.removeAttribute(name); }",
    // `one` is a plural form, and `once` an option of a listener.
    without:
      /^(on(?!c?e$)([a-z]|\w+Capture$)|(style|className|htmlFor|spellCheck|spellcheck|draggable|translate|popover)$|xlink)/,
  },
]

/** Of which Preact a message speaks. */
const packageFile = fileURLToPath(import.meta.resolve('preact/package.json'))
const folder = `${dirname(packageFile)}/src/`
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }

/** Every run of white space in the text stands for any. */
const loosely = (text: string): RegExp =>
  new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/\s+/g, String.raw`\s+`), 'g')

/** Where a text begins and ends in the code, in which it must be once after the given place. */
function placeOf(code: string, text: string, { file, why }: Cut, after = 0): [number, number] {
  const [first, ...others] = code.slice(after).matchAll(loosely(text))
  if (first && (after > 0 || others.length === 0))
    return [after + first.index, after + first.index + first[0].length]
  throw new Error(
    `scripts/leanPreact.ts looks for a text that is ${first ? 'more than once' : 'not'} in src/${file} of preact ${version}: ${text}\n` +
      `The card is built without it, because ${why}. Read what stands there now, and mend or delete that row of the table.`,
  )
}

/**
 * One source of Preact as the card has it.
 *
 * @param file - Under `preact/src`.
 * @throws when the source is not the one that the table was written for
 */
export function leanSource(file: string, code: string): string {
  let lean = code
  for (const cut of cuts) {
    if (cut.file !== file) continue
    const [start, after] = placeOf(lean, cut.from, cut)
    const end = cut.upTo === undefined ? after : placeOf(lean, cut.upTo, cut, after)[0]
    lean = lean.slice(0, start) + (cut.put ?? '') + lean.slice(end)
  }
  // In lists, Preact has each of them on a line of its own.
  for (const { name } of fixed) lean = lean.replaceAll(new RegExp(String.raw`^\s*${name},?$`, 'gm'), '')
  const left = fixed.filter(({ name }) => new RegExp(String.raw`\b${name}\b`).test(lean))
  return [...left.map(({ name, value }) => `const ${name} = ${value};`), lean].join('\n')
}

interface Node {
  type: string
  [key: string]: unknown
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

/** A name in the source: of a variable, an attribute, a tag, a property. */
const nameOf = (node: unknown): string => {
  if (!isNode(node)) return ''
  if (node.type === 'JSXNamespacedName') return `${nameOf(node.namespace)}:${nameOf(node.name)}`
  const name = node.name ?? node.value
  return typeof name === 'string' ? name : ''
}

/** Whether an attribute has one of several values, or one at times. */
const isWhim = ({ value }: Node): boolean => {
  const given = isNode(value) && isNode(value.expression) ? value.expression.type : ''
  return given === 'LogicalExpression' || given === 'ConditionalExpression'
}

/**
 * What in a source of the card its lean Preact cannot do, in words.
 *
 * @example
 * beyondLean('card.tsx', "import { Fragment } from 'preact'") // ['imports Fragment from preact']
 */
export function beyondLean(path: string, text: string): string[] {
  const found: string[] = []
  const drawn = (name: string): void => {
    const cut = cuts.find(({ without }) => without?.test(name))
    if (cut) found.push(`has ${name.startsWith('<') ? `${name}>` : `"${name}"`}, but ${cut.why}`)
  }
  const tag = (node: unknown, isElement: boolean): void => {
    if (isElement) drawn(`<${nameOf(node)}`)
    else found.push(`draws the component ${nameOf(node)}, but ${noComponents}`)
  }
  const imported = ({ source, importKind, exportKind, specifiers }: Node): void => {
    const from = nameOf(source)
    if (importKind === 'type' || exportKind === 'type' || !/^preact(\/|$)/.test(from)) return
    if (from !== 'preact') found.push(`imports ${from}`)
    for (const each of (specifiers ?? []) as Node[]) {
      const name = nameOf(each.imported ?? each.local)
      const isType = each.importKind === 'type' || each.exportKind === 'type'
      if (from === 'preact' && !isType && name !== 'h' && name !== 'render')
        found.push(`imports ${name} from preact`)
    }
  }
  const visit = (node: Node): void => {
    const { type, key, name, property } = node
    if (/^(Import|ExportNamed|ExportAll)Declaration$/.test(type)) imported(node)
    if (type === 'JSXFragment') found.push('has <>, where an array does')
    if (type === 'JSXOpeningElement') tag(name, /^[a-z][\w-]*$/.test(nameOf(name)))
    if (type === 'CallExpression' && nameOf(node.callee) === 'h') {
      const [first] = node.arguments as Node[]
      tag(first, first?.type === 'Literal')
    }
    if (type === 'JSXAttribute') drawn(nameOf(name))
    if (type === 'JSXAttribute' && /^on[A-Z]/.test(nameOf(name)) && isWhim(node))
      found.push(`has ${nameOf(name)} now and then, but no element that is there begins to hear`)
    // What is spread into an element later.
    if (type === 'ObjectExpression')
      for (const each of node.properties as Node[]) if (each.computed !== true) drawn(nameOf(each.key))
    const field = type === 'MemberExpression' ? nameOf(property) : type === 'Property' ? nameOf(key) : ''
    if (privateName.test(field)) found.push(`has the field ${field}, and such names are Preact's alone`)
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child)
  }
  visit(parseSync(path, text).program as unknown as Node)
  return found
}

/** Preact's own fields, by their names in its sources. Nothing else in the card may have such names, for they are made short. */
export const privateName = /^_[a-zA-Z]\w*$/

/** Takes out of Preact's sources what no card needs. */
export const leanSources: Plugin = {
  name: 'lean-sources',
  enforce: 'pre',
  transform: (code, id) =>
    id.startsWith(folder) ? leanSource(id.slice(folder.length).replace(/\?.*/, ''), code) : undefined,
}

/** Has `preact` be those sources, and everything else be without what they cannot do. */
export const leanPreact: Plugin = {
  name: 'lean-preact',
  enforce: 'pre',
  resolveId: (id) => (id === 'preact' ? `${folder}index.js` : undefined),
  transform(code, id) {
    const [flaw] = id.includes('node_modules') ? [] : beyondLean(id, code)
    if (flaw !== undefined)
      throw new Error(
        `${id} ${flaw}. Do without it, or delete the row in scripts/leanPreact.ts that takes it out of the card's Preact.`,
      )
  },
}
