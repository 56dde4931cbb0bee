export { editDistance, nearest } from "../../runtime/expression/mod.ts";
