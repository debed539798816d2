package ai.preceptor.cli;

import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.config.KeyRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a shell reads to complete commands, keys, and the words that a key takes. Other values are completed as files. */
enum ShellCompletion {
    BASH("""
            # Completion of preceptor for bash. Use: source <(./preceptor completion bash)
            _preceptor_keys() {
              case $1 in
            %KEYS%  esac
            }
            _preceptor_values() {
              case "$1 $2" in
            %VALUES%  esac
            }
            _preceptor() {
              local line=${COMP_LINE:0:COMP_POINT}
              local word=${line##*[[:space:]]} command=${COMP_WORDS[1]} values key
              local before=${COMP_WORDS[COMP_CWORD-1]}
              COMPREPLY=()
              if [ "$COMP_CWORD" -eq 1 ]; then
                COMPREPLY=($(compgen -W "%COMMANDS% help completion version" -- "$word"))
              elif [ "$command" = help ]; then
                COMPREPLY=($(compgen -W "%COMMANDS% --template --json-schema --markdown" -- "$word"))
              elif [ "$command" = completion ]; then
                COMPREPLY=($(compgen -W "bash zsh" -- "$word"))
              elif [[ $word == *=* ]]; then
                key=${word%%=*}
                [[ $key == --* ]] && key=${key#--} && key=${key//-/_}
                values=$(_preceptor_values "$command" "$key")
                if [ -n "$values" ]; then
                  COMPREPLY=($(compgen -W "$values" -- "${word#*=}"))
                else
                  COMPREPLY=($(compgen -f -- "${word#*=}"))
                  compopt -o filenames 2>/dev/null
                fi
                # A shell that does not break words at = replaces the key too.
                [[ $COMP_WORDBREAKS == *=* ]] || COMPREPLY=("${COMPREPLY[@]/#/${word%%=*}=}")
              elif [[ $word == --* ]]; then
                key=${word#--}
                COMPREPLY=($(compgen -P -- -W "$(_preceptor_keys "$command")" -- "${key//-/_}"))
              elif [[ $before == --* ]]; then
                key=${before#--}
                values=$(_preceptor_values "$command" "${key//-/_}")
                if [ -n "$values" ]; then
                  COMPREPLY=($(compgen -W "$values" -- "$word"))
                else
                  COMPREPLY=($(compgen -f -- "$word"))
                  compopt -o filenames 2>/dev/null
                fi
              else
                COMPREPLY=($(compgen -S = -W "$(_preceptor_keys "$command")" -- "$word") $(compgen -f -X '!*.y*ml' -- "$word"))
                compopt -o nospace 2>/dev/null
              fi
            }
            complete -F _preceptor preceptor
            """, "echo \"%s\""),
    ZSH("""
            #compdef preceptor
            # Completion of preceptor for zsh. Use: source <(./preceptor completion zsh), after compinit
            _preceptor_keys() {
              case $1 in
            %KEYS%  esac
            }
            _preceptor_values() {
              case "$1 $2" in
            %VALUES%    *) _files ;;
              esac
            }
            _preceptor() {
              local command=${words[2]} key
              if (( CURRENT == 2 )); then
                compadd -- %COMMANDS% help completion version
              elif [[ $command == help ]]; then
                compadd -- %COMMANDS% --template --json-schema --markdown
              elif [[ $command == completion ]]; then
                compadd -- bash zsh
              elif [[ $PREFIX == *=* ]]; then
                key=${PREFIX%%=*}
                [[ $key == --* ]] && key=${${key#--}//-/_}
                compset -P '*='
                _preceptor_values $command $key
              elif [[ $PREFIX == --* ]]; then
                PREFIX=--${${PREFIX#--}//-/_}
                compset -P --
                _preceptor_keys $command
              elif [[ ${words[CURRENT-1]} == --* && ${words[CURRENT-1]} != *=* ]]; then
                _preceptor_values $command ${${words[CURRENT-1]#--}//-/_}
              else
                _preceptor_keys $command
                _files -g '*.(yaml|yml)'
              fi
            }
            compdef _preceptor preceptor
            """, "compadd -- %s");

    private final String script;
    private final String words;

    /**
     * A shell.
     *
     * @param script with the places of keys, values and commands
     * @param words gives the words in {@code %s}
     */
    ShellCompletion(String script, String words) {
        this.script = script;
        this.words = words;
    }

    /** The script for these commands. */
    String script(List<Command<?>> commands) {
        List<String> keys = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (Command<?> command : commands) {
            List<KeyRow> rows = KeyRow.of(command.keys());
            keys.add(branch(command.name(), keys(rows)));
            for (KeyRow row : rows) {
                if (!row.choices().isEmpty()) {
                    values.add(branch(
                            "\"" + command.name() + " " + row.path() + "\"",
                            String.format(Locale.ROOT, words, String.join(" ", row.choices()))));
                }
            }
        }
        String names = commands.stream().map(Command::name).collect(Collectors.joining(" "));
        return script.replace("%KEYS%", String.join("", keys))
                .replace("%VALUES%", String.join("", values))
                .replace("%COMMANDS%", names);
    }

    /** Bash adds the sign itself, where it knows which words it adds it to. */
    private String keys(List<KeyRow> rows) {
        String sign = this == ZSH ? "=" : "";
        String names = rows.stream().map(row -> row.path() + sign).collect(Collectors.joining(" "));
        return String.format(Locale.ROOT, this == ZSH ? "compadd -S '' -- %s" : words, names);
    }

    private static String branch(String pattern, String action) {
        return "    " + pattern + ") " + action + " ;;\n";
    }
}
