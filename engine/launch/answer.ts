import { IorError } from "../../runtime/errors.ts";

const decoder = new TextDecoder();

/** The helper's reason for not starting a command, as an error; launch/gate.h has the letters. */
export function refusalOf(name: string, answer: Uint8Array): IorError {
  const rest = decoder.decode(answer.subarray(1));
  switch (decoder.decode(answer.subarray(0, 1))) {
    case "n":
      return notFound(name);
    case "p":
      return new IorError(
        "command_not_executable",
        `Cannot execute ${rest}: it has no permission to be executed`,
        { hint: `Allow it: chmod +x ${rest}` },
      );
    case "d":
      return new IorError("command_not_executable", `Cannot execute ${rest}: it is a directory`, {
        hint: "Name a program",
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

function notFound(name: string): IorError {
  if (name === "") {
    return new IorError("command_not_found", "Cannot find the command: its name is empty", {
      hint: "Name a program",
    });
  }
  return new IorError("command_not_found", `Cannot find the command ${name}`, {
    hint: name.includes("/") ? "Check the path" : "Check the name, or give the path of the program",
  });
}

/** The error of a command whose process could not be created, or ended without giving a reason. */
export function startFailed(name: string, cause?: unknown): IorError {
  return new IorError("runtime", `Cannot start the command ${name}`, {
    hint: "Check that ior's launch/ior-launch may be executed, and the limits: ulimit -a",
    cause,
  });
}
