# The words before the cursor; a value that is being typed is not one of them.
function __ior_is_first
    test (count (commandline -opc)) -eq 1
end

# True for words of this command, up to those of the program that is traced.
function __ior_is
    set -l words (commandline -opc)
    test (count $words) -ge 2; and test $words[2] = $argv[1]; and not contains -- -- $words
end

function __ior_in_program
    contains -- -- (commandline -opc)
end

# What the program itself completes.
function __ior_program
    set -l words (commandline -opc)
    while test $words[1] != --
        set -e words[1]
    end
    set -e words[1]
    complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end

# Each word as the last entry of the list that is being typed.
function __ior_list
    set -l before (commandline -ct | string replace -r '^--[^=]*=' '' | string match -r '^.*,')
    for word in $argv
        echo "$before$word"
    end
end

function __ior_processes
    path basename (string match -r '/proc/[0-9]+$' /proc/*)
end

function __ior_process_names
    cat /proc/*/comm 2>/dev/null | sort -u
end

function __ior_users
    __fish_complete_users | string replace -r '\t.*' ''
end

function __ior_recordings
    set -l token (commandline -ct | string replace -r '^--[^=]*=' '')
    for path in $token*
        if test -d $path
            echo $path/
        else if string match -qr -- '\.(ENDINGS)$' $path
            echo $path
        end
    end
end
