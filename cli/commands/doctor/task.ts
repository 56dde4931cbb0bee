/** What `ior doctor` is asked to do. */
export interface DoctorCommand {
  /** Tells the commands apart. */
  kind: "doctor";
  /** As a JSON document. */
  json: boolean;
}
