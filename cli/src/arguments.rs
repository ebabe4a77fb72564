//! What can be asked on the command line.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use flowright_sqlite::RunStatus;
use std::path::PathBuf;

/// Check, run and export workflows
#[derive(Parser)]
#[command(
    display_name = "flowright",
    version,
    after_help = "Exit codes: 0 no errors, 1 errors in a workflow or a run, 2 wrong usage or an unreadable file, \
                  130 interrupted"
)]
pub(crate) struct Arguments {
    /// The actions and events that may be used, as `export registry` wrote them
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) registry: Option<PathBuf>,
    /// When to print in colours; `auto` heeds the terminal and `NO_COLOR`
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Hold workflows against the registry, and show all that is wrong with them
    Check(Check),
    /// Check a workflow and run it, in memory or kept in a journal
    Run(Run),
    /// Write what editors and other programs read
    Export(Export),
    /// Draw a workflow, with the types that flow through it
    Graph(Graph),
    /// Look at the runs that a journal keeps, let them go on, or cancel them
    Runs(Runs),
    /// Say what a code such as `may-be-null` means; without one, list all
    Explain(Explain),
    /// Write a script that completes arguments in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that stands alone")]
pub(crate) struct Check {
    /// Workflows: files, patterns such as `'workflows/**/*.json'`, or `-` for standard input
    #[arg(required = true, value_name = "FILES")]
    pub(crate) files: Vec<String>,
    /// How to print what is wrong
    #[arg(long, default_value = "text")]
    pub(crate) format: Format,
    /// The event that starts the workflows; unless set, whatever the registry has
    #[arg(long, value_name = "NAME")]
    pub(crate) event: Option<String>,
    /// Tell which workflows a change breaks, and why: the actions and events before it, as `export registry` wrote them
    ///
    /// A workflow that was right before and is wrong is broken by the change; it is told from those that were wrong
    /// before as well, and from those of which more is left to run time now. No file is changed, so that this does not
    /// go with `--fix`: repair with another `check`. With `--watch`, workflows are compared again when one changes.
    #[arg(long, value_name = "OLD.json", conflicts_with = "fix")]
    pub(crate) against: Option<PathBuf>,
    /// Repair what can be repaired, in the files themselves: values saved as text, names that were misspelt, edges
    /// that lead nowhere
    #[arg(long)]
    pub(crate) fix: bool,
    /// With `--fix`: say what would be repaired, and write nothing
    #[arg(long, requires = "fix")]
    pub(crate) dry_run: bool,
    /// Exit with 1 also where there are warnings, such as of a member that was misspelt
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    /// Check again whenever a file changes, until interrupted
    #[arg(long, conflicts_with = "fix")]
    pub(crate) watch: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Drawn, with lines of the source
    Text,
    /// `{ "files": [report, …], "unreadable": [{ "path", "message" }, …] }`, and with `--fix` also
    /// `"repairs": [{ "path", "pointer", "description" }, …]`, with `--against` also `"against": { "breaking",
    /// "changes" }`, and in each report `"against": { "fate": "kept" | "broken" | "wrong-before" | "left-to-run-time" }`
    /// with the `"changes"` that concern it or the values that are newly `"left_to_run_time"`
    Json,
    /// The Static Analysis Results Interchange Format, for code scanners; with `--against`, each result says by its
    /// `baselineState` whether it is new
    Sarif,
}

#[derive(Args)]
pub(crate) struct Run {
    /// The workflow; `-` for standard input
    pub(crate) file: String,
    /// The event that starts it: `{ "name": …, "data": … }`
    #[arg(long, value_name = "FILE")]
    pub(crate) event: String,
    /// Keep the run in this file, so that it survives an interruption and a crash; made where there is none
    ///
    /// The command works on the runs of the journal that are due, and ends when its own has ended. Where that waits for an
    /// event or a time, so does the command. `runs` looks at what the file keeps.
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
    /// What identifies the run; unless set, a new one, which is printed
    ///
    /// Given again with the same workflow and event, the run that is there goes on, or its result is shown: nothing
    /// that completed is executed again.
    #[arg(long, requires = "journal")]
    pub(crate) id: Option<String>,
    /// Show each action as it ended, with its output, in place of JSON
    #[arg(long)]
    pub(crate) trace: bool,
}

#[derive(Args)]
pub(crate) struct Export {
    /// What to write
    pub(crate) what: Exported,
    /// Where to; standard output unless set
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Exported {
    /// The actions as Workflow Kit's editor takes them
    Actions,
    /// The registry as `--registry` takes it
    Registry,
    /// A JSON Schema of workflows, by which editors complete and check them
    Schema,
    /// The actions as tools for language models, with a description of the document format
    Tools,
    /// Declarations of the actions and of the document for TypeScript
    Typescript,
}

#[derive(Args)]
pub(crate) struct Graph {
    /// The workflow; `-` for standard input
    pub(crate) file: String,
    /// How to draw it
    #[arg(long, default_value = "mermaid")]
    pub(crate) format: Picture,
    /// The same as `--format svg`
    #[arg(long, conflicts_with = "format")]
    pub(crate) svg: bool,
    /// The event that starts the workflow; unless set, whatever the registry has
    #[arg(long, value_name = "NAME")]
    pub(crate) event: Option<String>,
    /// Where to write the picture; standard output unless set
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Picture {
    /// Text that Markdown shows as a picture
    Mermaid,
    /// Text for Graphviz
    Dot,
    /// A picture as it is
    Svg,
}

#[derive(Args)]
pub(crate) struct Runs {
    /// The journal: the file that keeps the runs
    #[arg(long, value_name = "FILE", global = true, default_value = "runs.db")]
    pub(crate) journal: PathBuf,
    #[command(subcommand)]
    pub(crate) command: RunsCommand,
}

#[derive(Subcommand)]
pub(crate) enum RunsCommand {
    /// The latest runs, a line each
    List {
        /// Only those that are so far
        #[arg(long, value_parser = statuses())]
        status: Option<RunStatus>,
        /// No more than so many
        #[arg(long, value_name = "COUNT", default_value_t = 50)]
        limit: u32,
        /// How to print them
        #[arg(long, default_value = "text")]
        format: Listing,
    },
    /// A run with what happened in it, action by action
    Show {
        /// What identifies the run
        id: String,
        /// How to print it
        #[arg(long, default_value = "text")]
        format: Listing,
    },
    /// Send an event to a run, which is kept until the run waits for it
    ///
    /// Where the registry has events, one of another name or with data of another type is refused.
    Send {
        /// What identifies the run
        id: String,
        /// The name of the event
        event: String,
        /// Its data, as JSON
        #[arg(default_value = "null")]
        data: String,
    },
    /// Look whether all of the journal is as it was written
    Check,
    /// Let a run go on that was parked because its document no longer fitted
    Resume {
        /// What identifies the run
        id: String,
    },
    /// Cancel a run: nothing more of it starts, and what is under way is stopped
    Cancel {
        /// What identifies the run
        id: String,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listing {
    /// For people
    Text,
    /// For programs; times are milliseconds since 1970
    Json,
}

/// What names a status.
fn statuses() -> impl TypedValueParser<Value = RunStatus> {
    let names = PossibleValuesParser::new(RunStatus::all().map(RunStatus::as_str));
    names.try_map(|name| RunStatus::named(&name).ok_or("it is no status"))
}

#[derive(Args)]
pub(crate) struct Explain {
    /// The code of a diagnostic
    pub(crate) code: Option<String>,
}
