import { IorError } from "../../runtime/errors.ts";

const decoder = new TextDecoder();

/**
 * The helper's reason for not starting a command, as an error; launch/gate.h has the letters. `namesDirectory` is true when
 * the word itself is the name of a directory, which may be a recording.
 */
export function refusalOf(name: string, answer: Uint8Array, namesDirectory: boolean): IorError {
  const rest = decoder.decode(answer.subarray(1));
  switch (decoder.decode(answer.subarray(0, 1))) {
    case "n":
      return notFound(name, namesDirectory);
    case "p":
      return new IorError(
        "command_not_executable",
        `Cannot execute ${rest}: it has no permission to be executed`,
        { hint: `Allow it: chmod +x ${rest}` },
      );
    case "f":
      return new IorError(
        "command_not_executable",
        `Cannot execute ${rest}: its mode permits it, and the system does not`,
        { hint: "Check that its disk is mounted without noexec" },
      );
    case "d":
      return new IorError("command_not_executable", `Cannot execute ${rest}: it is a directory`, {
        hint: readHint(rest),
      });
    case "s":
      return new IorError(
        "command_not_executable",
        `Cannot execute ${rest}: a directory on the way may not be entered`,
        { hint: "Give the user that runs the command access: chmod +x DIRECTORY" },
      );
    case "u":
      return new IorError("runtime", `Cannot run the command as the calling user: error ${rest}`, {
        hint: "Run ior as root without sudo to run the command as root",
      });
    case "l":
      return new IorError("runtime", `Cannot restore the limits of the command: error ${rest}`, {
        hint: "Compare them: ulimit -a, ulimit -Ha",
      });
    case "w":
      return new IorError("runtime", `Cannot enter the working directory: error ${rest}`, {
        hint: "Start ior in a directory that you may enter",
      });
    default:
      return startFailed(name);
  }
}

function notFound(name: string, namesDirectory: boolean): IorError {
  if (name === "") {
    return new IorError("command_not_found", "Cannot find the command: its name is empty", {
      hint: "Name a program",
    });
  }
  if (namesDirectory) {
    return new IorError("command_not_found", `Cannot find the command ${name}: it is a directory`, {
      hint: readHint(name),
    });
  }
  return new IorError("command_not_found", `Cannot find the command ${name}`, {
    hint: name.includes("/") ? "Check the path" : "Check the name, or give the path of the program",
  });
}

/** What to do with a directory in place of a command: that of a recording is read when its name ends in a slash. */
function readHint(directory: string): string {
  const name = directory.replace(/\/+$/, "");
  return `Name a program; ior stream, flame and top read it as a recording with ${name}/ or --from ${name}`;
}

/** The error of a command whose process could not be created, or ended without giving a reason. */
export function startFailed(name: string, cause?: unknown): IorError {
  return new IorError("runtime", `Cannot start the command ${name}`, {
    hint: "Check that ior's launch/ior-launch may be executed, and the limits: ulimit -a",
    cause,
  });
}
