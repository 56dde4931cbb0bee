# What the tables above name. No text that is found on the machine is expanded by the shell.

_ior_process_names() {
  local -aU names=(${(f)"$(cat /proc/<->/comm 2>/dev/null)"})
  compadd "$@" -a names
}

_ior_recordings() {
  local -a expl
  _wanted recordings expl recording _files "$@" -g "$_ior_endings"
}

_ior() {
  if ((CURRENT == 2)); then
    _describe command _ior_commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT -= 1))
  if [[ $command == help ]]; then
    compadd -a _ior_topics
  elif (($+functions[_ior_of_$command])); then
    _ior_of_$command
  fi
}

if [[ $funcstack[1] == _ior ]]; then
  _ior "$@"
else
  compdef _ior ior
fi
