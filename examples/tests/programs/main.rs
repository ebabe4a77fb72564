//! The examples and the project's pages, tried out.

mod cluster;
mod documented;
mod output;
mod program;
mod server;
mod survival;
