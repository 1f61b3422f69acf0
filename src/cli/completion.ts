import type { Command } from "commander";

/** Completion scripts made from the command tree itself, so that they cannot know other words than the program. */
export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

interface Verb {
  readonly name: string;
  readonly about: string;
  readonly options: readonly { readonly flag: string; readonly about: string }[];
  /** Values of the first argument. */
  readonly values: readonly string[];
}

function verbsOf(program: Command): Verb[] {
  return program.commands.map((command) => ({
    name: command.name(),
    about: command.summary() || command.description(),
    options: command.options.flatMap(({ long, description }) =>
      typeof long === "string" ? [{ flag: long, about: description }] : [],
    ),
    values: command.registeredArguments[0]?.argChoices ?? [],
  }));
}

/** The text for `shell` to read. */
export function completionFor(shell: Shell, program: Command): string {
  const verbs = verbsOf(program);
  if (shell === "bash") return bash(verbs);
  return shell === "zsh" ? zsh(verbs) : fish(verbs);
}

const wordsAfter = ({ options, values }: Verb): string =>
  [...values, ...options.map(({ flag }) => flag), "--help"].join(" ");

const bash = (verbs: readonly Verb[]): string => `# heartbeat completion bash > /etc/bash_completion.d/heartbeat
_heartbeat() {
  local word=\${COMP_WORDS[COMP_CWORD]} words
  case \${COMP_WORDS[COMP_CWORD-1]} in
    -c|--directory|--dir|-o|--output) COMPREPLY=($(compgen -f -- "$word")); return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${verbs.map(({ name }) => name).join(" ")} help --help"
  else
    case \${COMP_WORDS[1]} in
${verbs.map((verb) => `      ${verb.name}) words="${wordsAfter(verb)}" ;;`).join("\n")}
      help) words="${verbs.map(({ name }) => name).join(" ")}" ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _heartbeat heartbeat
`;

/** Single quotes around, as all three shells read them. */
const quoted = (text: string): string => `'${text.replaceAll("'", "").replaceAll(":", ";")}'`;

const zsh = (verbs: readonly Verb[]): string => `#compdef heartbeat
# heartbeat completion zsh > a directory of $fpath, as _heartbeat
_heartbeat() {
  local -a verbs
  verbs=(
${verbs.map(({ name, about }) => `    ${quoted(name).slice(0, -1)}:${quoted(about).slice(1)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then _describe verb verbs; return; fi
  case $words[2] in
${verbs.map((verb) => `    ${verb.name}) compadd -- ${wordsAfter(verb)} ;;`).join("\n")}
    help) compadd -- ${verbs.map(({ name }) => name).join(" ")} ;;
  esac
}
if [ "$funcstack[1]" = _heartbeat ]; then _heartbeat "$@"; else compdef _heartbeat heartbeat; fi
`;

const fish = (verbs: readonly Verb[]): string =>
  `# heartbeat completion fish > ~/.config/fish/completions/heartbeat.fish
complete -c heartbeat -f
${verbs.map(fishVerb).join("\n")}
`;

function fishVerb({ name, about, options, values }: Verb): string {
  const here = `-n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c heartbeat -n __fish_use_subcommand -a ${name} -d ${quoted(about)}`,
    ...(values.length > 0 ? [`complete -c heartbeat ${here} -a '${values.join(" ")}'`] : []),
    ...options.map((option) => `complete -c heartbeat ${here} -l ${option.flag.slice(2)} -d ${quoted(option.about)}`),
  ].join("\n");
}
