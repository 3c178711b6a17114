#include "cli/completion.hpp"

namespace berth::cli {
namespace {

// In each, the program is called as it was typed, ~ included: a berth that is not on the path completes too. What is
// quoted is read by berth itself for bash, which cuts a line at quotes, ':' and '=' (shell_line.hpp).
constexpr std::string_view bash = R"sh(# bash completion for berth. Load it with:  source <(berth completion bash)
_berth() {
    local value current=${COMP_WORDS[COMP_CWORD]} program=$1
    [[ $program == "~/"* ]] && program=$HOME/${program:2}
    COMPREPLY=()
    while IFS= read -r value; do
        if [[ $value == @directories ]]; then
            compopt -o filenames 2>/dev/null
            [[ $current == "=" ]] && current=
            while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -d -- "$current")
        else
            COMPREPLY+=("$value")
        fi
    done < <("$program" __complete_bash "$COMP_WORDBREAKS" "${COMP_LINE:0:COMP_POINT}" 2>/dev/null </dev/null)
}
complete -F _berth berth
)sh";

// $PREFIX and not $words[CURRENT]: an open quote is no part of it.
constexpr std::string_view zsh = R"sh(#compdef berth
# zsh completion for berth. Load it with:  source <(berth completion zsh)
_berth() {
    local line program=${(Q)words[1]} current=$PREFIX
    local -a values shown
    program=${program/#\~\//$HOME/}
    [[ $compstate[quote] ]] || current=${(Q)current}
    while IFS= read -r line; do
        if [[ $line == @directories* ]]; then
            compset -P '--root='
            _files -/
            return
        fi
        values+=("${line%%$'\t'*}")
        shown+=("${line%%$'\t'*}  ${line#*$'\t'}")
    done < <("$program" __complete "${(@Q)words[2,CURRENT-1]}" "$current" 2>/dev/null </dev/null)
    (( $#values )) && compadd -U -l -d shown -a values
}
if [[ $funcstack[1] == _berth ]]; then
    _berth "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -u }
    compdef _berth berth
fi
)sh";

constexpr std::string_view fish = R"sh(# fish completion for berth. Load it with:  berth completion fish | source
function __berth_complete
    set -l words (commandline -opc)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -l typed (commandline -ct)
    set -l current (string unescape -- $typed; or string replace -r '^["\']' '' -- $typed)
    for line in ($program __complete $words[2..-1] "$current" 2>/dev/null </dev/null)
        if string match -q '@directories*' -- $line
            set -l flag (string match -r '^--root=' -- $current)
            for folder in (__fish_complete_directories (string replace -r '^--root=' '' -- "$current") '')
                echo "$flag$folder"
            end
        else
            echo $line
        end
    end
end
complete -c berth -f -a '(__berth_complete)'
)sh";

} // namespace

std::string_view completion_script(std::string_view shell) {
    return shell == "bash" ? bash : shell == "zsh" ? zsh : shell == "fish" ? fish : std::string_view();
}

} // namespace berth::cli
