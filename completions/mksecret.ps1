# PowerShell completion for mksecret. The tool itself knows what may follow: it is given the words
# up to the cursor.

Register-ArgumentCompleter -Native -CommandName 'mksecret', 'kubectl-mksecret' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $elements = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition -or ($_.Extent.EndOffset -eq $cursorPosition -and -not $wordToComplete) })
    $words = @($elements | Select-Object -Skip 1 | ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
    })
    # Windows PowerShell drops empty arguments, unless they are quoted.
    $last = if ($wordToComplete) { $wordToComplete } elseif ($PSVersionTable.PSVersion.Major -lt 7) { '""' } else { '' }
    $program = $commandAst.CommandElements[0].Extent.Text
    $lines = @(& $program __complete @words $last 2>$null)
    # The last line is for cobra's own scripts.
    $lines | Select-Object -SkipLast 1 | ForEach-Object {
        $word, $about = $_ -split "`t", 2
        if (-not $about) { $about = $word }
        $text = if ($word -match '[\s''"`$(){};&|<>@#]') { "'" + $word.Replace("'", "''") + "'" } else { $word }
        [System.Management.Automation.CompletionResult]::new($text, $word, 'ParameterValue', $about)
    }
}
