/**
 * The language of conditions: words, numbers with units, patterns, comparisons, and errors that point at a column. The
 * filter, `--assert` and `--fail-on` are built on it.
 *
 * @module
 */
export {
  COMPARE,
  compileExpression,
  compileNumbers,
  compileTexts,
  holdsForTexts,
} from "./compile_expression.ts";
export { allOf, comparisonsOf, fieldsOf, formatExpression, usesField } from "./expression.ts";
export type { Comparison, Expression, NumberComparison, TextComparison } from "./expression.ts";
export { CALL_EXTRAS, FIELDS, FIELDS_OF_EXTRAS, NUMBER_OPERATORS, TEXT_OPERATORS } from "./fields.ts";
export type {
  CallExtra,
  Field,
  FieldsOf,
  NumberField,
  NumberOperator,
  TextField,
  TextOperator,
} from "./fields.ts";
export { NAME_LISTS, suggestName } from "./names.ts";
export type { NamedField } from "./names.ts";
export { editDistance, nearest } from "./nearest.ts";
export { fieldNamed, parseExpression, readExpression, readText } from "./parse_expression.ts";
export { compilePattern, directlyIn } from "./pattern.ts";
export type { Pattern } from "./pattern.ts";
export { exampleQuantity, quantityOf, readQuantity } from "./quantities.ts";
export type { Unit } from "./quantities.ts";
export { compileRegex, RegexError } from "./regex.ts";
export { found, WordReader } from "./word_reader.ts";
export type { Source, Word } from "./words.ts";
