# fish completion for mksecret. The tool itself knows what may follow: it is given the words up to
# the cursor, without their quotes.

function __mksecret_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    # A quote that is still open is closed first.
    set -l last (string unescape -- "$typed"; or string unescape -- "$typed\""; or string unescape -- "$typed'")
    set -l lines ($words[1] __complete $words[2..-1] "$last" 2>/dev/null </dev/null)
    # The last line is for cobra's own scripts.
    test (count $lines) -gt 1; and printf '%s\n' $lines[1..-2]
end

complete -c mksecret -f -k -a '(__mksecret_complete)'
complete -c kubectl-mksecret -f -k -a '(__mksecret_complete)'
