#include "cli/completion.hpp"

namespace berth::cli {
namespace {

// The words go to berth without the quotes and backslashes that bash leaves in them; what comes back is quoted anew,
// unless the user has opened a quote, which bash then closes.
constexpr std::string_view bash = R"sh(# bash completion for berth. Load it with:  source <(berth completion bash)
_berth() {
    local words=() word value help quote=
    for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
        case $word in
        [\"\']*) quote=1 word=${word:1} word=${word%[\"\']} ;;
        *) quote= word=${word//\\/} ;;
        esac
        words+=("$word")
    done
    COMPREPLY=()
    while IFS=$'\t' read -r value help; do
        [[ $quote ]] || printf -v value %q "$value"
        COMPREPLY+=("$value")
    done < <("$1" __complete "${words[@]}" 2>/dev/null </dev/null)
}
complete -F _berth berth
)sh";

constexpr std::string_view zsh = R"sh(#compdef berth
# zsh completion for berth. Load it with:  source <(berth completion zsh)
_berth() {
    local line
    local -a values shown
    while IFS= read -r line; do
        values+=("${line%%$'\t'*}")
        shown+=("${line%%$'\t'*}  ${line#*$'\t'}")
    done < <("${(Q)words[1]}" __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null </dev/null)
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
    set -l current (commandline -ct)
    $words[1] __complete $words[2..-1] "$current" 2>/dev/null </dev/null
end
complete -c berth -f -a '(__berth_complete)'
)sh";

} // namespace

std::string_view completion_script(std::string_view shell) {
    return shell == "bash" ? bash : shell == "zsh" ? zsh : shell == "fish" ? fish : std::string_view();
}

} // namespace berth::cli
