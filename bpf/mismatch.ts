import { IorError } from "../runtime/errors.ts";

/** The error of a record that cannot be decoded: the kernel object that was loaded is another version's. */
export function mismatch(message: string): IorError {
  return new IorError("unsupported", `${message}; the kernel object and ior differ`, {
    reason: "object_differs",
  });
}
