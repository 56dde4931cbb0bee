/** The parts of `hyparquet` that ior uses: the footer of a file, the headers of pages, Snappy. */
export type { FileMetaData, PageHeader, RowGroup, SchemaElement } from "npm:hyparquet@1.31.5";
export { parquetHeader } from "npm:hyparquet@1.31.5/src/column.js";
export { parquetMetadata } from "npm:hyparquet@1.31.5/src/metadata.js";
export { snappyUncompress } from "npm:hyparquet@1.31.5/src/snappy.js";
