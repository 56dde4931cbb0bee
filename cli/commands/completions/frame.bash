# What `_ior` does with the tables above. No text that is found on the machine is expanded by the shell.

# Offers the lines of its input that begin as the word does, or as its last entry when it is a list.
_ior_lines() {
  local line before=
  [[ $list && $cur == *,* ]] && before=${cur%,*},
  while IFS= read -r line; do
    [[ $line == "${cur##*,}"* ]] && COMPREPLY+=("$before$(printf %q "$line")")
  done
  [[ $list ]] && compopt -o nospace 2>/dev/null
}

_ior_words() { _ior_lines <<<"${1// /$'\n'}"; }

_ior_processes() { _ior_lines < <(cd /proc && printf '%s\n' [0-9]*); }

_ior_process_names() { _ior_lines < <(cat /proc/[0-9]*/comm 2>/dev/null | sort -u); }

_ior_users() { _ior_lines < <(compgen -u); }

_ior_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

_ior_recordings() {
  local ending
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(
    compgen -d -- "$cur"
    for ending in $_ior_endings; do compgen -f -X "!*.$ending" -- "$cur"; done
  )
}

# The program that is traced begins at this word.
_ior_program() {
  if declare -F _command_offset >/dev/null; then
    _command_offset "$1"
  elif ((COMP_CWORD == $1)); then
    mapfile -t COMPREPLY < <(compgen -c -- "$cur")
  else
    _ior_files
  fi
}

_ior() {
  local cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} list= at=2 seen=0 word
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _ior_words "$_ior_commands"
    return
  fi
  # bash splits words at the equals sign of --option=value.
  [[ $cur == = ]] && cur=
  while ((at < COMP_CWORD)); do
    word=${COMP_WORDS[at]}
    ((at += 1))
    if [[ $word == -- ]]; then
      _ior_program $at
      return
    elif [[ $word != -* ]]; then
      ((seen += 1))
      if _ior_is_program "$command" $seen "$word"; then
        _ior_program $((at - 1))
        return
      fi
    elif _ior_has_value "$command" "$word"; then
      [[ ${COMP_WORDS[at]} == = ]] && ((at += at < COMP_CWORD))
      if ((at >= COMP_CWORD)); then
        _ior_value "$command" "$word"
        return
      fi
      ((at += 1))
    fi
  done
  if [[ $cur == -* ]]; then
    _ior_options "$command"
  elif ((seen)) && _ior_is_program "$command" $((seen + 1)) "$cur"; then
    _ior_program "$COMP_CWORD"
  else
    _ior_operands "$command"
  fi
}

complete -F _ior ior
