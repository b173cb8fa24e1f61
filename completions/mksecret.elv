# elvish completion for mksecret. The tool itself knows what may follow: it is given the words up
# to the cursor.

use str

fn complete-mksecret {|program @words|
  var lines = [(try { (external $program) __complete $@words 2>/dev/null </dev/null | from-lines } catch { nop })]
  # The last line is for cobra's own scripts.
  if (> (count $lines) 1) {
    for line $lines[..-1] {
      var word about = $line ''
      if (str:contains $line "\t") {
        set word about = (str:split &max=2 "\t" $line)
      }
      var goes-on = (or (str:has-suffix $word =) (str:has-suffix $word /) (str:has-suffix $word ,))
      var shown = $word
      if (!=s '' $about) {
        set shown = $word' -- '$about
      }
      edit:complex-candidate $word &display=$shown &code-suffix=(if $goes-on { put '' } else { put ' ' })
    }
  }
}

set edit:completion:arg-completer[mksecret] = $complete-mksecret~
set edit:completion:arg-completer[kubectl-mksecret] = $complete-mksecret~
