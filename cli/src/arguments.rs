//! What can be asked on the command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

/// Check, run and export workflows
#[derive(Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 no errors, 1 errors in a workflow or a run, 2 wrong usage or an unreadable file"
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
    /// Check a workflow and run it
    Run(Run),
    /// Write what editors and other programs read
    Export(Export),
    /// Draw a workflow, with the types that flow through it
    Graph(Graph),
    /// Say what a code such as `may-be-null` means; without one, list all
    Explain(Explain),
    /// Write a script that completes arguments in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Args)]
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
    /// Repair what can be repaired, in the files themselves: values saved as text, names that were misspelt, edges
    /// that lead nowhere
    #[arg(long)]
    pub(crate) fix: bool,
    /// With `--fix`: say what would be repaired, and write nothing
    #[arg(long, requires = "fix")]
    pub(crate) dry_run: bool,
    /// Check again whenever a file changes, until interrupted
    #[arg(long, conflicts_with = "fix")]
    pub(crate) watch: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Drawn, with lines of the source
    Text,
    /// `{ "files": [report, …], "unreadable": [{ "path", "message" }, …] }`, and with `--fix` also
    /// `"repairs": [{ "path", "pointer", "description" }, …]`
    Json,
    /// The Static Analysis Results Interchange Format, for code scanners
    Sarif,
}

#[derive(Args)]
pub(crate) struct Run {
    /// The workflow; `-` for standard input
    pub(crate) file: String,
    /// The event that starts it: `{ "name": …, "data": … }`
    #[arg(long, value_name = "FILE")]
    pub(crate) event: String,
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
pub(crate) struct Explain {
    /// The code of a diagnostic
    pub(crate) code: Option<String>,
}
