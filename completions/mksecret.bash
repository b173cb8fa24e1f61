# bash completion for mksecret. The tool itself knows what may follow: it is given the line up to
# the cursor, and never the result of running any part of it.

_mksecret() {
    local program=mksecret line reply=
    type -P -- "$1" >/dev/null && program=$1
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            :*) reply=$line ;;
            *) COMPREPLY+=("$line") ;;
        esac
    done < <("$program" __complete_bash "$COMP_WORDBREAKS" "${COMP_LINE:0:COMP_POINT}" 2>/dev/null </dev/null)
    # bash before 4.0 has no compopt: a blank follows there.
    [[ $reply == :nospace ]] && compopt -o nospace 2>/dev/null
    return 0
}

complete -F _mksecret mksecret kubectl-mksecret
