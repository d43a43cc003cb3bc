import Phrases

/// The words that bash offers after `greensplit`, from the options of the commands.
enum BashCompletion {
  /// A script for /usr/share/bash-completion/completions; it needs bash alone.
  static var text: String {
    let lists = CommandTable.commands.map { $0.options }
    let names = lists.map(\.command).joined(separator: " ")
    return """
      # Completion of greensplit for bash, printed by greensplit --bash-completion.
      _greensplit() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words='' values=''
        COMPREPLY=()
        if ((COMP_CWORD == 1)); then
          mapfile -t COMPREPLY < <(compgen -W '\(names) --help --version' -- "$word")
          return
        fi
        if [[ $before == --lang ]]; then
          mapfile -t COMPREPLY < <(compgen -W '\(languages)' -- "$word")
          return
        fi
        case ${COMP_WORDS[1]} in
      \(lists.map(line).joined(separator: "\n"))
        esac
        # After an option that takes a value only a file can be meant.
        if [[ " $values " == *" $before "* ]]; then words=''; fi
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
        if [[ $word != -* ]]; then
          mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
        fi
      }
      complete -o filenames -F _greensplit greensplit

      """
  }

  private static var languages: String {
    Language.allCases.map(\.rawValue).joined(separator: " ")
  }

  /// What a command takes: its operands if they are words to choose from, its options, and those
  /// among them that take a value.
  private static func line(_ list: OptionList) -> String {
    let operand = list.operands?.split(separator: " ").first ?? ""
    let choices = operand.contains("|") ? operand.split(separator: "|").map(String.init) : []
    let words = choices + list.options.map(\.name) + ["--help"]
    let values = list.options.filter { $0.value != nil }.map(\.name)
    return "    \(list.command)) words='\(words.joined(separator: " "))' "
      + "values='\(values.joined(separator: " "))' ;;"
  }
}
