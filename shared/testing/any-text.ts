import fc from 'fast-check';

const codePoint = fc.nat({ max: 0x10ffff }).map((code) => String.fromCodePoint(code));

/**
 * Text of any code points, lone surrogates among them. Stands for fast-check's `binary` unit, which leaves those
 * out and takes a second to set up in every file.
 */
export function anyText(constraints: { readonly maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.string({ unit: codePoint, ...constraints });
}
