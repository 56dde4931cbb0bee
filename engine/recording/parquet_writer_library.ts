/** The parts of `hyparquet-writer` that ior uses: bytes, Thrift and the headers of pages. */
export { ByteWriter } from "npm:hyparquet-writer@0.17.0/src/bytewriter.js";
export { writePageHeader } from "npm:hyparquet-writer@0.17.0/src/datapage.js";
export { logicalType } from "npm:hyparquet-writer@0.17.0/src/metadata.js";
export { serializeTCompactProtocol } from "npm:hyparquet-writer@0.17.0/src/thrift.js";
